"""What somebody prepares without having identified: the keys to it stay in their own browser, signed."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from formlos.base.tenancy import within
from formlos.cases import drafts
from formlos.cases.preparing import new_key, prepared_case
from formlos.cases.work import NoSuchCase, Work
from formlos.portals import cookies
from formlos.portals.citizen.towns import Town

NAME = "vorbereitet"
MOST = 10  # cases of one town, so that the cookie stays small
ONE_PAGE = timedelta(hours=1)


def keep(request: HttpRequest, response: HttpResponse, *, town: Town, case_id: UUID, key: str) -> None:
    """Keep the key in this browser for as long as drafts live, before those of other cases of the town."""
    others = [
        (str(work.case.id), key_to(request, town=town, case_id=work.case.id)) for work in drafts_held(request, town)
    ]
    kept = [(str(case_id), key), *(one for one in others if one[0] != str(case_id))]
    cookies.keep(response, _name(town), kept[:MOST], life=_life())


def keep_on(request: HttpRequest, response: HttpResponse, *, town: Town) -> None:
    """Somebody goes on: the keys live as long as the drafts, which began to count anew."""
    cookies.keep(response, _name(town), list(_keys(request, town).items()), life=_life())


def drop(request: HttpRequest, response: HttpResponse, *, town: Town, case_id: UUID) -> None:
    """Forget the key to this case, not those to others."""
    left = [one for one in _keys(request, town).items() if one[0] != str(case_id)]
    if left:
        cookies.keep(response, _name(town), left, life=_life())
    else:
        cookies.drop(response, _name(town))
    cookies.drop(response, _coming(town))


def key_to(request: HttpRequest, *, town: Town, case_id: UUID) -> str:
    """The key that this browser holds to the case; empty if it holds none."""
    return _keys(request, town).get(str(case_id), "")


def held(request: HttpRequest, *, town: Town, case_id: UUID) -> Work | None:
    """The prepared case if this browser holds its key; None for others, and once it belongs to somebody."""
    key = key_to(request, town=town, case_id=case_id)
    if not key:
        return None
    try:
        with within(town.id):
            work = prepared_case(case_id, key=key)
            work.facts()  # computed once, as long as the municipality is known
    except NoSuchCase:
        return None
    return work


def drafts_held(request: HttpRequest, town: Town) -> list[Work]:
    """What this browser can go on with in the town, last begun first."""
    found = [held(request, town=town, case_id=UUID(case_id)) for case_id in _keys(request, town)]
    return [work for work in found if work is not None and drafts.is_draft(work)]


def draft_of(request: HttpRequest, *, town: Town, service: str) -> Work | None:
    """What this browser has prepared of a service and can go on with."""
    return next((work for work in drafts_held(request, town) if work.case.service == service), None)


def kept_until(work: Work) -> date:
    """The day on which it is erased unless something more is said: nobody can be told of it but on these pages."""
    return drafts.kept_until(work, silence=_life())


def offer_key(response: HttpResponse, *, town: Town) -> None:
    """Let the page hold the key to what its button will open, so that pressing twice opens one case."""
    cookies.keep(response, _coming(town), new_key(), life=ONE_PAGE)


def offered_key(request: HttpRequest, *, town: Town) -> str:
    return cookies.held(request, _coming(town), life=ONE_PAGE) or new_key()


def _keys(request: HttpRequest, town: Town) -> dict[str, str]:
    kept = cookies.held(request, _name(town), life=_life()) or ()
    return dict(one for one in kept if isinstance(one, list) and len(one) == 2)


def _name(town: Town) -> str:
    return f"{NAME}-{town.ags}"


def _coming(town: Town) -> str:
    return f"{NAME}-gleich-{town.ags}"


def _life() -> timedelta:
    return timedelta(days=settings.DRAFT_DAYS)
