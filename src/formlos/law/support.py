"""Which facts, rules and parameters determine a value now: the part of a rule's tree that decided.

One reader walks a rule's tree with the values of the run beside it. Both the explanation and the plan are
such walks; this module holds what they share and the walk for the explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from formlos.law.evaluation.periods import version_on
from formlos.law.evaluation.program import Program
from formlos.law.evaluation.run import NO_FRAME, Frame, Run
from formlos.law.evaluation.unknowns import as_listing
from formlos.law.language import NONE
from formlos.law.values import Unknown

Node = Mapping[str, Any]


class Reference(NamedTuple):
    """Something that a value rests on. kind: fact, rule or parameter; path: with the record's path, if any."""

    kind: str
    name: str
    path: str


class Walk:
    """Walks rule trees within one run. `locals` holds the trees of local names by their slot."""

    def __init__(self, program: Program, run: Run) -> None:
        self.program = program
        self.run = run

    def value(self, node: Node, frame: Frame) -> Any:
        """Return the value of a tree node in this run."""
        return self.program.nodes[id(node)](self.run, frame)

    def bodies(self, reference: Reference) -> Iterator[tuple[Node, Frame]]:
        """Yield the trees of a rule that can hold now, each with a fresh frame."""
        owner, _, name = reference.path.rpartition("/")
        record = self.record_of(owner) if owner else ""
        versions = self.program.rules_of(record, name) if owner else self.program.versions["", name]
        for rule in version_on(versions, self.key_value(versions[0], versions)):
            yield rule["body"], [owner or None] + [None] * (rule["slots"] - 1)

    def record_of(self, path: str) -> str:
        """Return the record type at a path."""
        return self.program.document.fact_type(path).name

    def key_value(self, entry: Mapping[str, Any], versions: list[dict[str, Any]]) -> Any:
        """Return the value of the key date, if it picks among versions at all, else NONE."""
        if all(version["since"] is None and version["until"] is None for version in versions):
            return NONE
        return self.program.reference(self.program.key_date_of(entry))(self.run, NO_FRAME)

    def named(self, name: str) -> Reference:
        """Return the reference that a name stands for."""
        if ("", name) in self.program.versions:
            return Reference("rule", name, name)
        if name in self.program.parameters:
            return Reference("parameter", name, name)
        return Reference("fact", name, name)

    def field(self, record: str, name: str, path: str) -> Reference:
        """Return the reference that a record's field stands for."""
        kind = "rule" if self.program.rules_of(record, name) else "fact"
        return Reference(kind, name, f"{path}/{name}")

    def key_date(self, reference: Reference) -> Reference | None:
        """Return the fact or rule that picks the version of a rule or parameter, or None if nothing does."""
        if reference.kind == "parameter":
            entry = self.program.document.data["params"][reference.name]
            dated = any(since or until for since, until, _ in self.program.parameters[reference.name])
        else:
            owner = reference.path.rpartition("/")[0]
            versions = self.program.rules_of(self.record_of(owner), reference.name) if owner else None
            versions = versions or self.program.versions["", reference.name]
            entry = versions[0]
            dated = any(version["since"] or version["until"] for version in versions)
        return self.named(self.program.key_date_of(entry)) if dated else None


