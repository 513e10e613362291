"""What somebody does with a browser who has no instructions: read headings, follow labels, press buttons."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, TypeVar

from django.db import connections
from tests.eyes import LIGHT, findings
from tests.nodes import ROLES, Node, munich, stuttgart
from tests.people import Home, Mover, build, home, person, settle

from formlos.base import clock
from formlos.config import processes
from formlos.config.demo import provider
from formlos.config.demo.towns import LETTERHEADS, fill_wallet
from formlos.identity.demo_provider import people
from formlos.identity.wallet import demo_pid

PATIENCE = 40
BY_CODE = "Ich habe einen Code von der vermietenden Person"
OPEN = {day: ["08:00-18:00"] for day in ("mo", "di", "mi", "do", "fr", "sa", "so")}
_numbers = count(500)
T = TypeVar("T")


class Stage:
    """A node with provider and wallet on which new families turn up as the stories need them."""

    def __init__(self, node: Node) -> None:
        self.node = node
        idp, wallet = processes.free_address(), processes.free_address()
        node.environment |= {
            "FORMLOS_IDP_URL": f"http://{idp}",
            "FORMLOS_IDP_BIND": idp,
            "FORMLOS_WALLET_URL": f"http://{wallet}",
            "FORMLOS_WALLET_BIND": wallet,
        }
        node.more_settings = {"IDP_URL": f"http://{idp}", "WALLET_URL": f"http://{wallet}"}

    def open(self) -> None:
        """Start every process. The node is at hand."""
        towns = [stuttgart(), munich()]
        for town in towns:
            town.settings |= {"demo": True, "letterhead": LETTERHEADS[town.ags]}
            town.settings |= {"appointments": {"buergerbuero": {"hours": OPEN, "minutes": 30, "desks": 2}}}
            town.save()
        provider.introduce(towns)
        provider.appoint_clerks(towns)
        fill_wallet(towns)
        self.node.start(*ROLES, "idp", "wallet")
        provider.connect()

    def family(self, surname: str) -> Mover:
        """Two parents and two children turn up in Munich, with cards."""
        number = str(next(_numbers))
        _, address = build(munich(), number=number)
        together = {"familienname": surname, "familienstand": "VH"}
        mother = person("Jana Sophie", **together)
        father = person("Marko", geschlecht="m", rolle="ehegatte", born="1986-02-03", **together)
        child = {"familienname": surname, "rolle": "kind", "familienstand": "LD"}
        mila = person("Mila", born="2015-06-01", **child)
        luka = person("Jonas Luka", born="2019-11-23", geschlecht="m", **child)
        return self.introduced(settle(munich(), address, mother, father, mila, luka))

    def single(self, vornamen: str, surname: str, **facts: Any) -> Mover:
        """Somebody who lives alone turns up in Munich, with a card."""
        _, address = build(munich(), number=str(next(_numbers)))
        return self.introduced(settle(munich(), address, person(vornamen, surname, **facts)))

    def introduced(self, mover: Mover) -> Mover:
        """Let the simulated provider know the person's card; the wallet holds that of whoever came last."""
        known = people.people()
        new = people.Person(key=mover.key, name=mover.name, story="", town="München", eid=mover.eid, group=people.MOVES)
        clients = [found for found in [people.client(provider.CLIENT)] if found]
        people.write(self.node.home, people=[*known, new], clients=clients)
        demo_pid.hand_over([{"key": "w", "name": mover.name, "town": "München", "story": "", "person": mover.eid}])
        return mover

    def sleep(self, *, days: int) -> None:
        """Let days go by for every process of the node, this one included."""
        clock.run_ahead(self.node.home / clock.DEMO_FILE, days=clock.ahead().days + days)

    def home(self, **facts: Any) -> Home:
        """A free dwelling in Stuttgart whose landlord has confirmed the move."""
        return home(stuttgart(), number=str(next(_numbers)), **facts)


