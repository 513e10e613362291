"""Signing in at a provider over real HTTP: the browser's side, the provider's side and the job between them."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection
from django.test import Client, override_settings
from procrastinate.contrib.django import app

from formlos.base import clock
from formlos.base.tenancy import Municipality
from formlos.identity import demo_issuer
from formlos.identity.models import Login
from formlos.identity.oidc import exchanging, providers
from formlos.identity.queries import identity_for
from formlos.identity.tests.providing import PUBLIC, Visitor, connect, path_of, query_of
from formlos.portals.citizen.tests.musterstadt import SLUG

PAGE = f"/{SLUG}/"


@pytest.fixture
def provider(identity_provider: str, demo: None, database: Any) -> str:
    connect(identity_provider)
    return identity_provider


@pytest.fixture
def anna() -> Client:
    """Anna's browser at the town's pages."""
    return Client(headers={"host": "localhost:8000"})


def run_jobs() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def set_off(browser: Client, *, needed: str = "", way: str = PAGE) -> str:
    """From the choice of providers to the provider's address."""
    query = {"weiter": way} | ({"stufe": needed} if needed else {})
    page = browser.get("/anmelden/", query).content.decode()
    link = page.split('href="/anmelden/los/')[1].split('"')[0].replace("&amp;", "&")
    return str(browser.get(f"/anmelden/los/{link}")["Location"])


def arrive(browser: Client, address: str) -> Any:
    """From the provider's answer to the page after the job."""
    waiting = browser.get(path_of(address))
    if waiting.status_code != 302:
        return waiting
    run_jobs()
    return browser.get(waiting["Location"])


def sign_in(browser: Client, **choices: Any) -> Any:
    needed = choices.pop("needed", "")
    return arrive(browser, Visitor().agree(set_off(browser, needed=needed), **choices))


def who(browser: Client) -> Any:
    return identity_for(token=browser.session["identity"])


def words(page: Any) -> str:
    return str(page.content.decode())


def test_a_person_signs_in_and_comes_back_to_the_page_she_came_from(provider: str, town: Any, anna: Client) -> None:
    page = sign_in(anna)
    assert (page.status_code, page["Location"]) == (302, PAGE)
    person = who(anna)
    assert (person.level, person.issuer, person.simulated, person.provider) == ("high", "Ausweisdienst", True, "demo")
    assert person.facts["familienname"] == "Müller-Øster"
    assert person.facts["bisherige_anschrift/strasse"] == "Sendlinger Straße"
    assert "geburtsname" not in person.facts


def test_the_request_to_the_provider_has_pkce_state_and_nonce_and_no_secret(provider: str, anna: Client) -> None:
    asked = query_of(set_off(anna))
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43 and len(asked["state"]) == len(asked["nonce"]) == 43
    assert asked["redirect_uri"] == f"{PUBLIC}/anmelden/zurueck/demo/"
    assert not {"client_secret", "code_verifier"} & set(asked)


