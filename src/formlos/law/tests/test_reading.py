import pytest

from formlos.law import LawError
from formlos.law.tests.conftest import HEAD

FACTS = """
  a: {type: bool, sources: [person]}
  z: {type: int, sources: [person]}
  x: {type: decimal, sources: [person]}
  t: {type: text, sources: [person]}
  e: {type: enum, values: [rot, blau], sources: [person]}
  d: {type: date, sources: [person]}
  o: {type: int, optional: "true", sources: [person]}
  l: {type: list of Teil, sources: [person]}
"""
RECORD = "@record\nclass Teil:\n    zahl: int\n    mal: int | None\n"


def rule_of(body: str, *, takes: str = "a: bool", gives: str = "bool") -> str:
    lines = body.split("\n")
    return (
        f'{RECORD}\n@rule(source="§ 1")\ndef ziel({takes}) -> {gives}:\n    """N."""\n    '
        + "\n    ".join(lines)
        + "\n"
    )


@pytest.mark.parametrize(
    ("body", "takes", "gives", "code"),
    [
        ("return a and not_there", "a: bool", "bool", "unknown_name"),
        ("return z + 2", "z: int", "int", "number_in_rule"),
        ('return x + Decimal("2")', "x: Decimal", "Decimal", "number_in_rule"),
        ("return z / z", "z: int", "int", "type"),
        ("return x + 1.5", "x: Decimal", "Decimal", "number_in_rule"),
        ("return f'{t}'", "t: str", "str", "not_in_language"),
        ("return t + t", "t: str", "str", "type"),
        ("return t < t", "t: str", "bool", "type"),
        ("return e == 'gruen'", "e: str", "bool", "type"),
        ("return e in ('rot', 'gruen')", "e: str", "bool", "type"),
        ("return z and a", "z: int, a: bool", "bool", "type"),
        ("return 1 if z else 0", "z: int", "int", "type"),
        ("return o + 1", "o: int | None", "int", "may_be_none"),
        ("return o > 0", "o: int | None", "bool", "type"),
        ("return o is None or z > 0 and z is None", "o: int | None, z: int", "bool", "type"),
        ("return z == None", "z: int", "bool", "type"),
        ("return d == z", "d: date, z: int", "bool", "type"),
        ("return d + d", "d: date", "date", "type"),
        ("return open(t)", "t: str", "bool", "unknown_function"),
        ("return d.today()", "d: date", "date", "unknown_function"),
        ("return any(i.zahl for i in l)", "l: list[Teil]", "bool", "type"),
        ("return sum(i.mal for i in l)", "l: list[Teil]", "int", "type"),
        ("return any(i.name == t for i in l)", "l: list[Teil], t: str", "bool", "unknown_field"),
        ("return any(a for i in l for j in l)", "l: list[Teil], a: bool", "bool", "not_in_language"),
        ("if a:\n    return True", "a: bool", "bool", "no_return"),
        ("return True\nreturn a", "a: bool", "bool", "unreachable"),
        ("while a:\n    return True", "a: bool", "bool", "not_in_language"),
        ("a += 1\nreturn a", "a: bool", "bool", "not_in_language"),
        ("x = y = a\nreturn x", "a: bool", "bool", "not_in_language"),
        ("return (lambda: a)()", "a: bool", "bool", "unknown_function"),
        ("return a", "a: bool, z: int", "bool", "unused"),
        ("return a", "a: bool", "int", "type"),
        ("return a", "a: int", "int", "annotation"),
        ("return a", "a: bool | None", "bool", "annotation"),
        ("return a", "a: float", "bool", "annotation"),
        ("return a", "a", "bool", "annotation"),
        ("return a", "a: bool = True", "bool", "parameters"),
        ("return nichts", "nichts: bool", "bool", "unknown_name"),
        ("return a if a else z", "a: bool, z: int", "bool", "type"),
        ("return a is a", "a: bool", "bool", "not_in_language"),
        ("return age_on(d)", "d: date", "int", "arguments"),
        ("return timedelta(hours=z)", "z: int", "timedelta", "arguments"),
        ("return [z]", "z: int", "list[Teil]", "not_in_language"),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_its_place(make_service, body, takes, gives, code):
    with pytest.raises(LawError) as refusal:
        make_service(rule_of(body, takes=takes, gives=gives), FACTS)
    assert refusal.value.code == code
    assert refusal.value.file.endswith("rules.py")
    assert refusal.value.line > len(HEAD.splitlines())
    assert refusal.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "import os\n",
        "from os import path\n",
        "from datetime import datetime\n",
        "from formlos.law.language import rule as r\n",
        "x = 1\n",
        "print('x')\n",
        "def f(a: bool) -> bool:\n    return a\n",
        "@rule(source='§ 1')\n@staticmethod\ndef f(a: bool) -> bool:\n    return a\n",
        "@rule('§ 1')\ndef f(a: bool) -> bool:\n    return a\n",
        "@rule(source='§' + '1')\ndef f(a: bool) -> bool:\n    return a\n",
        "@rule(source='§ 1', color='red')\ndef f(a: bool) -> bool:\n    return a\n",
        "class X:\n    a: int\n",
        "@record\nclass X:\n    a: int = 3\n",
        "@record\nclass X:\n    def f(self): ...\n",
        "from formlos.vocabulary import Gibtsnicht\n",
        "from formlos.vocabulary.gibtsnicht import X\n",
        "this is not python\n",
    ],
)
def test_only_imports_records_and_rules_may_stand_in_the_file(make_service, text):
    with pytest.raises(LawError) as refusal:
        make_service(rule_of("return a") + text, FACTS)
    assert refusal.value.line


