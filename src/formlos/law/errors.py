"""The one error of this package: a service, a parameter or a request that the engine refuses."""

from __future__ import annotations


class LawError(Exception):
    """`code` is stable, `file` and `line` say where (empty and 0 where there is no file), `reason` says why."""

    def __init__(self, code: str, reason: str, *, file: str = "", line: int = 0) -> None:
        self.code = code
        self.file = file
        self.line = line
        self.reason = reason
        place = f"{file}:{line}: " if line else f"{file}: " if file else ""
        super().__init__(f"{place}{reason} [{code}]")
