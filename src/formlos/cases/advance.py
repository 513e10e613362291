"""Carrying a case as far as it goes: fetch what may be fetched, ask what is left, decide once.

``advance`` may run at any time and any number of times; what it does follows from the journal alone.
It never leaves our own database: messages are put into the outbox, slow effects are only intended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from formlos.appointments import operations as appointments
from formlos.base import clock, messages, sources
from formlos.base.tenancy import current_municipality_id
from formlos.cases import effects, receipts
from formlos.cases.asking import CLERK, PERSON
from formlos.cases.models import Case, Correspondence, OpenQuestion
from formlos.cases.parties import INVITATION, PARTY, revoke_unneeded, tell_inviter
from formlos.cases.representation import REPRESENTED, has_lapsed
from formlos.cases.state import ANSWERED, DECIDED, DISPUTED, EFFECT, EVALUATED, MOST_ATTEMPTS, REFUSED, REQUESTED, Reply
from formlos.cases.values import encode_all, values_from
from formlos.cases.work import SYSTEM, Work
from formlos.law import Document, Outcome
from formlos.law.plan import Plan, Step

MESSAGE = "message"
GIVEN_AT_THE_START = ("identity", "trigger", "case", "clock", INVITATION, REPRESENTED)
DEFAULT_OFFICE = "buergerbuero"
RETRY_FIRST = timedelta(seconds=15)
LAPSED = "Wer für das Kind gehandelt hat, darf es nach dem Melderegister nicht mehr."
PATIENCE = timedelta(days=3)  # for an answer of another authority; then a clerk takes over


def advance(work: Work) -> None:
    """Go on until a person, another authority or a day is awaited, or the case is decided and its effects run."""
    if work.state.ended:
        work.case.processed = len(work.chain.entries)
        return
    paused = _is_paused(work)
    while not work.state.decision:
        now = plan(work)
        if now.outcome.known and _may_decide(work):
            if not _decide_and_carry_out(work, now.outcome):
                return
            break
        fetched = [_fetch(work, step) for step in now.steps if step.state == "ready" and not paused]
        if not any(fetched):
            _settle(work, now)
            return
    end(work, Case.State.DECIDED if work.state.unfinished_effects else Case.State.CLOSED)


def _is_paused(work: Work) -> bool:
    """Whether a case of a child stands still: who acted may act no more, and no clerk has said how it goes on.

    Nothing is fetched then, and nothing decided (§ 51 BMG).
    """
    if work.state.decision or not has_lapsed(work.case, work.state.opened):
        return False
    evidence = work.service["service"]["for_children"]["evidence"]
    if not any(entry.kind == DISPUTED and entry.actor == SYSTEM for entry in work.chain.entries):
        work.add(DISPUTED, {"path": evidence, "reason": LAPSED})
    return evidence in work.state.disputes


def _decide_and_carry_out(work: Work, outcome: Outcome) -> bool:
    """Decision and local effects, all or nothing; an effect that is refused becomes a clerk's question."""
    if not work.state.refused:
        before = len(work.chain.entries)
        try:
            with transaction.atomic():
                _decide(work, outcome)
                effects.carry_out(work)
                return True
        except effects.EffectRefused as refusal:
            work.chain.rewind(before)
            reason = getattr(refusal.reason, "code", "")
            work.add(REFUSED, {"effect": refusal.effect, "reason": reason, "detail": str(refusal.reason)})
    receipts.acknowledge(work, only_others=False)
    _project(work, Case.State.CLERK, {}, None)
    work.case.processed = len(work.chain.entries)
    return False


def end(work: Work, state: Case.State) -> None:
    """Close the case's projections: nothing wakes it, and nothing is asked but why an effect is stuck.

    Whoever sent the link that opened it is told what became of it. Nobody comes for a case that was withdrawn or undone.
    """
    tell_inviter(work)
    if state in (Case.State.WITHDRAWN, Case.State.REVERSED):
        appointments.cancel_of_case(case_id=work.case.id)
    _project(work, state, {}, None)
    work.case.processed = len(work.chain.entries)


def plan(work: Work) -> Plan:
    """What to get next and from whom, given how each source stands."""
    state, now = work.state, clock.now()
    standings = {name: _standing(reply) for name, reply in state.replies.items() if not _is_due(reply, now)}
    overdue = {name: "none" for name, reply in state.replies.items() if _is_given_up(reply, now)}
    return work.law.plan(work.facts(), _tried(work.law.document, standings | overdue, state.disputes))


