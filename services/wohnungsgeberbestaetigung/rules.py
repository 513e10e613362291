"""Wohnungsgeberbestätigung: a landlord confirms a move to the authority and gets a code for whoever moves in.

Section by section of the Bundesmeldegesetz (BMG); the decision itself is § 19 (4). A rule that ends in a fact named
`…_ist_geklaert` or `…_ist_geprueft` leaves that answer to a clerk. Read from the consolidated texts of August 2026.

NOT COVERED: § 19 (1) sentence 3 BMG because asking whether somebody has registered is an inquiry of its own.
NOT COVERED: § 19 (2) BMG because a person whose landlord refuses tells so in their own registration.
NOT COVERED: § 19 (5) BMG because asking landlords who lives with them is a demand of the authority, not an application.
NOT COVERED: moving out, because § 19 (1) BMG has landlords confirm moves in only.
NOT COVERED: a power of attorney, because § 19 (1) sentences 2 and 5 BMG ask for none to be shown: whoever acts for a
    landlord assures it, and the landlord named must be the one on file; else a clerk asks.
NOT COVERED: § 19 (4) sentence 2 with § 10 (3) BMG because an ordinance on the level of trust was not among the texts
    read; the service asks for level substantial.
NOT COVERED: § 54 BMG because fines are discretionary (§ 47 OWiG); being late is counted, never fined.
"""

from __future__ import annotations

from datetime import date, timedelta

from formlos.law.language import days_between, next_working_day, rule
from formlos.vocabulary import Anschrift  # noqa: F401  the type of the addresses in facts.yaml

# § 19 BMG: what the landlord confirms


@rule(source="§ 19 Abs. 4 Satz 1 BMG")
def bestaetigung_ist_zu_erteilen(
    person_steht_fest: bool,
    wohnungsgeber_steht_fest: bool,
    wohnung_ist_anerkannt: bool,
    einzugsdatum_ist_glaubhaft: bool,
    einziehende_personen: str,
    bezug_ist_ernsthaft: bool,
    besonderheiten_sind_beruecksichtigt: bool,
) -> bool:
    """Whoever confirms electronically gets a code, once it is certain who confirms and for which dwelling and people."""
    return (
        person_steht_fest
        and wohnungsgeber_steht_fest
        and wohnung_ist_anerkannt
        and einzugsdatum_ist_glaubhaft
        and einziehende_personen != ""
        and bezug_ist_ernsthaft
        and besonderheiten_sind_beruecksichtigt
    )


@rule(source="§ 19 Abs. 4 Satz 3 BMG")
def person_steht_fest(vertrauensniveau: str, ausweis_ist_vorgelegt: bool) -> bool:
    """Identified electronically at level substantial at least, or a clerk has seen the identity document."""
    return vertrauensniveau in ("substantial", "high") or ausweis_ist_vorgelegt


@rule(source="§ 19 Abs. 1 Satz 2 und 5 BMG")
def wohnungsgeber_steht_fest(
    beauftragung_steht_fest: bool, wohnungsgeber_abgleich: str, wohnungsgeber_ist_geklaert: bool
) -> bool:
    """Only the landlord or somebody in their name confirms; another name than the one on file makes a clerk ask."""
    if not beauftragung_steht_fest:
        return False
    return wohnungsgeber_abgleich == "stimmt" or wohnungsgeber_ist_geklaert


@rule(source="§ 19 Abs. 1 Satz 5 BMG")
def beauftragung_steht_fest(
    handelt_als: str, beauftragung_ist_versichert: bool, beauftragung_ist_geklaert: bool
) -> bool:
    """Who acts for a landlord assures that they were asked to; without the assurance a clerk finds out."""
    if handelt_als != "beauftragt":
        return True
    return beauftragung_ist_versichert or beauftragung_ist_geklaert


