"""Cases and messages: effects that send, answers that come home, messages that open answering cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from formlos.base import effects, journal, messages, sources
from formlos.base.effects import EffectContext
from formlos.base.messages import Incoming
from formlos.cases import letters, operations, tasks
from formlos.cases.advance import advance, record_answer
from formlos.cases.models import Case, Correspondence
from formlos.cases.state import DELIVERY, RECEIVED
from formlos.cases.work import NoSuchCase, Work, note, working_on
from formlos.catalogue.queries import ServiceNotAdopted, adopted_for_trigger, law

CANCELLED = ".storno"
ADDRESSING = ("message", "to", "purpose", "norm", "nachricht_id")


class UnexpectedMessage(Exception):
    """No case waits for this message and no adopted service answers it."""

    code = "unexpected_message"


def register() -> None:
    """Tie cases to the protocols of base; called once when the room is ready."""
    effects.local("message.send", reverse="message.cancel")(send)
    effects.local("message.cancel")(cancel)
    effects.local("message.reply")(reply)
    effects.local("offer.make")(offer)
    effects.local("case.reverse")(reverse)
    sources.local("letter")(letters.post)
    messages.any_other(receive)
    messages.on_outcome(note_outcome)
    messages.on_dead_received(note_unreadable)


def send(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Put the declared message into the outbox; its answer will find this case and effect."""
    body = {name: value for name, value in arguments.items() if name not in ADDRESSING}
    return _send(arguments, body, context)


def cancel(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Tell the receiver of an earlier message that it no longer holds."""
    original = arguments["arguments"]
    body = {"bezug": arguments["outcome"]["message"], "grund": arguments["reason"]}
    return _send(original | {"message": original["message"] + CANCELLED}, body, context)


def reply(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Answer the message that opened the case."""
    body = {name: value for name, value in arguments.items() if name not in ADDRESSING}
    return _send(arguments, body, context, reply_to=UUID(arguments["nachricht_id"]))


def offer(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """An offer to the person; the journal entry itself is what pages show."""
    return {}


def reverse(arguments: Mapping[str, Any], context: EffectContext) -> dict[str, Any]:
    """Reverse the case that answered an earlier message of the same sender; by job, because it is another case.

    Raises ``NoSuchCase`` when no case answered that message, or it came from somebody else.
    """
    case = _opened_by(arguments["absender_ags"], UUID(arguments["bezug"])).first()
    if case is None:
        raise NoSuchCase(arguments["bezug"])
    tasks.reverse_later(case_id=case.id, reason=f"Vorgang {context.case_id}")
    return {"case": str(case.id)}


def receive(message: Incoming) -> None:
    """Bring a message to the case that waits for it, or open the case of an answering service."""
    waiting = Correspondence.objects.filter(message=message.reply_to).first() if message.reply_to else None
    _refuse_stray(message, waiting)
    if waiting:
        _take_home(waiting, message)
    try:
        follows = adopted_for_trigger(f"message {message.kind}")
    except ServiceNotAdopted as nobody:
        if waiting is None:
            raise UnexpectedMessage(f"{message.kind} from {message.sender_ags}") from nobody
        return
    service = law(document=follows.document, parameters=follows.parameters).document.data["service"]
    if waiting is None and "answers" in service:
        raise UnexpectedMessage(f"{message.kind} from {message.sender_ags} answers nothing that was sent")
    if not _opened_by(message.sender_ags, message.id).exists():
        operations.open_answering_case(adopted=follows, message=message)


def _refuse_stray(message: Incoming, waiting: Correspondence | None) -> None:
    """Answers count only from whom was asked, in the kind that was asked for; what is taken back must have come.

    Raises ``UnexpectedMessage``; the exchange tries again later, for messages may overtake each other.
    """
    if waiting and message.sender_ags != waiting.receiver:
        raise UnexpectedMessage(f"{message.sender_ags} answers what {waiting.receiver} was asked")
    if waiting and waiting.reply and waiting.reply != message.kind:
        raise UnexpectedMessage(f"{message.kind} is no answer to what was asked; {waiting.reply} is")
    taken_back = message.body.get("bezug") if message.kind.endswith(CANCELLED) else None
    if taken_back and not _opened_by(message.sender_ags, taken_back).exists():
        raise UnexpectedMessage(f"{message.kind} takes back {taken_back}, which is not here (yet)")


def _opened_by(sender: str, message: UUID) -> QuerySet[Case]:
    return Case.objects.filter(opened_by_sender=sender, opened_by_message=message)


def note_outcome(message_id: UUID, reference: str | None, state: str, detail: Mapping[str, Any]) -> None:
    """Journal that a message of a case arrived, or that it never will; then a clerk takes over."""
    sent = Correspondence.objects.filter(message=message_id).first()
    if sent is None or state == "failed":
        return
    delivery = {"message": str(message_id), "state": state, "detail": dict(detail)}
    if state != "dead" or not sent.source:
        note(sent.case_id, DELIVERY, delivery)
        return
    with working_on(sent.case_id) as work:
        work.add(DELIVERY, delivery)
        _answer(work, sent, sources.Answer("none", detail="dead"), said_in=message_id)


def note_unreadable(reply_to: UUID | None, kind: str, sender_ags: str) -> None:
    """An answer came that could not be processed: its source is passed over, so that a clerk takes over."""
    waiting = Correspondence.objects.filter(message=reply_to, receiver=sender_ags).first() if reply_to else None
    if waiting is None or not waiting.source:
        return
    with working_on(waiting.case_id) as work:
        _answer(work, waiting, sources.Answer("none", detail=f"{kind} could not be processed"), said_in=waiting.message)


def _take_home(waiting: Correspondence, message: Incoming) -> None:
    received = {"message": str(message.id), "kind": message.kind, "sender": message.sender_ags}
    received |= {"reply_to": str(message.reply_to), "body": dict(message.body)}
    actor = f"municipality:{message.sender_ags}"
    if not waiting.source:
        note(waiting.case_id, RECEIVED, received, actor=actor)
        return
    with working_on(waiting.case_id) as work:
        if work.chain.of_kind(journal.ERASED):
            received["body"] = {}  # an answer too late for a draft that was erased is not kept either
        work.add(RECEIVED, received, actor=actor)
        _answer(work, waiting, sources.Answer("answered", message.body, message.sender_name), said_in=message.id)


def _answer(work: Work, asked: Correspondence, answer: sources.Answer, *, said_in: UUID) -> None:
    """Take an answer to a source's question, unless the question was asked anew since, with other inputs."""
    pending = work.state.replies.get(asked.source)
    if pending is None or pending.message != str(asked.message) or work.state.ended or work.state.decision:
        return
    record_answer(work, asked.source, answer, inputs=pending.inputs, message=str(said_in))
    advance(work)


def _send(
    addressing: Mapping[str, Any], body: Mapping[str, Any], context: EffectContext, reply_to: UUID | None = None
) -> dict[str, Any]:
    message = messages.send(
        kind=addressing["message"],
        receiver_ags=addressing["to"],
        body=body,
        purpose=addressing["purpose"],
        norm=addressing["norm"],
        reply_to=reply_to,
        reference=str(context.case_id),
    )
    effect = context.effect_id.partition(":")[2]
    Correspondence.objects.create(case_id=context.case_id, message=message, receiver=addressing["to"], effect=effect)
    return {"message": str(message), "to": addressing["to"]}
