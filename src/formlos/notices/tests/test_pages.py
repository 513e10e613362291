import json
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from unicodedata import normalize

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formlos.notices.contents import contents_for
from formlos.notices.rendering import machine_data, render_article
from formlos.notices.tests.examples import (
    DAY,
    EVERY_LAYOUT,
    HEAD,
    LANDLORD,
    PERSON,
    REFUSAL,
    REGISTRATION,
    REPORT_BACK,
    page,
    text_of,
)
from formlos.vocabulary.names import SEQUENCES

HOSTILE = [
    '#eval("1+1")',
    "*fett* _kursiv_",
    "<script>alert(1)</script>",
    '"; #panic() //',
    "$x^2$ @ziel `roh`",
    "{{ settings }}{% now %}",
]


def confirmation_for(**person: object) -> dict[str, object]:
    return REGISTRATION | {"person": PERSON | person}


def test_a_confirmation_shows_its_items_in_words():
    text = text_of(page(REGISTRATION))
    for shown in (
        "Amtliche Meldebestätigung",
        "Familienname Nguyễn-Ćwiek",
        "Vornamen Ľubomíra Anna",
        "Gebräuchlicher Vorname: Anna",
        "Doktorgrad Dr.",
        "Geburtsdatum 4. Mai 1988",
        "Einzugsdatum 1. März 2026",
        "Tag der Anmeldung 10. März 2026",
        "Anschrift Schwabstraße 12 b, 70197 Stuttgart",
        "Art der Wohnung Alleinige Wohnung",
    ):
        assert shown in text
    for hidden in ("12345678901", "Košice", "katholisch", "verheiratet"):
        assert hidden not in text


@pytest.mark.parametrize("arguments", EVERY_LAYOUT, ids=lambda arguments: arguments["layout"])
def test_every_page_is_tagged_for_pdf_ua_and_fit_for_the_archive(arguments):
    pdf = pypdf.PdfReader(BytesIO(page(arguments)))
    root = pdf.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1<" in metadata
    assert "<pdfaid:part>3<" in metadata and "<pdfaid:conformance>A<" in metadata
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "de-DE" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/StructTreeRoot"]["/K"]
    assert all(sheet["/Tabs"] == "/S" for sheet in pdf.pages)
    assert all("/FontFile2" in str(font) for sheet in pdf.pages for font in embedded_fonts(sheet))


def embedded_fonts(sheet: pypdf.PageObject) -> list[object]:
    fonts = sheet["/Resources"]["/Font"].values()
    return [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]


def test_the_attached_machine_data_say_what_the_page_says():
    attachments = pypdf.PdfReader(BytesIO(page(REGISTRATION))).attachments
    (data,) = attachments["meldebestaetigung.json"]
    contents = contents_for(layout="meldebestaetigung", arguments=REGISTRATION)
    assert data == machine_data(layout="meldebestaetigung", contents=contents, head=HEAD, written_on=DAY)
    assert json.loads(data) == {
        "art": "meldebestaetigung",
        "aussteller": "Stadt Musterstadt",
        "datum": "2026-03-10",
        "spieldaten": False,
        "angaben": {
            "person": {
                "familienname": "Nguyễn-Ćwiek",
                "vornamen": "Ľubomíra Anna",
                "rufname": "Anna",
                "doktorgrad": "Dr.",
                "geburtsdatum": "1988-05-04",
            },
            "anschrift": {
                "strasse": "Schwabstraße",
                "hausnummer": "12 b",
                "postleitzahl": "70197",
                "ort": "Stuttgart",
            },
            "einzugsdatum": "2026-03-01",
            "meldedatum": "2026-03-10",
            "wohnungsstatus": "alleinige",
        },
    }


def test_every_letter_sequence_of_din_91379_is_drawn_and_can_be_copied_from_the_page():
    names = [normalize("NFC", base + marks) for marks, bases in SEQUENCES.items() for base in bases]
    words = set(text_of(page(confirmation_for(vornamen=" ".join(names)))).split())
    assert [name for name in names if name not in words] == []


def test_a_name_in_decomposed_form_is_the_same_name_on_the_page():
    assert "Nguyễn-Ćwiek" in text_of(page(confirmation_for(familienname=normalize("NFD", "Nguyễn-Ćwiek"))))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_looks_like_markup_is_shown_as_it_is(name):
    arguments = confirmation_for(familienname=name, vornamen="Anna")
    assert f"Familienname {name}" in text_of(page(arguments))


