"""A clerk's questions by command, until there are pages for them."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

commands = typer.Typer()

Reference = Annotated[str, typer.Argument(help="File reference such as UMZ-2026-7K3QFX9M.")]
Clerk = Annotated[str, typer.Option("--clerk", help="Who answers; stands in the journal.")]


@commands.command()
def questions(
    ags: Annotated[str | None, typer.Argument(help="Only of this municipality.")] = None,
    office: Annotated[str | None, typer.Option(help="Only of this office.")] = None,
) -> None:
    """List what waits for a clerk: the doubt, why it is one, and the command that answers it."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import Municipality, acting_for
        from formlos.cases import queries

        found = 0
        towns = Municipality.objects.order_by("ags")
        for town in towns.filter(ags=ags) if ags else towns:
            with acting_for(town):
                for asked in queries.clerk_questions(office=office):
                    found += 1
                    _print_question(town.name, asked)
        if not found:
            typer.echo("No open questions.")


@commands.command()
def answer(
    reference: Reference,
    fact: Annotated[str, typer.Argument(help="The question's fact, as listed.")],
    value: Annotated[str, typer.Argument(help="ja, nein, a text, or JSON for records and lists.")],
    reason: Annotated[str, typer.Option(help="Why; stands in the journal and in the explanation.")],
    clerk: Clerk = "befehlszeile",
) -> None:
    """Answer a clerk's question; the case goes on by itself."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import acting_for
        from formlos.cases import operations, queries
        from formlos.config.municipalities import of_case

        town, case = of_case(reference)
        with acting_for(town):
            operations.answer_question(case_id=case, path=fact, value=_read(value), reason=reason, clerk=clerk)
            left = [asked.path for asked in queries.clerk_questions() if asked.case == case]
        typer.echo(f"Recorded. Still open: {', '.join(left)}" if left else "Recorded. Nothing else is open.")


@commands.command()
def reverse(
    reference: Reference, reason: Annotated[str, typer.Option(help="Why.")], clerk: Clerk = "befehlszeile"
) -> None:
    """Undo a wrong decision: register restored, other authorities told, notices revoked."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import acting_for
        from formlos.cases import operations
        from formlos.config.municipalities import of_case

        town, case = of_case(reference)
        with acting_for(town):
            operations.reverse(case_id=case, reason=reason, actor=f"clerk:{clerk}")
        typer.echo(f"{reference} is reversed.")


def _print_question(town: str, asked: Any) -> None:
    typer.echo(f"{town} · {asked.reference} · {asked.office} · since {asked.since:%d.%m.%Y %H:%M}")
    typer.echo(f"  {asked.question}")
    if asked.why:
        typer.echo(f"  ({asked.why})")
    values = "|".join(asked.options) or "ja|nein" if asked.kind in ("enum", "bool") else "WERT"
    typer.echo(f'  formlos answer {asked.reference} {asked.path} {values} --reason "…"\n')


def _read(value: str) -> Any:
    return json.loads(value) if value[:1] in "{[" else value
