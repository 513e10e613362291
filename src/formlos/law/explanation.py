"""Why a value is what it is: a tree of rules with their norms down to facts and parameters, and its replay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from formlos.law.document import Document
from formlos.law.evaluation.assembly import read
from formlos.law.evaluation.moving import plain
from formlos.law.evaluation.periods import version_on
from formlos.law.evaluation.run import NO_FRAME, Run
from formlos.law.evaluation.unknowns import Listing
from formlos.law.language import NONE
from formlos.law.support import Reference, Support
from formlos.law.types import Type, decode, encode
from formlos.law.values import Facts, ListOf, Unknown

if TYPE_CHECKING:
    from formlos.law.law import Law


@dataclass(frozen=True)
class Explanation:
    """One value with its reasons.

    kind: rule, fact or parameter. value: the value now; a list is `ListOf` its members' keys, a record its path;
    None if not `known`. source: the norm. text: what the norm says, in plain words. children: only what
    determines the value now. again: the same node stands earlier in the tree with its children.
    municipality: Land and local parameters, at the root only.
    """

    name: str
    path: str
    kind: str
    type: Type
    value: Any
    known: bool
    source: str
    text: str
    children: tuple[Explanation, ...] = ()
    again: bool = False
    municipality: Mapping[str, Any] | None = None

    def to_data(self) -> dict[str, Any]:
        """Return the tree as JSON data; `from_data` is the way back."""
        data: dict[str, Any] = {
            "name": self.name,
            "path": self.path,
            "kind": self.kind,
            "type": self.type.to_data(),
            "value": encode(self.value),
            "known": self.known,
            "source": self.source,
            "text": self.text,
            "children": [child.to_data() for child in self.children],
            "again": self.again,
        }
        return data if self.municipality is None else {**data, "municipality": dict(self.municipality)}

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> Explanation:
        """Read a tree from its JSON data."""
        kind = Type.from_data(data["type"])
        return Explanation(
            data["name"],
            data["path"],
            data["kind"],
            kind,
            decode(_plain_type(kind), data["value"]) if data["known"] else None,
            data["known"],
            data["source"],
            data["text"],
            tuple(Explanation.from_data(child) for child in data["children"]),
            data["again"],
            data.get("municipality"),
        )

    def leaves(self) -> Iterator[Explanation]:
        """Yield the facts and parameters of the tree, each once."""
        seen = set()
        for node in self._nodes():
            if node.kind != "rule" and node.path not in seen:
                seen.add(node.path)
                yield node

    def _nodes(self) -> Iterator[Explanation]:
        yield self
        for child in self.children:
            yield from child._nodes()


def _plain_type(kind: Type) -> Type:
    return Type("text") if kind.kind == "record" else kind


def explain(law: Law, facts: Facts, goal: str) -> Explanation:
    """Return why `goal` (a rule, fact, parameter or path) has its value. Raises LawError (`unknown_name`)."""
    run = Run(facts)
    read(law.program, run, goal)
    explainer = _Explainer(law, run)
    tree = explainer.node(explainer.reference(goal))
    local = {name: encode(value) for name, value in law.local.items()}
    return replace(tree, municipality={"land": law.land, "local": local})


def replay(data: Mapping[str, Any], document: Document) -> Any:
    """Evaluate the explained value again, from nothing but the facts of the explanation.

    data: an explanation as data. Returns the value in the form of `Explanation.value`; None if not known.
    """
    from formlos.law.law import Law

    tree = Explanation.from_data(data)
    municipality = tree.municipality or {}
    law = Law(document, municipality.get("land"), municipality.get("local") or {})
    facts = Facts({leaf.path: leaf.value for leaf in tree.leaves() if leaf.kind == "fact" and leaf.known})
    return explain(law, facts, tree.path).value


class _Explainer:
    def __init__(self, law: Law, run: Run) -> None:
        self.law = law
        self.program = law.program
        self.document = law.document
        self.run = run
        self.support = Support(law.program, run)
        self.seen: set[Reference] = set()

    def reference(self, name: str) -> Reference:
        if self.document.is_name(name):
            return self.support.named(name)
        owner, _, field = name.rpartition("/")
        kind = self.document.fact_type(owner)
        return Reference("fact", field, name) if kind.is_record_list else self.support.field(kind.name, field, owner)

    def node(self, reference: Reference) -> Explanation:
        kind, value = self._typed_value(reference)
        source, text = self._norm(reference)
        known = value.__class__ is not Unknown
        shown = value if known else None
        again = reference in self.seen
        self.seen.add(reference)
        children = () if again else tuple(self._children(reference))
        return Explanation(
            reference.name, reference.path, reference.kind, kind, shown, known, source, text, children, again
        )

    def _children(self, reference: Reference) -> Iterator[Explanation]:
        if reference.kind == "parameter":
            key = self.support.key_date(reference)
            support = [key] if key else []
        else:
            support = self.support.of(reference) if reference.kind == "rule" else []
        for child in dict.fromkeys(one for found in support for one in self._leaf(found)):
            if child.kind != "fact" or self._typed_value(child)[1].__class__ is not Unknown:
                yield self.node(child)

    def _leaf(self, reference: Reference) -> list[Reference]:
        """Replace a record that is there by its first known field, since only fields are facts."""
        if reference.kind != "fact" or self.document.fact_type(reference.path).kind != "record":
            return [reference]
        if self.run.get(reference.path) is NONE:
            return [reference]
        below = sorted(path for path in self.run.facts if path.rpartition("/")[0] == reference.path)
        return [Reference("fact", below[0].rpartition("/")[2], below[0])] if below else []

    def _typed_value(self, reference: Reference) -> tuple[Type, Any]:
        if reference.kind == "parameter":
            return self._parameter_value(reference.name)
        if reference.kind == "fact":
            value = self.run.get(reference.path)
            if value is None:
                value = self.program.missing(self.run, reference.path)
            return self.document.fact_type(reference.path), plain(value)
        owner, _, name = reference.path.rpartition("/")
        if not owner:
            return self.document.rule_types[name], self._shown(self.program.reference(name)(self.run, NO_FRAME))
        record = self.support.record_of(owner)
        kind = self.program.field_type(record, name)
        return kind, self._shown(self.program.reader(record, name)(self.run, owner))

    def _shown(self, value: Any) -> Any:
        if value.__class__ is not Listing:
            return plain(value)
        keys = [member.rpartition("/")[2] if isinstance(member, str) else str(member) for member in value.sure]
        return ListOf(tuple(keys), value.unknown is None)

    def _parameter_value(self, name: str) -> tuple[Type, Any]:
        entry = self.document.data["params"][name]
        if "calendar" in entry:
            return Type("text"), f"{entry['calendar']} {self.law.land}"
        return self.document.param_types[name], self.program.reference(name)(self.run, NO_FRAME)

    def _norm(self, reference: Reference) -> tuple[str, str]:
        if reference.kind == "fact":
            entry = self.document.data["facts"][self.document.declared(reference.path)]
            return str(entry.get("basis", "")), ""
        if reference.kind == "parameter":
            return self._parameter_source(reference.name), ""
        owner, _, name = reference.path.rpartition("/")
        versions = self.program.rules_of(self.support.record_of(owner), name) if owner else []
        versions = versions or self.program.versions["", name]
        rule = version_on(versions, self.support.key_value(versions[0], versions))[-1]
        return str(rule["source"]), str(rule["doc"])

    def _parameter_source(self, name: str) -> str:
        entry = self.document.data["params"][name]
        if name in self.law.local:
            return "örtliches Recht"
        if "calendar" in entry:
            return str(self.document.data["calendars"][entry["calendar"]]["source"])
        version = version_on(entry["values"], self.support.key_value(entry, entry["values"]))[-1]
        return str(version.get("source", ""))
