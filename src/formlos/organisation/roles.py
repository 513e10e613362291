"""Roles and what they include."""

from __future__ import annotations

INCLUDES = {
    "clerk": frozenset({"clerk"}),
    "head": frozenset({"head", "clerk"}),
    "admin": frozenset({"admin"}),
}
"""``clerk`` works on cases, ``head`` also leads the office, ``admin`` sets things up and sees no case."""
ROLES = tuple(INCLUDES)


def roles_that_include(role: str) -> list[str]:
    """Whose holders may do what ``role`` may; raises ``ValueError`` for a role that does not exist."""
    if role not in INCLUDES:
        raise ValueError(f"{role!r} is none of {', '.join(ROLES)}")
    return [held for held, included in INCLUDES.items() if role in included]
