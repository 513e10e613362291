"""What people and messages do to cases. Each operation locks one case, journals, and lets it advance.

What a person does returns the case as it stands then, for ``queries.view``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from formlos.base import clock
from formlos.base.messages import Incoming
from formlos.cases import attachments, effects, guessing
from formlos.cases.access import Person, require_level
from formlos.cases.advance import advance, end, is_declared, plan
from formlos.cases.answers import AnswersRefused, parse_answers
from formlos.cases.asking import Asked, asked_of_clerk, asked_of_person, inputs_of
from formlos.cases.identifying import marks_for
from formlos.cases.models import Case
from formlos.cases.parties import INVITATION
from formlos.cases.representation import REPRESENTED, NotForChildren, Represented, own_identity, until_age
from formlos.cases.state import ASSERTED, DISPUTED, EFFECT, OPENED, REVERSED, REVIEWED, SETTLED, TAKEN_UP, WITHDRAWN
from formlos.cases.values import values_from
from formlos.cases.work import SYSTEM, Work, asserted, opening, refuse_if_over, working_on
from formlos.catalogue.queries import Adopted, ServiceNotAdopted, adopted, law
from formlos.vocabulary.texts import without_hidden


class NotReadyToSend(Exception):
    """Questions are still open, so there is nothing complete to send; ``paths`` names them."""

    code = "not_ready_to_send"

    def __init__(self, paths: list[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


class NotIdentified(Exception):
    """The case is only prepared: it can be sent when its person has identified, online or at the counter."""

    code = "not_identified"


class NotReversible(Exception):
    """Only a decided case can be reversed, once."""

    code = "not_reversible"


def open_case(*, service: str, person: Person, child: Represented | None = None) -> Work:
    """Open a case for a person; take only the identity facts the service declares.

    child: whose case it is, if the person acts for one. Of the person's identity then only how strong it is counts; the
    child's facts are the register's. Raises ``LevelTooLow``, ``ServiceNotAdopted`` also for services that only messages
    open, and with a child ``NotForChildren``.
    """
    return _open_for_person(service, person, child=child)


def open_invited_case(*, service: str, person: Person, invitation: UUID, given: Mapping[str, Any]) -> Work:
    """The same for somebody whom a link invited: what is ``given`` with it are facts of an invitation."""
    return _open_for_person(service, person, trigger={"invitation": str(invitation)}, given=given)


def _open_for_person(
    service: str,
    person: Person,
    *,
    trigger: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
    child: Represented | None = None,
) -> Work:
    pinned = adopted(service)
    declared = law(document=pinned.document, parameters=pinned.parameters).document.data
    if declared["service"]["trigger"] != "portal":
        raise ServiceNotAdopted(service)
    require_level(declared, person.level)
    actor, identity = person.actor, person.identity
    trigger = {**(trigger or {}), **marks_for(declared, identity, for_child=child is not None)}
    if child is not None:
        if child.until <= clock.today() or not until_age(declared):
            raise NotForChildren(service)
        identity = own_identity(declared, identity)
        trigger["represented"] = _represented(declared, child)
    with opening(pinned, channel="portal", subject=person.subject, child=child) as work:
        work.add(OPENED, pins(pinned, channel="portal") | {"level": person.level} | trigger, actor=actor)
        assert_from(work, "identity", identity, supplier=person.issuer, actor=actor)
        if child is not None:
            assert_from(work, REPRESENTED, child.facts, supplier=child.supplier, actor=actor)
        if given:
            assert_from(work, INVITATION, given, supplier="Einladung", actor=actor)
        advance(work)
    return work


def _represented(service: Mapping[str, Any], child: Represented) -> dict[str, str]:
    """What the journal says of acting for a child."""
    basis = service["service"]["for_children"].get("basis", "")
    told = {"resident": str(child.resident), "parent": str(child.parent), "name": child.name}
    return told | {"until": child.until.isoformat(), "basis": basis}


def open_answering_case(*, adopted: Adopted, message: Incoming) -> None:
    """Open the case that answers a message, with the message's body as its first facts."""
    actor = f"municipality:{message.sender_ags}"
    with opening(adopted, channel="message", sender=message.sender_ags, message=message.id) as work:
        trigger = {
            "message": str(message.id),
            "kind": message.kind,
            "sender": message.sender_ags,
            "purpose": message.purpose,
            "norm": message.norm,
        }
        work.add(OPENED, pins(adopted, channel="message") | trigger, actor=actor)
        given = {**message.body, "absender_ags": message.sender_ags, "nachricht_id": str(message.id)}
        assert_from(work, "trigger", given, supplier=message.sender_name, actor=actor)
        advance(work)


