"""The directory in use: taken over only forwards, and keys change while messages flow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import override_settings

from formlos.base import clock, keys
from formlos.base.sources import Context, local_source
from formlos.base.tenancy import Municipality, within
from formlos.exchange import queries, refusals, roots
from formlos.exchange.directory import compose, sign_directory
from formlos.exchange.operations.directories import entry_of, import_directory
from formlos.exchange.tests.keys import ULM, pair
from formlos.exchange.tests.towns import Towns

DAYS = timedelta(days=1)


def token(towns: Towns, *, serial: int, days: int = 30) -> str:
    entries = [
        entry_of(town, endpoint=f"{towns.address}/exchange/{town.ags}", services=("xmeld:0201",))
        for town in (towns.stuttgart, towns.munich)
    ]
    now = clock.now()
    directory = compose(entries, serial=serial, issued=now, expires=now + days * DAYS)
    return sign_directory(directory, key=roots.own_root())


def test_a_newer_directory_replaces_the_one_in_use(towns: Towns) -> None:
    import_directory(token=token(towns, serial=5))
    assert queries.current_directory().serial == 5


def test_importing_the_same_directory_again_changes_nothing(towns: Towns) -> None:
    same = token(towns, serial=5)
    assert import_directory(token=same) == import_directory(token=same + "\n")


def test_a_directory_with_a_bare_http_endpoint_elsewhere_is_for_demos_only(towns: Towns) -> None:
    towns.address = "http://stadt.example"
    with pytest.raises(refusals.DirectoryRefused, match="must begin with https://"):
        import_directory(token=token(towns, serial=5))
    with override_settings(DEMO=True):
        assert import_directory(token=token(towns, serial=5)).serial == 5


def test_an_older_directory_is_refused(towns: Towns) -> None:
    import_directory(token=token(towns, serial=5))
    for serial in (4, 5):
        with pytest.raises(refusals.DirectoryRefused, match="not newer than 5"):
            import_directory(token=token(towns, serial=serial, days=31))
    assert queries.current_directory().serial == 5


def test_an_expired_directory_is_refused_and_stops_the_exchange(towns: Towns, endpoint: str) -> None:
    old = token(towns, serial=5, days=1)
    with clock.frozen(clock.now() + 2 * DAYS), pytest.raises(refusals.DirectoryExpired):
        import_directory(token=old)
    letter = towns.send(towns.stuttgart, towns.munich)
    with clock.frozen(clock.now() + 31 * DAYS):
        assert towns.deliver(towns.stuttgart, letter).problem == "directory_expired"


def test_a_directory_by_another_root_is_refused(towns: Towns) -> None:
    directory = compose([], serial=9, issued=clock.now(), expires=clock.now() + DAYS)
    with pytest.raises(refusals.DirectoryRefused, match="root key"):
        import_directory(token=sign_directory(directory, key=pair("root").signing))


def test_another_root_is_not_pinned_over_the_first(towns: Towns) -> None:
    with pytest.raises(roots.NotThisRoot):
        roots.pin_root(pair("root").jwk)


@pytest.fixture
def rotated(towns: Towns) -> Iterator[bytes]:
    """Munich has new keys in a new directory; the envelope was sealed with the old one, to the old key."""
    before = towns.seal(towns.stuttgart, towns.munich)
    rotate(towns, towns.munich)
    yield before


def rotate(towns: Towns, town: Municipality) -> None:
    with within(town):
        for purpose in ("sign", "encrypt"):
            keys.create(purpose=purpose)
    towns.renew_directory()


def test_a_message_to_the_old_key_still_arrives_after_a_change_of_keys(
    towns: Towns, endpoint: str, rotated: bytes
) -> None:
    assert towns.post(towns.munich, rotated).status_code == 200


def test_a_change_of_keys_goes_unnoticed_by_both_sides(towns: Towns, endpoint: str) -> None:
    kids = set()
    for town in (towns.munich, towns.stuttgart, towns.munich):
        for sender, receiver in ((towns.stuttgart, towns.munich), (towns.munich, towns.stuttgart)):
            assert towns.deliver(sender, towns.send(sender, receiver)).state == "delivered"
        used = queries.current_directory().entries[towns.munich.ags].key(use="sig", moment=clock.now())
        kids.add(used and used.kid)
        rotate(towns, town)
    assert len(kids) == 2


def test_a_signing_key_taken_out_of_the_directory_counts_no_more(towns: Towns, endpoint: str) -> None:
    envelope = towns.seal(towns.stuttgart, towns.munich)
    with within(towns.stuttgart):
        keys.create(purpose="sign")
    entries = [queries.current_directory().entries[towns.munich.ags]]
    fresh = entry_of(towns.stuttgart, endpoint="http://127.0.0.1:1", services=())
    newest = max((key for key in fresh.keys if key.use == "sig"), key=lambda key: key.not_before)
    entries.append(type(fresh)(fresh.ags, fresh.name, fresh.endpoint, (), (newest,)))
    directory = compose(entries, serial=9, issued=clock.now(), expires=clock.now() + DAYS)
    import_directory(token=sign_directory(directory, key=roots.own_root()))
    assert towns.post(towns.munich, envelope).json()["code"] == "bad_signature"


def test_the_directory_is_a_source_of_facts(towns: Towns) -> None:
    source = local_source("exchange.directory")
    assert source is not None
    now = clock.now()
    context = Context(towns.stuttgart.id, UUID(int=0), "Umzug", "§ 23 BMG", now, clock.today())
    known, unknown = source({"ags": "09162000"}, context), source({"ags": ULM}, context)
    assert (known.state, known.values) == ("answered", {"ist_angeschlossen": True, "behoerde_name": "München"})
    assert (unknown.state, unknown.values) == ("answered", {"ist_angeschlossen": False})
    with clock.frozen(now + 31 * DAYS):
        assert source({"ags": "09162000"}, context).state == "down"
