"""Rückmeldung: another authority says that people registered there; they leave our register, and we answer.

NOT COVERED: § 33 (2) BMG where it points to § 3 (2) no. 2 d and no. 11 because these items no longer exist.
NOT COVERED: § 33 (3) BMG and § 6 (2) 1. BMeldDÜV because telling the authority of a separate spouse needs its address.
NOT COVERED: § 7 (4) 1. BMeldDÜV because evidence for weapons and passport facts is on paper.
"""

from __future__ import annotations

from datetime import date

from formlos.law.language import age_on, computed, record, rule
from formlos.vocabulary import Haushaltsmitglied, Person


@record
class WeggezogenePerson(Person):
    """A person as the new authority describes them."""

    ist_hier_gemeldet: bool = computed()


@record
class GespeichertePerson(Haushaltsmitglied):
    """A person as our register has them, with what the evaluation tells (§ 3 (2) BMG)."""

    wahlausschluss: bool | None
    passversagung: bool | None
    waffenrechtliche_erlaubnis: bool | None
    sprengstoffrechtliche_erlaubnis: bool | None
    vorlaeufiges_bearbeitungsmerkmal: str | None
    sperrkennwort: str | None
    sperrsumme: str | None
    ist_weggezogen: bool = computed()
    weicht_ab: bool = computed()


@rule(source="§ 33 Abs. 2 Satz 1 BMG")
def auszug_ist_einzutragen(wohnungsstatus: str, rueckmeldung_ist_stimmig: bool, auszug_ist_geprueft: bool) -> bool:
    """The move is entered at once; a secondary dwelling elsewhere ends nothing here, and doubts go to a clerk."""
    if wohnungsstatus == "neben":
        return False
    if wohnungsstatus == "alleinige" and rueckmeldung_ist_stimmig:
        return True
    return auszug_ist_geprueft


@rule(source="§ 33 Abs. 2 Satz 1 BMG, § 6 Abs. 3 BMG")
def rueckmeldung_ist_stimmig(
    person_ist_eindeutig_identifiziert: bool, alle_sind_hier_gemeldet: bool, kinder_bleiben_allein: bool
) -> bool:
    """The person is ours, so are all who left, and no minor stays behind alone."""
    return person_ist_eindeutig_identifiziert and alle_sind_hier_gemeldet and not kinder_bleiben_allein


@rule(source="§ 33 Abs. 2 Satz 1 BMG")
def person_ist_eindeutig_identifiziert(treffer: str) -> bool:
    """Names, date of birth and former address match one person here completely."""
    return treffer == "vollstaendig"


@rule(source="§ 33 Abs. 2 Satz 1 BMG")
def ist_hier_gemeldet(person: WeggezogenePerson, personen: list[GespeichertePerson]) -> bool:
    """A person of that household has the same names and date of birth."""
    return any(
        here.familienname == person.familienname
        and here.vornamen == person.vornamen
        and here.geburtsdatum == person.geburtsdatum
        for here in personen
    )


@rule(source="§ 33 Abs. 2 Satz 1 BMG")
def alle_sind_hier_gemeldet(weggezogene_personen: list[WeggezogenePerson]) -> bool:
    """Everyone whom the other authority names is registered here."""
    return all(person.ist_hier_gemeldet for person in weggezogene_personen)


@rule(source="§ 33 Abs. 2 Satz 1 BMG")
def ist_weggezogen(person: GespeichertePerson, weggezogene_personen: list[WeggezogenePerson]) -> bool:
    """The other authority names this person of the household."""
    return any(
        gone.familienname == person.familienname
        and gone.vornamen == person.vornamen
        and gone.geburtsdatum == person.geburtsdatum
        for gone in weggezogene_personen
    )


@rule(source="§ 33 Abs. 2 Satz 1 BMG")
def auszutragende_personen(personen: list[GespeichertePerson]) -> list[GespeichertePerson]:
    """Who of the household left."""
    return [person for person in personen if person.ist_weggezogen]


@rule(source="§ 22 Abs. 2, § 6 Abs. 3 BMG, § 2 BGB")
def kinder_bleiben_allein(personen: list[GespeichertePerson], einzugsdatum: date, volljaehrig_ab: int) -> bool:
    """A minor would be left in the dwelling without a grown-up of the family."""
    bleibende = [person for person in personen if not person.ist_weggezogen]
    return len(bleibende) > 0 and all(
        age_on(person.geburtsdatum, einzugsdatum) < volljaehrig_ab for person in bleibende
    )


@rule(source="§ 33 Abs. 2 Satz 2 BMG, § 7 Abs. 2 1. BMeldDÜV")
def weicht_ab(person: GespeichertePerson, weggezogene_personen: list[WeggezogenePerson]) -> bool:
    """The other authority has other data than we; that it has more than we is no deviation."""
    return any(
        gone.familienname == person.familienname
        and gone.vornamen == person.vornamen
        and gone.geburtsdatum == person.geburtsdatum
        and (
            gone.familienstand != person.familienstand
            or gone.staatsangehoerigkeit != person.staatsangehoerigkeit
            or gone.geschlecht != person.geschlecht
            or (person.geburtsname is not None and gone.geburtsname != person.geburtsname)
            or (person.geburtsort is not None and gone.geburtsort != person.geburtsort)
            or (person.religion is not None and gone.religion != person.religion)
        )
        for gone in weggezogene_personen
    )


@rule(source="§ 33 Abs. 2 Satz 2 BMG, § 7 Abs. 2 1. BMeldDÜV")
def abweichende_personen(personen: list[GespeichertePerson]) -> list[GespeichertePerson]:
    """Whose data we tell the other authority because they differ."""
    return [person for person in personen if person.weicht_ab]


@rule(source="§ 33 Abs. 2 Satz 2 BMG")
def ergebnis(auszug_ist_einzutragen: bool, wohnungsstatus: str) -> str:
    """What became of the Rückmeldung here."""
    if auszug_ist_einzutragen:
        return "ausgetragen"
    return "vermerkt" if wohnungsstatus == "neben" else "ungeklaert"


@rule(source="§ 33 Abs. 2 Satz 2 BMG, § 7 Abs. 1 1. BMeldDÜV")
def auswertung_ist_mitzuteilen(person_ist_eindeutig_identifiziert: bool) -> bool:
    """The evaluation goes back at once, at the latest after three working days."""
    return person_ist_eindeutig_identifiziert


@rule(source="§ 33 Abs. 2 Satz 2 BMG")
def fehlanzeige_ist_mitzuteilen(person_ist_eindeutig_identifiziert: bool) -> bool:
    """The other authority also learns that we did not find the person."""
    return not person_ist_eindeutig_identifiziert
