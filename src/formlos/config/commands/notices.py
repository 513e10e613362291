"""Notices: is this document genuine, and which letters are to be posted?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

if TYPE_CHECKING:
    from formlos.notices.verifying import Verdict

commands = typer.Typer()


@commands.command()
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The PDF file.")],
    certificate: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="Seal certificate (PEM) to trust; then no database is needed."),
    ] = None,
) -> None:
    """Say whether a document is genuine, offline; exit code 0 only if it is and still counts."""
    from formlos.base.clock import BERLIN
    from formlos.notices.verifying import MAX_SIZE, verify

    with file.open("rb") as opened:
        content = opened.read(MAX_SIZE + 1)
    if certificate:
        verdict = verify(content, [path.read_text() for path in certificate])
    else:
        verdict = _against_this_node(content)
    typer.echo(verdict.sentence)
    if verdict.sealed_at:
        typer.echo(f"Gesiegelt: {verdict.sealed_at.astimezone(BERLIN):%d.%m.%Y, %H:%M:%S}")
    raise typer.Exit(0 if verdict.reason == "genuine" else 1)


@commands.command()
def certificates(
    ags: Annotated[str, typer.Argument(help="Official key (AGS) of a municipality of this node.")],
) -> None:
    """Print the seal certificates (PEM) of a municipality, for whoever verifies its documents elsewhere."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import within
        from formlos.config.municipalities import named
        from formlos.notices.queries import published_certificates

        with within(named(ags)):
            typer.echo("".join(published_certificates()), nl=False)


@commands.command()
def letters(
    ags: Annotated[str, typer.Argument(help="Official key (AGS) of a municipality of this node.")],
    print_to: Annotated[
        Path | None, typer.Option("--print", metavar="FOLDER", file_okay=False, help="Write the PDF files here.")
    ] = None,
    posted: Annotated[UUID | None, typer.Option(metavar="ID", help="This letter has gone to the post.")] = None,
) -> None:
    """List the letters that wait for the post, such as codes to a new address; print them; note one as posted."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import acting_for
        from formlos.cases.queries import case_for_staff
        from formlos.config.municipalities import named
        from formlos.notices import operations, queries

        with acting_for(named(ags)):
            if posted:
                operations.note_posted(notice_id=posted)
            waiting = queries.letters_to_post()
            for letter in waiting:
                reference = case_for_staff(letter.case_id).reference
                typer.echo(f"{letter.id}  {letter.written_on:%d.%m.%Y}  {reference}  {letter.title}")
                if print_to:
                    _print(queries.letter_pdf(letter.id), print_to / f"{reference}-{letter.id}.pdf")
        if not waiting:
            typer.echo("No letters wait for the post.")


def _print(pdf: bytes, file: Path) -> None:
    """For the owner's eyes only: such a letter may hold a code."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(pdf)


def _against_this_node(content: bytes) -> Verdict:
    from formlos.config import startup

    with startup.ready_node():
        from formlos.notices.queries import check

        return check(content)
