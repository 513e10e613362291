"""Who is looking: the identity session whose token the browser's signed cookie holds, and what is theirs to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse

from formlos.base.tenancy import within
from formlos.cases import queries
from formlos.cases.access import LevelTooLow
from formlos.cases.preparing import PREPARER
from formlos.cases.work import NoSuchCase, Work
from formlos.dialogue.desk import Desk
from formlos.dialogue.kept import Kept
from formlos.identity import operations, sessions
from formlos.identity.queries import Identity, NoSession, identity_for
from formlos.identity.sessions import Running
from formlos.portals import kept
from formlos.portals.citizen import languages, prepared
from formlos.portals.citizen.towns import Town, town_or_404
from formlos.portals.polling import is_poll

KEY, EXPIRED = "identity", "abgelaufen"


def begin(request: HttpRequest, *, token: str) -> None:
    """Start afresh, also at a step-up: nothing of an earlier visit in this browser is kept."""
    end(request)
    request.session[KEY] = token
    rotate_token(request)


def end(request: HttpRequest) -> None:
    token = request.session.get(KEY)
    request.session.flush()
    if token:
        operations.end_session(token=token)


def close_account(request: HttpRequest) -> None:
    """Close the account of who is signed in, and end the visit."""
    token = request.session.get(KEY)
    request.session.flush()
    if token:
        operations.close_account(token=token)


def running(request: HttpRequest) -> list[Running]:
    """The visits of who is signed in, here and on other devices. Raises ``NoSession``."""
    return sessions.running(token=request.session[KEY])


def end_others(request: HttpRequest) -> int:
    """Log out everywhere but here; returns how many visits that ended."""
    return sessions.end_other_sessions(token=request.session[KEY])


def visitor(request: HttpRequest) -> Identity | None:
    """The identified person, or None. The session lasts on from now, unless only the page looked by itself."""
    token = request.session.get(KEY)
    if not token:
        return None
    try:
        return identity_for(token=token) if is_poll(request) else operations.visiting(token=token)
    except NoSession:
        request.session.flush()
        request.visit_is_over = True  # type: ignore[attr-defined]
        return None


def sign_in_first(request: HttpRequest, *, needed: str = "none", back: str = "") -> HttpResponse:
    """To the choice of providers that vouch for ``needed``, and then back here, or to the path ``back``."""
    way = back or (request.path if is_poll(request) else request.get_full_path())
    query = {"weiter": way} | ({"stufe": needed} if needed != "none" else {})
    query |= {EXPIRED: "1"} if getattr(request, "visit_is_over", False) else {}
    return HttpResponseRedirect(f"{reverse('citizen:sign_in')}?{urlencode(query)}")


def sign_in_and_send_again(request: HttpRequest, *, needed: str = "none") -> HttpResponse:
    """The same from a page of an own case; a form that was sent comes back with what was typed, to send it again."""
    if request.method != "POST":
        return sign_in_first(request, needed=needed)
    is_over = needed == "none"
    request.visit_is_over = is_over  # type: ignore[attr-defined]
    response = sign_in_first(request, needed=needed)
    kept.keep(request, response, why=kept.OVER if is_over else kept.LEVEL)
    return response


@dataclass(frozen=True)
class Visit:
    """A person at an own case; without ``person``, whoever prepares it in this browser. ``work`` is for reading.

    ``kept``: the form that was sent from this page and could not be taken.
    """

    town: Town
    person: Identity | None
    work: Work
    kept: Kept | None = None

    @property
    def kept_sentence(self) -> str:
        return self.kept.sentence if self.kept else ""

    @property
    def actor(self) -> str:
        return f"person:{self.person.subject_for(self.town.id)}" if self.person else PREPARER

    def desk(self, request: HttpRequest) -> Desk:
        """The pages of the dialogue for this visit."""
        offered = self.work.law.document.data["texts"]
        return Desk(
            work=self.work,
            actor=self.actor,
            slug=self.town.slug,
            place=self.town.name,
            pages="citizen",
            language=languages.current(),
            kept=self.kept,
            frame={
                "town": self.town,
                "plain_offered": languages.PLAIN in offered,
                "prepared": self.person is None,
                "kept_until": prepared.kept_until(self.work) if self.person is None else None,
            },
        )


def of_own_case(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a page the person's own case, in one transaction; sign in first. Somebody else's case does not exist."""

    @wraps(page)
    def visited(request: HttpRequest, slug: str, case_id: UUID, **more: Any) -> HttpResponse:
        town, person, again = town_or_404(slug), visitor(request), kept.held(request)
        if found := prepared.held(request, town=town, case_id=case_id):
            with within(town.id):
                return kept.settle(request, page(request, Visit(town, None, found, again), **more))
        if person is None:
            return sign_in_and_send_again(request)
        with within(town.id):
            try:
                work = queries.own_case(case_id, subject=person.subject_for(town.id), level=person.level)
            except NoSuchCase as error:
                raise Http404(str(case_id)) from error
            except LevelTooLow as error:
                return sign_in_and_send_again(request, needed=error.needed)
            return kept.settle(request, page(request, Visit(town, person, work, again), **more))

    return kept.keeping(visited)
