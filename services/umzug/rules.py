"""Umzug: registering a dwelling electronically, section by section of the Bundesmeldegesetz (BMG).

Each rule stands at the first section that it cites, the Bundesmeldedatendigitalisierungsverordnung (BMeldDigiV)
behind § 23a BMG, VwVfG and Personalausweisverordnung (PAuswV) at the end. The decision itself is § 17.
A rule that ends in a fact named `…_ist_geklaert`, `…_ist_geprueft` or the like leaves that answer to a clerk.
Read from the consolidated texts of August 2026.

NOT COVERED: § 17 (2) BMG because leaving without a new dwelling in Germany is another service (Abmeldung).
NOT COVERED: § 17 (3) sentence 2 BMG because the registry office reports newborns (§ 17 (4)); nobody applies.
NOT COVERED: § 19 (2), (5) and (6) BMG because refusals of landlords and sham addresses are a clerk's inquiry;
    a landlord who refuses by link makes that inquiry begin.
NOT COVERED: confirmations of grown-up family members, because § 23 (4) lets one person register all on an assurance.
NOT COVERED: § 22 (5) BMG because the choice of a resident of an institution is an application of its own.
NOT COVERED: § 23 (5), §§ 26-29 and 32 BMG because reception centres, exemptions, ships, hotels and hospitals
    follow other procedures; who is exempt need not register and does not come here.
NOT COVERED: § 33 (1) sentence 1 BMG as to the authorities of further dwellings: they follow from (3), by messages
    that are not exchanged here yet; a clerk tells them, and is asked wherever there are further dwellings.
NOT COVERED: § 33 (1) sentence 2 BMG because moves from abroad have no old authority to ask; a clerk registers them.
NOT COVERED: § 36 (2) BMG in its old wording because the objection to data for the Bundeswehr no longer exists.
NOT COVERED: § 42 (1) BMG because telling churches needs state law that names them (§ 42 (5)).
NOT COVERED: § 54 BMG because fines are discretionary (§ 47 OWiG); being late is counted, never fined.
"""

from __future__ import annotations

from datetime import date, timedelta

from formlos.law.language import age_on, computed, days_between, next_working_day, record, rule
from formlos.vocabulary import Anschrift, Haushaltsmitglied, Person


@record
class MitziehendePerson(Haushaltsmitglied):
    """A person of the old household, as the prefilled registration form shows it."""

    zieht_mit: bool
    ist_minderjaehrig: bool = computed()
    darf_vorgelegt_werden: bool = computed()
    zieht_um: bool = computed()


# § 6 BMG: a register that is right


@rule(source="§ 6 Abs. 3 BMG")
def registereintrag_ist_glaubhaft(
    register_bestaetigt_die_person: bool, verstorben: bool, nach_unbekannt: bool, registereintrag_ist_geklaert: bool
) -> bool:
    """The register has the person as living and as not gone to an unknown place; else a clerk finds out."""
    if register_bestaetigt_die_person and (verstorben or nach_unbekannt):
        return registereintrag_ist_geklaert
    return True


@rule(source="§ 6 Abs. 1 BMG")
def anmeldung_ist_nicht_doppelt(
    neue_anschrift: Anschrift, bisherige_anschrift: Anschrift, doppelte_anmeldung_ist_geklaert: bool
) -> bool:
    """The new dwelling is another one than the present one."""
    if (
        neue_anschrift.ags == bisherige_anschrift.ags
        and neue_anschrift.strasse == bisherige_anschrift.strasse
        and neue_anschrift.hausnummer == bisherige_anschrift.hausnummer
        and (bisherige_anschrift.zusatz is None or neue_anschrift.zusatz == bisherige_anschrift.zusatz)
    ):
        return doppelte_anmeldung_ist_geklaert
    return True


# § 17 BMG: the duty to register


@rule(source="§ 17 Abs. 1 BMG")
def anmeldung_ist_einzutragen(einzug_ist_erfolgt: bool, voraussetzungen_liegen_vor: bool) -> bool:
    """Who has moved into a dwelling registers; the authority then enters the registration."""
    return einzug_ist_erfolgt and voraussetzungen_liegen_vor


