"""Closures over lists: comprehensions, any, all, sum, min, max, len on sure and possible members."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from formlos.law.evaluation.run import Closure, Frame, Run
from formlos.law.evaluation.unknowns import ERRORS, Listing, as_listing, doubt, merged, of_sample, opened, together
from formlos.law.language import NONE
from formlos.law.values import Unknown


def mapped(over: Closure, slot: int, take: Closure, where: Closure | None, rule: str) -> Closure:
    """Return the closure of a comprehension."""

    def look(run: Run, frame: Frame, member: Any) -> tuple[Any, Any]:
        frame[slot] = member
        condition = True if where is None else where(run, frame)
        return condition, None if condition is False else take(run, frame)

    def collect(run: Run, frame: Frame) -> Listing:
        source = as_listing(over(run, frame))
        found = Listing([])
        for member in source.sure:
            condition, value = look(run, frame, member)
            if condition is True:
                found.sure.append(value)
            else:
                _add_possible(found, value, condition, None, rule)
        for member, unless in source.possible:
            condition, value = look(run, frame, member)
            _add_possible(found, value, condition, unless, rule)
        if source.open is not None:
            _add_further(found, source.open, [look(run, frame, sample) for sample in source.samples], rule)
        return found

    return collect


def _add_possible(found: Listing, value: Any, condition: Any, unless: Unknown | None, rule: str) -> None:
    if condition is not False:
        found.possible.append((value, _both(unless, condition, rule)))


def _both(unless: Unknown | None, condition: Any, rule: str) -> Unknown:
    if unless is None:
        return opened(condition, rule)
    return unless if condition is True else together([unless, opened(condition, rule)])


def _add_further(found: Listing, rest: Unknown, samples: list[tuple[Any, Any]], rule: str) -> None:
    """Leave a list open for members like the samples, unless none of them would be in it."""
    for condition, value in samples:
        if condition is not False:
            found.samples.append(of_sample(value))
            found.open = _both(rest if found.open is None else found.open, of_sample(condition), rule)


def quantified(over: Closure, decisive: bool, rule: str) -> Closure:
    """Return the closure of any (decisive: True) or all (decisive: False)."""
    other = not decisive

    def quantify(run: Run, frame: Frame) -> Any:
        members = as_listing(over(run, frame))
        if decisive in members.sure:
            return decisive
        undecided: list[Any] = [opened(value, rule) for value in members.sure if value is not other]
        for value, condition in members.possible:
            if value is not other:
                undecided.append(condition)
            if value is not other and value is not decisive:
                undecided.append(opened(value, rule))
        further = [sample for sample in members.samples if sample is not other]
        if further:
            undecided += [members.open, *further]
        rest = merged(undecided)
        return other if rest is None else rest

    return quantify


def counted(over: Closure) -> Closure:
    """Return the closure of len: unknown lengths still have bounds."""

    def count(run: Run, frame: Frame) -> Any:
        members = as_listing(over(run, frame))
        low = len(members.sure)
        if not members.possible and members.open is None:
            return low
        rest = members.unknown
        assert rest is not None
        high = low + len(members.possible) if members.open is None else None
        return Unknown(rest.needs, rest.doubts, None, low, high)

    return count


def summed(over: Closure, zero: str, rule: str) -> Closure:
    """Return the closure of sum; `zero` is the kind of number that an empty sum is."""
    start: Any = Decimal(0) if zero == "decimal" else 0
    return _reduced(over, lambda values: sum(values, start), rule)


def extreme(over: Closure, how: str, rule: str) -> Closure:
    """Return the closure of min or max of a list; of an empty one it is a doubt."""
    return _reduced(over, min if how == "min" else max, rule)


def _reduced(over: Closure, function: Callable[[list[Any]], Any], rule: str) -> Closure:
    def reduce(run: Run, frame: Frame) -> Any:
        members = as_listing(over(run, frame))
        rest = merged([*members.sure, *(value for value, _ in members.possible), members.unknown, *members.samples])
        if rest is not None:
            return rest
        try:
            return function(members.sure)
        except ERRORS as error:
            return doubt(rule, str(error) or type(error).__name__)

    return reduce


def members_of(path: str, item_is_record: bool, missing: Callable[[Run, str], Any]) -> Closure:
    """Return the closure that reads a list fact at a fixed path."""

    def members(run: Run, frame: Frame) -> Any:
        value = run.memo.get(path)
        if value is None:
            value = run.memo[path] = listing_at(run, path, item_is_record, missing)
        return value

    return members


def listing_at(run: Run, path: str, item_is_record: bool, missing: Callable[[Run, str], Any]) -> Listing:
    """Return the list fact at `path` with its members' paths (or the keys themselves, if they are the values)."""
    value = run.get(path)
    if value is None:
        value = missing(run, path)
    if value.__class__ is Unknown:
        return _open_list(path, [], item_is_record)
    if value is NONE:
        return Listing([])
    members = [f"{path}/{key}" for key in value.keys] if item_is_record else list(value.keys)
    return Listing(members) if value.complete else _open_list(path, members, item_is_record)


def _open_list(path: str, members: list[Any], item_is_record: bool) -> Listing:
    rest = Unknown(frozenset({path}))
    return Listing(members, [], rest, [f"{path}/*" if item_is_record else rest])
