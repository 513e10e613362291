"""A running node with a simulated provider and wallet, and people who come to it with a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from formlos.base import clock
from formlos.portals.citizen.tests.serving import CHROMIUM

if TYPE_CHECKING:
    from tests.stories.acting import Actor, Stage

PHONE, DESK = (390, 844), (1280, 900)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if "tests/stories/" in item.path.as_posix()]
    for item in here if CHROMIUM is None else ():
        item.add_marker(pytest.mark.skip(reason="no chromium; apt install chromium-headless-shell"))


@pytest.fixture(scope="session")
def stage(new_node: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Stuttgart and Munich on one node with all its processes, at hand for the stories."""
    from tests.nodes import MUNICH, STUTTGART, Root
    from tests.stories.acting import Stage

    with new_node(STUTTGART, MUNICH) as node:
        root = Root(tmp_path_factory.mktemp("root"))
        node.take_over(root.directory(node.entries(), days=clock.MOST_DAYS_AHEAD + 30), root)
        stage = Stage(node)
        clock.follow(node.home / clock.DEMO_FILE)
        try:
            with node.at_hand():
                stage.open()
                yield stage
        finally:
            clock.follow(None)


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