@rule(source="§§ 17, 19 bis 25 BMG, § 4 BMeldDigiV")
def voraussetzungen_liegen_vor(
    person_steht_fest: bool,
    vertretung_steht_fest: bool,
    wohnung_ist_anerkannt: bool,
    wohnungsnachweis_liegt_vor: bool,
    alle_zuziehenden_sind_erfasst: bool,
    wohnungsstatus: str,
    angaben_sind_glaubhaft: bool,
    besonderheiten_sind_beruecksichtigt: bool,
) -> bool:
    """Person, dwelling, proof, everyone who moves and the kind of dwelling are certain; no doubt is left."""
    return (
        person_steht_fest
        and vertretung_steht_fest
        and wohnung_ist_anerkannt
        and wohnungsnachweis_liegt_vor
        and alle_zuziehenden_sind_erfasst
        and wohnungsstatus != "offen"
        and angaben_sind_glaubhaft
        and besonderheiten_sind_beruecksichtigt
    )


@rule(source="§ 17 Abs. 1 BMG")
def einzugsdatum_ist_erreicht(einzugsdatum: date, heute: date) -> bool:
    """Registration follows the move: before that day no register of residents is asked, and nothing is decided.

    The directory of authorities, the address register and the landlord's confirmations may be asked earlier.
    """
    return einzugsdatum <= heute


@rule(source="§ 17 Abs. 1 BMG")
def einzug_ist_erfolgt(einzugsdatum: date, antragsdatum: date, einzug_bestaetigt: bool) -> bool:
    """Who told us before moving in confirms on or after the day that the move has happened."""
    if einzugsdatum <= antragsdatum:
        return True
    return einzug_bestaetigt


@rule(source="§ 17 Abs. 1 BMG")
def einzug_ist_abgesagt(einzug_ist_erfolgt: bool) -> bool:
    """A move told in advance has not happened: nothing is registered, and a new day is offered."""
    return not einzug_ist_erfolgt


@rule(source="§ 17 Abs. 1 BMG")
def anmeldedatum(einzugsdatum: date, antragsdatum: date, heute: date) -> date:
    """The day of registration is the day of filing; for a move told in advance, the day it is completed."""
    return antragsdatum if einzugsdatum <= antragsdatum else heute


@rule(source="§ 17 Abs. 1 BMG, § 31 Abs. 1 und 3 VwVfG, §§ 187 Abs. 1, 188 Abs. 2, 193 BGB")
def anmeldefrist_ende(einzugsdatum: date, anmeldefrist: timedelta, feiertage: frozenset[date]) -> date:
    """Two weeks after move-in, that day not counted; a Saturday, Sunday or holiday moves the end to a working day."""
    return next_working_day(einzugsdatum + anmeldefrist, feiertage)


@rule(source="§ 17 Abs. 1 BMG")
def tage_verspaetet(anmeldedatum: date, anmeldefrist_ende: date) -> int:
    """Days after the end of the period. They are stated, nothing follows from them here."""
    return max(0, days_between(anmeldefrist_ende, anmeldedatum))


@rule(source="§ 17 Abs. 1, § 25 Nr. 1 BMG")
def einzugsdatum_ist_ungewoehnlich(einzugsdatum: date, antragsdatum: date, rueckfrage_ab: timedelta) -> bool:
    """The day is far from that of filing, often a slip of the pen: the person is asked to look again."""
    return einzugsdatum > antragsdatum + rueckfrage_ab or einzugsdatum + rueckfrage_ab < antragsdatum


@rule(source="§ 17 Abs. 3 BMG")
def vertretung_steht_fest(
    geburtsdatum: date,
    einzugsdatum: date,
    meldepflicht_ab: int,
    meldet_fuer_andere: bool,
    vertretung_ist_nachgewiesen: bool,
) -> bool:
    """From 16 everyone registers themselves; for younger ones and people in care it must be certain who may act.

    The register may say so of a parent with custody; else a clerk checks.
    """
    if age_on(geburtsdatum, einzugsdatum) >= meldepflicht_ab and not meldet_fuer_andere:
        return True
    return vertretung_ist_nachgewiesen