class Support(Walk):
    """Collects what a value rests on."""

    def of(self, reference: Reference) -> list[Reference]:
        """Return the direct support of a rule's value (what picked its version included)."""
        found: dict[Reference, None] = {}
        key = self.key_date(reference)
        if key:
            found[key] = None
        for body, frame in self.bodies(reference):
            found.update(dict.fromkeys(self.walk(body, frame, {})))
        return list(found)

    def walk(self, node: Node, frame: Frame, names: dict[int, list[Reference]]) -> list[Reference]:
        """Return what the value of a tree rests on; `names` holds the support of local names by slot."""
        special: Callable[..., list[Reference]] | None = getattr(self, f"_{node['op']}", None)
        if special:
            return special(node, frame, names)
        return self.all_of(children(node), frame, names)

    def all_of(self, nodes: list[Node], frame: Frame, names: dict[int, list[Reference]]) -> list[Reference]:
        """Return what several trees rest on together."""
        return [reference for node in nodes for reference in self.walk(node, frame, names)]

    def _ref(self, node: Node, frame: Frame, names: dict[int, list[Reference]]) -> list[Reference]:
        return [self.named(node["name"])]

    def _field(self, node: Node, frame: Frame, names: dict[int, list[Reference]]) -> list[Reference]:
        found = self.walk(node["of"], frame, names)
        path = self.value(node["of"], frame)
        if path.__class__ is Unknown or path is NONE:
            return found
        # A record itself is no fact: its fields are.
        whole = [one for one in found if not (one.kind == "fact" and one.path == path)]
        return [*whole, self.field(node["record"], node["name"], path)]

    def _local(self, node: Node, frame: Frame, names: dict[int, list[Reference]]) -> list[Reference]:
        return names.get(node["slot"], [])

    def _let(self, node: Node, frame: Frame, names: dict[int, list[Reference]]) -> list[Reference]:
        support = self.walk(node["value"], frame, names)
        frame[node["slot"]] = self.value(node["value"], frame)
        return self.walk(node["in"], frame, {**names, node["slot"]: support})

    def _if(self, node: Node, frame: Frame, names: dict[int, list[Reference]]) -> list[Reference]:
        test = self.value(node["test"], frame)
        if test is True or test is False:
            branch = node["then"] if test else node["else"]
            return self.all_of([node["test"], branch], frame, names)
        # Both branches agree, so the open condition does not count.
        return self.all_of([node["then"], node["else"]], frame, names)

    def _and(self, node: Node, frame: Frame, names: dict[int, list[Reference]]) -> list[Reference]:
        decisive = node["op"] == "or"
        for argument in node["args"]:
            if self.value(argument, frame) is decisive:
                return self.walk(argument, frame, names)
        return self.all_of(node["args"], frame, names)

    _or = _and

    def _map(self, node: Node, frame: Frame, names: dict[int, list[Reference]]) -> list[Reference]:
        found = self.walk(node["over"], frame, names)
        source = self.value(node["over"], frame)
        for member in [*members(source), *as_listing(source).samples]:
            found += self._member(node, frame, names, member)
        return found

    def _member(self, node: Node, frame: Frame, names: dict[int, list[Reference]], member: Any) -> list[Reference]:
        frame[node["slot"]] = member
        if "where" not in node:
            return self.walk(node["take"], frame, names)
        found = self.walk(node["where"], frame, names)
        excluded = self.value(node["where"], frame) is False
        return found if excluded else [*found, *self.walk(node["take"], frame, names)]

    def _any(self, node: Node, frame: Frame, names: dict[int, list[Reference]]) -> list[Reference]:
        over, decisive = node["over"], node["op"] == "any"
        if over["op"] == "map" and self.value(node, frame) is decisive:
            for member in as_listing(self.value(over["over"], frame)).sure:
                frame[over["slot"]] = member
                included = "where" not in over or self.value(over["where"], frame) is True
                if included and self.value(over["take"], frame) is decisive:
                    return [*self.walk(over["over"], frame, names), *self._member(over, frame, names, member)]
        return self.walk(over, frame, names)

    _all = _any


def members(value: Any) -> list[Any]:
    """Return the sure and possible members of a list."""
    listing = as_listing(value)
    return [*listing.sure, *(member for member, _ in listing.possible)]


def children(node: Node) -> list[Node]:
    """Return the trees directly below a tree node."""
    found: list[Node] = []
    for key, value in node.items():
        if isinstance(value, dict) and "op" in value:
            found.append(value)
        elif key == "args":
            found += value
    return found
