"""The directory of municipalities: who takes part, at which address, with which keys, offering which messages.

Signed by a root key that stays offline; a node pins the root's public part. A directory has a serial and
an expiry. Pure functions and values; ``operations.directories`` imports one, ``queries``
tells which is in use.

As JSON: ``{"format", "serial", "issued", "expires", "entries": {AGS: entry}}``, where an entry is
``{"ags", "name", "endpoint", "services": [kind], "keys": [{"kid", "use", "jwk", "not_before", "not_after"}]}``.
Times are RFC 3339 in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from formlos.base.hosts import is_loopback
from formlos.exchange import jose
from formlos.exchange.codec import JSON
from formlos.exchange.jose import SigningKey
from formlos.exchange.refusals import BadSignature, DirectoryExpired, DirectoryRefused, Malformed, TooLarge
from formlos.law.canonical import digest

FORMAT = "formlos-directory/1"
SIGNED = "formlos-directory+jws"
USES = ("sig", "enc")


@dataclass(frozen=True)
class PublicKey:
    """A public key of a municipality; two overlap while keys are changed."""

    kid: str
    use: str
    jwk: Mapping[str, Any]
    not_before: datetime
    not_after: datetime

    def valid_at(self, moment: datetime) -> bool:
        return self.not_before <= moment < self.not_after


@dataclass(frozen=True)
class Entry:
    """One municipality. ``services`` are the kinds of message it accepts."""

    ags: str
    name: str
    endpoint: str
    services: tuple[str, ...]
    keys: tuple[PublicKey, ...]

    @cached_property
    def digest(self) -> str:
        """``sha256:…`` by which sender and receiver know that they use the same entry."""
        return digest(self.data())

    def key(self, *, use: str, moment: datetime) -> PublicKey | None:
        """The key to use now: the newest valid one."""
        valid = [key for key in self.keys if key.use == use and key.valid_at(moment)]
        return max(valid, key=lambda key: key.not_before, default=None)

    def key_by_kid(self, kid: str, *, use: str, moment: datetime) -> PublicKey | None:
        """A key that may still be used, not necessarily the newest."""
        return next((k for k in self.keys if (k.kid, k.use) == (kid, use) and k.valid_at(moment)), None)

    def data(self) -> dict[str, Any]:
        keys = [
            {
                "kid": key.kid,
                "use": key.use,
                "jwk": dict(key.jwk),
                "not_before": _text(key.not_before),
                "not_after": _text(key.not_after),
            }
            for key in self.keys
        ]
        return {
            "ags": self.ags,
            "name": self.name,
            "endpoint": self.endpoint,
            "services": list(self.services),
            "keys": keys,
        }


@dataclass(frozen=True)
class Directory:
    """A directory whose signature was verified, or one that is about to be signed."""

    serial: int
    issued: datetime
    expires: datetime
    entries: Mapping[str, Entry]

    def entry(self, ags: str) -> Entry | None:
        return self.entries.get(ags)

    def require_current(self, moment: datetime) -> None:
        """Raises ``DirectoryExpired``."""
        if moment >= self.expires:
            raise DirectoryExpired(
                f"directory {self.serial} expired at {_text(self.expires)}; "
                "import a newer one: formlos exchange directory import FILE"
            )

    def require_secure_endpoints(self) -> None:
        """Raises ``DirectoryRefused`` unless every endpoint is reached by https or lies on this machine."""
        for entry in self.entries.values():
            address = urlsplit(entry.endpoint)
            if address.scheme != "https" and not is_loopback(address.hostname):
                raise DirectoryRefused(f"the endpoint of {entry.ags} is {entry.endpoint}; it must begin with https://")


def sign_directory(directory: Directory, *, key: SigningKey) -> str:
    """The directory as a compact JWS; for the holder of the root key only."""
    content = {
        "format": FORMAT,
        "serial": directory.serial,
        "issued": _text(directory.issued),
        "expires": _text(directory.expires),
        "entries": {ags: entry.data() for ags, entry in directory.entries.items()},
    }
    return jose.sign(JSON.encode(content), key=key, typ=SIGNED)


def read_directory(token: str, *, root: Mapping[str, Any]) -> Directory:
    """Verify against the pinned ``root`` (a public JWK) and read; raises ``DirectoryRefused``."""
    try:
        payload = jose.Signed(token.strip(), typ=SIGNED).verify(root)
        content = JSON.decode(payload)
    except BadSignature as error:
        raise DirectoryRefused("the directory is not signed by the root key that this node pinned") from error
    except (Malformed, TooLarge) as error:
        raise DirectoryRefused(f"not a signed directory: {error}") from error
    return directory_from(content)


def directory_from(content: Mapping[str, Any]) -> Directory:
    """Read verified content; raises ``DirectoryRefused`` naming what is wrong."""
    if content.get("format") != FORMAT:
        raise DirectoryRefused(f"format {content.get('format')!r} is unknown; this version reads {FORMAT}")
    try:
        entries = [entry_from(data) for data in content["entries"].values()]
        directory = Directory(
            serial=int(content["serial"]),
            issued=_moment(content["issued"]),
            expires=_moment(content["expires"]),
            entries=_by_ags(entries),
        )
    except (KeyError, ValueError, TypeError, AttributeError, Malformed) as error:
        raise DirectoryRefused(f"a field is missing or wrong: {error}") from error
    if set(directory.entries) != set(content["entries"]):
        raise DirectoryRefused("an entry stands under another AGS than its own")
    return directory


def entry_from(data: Mapping[str, Any]) -> Entry:
    """Read one entry; raises KeyError, ValueError, TypeError or ``Malformed``."""
    keys = tuple(
        PublicKey(
            kid=str(key["kid"]),
            use=_one_of(USES, key["use"]),
            jwk=_checked_jwk(key["jwk"]),
            not_before=_moment(key["not_before"]),
            not_after=_moment(key["not_after"]),
        )
        for key in data["keys"]
    )
    services = tuple(sorted(str(kind) for kind in data["services"]))
    return Entry(_ags(data["ags"]), str(data["name"]), _endpoint(data["endpoint"]), services, keys)


def compose(entries: Iterable[Entry], *, serial: int, issued: datetime, expires: datetime) -> Directory:
    """A directory to be signed; raises ``DirectoryRefused`` when two entries claim one AGS."""
    return Directory(serial, issued, expires, _by_ags(list(entries)))


def _by_ags(entries: list[Entry]) -> dict[str, Entry]:
    found = {entry.ags: entry for entry in entries}
    if len(found) != len(entries):
        raise DirectoryRefused("two entries for one AGS")
    return found


def _ags(value: Any) -> str:
    if not (isinstance(value, str) and len(value) == 8 and value.isascii() and value.isdigit()):
        raise ValueError(f"{value!r} is no AGS of eight digits")
    return value


def _endpoint(value: Any) -> str:
    if not (isinstance(value, str) and value.startswith(("https://", "http://")) and urlsplit(value).hostname):
        raise ValueError(f"{value!r} is no address of an endpoint")
    return value


def _one_of(allowed: tuple[str, ...], value: Any) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is not one of {allowed}")
    return str(value)


def _checked_jwk(jwk: Any) -> dict[str, Any]:
    if "d" in jwk:
        raise ValueError("a private key in a directory")
    jose.public_key(jwk)
    return dict(jwk)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    return moment
