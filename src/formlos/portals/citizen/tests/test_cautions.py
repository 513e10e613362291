"""What somebody may have mistyped is said before it is sent; nobody is kept from sending."""

from __future__ import annotations

from typing import Any

from formlos.portals.citizen.tests.test_links import answer, elsewhere, founded, here, home, main, people, signed_in

__all__ = ["elsewhere", "founded", "here", "home", "people"]
CODE = "Dieser Code passt nicht"
PLACE = "Diese Wohnung steht nicht in unserem Adressregister."
DAY = "Stimmt das Jahr?"


def reviewed(here: Any, home: Any, people: Any, **said: Any) -> Any:
    """The review of a move, after these answers."""
    kaethe = signed_in(people[0])
    begun = kaethe.post(f"/{here.slug}/anliegen/umzug/beginnen/")["Location"]
    page = answer(kaethe, begun, home, **said)
    assert "Stimmt alles?" in main(page)
    return kaethe, page


def test_a_code_that_does_not_fit_is_named_at_once_and_can_be_mended_or_sent(here: Any, home: Any, people: Any) -> None:
    wrong = {"wohnungsnachweis": "zuordnungsmerkmal", "zuordnungsmerkmal": "AAAA-BBBB-CCCC"}
    kaethe, page = reviewed(here, home, people, **wrong)
    address = page.request["PATH_INFO"]
    assert CODE in main(page) and PLACE not in main(page) and DAY not in main(page)
    kaethe.post(f"{address}wohnungsnachweis/", {"frage": ["wohnungsnachweis"], "wohnungsnachweis": "eigentum"})
    assert CODE not in main(kaethe.get(address))
    kaethe.post(f"{address}wohnungsnachweis/", {"frage": ["wohnungsnachweis"]} | wrong)
    answer(kaethe, address.replace("angaben/", "fragen/"), home, **wrong)
    sent = kaethe.post(address, follow=True)
    assert "Ein Mensch sieht sich Ihre Anmeldung an" in main(sent) and CODE in main(sent)


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
