"""Berichtigung: what a person says is wrong in a decided case, examined by a clerk and corrected, undone or refused.

NOT COVERED: § 6 (1) sentence 2 BMG (telling those who got the wrong data) beyond undoing a whole case, which tells
them by itself; a clerk who corrects an entry in the register tells them there.
"""

from __future__ import annotations

from formlos.law.language import rule


@rule(source="§ 6 Abs. 1 BMG, § 12 BMG")
def berichtigung_ist_vorzunehmen(richtig: str, ergebnis_der_pruefung: str) -> bool:
    """What is entered is wrong, and the person has said what is right."""
    return richtig != "" and ergebnis_der_pruefung in ("berichtigt", "rueckgaengig")


@rule(source="§ 6 Abs. 1 Satz 1 BMG")
def eintrag_ist_berichtigt(berichtigung_ist_vorzunehmen: bool, ergebnis_der_pruefung: str) -> bool:
    """The clerk has corrected the entry."""
    return berichtigung_ist_vorzunehmen and ergebnis_der_pruefung == "berichtigt"


@rule(source="§ 6 Abs. 1 Satz 1 BMG")
def vorgang_ist_rueckgaengig_zu_machen(berichtigung_ist_vorzunehmen: bool, ergebnis_der_pruefung: str) -> bool:
    """So much is wrong that the whole case is undone and begun again with what is right."""
    return berichtigung_ist_vorzunehmen and ergebnis_der_pruefung == "rueckgaengig"


@rule(source="§ 12 BMG, § 39 Abs. 1 VwVfG")
def berichtigung_ist_abzulehnen(berichtigung_ist_vorzunehmen: bool) -> bool:
    """What is entered is right: the refusal says why."""
    return not berichtigung_ist_vorzunehmen