class Actor:
    """A person at a browser.

    complaints: what the browser's console said and what is wrong with pages. typed: what had to be typed.
    """

    def __init__(self, page: Any, stage: Stage, *, scripts: bool = True) -> None:
        self.page, self.stage, self.scripts = page, stage, scripts
        self.complaints: list[str] = []
        self.typed: list[str] = []
        self.began = time.monotonic()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.set_default_timeout(1000 * PATIENCE)

    @property
    def title(self) -> str:
        found: str = self.page.get_by_role("heading", level=1).first.inner_text()
        return found

    @property
    def text(self) -> str:
        found: str = self.page.locator("main").inner_text()
        return found.replace("\N{NO-BREAK SPACE}", " ")

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def looks(self) -> None:
        """See whether everybody could use the page that is open."""
        if self.scripts:
            self.complaints += [f"{self.title}: {one}" for one in findings(self.page, colours=(LIGHT,))]

    def opens(self, path: str) -> None:
        self.page.goto(self.stage.node.web + path)

    def types(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)
        self.typed.append(text)

    def types_code(self, code: str) -> None:
        self.page.locator("main input[type=text]").fill(code)
        self.typed.append(code)

    def presses(self, name: str) -> None:
        """Press a button, and see the page that comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def follows(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()

    def chooses(self, name: str) -> None:
        self.page.get_by_label(name, exact=True).check()

    def says(self, sentence: str) -> None:
        """Use the one box of the page."""
        self.page.get_by_label("Was ist passiert").fill(sentence)
        self.typed.append(sentence)
        self.presses("Weiter")

    def identifies(self, name: str) -> None:
        """Go by the simulated provider and come back."""
        self.follows("Simulierter Online-Ausweis")
        self.page.get_by_label(name).check()
        self.page.get_by_label("PIN", exact=False).last.fill("123456")
        self.presses("Ausweisen")
        self.waits_for(lambda: "/anmelden/" not in self.page.url)

    def identifies_by_wallet(self, mover_name: str) -> None:
        """Go by the simulated wallet on the same device and come back."""
        self.follows("Mit der Wallet ausweisen")
        self.presses("Mit der Wallet ausweisen")
        self.follows("Simulierte Wallet öffnen")
        self.follows(mover_name)
        self.looks()
        self.presses("Teilen")
        self.waits_for(lambda: self.page.url.startswith(self.stage.node.web))
        self.waits_for(lambda: "/anmelden/" not in self.page.url)

    def answers(self, answers: Mapping[str, Callable[[], None]], *, until: str, looking: bool = False) -> list[str]:
        """Answer page after page by what is asked on it, as ``answers`` know (words on the page -> what to do).

        looking: whether to examine each page. Returns the titles. Somebody who is asked what they have no answer for fails.
        """
        titles = []
        deadline = time.monotonic() + PATIENCE
        while self.title != until:
            assert time.monotonic() < deadline, f"stuck at {self.title}: {self.text}"
            if "/fragen/" not in self.page.url:
                self._goes_on()
                continue
            known = [act for words, act in answers.items() if words in self.text]
            assert known or "Wer zieht mit um?" in self.text, f"no answer for: {self.text}"
            titles.append(self.title)
            self.looks() if looking else None
            for act in known:
                act()
            self.presses("Weiter")
            assert not self.page.get_by_role("alert").count(), self.text
        return titles

    def _goes_on(self) -> None:
        """From the status page on to what the page offers; while others work, a moment later."""
        for name in ("Prüfen und absenden", "Weiter"):
            link = self.page.get_by_role("link", name=name, exact=True)
            if link.count():
                self.follows(name)
                return
        self.page.wait_for_timeout(300)

    def waits_for(self, condition: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
        """Do nothing: the page must get there by itself."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"still at {self.page.url}: {self.title}: {self.text}"
            self.page.wait_for_timeout(200)

    def meanwhile(self, act: Callable[[], T]) -> T:
        """Let somebody else act at the node: Django refuses its database to the thread of a browser."""

        def acting() -> T:
            try:
                return act()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(acting).result()

    def waits_for_title(self, title: str, *, seconds: float = PATIENCE) -> None:
        self.waits_for(lambda: self.title == title, seconds=seconds)


def address_typed(actor: Actor, home: Home) -> Callable[[], None]:
    """Fill in what is asked of the new address."""

    def act() -> None:
        for name in ("Straße", "Hausnummer"):
            actor.types(name, str(home.anschrift[name.lower().replace("ß", "ss")]))

    return act


def day_typed(actor: Actor, label: str, days_ahead: int = 0) -> Callable[[], None]:
    """Fill in a day, counted from today."""

    def act() -> None:
        day = clock.today().toordinal() + days_ahead
        actor.types(label, type(clock.today()).fromordinal(day).isoformat())

    return act


def moves_alone(actor: Actor, home: Home) -> dict[str, Callable[[], None]]:
    """Answers of who moves alone, has said address and day before, and has the landlord's code."""
    return {
        "Zieht Ihre Familie mit um": lambda: actor.chooses("Nein"),
        "Womit weisen Sie die neue Wohnung nach": lambda: actor.chooses(BY_CODE),
        "Welchen Code haben Sie": lambda: actor.types_code(home.code),
        "ziehen Sie ein": lambda: None,
        "Wohin ziehen Sie": lambda: None,
    }
