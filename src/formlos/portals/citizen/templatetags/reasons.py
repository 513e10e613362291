"""The tree of reasons as nested elements to unfold. Drawn here: as templates it took half of the status page's time."""

from __future__ import annotations

from collections.abc import Iterator

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from formlos.base.ui.templatetags.ui import norm
from formlos.portals.citizen.reasons import Reason

register = template.Library()


@register.simple_tag
def reason_tree(reason: Reason) -> SafeString:
    """One goal with all that determines it, its first level open."""
    return mark_safe("".join(_tree(reason, opened=True)))  # noqa: S308  every text is escaped below


def _tree(reason: Reason, *, opened: bool) -> Iterator[str]:
    if not reason.parts:
        yield f'<div class="f-leaf">{_line(reason)}</div>'
        return
    yield f'<details class="f-reason"{" open" if opened else ""}><summary>{_line(reason)}</summary>'
    for part in reason.parts:
        yield from _tree(part, opened=False)
    yield "</details>"


def _line(reason: Reason) -> str:
    value = f' <span class="f-answer">{escape(reason.value)}</span>' if reason.value else ""
    cited = f' <span class="f-norm">{escape(norm(reason.norm))}</span>' if reason.norm else ""
    return f"{escape(reason.text)}{value}{cited}"
