"""Take over a newer directory; describe this node's municipalities for the next one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction

from formlos.base import clock, keys
from formlos.base.tenancy import Municipality, within
from formlos.exchange import queries, roots
from formlos.exchange.directory import Directory, Entry, PublicKey, compose, read_directory, sign_directory
from formlos.exchange.jose import SigningKey
from formlos.exchange.kinds import KINDS
from formlos.exchange.models import StoredDirectory
from formlos.exchange.refusals import DirectoryRefused
from formlos.law.canonical import digest

log = structlog.get_logger(__name__)


def import_directory(*, token: str) -> Directory:
    """Use this signed directory from now on; importing the one in use again changes nothing.

    Raises ``DirectoryRefused`` (not by the pinned root, lower serial, same serial with other content, an endpoint
    without https outside a demo) or ``DirectoryExpired``.
    """
    token, now = token.strip(), clock.now()
    directory = read_directory(token, root=roots.pinned_root())
    directory.require_current(now)
    if not settings.DEMO:
        directory.require_secure_endpoints()
    content = digest(token.encode())
    with transaction.atomic():
        newest = StoredDirectory.objects.select_for_update().order_by("-serial").first()
        if newest and newest.serial == directory.serial and newest.digest == content:
            return directory
        if newest and newest.serial >= directory.serial:
            raise DirectoryRefused(
                f"serial {directory.serial} is not newer than {newest.serial}, which this node already uses"
            )
        StoredDirectory.objects.create(
            serial=directory.serial,
            digest=content,
            token=token,
            issued=directory.issued,
            expires=directory.expires,
            imported_at=now,
        )
    queries.look_again()
    log.info("exchange.directory.imported", serial=directory.serial, entries=len(directory.entries))
    return directory


def renew(*, root: SigningKey, municipalities: Iterable[Municipality], address: str, lifetime: timedelta) -> Directory:
    """Sign and import the next directory: all entries of the one in use, these municipalities' entries renewed.

    For nodes that hold the root key themselves: demos and tests. ``address`` is the node's, without path.
    """
    now = clock.now()
    newest = StoredDirectory.objects.order_by("-serial").first()
    known = read_directory(newest.token, root=roots.pinned_root()) if newest else None
    entries = dict(known.entries) if known else {}
    for municipality in municipalities:
        endpoint = f"{address}/exchange/{municipality.ags}"
        entries[municipality.ags] = entry_of(municipality, endpoint=endpoint, services=tuple(KINDS))
    serial = known.serial + 1 if known else 1
    directory = compose(entries.values(), serial=serial, issued=now, expires=now + lifetime)
    return import_directory(token=sign_directory(directory, key=root))


def entry_of(municipality: Municipality, *, endpoint: str, services: tuple[str, ...]) -> Entry:
    """The entry of a municipality of this node, with all its keys that are valid now or later."""
    now = clock.now()
    with within(municipality):
        found = [
            PublicKey(key.kid, use, key.public_jwk, key.not_before, key.not_after)
            for purpose, use in (("sign", "sig"), ("encrypt", "enc"))
            for key in keys.all_of(purpose=purpose)
            if key.not_after > now
        ]
    return Entry(municipality.ags, municipality.name, endpoint, tuple(sorted(services)), tuple(found))
