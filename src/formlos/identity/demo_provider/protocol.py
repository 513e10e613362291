"""The simulated provider's machine side: discovery, keys, token, userinfo (OpenID Connect Core and Discovery 1.0)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from joserfc import jws
from joserfc.jwk import ECKey

from formlos.base import clock
from formlos.base.secret_files import read_or_create, secret_folder
from formlos.identity.demo_provider import people
from formlos.identity.demo_provider.grants import Grant, access_tokens, codes
from formlos.identity.demo_provider.people import Client
from formlos.identity.levels import LEVELS

LIFETIME = timedelta(minutes=5)


@require_safe
def discovery(request: HttpRequest) -> HttpResponse:
    own = settings.IDP_URL
    return JsonResponse(
        {
            "issuer": own,
            "authorization_endpoint": f"{own}/anmelden",
            "token_endpoint": f"{own}/token",
            "userinfo_endpoint": f"{own}/userinfo",
            "jwks_uri": f"{own}/jwks",
            "end_session_endpoint": f"{own}/abmelden",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid"],
            "acr_values_supported": list(LEVELS),
            "authorization_response_iss_parameter_supported": True,
        }
    )


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"keys": [dict(signing_key().as_dict(private=False)) | {"use": "sig", "alg": "ES256"}]})


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    client = _authenticated(request)
    if client is None:
        return _refused("invalid_client", 401)
    if request.POST.get("grant_type") != "authorization_code":
        return _refused("unsupported_grant_type")
    grant = codes.take(request.POST.get("code", ""))
    if grant is None or grant.asked.client_id != client.id or not _answers(request, grant):
        return _refused("invalid_grant")
    access = access_tokens.keep(grant)
    return JsonResponse(
        {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "id_token": _id_token(grant, access),
        }
    )


@csrf_exempt
def userinfo(request: HttpRequest) -> HttpResponse:
    kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
    grant = access_tokens.look(bearer) if kind == "Bearer" else None
    if grant is None:
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    told = {name: value for name, value in grant.person.eid.items() if value is not None}
    return JsonResponse({"sub": grant.person.key} | told)


def signing_key() -> ECKey:
    return ECKey.import_key(json.loads(read_or_create(secret_folder(settings.HOME) / "demo-idp-key.json", _new_key)))


def _new_key() -> str:
    return json.dumps(ECKey.generate_key("P-256", auto_kid=True).as_dict(private=True))


def _authenticated(request: HttpRequest) -> Client | None:
    """The client that proved its secret, by header or form (RFC 6749, 2.3.1)."""
    name, secret = request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        try:
            name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        name, secret = unquote_plus(name), unquote_plus(secret)
    client = people.client(name)
    return client if client and hmac.compare_digest(client.secret.encode(), secret.encode()) else None


def _answers(request: HttpRequest, grant: Grant) -> bool:
    """Whether the redemption belongs to the request: same redirect address, and the verifier of its challenge."""
    digest = hashlib.sha256(request.POST.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    same_address = request.POST.get("redirect_uri") == grant.asked.redirect_uri
    return same_address and hmac.compare_digest(challenge, grant.asked.parameters["code_challenge"])


def _id_token(grant: Grant, access: str) -> str:
    key, now = signing_key(), clock.now()
    half = hashlib.sha256(access.encode()).digest()[:16]
    claims: dict[str, Any] = {
        "iss": settings.IDP_URL,
        "sub": grant.person.key,
        "aud": grant.asked.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "auth_time": int(grant.at.timestamp()),
        "acr": grant.level,
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
    }
    if "nonce" in grant.asked.parameters:
        claims["nonce"] = grant.asked.parameters["nonce"]
    return jws.serialize_compact({"alg": "ES256", "kid": key.kid}, json.dumps(claims), key, algorithms=["ES256"])


def _refused(error: str, status: int = 400) -> HttpResponse:
    return JsonResponse({"error": error}, status=status)
