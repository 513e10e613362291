"""Objections to the registration authority's passing on of data, and taking them back.

The law gives an unconditional right: no reason, no fee, no discretion. Read from the consolidated texts of August 2026.

NOT COVERED: § 36 (2) BMG in its old wording because the objection to data for the Bundeswehr no longer exists.
NOT COVERED: § 50 (3) BMG because information for address books was repealed; nobody has to object to it.
NOT COVERED: § 42 (3) sentence 2 BMG as to who belongs to which religious community, because the register answers that
    at each transmission; without a family member of another community the objection simply hinders nothing.
NOT COVERED: § 42 (3) sentence 4 BMG because data for church tax may be passed on all the same; the texts say so.
NOT COVERED: §§ 51 and 52 BMG because protection from danger is granted by an authority, which needs reasons.
"""

from __future__ import annotations

from datetime import date

from formlos.law.language import rule
from formlos.vocabulary import Anschrift  # noqa: F401  the type of a fact


@rule(source="§ 42 Abs. 3 Satz 3, § 50 Abs. 5 BMG")
def sperren_sind_zu_aendern(
    identitaet_ist_nachgewiesen: bool, etwas_ist_gewaehlt: bool, person_steht_fest: bool
) -> bool:
    """Whoever objects, and is known to be the person concerned, has a right to it."""
    return identitaet_ist_nachgewiesen and etwas_ist_gewaehlt and person_steht_fest


@rule(source="§ 10 Abs. 1 BMG")
def identitaet_ist_nachgewiesen(vertrauensniveau: str, ausweis_ist_vorgelegt: bool) -> bool:
    """The person identified electronically, or a clerk has seen the identity document."""
    return vertrauensniveau in ("substantial", "high") or ausweis_ist_vorgelegt


@rule(source="§ 42 Abs. 3, § 50 Abs. 5 BMG")
def etwas_ist_gewaehlt(vorhaben: str, sperren: list[str]) -> bool:
    """An objection, or its withdrawal, says what it is about."""
    return vorhaben in ("widersprechen", "aufheben") and len(sperren) > 0


@rule(source="§ 24 Abs. 1 VwVfG")
def person_steht_fest(person_ist_gefunden: bool, eintrag_ist_von_hand_erfolgt: bool) -> bool:
    """The register has exactly this person, or a clerk has found and changed the entry."""
    return person_ist_gefunden or eintrag_ist_von_hand_erfolgt


@rule(source="§ 3 Abs. 1 BMG")
def person_ist_gefunden(treffer: str) -> bool:
    """Family name, first names, date of birth and address match the register completely."""
    return treffer == "vollstaendig"


@rule(source="§ 42 Abs. 3, § 50 Abs. 5 BMG")
def wirksam_ab(gilt_erst_spaeter: bool, gewuenschter_tag: date, heute: date) -> date:
    """At once, unless the person names a later day; never before today."""
    if gilt_erst_spaeter and gewuenschter_tag > heute:
        return gewuenschter_tag
    return heute


@rule(source="§ 42 Abs. 3, § 50 Abs. 5 BMG")
def register_ist_zu_aendern(sperren_sind_zu_aendern: bool, person_ist_gefunden: bool) -> bool:
    """The register is changed by the platform only where it has found the entry itself."""
    return sperren_sind_zu_aendern and person_ist_gefunden
