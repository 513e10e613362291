"""How long pages take to come, and how much comes: one person after the other, as a browser would ask."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from statistics import median, quantiles
from typing import Any

import httpx
from django.conf import settings

from formlos.config.bench.load import PATIENCE, MoveFailed
from formlos.config.bench.moves import Stage
from formlos.config.bench.people import Mover

START, FIND, FOUND, MATTER = "start", "finder", "finder: a sentence (POST)", "page of a service"
ASK, ANSWER, REVIEW, SEND = (
    "dialogue: questions",
    "dialogue: an answer (POST)",
    "dialogue: review",
    "dialogue: send (POST)",
)
STATUS, MINE, DATA = "status", "my cases", "my data"
WARM_UP = 8
SENTENCES = (
    "Ich ziehe am 1. März mit meinen zwei Kindern in die Königstraße 5",
    "mein Hund ist gestorben",
    "we had a baby",
    "brauche neuen perso und hab den führerschein verloren",
)
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')
FONT = re.compile(r"url\(\"?([^\")]+\.woff2)")


@dataclass(frozen=True)
class Timed:
    """One kind of page: milliseconds from sending the request to the last byte; ``size``: bytes of the largest one."""

    kind: str
    times: int
    p50: float
    p95: float
    size: int


@dataclass(frozen=True)
class Weight:
    """Bytes as served to a browser that takes compressed answers; ``assets``: what it does not have yet."""

    page: str
    html: int
    assets: int

    @property
    def total(self) -> int:
        return self.html + self.assets


@dataclass(frozen=True)
class Pages:
    timed: list[Timed]
    first: Weight
    later: list[Weight]
    visit: Visit


@dataclass(frozen=True)
class Visit:
    """A signed-in browser and where its case is: for whoever looks at the same pages in other ways."""

    cookie: tuple[str, str]
    status: str
    question: str = ""


@dataclass
class Browser:
    """A browser with a session. Remembers how long each kind of page took and which assets it has."""

    web: str
    session: str = ""
    took: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    has: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        cookies = {settings.SESSION_COOKIE_NAME: cookie_of(self.session)} if self.session else {}
        headers = {"Accept-Encoding": "gzip, br", "Accept-Language": "de"}
        self.http = httpx.Client(base_url=self.web, cookies=cookies, headers=headers, timeout=20, trust_env=False)

    def get(self, address: str, kind: str = "") -> httpx.Response:
        return self._timed(kind, "GET", address)

    def post(self, page: httpx.Response, kind: str, address: str = "", **given: Any) -> httpx.Response:
        """Send the form of a page."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        if token is None:
            raise MoveFailed(f"{page.url} has no form: {page.text[:300]}")
        data = {"csrfmiddlewaretoken": token[1], **given}
        return self._timed(kind, "POST", address or str(page.url), data=data)

    def weigh(self, name: str, address: str) -> Weight:
        """A page with everything that it needs and this browser has not fetched yet."""
        page = self.get(address)
        wanted = [path for path in ASSET.findall(page.text) if path not in self.has]
        sizes = {path: self._fetch(path) for path in dict.fromkeys(wanted)}
        return Weight(name, _bytes(page), sum(sizes.values()))

    def _fetch(self, path: str) -> int:
        self.has.add(path)
        asset = self.get(path).raise_for_status()
        inside = [str(asset.url.join(font)) for font in FONT.findall(asset.text)] if path.endswith(".css") else []
        fonts = [httpx.URL(font).path for font in inside]
        return _bytes(asset) + sum(self._fetch(font) for font in fonts if font not in self.has)

    def _timed(self, kind: str, method: str, address: str, **more: Any) -> httpx.Response:
        begun = time.perf_counter()
        answer = self.http.request(method, address, **more)
        milliseconds = (time.perf_counter() - begun) * 1000
        if answer.status_code >= 400:
            raise MoveFailed(f"{method} {address} answers {answer.status_code}: {answer.text[:500]}")
        if kind:
            self.took.setdefault(kind, []).append((milliseconds, _bytes(answer)))
        return answer


