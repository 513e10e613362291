"""Trying a list out: what each row would confirm, or what is wrong with it. Nothing is decided here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from formlos.landlords.files import LONGEST_CELL
from formlos.registers.queries import addresses
from formlos.vocabulary.names import NameNotAllowed, check_name

Problem = tuple[str, str]
Checked = tuple[dict[str, Any], list[Problem]]
GERMAN = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
CODES = ("too_long", "missing", "date", "address", "flat", "no_dwelling", "name", "owner", "duplicate")


def check(rows: Iterable[Mapping[str, str]], *, role: str, landlord: str) -> list[Checked]:
    """For each row the answers of its case by path, and its problems. role: as ``handelt_als``; landlord: for whom."""
    seen: dict[Any, int] = {}
    found = []
    for number, row in enumerate(rows, start=1):
        said, problems = _checked(row, role=role, landlord=landlord)
        key = (tuple(sorted(said["neue_anschrift"].items())), said["einzugsdatum"], said["einziehende_personen"])
        if not problems and key in seen:
            problems = [("duplicate", str(seen[key]))]
        seen.setdefault(key, number)
        found.append((said, problems))
    return found


def _checked(row: Mapping[str, str], *, role: str, landlord: str) -> Checked:
    long = [name for name, cell in row.items() if len(cell) > LONGEST_CELL]
    if long:
        row = {name: cell[:LONGEST_CELL] for name, cell in row.items()}
    day, dated = _day(row["einzugsdatum"])
    names, named = _names(row["personen"])
    address, placed = _address(row)
    owner = row["eigentuemer"] or (landlord if role == "beauftragt" else "")
    owned = [("owner", "")] if role == "vermieter" and not owner else []
    said = {"neue_anschrift": address, "einzugsdatum": day, "einziehende_personen": names}
    if role != "eigentuemer":
        said["angegebener_eigentuemer"] = owner
    return said, [("too_long", name) for name in long] + placed + dated + named + owned


def _day(text: str) -> tuple[str, list[Problem]]:
    """A day as ISO text; read as people write it."""
    if not text:
        return "", [("missing", "einzugsdatum")]
    german = GERMAN.fullmatch(text)
    try:
        found = date(int(german[3]), int(german[2]), int(german[1])) if german else date.fromisoformat(text)
    except ValueError:
        return text, [("date", text)]
    return found.isoformat(), []


def _names(text: str) -> tuple[str, list[Problem]]:
    """Names, a person a line; in the list a vertical bar may part them."""
    names = [name.strip() for name in text.replace("|", "\n").splitlines() if name.strip()]
    if not names:
        return "", [("missing", "personen")]
    problems: list[Problem] = []
    for name in names:
        try:
            check_name(name)
        except NameNotAllowed as error:
            problems.append(("name", f"{name}: {', '.join(error.characters)}" if error.characters else name))
    return "\n".join(names), problems


def _address(row: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """The address as the register spells it, and whether exactly one dwelling is there."""
    given = {name: row[name] for name in ("strasse", "hausnummer", "zusatz", "postleitzahl", "ort")}
    missing = [name for name in ("strasse", "hausnummer") if not given[name]]
    if missing:
        return given, [("missing", name) for name in missing]
    address = given | {name: value or "" for name, value in addresses.completed(given).items()}
    found = addresses.dwellings_at(address=address)
    if not found:
        house = addresses.dwellings_at(address=address | {"zusatz": ""})
        return address, [("flat", _flats(house)) if house else ("address", "")]
    if len(found) > 1:
        return address, [("flat", _flats(found))]
    return address, [] if found[0].ist_wohnung else [("no_dwelling", "")]


def _flats(dwellings: Iterable[Any]) -> str:
    return ", ".join(dwelling.zusatz for dwelling in list(dwellings)[:12] if dwelling.zusatz)
