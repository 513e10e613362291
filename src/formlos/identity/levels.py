"""Levels of trust, weakest first (eIDAS: low is called basic here)."""

from __future__ import annotations

LEVELS = ("none", "basic", "substantial", "high")


def reaches(given: str, needed: str) -> bool:
    """Whether an identification with ``given`` is enough where ``needed`` is asked."""
    return LEVELS.index(given) >= LEVELS.index(needed)
