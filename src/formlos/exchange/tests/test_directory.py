"""The directory and receipts: signed, dated, and read only in full."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from formlos.exchange import jose, refusals
from formlos.exchange.codec import JSON
from formlos.exchange.directory import SIGNED, Directory, Entry, PublicKey, compose, read_directory, sign_directory
from formlos.exchange.receipts import Receipt, sign_receipt, verify_receipt
from formlos.exchange.tests.keys import MUNICH, NOON, STUTTGART, message, pair

ROOT, OTHER, SIGN, NEW_SIGN, ENCRYPT = (pair(name) for name in ("root", "other", "sign-1", "sign-2", "enc-1"))
DAY = timedelta(days=1)


def listed(key: Any, use: str, start: int = 0, end: int = 100) -> PublicKey:
    return PublicKey(key.kid, use, key.jwk, NOON + start * DAY, NOON + end * DAY)


def entry(ags: str = MUNICH) -> Entry:
    keys = (listed(SIGN, "sig", 0, 20), listed(NEW_SIGN, "sig", 10), listed(ENCRYPT, "enc"))
    return Entry(ags, "München", f"https://exchange.example/exchange/{ags}", ("xmeld:0201", "xmeld:1702"), keys)


def directory(**changes: Any) -> Directory:
    usual: dict[str, Any] = {"serial": 7, "issued": NOON, "expires": NOON + 90 * DAY}
    return compose([entry(), entry(STUTTGART)], **(usual | changes))


def test_a_signed_directory_reads_back_equal() -> None:
    assert read_directory(sign_directory(directory(), key=ROOT.signing), root=ROOT.jwk) == directory()


def test_a_directory_by_another_root_is_refused() -> None:
    with pytest.raises(refusals.DirectoryRefused, match="not signed by the root"):
        read_directory(sign_directory(directory(), key=OTHER.signing), root=ROOT.jwk)


def test_an_expired_directory_says_what_to_do() -> None:
    directory().require_current(NOON + 89 * DAY)
    with pytest.raises(refusals.DirectoryExpired, match="formlos exchange directory import"):
        directory().require_current(NOON + 90 * DAY)


def test_the_newest_valid_key_is_used_and_the_old_one_still_counts_while_they_overlap() -> None:
    def use(day: int) -> str:
        key = entry().key(use="sig", moment=NOON + day * DAY)
        assert key is not None
        return key.kid

    assert (use(9), use(10), use(50)) == (SIGN.kid, NEW_SIGN.kid, NEW_SIGN.kid)
    assert entry().key_by_kid(SIGN.kid, use="sig", moment=NOON + 15 * DAY)
    assert not entry().key_by_kid(SIGN.kid, use="sig", moment=NOON + 20 * DAY)
    assert not entry().key_by_kid(SIGN.kid, use="enc", moment=NOON)


def test_any_change_of_an_entry_changes_its_digest() -> None:
    data = entry().data()
    assert entry().digest == entry().digest
    assert len({entry(MUNICH).digest, entry(STUTTGART).digest}) == 2
    assert data["keys"][0]["kid"] == SIGN.kid


@pytest.mark.parametrize(
    "break_it",
    [
        lambda content: content.update(format="formlos-directory/9"),
        lambda content: content.pop("serial"),
        lambda content: content.update(expires="2026-06-01"),
        lambda content: content["entries"][MUNICH].update(ags="9162000"),
        lambda content: content["entries"][MUNICH].update(ags=STUTTGART),
        lambda content: content["entries"][MUNICH].update(endpoint="ftp://exchange.example"),
        lambda content: content["entries"][MUNICH]["keys"][0].update(use="both"),
        lambda content: content["entries"][MUNICH]["keys"][0]["jwk"].update(d="AAAA"),
        lambda content: content["entries"][MUNICH]["keys"][0]["jwk"].update(crv="P-384"),
        lambda content: content["entries"][MUNICH]["keys"][0]["jwk"].update(x=content["entries"][MUNICH]["ags"]),
        lambda content: content.update(entries=[]),
    ],
)
def test_a_directory_with_a_wrong_field_is_refused_as_a_whole(break_it: Any) -> None:
    content = JSON.decode(jose.Signed(sign_directory(directory(), key=ROOT.signing), typ=SIGNED).payload)
    break_it(content)
    token = jose.sign(JSON.encode(content), key=ROOT.signing, typ=SIGNED)
    with pytest.raises(refusals.DirectoryRefused):
        read_directory(token, root=ROOT.jwk)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8001", "http://localhost", "http://[::1]:8001", "https://x.example"]
)
def test_an_endpoint_is_on_this_machine_or_reached_by_https(address: str) -> None:
    listed_at = compose([replace(entry(), endpoint=address)], serial=1, issued=NOON, expires=NOON + DAY)
    listed_at.require_secure_endpoints()
    assert listed_at.entries[MUNICH].endpoint == address


@pytest.mark.parametrize(
    "address", ["http://x.example", "http://192.0.2.7", "http://127.0.0.1.x.example", "http://a@x.example"]
)
def test_an_endpoint_elsewhere_without_https_is_refused(address: str) -> None:
    listed_at = compose([replace(entry(), endpoint=address)], serial=1, issued=NOON, expires=NOON + DAY)
    with pytest.raises(refusals.DirectoryRefused, match="must begin with https://"):
        listed_at.require_secure_endpoints()


def test_two_entries_for_one_municipality_are_refused() -> None:
    with pytest.raises(refusals.DirectoryRefused):
        compose([entry(), entry()], serial=1, issued=NOON, expires=NOON + DAY)


def receipt(**changes: Any) -> Receipt:
    sent = message()
    usual: dict[str, Any] = {
        "message_id": sent.id,
        "sender": sent.sender,
        "receiver": sent.receiver,
        "digest": sent.digest,
        "state": "accepted",
        "received_at": NOON,
    }
    return Receipt(**(usual | changes))


def verified(token: str) -> Receipt:
    sent = message()
    return verify_receipt(token, jwk=SIGN.jwk, message_id=sent.id, digest=sent.digest, receiver=sent.receiver)


def test_a_receipt_proves_that_this_message_arrived() -> None:
    assert verified(sign_receipt(receipt(), key=SIGN.signing)) == receipt()


@pytest.mark.parametrize(
    "token",
    [
        sign_receipt(receipt(), key=OTHER.signing),
        sign_receipt(receipt(digest="sha256:other"), key=SIGN.signing),
        sign_receipt(receipt(receiver=MUNICH), key=SIGN.signing),
        sign_receipt(receipt(state="thrown away"), key=SIGN.signing),
        jose.sign(b"{}", key=SIGN.signing, typ="formlos-receipt+jws"),
        jose.sign(b"{}", key=SIGN.signing, typ="formlos-message+jws"),
        "OK",
    ],
)
def test_anything_else_is_no_receipt(token: str) -> None:
    with pytest.raises(refusals.BadReceipt):
        verified(token)
