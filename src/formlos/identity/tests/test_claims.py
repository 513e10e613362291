"""What providers say is turned into our levels and facts, and into nothing more than they say."""

from __future__ import annotations

from typing import Any

import pytest

from formlos.identity.oidc import claims
from formlos.identity.oidc.claims import PRESETS
from formlos.identity.persons import facts_of_account
from formlos.identity.refusals import IdentityRefused

BUNDID = {
    "sub": "x",
    "given_name": "Anna Maria",
    "family_name": "Mu\u0308ller",
    "birthdate": "1990-02-28",
    "place_of_birth": {"locality": "Köln"},
    "document_type": "UB",
    "address": {"locality": "München"},
}


@pytest.mark.parametrize(
    ("preset", "acr", "level"),
    [
        ("bundid", "STORK-QAA-Level-4", "high"),
        ("bundid", "STORK-QAA-Level-3", "substantial"),
        ("bundid", "http://eidas.europa.eu/LoA/low", "basic"),
        ("bundid", "1", "none"),
        ("bundid", None, "none"),
        ("keycloak", "1", "basic"),
        ("keycloak", None, "basic"),
        ("keycloak", ["http://eidas.europa.eu/LoA/high"], "basic"),
        ("formlos", "high", "high"),
        ("formlos", "highest", "none"),
    ],
)
def test_acr_becomes_a_level_by_the_providers_table(preset: str, acr: Any, level: str) -> None:
    assert claims.level_of(acr, PRESETS[preset].levels) == level


def test_a_provider_is_asked_for_what_is_enough_weakest_first() -> None:
    assert claims.acr_values("substantial", PRESETS["formlos"].levels) == ["substantial", "high"]


def test_the_claims_of_a_bundid_bridge_become_facts() -> None:
    facts = facts_of_account(claims.person(BUNDID, PRESETS["bundid"].claims), "high")
    assert facts == {
        "vertrauensniveau": "high",
        "familienname": "Müller",
        "vornamen": "Anna Maria",
        "geburtsdatum": "1990-02-28",
        "geburtsort": "Köln",
        "ausweis_art": "eid_karte",
    }


def test_what_an_account_does_not_say_stays_unknown_and_is_not_none() -> None:
    facts = facts_of_account(claims.person({"sub": "x", "family_name": "Klein"}, PRESETS["keycloak"].claims), "basic")
    assert facts == {"vertrauensniveau": "basic", "familienname": "Klein"}


def test_half_an_address_is_no_address() -> None:
    assert facts_of_account({"anschrift": {"ort": "München"}}, "basic") == {"vertrauensniveau": "basic"}


@pytest.mark.parametrize(
    "person", [{"familienname": 7}, {"vornamen": "Anna 2"}, {"geburtsdatum": "28.02.1990"}, {"geburtsort": "a\0"}]
)
def test_impossible_claims_are_refused(person: dict[str, Any]) -> None:
    with pytest.raises(IdentityRefused):
        facts_of_account(person, "basic")


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_the_presets_are_sound(name: str) -> None:
    claims.check(PRESETS[name].levels, PRESETS[name].claims)


def test_a_map_that_cannot_work_is_refused_with_everything_that_is_wrong() -> None:
    with pytest.raises(claims.MapRefused, match=r"level 'top'.*'schuhgroesse'.*vornamen needs"):
        claims.check({"1": "top"}, {"schuhgroesse": "shoe", "vornamen": ""})