def article(arguments, head=HEAD):
    contents = contents_for(layout="meldebestaetigung", arguments=arguments)
    return render_article(layout="meldebestaetigung", contents=contents, head=head, written_on=DAY)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_looks_like_markup_is_shown_as_it_is_in_html_too(name):
    html = article(confirmation_for(familienname=name, vornamen="Anna"))
    assert "<script>" not in html
    assert name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in html


def test_the_html_twin_has_one_heading_row_heads_and_says_when_it_is_invented():
    html = article(REGISTRATION, replace(HEAD, demo=True))
    assert html.count("<h1") == 1 and '<article lang="de"' in html
    assert '<th scope="row">Familienname</th><td>Nguyễn-Ćwiek' in html
    assert "Demo – Spieldaten" in html


def test_the_same_letter_is_set_in_the_same_bytes():
    assert page(REGISTRATION) == page(REGISTRATION)


def test_a_municipality_of_invented_data_says_so_on_every_form_of_a_notice():
    demo = replace(HEAD, demo=True)
    contents = contents_for(layout="meldebestaetigung", arguments=REGISTRATION)
    assert "Demo – Spieldaten" in text_of(page(REGISTRATION, head=demo))
    data = machine_data(layout="meldebestaetigung", contents=contents, head=demo, written_on=DAY)
    assert json.loads(data)["spieldaten"] is True
    assert "Demo" not in text_of(page(REGISTRATION))


def test_a_notice_gives_reasons_appointment_and_remedy():
    text = text_of(page(REFUSAL))
    assert "Ihr Wohnungsgeber hat den Einzug nicht bestätigt (§ 19 Absatz 1 BMG)" in text
    assert "Dienstag, 17. März 2026, 9.20 Uhr" in text
    assert "Rechtsbehelfsbelehrung" in text


def test_a_letter_to_an_unconnected_authority_lists_the_persons_without_their_tax_numbers():
    text = text_of(page(REPORT_BACK))
    assert "Person 1 von 2" in text and "Person 2 von 2" in text
    assert "Familienstand verheiratet" in text
    assert "12345678901" not in text


def test_the_address_stands_in_the_window_of_the_envelope():
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    millimetres = 72 / 25.4
    window = [int(edge * millimetres) for edge in (20, 45, 85, 45)]  # DIN 5008 form B: left, top, width, height
    options = [f for pair in zip(["-x", "-y", "-W", "-H"], map(str, window), strict=True) for f in pair]
    shown = subprocess.run(["pdftotext", *options, "-", "-"], input=page(REFUSAL), capture_output=True, check=True)
    assert [line for line in shown.stdout.decode().split("\n") if line.strip()] == [
        "Stadt Musterstadt · Markt 1 · 99999 Musterstadt",
        "Dr. Ľubomíra Anna Nguyễn-Ćwiek",
        "Schwabstraße 12 b",
        "70197 Stuttgart",
    ]


UNWRITABLE = {
    "Ukrainian": "Київ",
    "Arabic": "محمد",
    "Chinese": "中文",
    "emoji": "Haus 👩‍👩‍👧 🏠️ GmbH",
    "BEL": "a\x07b",
    "NUL": "a\x00b",
    "turned around": "Stadtbau \u202eHbmG\u202c \u200f",
    "private": "\ue000\ufeff\uffff\U000f0000",
    "lines": "eins\tzwei\u2028drei\r\nvier",
    "marks": "Q\u0304\u0301 \u0489 x\u0336",
}


@pytest.mark.parametrize("text", UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_our_font_lacks_keeps_no_notice_from_being_set(text):
    for arguments in (REFUSAL | {"betreff": text, "absaetze": [text]}, LANDLORD | {"eigentuemer": f"Erbin {text}"}):
        shown = text_of(page(arguments))
        assert ("Zeichen, die unsere Schrift nicht hat" in shown) == ("[?]" in shown)


def test_a_sign_that_our_font_lacks_is_marked_on_the_page_and_kept_in_the_attached_data():
    pdf = page(LANDLORD | {"eigentuemer": "Київ Ｂａｕ ٣ GmbH"})
    assert "Eigentümer Ки[?]в Bau 3 GmbH" in text_of(pdf) and "Zeichen, die unsere Schrift nicht hat" in text_of(pdf)
    (data,) = pypdf.PdfReader(BytesIO(pdf)).attachments["wohnungsgeberbestaetigung.json"]
    assert json.loads(data)["angaben"]["eigentuemer"] == "Київ Ｂａｕ ٣ GmbH"
    assert "Zeichen, die unsere Schrift nicht hat" not in text_of(page(LANDLORD))


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_no_text_keeps_a_notice_from_being_set(text):
    assert page(REFUSAL | {"betreff": f"Betreff {text}", "absaetze": [text]})
