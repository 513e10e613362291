"""Auswertung: what the old authority answers to our Rückmeldung completes the register; deviations are looked at.

NOT COVERED: § 7 (5) 1. BMeldDÜV because the message about a separate spouse is not sent yet.
"""

from __future__ import annotations

from datetime import date

from formlos.law.language import computed, record, rule
from formlos.vocabulary import AusgewertetePerson


@record
class MitgeteiltePerson(AusgewertetePerson):
    """A person about whom the old authority tells something."""

    hat_merkmale: bool = computed()


@record
class AbweichendePerson:
    """A person whom the old register describes differently."""

    familienname: str
    geburtsname: str | None
    vornamen: str
    geburtsdatum: date
    geburtsort: str | None
    geschlecht: str
    staatsangehoerigkeit: str
    familienstand: str
    religion: str | None


@rule(source="§ 33 Abs. 2 BMG")
def auswertung_ist_abgeschlossen(rueckmeldung_ist_angekommen: bool, abweichungen_sind_geklaert: bool) -> bool:
    """The old authority has entered the move, and both registers say the same."""
    return rueckmeldung_ist_angekommen and abweichungen_sind_geklaert


@rule(source="§ 33 Abs. 2 Satz 1 BMG, § 7 Abs. 2 Satz 3 1. BMeldDÜV")
def rueckmeldung_ist_angekommen(ergebnis: str, nach_unbekannt: bool, unklarheit_ist_beseitigt: bool) -> bool:
    """The move was entered or noted there; if the person was unknown or gone there, a clerk finds out."""
    if ergebnis in ("ausgetragen", "vermerkt") and not nach_unbekannt:
        return True
    return unklarheit_ist_beseitigt


@rule(source="§ 6 Abs. 3 BMG, § 7 Abs. 2 Satz 1 1. BMeldDÜV")
def abweichungen_sind_geklaert(abweichungen: list[AbweichendePerson], abweichung_ist_geklaert: bool) -> bool:
    """Where the old register says something else, a clerk finds out which one is right."""
    return len(abweichungen) == 0 or abweichung_ist_geklaert


@rule(source="§ 3 Abs. 2 BMG, § 7 Abs. 1 1. BMeldDÜV")
def hat_merkmale(person: MitgeteiltePerson) -> bool:
    """Something is stored about the person that the new register must know."""
    return (
        person.wahlausschluss is not None
        or person.passversagung is not None
        or person.waffenrechtliche_erlaubnis is not None
        or person.sprengstoffrechtliche_erlaubnis is not None
        or person.vorlaeufiges_bearbeitungsmerkmal is not None
        or person.sperrkennwort is not None
        or person.sperrsumme is not None
    )


@rule(source="§ 6 Abs. 1 BMG, § 7 Abs. 1 1. BMeldDÜV")
def zu_ergaenzende_personen(merkmale: list[MitgeteiltePerson]) -> list[MitgeteiltePerson]:
    """Whose entries are completed."""
    return [person for person in merkmale if person.hat_merkmale]


@rule(source="§ 6 Abs. 1 BMG")
def register_ist_zu_ergaenzen(
    auswertung_ist_abgeschlossen: bool, zu_ergaenzende_personen: list[MitgeteiltePerson]
) -> bool:
    """An incomplete register is completed."""
    return auswertung_ist_abgeschlossen and len(zu_ergaenzende_personen) > 0
