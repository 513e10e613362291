"""The record types of the residents register, as far as moving house needs them (§ 3 BMG)."""

from __future__ import annotations

from datetime import date

from formlos.law.language import record


@record
class Anschrift:
    """A domestic address (§ 3 (1) no. 12 BMG). `ags` is the municipality's official key, eight digits."""

    strasse: str
    hausnummer: str
    zusatz: str | None
    postleitzahl: str
    ort: str
    ags: str


@record
class Person:
    """A person as one registration authority tells another (§ 3 (1) nos. 1-4, 6-8, 10, 11, 14 and 17 BMG).

    Legal representatives, spouse and children (nos. 9, 15, 16) are the other persons of the household by `rolle`;
    addresses and dates (12, 13) are facts of the move. Religious and stage names (5) and AZR numbers (17a) are not kept.
    geschlecht: m, w, d or x (left open). staatsangehoerigkeit: ISO 3166 alpha-3. familienstand: LD single,
    VH married, VW widowed, GS divorced, EA annulled, LP, LV, LA, LE civil partnership and its ends.
    rolle: antragsteller, ehegatte, elternteil or kind, as seen from the person who registers.
    """

    familienname: str
    geburtsname: str | None
    vornamen: str
    rufname: str | None
    doktorgrad: str | None
    geburtsdatum: date
    geburtsort: str | None
    geschlecht: str
    identifikationsnummer: str | None
    staatsangehoerigkeit: str
    religion: str | None
    familienstand: str
    ausweis_nummer: str | None
    ausweis_gueltig_bis: date | None
    rolle: str


@record
class Haushaltsmitglied(Person):
    """A person of one household as its own register knows it, with what rules must weigh before anyone sees it.

    auskunftssperre covers blocks under § 51 and conditional ones under § 52 BMG; weitere_wohnungen counts the
    person's other dwellings in Germany (§ 21 BMG); getrennt_lebend: lives apart from spouse or civil partner for good
    (§ 22 (1) BMG), none where the register does not say.
    """

    auskunftssperre: bool
    weitere_wohnungen: int
    getrennt_lebend: bool | None


@record
class AusgewertetePerson:
    """What the old authority adds about a person who left (§ 33 (2) BMG, § 7 1. BMeldDÜV); none means: nothing stored.

    The first four fields only say who is meant (§ 7 (3) 1. BMeldDÜV).
    """

    familienname: str
    vornamen: str
    geburtsdatum: date
    identifikationsnummer: str | None
    wahlausschluss: bool | None
    passversagung: bool | None
    waffenrechtliche_erlaubnis: bool | None
    sprengstoffrechtliche_erlaubnis: bool | None
    vorlaeufiges_bearbeitungsmerkmal: str | None
    sperrkennwort: str | None
    sperrsumme: str | None
