"""Lists as CSV: forgiving about encoding and separator, strict about size; nothing that a spreadsheet would execute."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

COLUMNS = ("strasse", "hausnummer", "zusatz", "postleitzahl", "ort", "einzugsdatum", "personen", "eigentuemer")
REQUIRED = ("strasse", "hausnummer", "einzugsdatum", "personen")
EXAMPLE = ("Musterstraße", "12 a", "2. OG links", "70173", "Stuttgart", "01.03.2026", "Eva Muster|Kim Muster", "")
MOST_ROWS, MOST_BYTES = 1000, 1024 * 1024
LONGEST_CELL = 2000
EXECUTED = ("=", "+", "-", "@", "\t", "\r", "\n")


class ListRefused(ValueError):
    """The list cannot be read at all. ``reason``: empty, too_large, encoding, header, too_many, broken."""

    code = "list_refused"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".rstrip())
        self.reason, self.detail = reason, detail


def read(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file by column. Raises ``ListRefused``."""
    if len(content) > MOST_BYTES:
        raise ListRefused("too_large")
    text = _text(content)
    lines = text.lstrip().splitlines()
    if not lines:
        raise ListRefused("empty")
    separator = ";" if lines[0].count(";") >= lines[0].count(",") else ","
    try:
        table = [line for line in csv.reader(io.StringIO(text.lstrip()), delimiter=separator, strict=True) if any(line)]
    except csv.Error as error:
        raise ListRefused("broken") from error
    header = [cell.strip().casefold().replace("straße", "strasse").replace("ü", "ue") for cell in table[0]]
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise ListRefused("header", ", ".join(missing))
    rows = [_row(header, line) for line in table[1:]]
    check_length(rows)
    return rows


def check_length(rows: Sequence[Mapping[str, str]]) -> None:
    """Raises ``ListRefused`` for a list without rows or with too many."""
    if not rows:
        raise ListRefused("empty")
    if len(rows) > MOST_ROWS:
        raise ListRefused("too_many", str(len(rows)))


def write(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """A CSV that spreadsheets open as it is: UTF-8 with a mark, semicolons, and no cell that they would execute."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell as plain text: what a spreadsheet takes for a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(EXECUTED) else cell


def _text(content: bytes) -> str:
    """UTF-8, else Windows-1252, as spreadsheets save it. Raises ``ListRefused`` for what is no text."""
    if b"\x00" in content:
        raise ListRefused("encoding")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ListRefused("encoding")


def _row(header: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    cells = dict(zip(header, (cell.strip() for cell in line), strict=False))
    return {name: cells.get(name, "") for name in COLUMNS}
