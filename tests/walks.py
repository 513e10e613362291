"""Ways through the pages in a browser, in one language: what is wrong with each page, and which were seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import override_settings
from tests import scenes
from tests.eyes import findings
from tests.scenes import SLUG, Scene
from tests.whole_site import BROKEN, WALLET, in_role, name_of

from formlos.base.ui.languages import COURTESY, tag
from formlos.identity.demo_provider.pages import PIN
from formlos.portals.citizen.tests.test_browser import without_refresh

MOVER, LANDLORD = "mover", "landlord"
RENEW_THEMSELVES = ("/warten/", "/sprachmodell/", "/antwort/")
SAYS = "[document.documentElement.lang, getComputedStyle(document.body).direction]"
SUBMIT = "form => form.submit()"  # also what the browser would not let through


@dataclass(frozen=True)
class Walk:
    """One browser window, and what came of looking so far, shared by the windows of all people.

    proofs: who can sign in, each once.
    """

    page: Any
    site: str
    language: str
    proofs: Mapping[str, str]
    wrong: dict[str, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def go(self, addresses: Mapping[str, str], *, few: bool = False) -> None:
        """Look at these pages, by what they show. few: the pages are in few languages."""
        for shows, address in addresses.items():
            answer = self.page.goto(self.site + address)
            self.look(shows, few=few, there=answer.status != HTTPStatus.NOT_FOUND)
            if urlsplit(self.page.url).path != urlsplit(address).path:
                self.wrong[f"{shows} leads elsewhere"] = [self.page.url]

    def look(self, shows: str, *, few: bool = False, there: bool = True) -> None:
        """Look at the open page. there: it is none that says that there is nothing."""
        found = findings(self.page)
        language = "de" if few and self.language in COURTESY else self.language
        said = self.page.evaluate(SAYS)
        if said != [tag(language), "rtl" if language == "ar" else "ltr"]:
            found.append(f"the page is in {said}")
        if found:
            self.wrong[shows] = found
        if there:
            self.seen.add(name_of(urlsplit(self.page.url).path))

    def send(self, within: str = "main", **typed: str) -> None:
        """Type into the fields of these names, if any, and send the form."""
        for name, text in typed.items():
            self.page.locator(f"{within} [name={name}]").fill(text)
        with self.page.expect_navigation():
            self.page.locator(f"{within} form button").first.click()

    def cookies(self, values: Mapping[str, str]) -> None:
        self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.site} for name, value in values.items()]
        )

    @contextmanager
    def somebody_else(self, **cookies: str) -> Iterator[Walk]:
        """A window that shares no cookies with this one, in the same language."""
        context = self.page.context.browser.new_context(viewport=self.page.viewport_size, locale="de-DE")
        try:
            other = replace(self, page=context.new_page())
            other.cookies({settings.LANGUAGE_COOKIE_NAME: self.language} | cookies)
            yield other
        finally:
            context.close()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Pages that look again by themselves stay as they are. Meanwhile the browser keeps nothing."""

        def renews_itself(address: str) -> bool:
            return any(part in address for part in RENEW_THEMSELVES)

        self.page.route(renews_itself, without_refresh)
        try:
            yield
        finally:
            self.page.unroute(renews_itself)


def person(walk: Walk, scene: Scene) -> None:
    """Somebody with cases, in which something is prepared without identity, too."""
    walk.cookies(scene.cookies)
    show_proof(walk, MOVER)
    walk.go(scene.pages)
    _mistakes(walk, scene)
    with walk.standing_still():
        _finding(walk, scene)
        _with_the_wallet(walk)
    walk.go({"broken": f"/{BROKEN}"})


def landlord(walk: Walk, scene: Scene) -> None:
    show_proof(walk, LANDLORD)
    walk.go(scene.landlord)
    walk.go(scene.in_few, few=True)
    assert walk.page.locator("main p.f-courtesy").count() == (walk.language in COURTESY)


def clerks(walk: Walk, scene: Scene) -> None:
    for (name, value), pages in scene.desks:
        walk.cookies({name: value})
        walk.go(pages, few=True)
        for shows in [one for one in pages if one in ("check", "review")]:
            walk.go({shows: pages[shows]}, few=True)
            with walk.page.expect_navigation():
                walk.page.locator("main form button").last.click()
            walk.look(f"{shows} refused", few=True)


