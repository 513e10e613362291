"""Small services made up at random: rule source text, and values for their facts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from formlos.law import NONE, Facts, ListOf

HEUTE = date(2026, 3, 10)
KEYS = ("k1", "k2", "k3")
RECORD = '''
@record
class Teil:
    zahl: int
    mal: int | None
    da: bool
    gross: bool = computed()

@rule(source="§ 0")
def gross(teil: Teil, n0: int) -> bool:
    """N."""
    return teil.zahl > n0 or (teil.mal is not None and teil.mal > teil.zahl)
'''
FACTS = """
  b0: {type: bool, usual: "true", sources: [person]}
  b1: {type: bool, usual: "false", sources: [register, person]}
  b2: {type: bool, sources: [amt]}
  e0: {type: enum, values: [rot, blau, gelb], usual: rot, sources: [person]}
  n0: {type: int, sources: [person]}
  n1: {type: int, optional: "true", sources: [register, person]}
  d0: {type: date, sources: [person]}
  l0: {type: list of Teil, sources: [register]}
  l0/da: {type: bool, usual: "true", sources: [person]}
"""
PARAMS = """
p0: {type: int, key_date: d0, values: [{since: 2026-01-01, value: '2', source: §}, {since: 2026-03-10, value: '3', source: §}]}
p1: {type: days, values: [{value: '4', source: §}]}
"""
TYPES = {"b0": "bool", "b1": "bool", "b2": "bool", "e0": "str", "n0": "int", "n1": "int | None", "d0": "date"}
TYPES |= {"l0": "list[Teil]", "p0": "int", "p1": "timedelta", "heute": "date"}
ALL = {"b": ("b0", "b1", "b2"), "n": ("n0", "p0"), "d": ("d0", "heute")}


@st.composite
def conditions(draw: st.DrawFn, depth: int, rules: tuple[str, ...], member: str = "") -> str:  # noqa: C901 (a grammar)
    """Draw a condition; `rules` are bool rules that may be used, `member` a record at hand."""
    kinds = ["fact", "enum", "number", "date", "none"] + (["rule"] if rules else []) + (["field"] * 2 if member else [])
    if depth > 0:
        kinds += ["and", "or", "not", "if"] + ([] if member else ["any", "all", "len"])
    inner = conditions(depth - 1, rules, member)
    match draw(st.sampled_from(kinds)):
        case "fact":
            return draw(st.sampled_from(ALL["b"]))
        case "rule":
            return draw(st.sampled_from(rules))
        case "enum":
            return draw(st.sampled_from(['e0 == "rot"', 'e0 in ("rot", "blau")', 'e0 != "gelb"']))
        case "number":
            sign = draw(st.sampled_from(["<", "<=", "==", "!=", ">", ">="]))
            return f"{draw(numbers(depth, rules))} {sign} {draw(numbers(depth, rules))}"
        case "date":
            sign = draw(st.sampled_from(["<", "<=", "==", ">", ">="]))
            return f"{draw(dates())} {sign} {draw(dates())}"
        case "none":
            return draw(st.sampled_from(["n1 is None", "(n1 is not None and n1 > n0)"]))
        case "field":
            return draw(
                st.sampled_from([f"{member}.da", f"{member}.gross", f"{member}.zahl > n0", f"{member}.mal is None"])
            )
        case "and":
            return f"({draw(inner)} and {draw(inner)})"
        case "or":
            return f"({draw(inner)} or {draw(inner)})"
        case "not":
            return f"(not {draw(inner)})"
        case "if":
            return f"({draw(inner)} if {draw(inner)} else {draw(inner)})"
        case "len":
            return (
                f"len([t for t in l0 if {draw(conditions(0, rules, 't'))}]) > {draw(st.sampled_from(['0', '1', 'n0']))}"
            )
        case kind:
            where = draw(st.sampled_from(["", " if t.da", " if b0", " if t.gross"]))
            return f"{kind}({draw(conditions(depth - 1, rules, 't'))} for t in l0{where})"


@st.composite
def numbers(draw: st.DrawFn, depth: int, rules: tuple[str, ...]) -> str:
    """Draw a whole number; some of them cannot be computed for all values."""
    kinds = ["fact", "one", "days"] + (["sum", "max", "plus", "divide", "if"] if depth > 0 else [])
    inner = numbers(depth - 1, rules)
    match draw(st.sampled_from(kinds)):
        case "fact":
            return draw(st.sampled_from(ALL["n"]))
        case "one":
            return draw(st.sampled_from(["0", "1"]))
        case "days":
            return draw(
                st.sampled_from(["days_between(d0, heute)", "(heute - d0).days", "age_on(d0, heute)", "d0.month"])
            )
        case "sum":
            return draw(
                st.sampled_from(["sum(t.zahl for t in l0 if t.da)", "sum(t.mal for t in l0 if t.mal is not None)"])
            )
        case "max":
            return "max(t.zahl for t in l0)"
        case "plus":
            return f"({draw(inner)} {draw(st.sampled_from('+-*'))} {draw(inner)})"
        case "divide":
            return f"({draw(inner)} // {draw(inner)})"
        case _:
            return f"({draw(inner)} if {draw(conditions(0, rules))} else {draw(inner)})"


@st.composite
def dates(draw: st.DrawFn) -> str:
    """Draw a date."""
    return draw(
        st.sampled_from(["d0", "heute", "heute + p1", "heute - p1", "d0 + p1", "add_months(d0, p0)", "max(d0, heute)"])
    )


@st.composite
def rule_texts(draw: st.DrawFn, most: int = 4) -> str:
    """Draw the rules of a service; the last one is the goal `ziel`."""
    names: tuple[str, ...] = ()
    texts = [RECORD]
    count = draw(st.integers(1, most))
    for position in range(count):
        name = "ziel" if position == count - 1 else f"r{position}"
        body = draw(bodies(names))
        used = [one for one in (*TYPES, *names) if _mentions(body, one)]
        takes = ", ".join(f"{one}: {TYPES.get(one, 'bool')}" for one in used)
        texts.append(f'@rule(source="§ {position}")\ndef {name}({takes}) -> bool:\n    """N."""\n    {body}\n')
        names = (*names, name)
    return "\n".join(texts)


@st.composite
def bodies(draw: st.DrawFn, rules: tuple[str, ...]) -> str:
    """Draw a rule's body."""
    first, second = draw(conditions(2, rules)), draw(conditions(2, rules))
    match draw(st.sampled_from(["return", "if", "let"])):
        case "return":
            return f"return {first}"
        case "if":
            return f"if {first}:\n        return {second}\n    return {draw(conditions(1, rules))}"
        case _:
            return (
                f"zwischen = {first}\n    if zwischen:\n        return {second}\n    return not zwischen and {second}"
            )


