"""After sending: when it came in, what has happened, who is awaited until when, and the one tap on the day."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from django.utils.formats import date_format

from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import operations, pace, queries, tasks
from formlos.cases.models import Case
from formlos.cases.tests.towns import resident
from formlos.portals.citizen.tests.musterstadt import browser, issue_assertion
from formlos.portals.citizen.tests.serving import CHROMIUM, browsing, serving
from formlos.portals.citizen.tests.test_links import answer, elsewhere, founded, here, home, main, people, text

__all__ = ["elsewhere", "founded", "here", "home", "people"]
LANGUAGES = ("de", "de-leicht", "en", "tr", "uk", "ar")
PDF = b"%PDF-1.4 %%EOF"


def signed_in(town: Any, key: str) -> Any:
    client = browser()
    assertion = issue_assertion(person=dict(resident(town, key).eid), subject=key)
    client.post("/anmelden/demo/", {"nachweis": assertion})
    return client


def sent(client: Any, here: Any, home: Any, **said: Any) -> str:
    """The address of a move that was sent after these answers."""
    begun = client.post(f"/{here.slug}/anliegen/umzug/beginnen/")["Location"]
    page = answer(client, begun, home, **{"wohnungsnachweis": "eigentum", **said})
    case = page.request["PATH_INFO"].partition("angaben/")[0].partition("link/")[0]
    if "/link/" in page.request["PATH_INFO"]:
        client.post(page.request["PATH_INFO"], {"tun": "erstellen"})
    client.post(f"{case}angaben/")
    return case


def row(here: Any, address: str) -> Any:
    with within(here):
        return Case.objects.get(id=address.rstrip("/").split("/")[-1])


def steps(page: Any, section: str) -> str:
    """What a section of the status page says; nothing where it is missing."""
    return main(page).partition(f'id="{section}"')[2].partition("</section>")[0]


def came_in(case: Any) -> str:
    at = case.sent_at.astimezone(clock.BERLIN)
    with translation.override("de"):
        return f"Eingegangen am {date_format(at.date(), 'DATE_FORMAT')} um {at:%H:%M} Uhr, Zeichen"


def day_in_words(day: Any) -> str:
    with translation.override("de"):
        return date_format(day, "DATE_FORMAT")


def test_every_state_after_sending_says_in_every_language_when_it_came_in(here: Any, home: Any, people: Any) -> None:
    kaethe = signed_in(here, "kaethe")
    future = (clock.today() + timedelta(days=9)).isoformat()
    said: dict[str, Any] = {"clerk": {}, "waiting": {"wohnungsnachweis": "link"}, "day": {"einzugsdatum": future}}
    for told in said.values():
        address = sent(kaethe, here, home, **told)
        case = row(here, address)
        assert came_in(case) in main(kaethe.get(address))
        time = f"{case.sent_at.astimezone(clock.BERLIN):%H:%M}"
        for language in LANGUAGES:
            kaethe.post("/sprache/", {"language": language})
            page = main(kaethe.get(address))
            assert time in page.partition("<h1")[0] and case.reference in page, language
        kaethe.post("/sprache/", {"language": "de"})
        kaethe.post(f"{address}zuruecknehmen/")
        assert row(here, address).state == "withdrawn"
        assert came_in(case) in main(kaethe.get(address)), "also when it is taken back"


def test_before_sending_nothing_is_said_to_have_come_in(here: Any, home: Any, people: Any) -> None:
    kaethe = signed_in(here, "kaethe")
    case = kaethe.post(f"/{here.slug}/anliegen/umzug/beginnen/")["Location"].partition("fragen/")[0]
    page = kaethe.get(case)
    assert "Eingegangen" not in main(page) and "Zeichen" in main(page) and not steps(page, "getan")


def test_at_a_clerk_it_says_since_when_and_until_about_when_or_that_nobody_can_say(
    here: Any, home: Any, people: Any, monkeypatch: Any
) -> None:
    kaethe = signed_in(here, "kaethe")
    address = sent(kaethe, here, home)
    page = kaethe.get(address)
    assert "Sie haben alles abgesendet." in steps(page, "getan") and "heute" in steps(page, "getan")
    awaited = steps(page, "dran")
    assert "seit heute" in awaited and "zu wenige solche Vorgänge" in awaited
    took = timedelta(days=2)
    with within(here):
        moment = clock.now() - timedelta(days=30)
        for number in range(pace.LEAST):
            Case.objects.create(
                **{
                    name: getattr(row(here, address), name) for name in ("service", "document", "parameters", "channel")
                },
                reference=f"ALT-{number}",
                state="closed",
                opened_at=moment,
                sent_at=moment,
                decided_at=moment + took,
                changed_at=moment,
                with_clerk=True,
            )
    day = (clock.now() + took).astimezone(clock.BERLIN).date()
    assert f"bis etwa {day_in_words(day)}" in steps(kaethe.get(address), "dran")
    with clock.frozen(clock.now() + timedelta(days=5)):
        late = signed_in(here, "kaethe").get(address)
        assert "es dauert länger als sonst" in steps(late, "dran")


def test_what_a_clerk_settled_and_the_decision_are_said_to_be_done(here: Any, home: Any, people: Any) -> None:
    kaethe = signed_in(here, "kaethe")
    address = sent(kaethe, here, home)
    case = row(here, address)
    with acting_for(here):
        for path in [one.path for one in queries.clerk_questions()]:
            operations.answer_question(case_id=case.id, path=path, value=True, reason="angesehen", clerk="amtfrau")
        tasks.go_on(case_id=str(case.id))
    page = kaethe.get(address)
    done = steps(page, "getan")
    assert "Ein Mensch im Amt hat eine Frage geklärt." in done and "amtfrau" not in main(page)
    assert "Es ist entschieden." in done and "Sie haben alles abgesendet." in done
    assert came_in(case) in main(page)
    why = kaethe.get(f"{address}warum/")
    assert "§ 17 Abs. 1 BMG" in main(why).replace("\N{NO-BREAK SPACE}", " ") and f'href="{address}warum/"' in main(page)


def test_another_authority_has_until_a_day_then_a_human_looks(
    here: Any, elsewhere: Any, home: Any, people: Any
) -> None:
    lukasz = signed_in(elsewhere, "lukasz")
    begun = lukasz.post(f"/{here.slug}/anliegen/umzug/beginnen/")["Location"]
    page = answer(lukasz, begun, home, wohnungsnachweis="eigentum")
    address = page.request["PATH_INFO"]
    last = (clock.now() + timedelta(days=3)).astimezone(clock.BERLIN).date()
    awaited = steps(lukasz.get(address), "dran")
    assert "gefragt heute" in awaited and f"spätestens am {day_in_words(last)} ein Mensch nach" in awaited


def test_a_link_says_its_end(here: Any, home: Any, people: Any) -> None:
    kaethe = signed_in(here, "kaethe")
    address = sent(kaethe, here, home, wohnungsnachweis="link")
    last = (clock.now() + timedelta(days=14)).astimezone(clock.BERLIN).date()
    page = kaethe.get(address)
    assert f"Zeit bis {day_in_words(last)}" in steps(page, "dran") and "abgesendet" in steps(page, "getan")


@pytest.mark.parametrize("where", ["status", "inbox"])
def test_a_future_move_says_that_one_tap_goes_on_and_on_the_day_it_is_one(
    here: Any, home: Any, people: Any, where: str
) -> None:
    kaethe, day = signed_in(here, "kaethe"), clock.today() + timedelta(days=9)
    address = sent(kaethe, here, home, einzugsdatum=day.isoformat())
    page = kaethe.get(address)
    assert f"Am {day_in_words(day)} geht es mit einem Tipp weiter.</h1>" in main(page)
    assert f"Sie am {day_in_words(day)}: ein Tipp genügt" in steps(page, "dran")
    with clock.frozen(clock.now() + timedelta(days=9)):
        with acting_for(here):
            tasks.look_again(case_id=str(row(here, address).id))
        again = signed_in(here, "kaethe")
        page = again.get(address if where == "status" else "/meine/")
        assert "Es ist so weit: Ein Tipp genügt." in main(page)
        (form,) = re.findall(r"<form[^>]*fragen/.*?</form>", main(page), re.DOTALL)
        assert form.count("<button") == 1 and "Sind Sie wie angekündigt eingezogen?" in form
        action = re.findall(r'action="([^"]+)"', form)[0]
        after = again.post(action, {"frage": "einzug_bestaetigt", "einzug_bestaetigt": "true"}, follow=True)
        assert "so weit" not in text(after) and row(here, address).state != "open"


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium; apt install chromium-headless-shell")
def test_the_pages_after_sending_can_be_used_by_everybody(here: Any, home: Any, people: Any) -> None:
    from tests.eyes import findings  # skips where axe is missing

    kaethe, day = signed_in(here, "kaethe"), clock.today() + timedelta(days=9)
    clerk = sent(kaethe, here, home)
    waits = sent(kaethe, here, home, einzugsdatum=day.isoformat())
    pages = [clerk, waits, "/meine/"]
    with serving() as site, browsing(width=390, height=844) as page:
        page.context.add_cookies(
            [{"name": key, "value": one.value, "url": site} for key, one in kaethe.cookies.items()]
        )
        found = {}
        for address in pages:
            page.goto(site + address)
            found[address] = findings(page)
    assert not {name: one for name, one in found.items() if one}
