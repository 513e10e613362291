"""Berichtigung: what a person says is wrong in a decided case, examined by a clerk and corrected, undone or refused.

Who had been told the wrong value by the first case gets a letter (§ 6 (1) sentence 2 BMG).

NOT COVERED: § 6 (1) sentence 2 BMG as to offices that learned of it otherwise than by that case, and as an electronic
    message, because none is connected; the notice claims neither.
NOT COVERED: § 6 (1) sentence 1 BMG by the platform itself for sex, nationality, marital status and religion, because
    other authorities decide them: a clerk corrects them in the register, and the notice says so.
"""

from __future__ import annotations

from datetime import date

from formlos.law.language import record, rule
from formlos.vocabulary import Anschrift


@record
class Stelle:
    """A registration authority that was told, by the name of its town."""

    name: str


@rule(source="§ 6 Abs. 1 BMG, § 12 BMG")
def berichtigung_ist_vorzunehmen(richtig: str, ergebnis_der_pruefung: str) -> bool:
    """What is entered is wrong, and the person has said what is right."""
    return richtig != "" and ergebnis_der_pruefung in ("berichtigt", "rueckgaengig")


@rule(source="§ 6 Abs. 1 Satz 1 BMG")
def eintrag_ist_berichtigt(berichtigung_ist_vorzunehmen: bool, ergebnis_der_pruefung: str) -> bool:
    """One value is wrong, and the clerk says what is right."""
    return berichtigung_ist_vorzunehmen and ergebnis_der_pruefung == "berichtigt"


@rule(source="§ 6 Abs. 1 Satz 1 BMG")
def eintrag_ist_zu_aendern(eintrag_ist_berichtigt: bool, feld: str) -> bool:
    """The platform changes the entry itself where the first case entered it."""
    return eintrag_ist_berichtigt and feld != "anderes"


@rule(source="§ 6 Abs. 1 Satz 1 BMG")
def richtig_als_text(feld: str, richtiger_text: str) -> str | None:
    """The right value of what is a text, or of what a clerk has changed by hand."""
    return None if feld in ("geburtsdatum", "einzugsdatum", "neue_anschrift") else richtiger_text


@rule(source="§ 6 Abs. 1 Satz 1 BMG")
def richtig_als_tag(feld: str, richtiger_tag: date) -> date | None:
    """The right day."""
    return richtiger_tag if feld in ("geburtsdatum", "einzugsdatum") else None


@rule(source="§ 6 Abs. 1 Satz 1 BMG")
def richtig_als_anschrift(feld: str, richtige_anschrift: Anschrift) -> Anschrift | None:
    """The right dwelling."""
    return richtige_anschrift if feld == "neue_anschrift" else None


@rule(source="§ 6 Abs. 1 Satz 1 BMG")
def vorgang_ist_rueckgaengig_zu_machen(berichtigung_ist_vorzunehmen: bool, ergebnis_der_pruefung: str) -> bool:
    """So much is wrong that the whole case is undone and begun again with what is right."""
    return berichtigung_ist_vorzunehmen and ergebnis_der_pruefung == "rueckgaengig"


@rule(source="§ 12 BMG, § 39 Abs. 1 VwVfG")
def berichtigung_ist_abzulehnen(berichtigung_ist_vorzunehmen: bool) -> bool:
    """What is entered is right: the refusal says why."""
    return not berichtigung_ist_vorzunehmen
