"""Pages after the first one stay light: a family of four in every language of the flagship, as bytes of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from tests.people import build, home, person, settle

from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import tasks
from formlos.cases.tests.conftest import founded, here
from formlos.cases.wording import texts_in
from formlos.catalogue.queries import adopted, law
from formlos.dialogue.words import label_of
from formlos.portals.citizen.tests.musterstadt import browser, issue_assertion
from formlos.portals.citizen.tests.test_links import answer

__all__ = ["founded", "here"]
MOST = 40_000
LANGUAGES = ("de", "de-leicht", "en", "tr", "uk", "ar")


@pytest.fixture
def mother(here: Any) -> Iterator[Any]:
    """Signed in; she, a husband and two children live in the town."""
    together = {"familienname": "Kaltenbrunner", "familienstand": "VH"}
    child = {"familienname": "Kaltenbrunner", "rolle": "kind", "familienstand": "LD"}
    _dwelling, address = build(here, number="44")
    family = (
        person("Jana Sophie", **together),
        person("Marko", geschlecht="m", rolle="ehegatte", born="1986-02-03", **together),
        person("Mila", born="2015-06-01", **child),
        person("Jonas Luka", born="2019-11-23", geschlecht="m", **child),
    )
    mover = settle(here, address, *family)
    with override_settings(DEMO=True):
        client = browser()
        client.post("/anmelden/demo/", {"nachweis": issue_assertion(person=mover.eid, subject="mother")})
        yield client


def weights(client: Any, address: str) -> dict[str, int]:
    """Bytes of a page by language."""
    found = {}
    for language in LANGUAGES:
        client.post("/sprache/", {"language": language})
        page = client.get(address)
        assert page.status_code == 200
        found[language] = len(page.content)
    client.post("/sprache/", {"language": "de"})
    return found


def test_questions_review_status_and_reasons_of_a_family_are_light_in_every_language(here: Any, mother: Any) -> None:
    place = home(here, number="45")
    begun = mother.post(f"/{here.slug}/anliegen/umzug/beginnen/")["Location"]
    seen = {"question": weights(mother, begun)}
    usual = {"wohnungsnachweis": "zuordnungsmerkmal", "zuordnungsmerkmal": place.code}
    people = {f"personen/{key}/zieht_mit": "true" for key in _asked_about(mother, begun, place.anschrift, usual)}
    seen["question of a family"] = weights(mother, begun)
    review = answer(mother, begun, place.anschrift, **usual, **people).request["PATH_INFO"]
    seen["review"] = weights(mother, review)
    mother.post(review)
    case = review.removesuffix("angaben/")
    with acting_for(here):
        tasks.go_on(case_id=case.rstrip("/").split("/")[-1])
    assert "Sie sind gemeldet." in mother.get(case).content.decode()
    seen["status"], seen["why"] = weights(mother, case), weights(mother, f"{case}warum/")
    heavy = {name: sizes for name, sizes in seen.items() if max(sizes.values()) > MOST}
    assert not heavy, seen


def test_my_data_say_of_whom_an_answer_is_and_what_was_asked_with(here: Any, mother: Any) -> None:
    place = home(here, number="46")
    begun = mother.post(f"/{here.slug}/anliegen/umzug/beginnen/")["Location"]
    usual = {"wohnungsnachweis": "zuordnungsmerkmal", "zuordnungsmerkmal": place.code}
    asked = _asked_about(mother, begun, place.anschrift, usual)
    answer(mother, begun, place.anschrift, **usual, **{f"personen/{key}/zieht_mit": "true" for key in asked})
    page = mother.get("/meine/daten/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    own = page.partition("Von Ihnen,")[2].partition("<h4")[0]
    assert own.count("Zieht mit um") == 3
    named = re.findall(r"<h5[^>]*>([^<]+)</h5>", own)
    assert sorted(named) == ["Jonas Luka Kaltenbrunner", "Marko Kaltenbrunner", "Mila Kaltenbrunner"]
    labels = {re.sub(r"<[^>]+>", "", label).strip() for label in re.findall(r"<dt[^>]*>(.*?)</dt>", page, re.DOTALL)}
    assert not [one for one in labels if one.endswith((" ags", " umfang")) or "_" in one], sorted(labels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_others_are_asked_with_has_a_label_in_every_language(here: Any, language: str) -> None:
    with within(here):
        pinned = adopted("umzug")
        document = law(document=pinned.document, parameters=pinned.parameters).document
    texts = texts_in(document, language)
    asked = {
        fact
        for source in document.data["sources"].values()
        if source["kind"] in ("message", "exchange.directory", "letter", "party")
        for fact in dict(source.get("inputs", {})).values()
    }
    unnamed = {fact for fact in asked if label_of(fact, texts) == label_of(fact, {})}
    assert {"wegzug_ags", "abruf_umfang"} <= asked and unnamed <= {"vornamen", "familienname", "geburtsdatum"}


def _asked_about(client: Any, address: str, place: Any, usual: Any) -> list[str]:
    """Answer until the page comes that asks who moves along; the keys of those it asks about."""
    for _turn in range(8):
        page = client.get(address.partition("?")[0], follow=True).content.decode()
        if keys := re.findall(r'name="frage" value="personen/([^/"]+)/zieht_mit"', page):
            return keys
        asked = re.findall(r'name="frage" value="([^"]+)"', page)
        said = {f"neue_anschrift/{name}": value or "" for name, value in place.items() if name != "ags"}
        said |= {"berechtigung_ist_versichert": "true", "einzugsdatum": clock.today().isoformat()}
        client.post(address, {**said, **usual, "frage": asked})
    raise AssertionError("nobody is asked about")
