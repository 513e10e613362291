"""Who vouches for people: OpenID Connect providers, and issuers of PIDs (in ``wallet_issuers``)."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from formlos.config.commands.wallet_issuers import wallet_issuer

commands = typer.Typer()
identity = typer.Typer(no_args_is_help=True, help="Identifying people.")
provider = typer.Typer(no_args_is_help=True, help="OpenID Connect providers, such as a bridge to BundID or a Keycloak.")
commands.add_typer(identity, name="identity")
identity.add_typer(provider, name="provider")
identity.add_typer(wallet_issuer, name="wallet-issuer")


class OptionRefused(ValueError):
    """Options that do not go together or cannot be read."""

    code = "option_refused"


@provider.command()
def add(
    issuer: Annotated[str, typer.Argument(help="Issuer, whose discovery document lies below it.")],
    client_id: Annotated[str, typer.Option(help="Under which this node is registered there.")],
    name: Annotated[str, typer.Option(help="As people read it; default: the issuer's host.")] = "",
    key: Annotated[str, typer.Option(help="Short name in addresses; default: from the host.")] = "",
    preset: Annotated[str, typer.Option(help="Levels, claims and scopes: bundid, keycloak or formlos.")] = "keycloak",
    secret_file: Annotated[Path | None, typer.Option(help="File with the client secret.")] = None,
    secret_env: Annotated[str, typer.Option(help="Environment variable with the client secret.")] = "",
    level: Annotated[list[str] | None, typer.Option(help="ACR=LEVEL beside the preset's; again for more.")] = None,
    claims: Annotated[Path | None, typer.Option(help="JSON file: our field → path of the claim.")] = None,
    scopes: Annotated[str, typer.Option(help="Scopes to ask for; default: the preset's.")] = "",
    town: Annotated[list[str] | None, typer.Option(help="Offered by this AGS only; again for more.")] = None,
    for_: Annotated[str, typer.Option("--for", help="people, staff or both.")] = "people",
    accounts_of: Annotated[str, typer.Option(help="Issuer whose accounts it continues, after a move.")] = "",
) -> None:
    """Connect a provider, or change it: fetch its discovery document and keys, keep the rest as given."""
    from formlos.config import startup

    host = urlsplit(issuer).hostname or "provider"
    secret = _secret(secret_file, secret_env)
    with startup.ready_node() as environment:
        from formlos.config.municipalities import named
        from formlos.identity.oidc.claims import PRESETS
        from formlos.identity.oidc.providers import Connection, connect

        if preset not in PRESETS or for_ not in ("people", "staff", "both"):
            raise OptionRefused(f"--preset is one of {', '.join(sorted(PRESETS))}; --for is people, staff or both")
        found = PRESETS[preset]
        wanted = Connection(
            issuer=issuer,
            key=key or re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:40],
            name=name or host,
            client_id=client_id,
            secret=secret,
            levels={**found.levels, **dict(_pair(one) for one in level or ())},
            claims=_claim_map(claims) if claims else found.claims,
            scopes=scopes or found.scopes,
            accounts_of=accounts_of,
            towns=[named(one).ags for one in town or ()],
            for_people=for_ != "staff",
            for_staff=for_ != "people",
        )
        connect(wanted)
        typer.echo(f"{wanted.name} is connected; register these addresses there to come back to:")
        typer.echo(_addresses(environment["FORMLOS_PUBLIC_URL"], wanted.key, wanted.for_people, wanted.for_staff))


@provider.command("list")
def list_them() -> None:
    """List the providers and when their discovery documents and keys were fetched."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.identity.oidc.providers import listed

        for one in listed():
            marks = " SIMULATED" if one.simulated else ""
            typer.echo(
                f"{one.key}  {one.issuer}  {one.name}  up to {one.level}  for {' and '.join(one.purposes)}"
                f"  in {', '.join(one.towns) or 'all towns'}  fetched {one.metadata_at:%Y-%m-%d %H:%M}"
                f"  keys {one.jwks_at:%Y-%m-%d %H:%M}{marks}"
            )


@provider.command()
def remove(issuer: Annotated[str, typer.Argument(help="As `list` shows it.")]) -> None:
    """Disconnect a provider; accounts stay, running sessions end by themselves."""
    from formlos.config import startup

    with startup.ready_node():
        from formlos.identity.oidc import providers

        providers.remove(issuer=issuer)
        typer.echo(f"{issuer} is no provider any more")


def _secret(file: Path | None, variable: str) -> str:
    """The client secret; a public client has none. Never an argument: those stand in process lists."""
    if file is not None and variable:
        raise OptionRefused("give --secret-file or --secret-env, not both")
    if variable and variable not in os.environ:
        raise OptionRefused(f"the environment has no {variable}")
    try:
        return file.read_text().strip() if file else os.environ.get(variable, "")
    except OSError as error:
        raise OptionRefused(f"{file} cannot be read: {error.strerror}") from error


def _claim_map(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise OptionRefused(f"{file} holds no readable JSON: {error}") from error
    if not isinstance(found, dict):
        raise OptionRefused(f"{file} holds no JSON object")
    return found


def _pair(text: str) -> tuple[str, str]:
    acr, equals, level = text.rpartition("=")
    if not equals:
        raise OptionRefused(f"{text!r} is not ACR=LEVEL")
    return acr, level


def _addresses(public: str, key: str, people: bool, staff: bool) -> str:
    lines = [f"  {public}/anmelden/zurueck/{key}/"] if people else []
    lines += [f"  {public}/dienst/anmelden/zurueck/{key}/"] if staff else []
    lines += [f"and these after signing out: {public}/" + (f" {public}/dienst/" if staff else "")]
    return "\n".join(lines)
