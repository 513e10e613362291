"""What templates say about the node itself."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def node_is_demo() -> bool:
    return bool(getattr(settings, "DEMO", False))
