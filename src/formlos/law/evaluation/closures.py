"""Turns one rule's tree into closures. Names are resolved by the program that owns them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol

from formlos.law import language
from formlos.law.evaluation import folds
from formlos.law.evaluation.comparison import compare_unknown
from formlos.law.evaluation.moving import Moving, age_on_moving, fixed, plain
from formlos.law.evaluation.run import Closure, Frame, Run
from formlos.law.evaluation.unknowns import ERRORS, Listing, doubt, joined, lifted, merged, opened
from formlos.law.language import NONE
from formlos.law.types import Type, decode
from formlos.law.values import Unknown

Node = Mapping[str, Any]
CALCULATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "age_on": language.age_on,
    "next_working_day": language.next_working_day,
    "add_months": language.add_months,
    "days_between": language.days_between,
    "round_half_up": language.round_half_up,
    "is_one_of": lambda item, items: item in items,
    "timedelta": lambda days: timedelta(days=days),
    "Decimal": Decimal,
    "min": min,
    "max": max,
}
ON_MOVING: dict[str, Callable[..., Any]] = {
    "age_on": age_on_moving,
    "days_between": lambda first, last: (last - first).days,
}


class Names(Protocol):
    """Resolves what a rule's tree refers to."""

    def reference(self, name: str) -> Closure:
        """Return the closure of a fact, rule or parameter."""

    def field(self, record: str, name: str, of: Closure) -> Closure:
        """Return the closure of a record's field."""


