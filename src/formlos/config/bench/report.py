"""The text of docs/benchmarks.md, from what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formlos.config.bench.engine import STORY, Engine
from formlos.config.bench.lighthouse import Audited
from formlos.config.bench.report_pages import pages_text
from formlos.config.bench.writing import paragraph, table

if TYPE_CHECKING:  # these need Django to be set up
    from formlos.catalogue.finder.measuring import Measured as Finder
    from formlos.catalogue.finder.measuring import Rates
    from formlos.config.bench.costs import Costs
    from formlos.config.bench.limits import Limits, Population
    from formlos.config.bench.moves import Latency, Run
    from formlos.config.bench.pages import Pages

AIM = 20
BUSY = 0.9
MOVES_A_YEAR, SECONDS_A_YEAR = 4_000_000, 365 * 24 * 3600
KINDS = {
    "web": "web (pages and API)",
    "exchange": "exchange (endpoint for messages)",
    "worker": "worker (jobs)",
    "postgres": "PostgreSQL",
}


@dataclass(frozen=True)
class Place:
    """Where and with what was measured."""

    day: str
    machine: str
    versions: Mapping[str, str]
    load_before: str
    durability: Mapping[str, str]
    processes: str
    residents: int
    command: str


@dataclass(frozen=True)
class Measured:
    place: Place
    engine: Engine
    runs: list[Run]
    best: Run
    latency: Latency
    costs: Costs
    limits: Limits
    population: Population
    finder: Finder | None = None
    pages: Pages | None = None
    audited: Audited | None = None


def text(found: Measured) -> str:
    """The whole page."""
    parts = (
        _head(found.place),
        _engine(found.engine),
        _moves(found),
        _bound(found),
        pages_text(found.pages, found.audited),
        _finder(found.finder),
        _rest(found),
        NOTES,
    )
    return "\n\n".join(part for parts_of in parts for part in parts_of) + "\n"


def _head(place: Place) -> list[str]:
    rows = [
        ("day", place.day),
        ("machine", place.machine),
        ("versions", ", ".join(f"{name} {version}" for name, version in place.versions.items())),
        ("load average before", place.load_before),
        ("durability", ", ".join(f"`{name}` {setting}" for name, setting in sorted(place.durability.items()))),
        ("processes", place.processes),
        ("registers", f"two towns with {place.residents:,} invented residents each"),
    ]
    return [
        "# Benchmarks",
        paragraph(
            f"""Written by `{place.command}`; do not edit. Repeat it with `make bench` (`ARGS="--quick"` for a first look)
            while nothing else runs: everything, the load generator included, shares one machine."""
        ),
        table(("", ""), rows),
    ]


def _engine(engine: Engine) -> list[str]:
    evaluations = [
        (f"interpreted, all {engine.facts} facts known, goals and effects", _rate(engine.everything)),
        ("interpreted, the goal alone", _rate(engine.goal)),
        (f"partial: {engine.half} of {engine.facts} facts known, the goal alone", _rate(engine.partial)),
        ("compiled, the goal alone", _rate(engine.compiled)),
        ("**peer**: GoRules ZEN (`zen-engine`, Rust), the same rules", _rate(engine.peer)),
        ("**raw limit**: the rules as plain Python functions, called by hand", _rate(engine.plain)),
    ]
    times = [
        ("load the folder: parse, type-check, link", f"{engine.load:.0f} ms"),
        (f"plan with {engine.half} of {engine.facts} facts: what next, from whom", f"{engine.plan:.1f} ms"),
        ("the same with the likely number of questions left", f"{engine.likely_questions:.1f} ms"),
        ("explain the decision", f"{engine.explain:.1f} ms"),
    ]
    gaps = [(name, f"{gap.plan:.2f}", f"{gap.optimum:.2f}", f"{gap.ratio:.2f}") for name, gap in engine.gaps.items()]
    return [
        "## The engine",
        f"`services/umzug` ({engine.rules} rules) with the facts of its story `{STORY}`, one thread:",
        table(("evaluations", "per second"), evaluations),
        table(("", "time"), times),
        paragraph(
            f"""Peer and plain Python got every rule on which the goal rests, and agree with the engine on all
            {engine.compared} stories in which the goal is known. They compute it and no more: every fact must be there,
            the irrelevant ones too; there is no "unknown", no list of what still matters, no explanation with norms,
            no periods. The peer's figure includes handing over the facts."""
        ),
        paragraph(
            """How good the plan is, where brute force can tell: the average price of what is fetched and asked until
            all is known; lower is better."""
        ),
        table(("open", "plan", "best possible", "ratio"), gaps),
    ]


