"""Reads the declared effects of a decision: which happen, and with what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from formlos.law.errors import LawError
from formlos.law.evaluation.assembly import assemble
from formlos.law.evaluation.moving import plain
from formlos.law.evaluation.program import Program
from formlos.law.evaluation.run import NO_FRAME, Run
from formlos.law.evaluation.unknowns import as_listing, merged
from formlos.law.types import Type, encode
from formlos.law.values import Unknown


@dataclass(frozen=True)
class PlannedEffect:
    """One effect to be done. `key` is unique within the decision: the id, with the record's key if repeated."""

    id: str
    key: str
    kind: str
    arguments: dict[str, Any]


class EffectReader:
    """Evaluates `effects.yaml` within a run."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.effects: list[dict[str, Any]] = program.document.data["effects"]

    def open_effects(self, run: Run) -> dict[str, Unknown]:
        """Return per effect that may happen what is still unknown about it."""
        found = {}
        for effect in self.effects:
            when = self.program.reference(effect["when"])(run, NO_FRAME)
            if when is False:
                continue
            parts = [when, *self._parts(run, effect)] if when is not True else self._parts(run, effect)
            rest = merged(parts)
            if rest is not None:
                found[effect["id"]] = rest
        return found

    def planned(self, run: Run) -> list[PlannedEffect]:
        """Return all effects that happen. Raises LawError (`effect_undecided`)."""
        still_open = self.open_effects(run)
        if still_open:
            raise LawError("effect_undecided", f"not yet decided: {', '.join(still_open)}")
        found = []
        for effect in self.effects:
            if self.program.reference(effect["when"])(run, NO_FRAME) is True:
                found += [self._planned(effect, *one) for one in self._instances(run, effect)]
        return found

    def _planned(self, effect: Mapping[str, Any], key: str, arguments: Mapping[str, Any]) -> PlannedEffect:
        name = f"{effect['id']}/{key}" if key else effect["id"]
        return PlannedEffect(effect["id"], name, effect["kind"], {**effect["set"], **encode(arguments)})

    def _parts(self, run: Run, effect: Mapping[str, Any]) -> list[Any]:
        parts = [value for _, arguments in self._instances(run, effect) for value in arguments.values()]
        if effect["for_each"]:
            parts.append(as_listing(self.program.reference(effect["for_each"]["of"])(run, NO_FRAME)).unknown)
        return parts

    def _instances(self, run: Run, effect: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the key and the arguments of each time the effect happens."""
        each = effect["for_each"]
        if not each:
            yield "", {name: self._argument(run, given) for name, given in effect["with"].items()}
            return
        kind = self.program.document.type_of(each["of"]).item or Type("text")
        listing = as_listing(self.program.reference(each["of"])(run, NO_FRAME))
        for path in [*listing.sure, *(member for member, _ in listing.possible)]:
            arguments = {}
            if "person" not in effect["with"]:
                arguments["person"] = self._full(run, path, kind, each["fields"])
            for name, given in effect["with"].items():
                if given["of"] == each["of"]:
                    arguments[name] = self._full(run, path, kind, given["fields"])
                elif given["of"].startswith(each["of"] + "/"):
                    arguments[name] = self._field(run, path, kind, given["of"].partition("/")[2])
                else:
                    arguments[name] = self._argument(run, given)
            yield path.rpartition("/")[2], arguments

    def _argument(self, run: Run, given: Mapping[str, Any]) -> Any:
        # Effects share arguments, and lists of records are long: each is put together once a run.
        place = f"={given['of']}={given['fields']}"
        if place not in run.memo:
            kind = self.program.document.type_of(given["of"])
            value = self.program.reference(given["of"])(run, NO_FRAME)
            run.memo[place] = self._full(run, value, kind, given["fields"])
        return run.memo[place]

    def _field(self, run: Run, path: str, kind: Type, field: str) -> Any:
        value = self.program.reader(kind.name, field)(run, path)
        return self._full(run, value, self.program.field_type(kind.name, field), None)

    def _full(self, run: Run, value: Any, kind: Type, fields: list[str] | None) -> Any:
        # An argument that is another one tomorrow does not wake a case: effects are planned when it is decided.
        return assemble(self.program, run, value, kind, fields, plain)
