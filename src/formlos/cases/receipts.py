"""The receipt of what a person sent: a document, once a case, where the result does not come at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import translation
from django.utils.formats import date_format

from formlos.base import clock
from formlos.cases.state import INTENDED
from formlos.cases.values import encode
from formlos.cases.work import Work
from formlos.law import Unknown

RECEIPT = "eingangsbestaetigung"
AFTER = timedelta(hours=1)
"""Another authority mostly answers in seconds: while only that is awaited, a receipt comes if it takes longer."""


def acknowledge(work: Work, *, only_others: bool) -> datetime | None:
    """Intend the receipt of a case that was sent and now waits. only_others: for another authority and nobody else.

    Returns when to look again for the receipt's sake.
    """
    sent = work.state.reviewed_at
    if sent is None or work.state.unsent or RECEIPT in work.state.effects or not work.service["service"].get("receipt"):
        return None
    if only_others and sent + AFTER > clock.now():
        return sent + AFTER
    _intend(work, sent)
    return None


def _intend(work: Work, sent: datetime) -> None:
    """As the service says ``receipt: {betreff: …, text: …}``.

    The person is named by the facts ``vornamen``, ``familienname`` and ``anschrift``, or the one that ``anschrift`` of
    the declaration names; while these are unknown, there is no receipt.
    """
    words, facts = work.service["service"]["receipt"], work.facts()
    of_person = {name: name for name in ("vornamen", "familienname")} | {
        "anschrift": words.get("anschrift", "anschrift")
    }
    known = {name: work.law.value(facts, fact) for name, fact in of_person.items()}
    if any(isinstance(value, Unknown) for value in known.values()):
        return
    text = f"{_received_in_words(sent)}\n\n{words['text']}"
    arguments = {"betreff": words["betreff"], "text": text, "layout": "bescheid", "zeichen": work.case.reference}
    arguments |= {name: encode(value) for name, value in known.items()}
    work.add(INTENDED, {"effect": RECEIPT, "kind": "notice.receipt", "arguments": arguments})


def _received_in_words(at: datetime) -> str:
    """In German, as documents are."""
    local = at.astimezone(clock.BERLIN)
    with translation.override("de"):
        day = date_format(local.date(), "DATE_FORMAT")
    return f"Eingegangen am {day} um {local:%H:%M} Uhr."
