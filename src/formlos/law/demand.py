"""Which facts are needed next: on every course that is still open, in the order in which the law asks for them.

The likely course decides what counts as open. An `and` goes on to its next condition unless it usually fails,
an `or` asks the cheapest way to fulfil it; the condition of an undecided `if` comes before its branches, and
only what both branches need is needed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from formlos.law.evaluation.program import Program
from formlos.law.evaluation.run import NO_FRAME, Frame, Run
from formlos.law.evaluation.unknowns import Listing, as_listing
from formlos.law.language import NONE
from formlos.law.support import Node, Reference, Walk, children, members
from formlos.law.tree_values import TreeValues
from formlos.law.types import Type
from formlos.law.values import Unknown

Paths = dict[str, None]
INSIDE = ("let", "map")  # nodes that are entered without asking first whether they are known


class Frames(NamedTuple):
    """A rule as known now, and as it is likely to be. `names`: trees of local names."""

    now: TreeValues
    likely: TreeValues
    names: dict[int, Node]

    def having(self, slot: int, member: Any) -> Frames:
        """Return the same inside a comprehension, for one of its members."""
        return Frames(self.now.having(slot, member), self.likely.having(slot, member), self.names)


class Demand(Walk):
    """Finds the facts needed next. The answer to everything that is known is empty.

    likely: a run over the same facts that reads unknown ones as their usual answer, if there is one already.
    """

    def __init__(self, program: Program, run: Run, likely: Run | None = None) -> None:
        super().__init__(program, run)
        self.likely = likely or run.grown(run.facts, program.document.usual, likely=True)
        self._read: dict[Reference, list[tuple[Node, Frames]]] = {}
        self._found: dict[tuple[Reference, bool | None], Paths] = {}

    def of(self, name: str, want: bool | None = True, fields: Sequence[str] | None = None) -> Paths:
        """Return the facts needed next for a fact, rule or parameter, in its full form."""
        value = self.program.reference(name)(self.run, NO_FRAME)
        found = {} if _known(value) else self._reference(self.named(name), want)
        return found or self._parts(value, self.program.document.type_of(name), fields)

    def of_record(self, path: str, kind: Type, fields: Sequence[str] | None) -> Paths:
        """Return the facts needed next for the fields of the record at a path."""
        found: Paths = {}
        for name in self.program.fields_of(path, kind.name) if fields is None else fields:
            value = self.program.reader(kind.name, name)(self.run, path)
            if not _known(value):
                found.update(self._reference(self.field(kind.name, name, path), None))
            found.update(self._parts(value, self.program.field_type(kind.name, name), None))
        return found

    def _parts(self, value: Any, kind: Type, fields: Sequence[str] | None) -> Paths:
        if value.__class__ is Unknown or value is NONE:
            return {}
        if kind.kind == "record":
            return self.of_record(value, kind, fields)
        if kind.is_record_list and kind.item:
            item = kind.item
            return _union(self.of_record(member, item, fields) for member in members(value))
        return {}

    def _reference(self, reference: Reference, want: bool | None) -> Paths:
        """Return what a fact, rule or parameter that is not known needs next."""
        if reference.kind == "fact":
            return {reference.path: None}
        key = (reference, want)
        if key not in self._found:
            self._found[key] = self._key_date(reference) or self._bodies(reference, want)
        return self._found[key]

    def _key_date(self, reference: Reference) -> Paths:
        key = self.key_date(reference)
        if key is None or _known(self.program.reference(key.name)(self.run, NO_FRAME)):
            return {}
        return self._reference(key, None)

    def _bodies(self, reference: Reference, want: bool | None) -> Paths:
        if reference.kind == "parameter":
            return {}
        if reference not in self._read:
            self._read[reference] = [(body, self._frames(frame)) for body, frame in self.bodies(reference)]
        return _union(self.walk(body, frames, want) for body, frames in self._read[reference])

    def _frames(self, frame: Frame) -> Frames:
        now, likely = TreeValues(self.program, self.run, frame), TreeValues(self.program, self.likely, [*frame])
        return Frames(now, likely, {})

    def walk(self, node: Node, frames: Frames, want: bool | None) -> Paths:
        """Return what a tree needs next. want: the truth value that the likely course hopes for."""
        if node["op"] not in INSIDE and _known(frames.now.of(node)):
            return {}
        special: Callable[..., Paths] | None = _WALKS.get(node["op"])
        if special:
            return special(self, node, frames, want)
        return _union(self.walk(child, frames, None) for child in children(node))

    def _ref(self, node: Node, frames: Frames, want: bool | None) -> Paths:
        return self._reference(self.named(node["name"]), want)

    def _field(self, node: Node, frames: Frames, want: bool | None) -> Paths:
        path = frames.now.of(node["of"])
        if path.__class__ is Unknown or path is NONE:
            return self.walk(node["of"], frames, None)
        return self._reference(self.field(node["record"], node["name"], path), want)

    def _let(self, node: Node, frames: Frames, want: bool | None) -> Paths:
        frames.now.frame[node["slot"]] = frames.now.of(node["value"])
        frames.likely.frame[node["slot"]] = frames.likely.of(node["value"])
        frames.names[node["slot"]] = node["value"]
        return self.walk(node["in"], frames, want)

    def _local(self, node: Node, frames: Frames, want: bool | None) -> Paths:
        value = frames.names.get(node["slot"])
        return self.walk(value, frames, want) if value else {}

    def _not(self, node: Node, frames: Frames, want: bool | None) -> Paths:
        return self.walk(node["of"], frames, None if want is None else not want)

    def _if(self, node: Node, frames: Frames, want: bool | None) -> Paths:
        test = frames.now.of(node["test"])
        if test is True or test is False:
            return self.walk(node["then"] if test else node["else"], frames, want)
        first = self.walk(node["test"], frames, True)
        then, other = self.walk(node["then"], frames, want), self.walk(node["else"], frames, want)
        if not first:
            return {**then, **other}
        return {**first, **{path: None for path in then if path in other}}

    def _connect(self, node: Node, frames: Frames, want: bool | None) -> Paths:
        decisive = node["op"] == "or"
        still_open = [node for node in node["args"] if not _known(frames.now.of(node))]
        expected = frames.likely.of(node)
        if expected is not True and expected is not False:
            expected = True if want is None else want
        if expected is decisive:
            return self._cheapest(still_open, frames, decisive)
        found: Paths = {}
        for argument in still_open:
            found.update(self.walk(argument, frames, not decisive))
            if frames.likely.of(argument) is decisive:
                break
        return found

    def _cheapest(self, nodes: Iterable[Node], frames: Frames, decisive: bool) -> Paths:
        """Return what the cheapest of several sufficient conditions needs, the likely ones first."""
        ways = [(self.walk(node, frames, decisive), frames.likely.of(node)) for node in nodes]
        ways = [(paths, likely) for paths, likely in ways if paths]
        hopeful = [paths for paths, likely in ways if likely is not (not decisive)]
        return min(hopeful or [paths for paths, _ in ways], key=self.cost, default={})

    def cost(self, paths: Iterable[str]) -> tuple[int, int]:
        """Return what getting facts costs: the rank of the least direct source, then the burden on people."""
        document = self.program.document
        ranks, burden = [0], 0
        for path in paths:
            entry = document.data["facts"][document.declared(path)]
            ranks += [min((document.data["sources"][name]["rank"] for name in entry["sources"]), default=99)]
            burden += entry["burden"]
        return max(ranks), burden

    def _map(self, node: Node, frames: Frames, want: bool | None) -> Paths:
        source = as_listing(frames.now.of(node["over"]))
        if source.unknown is not None:
            found = self.walk(node["over"], frames, None)
            if found:
                return found
        return _union(self._member(node, frames, want, member) for member in members(source))

    def _member(self, node: Node, frames: Frames, want: bool | None, member: Any) -> Paths:
        inside = frames.having(node["slot"], member)
        condition = inside.now.of(node["where"]) if "where" in node else True
        if condition is False:
            return {}
        first = {} if condition is True else self.walk(node["where"], inside, True)
        return first or self.walk(node["take"], inside, want)


def _known(value: Any) -> bool:
    if value.__class__ is Listing:
        return value.unknown is None and not any(member.__class__ is Unknown for member in value.sure)
    return value.__class__ is not Unknown


def _union(parts: Iterable[Mapping[str, None]]) -> Paths:
    found: Paths = {}
    for part in parts:
        found.update(part)
    return found


def _fold(demand: Demand, node: Node, frames: Frames, want: bool | None) -> Paths:
    return demand.walk(node["over"], frames, want)


_WALKS: dict[str, Callable[..., Paths]] = {
    "ref": Demand._ref,
    "field": Demand._field,
    "let": Demand._let,
    "local": Demand._local,
    "not": Demand._not,
    "if": Demand._if,
    "and": Demand._connect,
    "or": Demand._connect,
    "map": Demand._map,
    "any": _fold,
    "all": _fold,
}
