"""Who a person is: assertions that count once, sessions that end, pseudonyms that cannot be joined."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from joserfc import jws
from joserfc.jwk import ECKey

from formlos.base import clock
from formlos.base.tenancy import Municipality
from formlos.identity import demo_issuer, operations, queries, refusals
from formlos.identity.assertions import TYPE
from formlos.identity.sessions import begin_session, end_other_sessions, end_sessions_of, running

ISSUER, AUDIENCE = "https://ausweis.example", "http://localhost:8000"
KEY, STRANGER = (ECKey.generate_key("P-256", {"kid": kid}) for kid in ("k1", "k1"))
MINUTES = timedelta(minutes=1)
ANNA: dict[str, Any] = {
    "familienname": "Müller-Øster",
    "vornamen": "Anna Maria",
    "geburtsname": None,
    "geburtsdatum": "1990-02-28",
    "geburtsort": "Köln",
    "staatsangehoerigkeit": "DEU",
    "ausweis_art": "personalausweis",
    "anschrift": {
        "strasse": "Sendlinger Straße",
        "hausnummer": "12",
        "postleitzahl": "80331",
        "ort": "München",
        "ags": "09162000",
    },
}


def assertion(*, key: ECKey = KEY, person: dict[str, Any] | None = None, header: Any = (), **changes: Any) -> str:
    now = int(clock.now().timestamp())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "card-1", "jti": "j1", "iat": now, "exp": now + 300}
    claims |= {"acr": "high", "person": person or ANNA} | changes
    protected = {"alg": "ES256", "kid": "k1", "typ": TYPE} | dict(header)
    return jws.serialize_compact(protected, json.dumps(claims), key)


@pytest.fixture(autouse=True)
def issuer(database: object) -> None:
    public = dict(KEY.as_dict(private=False))
    operations.trust_issuer(issuer=ISSUER, name="Ausweis", keys=[public], simulated=False)


def test_an_assertion_opens_a_session_with_the_facts_of_the_document() -> None:
    identity = queries.identity_for(token=operations.accept_assertion(token=assertion()))
    assert (identity.level, identity.issuer, identity.simulated) == ("high", "Ausweis", False)
    assert identity.facts["familienname"] == "Müller-Øster"
    assert date.fromisoformat(identity.facts["geburtsdatum"]) == date(1990, 2, 28)
    assert identity.facts["geburtsname"] == {"none": True}
    assert identity.facts["bisherige_anschrift/ort"] == "München"
    assert identity.facts["bisherige_anschrift/zusatz"] == {"none": True}


def test_names_are_kept_in_composed_form() -> None:
    token = operations.accept_assertion(token=assertion(person=ANNA | {"familienname": "Mu\u0308ller"}))
    assert queries.identity_for(token=token).facts["familienname"] == "Müller"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": "https://other.example"}, "wrong_audience"),
        ({"key": STRANGER}, "bad_signature"),
        ({"iss": "https://stranger.example"}, "unknown_issuer"),
        ({"header": [("kid", "k9")]}, "unknown_issuer"),
        ({"header": [("typ", "JWT")]}, "malformed"),
        ({"iat": 0, "exp": 300}, "expired"),
        ({"exp": 2**31 - 1}, "expired"),
        ({"exp": "soon"}, "malformed"),
        ({"acr": "very high"}, "malformed"),
        ({"sub": ""}, "malformed"),
        ({"jti": "a\0"}, "malformed"),
        ({"person": ANNA | {"familienname": "Иванов"}}, "name_not_allowed"),
        ({"person": ANNA | {"vornamen": "Anna 2"}}, "name_not_allowed"),
        ({"person": ANNA | {"familienname": None}}, "malformed"),
        ({"person": ANNA | {"geburtsdatum": "28.02.1990"}}, "malformed"),
        ({"person": ANNA | {"ausweis_art": "bibliotheksausweis"}}, "malformed"),
        ({"person": ANNA | {"anschrift": {"ort": "München"}}}, "malformed"),
    ],
)
def test_an_assertion_is_refused_with_its_reason(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(refusals.IdentityRefused) as refused:
        operations.accept_assertion(token=assertion(**changes))
    assert refused.value.code == code


@pytest.mark.parametrize("token", ["", "a.b.c", "e30.e30.e30", "\xff"])
def test_what_is_no_assertion_is_malformed(token: str) -> None:
    with pytest.raises(refusals.Malformed):
        operations.accept_assertion(token=token)


def test_a_name_outside_the_norm_is_named_in_the_refusal() -> None:
    with pytest.raises(refusals.NameRefused, match="familienname.*И"):
        operations.accept_assertion(token=assertion(person=ANNA | {"familienname": "Иванов"}))


def test_an_assertion_counts_once() -> None:
    token = assertion()
    operations.accept_assertion(token=token)
    with pytest.raises(refusals.Replayed):
        operations.accept_assertion(token=token)


def test_a_session_ends_after_thirty_minutes_unless_the_person_comes_by() -> None:
    token, start = operations.accept_assertion(token=assertion()), clock.now()
    with clock.frozen(start + 29 * MINUTES):
        operations.visiting(token=token)
    with clock.frozen(start + 58 * MINUTES):
        assert queries.identity_for(token=token)
    with clock.frozen(start + 60 * MINUTES), pytest.raises(queries.NoSession):
        queries.identity_for(token=token)


def test_a_person_sees_her_visits_and_ends_all_others() -> None:
    start, first = clock.now(), operations.accept_assertion(token=assertion())
    with clock.frozen(start + 5 * MINUTES):
        second = operations.accept_assertion(token=assertion(jti="j2"))
        other = operations.accept_assertion(token=assertion(jti="j3", sub="somebody else"))
        begin_session(issuer=ISSUER, subject="card-1", level="high", facts={}, purpose="staff")
        found = running(token=first)
        assert [one.here for one in found] == [False, True] and found[0].begun_at > found[1].begun_at
        assert {one.provider for one in found} == {"Ausweis"}
        assert end_other_sessions(token=first) == 1
        assert [one.here for one in running(token=first)] == [True]
        assert queries.identity_for(token=other)
        with pytest.raises(queries.NoSession):
            queries.identity_for(token=second)


def test_the_operator_ends_every_visit_of_an_account() -> None:
    token = operations.accept_assertion(token=assertion())
    assert end_sessions_of(issuer=ISSUER, subject="nobody") == 0
    assert end_sessions_of(issuer=ISSUER, subject="card-1") == 1
    with pytest.raises(queries.NoSession):
        queries.identity_for(token=token)


def test_a_session_that_was_ended_is_forgotten() -> None:
    token = operations.accept_assertion(token=assertion())
    operations.end_session(token=token)
    with pytest.raises(queries.NoSession):
        queries.identity_for(token=token)


def test_the_account_stays_the_same_from_visit_to_visit() -> None:
    visits = [operations.accept_assertion(token=assertion(jti=jti)) for jti in ("j1", "j2")]
    assert len({queries.identity_for(token=visit).sub for visit in visits}) == 1


def test_each_town_knows_the_person_under_its_own_lasting_pseudonym(
    stuttgart: Municipality, munich: Municipality
) -> None:
    visits = [operations.accept_assertion(token=assertion(jti=jti)) for jti in ("j1", "j2")]
    identities = [queries.identity_for(token=visit) for visit in visits]
    in_stuttgart, in_munich = ({one.subject_for(town.id) for one in identities} for town in (stuttgart, munich))
    assert len(in_stuttgart) == len(in_munich) == 1
    assert in_stuttgart != in_munich


def test_the_database_alone_reveals_neither_the_token_nor_the_facts() -> None:
    token = operations.accept_assertion(token=assertion())
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(sealed_facts, 'escape'), token_digest FROM identity_session")
        [(facts, digest)] = cursor.fetchall()
    assert "Anna" not in facts and token not in digest


def test_what_is_over_is_forgotten() -> None:
    operations.accept_assertion(token=assertion())
    with clock.frozen(clock.now() + 120 * MINUTES):
        operations.forget_expired()
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM identity_session) + (SELECT count(*) FROM identity_usedassertion)")
        assert cursor.fetchone() == (0,)


def test_a_private_key_is_not_kept_for_an_issuer() -> None:
    with pytest.raises(ValueError, match="public"):
        operations.trust_issuer(issuer="x", name="x", keys=[dict(KEY.as_dict(private=True))], simulated=False)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[None]:
    with override_settings(DEMO=True, HOME=tmp_path):
        yield


def test_the_demo_issuer_identifies_invented_people_and_says_that_it_is_simulated(demo: None) -> None:
    demo_issuer.enable()
    token = operations.accept_assertion(token=demo_issuer.issue(person=ANNA, subject="card-7"))
    identity = queries.identity_for(token=token)
    assert identity.simulated and "Simuliert" in identity.issuer


def test_the_demo_issuer_does_not_exist_on_other_nodes() -> None:
    with override_settings(DEMO=False):
        with pytest.raises(demo_issuer.DemoOnly):
            demo_issuer.enable()
        with pytest.raises(demo_issuer.DemoOnly):
            demo_issuer.issue(person=ANNA, subject="card-7")


def test_a_node_that_is_no_demo_any_more_refuses_the_demo_issuer(demo: None) -> None:
    demo_issuer.enable()
    token = demo_issuer.issue(person=ANNA, subject="card-7")
    with override_settings(DEMO=False), pytest.raises(refusals.UnknownIssuer):
        operations.accept_assertion(token=token)
