"""The same rules as the Python functions they are written as, called by hand: what no engine can beat in Python."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from formlos.law import NONE, Facts, Law


def plain_python(law: Law, facts: Facts, rules_file: Path) -> Callable[[], bool]:
    """The goal of one case, facts already in the form the functions take; ``zieht_um`` and the like once a person."""
    rules, f = _module(rules_file), _facts(law, facts)
    return lambda: bool(_goal(rules, f))


def _goal(r: ModuleType, f: SimpleNamespace) -> Any:
    persons = [_person(r, f, person) for person in f.personen]
    moving = r.zuziehende_personen(persons)
    inside = r.umzug_in_der_gemeinde(r.wegzug_ags(f.bisherige_anschrift), f.eigene_ags)
    connected = r.wegzug_ist_angeschlossen(inside, f.ist_angeschlossen)
    matched = r.person_ist_eindeutig_identifiziert(f.treffer)
    confirmed = r.register_bestaetigt_die_person(inside, connected, matched)
    known_person = r.person_steht_fest(
        r.identitaet_ist_nachgewiesen(f.vertrauensniveau, f.ausweis_ist_vorgelegt),
        r.ausweis_ist_anerkannt(f.ausweis_art, f.auslaendischer_ausweis_ist_geprueft),
        r.identitaet_ist_geklaert(confirmed, f.identitaet_ist_geprueft),
        r.auskunftssperre_ist_beachtet(persons, f.schutz_ist_gewahrt),
    )
    represented = r.vertretung_steht_fest(
        f.geburtsdatum, f.einzugsdatum, f.meldepflicht_ab, f.meldet_fuer_andere, f.vertretung_ist_nachgewiesen
    )
    proof = r.wohnungsnachweis_liegt_vor(
        f.wohnungsnachweis,
        r.wohnungsgeber_hat_elektronisch_bestaetigt(
            f.wohnungsnachweis, f.wohnungsgeber_hat_per_link_bestaetigt, f.zuordnungsmerkmal_ergebnis
        ),
        f.anschriftencode_ergebnis,
        f.bestaetigung_ist_in_ordnung,
        f.eigentum_ist_geprueft,
        f.wohnungsnachweis_ist_anerkannt,
    )
    status = r.wohnungsstatus(
        r.weitere_wohnungen_bestehen(f.behaelt_weitere_wohnung, moving),
        r.ehegatten_ziehen_getrennt(persons),
        r.kinder_und_eltern_ziehen_getrennt(persons),
        f.wohnungsstatus_nach_pruefung,
    )
    conditions = r.voraussetzungen_liegen_vor(
        known_person,
        represented,
        r.wohnung_ist_anerkannt(f.anschrift_ist_bekannt, f.anschrift_ist_wohnung, f.wohnung_ist_geprueft),
        proof,
        r.alle_zuziehenden_sind_erfasst(moving, f.weitere_personen_ziehen_mit, f.weitere_personen_sind_geklaert),
        status,
        _credible(r, f, moving, confirmed),
        r.besonderheiten_sind_beruecksichtigt(f.besonderheiten, f.besonderheiten_sind_geklaert),
    )
    moved = r.einzug_ist_erfolgt(f.einzugsdatum, f.antragsdatum, f.einzug_bestaetigt)
    return r.anmeldung_ist_einzutragen(moved, conditions)


def _credible(r: ModuleType, f: SimpleNamespace, moving: list[Any], confirmed: Any) -> Any:
    landlord = (f.angegebener_wohnungsgeber, f.wohnungsgeber_name, f.wohnungsgeber_ist_geklaert)
    return r.angaben_sind_glaubhaft(
        r.einzugsdatum_ist_glaubhaft(f.einzugsdatum, f.antragsdatum, f.rueckfrage_ab, f.rueckdatierung_ist_geklaert),
        r.belegung_ist_glaubhaft(
            f.anschrift_ist_bekannt,
            f.wohnflaeche,
            f.gemeldete_personen,
            moving,
            f.flaeche_je_person,
            f.belegung_ist_geklaert,
        ),
        r.wohnungsgeber_ist_glaubhaft(f.wohnungsnachweis, f.anschrift_ist_bekannt, *landlord),
        r.registereintrag_ist_glaubhaft(confirmed, f.verstorben, f.nach_unbekannt, f.registereintrag_ist_geklaert),
        r.anmeldung_ist_nicht_doppelt(f.neue_anschrift, f.bisherige_anschrift, f.doppelte_anmeldung_ist_geklaert),
    )


def _person(r: ModuleType, f: SimpleNamespace, person: SimpleNamespace) -> SimpleNamespace:
    found = SimpleNamespace(**vars(person))
    found.ist_minderjaehrig = r.ist_minderjaehrig(found, f.einzugsdatum, f.volljaehrig_ab)
    found.darf_vorgelegt_werden = r.darf_vorgelegt_werden(found, f.berechtigung_ist_versichert)
    found.zieht_um = r.zieht_um(found)
    return found


def _facts(law: Law, facts: Facts) -> SimpleNamespace:
    """Every fact by name; what the case never asked for is None."""
    names = [path for path in law.document.fact_types if "/" not in path]
    known = {name: _value(law.value(facts, name)) for name in names if _is_known(name, facts)}
    given = {name: law.value(facts, name) for name in law.document.data["params"]}
    found = SimpleNamespace(**(dict.fromkeys(names) | known | given))
    for person in found.personen:
        person.zieht_mit = facts.get(f"personen/{person.key}/zieht_mit")
    return found


def _is_known(name: str, facts: Facts) -> bool:
    return name in facts or any(known.startswith(f"{name}/") for known in facts)


def _value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return SimpleNamespace(**{name: _value(item) for name, item in value.items()})
    if isinstance(value, list):
        return [_value(item) for item in value]
    return None if value is NONE else value


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_rules", file)
    assert spec and spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses look there
    spec.loader.exec_module(module)
    return module