def _tried(document: Document, standings: Mapping[str, str], disputes: Iterable[str]) -> dict[str, dict[str, str]]:
    """For each fact, how each of its sources stands; what is not listed is untried."""
    sources, facts = document.data["sources"], document.data["facts"]
    given = {name: "none" for name, source in sources.items() if source["kind"] in GIVEN_AT_THE_START}
    known = given | standings
    found = {
        path: {name: known[name] for name in fact["sources"] if name in known}
        for path, fact in facts.items()
        if not known.keys().isdisjoint(fact["sources"])
    }
    return found | {path: dict.fromkeys(facts.get(path, {}).get("sources", ()), "refused") for path in disputes}


def _standing(reply: Reply) -> str:
    """A source that has answered has nothing more to say."""
    return "none" if reply.state == "answered" else reply.state


def _look_again_at(reply: Reply) -> datetime | None:
    """When a source that is down is tried again, or one that does not answer is given up; when a link ends."""
    if reply.state == "pending":
        return reply.until or reply.at + PATIENCE
    return reply.at + RETRY_FIRST * 2**reply.attempts if reply.state == "down" else None


def _wakes_at(reply: Reply) -> datetime | None:
    """The same, but a link that has ended already wakes nobody: the person was told."""
    return None if reply.until and reply.until <= clock.now() else _look_again_at(reply)


def _is_due(reply: Reply, now: datetime) -> bool:
    """A source that was down may be tried again, as if it never had been; so may a link that has ended."""
    again = _look_again_at(reply)
    if reply.until is not None:
        return reply.state == "pending" and reply.until <= now
    return reply.state == "down" and reply.attempts < MOST_ATTEMPTS and again is not None and again <= now


def _is_given_up(reply: Reply, now: datetime) -> bool:
    """A source that stayed down or silent: the next one, in the end a clerk, takes its place."""
    if reply.state == "down":
        return reply.attempts >= MOST_ATTEMPTS
    return reply.state == "pending" and reply.until is None and reply.at + PATIENCE <= now


def _may_decide(work: Work) -> bool:
    """A person's declaration must have been reviewed and sent (§ 3a (5) VwVfG); disputes must be settled."""
    return is_declared(work) and not work.state.disputes


def is_declared(work: Work) -> bool:
    """Whether all that the person said has been sent; a message declares itself."""
    return work.case.channel == "message" or (work.state.reviewed and not work.state.unsent)


def _fetch(work: Work, step: Step) -> bool:
    """Try one ready source; True when the case knows more than before."""
    if step.kind in (PERSON, CLERK, PARTY):
        return False
    inputs = encode_all(step.inputs)
    if step.kind == MESSAGE:
        _request(work, step.source, inputs)
        return True
    adapter = sources.local_source(step.kind)
    if adapter is None:
        answer = sources.Answer("down", detail=f"no adapter for {step.kind}")
    else:
        answer = adapter(step.inputs, _context(work, step.source))
    record_answer(work, step.source, answer, inputs=inputs)
    return True


def record_answer(
    work: Work, source: str, answer: sources.Answer, *, inputs: Mapping[str, Any], message: str = ""
) -> None:
    """Journal what a source said; only facts that name this source as theirs are taken."""
    declared = work.service["sources"][source]
    work.add(
        ANSWERED,
        {
            "source": source,
            "state": answer.state,
            "supplier": answer.supplier or source,
            "detail": answer.detail,
            "basis": declared.get("basis", ""),
            "trust": declared.get("trust", "none"),
            "inputs": dict(inputs),
            "values": values_from(work.law.document, source, answer.values),
            "message": message,
        },
        actor=f"source:{source}",
    )


def _request(work: Work, source: str, inputs: Mapping[str, Any]) -> None:
    declared = work.service["sources"][source]
    facts = work.facts()
    receiver = work.law.value(facts, declared["to"])
    message = messages.send(
        kind=declared["request"],
        receiver_ags=str(receiver),
        body=inputs,
        purpose=declared.get("purpose", work.service["service"]["title"]),
        norm=declared.get("basis", ""),
        reference=str(work.case.id),
    )
    Correspondence.objects.create(
        case=work.case, message=message, receiver=str(receiver), reply=declared["reply"], source=source
    )
    work.add(REQUESTED, {"source": source, "message": str(message), "inputs": dict(inputs), "to": str(receiver)})


def _context(work: Work, source: str) -> sources.Context:
    return sources.Context(
        municipality_id=current_municipality_id(),
        case_id=work.case.id,
        purpose=work.service["service"]["title"],
        norm=work.service["sources"][source].get("basis", ""),
        now=clock.now(),
        today=clock.today(),
    )


