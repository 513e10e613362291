"""The machine API for landlords with many flats: the same lists as the pages, as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from formlos.base.limits import client_address
from formlos.base.tenancy import Municipality, current_municipality_id, municipality_by_ags, within
from formlos.cases.access import Person
from formlos.landlords import files, operations, queries
from formlos.portals.citizen import lists, problems

router = Router()


class RowIn(Schema):
    """One move. ``personen``: a name each; ``eigentuemer`` where the landlord is not the owner."""

    strasse: str
    hausnummer: str
    zusatz: str = ""
    postleitzahl: str = ""
    ort: str = ""
    einzugsdatum: str
    personen: list[str] = Field(max_length=50)
    eigentuemer: str = ""


class ListIn(Schema):
    """``handelt_als``: eigentuemer, vermieter or beauftragt; the last one with the next two fields."""

    handelt_als: str
    angegebener_wohnungsgeber: str = Field("", max_length=200)
    sitz_des_wohnungsgebers: str = Field("", max_length=200)
    rows: list[RowIn] = Field(max_length=files.MOST_ROWS)


class AssuranceIn(Schema):
    """True: all named people really move in, and whoever acts for a landlord was asked to (§ 19, § 54 BMG)."""

    versichert: bool


@router.post("/{ags}/dwelling-confirmations", response={201: dict})
def try_out(request: HttpRequest, ags: str, data: ListIn) -> tuple[int, dict[str, Any]]:
    """Try a list out; nothing is confirmed yet."""
    lists.OF_AN_ADDRESS.count(client_address(request))
    rows = [row.dict() | {"personen": "\n".join(row.personen)} for row in data.rows]
    with within(_town(ags)):
        person = Person.of(request.auth)  # type: ignore[attr-defined]
        batch_id = operations.try_out(rows=rows, said=data.dict(exclude={"rows"}), person=person)
        return 201, _list(batch_id, person.subject)


@router.get("/{ags}/dwelling-confirmations/{batch_id}", response=dict)
def read(request: HttpRequest, ags: str, batch_id: UUID) -> dict[str, Any]:
    """Where a list stands, with the codes that there are."""
    with within(_town(ags)):
        return _list(batch_id, _subject(request))


@router.post("/{ags}/dwelling-confirmations/{batch_id}/confirmation", response={202: dict})
def confirm(request: HttpRequest, ags: str, batch_id: UUID, data: AssuranceIn) -> tuple[int, dict[str, Any]]:
    """Confirm the rows without problems; a job does it row by row. Confirming again changes nothing."""
    with within(_town(ags)):
        subject = _subject(request)
        operations.confirm(batch_id=batch_id, subject=subject, assured=data.versichert)
        return 202, _list(batch_id, subject)


def _subject(request: HttpRequest) -> str:
    subject: str = request.auth.subject_for(current_municipality_id())  # type: ignore[attr-defined]
    return subject


def _town(ags: str) -> Municipality:
    try:
        return municipality_by_ags(ags)
    except Municipality.DoesNotExist:
        raise problems.NoSuchTown(ags) from None


def _list(batch_id: UUID, subject: str) -> dict[str, Any]:
    found = queries.list_of(batch_id, subject=subject)
    rows = [
        {
            "number": line.number,
            "state": line.state,
            "problems": [{"code": code, "message": lists.problem(code, detail)} for code, detail in line.problems],
            "address": line.said["neue_anschrift"],
            "case": line.case_id,
            "code": line.code or None,
        }
        for line in found.lines
    ]
    return {"id": found.id, "confirmed": found.confirmed, "done": found.done, "rows": rows}
