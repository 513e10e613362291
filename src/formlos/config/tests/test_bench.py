"""The figures mean something only if everybody computes the same."""

from __future__ import annotations

import os

from formlos.config.bench import engine, processor
from formlos.config.environment import PROJECT
from formlos.law import load_service, stories

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
