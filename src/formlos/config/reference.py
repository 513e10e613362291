"""The tables of docs/settings.md and docs/commands.md, made from the settings and commands themselves.

``make docs`` writes them; a test of the house compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from formlos.config.environment import PROJECT, SETTINGS

SETTINGS_PAGE = PROJECT / "docs" / "settings.md"
COMMANDS_PAGE = PROJECT / "docs" / "commands.md"


def settings_table() -> str:
    """One row a setting: name, default, meaning."""
    rows = [
        f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else ''} | {setting.meaning} |"
        for setting in SETTINGS
    ]
    return "\n".join(["| Setting | Default | Meaning |", "|---|---|---|", *rows]) + "\n"


def commands_table() -> str:
    """One row a command as a person types it: command, arguments, what it does."""
    from formlos.config.cli import app

    rows = sorted(_commands(typer.main.get_command(app), "formlos"))
    return "\n".join(["| Command | What it does |", "|---|---|", *rows]) + "\n"


def renew(page: Path, table: str) -> None:
    """Replace the page's table that has the same head."""
    head = table.splitlines()[0]
    page.write_text(re.sub(rf"{re.escape(head)}\n(\|.*\n)*", lambda _: table, page.read_text(), count=1))


def _commands(command: Any, line: str) -> Iterator[str]:
    below = getattr(command, "commands", {})
    if not below or command.invoke_without_command:
        arguments = [one.name.upper() for one in command.params if one.param_type_name == "argument"]
        summary = (command.help or "").split("\n\n")[0].replace("\n", " ")
        yield f"| `{' '.join([line, *arguments])}` | {summary} |"
    for name, inner in below.items():
        yield from _commands(inner, f"{line} {name}")


if __name__ == "__main__":
    renew(SETTINGS_PAGE, settings_table())
    renew(COMMANDS_PAGE, commands_table())
