"""Contents, a throw-away seal key and pages for the tests of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from unicodedata import normalize

import pypdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from formlos.notices.contents import contents_for
from formlos.notices.letterheads import Letterhead
from formlos.notices.rendering import render
from formlos.notices.sealing import seal

NOON = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
DAY = date(2026, 3, 10)
HEAD = Letterhead(
    municipality="Stadt Musterstadt",
    sender="Stadt Musterstadt · Markt 1 · 99999 Musterstadt",
    contact=(("Telefon", "0999 1-0"),),
    verify_at="musterstadt.example/pruefen",
)
ADDRESS = {
    "strasse": "Schwabstraße",
    "hausnummer": "12 b",
    "zusatz": {"none": True},
    "postleitzahl": "70197",
    "ort": "Stuttgart",
    "ags": "08111000",
}
PERSON = {
    "familienname": "Nguyễn-Ćwiek",
    "vornamen": "Ľubomíra Anna",
    "rufname": "Anna",
    "doktorgrad": "Dr.",
    "geburtsdatum": "1988-05-04",
    "geburtsort": "Košice",
    "geschlecht": "w",
    "staatsangehoerigkeit": "SVK",
    "religion": "römisch-katholisch",
    "familienstand": "VH",
    "identifikationsnummer": "12345678901",
}
REGISTRATION = {
    "layout": "meldebestaetigung",
    "person": PERSON,
    "anschrift": ADDRESS,
    "einzugsdatum": "2026-03-01",
    "meldedatum": "2026-03-10",
    "wohnungsstatus": "alleinige",
}
CODE_LETTER = {
    "layout": "codebrief",
    "familienname": "Nguyễn-Ćwiek",
    "vornamen": "Ľubomíra Anna",
    "neue_anschrift": ADDRESS,
    "code": "K7QM-2XPD-94",
    "gueltig_bis": "2026-04-09",
}
REFUSAL = {
    "layout": "bescheid",
    "empfaenger": ADDRESS | {"name": "Dr. Ľubomíra Anna Nguyễn-Ćwiek"},
    "betreff": "Ihre Anmeldung kann so nicht eingetragen werden",
    "zeichen": "32-3.02.1/4711",
    "absaetze": ["Guten Tag,", "wir können die Anmeldung so nicht eintragen."],
    "gruende": [{"text": "Ihr Wohnungsgeber hat den Einzug nicht bestätigt", "norm": "§ 19 Absatz 1 BMG"}],
    "termin": {"wann": "Dienstag, 17. März 2026, 9.20 Uhr", "wo": "Bürgerbüro West", "mitbringen": ["Ausweis"]},
    "rechtsbehelf": "Gegen diesen Bescheid kann innerhalb eines Monats Widerspruch erhoben werden.",
}
REPORT_BACK = {
    "layout": "rueckmeldung",
    "behoerde": "Musterdorf",
    "personen": [PERSON, PERSON | {"vornamen": "Minh", "rufname": {"none": True}}],
    "bisherige_anschrift": ADDRESS | {"postleitzahl": "99998", "ort": "Musterdorf"},
    "neue_anschrift": ADDRESS,
    "einzugsdatum": "2026-03-01",
    "wohnungsstatus": "alleinige",
}
LANDLORD = {
    "layout": "wohnungsgeberbestaetigung",
    "familienname": "Wägele",
    "vornamen": "Karl Friedrich",
    "wohnungsgeber": "Schwaben Wohnen GmbH",
    "wohnungsgeber_sitz": "Königstraße 1, 70173 Stuttgart",
    "wohnungsgeber_anschrift": ADDRESS,
    "eigentuemer": "Erbengemeinschaft Ćwiek",
    "anschrift": ADDRESS,
    "einzugsdatum": "2026-03-01",
    "personen": "Ľubomíra Anna Nguyễn-Ćwiek\nMinh Nguyễn",
    "code": "7KQ3-M9TX-2H4C",
}
CORRECTED = {
    "layout": "berichtigung",
    "familienname": "Nguyễn-Ćwiek",
    "vornamen": "Ľubomíra Anna",
    "anschrift": ADDRESS,
    "angabe": "Tag des Einzugs",
    "bisher": "1. März 2026",
    "text": {"none": True},
    "tag": "2026-03-02",
    "richtige_anschrift": {"none": True},
    "im_register": True,
    "stellen": [{"key": "1", "name": "Musterdorf"}],
    "zeichen": "UMZ-2026-7K3QFX9M",
}
CORRECTION_TOLD = CORRECTED | {
    "layout": "berichtigungsmitteilung",
    "behoerde": "Musterdorf",
    "geburtsdatum": "1988-05-04",
}
EVERY_LAYOUT = [REGISTRATION, CODE_LETTER, REFUSAL, REPORT_BACK, LANDLORD, CORRECTED, CORRECTION_TOLD]


@dataclass(frozen=True)
class SealKey:
    private: ec.EllipticCurvePrivateKey
    certificate_pem: str


def make_seal_key(*, holder: str, start: datetime = NOON - timedelta(days=30)) -> SealKey:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, holder),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Siegel {holder}"),
        ]
    )
    end = start + timedelta(days=365)
    certificate = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number(), start, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    return SealKey(private, certificate.public_bytes(serialization.Encoding.PEM).decode())


def page(arguments: dict[str, Any], *, head: Letterhead = HEAD) -> bytes:
    layout = arguments["layout"]
    contents = contents_for(layout=layout, arguments=arguments)
    return render(layout=layout, contents=contents, head=head, written_on=DAY)


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return normalize("NFC", " ".join(" ".join(page.extract_text() for page in pages).split()))


def sealed(pdf: bytes, key: SealKey, *, at: datetime = NOON) -> bytes:
    return seal(pdf, key=key.private, certificate_pem=key.certificate_pem, at=at)
