"""The engine on the law of umzug: readings per second, beside a peer and plain Python, and how good the plan is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from formlos.config.bench import peer
from formlos.config.bench.plain import plain_python
from formlos.config.bench.timing import ROUNDS, rate
from formlos.law import Document, Facts, Law, Unknown, load_service, optimum, stories

STORY = "01_familie_von_muenchen"
OPEN = {
    "Is the dwelling known?": ("anschrift_ist_bekannt", "anschrift_ist_wohnung", "wohnung_ist_geprueft"),
    "Which proof of dwelling?": (
        "wohnungsnachweis",
        "zuordnungsmerkmal_ergebnis",
        "bestaetigung_ist_in_ordnung",
        "eigentum_ist_geprueft",
        "wohnungsnachweis_ist_anerkannt",
    ),
    "Does the register confirm the person?": (
        "treffer",
        "verstorben",
        "nach_unbekannt",
        "identitaet_ist_geprueft",
        "registereintrag_ist_geklaert",
    ),
}
"""Small graphs: everything is known but these, with what a clerk would be asked if they turn out badly."""
SETTLED = {
    "ablehnungsgrund": "keiner",
    "anschriftencode_ergebnis": "gueltig",
    "angegebener_wohnungsgeber": "keiner",
    "wohnungsgeberbestaetigung": "beleg",
    "wohnungsstatus_nach_pruefung": "alleinige",
    "wohnungsgeber_hat_per_link_bestaetigt": True,
    "vorgang_des_wohnungsgebers": "keiner",
}
KEPT_OPEN = ("amt", "amt_mit_bestaetigung", "amt_mit_eigentuemer")


class PeerDisagrees(Exception):
    """Peer or plain Python come to another result than the engine; then their speed says nothing."""

    code = "peer_disagrees"


@dataclass(frozen=True)
class Engine:
    """Calls per second of one thread; times in milliseconds. ``gaps``: open facts → price of plan and optimum."""

    rules: int
    facts: int
    half: int
    load: float
    everything: float
    goal: float
    partial: float
    plan: float
    likely_questions: float
    explain: float
    compiled: float
    peer: float
    plain: float
    compared: int
    gaps: dict[str, optimum.Gap]


def measure(services: Path) -> Engine:
    """Load ``umzug`` and read it in every way, for a family of four. Raises ``PeerDisagrees``, ``PeerMissing``."""
    folder, begun = services / "umzug", []
    for _ in range(ROUNDS):
        start = perf_counter()
        document = load_service(folder, calendars=services / "calendars")
        begun.append(perf_counter() - start)
    told = stories.load_stories(folder)
    law, facts = _case(document, told[STORY])
    half = Facts(dict(list(facts.items())[: len(facts) // 2]))
    goal = (peer.GOAL,)
    compiled, port, inputs = law.compiled(goal), peer.peer(), peer.inputs_of(law, facts)
    return Engine(
        rules=len(document.rules),
        facts=len(facts),
        half=len(half),
        load=median(begun) * 1000,
        everything=rate(lambda: law.evaluate(facts)),
        goal=rate(lambda: law.evaluate(facts, goal)),
        partial=rate(lambda: law.evaluate(half, goal)),
        plan=1000 / rate(lambda: law.plan(half)),
        likely_questions=1000 / rate(lambda: law.plan(half).remaining_questions),
        explain=1000 / rate(lambda: law.explain(facts, peer.GOAL)),
        compiled=rate(lambda: compiled(facts)),
        peer=rate(lambda: port(inputs)),
        plain=rate(plain_python(law, facts, folder / "rules.py")),
        compared=compare(document, told, folder / "rules.py"),
        gaps={name: gap_of(law, facts, paths) for name, paths in OPEN.items()},
    )


def _case(document: Document, story: dict[str, object]) -> tuple[Law, Facts]:
    return stories.story_law(document, story), stories.story_facts(document, story)


def compare(document: Document, told: dict[str, dict[str, object]], rules: Path) -> int:
    """How many stories all three decide; they must decide them alike. Raises ``PeerDisagrees``."""
    port, compared = peer.peer(), 0
    for name, story in told.items():
        law, facts = _case(document, story)
        known = [law.value(facts, path) for path in (peer.GOAL, "personen")]
        if any(isinstance(value, Unknown) for value in known):
            continue
        results = {port(peer.inputs_of(law, facts)), plain_python(law, facts, rules)()}
        if results != {known[0]}:
            raise PeerDisagrees(f"story {name}: engine {known[0]}, peer or plain Python {results}")
        compared += 1
    return compared


def gap_of(law: Law, facts: Facts, paths: tuple[str, ...]) -> optimum.Gap:
    """The plan's price and the best price when only ``paths`` are open; other doubts are settled."""
    given = law.document.facts_from(SETTLED)
    known = {path: value for path, value in {**given, **facts}.items() if path not in paths}
    for path, entry in law.document.data["facts"].items():
        clerks_answer = law.document.fact_types[path].kind == "bool" and set(entry["sources"]) <= set(KEPT_OPEN)
        if clerks_answer and path not in paths:
            known.setdefault(path, True)
    domains = {path: chances for path, chances in optimum.domains_of(law).items() if path in paths}
    open_case = Facts(known)
    return optimum.Gap(
        optimum.plan_price(law, domains, open_case), optimum.brute_force_plan(law, domains, open_case)[0]
    )
