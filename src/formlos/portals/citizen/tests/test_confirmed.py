"""What somebody said in a sentence and confirmed is answered when the case begins; the rest is asked."""

from __future__ import annotations

import re
from typing import Any

from formlos.portals.citizen.tests.test_links import elsewhere, founded, here, home, main, people, signed_in

__all__ = ["elsewhere", "founded", "here", "home", "people"]


def confirm(client: Any, here: Any, sentence: str) -> Any:
    """Say yes to what was understood; returns the page to which that leads."""
    page = client.post(f"/{here.slug}/finden/", {"text": sentence}).content.decode()
    token = re.findall(r'name="vorschlag" value="([^"]+)"', page)[0]
    ticked = re.findall(r'name="angabe" value="([^"]+)"', page)
    return client.post(f"/{here.slug}/anliegen/umzug/", {"vorschlag": token, "angabe": ticked}, follow=True)


def test_address_and_day_that_were_confirmed_are_not_asked_again(here: Any, home: Any, people: Any) -> None:
    kaethe = signed_in(people[0])
    page = confirm(kaethe, here, f"Ich ziehe heute in {home['strasse']} {home['hausnummer']}")
    while asked := re.findall(r'name="frage" value="([^"]+)"', page.content.decode()):
        assert not {"neue_anschrift", "einzugsdatum"} & set(asked)
        said = {"berechtigung_ist_versichert": "true", "wohnungsnachweis": "eigentum"}
        page = kaethe.post(page.request["PATH_INFO"], {**said, "frage": asked}, follow=True)
    assert "Stimmt alles?" in main(page) and f"{home['strasse']} {home['hausnummer']}, 70376" in main(page)


def test_an_address_that_is_not_complete_is_shown_and_asked(here: Any, home: Any, people: Any) -> None:
    kaethe = signed_in(people[0])
    sentence = f"Ich ziehe heute in {home['strasse']} 999"
    doubted = main(kaethe.post(f"/{here.slug}/finden/", {"text": sentence}))
    assert f"„{home['strasse']} 999“ steht nicht im Adressregister von {here.name}." in doubted
    page = confirm(kaethe, here, sentence)
    while asked := re.findall(r'name="frage" value="([^"]+)"', page.content.decode()):
        assert "einzugsdatum" not in asked, "the day was complete"
        if "neue_anschrift" in asked:
            assert 'value="999"' in main(page)
            break
        said = {"berechtigung_ist_versichert": "true", "einzugsdatum": "2026-01-05", "wohnungsnachweis": "eigentum"}
        page = kaethe.post(page.request["PATH_INFO"], {**said, "frage": asked}, follow=True)
    else:
        raise AssertionError("the address was not asked")
