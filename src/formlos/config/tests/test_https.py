"""Cookies of a node whose pages are on https, as the settings make them."""

from __future__ import annotations

import os
import subprocess
import sys
from http.cookies import SimpleCookie

import pytest

PRINT_COOKIES = """
import django
django.setup()
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import RequestFactory

def page(request):
    request.session["identity"] = "token"
    get_token(request)
    return HttpResponse()

request = RequestFactory().get("/", secure=True)
print(SessionMiddleware(CsrfViewMiddleware(page))(request).cookies.output(header=""))
"""


@pytest.fixture(scope="module")
def cookies(tmp_path_factory):
    given = {"FORMLOS_PUBLIC_URL": "https://formlos.example", "FORMLOS_HOME": str(tmp_path_factory.mktemp("home"))}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FORMLOS_", "DATABASE_"))}
    environment = kept | given | {"DJANGO_SETTINGS_MODULE": "formlos.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_COOKIES], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return SimpleCookie(done.stdout)


@pytest.mark.parametrize("name", ["__Host-sitzung", "__Host-csrf"])
def test_a_cookie_is_for_this_host_over_https_out_of_reach_for_scripts_and_other_sites(cookies, name):
    made = cookies[name]
    assert (made["secure"], made["httponly"], made["samesite"]) == (True, True, "Lax")
    assert (made["path"], made["domain"]) == ("/", "")


def test_the_session_is_forgotten_by_the_browser_after_half_an_hour_and_there_is_no_other_cookie(cookies):
    assert cookies["__Host-sitzung"]["max-age"] == "1800"
    assert set(cookies) == {"__Host-sitzung", "__Host-csrf"}
