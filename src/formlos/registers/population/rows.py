"""Rows as PostgreSQL's COPY reads them, and keys that follow from municipality, seed and position."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import UTC, date, datetime

NULL = r"\N"
TABLES = ("Street", "Building", "Dwelling", "Resident", "Residence", "Relation", "Lock")
COLUMNS = {
    "Street": ("id", "name"),
    "Building": ("id", "street_id", "hausnummer", "postleitzahl", "ort"),
    "Dwelling": (
        "id", "building_id", "zusatz", "wohnflaeche", "ist_wohnung",
        "eigentuemer_name", "wohnungsgeber_name", "wohnungsgeber_anschrift",
    ),
    "Resident": (
        "id", "familienname", "geburtsname", "vornamen", "rufname", "doktorgrad", "geburtsdatum", "geburtsort",
        "geschlecht", "staatsangehoerigkeit", "familienstand", "religion", "identifikationsnummer",
        "ausweis_art", "ausweis_nummer", "ausweis_gueltig_bis", "sterbedatum", "suchform",
    ),
    "Residence": (
        "id", "resident_id", "dwelling_id", "anderswo", "status", "einzugsdatum", "auszugsdatum",
        "anmeldedatum", "zuzug_von", "nach_unbekannt",
    ),
    "Relation": ("id", "kind", "resident_id", "related_id", "sorgerecht", "getrennt_lebend"),
    "Lock": ("id", "resident_id", "kind", "until"),
}  # fmt: skip
CONSTANTS = {
    "Resident": {"merkmale": "{}", "subject": ""},
    "Residence": {},
    "Relation": {},
    "Lock": {},
}
"""Values that every row of a versioned table shares, beside ``recorded_at``."""


class Batch:
    """Rows ready to be copied, by table."""

    def __init__(self) -> None:
        self.lines: dict[str, list[str]] = defaultdict(list)

    def add(self, table: str, *values: str) -> None:
        """Values are text as COPY expects it: no tabs, line ends or backslashes but ``NULL``."""
        self.lines[table].append("\t".join(values))

    def __len__(self) -> int:
        return len(self.lines["Resident"])


class Keys:
    """UUIDv7 keys for a table: the key date as time, then a digest of where they belong, then a counter."""

    def __init__(self, *, ags: str, seed: int, key_date: date, table: str) -> None:
        midnight = datetime(key_date.year, key_date.month, key_date.day, tzinfo=UTC)
        origin = hashlib.sha256(f"{ags}/{seed}/{table}".encode()).hexdigest()
        time = f"{int(midnight.timestamp() * 1000):012x}"
        self._prefix = f"{time}7{origin[:3]}8{origin[3:10]}"
        self.count = 0

    def next(self) -> str:
        self.count += 1
        return f"{self._prefix}{self.count:08x}"


def day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
