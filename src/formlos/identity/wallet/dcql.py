"""The query language of OpenID4VP 1.0 (DCQL): read a query, see which credential answers it with which claims. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from formlos.identity.wallet import refusals

MDOC = "mso_mdoc"
Path = tuple[str | int | None, ...]


class QueryRefused(ValueError):
    """Not a DCQL query; the message says what is wrong with it."""

    code = "query_refused"


@dataclass(frozen=True)
class ClaimQuery:
    """One claim that is asked for. ``path``: names, positions, None for every element of an array."""

    path: Path
    id: str = ""
    values: tuple[str | int | bool, ...] = ()


@dataclass(frozen=True)
class CredentialQuery:
    """One credential that is asked for; ``types`` are its vct values, or its doctype."""

    id: str
    format: str
    types: tuple[str, ...]
    claims: tuple[ClaimQuery, ...] = ()
    claim_sets: tuple[tuple[str, ...], ...] = ()
    multiple: bool = False


@dataclass(frozen=True)
class CredentialSet:
    """Alternatives, the most welcome first; each is a list of credentials by id."""

    options: tuple[tuple[str, ...], ...]
    required: bool = True


@dataclass(frozen=True)
class Query:
    """A whole query."""

    credentials: Mapping[str, CredentialQuery]
    sets: tuple[CredentialSet, ...] = ()


@dataclass(frozen=True)
class Credential:
    """What somebody holds or shows. ``type`` is a vct or a doctype; ``claims`` by name, of an mdoc by namespace."""

    format: str
    type: str
    claims: Mapping[str, Any]


def read(given: Any) -> Query:
    """Read and check a query in JSON form; raises ``QueryRefused``."""
    try:
        return _query(given)
    except TypeError as error:
        raise QueryRefused("an id or option is no text") from error


def select(path: Path, claims: Any) -> list[Any]:
    """The values at a path, none where it leads nowhere."""
    found = [claims]
    for step in path:
        found = [inner for value in found for inner in _step(step, value)]
    return found


def claims_for(query: CredentialQuery, held: Credential) -> tuple[ClaimQuery, ...] | None:
    """The claims with which a credential answers the query, of the first claim set that it can; None if it cannot.

    A query without claims asks for nothing that is disclosed selectively: an empty tuple.
    """
    if held.format != query.format or (query.types and held.type not in query.types):
        return None
    if not query.claim_sets:
        return query.claims if all(_has(claim, held) for claim in query.claims) else None
    by_id = {claim.id: claim for claim in query.claims}
    for option in query.claim_sets:
        wanted = tuple(by_id[id] for id in option)
        if all(_has(claim, held) for claim in wanted):
            return wanted
    return None


def answer_with(query: Query, wallet: Mapping[str, Credential]) -> dict[str, tuple[str, tuple[ClaimQuery, ...]]] | None:
    """What a wallet answers with: query id -> key of the credential and its claims; None if it cannot answer."""
    found = {}
    for wanted in query.credentials.values():
        for key, held in wallet.items():
            claims = claims_for(wanted, held)
            if claims is not None:
                found[wanted.id] = (key, claims)
                break
    if not query.sets:
        return found if set(found) == set(query.credentials) else None
    chosen: dict[str, tuple[str, tuple[ClaimQuery, ...]]] = {}
    for one in query.sets:
        option = next((option for option in one.options if set(option) <= set(found)), None)
        if option is None and one.required:
            return None
        chosen |= {id: found[id] for id in option or ()}
    return chosen


def check_answer(query: Query, shown: Mapping[str, Sequence[Credential]]) -> None:
    """Whether what was shown is what was asked: no more, no less. Raises a ``WalletRefused``."""
    for id, credentials in shown.items():
        wanted = query.credentials.get(id)
        if wanted is None or not credentials or (len(credentials) > 1 and not wanted.multiple):
            raise refusals.UnexpectedCredential("other or more credentials than asked")
        for credential in credentials:
            _check_credential(wanted, credential)
    complete = (
        all(any(set(option) <= set(shown) for option in one.options) for one in query.sets if one.required)
        if query.sets
        else set(shown) == set(query.credentials)
    )
    if not complete:
        raise refusals.ClaimsMissing("a credential that was asked for is missing")


def is_asked(query: CredentialQuery, path: Sequence[str | int]) -> bool:
    """Whether a disclosure at ``path`` is a claim of the query, or part of one, or on the way to one."""
    return any(
        all(step is None or step == given for step, given in zip(claim.path, path, strict=False))
        for claim in query.claims
    )


def _check_credential(wanted: CredentialQuery, shown: Credential) -> None:
    if shown.format != wanted.format or (wanted.types and shown.type not in wanted.types):
        raise refusals.WrongType("a credential of another kind than asked")
    if claims_for(wanted, shown) is None:
        raise refusals.ClaimsMissing("the credential does not say what was asked")


def _has(claim: ClaimQuery, held: Credential) -> bool:
    values = select(claim.path, held.claims)
    if not claim.values:
        return bool(values)
    return any(type(value) is type(wanted) and value == wanted for value in values for wanted in claim.values)


def _step(step: str | int | None, value: Any) -> list[Any]:
    if isinstance(step, str):
        return [value[step]] if isinstance(value, Mapping) and step in value else []
    if not isinstance(value, list):
        return []
    if step is None:
        return value
    return [value[step]] if step < len(value) else []


def _query(given: Any) -> Query:
    listed = _list(given, "credentials")
    credentials = {query.id: query for query in map(_credential, listed)}
    if len(credentials) != len(listed):
        raise QueryRefused("two credentials with the same id")
    sets = tuple(map(_set, _list(given, "credential_sets"))) if "credential_sets" in given else ()
    unknown = {id for one in sets for option in one.options for id in option} - set(credentials)
    if unknown:
        raise QueryRefused(f"credential_sets name what is not asked: {', '.join(sorted(unknown))}")
    return Query(credentials, sets)


def _credential(given: Any) -> CredentialQuery:
    id, format = _identifier(given, "id"), _text(given, "format")
    meta = given.get("meta", {})
    if not isinstance(meta, Mapping):
        raise QueryRefused("meta is an object")
    types = [_text(meta, "doctype_value")] if format == MDOC else _list(meta, "vct_values")
    if not all(isinstance(one, str) for one in types):
        raise QueryRefused("vct_values are texts")
    claims = tuple(map(_claim, _list(given, "claims"))) if "claims" in given else ()
    ids = [claim.id for claim in claims if claim.id]
    if len(ids) != len(set(ids)):
        raise QueryRefused("two claims with the same id")
    sets = tuple(tuple(one) for one in _list(given, "claim_sets")) if "claim_sets" in given else ()
    if not all(option and set(option) <= set(ids) for option in sets):
        raise QueryRefused("claim_sets name what is not asked")
    return CredentialQuery(id, format, tuple(types), claims, sets, bool(given.get("multiple", False)))


def _claim(given: Any) -> ClaimQuery:
    path = tuple(_list(given, "path"))
    if not all(step is None or isinstance(step, str) or (type(step) is int and step >= 0) for step in path):
        raise QueryRefused("a path has names, positions and null")
    values = tuple(_list(given, "values")) if "values" in given else ()
    if not all(isinstance(value, str | int) for value in values):
        raise QueryRefused("values are texts, whole numbers, true or false")
    return ClaimQuery(path, _identifier(given, "id") if "id" in given else "", values)


def _set(given: Any) -> CredentialSet:
    options = tuple(tuple(option) if isinstance(option, list) else () for option in _list(given, "options"))
    required = given.get("required", True)
    if not all(options) or not isinstance(required, bool):
        raise QueryRefused("options are lists of ids; required is true or false")
    return CredentialSet(options, required)


def _list(given: Any, name: str) -> list[Any]:
    value = given.get(name) if isinstance(given, Mapping) else None
    if not isinstance(value, list) or not value:
        raise QueryRefused(f"{name} is a list that is not empty")
    return value


def _text(given: Any, name: str) -> str:
    value = given.get(name) if isinstance(given, Mapping) else None
    if not isinstance(value, str) or not value:
        raise QueryRefused(f"{name} is a text")
    return value


def _identifier(given: Any, name: str) -> str:
    value = _text(given, name)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        raise QueryRefused(f"{name} has letters, digits, _ and - only")
    return value
