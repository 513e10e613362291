"""Says of a file whether it is one of ours, byte for byte, and if not, why. Offline; nothing is kept.

The file is not interpreted as a PDF. A seal counts only if it covers every byte of the file but its own place,
and in that place stands the container as it must be and padding, nothing else. So a file that passes is exactly
the file that was sealed, and no trick with PDF objects can matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from asn1crypto import cms
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from formlos.notices.containers import Container, container_of


def gettext_noop(text: str) -> str:
    """Mark a text for translation. Django's own asks for settings, which a check without a node has not."""
    return text


MAX_SIZE = 10 * 1024 * 1024  # bytes; our own documents have some ten thousand
MAX_SEAL = 64 * 1024  # bytes; our own seals have about a thousand
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,8})\s+(\d{1,8})\s+(\d{1,8})\s*\]")
SEALED_AT = re.compile(rb"/M \(D(?::|\\072)(\d{14})Z\)")
GENUINE, WITHDRAWN = gettext_noop("Echt"), gettext_noop("Echt, aber zurückgenommen")
UNCHECKED, NOT_GENUINE = gettext_noop("Nicht geprüft"), gettext_noop("Nicht echt")
WORDS = {
    "genuine": (GENUINE, gettext_noop("Das Dokument trägt das Siegel von {signer} und ist seitdem unverändert.")),
    "revoked": (WITHDRAWN, gettext_noop("{signer} hat das Dokument zurückgenommen. Es gilt nicht mehr.")),
    "too_large": (
        UNCHECKED,
        gettext_noop("Die Datei ist größer als 10 Megabyte. So große Dokumente stellen wir nicht aus."),
    ),
    "not_a_pdf": (UNCHECKED, gettext_noop("Die Datei ist kein PDF-Dokument.")),
    "no_seal": (NOT_GENUINE, gettext_noop("Das Dokument trägt kein Siegel.")),
    "broken": (NOT_GENUINE, gettext_noop("Die Datei ist beschädigt; ihr Siegel lässt sich nicht lesen.")),
    "strange_seal": (NOT_GENUINE, gettext_noop("Das Dokument trägt ein Siegel, aber keines, das hier bekannt ist.")),
    "altered": (NOT_GENUINE, gettext_noop("Das Dokument wurde nach dem Siegeln verändert.")),
    "appended": (NOT_GENUINE, gettext_noop("An das Dokument wurde nach dem Siegeln etwas angehängt.")),
    "outside_validity": (
        NOT_GENUINE,
        gettext_noop("Das Siegel wurde außerhalb der Gültigkeit seines Zertifikats angebracht."),
    ),
}


@dataclass(frozen=True)
class Verdict:
    """``reason`` is a key of ``WORDS``; ``signer`` and ``sealed_at`` are said only of a genuine file."""

    genuine: bool
    reason: str
    signer: str | None = None
    sealed_at: datetime | None = None

    @property
    def sentence(self) -> str:
        """The verdict in German, in one line."""
        title, why = WORDS[self.reason]
        return f"{title}: {why.format(signer=self.signer)}"


class Flaw(Exception):
    """What is wrong with the file; the argument is a key of ``WORDS``."""


@dataclass(frozen=True)
class Seal:
    """What a file says about its seal. ``place`` is the hexadecimal text that holds the container."""

    covered: bytes
    place: bytes
    signed: cms.SignedData
    dated: bytes
    appended: bool


def verify(pdf: bytes, trusted_certificates: Iterable[str]) -> Verdict:
    """Check ``pdf`` against the certificates (PEM) that one trusts; never raises because of the file."""
    trusted = [container_of(certificate_pem) for certificate_pem in trusted_certificates]
    try:
        seal = read_seal(pdf)
        container = trusted_container(seal, trusted)
        check_unaltered(seal, container)
        sealed_at = moment_within_validity(seal, container)
    except Flaw as flaw:
        return Verdict(False, str(flaw))
    except Exception:  # a hostile file can make the ASN.1 reader raise anything: then its seal is unreadable
        return Verdict(False, "broken")
    signer = container.certificate.subject.native["organization_name"]
    return Verdict(True, "genuine", signer, sealed_at)


def read_seal(pdf: bytes) -> Seal:
    """The first seal of the file: a second one would be something appended."""
    if len(pdf) > MAX_SIZE:
        raise Flaw("too_large")
    if not pdf.startswith(b"%PDF-"):
        raise Flaw("not_a_pdf")
    found = BYTE_RANGE.search(pdf)
    if found is None:
        raise Flaw("no_seal" if b"%%EOF" in pdf[-1024:] else "broken")
    before, after, length = map(int, found.groups())
    if not before < after <= after + length <= len(pdf):
        raise Flaw("broken")
    place = pdf[before:after]
    dated = SEALED_AT.search(pdf, found.end(), found.end() + 512)
    return Seal(
        covered=pdf[:before] + pdf[after : after + length],
        place=place,
        signed=_signed_data(place),
        dated=dated[1] if dated else b"",
        appended=after + length < len(pdf),
    )


def _signed_data(place: bytes) -> cms.SignedData:
    if len(place) > 2 * MAX_SEAL:
        raise Flaw("strange_seal")
    container = cms.ContentInfo.load(bytes.fromhex(place.decode("ascii").strip("<>")))
    return container["content"]


def trusted_container(seal: Seal, trusted: Iterable[Container]) -> Container:
    enclosed = {choice.chosen.dump() for choice in seal.signed["certificates"]}
    for container in trusted:
        if container.certificate.dump() in enclosed:
            return container
    raise Flaw("strange_seal")


def check_unaltered(seal: Seal, container: Container) -> None:
    (info,) = seal.signed["signer_infos"]
    expected = container.around(info["signed_attrs"].dump(), info["signature"].native).hex().upper().encode()
    if seal.place != b"<" + expected.ljust(len(seal.place) - 2, b"0") + b">":
        raise Flaw("altered")
    digest = sha256(seal.covered).digest()
    intact, valid = validate_sig_integrity(info, container.certificate, "data", digest)
    if not (intact and valid):
        raise Flaw("altered")
    if seal.appended:
        raise Flaw("appended")


def moment_within_validity(seal: Seal, container: Container) -> datetime:
    moment = datetime.strptime(seal.dated.decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    validity = container.certificate["tbs_certificate"]["validity"].native
    if not validity["not_before"] <= moment <= validity["not_after"]:
        raise Flaw("outside_validity")
    return moment
