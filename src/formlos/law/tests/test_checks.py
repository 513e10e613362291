import shutil

import pytest

from formlos.law import load_service
from formlos.law.checks import check
from formlos.law.tests.conftest import BRUNNEN


def test_the_sample_service_is_sound(document):
    assert check(document) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("facts.yaml", "sources: [amt], basis", "sources: [], basis", "no_source"),
        (
            "facts.yaml",
            "  altlast_ist",
            "  unnuetz: {type: bool, sources: [amt], basis: §}\n  altlast_ist",
            "unreached_fact",
        ),
        ("facts.yaml", ", basis: § 3 Brunnensatzung}", "}", "no_basis"),
        ("facts.yaml", "[brunnenbuch, person]", "[person, brunnenbuch]", "rank"),
        (
            "params.yaml",
            "stellen:",
            "unnuetz: {type: int, values: [{value: '1', source: §}]}\nstellen:",
            "unused_param",
        ),
        ("params.yaml", ", source: § 8 Brunnensatzung", "", "no_norm"),
        ("params.yaml", '2020-01-01, value: "50.00"', '2021-01-01, value: "50.00"', "period"),
        ("rules.py", 'source="§ 8 Brunnensatzung"', 'source=""', "no_norm"),
        ("rules.py", '    """The use has begun."""\n', "", "no_docstring"),
        ("effects.yaml", ", ziel: zahlungsziel", "", "unreached_rule|unused_param"),
        ("service.yaml", "gebuehr]", "gebuehr, art]", "goal"),
        ("texts/en.yaml", 'question: "EN: Wo ist der Brunnen?", ', "", "text"),
        ("texts/de.yaml", ', gewerbe: "Gewerblicher Brunnen"', "", "text"),
        ("texts/de.yaml", "  abzug:", "  abzugg:", "text"),
        ("texts/en.yaml", "  bescheid:", "  bescheidd:", "text_of_nothing"),
    ],
)
def test_what_can_be_wrong_is_found(tmp_path, file, old, new, code):
    shutil.copytree(BRUNNEN.parent, tmp_path / "s")
    path = tmp_path / "s" / "brunnen" / file
    text = path.read_text()
    assert old in text
    path.write_text(
        text.replace(old, new, 1).replace(", faellig: ist_faellig", "") if "ziel:" in old else text.replace(old, new, 1)
    )
    codes = {finding.code for finding in check(load_service(path.parents[1] if "/" in file else path.parent))}
    assert codes & set(code.split("|"))


def test_cycles_are_found_with_their_path(make_service):
    rules = "".join(
        f'@rule(source="§ 1")\ndef {name}({other}: bool) -> bool:\n    """N."""\n    return {other}\n'
        for name, other in (("ziel", "umweg"), ("umweg", "ziel"))
    )
    findings = [finding for finding in check(make_service(rules, "")) if finding.code == "cycle"]
    assert "ziel → umweg → ziel" in findings[0].message