def record_answers(
    *, case_id: UUID, values: Mapping[str, Any], actor: str, client: str = "", read: Work | None = None
) -> Work:
    """The person answers questions; ``read`` is the case as the page has read it, ``client`` the address they answer from.

    Raises ``AnswersRefused`` with one message per wrong answer, and ``TooMany`` for who tries out codes.
    """
    with working_on(case_id, read=read) as work:
        refuse_if_over(work)
        askable = asked_of_person(work)
        parsed = parse_answers(work.law, values, allowed=askable)
        _refuse_foreign_files(work, parsed)
        guess = guessing.begun(work, parsed, client=client)
        for source in {asked.source: None for asked in askable.values()}:
            told = {path: value for path, value in parsed.items() if _asked(askable, path).source == source}
            if told:
                _assert_from_person(work, source, told, inputs_of(work, source), actor)
        advance(work)
        guess.end(work)
    return work


def _refuse_foreign_files(work: Work, answers: Mapping[str, Any]) -> None:
    """A question for a file is answered with one that was handed in to this case. Raises ``AnswersRefused``."""
    facts = work.service["facts"]
    asked = [path for path in answers if facts.get(work.law.document.declared(path), {}).get("form") == "file"]
    if wrong := [path for path in asked if not attachments.belongs(case_id=work.case.id, answer=str(answers[path]))]:
        raise AnswersRefused(dict.fromkeys(wrong, ("file", "")))


def send_review(*, case_id: UUID, actor: str, noted: Mapping[str, Any] | None = None, read: Work | None = None) -> Work:
    """The person has reviewed the whole declaration and sends it; sending the same again changes nothing.

    What is answered after that is reviewed and sent once more, unless its source is a mere confirmation.

    noted: what a clerk noted beside it, who sends it for the person. read: the case as the page has read it. Raises
    ``NotReadyToSend``, ``NotIdentified``, ``CaseIsOver``.
    """
    with working_on(case_id, read=read) as work:
        if is_declared(work) and not work.state.ended:
            return work
        refuse_if_over(work)
        if work.state.is_prepared:
            raise NotIdentified(work.case.reference)
        if work.state.asked or work.state.evaluated.get("invites"):
            wanted = [work.service["sources"][name]["confirms"] for name in work.state.evaluated.get("invites", ())]
            raise NotReadyToSend([path for page in work.state.asked for path in page["facts"]] + wanted)
        sent: dict[str, Any] = {"facts": {p: a.value for p, a in work.state.facts.items()}}
        work.add(REVIEWED, sent | ({"noted": dict(noted)} if noted else {}), actor=actor)
        advance(work)
    return work


def take_up_again(*, case_id: UUID, actor: str) -> Work:
    """The person wants to change what they sent, while nothing is decided: they go over it and send it again.

    Raises ``CaseIsOver``.
    """
    with working_on(case_id) as work:
        refuse_if_over(work)
        if work.state.reviewed and not work.state.unsent:
            work.add(TAKEN_UP, {}, actor=actor)
            advance(work)
    return work


def dispute(*, case_id: UUID, path: str, reason: str, actor: str) -> Work:
    """The person says that a fetched fact is wrong; it counts as unknown until a clerk has settled it."""
    with working_on(case_id) as work:
        refuse_if_over(work)
        if path not in work.state.facts:
            raise NoSuchFact(path)
        work.add(DISPUTED, {"path": path, "reason": without_hidden(reason)}, actor=actor)
        advance(work)
    return work


class NoSuchFact(LookupError):
    """The case knows no such fact."""

    code = "no_such_fact"


class NotAsked(Exception):
    """This question is not open, perhaps because a colleague has answered it."""

    code = "not_asked"