# § 19 BMG: what the landlord confirms


@rule(source="§ 19 Abs. 1, § 23 Abs. 1, § 23a Abs. 3 BMG")
def wohnungsnachweis_liegt_vor(
    wohnungsnachweis: str,
    wohnungsgeber_hat_elektronisch_bestaetigt: bool,
    anschriftencode_ergebnis: str,
    bestaetigung_ist_in_ordnung: bool,
    eigentum_ist_geprueft: bool,
    wohnungsnachweis_ist_anerkannt: bool,
) -> bool:
    """Landlord's code or code from our letter prove the dwelling; a clerk looks at paper, ownership and wrong codes."""
    if wohnungsnachweis == "upload":
        return bestaetigung_ist_in_ordnung
    if wohnungsnachweis == "eigentum":
        return eigentum_ist_geprueft
    if wohnungsgeber_hat_elektronisch_bestaetigt:
        return True
    if wohnungsnachweis == "brief" and anschriftencode_ergebnis == "gueltig":
        return True
    return wohnungsnachweis_ist_anerkannt


@rule(source="§ 19 Abs. 4 BMG")
def wohnungsgeber_hat_elektronisch_bestaetigt(
    wohnungsnachweis: str, wohnungsgeber_hat_per_link_bestaetigt: bool, zuordnungsmerkmal_ergebnis: str
) -> bool:
    """The landlord confirmed the move to us; the code, passed on by him or by his case, fits dwelling and day."""
    if wohnungsnachweis == "link" and not wohnungsgeber_hat_per_link_bestaetigt:
        return False
    return wohnungsnachweis in ("zuordnungsmerkmal", "link") and zuordnungsmerkmal_ergebnis == "gueltig"


@rule(source="§ 19 Abs. 4, § 23a Abs. 3 BMG")
def code_passt_nicht(wohnungsnachweis: str, zuordnungsmerkmal_ergebnis: str, anschriftencode_ergebnis: str) -> bool:
    """The code that was typed does not belong to this dwelling, day and name: the person is asked to look again."""
    if wohnungsnachweis == "brief":
        return anschriftencode_ergebnis != "gueltig"
    return wohnungsnachweis == "zuordnungsmerkmal" and zuordnungsmerkmal_ergebnis != "gueltig"


@rule(source="§ 19 Abs. 1 und 4 BMG")
def wohnungsgeber_wird_per_link_gefragt(wohnungsnachweis: str) -> bool:
    """The landlord tells the authority directly; the person only lets him know that he is asked."""
    return wohnungsnachweis == "link"


@rule(source="§ 19 Abs. 3 Nr. 4, § 17 Abs. 3 BMG")
def dem_wohnungsgeber_genannte_personen(
    zuziehende_personen: list[MitziehendePerson], einzugsdatum: date, meldepflicht_ab: int
) -> list[MitziehendePerson]:
    """A confirmation names those who have to register themselves, so the landlord is told of no younger children."""
    return [person for person in zuziehende_personen if age_on(person.geburtsdatum, einzugsdatum) >= meldepflicht_ab]


@rule(source="§ 19 Abs. 4 BMG")
def zuordnungsmerkmal_ist_verbraucht(
    anmeldung_ist_einzutragen: bool, wohnungsgeber_hat_elektronisch_bestaetigt: bool
) -> bool:
    """A landlord's code serves one registration."""
    return anmeldung_ist_einzutragen and wohnungsgeber_hat_elektronisch_bestaetigt


# § 20 BMG: what a dwelling is


@rule(source="§ 20 BMG")
def wohnung_ist_anerkannt(anschrift_ist_bekannt: bool, anschrift_ist_wohnung: bool, wohnung_ist_geprueft: bool) -> bool:
    """A dwelling is an enclosed space to live or sleep in; what the address register does not know, a clerk checks."""
    if anschrift_ist_bekannt and anschrift_ist_wohnung:
        return True
    return wohnung_ist_geprueft


