"""Who works for a municipality, in which office, as what."""

from __future__ import annotations

from typing import Annotated

import typer

commands = typer.Typer()
staff = typer.Typer(no_args_is_help=True, help="People who work for a municipality.")
commands.add_typer(staff, name="staff")

Town = Annotated[str, typer.Argument(help="Official key (AGS) of a municipality of this node.")]
Issuer = Annotated[str, typer.Argument(help="Issuer of the provider where the person signs in.")]
Subject = Annotated[str, typer.Argument(help="The person's subject (sub) there.")]
Office = Annotated[str, typer.Option(help="Short name of the office, such as buergerbuero.")]
Role = Annotated[str, typer.Option(help="clerk, head or admin.")]


@staff.command()
def add(
    ags: Town,
    issuer: Issuer,
    subject: Subject,
    office: Office,
    role: Role = "clerk",
    name: Annotated[str, typer.Option(help="As colleagues read it.")] = "",
) -> None:
    """Give somebody a role in an office."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import within
        from formlos.config.municipalities import named
        from formlos.identity.oidc.providers import account_issuer_of
        from formlos.organisation.operations import appoint

        town = named(ags)
        with within(town):
            appoint(issuer=account_issuer_of(issuer), subject=subject, office=office, role=role, name=name)
        typer.echo(f"{name or subject} is {role} of {office} in {town.name}")


@staff.command("list")
def list_them(ags: Town) -> None:
    """List who works for a municipality."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import within
        from formlos.config.municipalities import named
        from formlos.organisation.queries import staff as everybody

        with within(named(ags)):
            for one in everybody():
                typer.echo(f"{one.office}  {one.role}  {one.name}  {one.subject}  {one.issuer}")


@staff.command()
def remove(ags: Town, issuer: Issuer, subject: Subject, office: Office, role: Role = "clerk") -> None:
    """Take a role away, at once."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.base.tenancy import within
        from formlos.config.municipalities import named
        from formlos.identity.oidc.providers import account_issuer_of
        from formlos.organisation.operations import dismiss

        town = named(ags)
        with within(town):
            dismiss(issuer=account_issuer_of(issuer), subject=subject, office=office, role=role)
        typer.echo(f"{subject} is no {role} of {office} in {town.name} any more")


@staff.command("log-out")
def log_out(issuer: Issuer, subject: Subject) -> None:
    """End every visit of somebody at once, such as after a lost device. Their roles stay."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.identity.oidc.providers import account_issuer_of
        from formlos.identity.sessions import end_sessions_of

        ended = end_sessions_of(issuer=account_issuer_of(issuer), subject=subject)
        typer.echo(f"{subject}: {ended} visits ended")
