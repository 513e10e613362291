"""Limits on everything that guesses or floods: a sliding window for each key, kept in PostgreSQL.

One statement counts and decides, so that parallel tries cannot slip through. Keys are kept as keyed digests.
"""

from __future__ import annotations

import hmac
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from formlos.base import clock
from formlos.base.models import Tries

COUNT = """
INSERT INTO base_tries AS known (key, moments, over_at) VALUES (%(key)s, ARRAY[%(now)s::timestamptz], %(over_at)s)
ON CONFLICT (key) DO UPDATE SET
    moments = array_append(ARRAY(SELECT at FROM unnest(known.moments) at WHERE at > %(since)s), %(now)s::timestamptz),
    over_at = excluded.over_at
WHERE (SELECT count(*) FROM unnest(known.moments) at WHERE at > %(since)s) < %(most)s
RETURNING 1
"""


class TooMany(Exception):
    """Too many tries; ``retry_after`` says in how many seconds the next one counts."""

    code = "too_many"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many tries; wait {retry_after} seconds")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    """At most ``most`` tries within any span of length ``within``; ``name`` keeps limits apart."""

    name: str
    most: int
    within: timedelta

    def count(self, key: str) -> None:
        """Count a try of whoever ``key`` names; raises ``TooMany``. A try in a rolled back transaction is not counted."""
        now = clock.now()
        digest = _digest(self.name, key)
        values = {
            "key": digest,
            "now": now,
            "since": now - self.within,
            "over_at": now + self.within,
            "most": self.most,
        }
        with connection.cursor() as cursor:
            cursor.execute(COUNT, values)
            if cursor.fetchone() is None:
                raise TooMany(self._seconds_left(digest, now))

    def check(self, key: str) -> None:
        """Raises ``TooMany`` where the next try would be one too many; counts nothing and holds up nobody."""
        now, digest = clock.now(), _digest(self.name, key)
        moments = Tries.objects.filter(key=digest).values_list("moments", flat=True).first() or []
        if sum(at > now - self.within for at in moments) >= self.most:
            raise TooMany(self._seconds_left(digest, now))

    def forget(self, key: str) -> None:
        """Begin anew, for example after a success."""
        Tries.objects.filter(key=_digest(self.name, key)).delete()

    def _seconds_left(self, digest: str, now: datetime) -> int:
        moments = Tries.objects.filter(key=digest).values_list("moments", flat=True).first() or [now]
        relevant = sorted(moments)[-self.most :]
        return max(1, math.ceil((relevant[0] + self.within - now).total_seconds()))


def forget_over() -> None:
    """Delete what limits nobody any more."""
    Tries.objects.filter(over_at__lt=clock.now()).delete()


def client_address(request: HttpRequest) -> str:
    """Whose request it is. Behind the proxy that ends TLS, the address that this proxy added; else the peer's.

    Of IPv6 the network of 64 bits, because one line has all addresses in it.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return _line_of(forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))


def _line_of(address: str) -> str:
    try:
        read = ipaddress.ip_address(address)
    except ValueError:  # a local socket has none
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((int(read), 64), strict=False))


def _digest(name: str, key: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), f"limit {name} {key}".encode(), "sha256").hex()
