"""The figures mean something only if everybody computes the same."""

from __future__ import annotations

import os
from dataclasses import replace

from formlos.catalogue.finder.measuring import Measured as Finder
from formlos.catalogue.finder.measuring import Rates
from formlos.config.bench import engine, processor, report
from formlos.config.bench.costs import Costs
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