@rule(source="§ 20 BMG")
def anschrift_ist_zu_pruefen(anschrift_ist_bekannt: bool, anschrift_ist_wohnung: bool) -> bool:
    """The address register has no such dwelling: the person is asked to look again, before a clerk does."""
    return not anschrift_ist_bekannt or not anschrift_ist_wohnung


# §§ 21, 22 BMG: main and other dwellings


@rule(source="§ 21 Abs. 1 bis 3, § 22 Abs. 3 und 4 BMG")
def wohnungsstatus(
    weitere_wohnungen_bestehen: bool,
    ehegatten_ziehen_getrennt: bool,
    kinder_und_eltern_ziehen_getrennt: bool,
    wohnungsstatus_nach_pruefung: str,
) -> str:
    """The only dwelling, unless there are several or a family parts; then a clerk weighs which one is mainly used."""
    if weitere_wohnungen_bestehen or ehegatten_ziehen_getrennt or kinder_und_eltern_ziehen_getrennt:
        return wohnungsstatus_nach_pruefung
    return "alleinige"


@rule(source="§ 21 Abs. 4 BMG")
def weitere_wohnungen_bestehen(behaelt_weitere_wohnung: bool, zuziehende_personen: list[MitziehendePerson]) -> bool:
    """Someone who moves keeps or has another dwelling in Germany, by their own word or by the register."""
    return behaelt_weitere_wohnung or any(person.weitere_wohnungen > 0 for person in zuziehende_personen)


@rule(source="§ 22 Abs. 1 BMG")
def ehegatten_ziehen_getrennt(personen: list[MitziehendePerson]) -> bool:
    """A spouse or civil partner does not move along. Who lives apart for good has no dwelling in common anyway."""
    if not any(
        person.rolle == "antragsteller"
        and person.familienstand in ("VH", "LP")
        and (person.getrennt_lebend is None or not person.getrennt_lebend)
        for person in personen
    ):
        return False
    return not any(person.rolle == "ehegatte" and person.zieht_um for person in personen)


@rule(source="§ 22 Abs. 2 BMG, § 2 BGB")
def ist_minderjaehrig(person: MitziehendePerson, einzugsdatum: date, volljaehrig_ab: int) -> bool:
    """Under 18 on the day of moving in."""
    return age_on(person.geburtsdatum, einzugsdatum) < volljaehrig_ab


@rule(source="§ 22 Abs. 2 BMG")
def kinder_und_eltern_ziehen_getrennt(personen: list[MitziehendePerson]) -> bool:
    """A minor stays behind or registers without a parent, or moves while a parent of the household does not.

    With a lone parent nobody parts. A parent whom the form does not name lives elsewhere or is not married to the
    applicant; if the child keeps a dwelling there, it has several (§ 21 (4)). Who is blocked does not count: a
    question must not betray that somebody else lives here (§ 51).
    """
    shown = [person for person in personen if not person.auskunftssperre]
    if any(person.ist_minderjaehrig and not person.zieht_um for person in shown):
        return True
    if any(person.ist_minderjaehrig and person.rolle == "antragsteller" for person in shown):
        return not any(person.rolle == "elternteil" and person.zieht_um for person in shown)
    if not any(person.ist_minderjaehrig for person in shown):
        return False
    return any(person.rolle in ("ehegatte", "elternteil") and not person.zieht_um for person in shown)


# § 23 BMG: the registration form and who is on it


@rule(source="§ 23 Abs. 1, § 23a Abs. 1, § 51 BMG, § 4 BMeldDigiV")
def person_steht_fest(
    identitaet_ist_nachgewiesen: bool,
    ausweis_ist_anerkannt: bool,
    identitaet_ist_geklaert: bool,
    auskunftssperre_ist_beachtet: bool,
) -> bool:
    """It is certain who registers, and that the person is protected where that is needed."""
    return (
        identitaet_ist_nachgewiesen
        and ausweis_ist_anerkannt
        and identitaet_ist_geklaert
        and auskunftssperre_ist_beachtet
    )


