"""How unknown values join: needs and doubts add up, options and bounds narrow what is still possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Any

from formlos.law.language import NONE
from formlos.law.values import NO_DOUBTS, NO_NEEDS, ArithmeticDoubt, Unknown

MOST_OPTIONS = 8
MOST_COMBINATIONS = 32
ERRORS = (ArithmeticError, TypeError, ValueError, AttributeError, KeyError)


class Listing:
    """A list as far as known.

    sure: members that are in it. possible: members with the unknown condition on which they are in it.
    open: what further members depend on, or None if the list is complete. samples: what further members look
    like, if the list is open: paths of records with the key `*`, or unknown values.
    """

    __slots__ = ("open", "possible", "samples", "sure")

    def __init__(
        self,
        sure: list[Any],
        possible: list[tuple[Any, Unknown]] | None = None,
        open: Unknown | None = None,
        samples: list[Any] | None = None,
    ) -> None:
        self.sure = sure
        self.possible = possible or []
        self.open = open
        self.samples = samples or []

    @property
    def unknown(self) -> Unknown | None:
        """What membership still depends on, or None if the list is known."""
        return merged([*(condition for _, condition in self.possible), self.open])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Listing):
            return NotImplemented
        known = self.unknown is None and other.unknown is None
        return known and self.sure == other.sure

    __hash__ = None  # type: ignore[assignment]


def doubt(rule: str, message: str) -> Unknown:
    """Return the value that nobody can compute."""
    return Unknown(NO_NEEDS, frozenset({ArithmeticDoubt(rule, message)}))


def opened(value: Any, rule: str) -> Unknown:
    """Return an undecided condition as unknown; a known value that is no truth value (NONE) is a doubt."""
    if value.__class__ is Unknown:
        unknown: Unknown = value
        return unknown
    return doubt(rule, f"{value!r} is neither true nor false")


def merged(values: Iterable[Any]) -> Unknown | None:
    """Return one unknown with the needs and doubts of all that are unknown, or None if none is."""
    found = [value for value in values if value.__class__ is Unknown]
    if not found:
        return None
    first = found[0]
    if len(found) == 1:
        plain = first.options is None and first.low is None and first.high is None
        return first if plain else Unknown(first.needs, first.doubts)
    needs = first.needs.union(*[value.needs for value in found])
    doubts = [value.doubts for value in found if value.doubts]
    return Unknown(needs, NO_DOUBTS.union(*doubts) if doubts else NO_DOUBTS)


def together(values: Sequence[Unknown]) -> Unknown:
    """Return one unknown with the needs and doubts of several unknown values."""
    found = merged(values)
    assert found is not None
    return found


def options_of(value: Any) -> Sequence[Any] | None:
    """Return all values that a value may have, or None if they cannot be listed."""
    if value.__class__ is Unknown:
        options: tuple[Any, ...] | None = value.options
        return options
    return None if value.__class__ is Listing else (value,)


def distinct(values: Iterable[Any]) -> tuple[Any, ...] | None:
    """Return the different ones among the values, or None if they are too many."""
    found: list[Any] = []
    for value in values:
        if not any(value.__class__ is other.__class__ and value == other for other in found):
            found.append(value)
        if len(found) > MOST_OPTIONS:
            return None
    return tuple(found)


def lifted(function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    """Return a strict function's result where an argument is unknown: known if all options agree."""
    rest = merged(arguments)
    assert rest is not None
    choices = [options_of(argument) for argument in arguments]
    if any(choice is None for choice in choices) or rest.doubts:
        return rest
    combinations = 1
    for choice in choices:
        combinations *= len(choice or ())
    if combinations > MOST_COMBINATIONS:
        return rest
    try:
        results = distinct(function(*values) for values in product(*(choice or () for choice in choices)))
    except ERRORS:
        return rest
    return settled(rest, results)


def settled(rest: Unknown, results: tuple[Any, ...] | None) -> Any:
    """Return the one result that is left, or `rest` with its options."""
    if results is not None and len(results) == 1 and results[0].__class__ is not Unknown:
        return results[0]
    if results is None or any(result.__class__ is Unknown for result in results):
        return rest
    return Unknown(rest.needs, rest.doubts, results)


def joined(condition: Unknown, values: Sequence[Any]) -> Any:
    """Return the value of a choice that is not made yet: known if all branches agree."""
    if any(value.__class__ is Listing for value in values):
        return _joined_lists(condition, values)
    rest = merged([condition, *values])
    assert rest is not None
    choices = [options_of(value) for value in values]
    if any(choice is None for choice in choices):
        return rest
    results = distinct(value for choice in choices for value in choice or ())
    # Branches that agree settle it, even where the condition itself cannot be computed.
    if results is not None and len(results) == 1:
        return results[0]
    return Unknown(rest.needs, rest.doubts, results)


def _joined_lists(condition: Unknown, values: Sequence[Any]) -> Listing:
    lists = [as_listing(value) for value in values]
    samples = [sample for one in lists for sample in one.samples]
    everything = [[*one.sure, *(member for member, _ in one.possible)] for one in lists]
    if any(_has_double(members) for members in everything):
        unsure = together([condition, *(one.unknown for one in lists if one.unknown is not None)])
        return Listing([], [], unsure, [member for members in everything for member in members] + samples)
    sure = [member for member in lists[0].sure if all(_holds(other.sure, member) for other in lists[1:])]
    possible: list[tuple[Any, Unknown]] = []
    for member in (member for members in everything for member in members):
        if not _holds(sure, member) and not _holds([other for other, _ in possible], member):
            unless = [when for one in lists for other, when in one.possible if _holds([other], member)]
            possible.append((member, together([condition, *unless])))
    rest = merged(one.open for one in lists)
    return Listing(sure, possible, None if rest is None else merged([condition, rest]), samples)


def _has_double(members: Sequence[Any]) -> bool:
    return any(_holds(members[:position], member) for position, member in enumerate(members))


def _holds(members: Iterable[Any], member: Any) -> bool:
    return any(member.__class__ is other.__class__ and member == other for other in members)


def as_listing(value: Any) -> Listing:
    """Return a list that is wholly unknown as one without any sure member; NONE as an empty one."""
    if value.__class__ is Listing:
        listing: Listing = value
        return listing
    return Listing([]) if value is NONE else Listing([], [], value, [merged([value])])


def of_sample(value: Any) -> Any:
    """Return a value found for a sample: what it needs of the sample itself is already named by its list."""
    if value.__class__ is not Unknown:
        return value
    return Unknown(frozenset(path for path in value.needs if "/*" not in path), value.doubts)
