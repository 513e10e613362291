"""Picks the version that holds on the key date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from formlos.law.evaluation.moving import plain
from formlos.law.evaluation.run import Closure, Frame, Run
from formlos.law.evaluation.unknowns import doubt, joined, merged
from formlos.law.language import NONE
from formlos.law.values import ArithmeticDoubt, Unknown


class Version(NamedTuple):
    """A version of a rule or parameter. `until` is the last day on which it holds, if it was not replaced."""

    since: date | None
    until: date | None
    closure: Closure


def day(text: str | None) -> date | None:
    """Return a date of the document, or None for an open end."""
    return None if text is None else date.fromisoformat(text)


def dated(name: str, versions: Sequence[Version], key_date: Closure) -> Closure:
    """Return the closure that reads the version in force; candidates are joined while the key date is unknown.

    The first version also stands for earlier days, with a note for the clerk: so an undated past never
    changes a result. After the last version's end there is no value.
    """
    first, last = versions[0], versions[-1]
    if len(versions) == 1 and first.since is None and first.until is None:
        return first.closure
    latest_first = tuple(reversed(versions))

    def pick(run: Run, frame: Frame) -> Any:
        key = key_date(run, frame)
        if key.__class__ is Unknown:
            return _undecided(key, [version.closure(run, frame) for version in versions], last.until is not None)
        if key is NONE:
            return doubt(name, "the key date is known to be none")
        for version in latest_first:
            if version.since is None or key >= version.since:
                if version.until is not None and key > version.until:
                    return doubt(name, f"no version holds on {plain(key)}")
                return version.closure(run, frame)
        run.notes.add(ArithmeticDoubt(name, f"{plain(key)} lies before the first version ({first.since})"))
        return first.closure(run, frame)

    return pick


def _undecided(key: Unknown, values: list[Any], ends: bool) -> Any:
    value = joined(key, values)
    if not ends:
        return value
    # It may turn out that no version holds any more, so agreement settles nothing.
    return merged([key, value])


def version_on(versions: Sequence[dict[str, Any]], key: Any) -> list[dict[str, Any]]:
    """Return the versions (as document data) that can hold for a key date: one if it is known."""
    if key.__class__ is Unknown or key is NONE:
        return list(versions)
    found = [version for version in versions if version["since"] is None or plain(key) >= day(version["since"])]
    return [found[-1] if found else versions[0]]
