"""Story 3: a tenant without eID PIN, landlord on paper, prepares everything at home and is done at the counter."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from tests.nodes import munich, settled, stuttgart
from tests.people import Mover, present
from tests.stories.acting import Actor, Stage
from tests.stories.conftest import DESK, PHONE
from tests.stories.counter import (
    checks_the_card,
    hands_over,
    lets_the_print_be_checked,
    place_of_case,
    sends,
    signs_in,
    waits_for_words,
)

from formlos.base import clock

WAYS = [pytest.param(PHONE, True, id="phone"), pytest.param(DESK, False, id="desk-without-scripts")]


@pytest.mark.parametrize(("size", "scripts"), WAYS)
def test_a_tenant_without_pin_says_everything_at_home_and_nothing_twice(
    stage: Stage, visiting: Any, size: tuple[int, int], scripts: bool
) -> None:
    tenant = stage.single("Łukasz", "Ohnepin" + ("" if scripts else "los"))
    home = stage.home()
    street = f"{home.anschrift['strasse']} {home.anschrift['hausnummer']}"
    with visiting(size, scripts=scripts) as lukasz:
        lukasz.opens("/")
        lukasz.says(f"Ich bin heute nach Stuttgart gezogen, in die {street}")
        lukasz.presses("Damit weiter: Umzug – Wohnung anmelden")
        finds_the_way_without_pin(lukasz)
        said = lukasz.answers(said_at_home(lukasz), until="Stimmt alles?", looking=True)
        assert street in lukasz.text and "formular.jpg" in lukasz.text
        code = books_tomorrow(lukasz)
        assert len(lukasz.typed) == 1, "one sentence"
    stage.sleep(days=1)
    with visiting(DESK, scripts=scripts) as clerk:
        confirmation = serves(clerk, tenant, code, said=said, street=street)
        case = place_of_case(clerk)
        clerk.presses("Person ist fertig")
        clerk.page.goto(f"{case}/")
        assert clerk.title == "Wer steht vor Ihnen?", "without the card the case is closed again"
    assert confirmation.startswith(b"%PDF")
    settled(stuttgart(), munich())
    assert len(present(stuttgart(), tenant.name)) == 1 and not present(munich(), tenant.name)


def finds_the_way_without_pin(tenant: Actor) -> None:
    tenant.follows("Kein Ausweis mit PIN?")
    for words in ("Wir müssen sicher wissen, wer Sie sind", "PIN vergessen oder nie gesetzt", "PUK"):
        assert words in tenant.text
    tenant.looks()
    tenant.presses("Jetzt vorbereiten")


def said_at_home(tenant: Actor) -> dict[str, Any]:
    """Address and day are known from the sentence, the landlord's form is on paper."""
    return {
        "ziehen Sie ein": lambda: None,
        "Wohin ziehen Sie": lambda: None,
        "Womit weisen Sie die neue Wohnung nach": lambda: tenant.chooses("Ich lade die Bestätigung hoch"),
        "Laden Sie bitte die Bestätigung hoch": lambda: photographs(tenant),
    }


def photographs(tenant: Actor) -> None:
    drawn = io.BytesIO()
    Image.effect_noise((900, 1200), 40).convert("RGB").save(drawn, "JPEG")
    photo = {"name": "formular.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()}
    tenant.page.get_by_label("Laden Sie bitte die Bestätigung hoch.").set_input_files([photo])


def books_tomorrow(tenant: Actor) -> str:
    """Returns the code that opens the case at the counter."""
    tenant.looks()
    tenant.presses("Weiter zum Termin")
    tenant.looks()
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    time = tenant.page.locator(f"input[name='zeit'][value^='{tomorrow}']").first
    day = tenant.page.locator("details").filter(has=time)
    if day.get_attribute("open") is None:
        day.locator("summary").click()
    time.check()
    tenant.presses("Termin buchen")
    assert tenant.title.startswith("Ihr Termin: ") and "im Original" in tenant.text
    tenant.looks()
    code: str = tenant.page.locator(".f-number").inner_text()
    return code


def serves(clerk: Actor, tenant: Mover, code: str, *, said: list[str], street: str) -> bytes:
    """Ten minutes at the counter; returns the confirmation that comes out of the printer."""
    signs_in(clerk)
    clerk.types("Hat ein Zeichen oder einen Termincode", code)
    clerk.presses("Vorgang öffnen")
    assert street not in clerk.text, "nothing is shown before the card is seen"
    checks_the_card(clerk, tenant)
    asked = clerk.answers(
        {"Zieht Ihre Familie mit um": lambda: clerk.chooses("Nein")}, until="Stimmt alles?", looking=True
    )
    assert not set(asked) & set(said), "nothing is asked twice"
    lets_the_print_be_checked(clerk, street, "formular.jpg")
    sends(clerk)
    waits_for_words(clerk, "Das klären Sie")
    clerk.looks()
    clerk.follows("Stimmt sie mit den Angaben überein?")
    clerk.looks()
    clerk.chooses("Ja")
    clerk.types("Grund: Was haben Sie gesehen?", "Original lag vor")
    clerk.presses("Übernehmen")
    waits_for_words(clerk, "Amtliche Meldebestätigung")
    assert len(clerk.typed) == 2, "the code and the reason"
    return hands_over(clerk)