@pytest.mark.parametrize(
    ("body", "takes", "gives"),
    [
        ("if o is not None:\n    return o + 1\nreturn 0", "o: int | None", "int"),
        ("if o is None:\n    return 0\nreturn o", "o: int | None", "int"),
        ("return o is not None and o > 0", "o: int | None", "bool"),
        ("return is_none(o) or o > 0", "o: int | None", "bool"),
        ("return sum(i.mal for i in l if i.mal is not None)", "l: list[Teil]", "int"),
        ("y = z if a else -z\nif y < 0:\n    y = 0\nreturn y", "a: bool, z: int", "int"),
        ("return 0 < z <= 1", "z: int", "bool"),
        ("return t in ('a', 'b') and t not in ('c',)", "t: str", "bool"),
        ("return d + timedelta(days=z) - d", "d: date, z: int", "timedelta"),
        ("return (d - d).days + d.year", "d: date", "int"),
        ("return min(x, Decimal(z))", "x: Decimal, z: int", "Decimal"),
        ("return max(i.zahl for i in l)", "l: list[Teil]", "int"),
        ("return [] if a else l", "a: bool, l: list[Teil]", "list[Teil]"),
        ("return e", "e: Literal['rot', 'blau']", "str"),
        ("return None if a else z", "a: bool, z: int", "int | None"),
        ("u: int = z\nreturn u % (z + 1) // (z + 1)", "z: int", "int"),
    ],
)
def test_the_language_is_accepted(make_service, body, takes, gives):
    assert make_service(rule_of(body, takes=takes, gives=gives), FACTS).rules[0]["name"] == "ziel"


def test_too_many_branches_are_refused(make_service):
    body = "\n".join(f"if z == 1:\n    u{i} = 1\nelse:\n    u{i} = 0" for i in range(12)) + "\nreturn z"
    with pytest.raises(LawError, match="too_branched"):
        make_service(rule_of(body, takes="z: int", gives="int"), FACTS)


def test_a_computed_field_needs_its_rule(make_service):
    rules = "@record\nclass Teil:\n    zahl: int\n    gut: bool = computed()\n"
    with pytest.raises(LawError, match="no_rule"):
        make_service(rules + '@rule(source="§ 1")\ndef ziel(a: bool) -> bool:\n    """N."""\n    return a\n', FACTS)
