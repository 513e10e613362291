"""Signing in at an OpenID Connect provider, as pages that every portal offers to its own people.

Choose a provider, go there, come back, wait until a job has asked the provider, go on where one was going. All by
links and redirects: pages work without JavaScript, and no page waits for a provider.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from formlos.base.limits import Limit, client_address
from formlos.identity.levels import LEVELS
from formlos.identity.oidc import logins, providers
from formlos.identity.queries import STAFF
from formlos.identity.refusals import IdentityRefused
from formlos.portals import cookies
from formlos.portals.sign_in_problems import problem_of

COOKIE = "anmeldung"
COOKIE_LIFE = timedelta(hours=1)
LONGEST_WAY_BACK = 2000
BY_BROWSER = Limit("sign-in browser", most=20, within=timedelta(minutes=10))
BY_ADDRESS = Limit("sign-in address", most=300, within=timedelta(minutes=10))
"""Whole offices share an address, so that its limit is wide."""


@dataclass(frozen=True)
class OtherWay:
    """A way to identify without a provider: what its link says and where it leads."""

    title: str
    address: str
    level: str
    simulated: bool


@dataclass(frozen=True)
class SignIn:
    """The pages of one portal. ``pages`` is its URL namespace with sign_in, sign_in_go, sign_in_back, sign_in_wait.

    ``welcome`` begins the visit with a session token: it may change the request's session or the response's cookies.
    """

    purpose: str
    pages: str
    home: str
    welcome: Callable[[HttpRequest, HttpResponse, str], None]

    def choose(
        self,
        request: HttpRequest,
        *,
        ags: str | None,
        more: dict[str, Any],
        stay_with: str = "",
        others: Sequence[OtherWay] = (),
    ) -> HttpResponse:
        """The providers that vouch for the level ``stufe``. Who steps up stays with the own provider if it can."""
        way, needed = self.wanted(request)
        found = providers.offered(needed=needed, staff=self.purpose == STAFF, ags=ags)
        own = [one for one in found if one.key == stay_with]
        choices = [(one, f"{self._page('sign_in_go')}?{_query(way, needed, anbieter=one.key)}") for one in own or found]
        context = {"choices": choices, "needed": needed, "stepping_up": needed != "none", "way": way}
        return render(request, "identity/choose.html", context | {"others": [] if own else others} | more)

    def go(self, request: HttpRequest, *, town: str = "") -> HttpResponse:
        """Off to the provider, from the page of a ``town`` if there is one. By link and not by form: a form's policy would bind every redirect on the way."""
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            return HttpResponseRedirect(f"{self._page('sign_in')}?{request.GET.urlencode()}")
        if request.get_host() != urlsplit(settings.PUBLIC_URL).netloc:
            return HttpResponseRedirect(settings.PUBLIC_URL + request.get_full_path())
        way, needed = self.wanted(request)
        key, browser = request.GET.get("anbieter", ""), browser_of(request) or secrets.token_urlsafe(32)
        try:
            limit(request, browser)
            address = logins.begin(
                provider=key,
                browser=browser,
                redirect_uri=settings.PUBLIC_URL + self._page("sign_in_back", key),
                next=way,
                needed=needed,
                purpose=self.purpose,
                town=town,
            )
        except IdentityRefused as refused:
            return self._problem(request, refused, way=way, needed=needed)
        response = HttpResponseRedirect(address)
        know_again(response, browser)
        return response

    def back(self, request: HttpRequest, provider: str) -> HttpResponse:
        """Where the provider sends the browser: takes the answer and goes on to wait."""
        browser = browser_of(request)
        try:
            limit(request, browser)
            login = logins.take_answer(
                provider=provider, browser=browser, answer=request.GET.dict(), purpose=self.purpose
            )
        except IdentityRefused as refused:
            return self._problem(request, refused)
        return HttpResponseRedirect(self._page("sign_in_wait", login))

    def wait(self, request: HttpRequest, login_id: UUID) -> HttpResponse:
        """Look every second; the header does what a script would, and assistive technology is told once."""
        browser = browser_of(request)
        try:
            progress = logins.progress_of(login_id, browser=browser, purpose=self.purpose)
            if progress.problem:
                return self._problem(request, progress.problem, way=progress.next, needed=progress.needed)
            if progress.stage != "done":
                waiting = render(request, "identity/wait.html")
                waiting["Refresh"] = "1"
                return waiting
            token, way = logins.finish(login_id, browser=browser, purpose=self.purpose)
        except IdentityRefused as refused:
            return self._problem(request, refused)
        response = HttpResponseRedirect(way)
        self.welcome(request, response, token)
        return response

    def wanted(self, request: HttpRequest) -> tuple[str, str]:
        """The page to go on with, on this site, and the level needed there."""
        needed = request.GET.get("stufe", "none")
        return local(request.GET.get("weiter", ""), self.home), needed if needed in LEVELS else "none"

    def _problem(
        self, request: HttpRequest, problem: IdentityRefused | str, *, way: str = "", needed: str = "none"
    ) -> HttpResponse:
        found = problem_of(problem, needed)
        again = f"{self._page('sign_in')}?{_query(way or self.home, needed)}"
        context = {"problem": found, "again": again, "home": self.home}
        return render(request, "identity/problem.html", context, status=found.status)

    def _page(self, name: str, *arguments: Any) -> str:
        return reverse(f"{self.pages}:{name}", args=arguments)


def local(address: str, otherwise: str) -> str:
    """A path of this site; anything else becomes ``otherwise``."""
    fine = address.startswith("/") and len(address) <= LONGEST_WAY_BACK
    return address if fine and url_has_allowed_host_and_scheme(address, allowed_hosts=None) else otherwise


def limit(request: HttpRequest, browser: str) -> None:
    """Count a try to sign in, by whatever way; raises ``TooMany``."""
    BY_ADDRESS.count(client_address(request))
    if browser:
        BY_BROWSER.count(browser)


def browser_of(request: HttpRequest) -> str:
    """The secret by which a browser that signs in is known again; empty for one that has begun nothing yet."""
    return str(cookies.held(request, COOKIE, life=COOKIE_LIFE) or "")


def know_again(response: HttpResponse, browser: str) -> None:
    """Give the browser its secret for an hour."""
    cookies.keep(response, COOKIE, browser, life=COOKIE_LIFE)


def _query(way: str, needed: str, **more: str) -> str:
    return urlencode({"weiter": way} | ({"stufe": needed} if needed != "none" else {}) | more)
