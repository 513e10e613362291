"""What templates say about the node itself."""

from __future__ import annotations

import re

from django import template
from django.conf import settings

register = template.Library()
NO_BREAK = "\N{NO-BREAK SPACE}"
CITED = re.compile(r"(?:§§?|Abs\.|Nr\.|Satz|Art\.) ")


@register.simple_tag
def node_is_demo() -> bool:
    return bool(settings.DEMO)


@register.filter
def norm(text: str) -> str:
    """A citation whose numbers stay with their signs: no line breaks after §, Abs., Nr. and Satz."""
    return CITED.sub(lambda found: found[0].rstrip() + NO_BREAK, text)