def newcomer(walk: Walk, scene: Scene) -> None:
    """Nobody knows who it is yet: the ways to sign in, and what goes wrong there."""
    walk.go({shows: address for shows, address in scene.nobody.items() if "/dienst/" not in address})
    walk.go({shows: address for shows, address in scene.nobody.items() if "/dienst/" in address}, few=True)
    with walk.standing_still():
        _at_the_provider(walk, f"/anmelden/?weiter=/{SLUG}/", few=False)
        _at_the_provider(walk, "/dienst/anmelden/", few=True)
    with in_role("idp"):
        walk.go({"refused by the provider": "/_idp/anmelden", "out of the provider": "/_idp/abmelden"}, few=True)


def too_often(walk: Walk) -> None:
    """Somebody whose line has used up its tries; whose line it is, a proxy tells."""
    walk.page.set_extra_http_headers({"X-Forwarded-For": scenes.TRIES_TOO_OFTEN})
    with override_settings(HTTPS=True):
        assert walk.page.goto(f"{walk.site}/meine/konto/e-mail/einer-zu-viel/").status == 429
    walk.look("too often")


def show_proof(walk: Walk, who: str) -> None:
    """Sign in as whom the browser has a proof of."""
    walk.page.goto(f"{walk.site}/anmelden/demo/?nachweis={walk.proofs[who]}&weiter=/meine/")
    walk.send()


def _mistakes(walk: Walk, scene: Scene) -> None:
    page = walk.page
    walk.go({"change": scene.pages["change neue_anschrift"]})
    page.locator("main input[type=text]").first.fill("")
    walk.send()
    walk.look("problems")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.goto(walk.site + scene.pages["account"])
    page.locator("#adresse").fill("keine Adresse")
    with page.expect_navigation():
        page.locator("main form:has(#adresse)").evaluate(SUBMIT)
    walk.look("no address")
    page.goto(walk.site + scene.pages["code of an appointment"])
    page.locator("main input[type=text], main input:not([type])").first.fill("AAAA-AAAA")
    page.locator("main form button").first.click()
    walk.look("no such appointment")
    page.goto(walk.site + scene.pages["report"])
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.locator("main textarea").first.fill("?")
    walk.send()
    walk.look("sent from nowhere")


def _finding(walk: Walk, scene: Scene) -> None:
    page = walk.page
    page.goto(walk.site)
    walk.send(text="Mein Hund")
    walk.look("in which town")
    page.goto(walk.site)
    page.locator("main button[name=anliegen]").first.click()
    walk.look("a matter, in which town")
    page.goto(walk.site + scene.pages["find"])
    walk.send(text="Mein Hund, ich ziehe um")
    walk.look("found")
    model = page.locator("main form[action*='/sprachmodell/']")
    model.locator("button").click()
    page.get_by_role("alert").wait_for()
    walk.look("a language model without consent")
    model.locator("input[type=checkbox]").check()
    with page.expect_navigation():
        model.locator("button").click()
    walk.look("waiting for a language model")


def _with_the_wallet(walk: Walk) -> None:
    """As far as the wallet's answer; whose wallet it is, and a question that it does not answer."""
    page = walk.page
    page.goto(f"{walk.site}/anmelden/wallet/")
    walk.send()
    walk.look("waiting for the wallet")
    asked = page.locator(f"main a[href*='/{WALLET}/']").get_attribute("href")
    with in_role("wallet"):
        page.goto(asked)
        walk.look("whose wallet", few=True)
        page.locator("main li a").first.click()
        walk.look("share?", few=True)
        page.locator("main form button").last.click()
        walk.look("declined", few=True)
        strange = f"/{WALLET}/ada/?client_id=x&request_uri=http://127.0.0.1:9/"
        walk.go({"card": f"/{WALLET}/ada/", "strange question": strange, "nobody's": f"/{WALLET}/x/"}, few=True)


def _at_the_provider(walk: Walk, way: str, *, few: bool) -> None:
    page = walk.page
    page.goto(walk.site + way)
    with in_role("idp"):
        page.locator("main a[href*='/los/']").first.click()
        walk.look(f"provider {way}", few=True)
        page.locator("input[type=radio]").first.check()
        walk.send(pin="000000")
        walk.look(f"wrong PIN {way}", few=True)
    page.locator("#pin").fill(PIN)
    walk.send()
    walk.look(f"waiting {way}", few=few)