def _moves(found: Measured) -> list[str]:
    one, runs = found.latency, [(run.at_once, _amount(run), *_speed(run)) for run in found.runs]
    return [
        "## Whole moves",
        paragraph(
            """A single person moves from Munich to Stuttgart with a landlord's code: the case is opened, Munich's answer
            awaited, all questions answered, the declaration sent; both registers are written, the confirmation is set
            and sealed, Munich told, its evaluation filed. Real HTTP, durable commits, cryptography and PDF included.
            Counted from the first submission (POST of the case; people are signed in before) to the last effect of the
            last move (message 0203 processed, confirmation sealed). People answer at once, and look every 0.25 s
            whether the waiting is over."""
        ),
        table(("people at once", "moves", "time", "moves per second", "machine busy", "of that others"), runs),
        paragraph(
            f"""A move that has the machine to itself takes **{one.p50:.2f} s** (p50) and {one.p95:.2f} s (p95 of
            {one.moves}); its person is done after {one.person:.2f} s, waiting for Munich included."""
        ),
        *_cost(found.best, found.costs),
    ]


def _amount(run: Run) -> str:
    return str(run.moves) if run.rounds == 1 else f"{run.rounds} × {run.moves}"


def _speed(run: Run) -> tuple[str, ...]:
    return f"{run.seconds:.1f} s", f"**{run.rate:.2f}**", f"{run.busy:.0%}", f"{run.others:.0%}"


def _cost(best: Run, costs: Costs) -> list[str]:
    rows = [
        *((label, f"{best.cost[name]:.1f}") for name, label in KINDS.items()),
        ("**a move in all**", f"**{_total(best):.1f}**"),
        ("of these: cryptography", f"{costs.crypto_a_move:.1f}"),
        ("of these: PDF", f"{costs.pdf:.1f}"),
        ("beside them: the load generator", f"{best.cost['load']:.1f}"),
    ]
    return [
        table(("processor time per move", "ms"), rows),
        paragraph(
            f"""Per move: {best.calls:.1f} requests of the person, {best.jobs:.1f} jobs, {costs.messages} messages,
            {best.commits:.0f} commits (those of reads included), {best.syncs:.0f} writes of the log that wait for the
            disk. Processor time is read from `/proc` over process trees, in the fastest run; cryptography and PDF are
            measured alone ({costs.seal:.1f} ms a seal, {costs.message:.1f} ms a message with its receipt) and
            multiplied by how often they happen."""
        ),
    ]


def _bound(found: Measured) -> list[str]:
    best, total = found.best, _total(found.best)
    first, second = sorted(KINDS, key=lambda name: -best.cost[name])[:2]
    needed, paper = MOVES_A_YEAR / SECONDS_A_YEAR, (found.costs.crypto_a_move + found.costs.pdf) / total
    return [
        "### What bounds it",
        paragraph(f"{_verdict(best)} {_busy(best)}"),
        paragraph(
            f"""Most of it is spent by {KINDS[first]}, {best.cost[first] / total:.0%}, and {KINDS[second]},
            {best.cost[second] / total:.0%}: Python that plans what to ask next, reads and writes rows and folds
            journals. Cryptography and PDF together are {paper:.0%}. The log is written to disk {best.syncs:.0f} times a
            move, {best.syncs * best.rate:.0f} times a second, where one connection alone reaches
            {found.limits.commits:,.0f} durable commits a second."""
        ),
        paragraph(
            f"""About four million moves between German municipalities a year are {needed:.2f} a second on average; this
            run carried {best.rate / needed:.0f} times that."""
        ),
    ]