@rule(source="§ 23 Abs. 1 BMG")
def ausweis_ist_anerkannt(ausweis_art: str, auslaendischer_ausweis_ist_geprueft: bool) -> bool:
    """German identity card and eID card are accepted at once; other documents are looked at by a clerk."""
    return ausweis_art in ("personalausweis", "eid_karte") or auslaendischer_ausweis_ist_geprueft


@rule(source="§ 23 Abs. 2 BMG")
def wegzug_ags(bisherige_anschrift: Anschrift) -> str:
    """The old authority is that of the dwelling so far."""
    return bisherige_anschrift.ags


@rule(source="§ 23 Abs. 2 BMG")
def umzug_in_der_gemeinde(wegzug_ags: str, eigene_ags: str) -> bool:
    """Who moves inside the municipality is in its own register; no other authority is asked or told."""
    return wegzug_ags == eigene_ags


@rule(source="§ 23 Abs. 2 Satz 2, § 23a Abs. 1 Satz 4 und 5, §§ 51, 52 BMG")
def darf_vorgelegt_werden(person: MitziehendePerson, berechtigung_ist_versichert: bool) -> bool:
    """The form shows the applicant and, on the assurance, the family; never a family member with a block."""
    return person.rolle == "antragsteller" or (berechtigung_ist_versichert and not person.auskunftssperre)


@rule(source="§ 23 Abs. 2 Satz 5, § 23a Abs. 1 BMG")
def alle_zuziehenden_sind_erfasst(
    zuziehende_personen: list[MitziehendePerson],
    weitere_personen_ziehen_mit: bool,
    weitere_personen_sind_geklaert: bool,
) -> bool:
    """Someone moves, and persons missing from the form are added by a clerk, whatever the reason they are missing."""
    if weitere_personen_ziehen_mit:
        return weitere_personen_sind_geklaert and len(zuziehende_personen) > 0
    return len(zuziehende_personen) > 0


@rule(source="§ 23 Abs. 4 Satz 1 und 2 BMG")
def zieht_um(person: MitziehendePerson) -> bool:
    """The applicant moves; of the family, whoever the applicant registers too."""
    if person.rolle == "antragsteller":
        return True
    if not person.darf_vorgelegt_werden:
        return False
    return person.zieht_mit


@rule(source="§ 23 Abs. 4 Satz 1 und 2 BMG")
def zuziehende_personen(personen: list[MitziehendePerson]) -> list[MitziehendePerson]:
    """All who are registered by this one form."""
    return [person for person in personen if person.zieht_um]


@rule(source="§ 23 Abs. 4 Satz 1 BMG")
def weitere_personen_sind_einzutragen(
    anmeldung_ist_einzutragen: bool, weitere_personen_ziehen_mit: bool, weitere_personen: list[Person]
) -> bool:
    """Persons whom a clerk added are entered with the others."""
    return anmeldung_ist_einzutragen and weitere_personen_ziehen_mit and len(weitere_personen) > 0


@rule(source="§ 23 Abs. 4 Satz 3, § 23a Abs. 1 Satz 5 BMG")
def abruf_umfang(berechtigung_ist_versichert: bool) -> str:
    """The family's data are requested only on the assurance of being entitled to receive them."""
    return "familie" if berechtigung_ist_versichert else "allein"


# § 23a BMG: registering electronically


@rule(source="§ 23a Abs. 1 BMG, § 2 BMeldDigiV")
def wegzug_ist_angeschlossen(umzug_in_der_gemeinde: bool, ist_angeschlossen: bool) -> bool:
    """Another authority has the data and can be asked electronically."""
    return not umzug_in_der_gemeinde and ist_angeschlossen


