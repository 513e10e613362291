"""The finder in a municipality, with its own street register and services."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from formlos.base.tenancy import within
from formlos.catalogue.finder import finding, suggestions
from formlos.catalogue.operations import adopt, publish
from formlos.config.environment import PROJECT
from formlos.registers.models import Building, Street

TODAY = date(2026, 3, 10)
SENTENCE = "Ich ziehe am 1. April in die Koenigstr. 5"


@pytest.fixture
def town(stuttgart: Any) -> Any:
    with within(stuttgart):
        adopt(document=publish(folder=PROJECT / "services" / "umzug"))
        street = Street.objects.create(name="Königstraße")
        Building.objects.create(street=street, hausnummer="5", postleitzahl="70173", ort="Stuttgart")
    return stuttgart


def test_facts_are_suggested_with_the_registers_spelling_and_postcode(town: Any) -> None:
    with within(town):
        found = finding.find(SENTENCE, today=TODAY)
    assert found.offers[0].document is not None
    assert found.offers[0].suggested == {
        "einzugsdatum": "2026-04-01",
        "neue_anschrift/strasse": "Königstraße",
        "neue_anschrift/hausnummer": "5",
        "neue_anschrift/postleitzahl": "70173",
        "neue_anschrift/ort": "Stuttgart",
    }


def test_streets_of_another_town_are_not_known_here(town: Any, munich: Any) -> None:
    with within(munich):
        found = finding.find(SENTENCE, today=TODAY)
    assert found.understood.address is not None
    assert not found.understood.address.registered


def test_a_service_that_is_not_adopted_is_not_online(munich: Any) -> None:
    with within(munich):
        offer = finding.find(SENTENCE, today=TODAY).offers[0]
    assert offer.matter.name == "umzug"
    assert offer.document is None
    assert not offer.suggested


def test_suggestions_hold_for_their_town_and_service_only(stuttgart: Any, munich: Any) -> None:
    token = suggestions.signed({"a": "b"}, municipality=stuttgart.id, service="umzug")
    assert suggestions.unsigned(token, municipality=stuttgart.id, service="umzug") == {"a": "b"}
    for town, service, sent in (
        (munich, "umzug", token),
        (stuttgart, "anders", token),
        (stuttgart, "umzug", token[:-1] + "x"),
        (stuttgart, "umzug", ""),
    ):
        with pytest.raises(suggestions.SuggestionsRefused):
            suggestions.unsigned(sent, municipality=town.id, service=service)
