"""Meldeschein: answering the request of a new authority for a prefilled registration form.

What is told to whom is decided here, not in the register: the same neutral answer goes out whether a person is
unknown, not unique, or must not be told about, so that nobody can read a block from it (§ 51 (2) sentence 3 BMG).

NOT COVERED: § 23 (3) sentence 1 BMG on paper forms because people bring them to the counter of the new authority.
NOT COVERED: § 40 BMG because the log of every access is kept by the register itself.
"""

from __future__ import annotations

from formlos.law.language import computed, record, rule
from formlos.vocabulary import Haushaltsmitglied


@record
class GespeichertePerson(Haushaltsmitglied):
    """A person of the household in our register."""

    darf_mitgeteilt_werden: bool = computed()


@rule(source="§ 23 Abs. 3 Satz 3, § 23a Abs. 1 Satz 3 BMG")
def meldeschein_ist_zu_erteilen(
    person_ist_eindeutig_identifiziert: bool,
    antragsteller_darf_mitgeteilt_werden: bool,
    registereintrag_ist_glaubhaft: bool,
) -> bool:
    """The authority of the old dwelling supplies the data at once, if it is certain whose data they are."""
    return person_ist_eindeutig_identifiziert and antragsteller_darf_mitgeteilt_werden and registereintrag_ist_glaubhaft


@rule(source="§ 4 Abs. 2 BMeldDigiV, § 4 Abs. 3 Satz 3 1. BMeldDÜV")
def person_ist_eindeutig_identifiziert(treffer: str) -> bool:
    """All four data match one person completely; otherwise the request is turned away."""
    return treffer == "vollstaendig"


@rule(source="§ 8, § 51 Abs. 1 und 2 BMG")
def antragsteller_darf_mitgeteilt_werden(auskunftssperre: bool, freigabe_trotz_sperre: bool) -> bool:
    """Who is protected may move too, but a clerk first makes sure that it is they who ask."""
    return not auskunftssperre or freigabe_trotz_sperre


@rule(source="§ 6 Abs. 3 BMG")
def registereintrag_ist_glaubhaft(verstorben: bool, registereintrag_ist_falsch: bool) -> bool:
    """Someone recorded as deceased does not move; a clerk finds out whether the entry is wrong."""
    return not verstorben or registereintrag_ist_falsch


@rule(source="§ 23 Abs. 2 Satz 2 und Abs. 4 Satz 3, § 23a Abs. 1 Satz 4 und 5, §§ 51, 52 BMG")
def darf_mitgeteilt_werden(person: GespeichertePerson, umfang: str) -> bool:
    """The applicant; of the family, on the assurance of being entitled, those without a block. The rest is silence."""
    return person.rolle == "antragsteller" or (umfang == "familie" and not person.auskunftssperre)


@rule(source="§ 23 Abs. 2 Satz 1 und 2, § 23a Abs. 1 BMG")
def mitzuteilende_personen(personen: list[GespeichertePerson]) -> list[GespeichertePerson]:
    """The persons of the prefilled form."""
    return [person for person in personen if person.darf_mitgeteilt_werden]


@rule(source="§ 6 Abs. 3 BMG")
def gilt_als_verstorben(verstorben: bool, registereintrag_ist_falsch: bool) -> bool:
    """An entry that a clerk found to be wrong is not passed on."""
    return verstorben and not registereintrag_ist_falsch


@rule(source="§ 4 Abs. 3 Satz 3 1. BMeldDÜV, § 51 Abs. 2 Satz 3 BMG")
def neutrale_antwort_ist_zu_erteilen(meldeschein_ist_zu_erteilen: bool) -> bool:
    """In all other cases the answer is that nobody was identified, and no more."""
    return not meldeschein_ist_zu_erteilen
