"""The languages of the pages: what each is, pages that exist in few of them, and German pieces amid another language.

German is official (§ 23 VwVfG) and the source of every text. English is complete. Plain German and the courtesy
translations cover what a person needs to get a matter done; ``settings.PAGES_IN_FEW_LANGUAGES`` lists the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.html import format_html

GERMAN, PLAIN, ENGLISH = "de", "de-leicht", "en"
COURTESY = ("tr", "uk", "ar")


def current() -> str:
    return translation.get_language() or GERMAN


def tag(language: str) -> str:
    """The language as pages declare it: plain German is German."""
    return GERMAN if language == PLAIN else language


class German(str):
    """A German text on a page of another language; templates mark it as German, everything else reads a text."""

    def __html__(self) -> str:
        return format_html('<span lang="de" dir="ltr">{}</span>', str(self))


def completed(said: Any, german: Any, *, mark: bool) -> Any:
    """``said`` with what it lacks from ``german``: both are texts, or mappings of such. mark: as ``German``."""
    if isinstance(german, Mapping):
        own = said if isinstance(said, Mapping) else {}
        return {key: completed(own.get(key), german.get(key), mark=mark) for key in dict.fromkeys([*german, *own])}
    if said or german is None:
        return said
    return German(german) if mark and isinstance(german, str) else german


class OnlyLanguagesThatExist:
    """Show a page that is in few languages in German to whoever chose a courtesy translation, and tell it ``request.wished_language``.

    Comes after ``LocaleMiddleware``. The processes of the demonstration's wallet and provider are in few altogether.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        wished = current()
        name = request.resolver_match.view_name if request.resolver_match else ""
        if wished in COURTESY and (settings.ROLE in ("idp", "wallet") or _in_few(name)):
            translation.activate(GERMAN)
            request.LANGUAGE_CODE = GERMAN
            request.wished_language = wished  # type: ignore[attr-defined]


def _in_few(name: str) -> bool:
    return any(name == one or name.startswith(one) and one.endswith(":") for one in settings.PAGES_IN_FEW_LANGUAGES)
