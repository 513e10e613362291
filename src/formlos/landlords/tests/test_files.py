"""Lists that people and programs send: read whatever the spreadsheet made of them, refuse what is none."""

from __future__ import annotations

import pytest

from formlos.landlords import files
from formlos.landlords.files import ListRefused

HEADER = "Straße;Hausnummer;Zusatz;Postleitzahl;Ort;Einzugsdatum;Personen;Eigentümer\r\n"
ROW = "Königstraße;1;;70173;Stuttgart;01.03.2026;Käthe Häberle|Łukasz Müller;\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_list_in_utf_8_is_read(encoding):
    (row,) = files.read((HEADER + ROW).encode(encoding))
    assert (row["strasse"], row["personen"]) == ("Königstraße", "Käthe Häberle|Łukasz Müller")


def test_a_list_in_windows_1252_with_commas_is_read():
    text = (HEADER + ROW).replace(";", ",").replace("Ł", "L")
    (row,) = files.read(text.encode("cp1252"))
    assert (row["strasse"], row["hausnummer"]) == ("Königstraße", "1")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \r\n", "empty"),
        (HEADER.encode(), "empty"),
        (b"PK\x03\x04\x00\x00", "encoding"),
        ((HEADER + ROW).encode("utf-16"), "encoding"),
        (b"\x81\x8d" * 9, "encoding"),
        (b"Name;Ort\r\na;b\r\n", "header"),
        ((HEADER + ROW * 1001).encode(), "too_many"),
        (b"x" * (files.MOST_BYTES + 1), "too_large"),
        ((HEADER + 'Weg;"1').encode(), "broken"),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(content, reason):
    with pytest.raises(ListRefused) as refused:
        files.read(content)
    assert refused.value.reason == reason


def test_a_thousand_rows_are_read():
    assert len(files.read((HEADER + ROW * 1000).encode())) == 1000


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", " =1", '=HYPERLINK("http://x")'])
def test_no_cell_is_written_that_a_spreadsheet_would_execute(cell):
    written = files.write(["a"], [[cell]]).decode("utf-8-sig").splitlines()[1]
    assert written.startswith("\"'")


def test_the_template_can_be_read_as_a_list():
    assert len(files.read(files.write(files.COLUMNS, [files.EXAMPLE]))) == 1
