"""Every cookie of the portals as a browser wants it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from formlos.portals import cookies

LIFE = timedelta(minutes=5)


@pytest.mark.parametrize(("https", "prefix"), [(True, "__Host-"), (False, "")])
def test_a_cookie_is_for_this_host_alone_and_may_be_dropped(https: bool, prefix: str) -> None:
    with override_settings(HTTPS=https, COOKIE_PREFIX=prefix):
        response = HttpResponse()
        cookies.keep(response, "merken", ["a", 1], life=LIFE)
        kept = response.cookies[f"{prefix}merken"]
        assert (kept["path"], kept["domain"], kept["httponly"], bool(kept["secure"])) == ("/", "", True, https)
        request = RequestFactory().get("/")
        request.COOKIES[f"{prefix}merken"] = kept.value
        assert cookies.held(request, "merken", life=LIFE) == ["a", 1]
        cookies.drop(response, "merken")
        dropped = response.cookies[f"{prefix}merken"]
        assert (dropped["max-age"], dropped["path"], bool(dropped["secure"])) == (0, "/", https)


def test_nobody_makes_one_up_nor_uses_one_for_another() -> None:
    response, request = HttpResponse(), RequestFactory().get("/")
    cookies.keep(response, "merken", "x", life=LIFE)
    value = response.cookies[cookies.named("merken")].value
    for name, sent in (("merken", value + "x"), ("merken", ""), ("anders", value)):
        request.COOKIES[cookies.named(name)] = sent
        assert cookies.held(request, name, life=LIFE) is None
    request.COOKIES[cookies.named("merken")] = value
    assert cookies.held(request, "merken", life=timedelta(0)) is None
