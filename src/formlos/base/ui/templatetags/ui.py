"""What templates say about the node itself."""

from __future__ import annotations

import re

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language_bidi

from formlos.base.ui import languages
from formlos.base.ui.languages import German

register = template.Library()
NO_BREAK = "\N{NO-BREAK SPACE}"
CITED = re.compile(r"(?:§§?|Abs\.|Nr\.|Satz|Art\.) ")
WITHIN = r"(?:[\s,]+(?:Abs\.|Nr\.|Satz|Buchst\.|und|bis|[a-z]\b|\d+[a-z]?\b))*"
CITATION = re.compile(rf"(?:§§?|Art\.)\s\d+[a-z]?{WITHIN}(?:\s[A-Z]\w*[A-Z]\w*)?")
LEFT_TO_RIGHT, AS_BEFORE = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


@register.simple_tag
def node_is_demo() -> bool:
    return bool(settings.DEMO)


@register.filter
def norm(text: str) -> str:
    """A citation whose numbers stay with their signs: no line breaks after §, Abs., Nr. and Satz.

    Amid Arabic it still reads from left to right.
    """
    kept = CITED.sub(lambda found: found[0].rstrip() + NO_BREAK, text)
    if isinstance(text, German):
        return German(kept)
    return CITATION.sub(lambda found: LEFT_TO_RIGHT + found[0] + AS_BEFORE, kept) if get_language_bidi() else kept


@register.filter
def language_tag(language: str) -> str:
    """For the attribute ``lang``."""
    return languages.tag(language or languages.GERMAN)


@register.simple_tag
def courtesy() -> bool:
    """Whether the page is a courtesy translation."""
    return languages.current() in languages.COURTESY


@register.simple_tag
def official(german: str) -> str:
    """The German text beside its translation, where somebody declares what the law binds them to."""
    if languages.current() == languages.GERMAN:
        return ""
    return format_html('<span class="f-german" lang="de" dir="ltr">{}</span>', german)


@register.filter
def own_name(code: str) -> str:
    """What speakers call a language."""
    return dict(settings.LANGUAGES)[code]
