"""A clerk's questions by command, until there are pages for them."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated, Any

import typer

commands = typer.Typer()


class QuestionNotOpen(LookupError):
    """The case does not ask this, or somebody has answered it."""

    code = "question_not_open"


class AnswerUnreadable(ValueError):
    """The answer is none of what the question allows."""

    code = "answer_unreadable"


Reference = Annotated[str, typer.Argument(help="File reference such as UMZ-2026-7K3QFX9M.")]
Clerk = Annotated[str, typer.Option("--clerk", help="Who answers; stands in the journal.")]


@commands.command()
def questions(
    ags: Annotated[str | None, typer.Argument(help="Only of this municipality: name or AGS.")] = None,
    office: Annotated[str | None, typer.Option(help="Only of this office.")] = None,
) -> None:
    """List what waits for a clerk: the doubt, why it is one, and the command that answers it."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import Municipality, acting_for
        from formlos.cases import queries
        from formlos.config.municipalities import named

        found = 0
        for town in [named(ags)] if ags else Municipality.objects.order_by("ags"):
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

    if not reason.strip():
        raise typer.BadParameter("say why; it stands in the journal and in the explanation", param_hint="--reason")
    with startup.ready_node():
        from formlos.base.tenancy import acting_for
        from formlos.cases import operations, queries
        from formlos.cases.answers import AnswersRefused
        from formlos.config.municipalities import of_case

        town, case = of_case(reference)
        with acting_for(town):
            asked = [one.path for one in queries.clerk_questions() if one.case == case]
            if fact not in asked:
                raise QuestionNotOpen(
                    f"{fact} is not asked in {reference}; open there: {', '.join(asked) or 'nothing'}"
                )
            try:
                operations.answer_question(case_id=case, path=fact, value=_read(value), reason=reason, clerk=clerk)
            except AnswersRefused as refused:
                raise AnswerUnreadable(_sentences(refused)) from refused
            left = [one.path for one in queries.clerk_questions() if one.case == case]
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
    home = f"FORMLOS_HOME={os.environ['FORMLOS_HOME']} " if "FORMLOS_HOME" in os.environ else ""
    typer.echo(f'  {home}{sys.argv[0]} answer {asked.reference} {asked.path} {values} --reason "…"\n')


def _sentences(refused: Any) -> str:
    from formlos.portals.citizen.problems import answer_sentence

    return "; ".join(f"{path}: {answer_sentence(code, detail)}" for path, (code, detail) in refused.errors.items())


def _read(value: str) -> Any:
    return json.loads(value) if value[:1] in "{[" else value
