"""Acting for a child: facts of kind `represented` come from the register when such a case is opened."""

from __future__ import annotations

REPRESENTED = "represented"