def answer_question(*, case_id: UUID, path: str, value: Any, reason: str, clerk: str) -> None:
    """A clerk settles a doubt. The answer is a fact with the clerk's reason; it outranks other sources.

    For an effect that was refused, no ends an undecided case; anything else means that the cause is removed, so
    that it is tried again. Raises ``NotAsked``, ``AnswersRefused``, ``CaseIsOver``.
    """
    with working_on(case_id) as work:
        if not work.case.questions.filter(path=path).exists():
            raise NotAsked(path)
        if path.startswith(EFFECT):
            _settle_effect(work, path.removeprefix(EFFECT), value, reason, clerk)
            return
        refuse_if_over(work)
        parsed = parse_answers(work.law, {path: value}, allowed=[path])
        asked = asked_of_clerk(work, plan(work), path)
        payload = asserted(
            parsed,
            source=asked.source,
            supplier=clerk,
            basis=work.service["facts"].get(path, {}).get("basis", ""),
            trust="high",
            reason=without_hidden(reason),
            by_clerk=True,
            inputs=asked.inputs,
        )
        work.add(ASSERTED, payload, actor=f"clerk:{clerk}")
        advance(work)


def withdraw(*, case_id: UUID, reason: str, actor: str) -> Work:
    """The person takes an undecided case back."""
    with working_on(case_id) as work:
        refuse_if_over(work)
        _withdraw(work, reason, actor)
    return work


def reverse(*, case_id: UUID, reason: str, actor: str) -> None:
    """Undo a wrong decision: register restored, recipients told, notices revoked. Raises ``NotReversible``."""
    with working_on(case_id) as work:
        if not work.state.decision or work.state.ended:
            raise NotReversible(work.case.reference)
        _reverse(work, reason, actor)


def take_back(*, case_id: UUID, reason: str, actor: str) -> None:
    """Reverse a decided case or end an undecided one; one that has ended already is left as it is."""
    with working_on(case_id) as work:
        take_back_in(work, reason, actor)


def take_back_in(work: Work, reason: str, actor: str) -> None:
    """The same for a case that is being worked on."""
    if work.state.decision and not work.state.ended:
        _reverse(work, reason, actor)
    elif not work.state.ended:
        _withdraw(work, reason, actor)


def _withdraw(work: Work, reason: str, actor: str) -> None:
    work.add(WITHDRAWN, {"reason": without_hidden(reason)}, actor=actor)
    end(work, Case.State.WITHDRAWN)


def _reverse(work: Work, reason: str, actor: str) -> None:
    reason = without_hidden(reason)
    effects.undo(work, actor=actor, reason=reason)
    work.add(REVERSED, {"reason": reason}, actor=actor)
    end(work, Case.State.REVERSED)


def continue_case(*, case_id: UUID) -> None:
    """Look at a case again: a day has come, or a worker died in the middle."""
    with working_on(case_id) as work:
        advance(work)


def pins(pinned: Adopted, *, channel: str) -> dict[str, Any]:
    """What the first entry of a case says of the law it follows."""
    return {
        "service": pinned.service,
        "document": pinned.document,
        "parameters": pinned.parameters,
        "channel": channel,
    }


def assert_from(work: Work, kind: str, given: Mapping[str, Any], *, supplier: str, actor: str = SYSTEM) -> None:
    """Journal the given values, but only those of facts that declare a source of this kind."""
    for source, declared in work.service["sources"].items():
        if declared["kind"] != kind:
            continue
        payload = asserted(
            values_from(work.law.document, source, given),
            source=source,
            supplier=supplier,
            basis=declared.get("basis", ""),
            trust=declared.get("trust", "none"),
        )
        work.add(ASSERTED, payload, actor=actor)


def _asked(askable: Mapping[str, Asked], path: str) -> Asked:
    """The question a leaf path belongs to: its own, or that of its record."""
    return askable.get(path) or askable[path.rpartition("/")[0]]


def _settle_effect(work: Work, effect: str, value: Any, reason: str, clerk: str) -> None:
    actor = f"clerk:{clerk}"
    if value in (False, "nein", "false") and not work.state.decision:
        _withdraw(work, reason, actor)
        return
    work.add(SETTLED, {"effect": effect, "reason": without_hidden(reason)}, actor=actor)
    advance(work)


def _assert_from_person(
    work: Work, source: str, told: Mapping[str, Any], inputs: Mapping[str, Any], actor: str
) -> None:
    declared = work.service["sources"][source]
    payload = asserted(
        told,
        source=source,
        supplier="Angabe der Person am Schalter" if actor.startswith("counter:") else "Angabe der Person",
        basis=declared.get("basis", ""),
        trust=declared.get("trust", "basic"),
        inputs=inputs,
    )
    confirms = {"confirms": True} if declared.get("confirms") == "true" else {}
    work.add(ASSERTED, payload | confirms, actor=actor)
