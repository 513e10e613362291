"""Reading and checking law. These commands need no node: the folder of a service is enough."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from formlos.law import Document

commands = typer.Typer()
Service = Annotated[str, typer.Argument(help="Name of a service, or its folder.")]


class NoSuchService(LookupError):
    """Neither a folder nor the name of a service."""

    code = "no_such_service"


@commands.command()
def check(service: Service) -> None:
    """Say what is wrong with a service: unread facts, missing norms and texts, stories that come out differently."""
    from formlos.law import checks, stories

    folder = _folder(service)
    document = _load(folder)
    problems = [f"{finding.place}: {finding.message} [{finding.code}]" for finding in checks.check(document)]
    told = stories.load_stories(folder)
    for name, story in told.items():
        problems += [f"cases/{name}: {deviation}" for deviation in stories.deviations(document, story)]
    for problem in problems:
        typer.echo(problem)
    typer.echo(f"{document.name}: {len(document.rules)} rules, {len(told)} stories, {len(problems)} problems")
    raise typer.Exit(1 if problems else 0)


@commands.command()
def graph(
    service: Service,
    out: Annotated[
        Path | None, typer.Option(help="File to write, .svg or .html; SVG needs Graphviz and is the default with it.")
    ] = None,
) -> None:
    """Draw the law of a service: goals, rules with their norms, and who supplies each fact."""
    import shutil

    from formlos.law import graph as picture

    document = _load(_folder(service))
    file = out or Path(f"{document.name}.{'svg' if shutil.which('dot') else 'html'}")
    if file.suffix not in (".svg", ".html"):
        raise typer.BadParameter("must end in .svg or .html", param_hint="--out")
    if not file.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {file.absolute().parent}", param_hint="--out")
    draw = picture.graph_svg if file.suffix == ".svg" else picture.graph_html
    file.write_text(draw(document))
    typer.echo(f"{file.absolute()}")


def _folder(service: str) -> Path:
    from formlos.config.environment import read_environment

    services: Path = read_environment()["FORMLOS_SERVICES"]
    for folder in (services / service, Path(service)):
        if (folder / "service.yaml").is_file():
            return folder
    names = ", ".join(sorted(path.parent.name for path in services.glob("*/service.yaml")))
    raise NoSuchService(f"there is no service {service}; there are: {names}")


def _load(folder: Path) -> Document:
    from formlos.law import load_service

    return load_service(folder, calendars=folder.parent / "calendars")
