"""What somebody may have mistyped is said before it is sent; nobody is kept from sending."""

from __future__ import annotations

import re
from typing import Any

from formlos.base import clock
from formlos.portals.citizen.tests.test_links import answer, elsewhere, founded, here, home, main, people, signed_in
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
