"""What somebody may have mistyped is said before it is sent; nobody is kept from sending."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from formlos.base import clock
from formlos.base.limits import Limit
from formlos.cases import guessing
from formlos.cases.tests.towns import resident
from formlos.identity.operations import accept_assertion
from formlos.portals.citizen.tests.musterstadt import issue_assertion
from formlos.portals.citizen.tests.test_api import call
from formlos.portals.citizen.tests.test_links import (
    HIS_HOME,
    KARL,
    answer,
    elsewhere,
    founded,
    here,
    home,
    main,
    people,
    signed_in,
    text,
)
from formlos.registers.codes import derived_code

__all__ = ["elsewhere", "founded", "here", "home", "people"]
CODE = "Dieser Code passt nicht"
PLACE = "Diese Wohnung steht nicht in unserem Adressregister."
DAY = "Stimmt das Jahr?"
UNKNOWN = derived_code(b"nobody handed this out", "", symbols=11)


def reviewed(here: Any, home: Any, people: Any, **said: Any) -> Any:
    """The review of a move, after these answers."""
    kaethe = signed_in(people[0])
    begun = kaethe.post(f"/{here.slug}/anliegen/umzug/beginnen/")["Location"]
    page = answer(kaethe, begun, home, **said)
    assert "Stimmt alles?" in main(page)
    return kaethe, page


def test_a_code_that_does_not_fit_is_named_at_once_and_can_be_mended_or_sent(here: Any, home: Any, people: Any) -> None:
    wrong = {"wohnungsnachweis": "zuordnungsmerkmal", "zuordnungsmerkmal": UNKNOWN}
    kaethe, page = reviewed(here, home, people, **wrong)
    address = page.request["PATH_INFO"]
    assert CODE in main(page) and PLACE not in main(page) and DAY not in main(page)
    kaethe.post(f"{address}wohnungsnachweis/", {"frage": ["wohnungsnachweis"], "wohnungsnachweis": "eigentum"})
    assert CODE not in main(kaethe.get(address))
    kaethe.post(f"{address}wohnungsnachweis/", {"frage": ["wohnungsnachweis"]} | wrong)
    answer(kaethe, address.replace("angaben/", "fragen/"), home, **wrong)
    sent = kaethe.post(address, follow=True)
    assert "Ein Mensch sieht sich Ihre Anmeldung an" in main(sent) and CODE in main(sent)


def test_a_mistyped_code_is_told_at_its_field_and_a_good_one_stands_as_it_was_handed_out(
    here: Any, home: Any, people: Any
) -> None:
    kaethe = signed_in(people[0])
    questions = kaethe.post(f"/{here.slug}/anliegen/umzug/beginnen/")["Location"].partition("?")[0]
    answer(kaethe, questions, home, wohnungsnachweis="eigentum")
    change = questions.replace("fragen/", "angaben/wohnungsnachweis/")
    kaethe.post(change, {"frage": ["wohnungsnachweis"], "wohnungsnachweis": "zuordnungsmerkmal"})
    code = {"frage": ["zuordnungsmerkmal"]}
    other = UNKNOWN[:-2] + ("0" if UNKNOWN[-2] != "0" else "2") + UNKNOWN[-1]
    mistyped = kaethe.post(questions, code | {"zuordnungsmerkmal": other})
    assert mistyped.status_code == 422 and "Das ist kein gültiger Code." in main(mistyped) and other in main(mistyped)
    typed = UNKNOWN.lower().replace("-", " ")
    doubted = kaethe.post(questions, code | {"zuordnungsmerkmal": typed})
    assert doubted.status_code == 200 and CODE in main(doubted) and "Wohnung anders nachweisen" in main(doubted)
    assert kaethe.post(questions, code | {"zuordnungsmerkmal": typed})["Location"].endswith("/angaben/")
    assert UNKNOWN in main(kaethe.get(questions, follow=True))


def test_the_code_can_be_typed_beside_the_choice_that_asks_for_it(here: Any, home: Any, people: Any) -> None:
    kaethe = signed_in(people[0])
    questions = kaethe.post(f"/{here.slug}/anliegen/umzug/beginnen/")["Location"].partition("?")[0]
    answer(kaethe, questions, home, wohnungsnachweis="eigentum")
    change = questions.replace("fragen/", "angaben/wohnungsnachweis/")
    assert 'name="zuordnungsmerkmal"' in main(kaethe.get(change))
    typed = {"frage": ["wohnungsnachweis"], "zuordnungsmerkmal": UNKNOWN[:-1]}
    refused = kaethe.post(change, typed | {"wohnungsnachweis": "zuordnungsmerkmal"})
    assert (
        refused.status_code == 422 and "Das ist kein gültiger Code." in main(refused) and UNKNOWN[:-1] in main(refused)
    )
    doubted = kaethe.post(change, typed | {"zuordnungsmerkmal": UNKNOWN})
    assert CODE in main(doubted), "typing a code is choosing it"
    declared = main(kaethe.get(questions, follow=True))
    assert "Stimmt alles?" in declared and UNKNOWN in declared and "Ich habe einen Code" in declared


def test_a_house_that_nobody_knows_is_named_once_where_it_is_typed(here: Any, home: Any, people: Any) -> None:
    kaethe = signed_in(people[0])
    questions = kaethe.post(f"/{here.slug}/anliegen/umzug/beginnen/")["Location"]
    kaethe.post(questions, {"frage": ["berechtigung_ist_versichert"], "berechtigung_ist_versichert": "true"})
    place = {f"neue_anschrift/{name}": value or "" for name, value in home.items() if name != "ags"}
    told = place | {"frage": ["neue_anschrift", "einzugsdatum"], "einzugsdatum": clock.today().isoformat()}
    doubted = kaethe.post(questions, told | {"neue_anschrift/hausnummer": "999"})
    assert doubted.status_code == 200 and PLACE in main(doubted) and "999" in main(doubted)
    mended = kaethe.post(questions, told)
    onward = kaethe.get(mended["Location"])
    assert "?frage=wohnungsnachweis" in mended["Location"] and PLACE not in main(onward)
    back = kaethe.get(re.findall(r'href="([^"]+)">Zurück<', main(onward))[0].replace("&amp;", "&"))
    assert "Wohin ziehen Sie?" in main(back) and f'value="{home["hausnummer"]}"' in main(back)


def test_an_unknown_house_and_an_unlikely_year_are_named(here: Any, home: Any, people: Any) -> None:
    _kaethe, page = reviewed(
        here,
        home,
        people,
        wohnungsnachweis="eigentum",
        einzugsdatum="1985-03-01",
        **{"neue_anschrift/hausnummer": "999"},
    )
    assert PLACE in main(page) and DAY in main(page)


def test_what_is_in_order_is_not_doubted(here: Any, home: Any, people: Any) -> None:
    _kaethe, page = reviewed(here, home, people, wohnungsnachweis="eigentum")
    assert not any(doubt in main(page) for doubt in (CODE, PLACE, DAY))


def codes_of(seed: str, count: int) -> list[str]:
    return [derived_code(b"nobody handed this out", f"{seed}{number}", symbols=11) for number in range(count)]


def at_the_code(here: Any, home: Any, people: Any) -> tuple[Any, str, str]:
    """A browser, and the pages on which the code of a case and the way to prove the dwelling are changed."""
    kaethe, page = reviewed(here, home, people, wohnungsnachweis="zuordnungsmerkmal", zuordnungsmerkmal=UNKNOWN)
    address = page.request["PATH_INFO"]
    return kaethe, f"{address}zuordnungsmerkmal/", f"{address}wohnungsnachweis/"


def test_landlords_codes_cannot_be_guessed_without_end(here: Any, home: Any, people: Any) -> None:
    kaethe, code, way = at_the_code(here, home, people)
    answers = [
        kaethe.post(code, {"frage": ["zuordnungsmerkmal"], "zuordnungsmerkmal": tried})
        for tried in codes_of("a", guessing.CODES_OF_A_CASE.most + 2)
    ]
    stopped = [answer for answer in answers if answer.status_code == 429]
    assert len(stopped) == 3, "one wrong code was sent before"
    assert int(stopped[0]["Retry-After"]) > 3000 and "Bitte warten Sie" in text(stopped[0])
    token = accept_assertion(token=issue_assertion(person=dict(resident(here, "kaethe").eid), subject="kaethe"))
    told = {"values": {"zuordnungsmerkmal": codes_of("d", 1)[0]}}
    by_program = call(kaethe, token, f"{code.split('/')[3]}/answers", told)
    assert (by_program.status_code, by_program.json()["code"]) == (429, "too_many") and by_program["Retry-After"]
    other = kaethe.post(way, {"frage": ["wohnungsnachweis"], "wohnungsnachweis": "eigentum"})
    assert other.status_code == 302, "who has no code takes another way at once"
    with clock.frozen(clock.now() + guessing.CODES_OF_A_CASE.within + timedelta(minutes=1)):
        kaethe.post(way, {"frage": ["wohnungsnachweis"], "wohnungsnachweis": "zuordnungsmerkmal"})
        again = kaethe.post(code, {"frage": ["zuordnungsmerkmal"], "zuordnungsmerkmal": codes_of("b", 1)[0]})
    assert again.status_code != 429


def test_wrong_codes_are_counted_for_an_address_over_all_its_cases(
    here: Any, home: Any, people: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(guessing, "CODES_OF_AN_ADDRESS", Limit("wrong code of an address", 2, timedelta(hours=1)))
    kaethe, code, _way = at_the_code(here, home, people)
    second, there, _other = at_the_code(
        here, home, (issue_assertion(person=KARL | {"anschrift": HIS_HOME | {"ags": "08111000"}}, subject="k2"), "")
    )
    refused = second.post(there, {"frage": ["zuordnungsmerkmal"], "zuordnungsmerkmal": codes_of("c", 1)[0]})
    assert refused.status_code == 429
    assert kaethe.post(code, {"frage": ["zuordnungsmerkmal"], "zuordnungsmerkmal": UNKNOWN}).status_code == 429
