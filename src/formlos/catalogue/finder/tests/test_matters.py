"""The data of the matters: whole, in both languages, and true to the services."""

from __future__ import annotations

from pathlib import Path

import pytest

from formlos.catalogue.finder.finding import acceptable
from formlos.catalogue.finder.matters import matters_of
from formlos.catalogue.finder.vocabulary import Vocabulary, distance
from formlos.config.environment import PROJECT
from formlos.law import LawError, load_service

SERVICES = PROJECT / "services"
FOUND = matters_of(SERVICES)


def test_eighty_matters_are_named_in_both_languages_with_office_situation_and_way() -> None:
    further = [matter for matter in FOUND.all if not matter.service]
    assert len(further) >= 80
    incomplete = [
        matter.name
        for matter in further
        if not (matter.leika and matter.office and matter.situations)
        or not all(matter.wordings.get(language) and matter.wordings[language].how for language in ("de", "en"))
    ]
    assert incomplete == []


def test_no_matter_has_the_name_of_another() -> None:
    names = [matter.name for matter in FOUND.all]
    assert len(names) == len(set(names))


def test_what_services_offer_next_are_matters_that_there_are() -> None:
    effects = load_service(SERVICES / "umzug").data["effects"]
    named = {one["set"]["anliegen"] for one in effects if "anliegen" in one.get("set", {})}
    assert named and named <= {matter.name for matter in FOUND.all}


def test_every_life_situation_has_matters() -> None:
    assert {name for matter in FOUND.all for name in matter.situations} == set(FOUND.situations)


@pytest.mark.parametrize("matter", [one for one in FOUND.all if one.service], ids=lambda matter: matter.name)
def test_what_a_sentence_suggests_is_asked_of_the_applicant(matter: object) -> None:
    document = load_service(SERVICES / matter.service)  # type: ignore[attr-defined]
    fields = {"date": {"": "2026-03-01"}, "address": {"/strasse": "Weg", "/hausnummer": "1"}}
    for part, path in matter.facts.items():  # type: ignore[attr-defined]
        wanted = {path + field: value for field, value in fields[part].items()}
        assert acceptable(document, wanted) == wanted


def test_facts_of_registers_and_values_of_another_type_are_never_suggested() -> None:
    document = load_service(SERVICES / "umzug")
    assert acceptable(document, {"familienname": "X", "einzugsdatum": "bald", "nirgends": "1"}) == {}


@pytest.mark.parametrize(
    "text",
    [
        "matters: {x: {en: {title: X}}}",
        "matters: {x: {de: {title: X, color: red}}}",
        "matters: {x: {de: {title: X}, office: nirgends}}",
        "matters: {x: {de: {title: X}, office: '', facts: {wetter: heute}}}",
        "matters: {x: {de: {title: X, words: [{a: b}]}}}",
    ],
)
def test_data_without_shape_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "anliegen.yaml").write_text(text)
    with pytest.raises(LawError):
        matters_of(tmp_path)


def test_compounds_and_slips_lead_to_known_words() -> None:
    vocabulary = Vocabulary(["parkausweis", "bewohn", "hund", "steuer", "personalausweis"])
    assert set(vocabulary.known("hundesteuer")) == {"hund", "steuer"}
    assert set(vocabulary.known("personalauweis")) == {"personalausweis"}
    assert vocabulary.known("wetter") == {}


def test_neighbouring_letters_that_are_swapped_count_once() -> None:
    assert distance("umzug", "umuzg", 2) == 1
    assert distance("hund", "katze", 2) == 3
