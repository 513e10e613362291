"""Append-only, hash-chained journals whose payloads can be erased without breaking the chain.

An entry's hash covers the chain, its place, kind, time, actor, the entry before, and the *salted digest*
of its payload. Salt and payload lie in a second table. Erasing removes them by a logged operation that
names its norm; verification then says "erased", never "broken". One chain per case.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from formlos.base import clock
from formlos.base.ids import new_id
from formlos.base.models import JournalEntry
from formlos.base.tenancy import current_municipality_id
from formlos.law.canonical import canonical_bytes

ORIGIN = "sha256:" + "0" * 64
ERASED = "payload.erased"


@dataclass(frozen=True)
class Entry:
    """One entry as read; ``payload`` is None when it has been erased."""

    id: UUID
    sequence: int
    kind: str
    version: int
    at: datetime
    actor: str
    payload_digest: str
    previous: str
    hash: str
    payload: dict[str, Any] | None = None


COLUMNS = tuple(one.name for one in fields(Entry) if one.name != "payload")


_TYPES = {"id": "uuid", "sequence": "int", "version": "int", "at": "timestamptz"}
_APPEND = f"""
WITH entries AS (
    INSERT INTO base_journalentry (municipality_id, chain, {", ".join(COLUMNS)})
    SELECT %s, %s, * FROM unnest({", ".join(f"%s::{_TYPES.get(name, 'text')}[]" for name in COLUMNS)})
)
INSERT INTO base_journalpayload (municipality_id, id, entry_id, salt, content)
SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::bytea[], %s::bytea[])
"""


@dataclass
class Chain:
    """A case's journal in memory: entries already written and entries to be saved. Hold the case's lock."""

    id: UUID
    entries: list[Entry]
    _new: list[tuple[Entry, bytes, bytes]] = field(default_factory=list)

    def append(self, kind: str, payload: dict[str, Any], *, actor: str, version: int = 1) -> Entry:
        """Add an entry at the end; ``save`` writes it. Payload values are what ``canonical_bytes`` takes."""
        content, salt = canonical_bytes(payload), secrets.token_bytes(16)
        last = self.entries[-1] if self.entries else None
        sequence, previous = (last.sequence + 1, last.hash) if last else (1, ORIGIN)
        at, digest = clock.now(), payload_digest(salt, content)
        entry = Entry(
            id=new_id(),
            sequence=sequence,
            kind=kind,
            version=version,
            at=at,
            actor=actor,
            payload=json.loads(content),
            payload_digest=digest,
            previous=previous,
            hash=entry_hash(self.id, sequence, kind, version, at, actor, digest, previous),
        )
        self.entries.append(entry)
        self._new.append((entry, salt, content))
        return entry

    def rewind(self, length: int) -> None:
        """Forget unsaved entries beyond ``length``: what they told of was rolled back."""
        del self._new[max(0, len(self._new) - (len(self.entries) - length)) :]
        del self.entries[length:]

    def save(self) -> None:
        """Write the new entries in the running transaction."""
        if not self._new:
            return
        town, (entries, salts, contents) = current_municipality_id(), map(list, zip(*self._new, strict=True))
        columns = [[getattr(entry, name) for entry in entries] for name in COLUMNS]
        payloads = [[new_id() for _ in entries], [entry.id for entry in entries], salts, contents]
        with connection.cursor() as cursor:
            cursor.execute(_APPEND, [town, self.id, *columns, town, *payloads])
        self._new.clear()

    def of_kind(self, *kinds: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind in kinds]


@dataclass(frozen=True)
class Verification:
    """What checking a chain found: ``broken`` and ``erased`` hold sequence numbers."""

    entries: int
    broken: tuple[int, ...]
    erased: tuple[int, ...]

    @property
    def intact(self) -> bool:
        return not self.broken


def load(chain_id: UUID) -> Chain:
    """All entries of a chain in order, payloads included."""
    read = _rows(chain_id)
    return Chain(
        chain_id, [e if content is None else replace(e, payload=json.loads(content)) for e, _, content in read]
    )


def end_of(chain_id: UUID) -> Chain:
    """A chain that can be added to but knows only its last entry, without payload."""
    rows = JournalEntry.objects.filter(municipality_id=current_municipality_id(), chain=chain_id)
    return Chain(chain_id, [Entry(*row) for row in rows.order_by("-sequence").values_list(*COLUMNS)[:1]])


def verify(chain_id: UUID) -> Verification:
    """Recompute every hash of the chain. Erased payloads are told apart from broken ones."""
    broken, erased, previous, expected = [], [], ORIGIN, 1
    rows = _rows(chain_id)
    allowed = _erasures(rows)
    for row, salt, content in rows:
        sound = row.sequence == expected and row.previous == previous and row.hash == _hash_of(chain_id, row)
        if content is None:
            sound = sound and row.sequence in allowed
            erased.append(row.sequence)
        else:
            sound = sound and payload_digest(salt, content) == row.payload_digest
        if not sound:
            broken.append(row.sequence)
        previous, expected = row.hash, row.sequence + 1
    return Verification(len(rows), tuple(broken), tuple(erased))


def erase(chain_id: UUID, *, sequences: Sequence[int], norm: str, actor: str) -> None:
    """Remove payloads for good. The chain keeps their salted digests and who erased what on which norm."""
    chain = load(chain_id)
    entry = chain.append(ERASED, {"sequences": list(sequences), "norm": norm}, actor=actor)
    chain.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_journal_payloads(%s, %s)", [entry.id, list(sequences)])


def merkle_root(heads: Iterable[tuple[UUID, str]]) -> str:
    """Merkle root (RFC 6962 shape: leaves and nodes hashed apart) over (chain, hash) pairs in order."""
    level = [hashlib.sha256(b"\0" + chain.bytes + head.encode()).digest() for chain, head in heads]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\1" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return "sha256:" + (level[0].hex() if level else hashlib.sha256(b"").hexdigest())


def payload_digest(salt: bytes, content: bytes) -> str:
    return "sha256:" + hashlib.sha256(salt + content).hexdigest()


def entry_hash(
    chain: UUID, sequence: int, kind: str, version: int, at: datetime, actor: str, digest: str, previous: str
) -> str:
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = canonical_bytes([str(chain), sequence, kind, version, moment, actor, digest, previous])
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _rows(chain_id: UUID) -> list[tuple[Entry, bytes, bytes | None]]:
    """Entries without payload; beside each its payload's salt and content, None when that has been erased."""
    rows = JournalEntry.objects.filter(municipality_id=current_municipality_id(), chain=chain_id)
    read = rows.order_by("sequence").values_list(*COLUMNS, "payload__salt", "payload__content")
    return [
        (Entry(*row), b"", None) if content is None else (Entry(*row), bytes(salt), bytes(content))
        for *row, salt, content in read
    ]


def _erasures(rows: list[tuple[Entry, bytes, bytes | None]]) -> set[int]:
    return {
        sequence
        for row, _, content in rows
        if row.kind == ERASED and content is not None
        for sequence in json.loads(content)["sequences"]
    }


def _hash_of(chain: UUID, row: Entry) -> str:
    return entry_hash(chain, row.sequence, row.kind, row.version, row.at, row.actor, row.payload_digest, row.previous)
