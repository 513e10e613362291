"""Reads: the directory in use, our own keys in it, and what waits or has died in the boxes."""

from __future__ import annotations

import time
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from django.db import connection
from django.db.models import QuerySet

from formlos.base import clock, keys
from formlos.base.tenancy import current_municipality_id, municipality_by_id
from formlos.exchange import roots
from formlos.exchange.directory import Directory, Entry, read_directory
from formlos.exchange.jose import SigningKey
from formlos.exchange.models import Outgoing, Received, StoredDirectory
from formlos.exchange.refusals import NoDirectory, Unavailable

OFF = "offline"
"""The municipality's setting that takes it off the exchange: it neither takes nor sends messages."""
SECONDS_BETWEEN_LOOKS = 1.0  # after an import, other processes of the node follow within this time
_looked: dict[str, tuple[float, int, str]] = {}


def current_directory() -> Directory:
    """The directory in use; raises ``NoDirectory`` or ``DirectoryExpired``."""
    directory = _stored(*_newest())
    directory.require_current(clock.now())
    return directory


def look_again() -> None:
    """Forget which directory is the newest; an import calls this."""
    _looked.clear()


def _newest() -> tuple[int, str]:
    """Serial and digest of the newest directory, as of a moment ago: this is asked for every message."""
    database, moment = str(connection.settings_dict["NAME"]), time.monotonic()
    looked_at, serial, content = _looked.get(database, (-SECONDS_BETWEEN_LOOKS, 0, ""))
    if moment - looked_at < SECONDS_BETWEEN_LOOKS:
        return serial, content
    newest = StoredDirectory.objects.order_by("-serial").values_list("serial", "digest").first()
    if newest is None:
        raise NoDirectory("no directory was imported yet: formlos exchange directory import FILE")
    _looked[database] = (moment, *newest)
    return newest


def is_entry_of(ags: str, entry_digest: str) -> bool:
    """Whether this was an entry of the municipality in any imported directory that is not over yet."""
    stored = StoredDirectory.objects.filter(expires__gt=clock.now()).order_by("-serial")
    for serial, content in stored.values_list("serial", "digest"):
        entry = _stored(serial, content).entry(ags)
        if entry and entry.digest == entry_digest:
            return True
    return False


@lru_cache(maxsize=32)
def _stored(serial: int, content: str) -> Directory:
    token = StoredDirectory.objects.get(serial=serial, digest=content).token
    return read_directory(token, root=roots.pinned_root())


def signing_key(entry: Entry, moment: datetime) -> SigningKey:
    """Our own signing key that the directory lists; raises ``keys.NoKey``. Inside ``within()``."""
    listed = entry.key(use="sig", moment=moment)
    if listed is None:
        raise keys.NoKey(f"the directory lists no signing key of {entry.name} that is valid now")
    return SigningKey(listed.kid, _private_key(current_municipality_id(), listed.kid, "sign"))


def decryption_key(kid: str) -> EllipticCurvePrivateKey | None:
    """Our own private key of this id, however old; None when it is not ours. Inside ``within()``."""
    try:
        return _private_key(current_municipality_id(), kid, "encrypt")
    except keys.NoKey:
        return None


@lru_cache(maxsize=1024)
def _private_key(municipality_id: UUID, kid: str, purpose: str) -> EllipticCurvePrivateKey:
    key = keys.by_kid(kid)
    if key.purpose != purpose:
        raise keys.NoKey(f"{kid} is no key to {purpose} with")
    return key.private_key()


def own_ags() -> str:
    """The AGS of the municipality that is being acted for."""
    return _ags(current_municipality_id())


@lru_cache(maxsize=1024)
def _ags(municipality_id: UUID) -> str:
    return municipality_by_id(municipality_id).ags


def dead_outgoing() -> QuerySet[Outgoing]:
    """Messages of the municipality that could not be delivered, oldest first."""
    return Outgoing.objects.filter(state=Outgoing.State.DEAD).order_by("created_at")


def dead_received() -> QuerySet[Received]:
    """Messages to the municipality that could not be processed, oldest first."""
    return Received.objects.filter(state=Received.State.DEAD).order_by("received_at")


def alarms() -> QuerySet[Received]:
    """Messages whose id came again with other content."""
    return Received.objects.filter(conflicts__gt=0).order_by("-last_conflict_at")


def messages_of(reference: str) -> QuerySet[Outgoing]:
    """What was sent for a case, oldest first."""
    return Outgoing.objects.filter(reference=reference).order_by("created_at")


def sent_lately(*, limit: int) -> list[Outgoing]:
    """The newest messages of the municipality, newest first."""
    return list(Outgoing.objects.order_by("-created_at")[:limit])


def unreached(reference: str) -> datetime | None:
    """Since when a message of a case waits because its receiver does not answer; None where nothing waits so."""
    waiting = Outgoing.objects.filter(reference=reference, state=Outgoing.State.WAITING, problem=Unavailable.code)
    return waiting.order_by("created_at").values_list("created_at", flat=True).first()


def under_way() -> list[str]:
    """Ids of messages of the municipality that still wait to be delivered or processed."""
    sent = Outgoing.objects.filter(state=Outgoing.State.WAITING)
    got = Received.objects.filter(state=Received.State.WAITING)
    return [str(found) for rows in (sent, got) for found in rows.values_list("id", flat=True)]
