"""A person at the portal of a town, over HTTP: answers what is asked, sends, looks again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from tests.nodes import Node
from tests.people import Home, Mover

from formlos.base import clock
from formlos.base.tenancy import Municipality, acting_for
from formlos.cases import operations, queries
from formlos.config.demo.move import PAPER
from formlos.config.demo.portal import Portal, PortalRefused
from formlos.identity import demo_issuer

Case = Mapping[str, Any]
OVER = ("closed", "withdrawn", "reversed")


class Citizen:
    """``answers`` by the last part of a question's path; the usual ones are of somebody who moved into ``home`` today."""

    def __init__(self, node: Node, town: Municipality, mover: Mover, home: Home | None = None, **answers: Any) -> None:
        self.node, self.town, self.mover = node, town, mover
        self.portal = Portal(url=node.web, ags=town.ags)
        self.answers: dict[str, Any] = {
            "berechtigung_ist_versichert": True,
            "zieht_mit": True,
            "einzug_bestaetigt": True,
            "einzugsdatum": clock.today().isoformat(),
            "wohnungsnachweis": "zuordnungsmerkmal",
        }
        if home:
            self.answers |= {"neue_anschrift": home.anschrift, "zuordnungsmerkmal": home.code}
        self.answers |= answers
        self.asked: list[str] = []
        self.seen: list[Case] = []
        self.case: dict[str, Any] = {}
        self.patient = False  # whether to try again when the portal says that it has failed

    def identifies(self, *, level: str = "high") -> Citizen:
        self._again(self.portal.identify, demo_issuer.issue(person=self.mover.eid, subject=self.mover.key, level=level))
        return self

    def opens(self) -> Citizen:
        self.case = self._again(self.portal.open, "umzug")
        self.seen.append(self.case)
        return self

    def begins(self) -> Citizen:
        return self.identifies().opens()

    def adds(self, **values: Any) -> Citizen:
        """Say what nobody asked for, such as ``besonderheiten``."""
        self.case = self.portal.answer(self.case["id"], values)
        return self

    def looks(self) -> dict[str, Any]:
        self.case = self._again(self.portal.read, self.case["id"])
        self.seen.append(self.case)
        return self.case

    def goes_on(self, until: Callable[[Case], bool], *, seconds: float = 40, pause: float = 0.05) -> dict[str, Any]:
        """Answer and send until the case is as wanted; look again after a pause while others are at work."""
        deadline = time.monotonic() + seconds
        while not until(self.case):
            assert time.monotonic() < deadline, f"stuck in {self.case['state']}: {self.case['waiting']}; {self._asks()}"
            if not self._acts():
                time.sleep(pause)
                self.looks()
        return self.case

    def _acts(self) -> bool:
        case = self.case
        if case["pages"]:
            answers = {question["path"]: self._answers(question) for question in case["pages"][0]}
            self.asked += answers
            self.case = self._again(self.portal.answer, case["id"], answers)
        elif not case["reviewed"] and not case["waiting"] and case["state"] == "open":
            self.case = self._again(self.portal.send, case["id"])
        else:
            return False
        self.seen.append(self.case)
        return True

    def _answers(self, question: Mapping[str, Any]) -> Any:
        answer = self._answer(question["path"])
        return (
            self.portal.hand_in(self.case["id"], name=answer, content=PAPER) if question["form"] == "file" else answer
        )

    def _again(self, action: Callable[..., Any], *arguments: Any) -> Any:
        """Try once more, for a while, when the page does not load at all."""
        deadline = time.monotonic() + 60
        while True:
            try:
                return action(*arguments)
            except httpx.TransportError:
                assert time.monotonic() < deadline, "the portal does not answer"
            except PortalRefused as refused:
                if "code" in refused.found:
                    raise
                assert self.patient and time.monotonic() < deadline, f"{refused}; {self.node.end_of_log('web')}"
            time.sleep(0.2)

    def _answer(self, path: str) -> Any:
        name = path.rpartition("/")[2]
        answer = self.answers[path] if path in self.answers else self.answers[name]
        return answer() if callable(answer) else answer

    def _asks(self) -> list[str]:
        return [question["path"] for page in self.case["pages"] for question in page]


def all_move(citizens: Sequence[Citizen], *, at_a_time: int = 6, seconds: float = 120, patient: bool = False) -> None:
    """Let people who have opened their cases go on, several at the same time, until all are through."""
    for citizen in citizens:
        citizen.patient = patient
    with ThreadPoolExecutor(at_a_time) as crowd:
        going = [crowd.submit(citizen.goes_on, is_over, seconds=seconds, pause=0.7) for citizen in citizens]
        for one in going:
            one.result()


def is_over(case: Case) -> bool:
    return case["state"] in OVER


def is_with_clerk(case: Case) -> bool:
    return case["state"] == "clerk"


def waits(case: Case) -> bool:
    return bool(case["waiting"])


def is_ready_to_send(case: Case) -> bool:
    return case["state"] == "open" and not case["pages"] and not case["waiting"] and not case["reviewed"]


def is_sent(case: Case) -> bool:
    return bool(case["reviewed"])


def clerk_asks(town: Municipality, case: Any = None) -> dict[str, queries.ClerkQuestion]:
    """Open questions of the town, or of one of its cases, by path."""
    with acting_for(town):
        return {one.path: one for one in queries.clerk_questions() if case is None or str(one.case) == str(case)}


def clerk_says(town: Municipality, case: Any, path: str, value: Any, *, reason: str = "geprüft") -> None:
    with acting_for(town):
        operations.answer_question(case_id=case, path=path, value=value, reason=reason, clerk="amtfrau")
