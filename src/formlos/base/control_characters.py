"""Requests with control characters, which no field means and PostgreSQL does not store, are answered with 400.

Of JSON the API asks ``place_of_unstorable`` when it has read a body, because there they are written as escapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""All of C0 but tab, line feed and carriage return."""
UNSTORABLE = re.compile(CONTROL.pattern[:-1] + r"\ud800-\udfff]")
"""Besides them half characters (surrogates without partner), which only JSON can spell and no encoding has."""


class NoControlCharacters:
    """Looks at path, query and form; comes after what chooses the language, so that the answer is in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(CONTROL.search(text) for text in _texts(request)):
            return render(request, "400.html", status=400)
        return self.get_response(request)


def _texts(request: HttpRequest) -> Iterable[str]:
    yield request.path
    yield unquote_plus(request.META.get("QUERY_STRING", ""))
    if request.method == "POST":
        for name, values in request.POST.lists():
            yield name
            yield from map(str, values)


def place_of_unstorable(data: Any) -> str | None:
    """Where in data read from JSON a name or text cannot be stored, such as ``values.standort``; None if nowhere."""
    waiting: list[tuple[str, Any]] = [("", data)]
    while waiting:  # no recursion: who sends the data chooses their depth
        place, found = waiting.pop()
        if isinstance(found, str) and UNSTORABLE.search(found):
            return place or "."
        if isinstance(found, dict):
            if any(UNSTORABLE.search(name) for name in found):
                return place or "."
            waiting += [(f"{place}.{name}".lstrip("."), one) for name, one in found.items()]
        elif isinstance(found, list):
            waiting += [(f"{place}.{number}".lstrip("."), one) for number, one in enumerate(found)]
    return None
