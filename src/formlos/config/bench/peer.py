"""The rules of umzug in a rule engine from PyPI, to have something well known beside our own figures.

GoRules ZEN (``zen-engine``, MIT licence, written in Rust). Ported is every rule on which the goal
``anmeldung_ist_einzutragen`` rests, in the order of dependence, as one expression node. ZEN computes every
expression of a node from values that are all there: no unknown, no question, no explanation, no norm, no period.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from formlos.law import Facts, Law
from formlos.law.types import encode

GOAL = "anmeldung_ist_einzutragen"
PARAMETERS = ("meldepflicht_ab", "volljaehrig_ab", "rueckfrage_ab", "flaeche_je_person")
EMPTY = {"bool": False, "int": 0, "text": "", "enum": "", "date": "2000-01-01"}

MEMBER = """{
    rolle: #.rolle, familienstand: #.familienstand, weitere_wohnungen: #.weitere_wohnungen,
    auskunftssperre: #.auskunftssperre, getrennt_lebend: #.getrennt_lebend,
    ist_minderjaehrig: d(einzugsdatum).diff(d(#.geburtsdatum), 'year') < volljaehrig_ab,
    zieht_um: #.rolle == 'antragsteller'
        or (berechtigung_ist_versichert and not #.auskunftssperre and #.zieht_mit)
}"""

RULES = {
    "einzug_ist_erfolgt": "d(einzugsdatum) <= d(antragsdatum) ? true : einzug_bestaetigt",
    "identitaet_ist_nachgewiesen": "vertrauensniveau == 'high' or ausweis_ist_vorgelegt",
    "ausweis_ist_anerkannt": "ausweis_art in ['personalausweis', 'eid_karte'] or auslaendischer_ausweis_ist_geprueft",
    "wegzug_ags": "bisherige_anschrift.ags",
    "umzug_in_der_gemeinde": "$.wegzug_ags == eigene_ags",
    "wegzug_ist_angeschlossen": "not $.umzug_in_der_gemeinde and ist_angeschlossen",
    "person_ist_eindeutig_identifiziert": "treffer == 'vollstaendig'",
    "register_bestaetigt_die_person": "($.umzug_in_der_gemeinde or $.wegzug_ist_angeschlossen)"
    " and $.person_ist_eindeutig_identifiziert",
    "identitaet_ist_geklaert": "$.register_bestaetigt_die_person or identitaet_ist_geprueft",
    "auskunftssperre_ist_beachtet": "some(personen, #.rolle == 'antragsteller' and #.auskunftssperre)"
    " ? schutz_ist_gewahrt : true",
    "person_steht_fest": "$.identitaet_ist_nachgewiesen and $.ausweis_ist_anerkannt and $.identitaet_ist_geklaert"
    " and $.auskunftssperre_ist_beachtet",
    "vertretung_steht_fest": "d(einzugsdatum).diff(d(geburtsdatum), 'year') >= meldepflicht_ab"
    " and not meldet_fuer_andere ? true : vertretung_ist_nachgewiesen",
    "wohnung_ist_anerkannt": "anschrift_ist_bekannt and anschrift_ist_wohnung ? true : wohnung_ist_geprueft",
    "elektronisch_bestaetigt": "(wohnungsnachweis == 'zuordnungsmerkmal'"
    " or wohnungsnachweis == 'link' and wohnungsgeber_hat_per_link_bestaetigt) and zuordnungsmerkmal_ergebnis == 'gueltig'",
    "wohnungsnachweis_liegt_vor": "wohnungsnachweis == 'upload' ? bestaetigung_ist_in_ordnung"
    " : wohnungsnachweis == 'eigentum' ? eigentum_ist_geprueft : $.elektronisch_bestaetigt ? true"
    " : wohnungsnachweis == 'brief' and anschriftencode_ergebnis == 'gueltig' ? true : wohnungsnachweis_ist_anerkannt",
    "familie": f"map(personen, {' '.join(MEMBER.split())})",
    "zuziehende": "filter($.familie, #.zieht_um)",
    "alle_zuziehenden_sind_erfasst": "weitere_personen_ziehen_mit"
    " ? weitere_personen_sind_geklaert and len($.zuziehende) > 0 : len($.zuziehende) > 0",
    "weitere_wohnungen_bestehen": "behaelt_weitere_wohnung or some($.zuziehende, #.weitere_wohnungen > 0)",
    "ehegatten_ziehen_getrennt": "some($.familie, #.rolle == 'antragsteller' and #.familienstand in ['VH', 'LP']"
    " and (#.getrennt_lebend == null or not #.getrennt_lebend)) ? not some($.familie, #.rolle == 'ehegatte' and #.zieht_um) : false",
    "kinder_und_eltern_ziehen_getrennt": "some($.familie, #.ist_minderjaehrig and not #.zieht_um) ? true"
    " : some($.familie, #.ist_minderjaehrig and #.rolle == 'antragsteller')"
    " ? not some($.familie, #.rolle == 'elternteil' and #.zieht_um)"
    " : not some($.familie, #.ist_minderjaehrig) ? false"
    " : some($.familie, #.rolle in ['ehegatte', 'elternteil'] and not #.zieht_um)",
    "wohnungsstatus": "$.weitere_wohnungen_bestehen or $.ehegatten_ziehen_getrennt"
    " or $.kinder_und_eltern_ziehen_getrennt ? wohnungsstatus_nach_pruefung : 'alleinige'",
    "einzugsdatum_ist_glaubhaft": "d(antragsdatum).diff(d(einzugsdatum), 'day') < rueckfrage_ab"
    " or rueckdatierung_ist_geklaert",
    "belegung_ist_glaubhaft": "not anschrift_ist_bekannt or wohnflaeche == null ? true"
    " : (gemeldete_personen + len($.zuziehende)) * flaeche_je_person <= wohnflaeche ? true : belegung_ist_geklaert",
    "wohnungsgeber_ist_glaubhaft": "wohnungsnachweis != 'brief' or not anschrift_ist_bekannt"
    " or wohnungsgeber_name == null ? true"
    " : angegebener_wohnungsgeber == wohnungsgeber_name or wohnungsgeber_ist_geklaert",
    "registereintrag_ist_glaubhaft": "$.register_bestaetigt_die_person and (verstorben or nach_unbekannt)"
    " ? registereintrag_ist_geklaert : true",
    "anmeldung_ist_nicht_doppelt": "neue_anschrift.ags == bisherige_anschrift.ags"
    " and neue_anschrift.strasse == bisherige_anschrift.strasse"
    " and neue_anschrift.hausnummer == bisherige_anschrift.hausnummer"
    " and (bisherige_anschrift.zusatz == null or neue_anschrift.zusatz == bisherige_anschrift.zusatz)"
    " ? doppelte_anmeldung_ist_geklaert : true",
    "angaben_sind_glaubhaft": "$.einzugsdatum_ist_glaubhaft and $.belegung_ist_glaubhaft"
    " and $.wohnungsgeber_ist_glaubhaft and $.registereintrag_ist_glaubhaft and $.anmeldung_ist_nicht_doppelt",
    "besonderheiten_sind_beruecksichtigt": "besonderheiten == '' or besonderheiten_sind_geklaert",
    "voraussetzungen_liegen_vor": "$.person_steht_fest and $.vertretung_steht_fest and $.wohnung_ist_anerkannt"
    " and $.wohnungsnachweis_liegt_vor and $.alle_zuziehenden_sind_erfasst and $.wohnungsstatus != 'offen'"
    " and $.angaben_sind_glaubhaft and $.besonderheiten_sind_beruecksichtigt",
    GOAL: "$.einzug_ist_erfolgt and $.voraussetzungen_liegen_vor",
}


class PeerMissing(Exception):
    """The peer is a development dependency; install requirements/dev.lock to measure beside it."""

    code = "peer_missing"


def peer() -> Callable[[Mapping[str, Any]], bool]:
    """The goal as ZEN computes it from ``inputs_of``. Raises ``PeerMissing``."""
    try:
        import zen
    except ImportError as error:
        raise PeerMissing(PeerMissing.__doc__) from error
    decision = zen.ZenEngine().create_decision(json.dumps(_model()))
    return lambda inputs: bool(decision.evaluate(dict(inputs))["result"][GOAL])


def inputs_of(law: Law, facts: Facts) -> dict[str, Any]:
    """The facts as nested JSON data, with parameters; what a case never asked for is filled with something empty."""
    found: dict[str, Any] = {}
    for path, kind in law.document.fact_types.items():
        if "/" in path:
            continue
        value = law.value(facts, path) if _is_known(path, facts) else EMPTY.get(kind.kind)
        found[path] = _plain(value)
    for member in found["personen"]:
        member["zieht_mit"] = _plain(facts.get(f"personen/{member['key']}/zieht_mit", False))
    return found | {name: _plain(law.value(facts, name)) for name in PARAMETERS}


def _is_known(path: str, facts: Facts) -> bool:
    return path in facts or any(known.startswith(f"{path}/") for known in facts)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    data = encode(value)
    return None if data == {"none": True} else data


def _model() -> dict[str, Any]:
    """The rules as a decision model of ZEN: input, one node of expressions, output."""
    expressions = [{"id": name, "key": name, "value": text} for name, text in RULES.items()]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": expressions}},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
        for source, target in (("in", "rules"), ("rules", "out"))
    ]
    return {"nodes": nodes, "edges": edges}
