"""The command ``formlos``: composes the groups of ``commands``; each group is a small module there."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from formlos.config.commands import (
    appointments,
    bench,
    clerk,
    demo,
    exchange,
    identity,
    law,
    move,
    municipality,
    node,
    notices,
    population,
    processes,
    staff,
)

GROUPS = (
    node,
    processes,
    municipality,
    population,
    staff,
    clerk,
    identity,
    exchange,
    notices,
    appointments,
    law,
    demo,
    move,
    bench,
)


class RefusingGroup(TyperGroup):
    """Prints an expected refusal (an exception with a stable ``code``) as one clear message; exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as refusal:
            if not isinstance(getattr(refusal, "code", None), str):
                raise
            typer.echo(f"formlos: {refusal}", err=True)
            raise typer.Exit(1) from refusal


app = typer.Typer(
    cls=RefusingGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Formlos: an application that needs no form. Settings: docs/settings.md.",
)
for group in GROUPS:
    app.add_typer(group.commands)
