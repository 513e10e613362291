from datetime import date

from formlos.law import NONE, Facts

TODAY = Facts({"heute": date(2026, 3, 10), "antragsdatum": date(2026, 3, 10)})
RULE = '@rule(source="§ 1")\ndef {name}({takes}) -> bool:\n    """N."""\n    {body}\n'


def rules(**bodies: tuple[str, str]) -> str:
    return "\n".join(RULE.format(name=name, takes=takes, body=body) for name, (takes, body) in bodies.items())


def steps(plan):
    return {(step.source, step.state): step.facts for step in plan.steps}


def test_what_a_source_needs_comes_first(law):
    plan = law.plan(TODAY)
    found = steps(plan)
    assert "nutzungsbeginn" in found["person", "ready"] and "lage" in found["person", "ready"]
    assert "zaehler_vorhanden" in found["brunnenbuch", "blocked"]
    assert [step.state for step in plan.steps] == ["ready", "ready", "blocked"]


def test_a_record_is_asked_as_one_block(law):
    asked = steps(law.plan(TODAY))["person", "ready"]
    assert "lage" in asked and not any(path.startswith("lage/") for path in asked)


def test_inputs_are_handed_over_in_full(law, family):
    facts = Facts({path: value for path, value in family.items() if path not in ("tiefe", "altlast_vermutet")})
    (step,) = law.plan(facts).steps
    assert (step.source, step.state, step.facts) == ("brunnenbuch", "ready", ("altlast_vermutet",))
    assert step.inputs["lage"] == {"strasse": "Am Markt", "hausnummer": "1", "zusatz": NONE, "bezirk": "Mitte"}


def test_a_source_waits_for_the_day_from_which_it_may_be_asked(make_law):
    service = rules(ziel=("a: bool", "return a"), da=("heute: date, d: date", "return d <= heute"))
    facts = "  d: {type: date, sources: [person]}\n  a: {type: bool, sources: [spaeter, amt]}\n"
    law = make_law(service, facts, sources="  spaeter: {kind: register.y, rank: 3, needs: [da]}\n")
    plan = law.plan(TODAY.but({"d": date(2026, 4, 1)}))
    (step,) = plan.steps
    assert (step.source, step.state, step.until) == ("spaeter", "waiting", date(2026, 4, 1))
    assert plan.next_change == date(2026, 4, 1)
    assert steps(law.plan(TODAY)) == {("person", "ready"): ("d",), ("spaeter", "blocked"): ("a",)}
    assert steps(law.plan(TODAY.but({"d": date(2026, 3, 1)}))) == {("spaeter", "ready"): ("a",)}


def test_a_source_whose_need_stays_false_is_passed_over(make_law):
    service = rules(ziel=("a: bool", "return a"))
    facts = "  n: {type: bool, sources: [person]}\n  a: {type: bool, sources: [mit, amt]}\n"
    law = make_law(service, facts, sources="  mit: {kind: register.y, rank: 3, needs: [n]}\n")
    assert steps(law.plan(TODAY.but({"n": False}))) == {("amt", "ready"): ("a",)}


def test_a_source_that_needs_its_own_answer_is_passed_over(make_law):
    service = rules(ziel=("a: bool", "return a"))
    facts = "  n: {type: bool, sources: [kreis, person]}\n  a: {type: bool, sources: [kreis, amt]}\n"
    law = make_law(service, facts, sources="  kreis: {kind: register.y, rank: 3, needs: [n]}\n")
    assert steps(law.plan(TODAY)) == {("person", "ready"): ("n",), ("kreis", "blocked"): ("a",)}


def test_the_next_source_is_tried_when_one_has_nothing(law, family):
    facts = Facts({path: value for path, value in family.items() if path != "altlast_vermutet"})
    for state in ("none", "refused", "answered"):
        plan = law.plan(facts, {"altlast_vermutet": {"brunnenbuch": state}})
        assert steps(plan) == {("amt", "ready"): ("altlast_vermutet",)}
    for state in ("pending", "down"):
        plan = law.plan(facts, {"altlast_vermutet": {"brunnenbuch": state}})
        assert steps(plan) == {("brunnenbuch", "waiting"): ("altlast_vermutet",)}
    plan = law.plan(facts, {"altlast_vermutet": {"brunnenbuch": "none", "amt": "none"}})
    assert plan.steps == () and plan.missing == ("altlast_vermutet",)