def _verdict(best: Run) -> str:
    if best.rate >= AIM:
        return f"The aim of {AIM} moves a second on two cores is met."
    total = _total(best)
    return (
        f"**The aim of {AIM} moves a second on two cores is missed.** It leaves {2000 / AIM:.0f} ms of processor time for"
        f" a move; a move takes {total:.0f} ms, so two cores that did nothing else could reach {2000 / total:.1f}."
    )


def _busy(best: Run) -> str:
    if best.busy > BUSY:
        return "The machine is busy throughout: processor time is the bound, not waiting."
    return f"The machine is busy {best.busy:.0%} of the time; the rest is waiting for the disk and between polls."


def _finder(finder: Finder | None) -> list[str]:
    if finder is None:
        return []
    head = (
        "half of the test set",
        "sentences",
        "hit at 1",
        "hit at 3",
        "nothing found where nothing fits",
        "time each",
    )
    rows = [("used for tuning", *_hits(finder.tuned)), ("**held out**", *_hits(finder.held_out))]
    return [
        "## From a sentence to its matters",
        paragraph(
            """Sentences in German and English, misspelled and colloquial ones too (docs/finder.md). Hit at 1: the first
            matter is one of those meant; hit at 3: all that are meant are among the three offered."""
        ),
        table(head, rows),
    ]


def finder_line(finder: Finder) -> str:
    """How often the finder is right, for the terminal."""
    halves = (("tuned on", finder.tuned), ("held out", finder.held_out))
    said = [f"{name} {one.sentences}: {one.first:.1%} at 1, {one.three:.1%} at 3" for name, one in halves]
    return f"the finder's hit rate; sentences {'; '.join(said)}"


def _hits(rates: Rates) -> tuple[str, ...]:
    silent = f"{rates.silent:.0%} of {rates.strange}"
    return str(rates.sentences), f"{rates.first:.1%}", f"{rates.three:.1%}", silent, f"{rates.milliseconds:.1f} ms"


def _rest(found: Measured) -> list[str]:
    limits, town = found.limits, found.population
    rows = [
        ("durable commits of one row, one connection", _rate(limits.commits)),
        (f"HTTP POST that the API refuses at once, {limits.clients} clients", _rate(limits.posts)),
        ("jobs that do nothing, one worker", _rate(limits.jobs)),
    ]
    return [
        "## Beside it",
        table(("raw limits in the same run", "per second"), rows),
        paragraph(
            f"""Exchange: {found.costs.delivery:.1f} ms a message from outbox to verified receipt, one after the other,
            over HTTP with commits on both sides; {found.costs.message:.1f} ms of that is cryptography."""
        ),
        paragraph(
            f"""Population: {town.residents:,} residents invented and stored in {town.seconds:.1f} s,
            {town.residents / town.seconds:,.0f} a second."""
        ),
    ]


def _total(run: Run) -> float:
    return sum(run.cost[name] for name in KINDS)


def _rate(value: float) -> str:
    return f"{value:,.0f}"


NOTES = [
    "## Read with care",
    "\n".join(
        (
            "- Figures are medians of several rounds; of whole moves, where the table says so, of each figure by itself.",
            '- On a virtual machine processor time grows when neighbours are busy. "Of that others" is what processes',
            "  outside this measurement used meanwhile: with more than a few per cent there, all figures are too low.",
            "- Movers are single people, one PDF each. A family of four needs four, and three more facts asked.",
            "- No proxy and no TLS in front; an operator's proxy adds its own.",
        )
    ),
]