def _decide(work: Work, outcome: Outcome) -> None:
    """Freeze goal, facts, law and reasons. Happens once; later facts never re-trigger effects."""
    facts = work.facts()
    work.add(
        DECIDED,
        {
            "goals": encode_all(outcome.values),
            "facts": encode_all(dict(facts.items())),
            "document": work.case.document,
            "parameters": work.case.parameters,
            "today": clock.today().isoformat(),
            "explanation": {goal: work.law.explain(facts, goal).to_data() for goal in outcome.values},
        },
    )


def _settle(work: Work, plan: Plan) -> None:
    """Nothing more can be fetched now: note what is asked and awaited from whom, and when to look again.

    Whoever reads the case then need not plan.
    """
    revoke_unneeded(work)
    clerk = _clerk_questions(work, plan)
    invites = [step.source for step in plan.steps if step.kind == PARTY and step.state == "ready"]
    ready = [step for step in plan.steps if step.kind == PERSON and step.state == "ready"]
    asked = [{"source": step.source, "facts": list(step.facts)} for step in ready]
    asks_clerk = clerk and is_declared(work)
    waiting = [step for step in plan.steps if step.state == "waiting" and step.kind != PARTY]
    others_answer = any(step.until is None for step in waiting)  # what waits for a day only is reviewed and sent now
    if asked or invites or (not is_declared(work) and not others_answer):
        now = Case.State.OPEN
    elif asks_clerk:
        now = Case.State.CLERK
    else:
        now = Case.State.WAITING
    change = plan.next_change
    only_others = now == Case.State.WAITING and others_answer
    receipt_at = None if now == Case.State.OPEN else receipts.acknowledge(work, only_others=only_others)
    _project(work, now, clerk if asks_clerk else {}, change, receipt_at=receipt_at)
    remaining = plan.remaining_questions if asked else 0
    seen = {"state": now.value, "asked": asked, "remaining": remaining, "clerk": sorted(clerk)}
    seen |= {"invites": invites} if invites or work.state.evaluated.get("invites") else {}
    then = [
        {"facts": list(one.facts), "on": one.until.isoformat()} for one in waiting if one.until and one.kind == PERSON
    ]
    seen |= {"then": then} if then or work.state.evaluated.get("then") else {}
    seen["wake"] = change and change.isoformat()
    if {key: work.state.evaluated.get(key) for key in seen} != seen:
        work.add(EVALUATED, seen | {"today": clock.today().isoformat()})
    work.case.processed = len(work.chain.entries)


def _clerk_questions(work: Work, plan: Plan) -> dict[str, str]:
    """Paths that only a clerk can settle, with the office: declared doubts, disputes, dead ends, broken sums."""
    declared = work.service["sources"]
    offices = {
        path: declared[step.source].get("office", DEFAULT_OFFICE)
        for step in plan.steps
        if step.kind == CLERK and step.state == "ready"
        for path in step.facts
    }
    doubtful = [
        leaf.path for doubt in plan.outcome.errors for leaf in work.law.explain(work.facts(), doubt.rule).leaves()
    ]
    answerable = [path for path in doubtful if path in work.state.facts]
    unsettled = [*work.state.disputes, *plan.missing, *answerable]
    return offices | dict.fromkeys(unsettled, DEFAULT_OFFICE)


def _project(
    work: Work,
    state: Case.State,
    questions: Mapping[str, str],
    change: date | None,
    *,
    receipt_at: datetime | None = None,
) -> None:
    """Write what queues and sweepers look at; what keeps effects from happening is always a clerk's question."""
    case, wanted = work.case, {**questions, **{f"{EFFECT}{name}": DEFAULT_OFFICE for name in work.state.stuck}}
    case.state = state
    moments = [datetime.combine(change, time(0, 1), tzinfo=clock.BERLIN)] if change else []
    if not work.state.decision and not work.state.ended:
        moments += [moment for reply in work.state.replies.values() if (moment := _wakes_at(reply))]
        moments += [receipt_at] if receipt_at else []
    case.wake_at = min(moments, default=None)
    open_now = {question.path: question for question in case.questions.filter(municipality_id=case.municipality_id)}
    OpenQuestion.objects.filter(id__in=[q.id for path, q in open_now.items() if path not in wanted]).delete()
    OpenQuestion.objects.bulk_create(
        OpenQuestion(case=case, path=path, office=office, since=clock.now())
        for path, office in wanted.items()
        if path not in open_now
    )
