"""Whose PIDs in wallets identify people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

wallet_issuer = typer.Typer(no_args_is_help=True, help="Issuers whose PIDs in wallets count.")


@wallet_issuer.command()
def add(
    issuer: Annotated[str, typer.Argument(help="The issuer as its credentials name it (iss).")],
    name: Annotated[str, typer.Argument(help="Name that people and clerks read.")],
    file: Annotated[list[Path], typer.Argument(help="Public keys (JWK) or certificates (PEM).")],
    level: Annotated[str, typer.Option(help="Level of trust: basic, substantial or high.")] = "high",
    subject_claim: Annotated[
        str, typer.Option(help="Claim that the issuer promises never to change for a person, if there is one.")
    ] = "",
) -> None:
    """Trust an issuer of PIDs; run again, it replaces name, keys and certificates."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.identity.wallet.operations import IssuerRefused, trust_wallet_issuer

        texts = [one.read_text() for one in file]
        try:
            keys = [json.loads(text) for text in texts if text.lstrip().startswith("{")]
        except ValueError as error:
            raise IssuerRefused("a key of an issuer is a JWK, in JSON") from error
        certificates = [text for text in texts if not text.lstrip().startswith("{")]
        trust_wallet_issuer(
            issuer=issuer, name=name, keys=keys, certificates=certificates, level=level, subject_claim=subject_claim
        )
        typer.echo(f"{name} ({issuer}) identifies people with level {level}")


@wallet_issuer.command("list")
def list_them() -> None:
    """List the issuers of PIDs that this node trusts."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.identity.wallet.queries import wallet_issuers

        for one in wallet_issuers():
            kept = f"{one.keys} keys, {one.certificates} certificates"
            simulated = "  SIMULATED, counts on demo nodes only" if one.simulated else ""
            typer.echo(f"{one.issuer}  {one.name}  {one.level}  {kept}{simulated}")


@wallet_issuer.command()
def remove(issuer: Annotated[str, typer.Argument(help="The issuer, as listed.")]) -> None:
    """Trust an issuer of PIDs no longer; people's accounts stay."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.identity.wallet.operations import distrust_wallet_issuer

        distrust_wallet_issuer(issuer=issuer)
        typer.echo(f"PIDs of {issuer} are no longer accepted")
