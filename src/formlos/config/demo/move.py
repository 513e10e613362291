"""One person moves: asked only what is missing, answers from a script, waits for others, is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from formlos.config.demo.portal import Portal
from formlos.config.demo.script import LetterAwaited

Answer = Callable[[Mapping[str, Any]], Any]
Watcher = Callable[["Step"], None]
PAPER = b"%PDF-1.4\n% Spieldaten\n%%EOF\n"
OVER = ("closed", "withdrawn", "reversed")


@dataclass(frozen=True)
class Step:
    """Something that happened, for whoever tells the story. ``seconds`` since the one before."""

    kind: str
    seconds: float
    case: Mapping[str, Any]
    answers: Mapping[str, Any] = field(default_factory=dict)
    warnings: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Move:
    """A move in progress. ``asked`` counts the questions the person answered."""

    portal: Portal
    answer: Answer
    watch: Watcher
    asked: int = 0
    _last: float = field(default_factory=time.perf_counter)

    def play(self, assertion: str, *, patience: float = 60) -> dict[str, Any]:
        """From identification to the end, to a clerk's or a later day's turn, or until ``patience`` seconds pass idly.

        Returns the case as last seen. Raises ``PortalRefused``.
        """
        self.portal.identify(assertion)
        case = self.portal.open("umzug")
        self._happened("opened", case)
        changed = time.perf_counter()
        while case["state"] not in OVER and not _is_for_later(case):
            before = case
            try:
                case = self._go_on(case)
            except LetterAwaited:
                break
            if case != before:
                changed = time.perf_counter()
            elif time.perf_counter() - changed > patience:
                break
            else:
                time.sleep(0.05)
        self._happened("ended", case)
        return case

    def _go_on(self, case: dict[str, Any]) -> dict[str, Any]:
        """Answer what is asked now, send when all is answered, otherwise look again."""
        if case["pages"]:
            answers = {question["path"]: self._answer(case, question) for question in case["pages"][0]}
            self.asked += len(answers)
            after = self.portal.answer(case["id"], answers)
            warned = {question["path"]: question["warning"] for question in case["pages"][0] if question["warning"]}
            self._happened("answered", after, answers, warned)
            return after
        if not case["reviewed"] and not case["waiting"]:
            after = self.portal.send(case["id"])
            self._happened("sent", after)
            return after
        after = self.portal.read(case["id"])
        if after["state"] != case["state"] or len(after["known"]) != len(case["known"]):
            self._happened("changed", after)
        return after

    def _answer(self, case: Mapping[str, Any], question: Mapping[str, Any]) -> Any:
        if question["form"] == "file":
            return self.portal.hand_in(case["id"], name=f"{question['label']}.pdf", content=PAPER)
        return self.answer(question)

    def _happened(self, kind: str, case: Mapping[str, Any], *said: Mapping[str, Any]) -> None:
        now = time.perf_counter()
        self.watch(Step(kind, now - self._last, case, *said))
        self._last = now


def _is_for_later(case: Mapping[str, Any]) -> bool:
    """A clerk's turn, or nothing to do before a day that has not come."""
    return case["state"] == "clerk" or (case["state"] == "waiting" and bool(case["wake_at"]) and not case["waiting"])