def measure(stage: Stage, *, people: int, times: int) -> Pages:
    """Public pages ``times`` times, then ``people`` who go through the dialogue on its pages, one after the other."""
    took: dict[str, list[tuple[float, int]]] = {}
    _public(
        Browser(stage.node.web), stage.here.slug, WARM_UP
    )  # a process builds the finder's index with its first sentence
    stranger = Browser(stage.node.web)
    _public(stranger, stage.here.slug, times)
    visit = Visit(("", ""), "")
    browsers = [stranger]
    for mover in stage.take(people):
        browser = Browser(stage.node.web, mover.session)
        visit = _move(browser, stage.here.slug, mover)
        browsers.append(browser)
    visit = replace(visit, question=_open_question(browsers[-1], stage.here.slug))
    for browser in browsers:
        for kind, found in browser.took.items():
            took.setdefault(kind, []).extend(found)
    weigher = Browser(stage.node.web, mover.session)
    first = weigher.weigh(START, "/")
    later = [weigher.weigh(name, address) for name, address in _later(stage.here.slug, visit)]
    return Pages([_summary(kind, found) for kind, found in took.items()], first, later, visit)


def cookie_of(session: str) -> str:
    """What the session cookie of a browser says that signed in with this session of the identity room."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["identity"] = session
    store.save()
    return str(store.session_key)


def _public(browser: Browser, slug: str, times: int) -> None:
    for number in range(times):
        browser.get("/", START)
        page = browser.get(f"/{slug}/finden/", FIND)
        browser.post(page, FOUND, text=SENTENCES[number % len(SENTENCES)])
        browser.get(f"/{slug}/anliegen/umzug/", MATTER)


def _move(browser: Browser, slug: str, mover: Mover) -> Visit:
    """From the service's page to the status page, then the own pages; every page is timed."""
    page = browser.get(f"/{slug}/anliegen/umzug/beginnen/")
    begun = browser.post(page, "")
    questions = re.sub(r"[^/]*/?$", "", begun.headers["Location"].partition("?")[0].rstrip("/")) + "fragen/"
    status, until = questions.removesuffix("fragen/"), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        place = browser.get(questions).headers["Location"]
        if "/fragen/" in place:
            page = browser.get(place, ASK)
            browser.post(page, ANSWER, **_answers(page.text, mover.answers))
        elif place.endswith("/angaben/"):
            browser.post(browser.get(place, REVIEW), SEND)
        elif "Sie sind gemeldet" in browser.get(status, STATUS).text:
            break
        else:
            time.sleep(0.1)
    else:
        raise MoveFailed(f"{status} is not done after {PATIENCE} seconds")
    for _ in range(3):
        for address, kind in ((status, STATUS), ("/meine/", MINE), ("/meine/daten/", DATA)):
            browser.get(address, kind)
    return Visit((settings.SESSION_COOKIE_NAME, cookie_of(mover.session)), status, _open_question(browser, slug))


def _open_question(browser: Browser, slug: str) -> str:
    """The page of questions of a second case, which stays where it is."""
    begun = browser.post(browser.get(f"/{slug}/anliegen/umzug/beginnen/"), "")
    return str(begun.headers["Location"])


def _answers(text: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What a person fills into the form of a page of questions."""
    paths = re.findall(r'name="frage" value="([^"]+)"', text)
    found: dict[str, Any] = {"frage": paths}
    for path in paths:
        value = known[path.rpartition("/")[2]]
        if isinstance(value, Mapping):
            found |= {f"{path}/{part}": said or "" for part, said in value.items()}
        else:
            found[path] = "true" if value is True else str(value)
    return found


def _later(slug: str, visit: Visit) -> list[tuple[str, str]]:
    return [
        (FIND, f"/{slug}/finden/"),
        (MATTER, f"/{slug}/anliegen/umzug/"),
        (STATUS, visit.status),
        (MINE, "/meine/"),
        (DATA, "/meine/daten/"),
    ]


def _bytes(answer: httpx.Response) -> int:
    """Of the body as it came over the wire."""
    return answer.num_bytes_downloaded


def _summary(kind: str, found: list[tuple[float, int]]) -> Timed:
    times = [milliseconds for milliseconds, _size in found]
    p95 = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return Timed(kind, len(times), median(times), p95, max(size for _milliseconds, size in found))
