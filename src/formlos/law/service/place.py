"""Where in a file something stands, for messages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from formlos.law.errors import LawError


@dataclass(frozen=True)
class Place:
    """A file of the folder. Lines are found by the key's text, since YAML data does not carry them."""

    path: Path

    def refuse(self, code: str, reason: str, key: str = "") -> NoReturn:
        """Raise LawError at the line of `key`."""
        raise LawError(code, reason, file=str(self.path), line=self.line_of(key))

    def line_of(self, key: str) -> int:
        """Return the first line that begins with `key:` (or lists it as an id), or 0."""
        if not key or not self.path.exists():
            return 0
        starts = (f"{key}:", f'"{key}":', f"'{key}':", f"- id: {key}", f"- {{id: {key}")
        for number, line in enumerate(self.path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip().startswith(starts):
                return number
        return 0

    def mapping(self, value: Any, key: str) -> dict[str, Any]:
        """Return `value` if it is a mapping (nothing counts as an empty one), else refuse."""
        if value in (None, ""):
            return {}
        if not isinstance(value, dict):
            self.refuse("yaml", f"{key} must be a mapping", key)
        return value

    def texts(self, value: Any, key: str) -> list[str]:
        """Return a list of texts; a single text is a list of one."""
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
            self.refuse("yaml", f"{key} must be a list of words", key)
        return values

    def number(self, value: Any, key: str) -> int:
        """Return a whole number."""
        try:
            return int(value)
        except (TypeError, ValueError):
            self.refuse("value", f"{value!r} is no whole number", key)
