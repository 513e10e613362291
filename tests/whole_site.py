"""The pages of all roles of a demo node behind one address, for one browser; which pages there are, and what is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Template
from django.test import override_settings
from django.test.signals import template_rendered
from django.test.utils import instrumented_test_render
from django.urls import Resolver404, get_resolver, include, path, resolve

import formlos
from formlos.base import clock
from formlos.identity.demo_provider import people
from formlos.identity.tests.providing import CLIENT, PATHS, connect
from formlos.portals.citizen.tests.serving import serving

WALLET, PROVIDER = "_wallet", "_idp"
ROLES = ("web", "wallet", "idp")
BROKEN = "_kaputt/"
ONLY_SENT_TO = {
    "formlos.portals.citizen.languages.choose",
    "citizen:sign_out",
    "citizen:my_account_elsewhere",
    "citizen:my_contact_choice",
    "citizen:my_contact_remove",
    "clerk:sign_out",
    "clerk:settle_report",
    "clerk:counter_leave",
    "clerk:reading",
    "clerk:by_post",
}
FILES = {
    "citizen:my_export",
    "citizen:let_template",
    "citizen:let_codes",
    "citizen:crest",
    "citizen:certificates",
    "citizen:journal_seal",
    "citizen:attachment",
    "citizen:document",
    "citizen:document_data",
    "clerk:attachment",
    "clerk:document",
}
FOR_MACHINES = {
    "formlos.portals.citizen.pages.start.health",
    "formlos.portals.wallet.pages.health",
    "citizen:wallet_request",
    "citizen:wallet_answer",
    "formlos.identity.demo_provider.protocol.discovery",
    "formlos.identity.demo_provider.protocol.jwks",
    "formlos.identity.demo_provider.protocol.token",
    "formlos.identity.demo_provider.protocol.userinfo",
}
LEADS_ON = {"clerk:party", "citizen:appointment_cancel"}
"""At the counter nobody waits for a link: another way to answer comes instead. Who cancels comes back to the appointment."""
ELSEWHERE = {"citizen:stage"}
"""Needs two running cities: ``test_stage`` looks at it in every language."""
NO_PAGES = ONLY_SENT_TO | FILES | FOR_MACHINES | LEADS_ON | ELSEWHERE
NO_TEMPLATES = {"citizen/stage.html", "citizen/tap.html"}
"""The stage, and what the day of a move brings: story 2 looks at it."""


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose: this is how the page looks that says so")


urlpatterns = [
    path(BROKEN, broken),
    path(f"{WALLET}/", include("formlos.portals.wallet.urls")),
    path(f"{PROVIDER}/", include("formlos.config.urls_idp")),
    path("", include("formlos.config.urls_web")),
]


@contextmanager
def whole_site(*known: people.Person, home: Path) -> Iterator[str]:
    """Serve web, wallet and provider, in which the known people have cards, for the length of a block."""
    with override_settings(ROOT_URLCONF=__name__), serving() as site:
        asking = people.Client(CLIENT.id, CLIENT.secret, tuple(site + one for one in PATHS), (f"{site}/",))
        people.write(home, people=known, clients=[asking])
        with override_settings(PUBLIC_URL=site, WALLET_URL=f"{site}/{WALLET}", IDP_URL=f"{site}/{PROVIDER}"):
            connect(f"{site}/{PROVIDER}")
            yield site


def in_role(role: str) -> Any:
    """For the block, pages are as this role's process shows them."""
    return override_settings(ROLE=role)


def name_of(address: str) -> str:
    """The name of the page at this path; empty where there is none."""
    try:
        return resolve(address, __name__).view_name
    except Resolver404:
        return ""


def pages() -> set[str]:
    """Names of all that may show a page. The machine API answers in JSON throughout."""
    return {name for role in ROLES for name, _route in _routes(role) if not name.startswith("api:")} - NO_PAGES


def routes_only_sent_to() -> list[str]:
    """Their addresses, made up."""
    made_up = {"slug": "x", "uuid": f"{0:08}-0000-0000-0000-{0:012}", "day": clock.today().isoformat()}
    return [
        "/" + re.sub(r"<(\w+):\w+>", lambda found: made_up.get(found[1], "x"), route)
        for name, route in _routes("web")
        if name in ONLY_SENT_TO
    ]


def templates() -> set[str]:
    """Every template of which pages are made."""
    folders = Path(formlos.__file__).parent.rglob("templates")
    return {one.relative_to(folder).as_posix() for folder in folders for one in folder.rglob("*.html")} - NO_TEMPLATES


@contextmanager
def templates_shown() -> Iterator[set[str]]:
    """Names of the templates that are rendered in the block, wherever in this process."""
    shown: set[str] = set()

    def note(sender: Any, template: Any, **more: Any) -> None:
        shown.add(template.name)

    plain, Template._render = Template._render, instrumented_test_render  # type: ignore[attr-defined]
    template_rendered.connect(note)
    try:
        yield shown
    finally:
        template_rendered.disconnect(note)
        Template._render = plain  # type: ignore[attr-defined]


def _routes(role: str) -> Iterator[tuple[str, str]]:
    yield from _below(get_resolver(f"formlos.config.urls_{role}").url_patterns, "", "")


def _below(patterns: Iterable[Any], route: str, space: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        here = f"{route}{one.pattern}"
        if hasattr(one, "url_patterns"):
            yield from _below(one.url_patterns, here, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name or one.lookup_str}", here
