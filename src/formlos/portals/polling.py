"""A page that looks again by itself: nobody is sitting there for that reason, so it prolongs no visit."""

from __future__ import annotations

from django.http import HttpRequest

HEADER, QUERY = "X-Formlos-Poll", "nachsehen"
"""What the script sends, and what the page's own reloading has in its address where there are no scripts."""


def is_poll(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and (HEADER in request.headers or QUERY in request.GET)