def test_only_a_simulated_provider_is_told_the_town_that_one_comes_from(
    provider: str, town: Municipality, anna: Client
) -> None:
    assert query_of(set_off(anna))["town"] == town.name
    assert "town" not in query_of(set_off(anna, way="/meine/"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE identity_trustedissuer SET simulated = false")
    assert "town" not in query_of(set_off(anna))


def test_while_the_job_runs_the_page_waits_and_refreshes_itself(provider: str, anna: Client) -> None:
    waiting = anna.get(path_of(Visitor().agree(set_off(anna))))
    page = anna.get(waiting["Location"])
    assert page.status_code == 200 and page["Refresh"] == "1"
    assert "geht von selbst weiter" in words(page)


def test_the_callback_does_not_call_out_even_when_the_provider_is_gone(provider: str, anna: Client) -> None:
    address = Visitor().agree(set_off(anna))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_provider SET metadata = jsonb_set(metadata, '{token_endpoint}', '\"http://127.0.0.1:9/\"')"
        )
    waiting = anna.get(path_of(address))
    assert waiting.status_code == 302
    run_jobs()
    page = anna.get(waiting["Location"])
    assert page.status_code == 503 and "Der Ausweisdienst antwortet nicht" in words(page)


def test_a_job_that_never_came_is_said_after_a_while(provider: str, anna: Client) -> None:
    waiting = anna.get(path_of(Visitor().agree(set_off(anna))))
    with clock.frozen(clock.now() + timedelta(seconds=50)):
        page = anna.get(waiting["Location"])
    assert page.status_code == 503 and "Refresh" not in page


def test_an_answer_counts_once(provider: str, anna: Client) -> None:
    address = Visitor().agree(set_off(anna))
    arrive(anna, address)
    page = anna.get(path_of(address))
    assert page.status_code == 401 and "schon benutzt" in words(page)


def test_a_login_that_is_finished_is_not_finished_again(provider: str, anna: Client) -> None:
    waiting = anna.get(path_of(Visitor().agree(set_off(anna))))
    run_jobs()
    assert anna.get(waiting["Location"]).status_code == 302
    assert anna.get(waiting["Location"]).status_code == 401


def test_a_code_that_was_spent_elsewhere_is_refused_by_the_provider(provider: str, anna: Client) -> None:
    first = query_of(Visitor().agree(set_off(anna)))
    second = Visitor().agree(set_off(anna))
    arrive(anna, second)
    spent = query_of(second)["code"]
    page = arrive(anna, f"/anmelden/zurueck/demo/?code={spent}&state={first['state']}&iss={first['iss']}")
    assert page.status_code == 401 and "provider_refused" in words(page)


def test_nobody_is_signed_in_by_the_link_of_somebody_else(provider: str, anna: Client) -> None:
    address = Visitor().agree(set_off(anna))
    victim = Client(headers={"host": "localhost:8000"})
    for browser in (victim, Client(headers={"host": "localhost:8000"})):
        set_off(browser) if browser is victim else None
        page = browser.get(path_of(address))
        assert page.status_code == 401 and "gehört nicht zu diesem Browser" in words(page)


def test_nobody_waits_on_the_login_of_somebody_else(provider: str, anna: Client) -> None:
    waiting = anna.get(path_of(Visitor().agree(set_off(anna))))["Location"]
    run_jobs()
    stranger = Client(headers={"host": "localhost:8000"})
    set_off(stranger)
    assert stranger.get(waiting).status_code == 401
    assert "identity" not in stranger.session


@pytest.mark.parametrize("iss", ["&iss=https://mallory.example", ""])
def test_an_answer_of_another_issuer_or_of_none_is_refused(provider: str, anna: Client, iss: str) -> None:
    answer = query_of(Visitor().agree(set_off(anna)))
    page = arrive(anna, f"/anmelden/zurueck/demo/?code={answer['code']}&state={answer['state']}{iss}")
    assert page.status_code == 401 and "mixed_up_issuer" in words(page)


def test_an_answer_at_the_address_of_another_provider_is_refused(provider: str, anna: Client) -> None:
    page = arrive(anna, Visitor().agree(set_off(anna)).replace("/demo/", "/other/"))
    assert "mixed_up_issuer" in words(page)


def test_an_answer_that_comes_too_late_is_refused_and_said(provider: str, anna: Client) -> None:
    address = Visitor().agree(set_off(anna))
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        page = arrive(anna, address)
    assert page.status_code == 401 and "zu lange gedauert" in words(page)


@pytest.mark.parametrize(
    ("column", "code"), [("issuer = 'http://127.0.0.1:1'", "mixed_up"), ("client_id = 'another'", "provider_refused")]
)
def test_a_provider_that_is_set_up_wrongly_identifies_nobody(
    provider: str, anna: Client, column: str, code: str
) -> None:
    address = Visitor().agree(set_off(anna))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE identity_provider SET {column}")
    page = arrive(anna, address)
    assert page.status_code == 401 and code in words(page)
    assert "identity" not in anna.session


@pytest.mark.parametrize(
    ("changes", "code"), [({"nonce": "another"}, "wrong_nonce"), ({"verifier": "v" * 43}, "provider_refused")]
)
def test_the_answer_to_another_login_signs_nobody_in(
    provider: str, anna: Client, changes: dict[str, str], code: str
) -> None:
    address = Visitor().agree(set_off(anna))
    login = Login.objects.get()
    exchanging.seal_into(login, exchanging.open_of(login) | changes)
    login.save()
    page = arrive(anna, address)
    assert page.status_code == 401 and code in words(page)
    assert bytes(Login.objects.get().sealed) == b""


def test_what_lies_sealed_in_one_login_opens_in_no_other(provider: str, anna: Client) -> None:
    set_off(anna), set_off(anna)
    first, second = Login.objects.all()
    second.sealed = first.sealed
    with pytest.raises(InvalidTag):
        exchanging.open_of(second)


def test_who_breaks_off_is_told_that_nothing_happened(provider: str, anna: Client) -> None:
    page = arrive(anna, Visitor().cancel(set_off(anna)))
    assert page.status_code == 200 and "Die Anmeldung wurde abgebrochen" in words(page)
    assert f"weiter={PAGE.replace('/', '%2F')}" in words(page)


def test_after_three_wrong_pins_the_provider_breaks_off(provider: str, anna: Client) -> None:
    visitor, address = Visitor(), set_off(anna)
    assert "Diese PIN stimmt nicht" in visitor.guess(address, times=2).text
    assert "Die Anmeldung wurde abgebrochen" in words(arrive(anna, visitor.guess(address, times=3).headers["Location"]))


def test_an_expired_card_identifies_nobody(provider: str, anna: Client) -> None:
    assert "Dieser Ausweis ist abgelaufen" in Visitor().stay(set_off(anna), person="olga")


def test_a_level_that_is_too_low_says_what_is_needed(provider: str, anna: Client) -> None:
    page = sign_in(anna, needed="high", level="basic")
    assert page.status_code == 403
    assert "Hier brauchen Sie den Online-Ausweis mit PIN" in words(page)


def test_stepping_up_asks_the_provider_for_a_fresh_identification(provider: str, anna: Client) -> None:
    asked = query_of(set_off(anna, needed="substantial"))
    assert asked["acr_values"] == "substantial high" and asked["max_age"] == "300"


def test_stepping_up_keeps_the_account_and_gives_a_new_session(provider: str, anna: Client) -> None:
    sign_in(anna, level="basic")
    before, old = who(anna), anna.session["identity"]
    sign_in(anna, needed="high")
    after = who(anna)
    assert (before.level, after.level) == ("basic", "high")
    assert before.sub == after.sub
    assert anna.session["identity"] != old
    with pytest.raises(Exception, match="no such session"):
        identity_for(token=old)


def test_a_case_that_needs_more_sends_the_person_up_and_back(
    identity_provider: str, demo: None, case: Any, anna: Client
) -> None:
    connect(identity_provider, accounts_of=demo_issuer.ISSUER)
    page = f"/{SLUG}/vorgang/{case}/"
    sign_in(anna, person="card-1", level="none")
    up = anna.get(page)
    assert up.status_code == 302 and query_of(up["Location"])["weiter"] == page
    needed = query_of(up["Location"])["stufe"]
    back = arrive(anna, Visitor().agree(set_off(anna, needed=needed, way=page), person="card-1", level=needed))
    assert back["Location"] == page
    assert "Wo steht der Baum?" in words(anna.get(f"{page}fragen/", follow=True))


def test_the_case_of_somebody_else_is_not_found(provider: str, case: Any, anna: Client) -> None:
    sign_in(anna)
    assert anna.get(f"/{SLUG}/vorgang/{case}/").status_code == 404


@pytest.mark.parametrize(
    "way",
    ["https://boese.example/", "//boese.example", "javascript:alert(1)", "/\\boese.example", "stadt", "/" + "a" * 2001],
)
def test_the_way_back_never_leads_to_another_site(provider: str, anna: Client, way: str) -> None:
    page = arrive(anna, Visitor().agree(set_off(anna, way=way)))
    assert page["Location"] == "/"


def test_a_town_shows_its_own_providers_only(
    identity_provider: str, demo: None, town: Municipality, anna: Client
) -> None:
    connect(identity_provider, towns=["09162000"])
    page = words(anna.get("/anmelden/", {"weiter": PAGE}))
    assert "noch keine Anmeldung über das Internet" in page
    assert "Ausweisen mit: Ausweisdienst" in words(anna.get("/anmelden/"))


def test_where_nobody_vouches_for_enough_the_counter_is_offered(
    identity_provider: str, demo: None, anna: Client, database: Any
) -> None:
    connect(identity_provider, levels={"*": "basic"})
    assert "Am Schalter" in words(anna.get("/anmelden/", {"stufe": "high"}))


def test_a_node_that_is_no_demo_any_more_does_not_offer_what_is_simulated(provider: str, anna: Client) -> None:
    with override_settings(DEMO=False):
        assert "Ausweisen mit: Ausweisdienst" not in words(anna.get("/anmelden/"))
        assert anna.get("/anmelden/los/", {"anbieter": "demo"}).status_code == 401


def test_signing_out_ends_the_session_and_offers_to_end_it_at_the_provider(provider: str, anna: Client) -> None:
    sign_in(anna)
    token = anna.session["identity"]
    assert "Ausloggen" in words(anna.get("/"))
    page = anna.post("/abmelden/")
    assert "id_token_hint" not in (there := words(anna.get(page["Location"])))
    assert f"{provider}/abmelden?client_id=formlos+test" in there
    assert "identity" not in anna.session
    with pytest.raises(Exception, match="no such session"):
        identity_for(token=token)
    back = Visitor().open(providers.sign_out_address("demo", back=f"{PUBLIC}/") or "")
    assert back.headers["Location"] == f"{PUBLIC}/"


def test_signing_in_is_not_begun_by_another_site(provider: str, anna: Client) -> None:
    page = anna.get("/anmelden/los/", {"anbieter": "demo"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert page["Location"].startswith("/anmelden/?")


def test_at_another_name_of_this_machine_the_browser_first_goes_to_the_public_one(provider: str) -> None:
    page = Client(headers={"host": "127.0.0.1:8000"}).get("/anmelden/los/", {"anbieter": "demo"})
    assert page["Location"].startswith(f"{PUBLIC}/anmelden/los/")


def test_whoever_tries_too_often_waits(provider: str, anna: Client) -> None:
    for _ in range(20):
        page = anna.get("/anmelden/los/", {"anbieter": "demo"})
        assert page.status_code == 302
    page = anna.get("/anmelden/los/", {"anbieter": "demo"})
    assert page.status_code == 429 and int(page["Retry-After"]) > 0
    assert "Bitte warten Sie" in words(page)


def test_behind_https_cookies_belong_to_this_host_alone(provider: str, anna: Client) -> None:
    with override_settings(HTTPS=True, COOKIE_PREFIX="__Host-"):
        page = anna.get("/anmelden/los/", {"anbieter": "demo"})
    cookie = page.cookies["__Host-anmeldung"]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert not cookie["domain"]


def test_neither_logs_nor_the_database_show_codes_names_or_secrets(
    provider: str, anna: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with caplog.at_level(logging.DEBUG):
        address = Visitor().agree(set_off(anna))
        waiting = anna.get(path_of(address))["Location"]
        run_jobs()
        with connection.cursor() as cursor:
            cursor.execute("SELECT identity_login::text, encode(identity_login.sealed, 'escape') FROM identity_login")
            kept = str(cursor.fetchall())
            cursor.execute("SELECT args::text FROM procrastinate_jobs")
            kept += str(cursor.fetchall())
        anna.get(waiting)
    ours = [record for record in caplog.records if record.name.startswith(("formlos", "procrastinate"))]
    said = " ".join(str(record.msg) for record in ours) + capfd.readouterr().err
    answer = query_of(address)
    for secret in (answer["code"], answer["state"], "Müller", "Sendlinger", anna.session["identity"]):
        assert secret not in kept and secret not in said
    assert "identity.login.done" in said


def test_new_keys_of_the_provider_are_fetched_when_they_are_met(provider: str, anna: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_provider SET jwks = jsonb_set(jwks, '{0,kid}', '\"old\"'), jwks_at = now() - interval '1 h'"
        )
    assert sign_in(anna).status_code == 302
    assert who(anna).level == "high"