def test_a_field_that_a_list_came_without_is_asked_of_the_next_source(law, family):
    facts = Facts({path: value for path, value in family.items() if path != "kinder/a/geburtsdatum"})
    plan = law.plan(facts, {"kinder": {"familienbuch": "answered"}})
    assert steps(plan) == {("amt", "ready"): ("kinder/a/geburtsdatum",)}


def test_each_member_of_a_list_is_asked_about(law, family):
    facts = {path: value for path, value in family.items() if not path.endswith("lebt_im_haushalt")}
    young = Facts({**facts, "kinder/b/geburtsdatum": date(2012, 1, 1)})
    assert steps(law.plan(young))["person", "ready"] == ("kinder/a/lebt_im_haushalt", "kinder/b/lebt_im_haushalt")


def test_nobody_is_asked_about_a_member_that_does_not_count_anyway(law, family):
    facts = {path: value for path, value in family.items() if not path.endswith("lebt_im_haushalt")}
    assert steps(law.plan(Facts(facts)))["person", "ready"] == ("kinder/a/lebt_im_haushalt",)


def test_nothing_is_left_when_all_is_known(law, family):
    plan = law.plan(family)
    assert plan.steps == () and plan.missing == () and plan.remaining_questions == 0


def test_a_condition_comes_before_its_branches(make_law):
    facts = "".join(f"  {name}: {{type: bool, sources: [person]}}\n" for name in "abcd")
    law = make_law(rules(ziel=("a: bool, b: bool, c: bool, d: bool", "return (b and d) if a else (c and d)")), facts)
    assert law.plan(TODAY).steps[0].facts == ("a", "d")
    assert law.plan(TODAY.but({"a": False})).steps[0].facts == ("c", "d")


def test_of_two_ways_the_cheaper_source_is_asked_first(make_law):
    facts = "  a: {type: bool, sources: [amt]}\n  b: {type: bool, sources: [register]}\n  c: {type: bool, sources: [person]}\n"
    law = make_law(rules(ziel=("a: bool, b: bool, c: bool", "return a or b or c")), facts)
    assert [step.source for step in law.plan(TODAY).steps] == ["register"]
    assert [step.source for step in law.plan(TODAY.but({"b": False})).steps] == ["person"]


def test_the_likely_way_is_asked_first(make_law):
    facts = '  a: {type: bool, usual: "false", sources: [register]}\n  b: {type: bool, usual: "true", sources: [amt]}\n'
    law = make_law(rules(ziel=("a: bool, b: bool", "return a or b")), facts)
    assert [step.source for step in law.plan(TODAY).steps] == ["amt"]


def test_a_conjunction_that_usually_fails_stops_there(make_law):
    facts = '  a: {type: bool, usual: "false", sources: [person]}\n  b: {type: bool, sources: [person]}\n'
    law = make_law(rules(ziel=("a: bool, b: bool", "return a and b")), facts)
    assert law.plan(TODAY).steps[0].facts == ("a",)


def test_remaining_questions_follow_the_likely_course(make_law):
    facts = (
        '  a: {type: bool, usual: "true", sources: [person]}\n'
        '  b: {type: bool, usual: "true", sources: [person]}\n'
        "  c: {type: bool, sources: [person]}\n  d: {type: bool, sources: [person]}\n"
    )
    law = make_law(rules(ziel=("a: bool, b: bool, c: bool, d: bool", "return b if a else (c and d)")), facts)
    assert law.plan(TODAY).remaining_questions == 2
    assert law.plan(TODAY.but({"a": False})).remaining_questions == 2
    assert law.plan(TODAY.but({"a": True})).remaining_questions == 1


def test_the_plan_of_a_new_case_counts_all_questions(law):
    assert law.plan(TODAY).remaining_questions == 6


def test_what_nobody_can_compute_is_left_to_a_clerk(law, family):
    outcome = law.evaluate(family.but({"tiefe": NONE, "zaehler_vorhanden": False}))
    assert outcome.errors and not outcome.known
    assert law.plan(family.but({"tiefe": NONE, "zaehler_vorhanden": False})).steps == ()


def test_a_machine_that_is_asked_anyway_tells_all_that_may_matter(make_law):
    facts = (
        "  a: {type: bool, sources: [register]}\n  b: {type: bool, sources: [register]}\n"
        "  c: {type: bool, sources: [register]}\n"
    )
    law = make_law(rules(ziel=("a: bool, b: bool", "return b if a else not b and a")), facts)
    (step,) = law.plan(TODAY).steps
    assert step.facts == ("a", "b")
