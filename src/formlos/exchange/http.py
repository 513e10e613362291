"""The endpoint of the exchange: takes one envelope, answers with a receipt or a problem. It never calls out."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from formlos.base.tenancy import Municipality, municipality_by_ags
from formlos.exchange.envelope import LARGEST_ENVELOPE
from formlos.exchange.operations.inbox import receive
from formlos.exchange.policy import policy
from formlos.exchange.queries import OFF
from formlos.exchange.refusals import NotForUs, Refusal, TooLarge, Unavailable
from formlos.exchange.transport import MEDIA_TYPE

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def take(request: HttpRequest, ags: str) -> HttpResponse:
    """``POST /exchange/<ags>`` with a sealed envelope: 200 and the signed receipt, or a problem (RFC 9457)."""
    try:
        municipality = _open_municipality(ags)
        receipt = receive(envelope=_body(request), municipality=municipality)
    except Refusal as refusal:
        log.warning("exchange.refused", receiver=ags, code=refusal.code)
        return _problem(refusal)
    return HttpResponse(receipt, content_type=MEDIA_TYPE)


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Whether this process and its database answer."""
    return JsonResponse({"status": "ok", "municipalities": Municipality.objects.count()})


def _open_municipality(ags: str) -> Municipality:
    try:
        municipality = municipality_by_ags(ags)
    except Municipality.DoesNotExist:
        raise NotForUs(f"{ags} is not on this node") from None
    if municipality.settings.get(OFF):
        raise Unavailable(f"{municipality.name} takes no messages at the moment")
    return municipality


def _body(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isascii() and length.isdigit() and int(length) > LARGEST_ENVELOPE:
        raise TooLarge(f"an envelope has at most {LARGEST_ENVELOPE} bytes")
    return request.read(LARGEST_ENVELOPE + 1)


def _problem(refusal: Refusal) -> HttpResponse:
    problem = {
        "type": f"urn:formlos:exchange:{refusal.code}",
        "title": (type(refusal).__doc__ or "").split("\n")[0],
        "status": refusal.status,
        "code": refusal.code,
        "detail": str(refusal),
    }
    response = JsonResponse(problem, status=refusal.status, content_type="application/problem+json")
    if refusal.status == Unavailable.status:
        response["Retry-After"] = str(policy().offline_retry_after)
    return response
