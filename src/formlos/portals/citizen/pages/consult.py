"""Asking the operator's language model: agree, wait, judge its suggestions. No page calls out; a job does."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from formlos.base.limits import Limit, TooMany, client_address
from formlos.base.tenancy import within
from formlos.base.ui.too_many import marked, sentence_of
from formlos.catalogue.finder import consulting
from formlos.catalogue.finder.consulting import NoModel, NoSuchConsultation
from formlos.catalogue.finder.model import model
from formlos.catalogue.finder.sentence import NothingSaid, TooLong
from formlos.portals.citizen import offers
from formlos.portals.citizen.towns import Town, town_or_404

QUESTIONS = Limit("finder model", most=10, within=timedelta(minutes=10))
LOOK_EVERY = "2"


@sensitive_post_parameters("text")
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the text on, once the person has agreed to that."""
    town, text = town_or_404(slug), request.POST.get("text", "")
    if model() is None:
        raise Http404("no model")
    if request.POST.get("einverstanden") != "ja":
        return _refused(request, town, text, _("Bitte stimmen Sie zu, oder suchen Sie ohne Sprachmodell weiter."))
    try:
        QUESTIONS.count(client_address(request))
        with within(town.id):
            token = consulting.ask(text)
    except TooMany as refused:
        return marked(_refused(request, town, text, sentence_of(refused)), refused)
    except NothingSaid:
        return _refused(request, town, "", _("Bitte schreiben Sie in ein paar Worten, worum es geht."))
    except TooLong:
        message = _("Das ist zu lang. Ein, zwei Sätze genügen (höchstens 1000 Zeichen).")
        return _refused(request, town, text, message)
    except NoModel as error:
        raise Http404("no model") from error
    return HttpResponseRedirect(reverse("citizen:consulted", args=[town.slug, token]))


@require_safe
def consulted(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What the model proposed, marked as that; looks again by itself until it has answered."""
    town, asked = town_or_404(slug), model()
    try:
        with within(town.id):
            found = consulting.consulted(token)
            shown = [offers.shown(offer, town) for offer in found.offers]
    except NoSuchConsultation as error:
        raise Http404("forgotten") from error
    context = {
        "town": town,
        "state": found.state,
        "offers": shown,
        "lead": offers.lead(shown),
        "host": asked.host if asked else "",
    }
    response = render(request, "citizen/consulted.html", context)
    if found.state == consulting.WAITING:
        response["Refresh"] = LOOK_EVERY
    return response


def _refused(request: HttpRequest, town: Town, text: str, error: str) -> HttpResponse:
    asked = model()
    context = {"town": town, "text": text[:2000], "model_error": error, "model_host": asked.host if asked else ""}
    return render(request, "citizen/consult.html", context, status=422)


consult_urls = [
    path("<slug:slug>/finden/sprachmodell/", ask, name="consult"),
    path("<slug:slug>/finden/sprachmodell/<str:token>/", consulted, name="consulted"),
]
