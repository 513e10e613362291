"""Identifying oneself by an EUDI wallet, on this device or another; and the addresses that wallets call."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from formlos.identity.refusals import IdentityRefused
from formlos.identity.wallet import operations, queries, refusals
from formlos.identity.wallet.verifier import ANSWER_PATH, REQUEST_PATH, RETURN_PATH
from formlos.portals.citizen import visits, wallet_problems
from formlos.portals.signing_in import browser_of, know_again, limit, local
from formlos.portals.town_keys import find_ags

KEY = "wallet"
REFRESH_SECONDS = 5
LARGEST_ANSWER = 128 * 1024
FORM = "application/x-www-form-urlencoded"
REQUEST_TYPE = "application/oauth-authz-req+jwt"
STATUS = {"no_such_request": 404, "request_expired": 410, "answered_before": 409}


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Say what will happen; a POST asks the wallet and goes on to ``weiter`` afterwards. No link begins anything."""
    given = request.POST if request.method == "POST" else request.GET
    after = local(given.get("weiter", ""), "/")
    if request.method != "POST":
        return render(request, "citizen/wallet.html", {"next": after})
    browser = browser_of(request) or secrets.token_urlsafe(32)
    limit(request, browser)
    request.session[KEY] = {"browser": operations.begin(), "next": after}
    response = HttpResponseRedirect(reverse("citizen:wallet_wait"))
    know_again(response, browser)
    return response


@require_GET
def wait(request: HttpRequest) -> HttpResponse:
    """Button and code that open the wallet; looks again by itself until the wallet has answered."""
    asking = request.session.get(KEY)
    found = queries.progress(browser=asking["browser"]) if asking else None
    if found is None:
        return _problem(request, refusals.NoSuchRequest.code, status=404)
    if found.state == queries.ANSWERED_ELSEWHERE:
        return _enter(request, asking, code=None)
    if found.state == queries.REFUSED:
        return _problem(request, found.problem, after=asking["next"])
    quiet = "ruhe" in request.GET
    answered = found.state == queries.ANSWERED_HERE
    context = {"expires_at": found.expires_at, "quiet": quiet, "next": asking["next"], "answered": answered}
    if not answered:
        context |= _ways_in(asking["browser"])
    response = render(request, "citizen/wallet_wait.html", context)
    if not quiet:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Where a wallet on this device leads back to; only the browser that asked enters, with the wallet's code."""
    asking = request.session.get(KEY)
    if not asking:
        return _problem(request, refusals.OtherBrowser.code, status=403)
    if "code" not in request.GET:
        return HttpResponseRedirect("/anmelden/wallet/warten/")
    return _enter(request, asking, code=request.GET["code"])


@csrf_exempt
@require_http_methods(["GET", "POST"])
def request_object(request: HttpRequest, request_id: str) -> HttpResponse:
    """The signed question, for wallets (OpenID4VP 1.0, section 5.10)."""
    try:
        nonce = request.POST.get("wallet_nonce", "")
        found = operations.request_object(request_id=request_id, wallet_nonce=nonce)
    except IdentityRefused as refused:
        return _refusal(refused)
    return HttpResponse(found, content_type=REQUEST_TYPE)


@csrf_exempt
@require_POST
def answer(request: HttpRequest, request_id: str) -> HttpResponse:
    """A wallet's answer (OpenID4VP 1.0, section 8.2); says where the wallet leads the person next."""
    if request.content_type != FORM:
        return _wrong(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"an answer is {FORM}")
    if int(request.headers.get("Content-Length") or 0) > LARGEST_ANSWER:
        return _wrong(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"an answer has at most {LARGEST_ANSWER} bytes")
    leads_back = queries.leads_back(request_id=request_id)
    back = f"{settings.PUBLIC_URL}/{RETURN_PATH}"
    try:
        code = operations.take_answer(request_id=request_id, form=request.POST.dict(), find_ags=find_ags)
    except refusals.Declined:
        return JsonResponse({"redirect_uri": back} if leads_back else {})
    except IdentityRefused as refused:
        return _refusal(refused)
    return JsonResponse({"redirect_uri": f"{back}?code={code}"} if leads_back else {})


def _enter(request: HttpRequest, asking: dict[str, str], *, code: str | None) -> HttpResponse:
    try:
        token = operations.finish(browser=asking["browser"], code=code)
    except refusals.WalletRefused as refused:
        return _problem(request, refused.code, status=403, after=asking["next"])
    visits.begin(request, token=token)
    return HttpResponseRedirect(asking["next"])


def _ways_in(browser: str) -> dict[str, Any]:
    """The links, and the second one as a QR code; on demo nodes they open the simulated wallet."""
    here, elsewhere = queries.links(browser=browser)
    context: dict[str, Any] = {"link": here}
    if settings.DEMO:
        context["app_link"] = here
        context["link"], elsewhere = queries.links(browser=browser, wallet=f"{settings.WALLET_URL}/")
    code = segno.make(elsewhere, error="l", micro=False)
    return context | {"qr": code.svg_data_uri(scale=4, border=4, light="white")}


def _problem(request: HttpRequest, code: str, *, status: int = 200, after: str = "/") -> HttpResponse:
    context = {"problem": wallet_problems.describe(code), "next": after}
    return render(request, "citizen/wallet.html", context, status=status)


def _refusal(refused: IdentityRefused) -> JsonResponse:
    status = STATUS.get(refused.code, 400)
    found = {"error": "invalid_request", "error_description": f"{refused.code}: {refused}"}
    return JsonResponse(found, status=status)


def _wrong(status: HTTPStatus, what: str) -> JsonResponse:
    return JsonResponse({"error": "invalid_request", "error_description": what}, status=status)


wallet_urls = [
    path("anmelden/wallet/", begin, name="wallet"),
    path("anmelden/wallet/warten/", wait, name="wallet_wait"),
    path(RETURN_PATH, come_back, name="wallet_back"),
    path(f"{REQUEST_PATH}<str:request_id>", request_object, name="wallet_request"),
    path(f"{ANSWER_PATH}<str:request_id>", answer, name="wallet_answer"),
]