@rule(source="§ 19 Abs. 3 Nr. 1 BMG")
def vertretener_wohnungsgeber(handelt_als: str, angegebener_wohnungsgeber: str) -> str:
    """The landlord in whose name somebody else confirms; empty when landlords confirm themselves."""
    return angegebener_wohnungsgeber if handelt_als == "beauftragt" else ""


@rule(source="§ 19 Abs. 3 Nr. 1 BMG")
def sitz_des_vertretenen(handelt_als: str, sitz_des_wohnungsgebers: str) -> str:
    """That landlord's address, as it was told; empty when landlords confirm themselves."""
    return sitz_des_wohnungsgebers if handelt_als == "beauftragt" else ""


@rule(source="§ 19 Abs. 3 Nr. 1 BMG")
def abweichender_eigentuemer(handelt_als: str, angegebener_eigentuemer: str) -> str:
    """The owner's name belongs to the confirmation when the landlord is not the owner."""
    return "" if handelt_als == "eigentuemer" else angegebener_eigentuemer


@rule(source="§ 19 Abs. 3 Nr. 2 BMG")
def einzugsdatum_ist_glaubhaft(
    einzugsdatum: date,
    antragsdatum: date,
    rueckfrage_ab: timedelta,
    vorlauf: timedelta,
    einzugsdatum_ist_geklaert: bool,
) -> bool:
    """A move long ago or far ahead is possible, but a clerk asks why."""
    if antragsdatum - einzugsdatum < rueckfrage_ab and einzugsdatum - antragsdatum <= vorlauf:
        return True
    return einzugsdatum_ist_geklaert


@rule(source="§ 19 Abs. 1 Satz 2, § 17 Abs. 1 BMG, § 31 Abs. 1 und 3 VwVfG, §§ 187 Abs. 1, 188 Abs. 2, 193 BGB")
def bestaetigungsfrist_ende(einzugsdatum: date, bestaetigungsfrist: timedelta, feiertage: frozenset[date]) -> date:
    """Two weeks after the move, that day not counted; a Saturday, Sunday or holiday moves the end to a working day."""
    return next_working_day(einzugsdatum + bestaetigungsfrist, feiertage)


@rule(source="§ 19 Abs. 1 Satz 2, § 17 Abs. 1 BMG")
def tage_verspaetet(antragsdatum: date, bestaetigungsfrist_ende: date) -> int:
    """Days after the end of the period. They are stated, nothing follows from them here."""
    return max(0, days_between(bestaetigungsfrist_ende, antragsdatum))


@rule(source="§ 19 Abs. 6 BMG")
def bezug_ist_ernsthaft(bezug_ist_versichert: bool, bezug_ist_geklaert: bool) -> bool:
    """Nobody may lend an address to people who do not live there; whoever does not assure it is asked by a clerk."""
    return bezug_ist_versichert or bezug_ist_geklaert


# § 20 BMG: what a dwelling is


@rule(source="§ 20 BMG")
def wohnung_ist_anerkannt(anschrift_ist_bekannt: bool, anschrift_ist_wohnung: bool, wohnung_ist_geprueft: bool) -> bool:
    """A dwelling is an enclosed space to live or sleep in; what the address register does not know, a clerk checks."""
    if anschrift_ist_bekannt and anschrift_ist_wohnung:
        return True
    return wohnung_ist_geprueft


# VwVfG: how the authority proceeds


@rule(source="§ 24 Abs. 1 Satz 3 VwVfG")
def besonderheiten_sind_beruecksichtigt(besonderheiten: str, besonderheiten_sind_geklaert: bool) -> bool:
    """What a person says in their own words is read by a person."""
    return besonderheiten == "" or besonderheiten_sind_geklaert


@rule(source="§ 25 Abs. 1 VwVfG")
def ablehnung_ist_zu_begruenden(bestaetigung_ist_zu_erteilen: bool) -> bool:
    """If a clerk could not settle a doubt, the landlord learns why; a confirmation on paper stays possible."""
    return not bestaetigung_ist_zu_erteilen
