"""What a clerk does with a browser at the counter."""

from __future__ import annotations

from tests.people import Mover
from tests.stories.acting import Actor

from formlos.config.demo.provider import CLERKS

CLERK = next(one.name for one in CLERKS if one.town == "Stuttgart")


def signs_in(clerk: Actor) -> None:
    """As staff, by the simulated provider, up to the page where people are received."""
    clerk.opens("/dienst/")
    clerk.identifies(CLERK)
    assert clerk.title == "Ihr Dienst"
    clerk.follows("Am Schalter")
    clerk.looks()


def checks_the_card(clerk: Actor, mover: Mover) -> None:
    """Read off what the card says: the only thing that is typed at the counter."""
    assert clerk.title == "Ausweis prüfen"
    clerk.looks()
    clerk.chooses("Personalausweis (auch vorläufiger)")
    seen = mover.eid | mover.eid["anschrift"]
    for name in ("familienname", "vornamen", "geburtsdatum", "strasse", "hausnummer", "postleitzahl", "ort"):
        box = clerk.page.locator(f"[name='{name}']")
        if box.count():
            box.fill(str(seen[name]))
    clerk.chooses("Ich habe das Dokument gesehen: Es ist gültig, und das Lichtbild zeigt diese Person.")
    clerk.presses("Geprüft, Vorgang öffnen")
    clerk.waits_for(lambda: "/ausweis/" not in clerk.page.url and "/neu/" not in clerk.page.url)
    assert "offen bis" in clerk.page.locator(".f-counter").inner_text()


def lets_the_print_be_checked(clerk: Actor, *said: str) -> None:
    """On paper the person finds what was said, and who declares what is warned there too."""
    clerk.looks()
    clerk.follows("Ausdruck zum Prüfen")
    clerk.looks()
    for words in (*said, "§ 202a", "Ort, Datum, Unterschrift"):
        assert words in clerk.text, words
    clerk.follows("Zurück")


def sends(clerk: Actor) -> None:
    """For the person, who has declared and checked; up to the page of the case."""
    clerk.chooses("Ich habe den Hinweis vorgelesen, und die Person hat es in meiner Gegenwart mündlich erklärt.")
    clerk.chooses("auf dem Ausdruck, mit Unterschrift")
    clerk.presses("Für die Person absenden")
    clerk.waits_for(lambda: clerk.page.url.rstrip("/") == place_of_case(clerk))


def place_of_case(clerk: Actor) -> str:
    start, _, rest = clerk.page.url.partition("/schalter/")
    return f"{start}/schalter/{rest.split('/')[0]}"


def waits_for_words(clerk: Actor, words: str) -> None:
    """The page of the case looks again by itself; without scripts a reload stands for its refresh."""

    def told() -> bool:
        if not clerk.scripts and words not in clerk.text:
            clerk.page.reload()
        return words in clerk.text

    clerk.waits_for(told)


def hands_over(clerk: Actor) -> bytes:
    """The confirmation as it comes out of the printer."""
    clerk.looks()
    link = clerk.page.get_by_role("link", name="PDF drucken").first.get_attribute("href")
    content: bytes = clerk.page.context.request.get(clerk.stage.node.web + link).body()
    return content
