"""The figures mean something only if everybody computes the same."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from formlos.catalogue.finder.measuring import Measured as Finder
from formlos.catalogue.finder.measuring import Rates
from formlos.config.bench import engine, lighthouse, node, pages, processor, report
from formlos.config.bench.costs import Costs
from formlos.config.bench.lighthouse import CATEGORIES, Audited, Scores
from formlos.config.bench.limits import Limits, Population
from formlos.config.bench.moves import Latency, Run
from formlos.config.environment import PROJECT
from formlos.law import load_service, stories
from formlos.law.optimum import Gap

UMZUG = PROJECT / "services" / "umzug"


def test_peer_and_plain_python_decide_every_story_like_the_engine() -> None:
    document = load_service(UMZUG, calendars=PROJECT / "services" / "calendars")
    told = stories.load_stories(UMZUG)
    assert engine.compare(document, told, UMZUG / "rules.py") > 40


def test_processor_time_of_a_process_tree_holds_this_process() -> None:
    before = processor.seconds_of({"this": [os.getpid()], "nobody": []})
    sum(number * number for number in range(500_000))
    used = processor.difference(before, processor.seconds_of({"this": [os.getpid()], "nobody": []}))
    assert used["this"] > 0
    assert used["nobody"] == 0


COST = {"web": 100.0, "exchange": 10.0, "worker": 60.0, "postgres": 30.0, "load": 5.0}
RUN = Run(moves=50, at_once=4, seconds=5.0, cost=COST, commits=90, syncs=30, jobs=6, calls=5, busy=1.0, others=0.0)
FOUND = report.Measured(
    place=report.Place("2026-03-10", "one", {"Python": "3"}, "0.00", {"fsync": "on"}, "few", 1000, "formlos bench"),
    engine=engine.Engine(48, 100, 50, 200.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 51, {"dwelling": Gap(2, 1)}),
    runs=[RUN],
    best=RUN,
    latency=Latency(10, 0.5, 0.6, 0.4),
    costs=Costs(pdf=8.0, seal=2.0, message=3.0, delivery=10.0),
    limits=Limits(3000.0, 600.0, 200.0),
    population=Population(1000, 0.5),
)


def test_page_says_what_bounds_a_missed_aim() -> None:
    page = report.text(FOUND)
    assert "| 4 | 50 | 5.0 s | **10.00** | 100% | 0% |" in page
    assert "a move takes 200 ms, so two cores that did nothing else could reach 10.0" in " ".join(page.split())
    assert "of these: cryptography | 14.0" in page
    assert max(map(len, page.splitlines())) <= 200


def test_page_says_that_the_aim_is_met() -> None:
    fast = replace(RUN, seconds=2.0)
    assert "is met" in report.text(replace(FOUND, runs=[fast], best=fast))


def test_page_shows_how_often_the_finder_is_right_on_both_halves() -> None:
    tuned, held_out = (Rates(100, share, share, 10, 0.9, 3.0) for share in (0.97, 0.85))
    page = report.text(replace(FOUND, finder=Finder(tuned, held_out)))
    assert "| **held out** | 100 | 85.0% | 85.0% | 90% of 10 | 3.0 ms |" in page


def test_the_terminal_is_told_the_finders_hit_rate_at_one_and_three() -> None:
    tuned, held_out = (Rates(100, share, share + 0.01, 10, 0.9, 3.0) for share in (0.97, 0.85))
    said = report.finder_line(Finder(tuned, held_out))
    assert "tuned on 100: 97.0% at 1, 98.0% at 3" in said and "held out 100: 85.0% at 1, 86.0% at 3" in said


def test_pages_over_the_aim_stand_out_and_a_missing_lighthouse_says_why() -> None:
    timed = [pages.Timed("start", 10, 8.0, 12.0, 6000), pages.Timed("status", 10, 40.0, 61.0, 22000)]
    first, later = pages.Weight("start", 6_000, 92_000), [pages.Weight("my data", 12_000, 30_000)]
    family = [pages.Weight("status (uk)", 41_000, 0)]
    seen = pages.Pages(timed, first, later, pages.Visit(("", ""), ""), family)
    page = report.text(replace(FOUND, pages=seen, audited=Audited([], missing="`lighthouse` is not installed here")))
    assert "| status | 10 | 40 ms | **61 ms** |" in page and "Missed by: status." in page
    assert "| start | 6.0 kB | 98.0 kB | 200 kB |" in page and "| my data | 12.0 kB | **42.0 kB** | 40 kB |" in page
    assert "| status (uk) | 41.0 kB | **41.0 kB** | 40 kB |" in page
    assert "Lighthouse: not measured; `lighthouse` is not installed here." in page


def test_lighthouse_below_the_aim_stands_out() -> None:
    scores = dict.fromkeys(CATEGORIES, 100) | {"seo": 90}
    told = Audited([Scores("start", scores, ["seo: meta-description"])], version="12.8")
    seen = pages.Pages([], pages.Weight("start", 1, 1), [], pages.Visit(("", ""), ""))
    page = report.text(replace(FOUND, pages=seen, audited=told))
    assert "| start | 100 | 100 | 100 | **90** |" in page and "start: seo: meta-description" in page


def test_where_lighthouse_is_not_installed_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("LIGHTHOUSE", raising=False)
    told = lighthouse.audit(web="http://localhost", pages={"start": "/"}, cookie=("", ""))
    assert not told.pages and "is not installed here" in told.missing


def test_simulated_provider_and_wallet_are_counted_apart() -> None:
    assert {"web", "exchange", "worker", "idp", "wallet"} == set(node.ROLES)


def test_the_command_needs_no_django_before_it_has_a_node() -> None:
    script = "import formlos.config.bench.report, formlos.config.bench.suite"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=_bare(), check=False)
    assert found.returncode == 0, found.stderr


def _bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "FORMLOS"))}


@pytest.mark.parametrize("open_facts", engine.OPEN.values(), ids=["dwelling", "proof", "register"])
def test_everything_but_a_small_graph_is_settled(open_facts: tuple[str, ...]) -> None:
    document = load_service(UMZUG, calendars=PROJECT / "services" / "calendars")
    story = stories.load_stories(UMZUG)[engine.STORY]
    gap = engine.gap_of(stories.story_law(document, story), stories.story_facts(document, story), open_facts)
    assert gap.plan >= gap.optimum > 0
