"""A running node with a simulated provider and wallet, and people who come to it with a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from formlos.base import clock
from formlos.portals.citizen.tests.serving import CHROMIUM

if TYPE_CHECKING:
    from tests.nodes import Node
    from tests.stories.acting import Actor, Stage

PHONE, DESK = (390, 844), (1280, 900)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if "tests/stories/" in item.path.as_posix()]
    for item in here if CHROMIUM is None else ():
        item.add_marker(pytest.mark.skip(reason="no chromium; apt install chromium-headless-shell"))


@contextmanager
def _at_hand(node: Node) -> Iterator[None]:
    """The node's database and its clock, which the stories let run ahead, for this process."""
    clock.follow(node.home / clock.DEMO_FILE)
    try:
        with node.at_hand():
            yield
    finally:
        clock.follow(None)


@pytest.fixture(scope="session")
def stage(new_node: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Stuttgart and Munich on one node with all its processes."""
    from tests.nodes import MUNICH, STUTTGART, Root
    from tests.stories.acting import Stage

    with new_node(STUTTGART, MUNICH) as node:
        root = Root(tmp_path_factory.mktemp("root"))
        node.take_over(root.directory(node.entries(), days=clock.MOST_DAYS_AHEAD + 30), root)
        stage = Stage(node)
        with _at_hand(node):
            stage.open()
        yield stage


@pytest.fixture(autouse=True)
def at_hand(stage: Stage) -> Iterator[None]:
    """The node is at hand for the length of each story, and for no other test."""
    with _at_hand(stage.node):
        yield


@pytest.fixture
def visiting(stage: Stage) -> Callable[..., AbstractContextManager[Actor]]:
    """``with visiting(size, scripts=…) as actor``: somebody at a browser of this size."""
    from tests.stories.acting import Actor

    from formlos.portals.citizen.tests.serving import browsing

    @contextmanager
    def visit(size: tuple[int, int] = PHONE, *, scripts: bool = True) -> Iterator[Actor]:
        with browsing(width=size[0], height=size[1], scripts=scripts) as page:
            actor = Actor(page, stage, scripts=scripts)
            yield actor
            assert not actor.complaints, actor.complaints

    return visit