@rule(source="§ 23a Abs. 2, § 3 Abs. 2 Nr. 10 BMG")
def wohnungsgeber_ist_glaubhaft(
    wohnungsnachweis: str,
    anschrift_ist_bekannt: bool,
    angegebener_wohnungsgeber: str,
    wohnungsgeber_name: str | None,
    wohnungsgeber_ist_geklaert: bool,
) -> bool:
    """With the code letter the person names the landlord; another name than the known one makes a clerk ask."""
    if wohnungsnachweis != "brief" or not anschrift_ist_bekannt or wohnungsgeber_name is None:
        return True
    return angegebener_wohnungsgeber == wohnungsgeber_name or wohnungsgeber_ist_geklaert


# BMeldDigiV, the ordinance on § 23a BMG: who asks for the form, and what it says of the day of moving out


@rule(source="§ 4 Abs. 1 BMeldDigiV")
def identitaet_ist_nachgewiesen(vertrauensniveau: str, ausweis_ist_vorgelegt: bool) -> bool:
    """Identified electronically at level high, or a clerk has seen the identity document."""
    return vertrauensniveau == "high" or ausweis_ist_vorgelegt


@rule(source="§ 4 Abs. 2 BMeldDigiV, § 23 Abs. 2 Satz 5 BMG")
def identitaet_ist_geklaert(register_bestaetigt_die_person: bool, identitaet_ist_geprueft: bool) -> bool:
    """Where the register cannot or does not confirm the person, a clerk finds out."""
    return register_bestaetigt_die_person or identitaet_ist_geprueft


@rule(source="§ 4 Abs. 2 BMeldDigiV, § 23 Abs. 2 BMG")
def register_bestaetigt_die_person(
    umzug_in_der_gemeinde: bool, wegzug_ist_angeschlossen: bool, person_ist_eindeutig_identifiziert: bool
) -> bool:
    """The register of the dwelling so far could be asked, ours or another's, and has exactly this person."""
    return (umzug_in_der_gemeinde or wegzug_ist_angeschlossen) and person_ist_eindeutig_identifiziert


@rule(source="§ 4 Abs. 2 BMeldDigiV")
def person_ist_eindeutig_identifiziert(treffer: str) -> bool:
    """Family name, first names, date of birth and address match the register completely. There is no near match."""
    return treffer == "vollstaendig"


@rule(source="§ 9 Abs. 2 Nr. 4 BMeldDigiV")
def wirksames_auszugsdatum(zieht_an_anderem_tag_aus: bool, einzugsdatum: date, auszugsdatum: date) -> date:
    """The day of moving out is that of moving in, unless the person names another."""
    return auszugsdatum if zieht_an_anderem_tag_aus else einzugsdatum


# § 25 BMG: the duty to say what is true, and doubts about what is said


@rule(source="§ 25 BMG, § 6 Abs. 3 BMG")
def angaben_sind_glaubhaft(
    einzugsdatum_ist_glaubhaft: bool,
    belegung_ist_glaubhaft: bool,
    wohnungsgeber_ist_glaubhaft: bool,
    registereintrag_ist_glaubhaft: bool,
    anmeldung_ist_nicht_doppelt: bool,
) -> bool:
    """Nothing that the authority knows speaks against what it is told, or a clerk has looked into it."""
    return (
        einzugsdatum_ist_glaubhaft
        and belegung_ist_glaubhaft
        and wohnungsgeber_ist_glaubhaft
        and registereintrag_ist_glaubhaft
        and anmeldung_ist_nicht_doppelt
    )


@rule(source="§ 25 Nr. 1 BMG")
def einzugsdatum_ist_glaubhaft(
    einzugsdatum: date, antragsdatum: date, rueckfrage_ab: timedelta, rueckdatierung_ist_geklaert: bool
) -> bool:
    """A move-in long ago is possible, but a clerk asks why."""
    return antragsdatum - einzugsdatum < rueckfrage_ab or rueckdatierung_ist_geklaert