class Builder:
    """Builds the closures of one rule; `closures` keeps them by the identity of their tree node."""

    def __init__(self, names: Names, rule: str, closures: dict[int, Closure], *, tracing: bool) -> None:
        self.names = names
        self.rule = rule
        self.closures = closures
        self.tracing = tracing

    def build(self, node: Node) -> Closure:
        """Return the closure of a tree."""
        closure: Closure = getattr(self, f"_{_METHODS[node['op']]}")(node)
        self.closures[id(node)] = closure
        return closure

    def _const(self, node: Node) -> Closure:
        value = NONE if node["type"]["kind"] == "none" else decode(Type.from_data(node["type"]), node["value"])
        return lambda run, frame: value

    def _ref(self, node: Node) -> Closure:
        return self.names.reference(node["name"])

    def _self(self, node: Node) -> Closure:
        return lambda run, frame: frame[0]

    def _local(self, node: Node) -> Closure:
        slot = node["slot"]
        return lambda run, frame: frame[slot]

    def _let(self, node: Node) -> Closure:
        slot, value, body = node["slot"], self.build(node["value"]), self.build(node["in"])

        def let(run: Run, frame: Frame) -> Any:
            frame[slot] = value(run, frame)
            return body(run, frame)

        return let

    def _field(self, node: Node) -> Closure:
        return self.names.field(node["record"], node["name"], self.build(node["of"]))

    def _if(self, node: Node) -> Closure:
        test, then, other = self.build(node["test"]), self.build(node["then"]), self.build(node["else"])
        rule = self.rule

        def choose(run: Run, frame: Frame) -> Any:
            condition = test(run, frame)
            if condition is True:
                return then(run, frame)
            if condition is False:
                return other(run, frame)
            return joined(opened(condition, rule), [then(run, frame), other(run, frame)])

        return choose

    def _and_or(self, node: Node) -> Closure:
        arguments = tuple(self.build(argument) for argument in node["args"])
        decisive = node["op"] == "or"
        other, rule = not decisive, self.rule

        def connect(run: Run, frame: Frame) -> Any:
            rest: list[Unknown] | None = None
            for argument in arguments:
                value = argument(run, frame)
                if value is decisive:
                    return decisive
                if value is not other:
                    rest = rest or []
                    rest.append(opened(value, rule))
            return other if rest is None else merged(rest)

        return connect

    def _not(self, node: Node) -> Closure:
        of, rule = self.build(node["of"]), self.rule

        def negate(run: Run, frame: Frame) -> Any:
            value = of(run, frame)
            if value is True:
                return False
            return True if value is False else opened(value, rule)

        return negate

    def _is_none(self, node: Node) -> Closure:
        of = self.build(node["of"])

        def is_none(run: Run, frame: Frame) -> Any:
            value = of(run, frame)
            return lifted(_is_none, [value]) if value.__class__ is Unknown else value is NONE

        return is_none

    def _cmp(self, node: Node) -> Closure:
        left, right, how = self.build(node["left"]), self.build(node["right"]), node["how"]
        compare, rule = COMPARISONS[how], self.rule

        def comparison(run: Run, frame: Frame) -> Any:
            first, second = left(run, frame), right(run, frame)
            if first.__class__ is Unknown or second.__class__ is Unknown:
                return compare_unknown(how, compare, first, second)
            try:
                return compare(first, second)
            except TypeError as error:
                return doubt(rule, str(error))

        def traced(run: Run, frame: Frame) -> Any:
            if run.trace is not None:
                run.trace.append((plain(left(run, frame)), plain(right(run, frame))))
            return comparison(run, frame)

        return traced if self.tracing else comparison

    def _calc(self, node: Node) -> Closure:
        left, right = self.build(node["left"]), self.build(node["right"])
        calculate, rule = CALCULATIONS[node["how"]], self.rule

        def calculation(run: Run, frame: Frame) -> Any:
            first, second = left(run, frame), right(run, frame)
            if first.__class__ is Unknown or second.__class__ is Unknown:
                return lifted(calculate, (first, second))
            try:
                return calculate(first, second)
            except ERRORS as error:
                return doubt(rule, _message(error))

        return calculation

    def _neg(self, node: Node) -> Closure:
        return self._strict("-", operator.neg, [node["of"]])

    def _part(self, node: Node) -> Closure:
        return self._strict(node["name"], operator.attrgetter(node["name"]), [node["of"]])

    def _lookup(self, node: Node) -> Closure:
        return self._strict("table", operator.getitem, [node["table"], node["key"]])

    def _call(self, node: Node) -> Closure:
        return self._strict(node["name"], FUNCTIONS[node["name"]], node["args"])

    def _strict(self, name: str, function: Callable[..., Any], nodes: list[Node]) -> Closure:
        arguments, rule = tuple(self.build(node) for node in nodes), self.rule
        apply = _moving_aware(name, function)

        def call(run: Run, frame: Frame) -> Any:
            values = [argument(run, frame) for argument in arguments]
            for value in values:
                if value.__class__ is Unknown:
                    return lifted(apply, values)
            try:
                return apply(*values)
            except ERRORS as error:
                return doubt(rule, _message(error))

        return call

    def _map(self, node: Node) -> Closure:
        over = self.build(node["over"])
        where = self.build(node["where"]) if "where" in node else None
        return folds.mapped(over, node["slot"], self.build(node["take"]), where, self.rule)

    def _quantify(self, node: Node) -> Closure:
        return folds.quantified(self.build(node["over"]), node["op"] == "any", self.rule)

    def _sum(self, node: Node) -> Closure:
        return folds.summed(self.build(node["over"]), node["zero"], self.rule)

    def _extreme(self, node: Node) -> Closure:
        return folds.extreme(self.build(node["over"]), node["op"], self.rule)

    def _len(self, node: Node) -> Closure:
        return folds.counted(self.build(node["over"]))

    def _empty(self, node: Node) -> Closure:
        return lambda run, frame: Listing([])


_METHODS = {
    **{name: name for name in ("const", "ref", "self", "local", "let", "field", "if", "not", "is_none")},
    **{name: name for name in ("cmp", "calc", "neg", "part", "lookup", "call", "map", "sum", "len", "empty")},
    "and": "and_or",
    "or": "and_or",
    "any": "quantify",
    "all": "quantify",
    "min": "extreme",
    "max": "extreme",
}


def _moving_aware(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that also takes values that move with today."""
    on_moving = ON_MOVING.get(name)

    def apply(*values: Any) -> Any:
        try:
            return function(*values)
        except ERRORS:
            if not any(value.__class__ is Moving for value in values):
                raise
        return on_moving(*values) if on_moving else function(*(fixed(value) for value in values))

    return apply


def _is_none(value: Any) -> bool:
    return value is NONE


def _message(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