def _mentions(body: str, name: str) -> bool:
    words = "".join(char if char.isalnum() or char == "_" else " " for char in body).split()
    return name in words


@st.composite
def full_facts(draw: st.DrawFn) -> Facts:
    """Draw a value for every fact."""
    keys = KEYS[: draw(st.integers(0, 3))]
    values: dict[str, Any] = {name: draw(st.booleans()) for name in ALL["b"]}
    values |= {"e0": draw(st.sampled_from(["rot", "blau", "gelb"])), "n0": draw(st.integers(-2, 4))}
    values |= {"n1": draw(st.one_of(st.just(NONE), st.integers(-2, 4))), "heute": HEUTE}
    values["d0"] = HEUTE + timedelta(days=draw(st.integers(-60, 20)))
    values["l0"] = ListOf(keys)
    for key in keys:
        values |= {f"l0/{key}/zahl": draw(st.integers(-1, 3)), f"l0/{key}/da": draw(st.booleans())}
        values[f"l0/{key}/mal"] = draw(st.one_of(st.just(NONE), st.integers(-1, 3)))
    return Facts(values)


@st.composite
def part_of(draw: st.DrawFn, facts: Facts) -> Facts:
    """Draw what is known so far: some facts, and of the list some members.

    A record arrives with the fields that come with it, as `docs/law.md` says.
    """
    chosen = {path: value for path, value in facts.items() if "/" not in path and path != "l0" and draw(st.booleans())}
    arrived = facts["l0"].keys[: draw(st.integers(0, 3))]
    if draw(st.booleans()):
        complete = arrived == facts["l0"].keys and draw(st.booleans())
        chosen["l0"] = ListOf(arrived, complete)
        for key in arrived:
            fields = ("zahl", "mal", "da") if draw(st.booleans()) else ("zahl", "mal")
            chosen |= {f"l0/{key}/{field}": facts[f"l0/{key}/{field}"] for field in fields}
    return Facts(chosen)
