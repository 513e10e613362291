"""The pages of the simulated wallet: whose it is, who asks for what, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST, require_safe

from formlos.identity.wallet import dcql, demo_pid
from formlos.identity.wallet.dcql import select
from formlos.portals.wallet import answering, questions
from formlos.portals.wallet.questions import NotAQuestion, Question

BACK_AFTER_SECONDS = 2
LABELS = {
    ("given_name",): gettext_noop("Vornamen"),
    ("family_name",): gettext_noop("Familienname"),
    ("birthdate",): gettext_noop("Geburtsdatum"),
    ("birth_family_name",): gettext_noop("Geburtsname"),
    ("place_of_birth", "locality"): gettext_noop("Geburtsort"),
    ("address", "street_address"): gettext_noop("Straße und Hausnummer"),
    ("address", "postal_code"): gettext_noop("Postleitzahl"),
    ("address", "locality"): gettext_noop("Wohnort"),
    ("source_document_type",): gettext_noop("Art des Ausweises"),
}
DOCUMENTS = {
    "id_card": gettext_noop("Personalausweis"),
    "eid_card": gettext_noop("eID-Karte"),
    "residence_permit": gettext_noop("Aufenthaltstitel"),
}


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Whose wallet is it? With a question in the address, the choice goes on to it."""
    cards = sorted(demo_pid.cards(), key=lambda card: card.town)
    towns = [(town, list(people)) for town, people in groupby(cards, key=lambda card: card.town)]
    context = {"towns": towns, "question": request.GET.urlencode() if "client_id" in request.GET else ""}
    return render(request, "wallet/start.html", context)


@require_GET
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Who asks, for what; nothing is sent before the person agrees."""
    card = _card(key)
    if "client_id" not in request.GET:
        return render(request, "wallet/card.html", {"card": card, "rows": _everything(card)})
    try:
        token = questions.fetch(request.GET.dict())
        question = questions.understand(request.GET.dict(), token)
    except NotAQuestion as refused:
        return _refused(request, refused)
    claims = question.claims_of(card.credential)
    context = {"card": card, "question": question, "rows": _rows(card, claims or ()), "can": claims is not None}
    return render(request, "wallet/ask.html", context | {"token": token, "link": request.GET.urlencode()})


@require_POST
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Share or decline, as the button says, and lead back to the browser that asked."""
    card = _card(key)
    try:
        question = _question(request.POST)
        shares = request.POST.get("entscheidung") == "teilen"
        done = answering.share(question, card) if shares else answering.decline(question)
    except NotAQuestion as refused:
        return _refused(request, refused)
    context = {"done": done, "shared": shares, "question": question}
    response = render(request, "wallet/done.html", context, status=200 if done.accepted else 409)
    if done.back:
        response["Refresh"] = f"{BACK_AFTER_SECONDS}; url={done.back}"
    return response


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def _question(form: Mapping[str, str]) -> Question:
    return questions.understand(QueryDict(form.get("anfrage", "")).dict(), form.get("signiert", ""))


def _card(key: str) -> demo_pid.Card:
    found = next((card for card in demo_pid.cards() if card.key == key), None)
    if found is None:
        raise Http404(key)
    return found


def _rows(card: demo_pid.Card, claims: tuple[dcql.ClaimQuery, ...]) -> list[tuple[str, str]]:
    """Label and value of each claim."""
    held = card.credential.claims
    return [
        (_(LABELS.get(claim.path, str(claim.path[-1]))), ", ".join(_said(value) for value in select(claim.path, held)))
        for claim in claims
    ]


def _everything(card: demo_pid.Card) -> list[tuple[str, str]]:
    claims = (dcql.ClaimQuery(path) for path in LABELS)
    return [row for row in _rows(card, tuple(claims)) if row[1]]


def _said(value: object) -> str:
    text = str(value)
    with suppress(ValueError):
        return date_format(date.fromisoformat(text), "DATE_FORMAT")
    return _(DOCUMENTS[text]) if text in DOCUMENTS else text


def _refused(request: HttpRequest, refused: NotAQuestion) -> HttpResponse:
    return render(request, "wallet/refused.html", {"why": str(refused)}, status=400)