@rule(source="§ 25 Nr. 1, § 19 Abs. 6 BMG")
def belegung_ist_glaubhaft(
    anschrift_ist_bekannt: bool,
    wohnflaeche: int | None,
    gemeldete_personen: int,
    zuziehende_personen: list[MitziehendePerson],
    flaeche_je_person: int,
    belegung_ist_geklaert: bool,
) -> bool:
    """Those registered and those moving in have room in the dwelling, as far as its size is known."""
    if not anschrift_ist_bekannt or wohnflaeche is None:
        return True
    if (gemeldete_personen + len(zuziehende_personen)) * flaeche_je_person <= wohnflaeche:
        return True
    return belegung_ist_geklaert


# § 33 BMG: telling the old authority


@rule(source="§ 33 Abs. 1 BMG")
def rueckmeldung_ist_zu_senden(anmeldung_ist_einzutragen: bool, wegzug_ist_angeschlossen: bool) -> bool:
    """The old authority is told at once, at the latest after three working days."""
    return anmeldung_ist_einzutragen and wegzug_ist_angeschlossen


@rule(source="§ 33 Abs. 1 BMG")
def rueckmeldung_ist_als_brief_zu_senden(
    anmeldung_ist_einzutragen: bool, umzug_in_der_gemeinde: bool, wegzug_ist_angeschlossen: bool
) -> bool:
    """An old authority that cannot be reached electronically is told by letter."""
    return anmeldung_ist_einzutragen and not umzug_in_der_gemeinde and not wegzug_ist_angeschlossen


@rule(source="§ 33 Abs. 1 BMG")
def weitere_personen_sind_zurueckzumelden(
    weitere_personen_sind_einzutragen: bool, wegzug_ist_angeschlossen: bool
) -> bool:
    """For persons whom a clerk added, the old authority is told in a message of its own."""
    return weitere_personen_sind_einzutragen and wegzug_ist_angeschlossen


@rule(source="§ 33 Abs. 1 BMG")
def weitere_personen_sind_als_brief_zurueckzumelden(
    weitere_personen_sind_einzutragen: bool, umzug_in_der_gemeinde: bool, wegzug_ist_angeschlossen: bool
) -> bool:
    """An old authority that cannot be reached electronically is told of them by letter too."""
    return weitere_personen_sind_einzutragen and not umzug_in_der_gemeinde and not wegzug_ist_angeschlossen


# §§ 51, 52 BMG: people who are protected


@rule(source="§ 51, § 33 Abs. 4 BMG")
def auskunftssperre_ist_beachtet(personen: list[MitziehendePerson], schutz_ist_gewahrt: bool) -> bool:
    """A block on the applicant moves along; a clerk sees to it before anything is entered."""
    if any(person.rolle == "antragsteller" and person.auskunftssperre for person in personen):
        return schutz_ist_gewahrt
    return True


# VwVfG: how the authority proceeds


@rule(source="§ 24 Abs. 1 Satz 3 VwVfG")
def besonderheiten_sind_beruecksichtigt(besonderheiten: str, besonderheiten_sind_geklaert: bool) -> bool:
    """What a person says in their own words is read by a person."""
    return besonderheiten == "" or besonderheiten_sind_geklaert


@rule(source="§ 39 Abs. 1 VwVfG")
def ablehnung_ist_zu_begruenden(einzug_ist_abgesagt: bool, voraussetzungen_liegen_vor: bool) -> bool:
    """If a clerk could not settle a doubt, the person gets the reason and an appointment."""
    return not einzug_ist_abgesagt and not voraussetzungen_liegen_vor


# PAuswV: the address on the chip


@rule(source="§ 19 PAuswV")
def anschrift_im_chip_ist_zu_aendern(
    anmeldung_ist_einzutragen: bool, ausweis_art: str, geburtsdatum: date, einzugsdatum: date, meldepflicht_ab: int
) -> bool:
    """Holders of an identity or eID card may now start the change of the address on the chip themselves.

    Not for a child: there the card is that of the parent, who does not move by this registration.
    """
    if age_on(geburtsdatum, einzugsdatum) < meldepflicht_ab:
        return False
    return anmeldung_ist_einzutragen and ausweis_art in ("personalausweis", "eid_karte")
