"""Requests with control characters, which no field means and PostgreSQL does not store, are answered with 400."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""All of C0 but tab, line feed and carriage return."""


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
