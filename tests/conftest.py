"""Fixtures for tests of whole nodes. Django is not ready when this file is read: what needs it is imported inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.nodes import Node
    from tests.people import Home


@pytest.fixture(scope="session")
def founded(clone: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """``founded((ags, name), …)``: name of a database with these towns, made once a run, to be cloned."""
    from tests.nodes import Node

    made: dict[tuple[tuple[str, str], ...], str] = {}
    with ExitStack() as databases:

        def found(*towns: tuple[str, str]) -> str:
            if towns not in made:
                database = databases.enter_context(clone())
                Node(tmp_path_factory.mktemp("founding"), database.environment).found(*towns)
                made[towns] = database.name
            return made[towns]

        yield found


@pytest.fixture(scope="session")
def new_node(
    clone: Any, founded: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., AbstractContextManager[Node]]:
    """``with new_node((ags, name), …) as node``: a node with these towns and settings, no process running yet."""
    from tests.nodes import Node

    @contextmanager
    def made(*towns: tuple[str, str], **settings: str) -> Iterator[Node]:
        with clone(founded(*towns)) as database:
            node = Node(tmp_path_factory.mktemp("node"), database.environment, **settings)
            try:
                node.trust_the_demo_issuer()
                yield node
            finally:
                node.stop()

    return made


@pytest.fixture(scope="module")
def node(new_node: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Stuttgart and Munich on one running node, at hand for every test of the module."""
    from tests.nodes import MUNICH, STUTTGART, Root

    with new_node(STUTTGART, MUNICH) as made:
        root = Root(tmp_path_factory.mktemp("root"))
        made.take_over(root.directory(made.entries()), root)
        made.start()
        with made.at_hand():
            yield made


@pytest.fixture(scope="session")
def new_home() -> Callable[..., Home]:
    """A free, confirmed dwelling that no other test moves into."""
    numbers = count(1)

    def make(town: Any, **facts: Any) -> Home:
        from tests.people import home

        return home(town, number=str(next(numbers)), **facts)

    return make
