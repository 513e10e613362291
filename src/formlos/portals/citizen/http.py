"""The machine API of the citizen's side: the same operations as the pages, for apps and other portals.

A session begins with a signed assertion of an identity provider; later calls carry its token.
Errors are problem details (RFC 9457) with a stable ``code``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from ninja import File, NinjaAPI, Router, Schema, UploadedFile
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer

from formlos.base.control_characters import place_of_unstorable
from formlos.base.limits import client_address
from formlos.base.tenancy import Municipality, current_municipality_id, municipality_by_ags, within
from formlos.cases import attachments, operations, queries, serving
from formlos.cases.access import Person
from formlos.cases.beginning import begin_case
from formlos.cases.work import Work
from formlos.dialogue.incoming import count_file
from formlos.identity import operations as identity_operations
from formlos.identity import queries as identity_queries
from formlos.law.types import encode
from formlos.notices import queries as notice_queries
from formlos.portals.citizen import landlord_api, languages, problems
from formlos.portals.citizen.reasons import reasons


class Session(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return identity_queries.identity_for(token=token)


class BodyRefused(ValueError):
    """The body holds signs that no text has."""


class StorableJson(Parser):
    """Reads JSON and refuses what could not be stored; the answer then names the place."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        found = super().parse_body(request)
        if place := place_of_unstorable(found):
            raise BodyRefused(f"{place}: control characters and half characters cannot be stored")
        return found


api = NinjaAPI(title="Formlos", version="1", urls_namespace="api", docs_url=None, parser=StorableJson())
router = Router(auth=Session())
api.add_router("/v1", router)
api.add_router("/v1", landlord_api.router, auth=Session())


class AssertionIn(Schema):
    assertion: str


class CaseIn(Schema):
    service: str


class AnswersIn(Schema):
    values: dict[str, Any]


class ReasonIn(Schema):
    reason: str = ""


class DisputeIn(Schema):
    path: str
    reason: str


@api.exception_handler(Exception)
def problem(request: HttpRequest, error: Exception) -> HttpResponse:
    """Expected refusals become problem details; anything else stays a crash that is logged."""
    found = problems.describe(error)
    if found is None:
        raise error
    response = _problem(found)
    if wait := getattr(error, "retry_after", 0):
        response["Retry-After"] = str(wait)
    return response


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = [f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors]
    return _problem(problems.problem("malformed") | {"detail": "; ".join(wrong)})


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON or holds what no text has; other errors of the protocol as the framework says them."""
    if error.status_code != HTTPStatus.BAD_REQUEST:
        return JsonResponse({"detail": str(error)}, status=error.status_code)
    cause = error.__cause__
    return _problem(problems.problem("malformed") | {"detail": str(cause if isinstance(cause, BodyRefused) else error)})


def _problem(found: dict[str, Any]) -> HttpResponse:
    return JsonResponse(found, status=found["status"], content_type="application/problem+json")


@api.post("/v1/sessions", auth=None, response={201: dict})
def open_session(request: HttpRequest, data: AssertionIn) -> tuple[int, dict[str, Any]]:
    token = identity_operations.accept_assertion(token=data.assertion)
    return 201, {"token": token, "expires_at": identity_queries.identity_for(token=token).expires_at}


@router.post("/{ags}/cases", response={201: dict})
def open_case(request: HttpRequest, ags: str, data: CaseIn) -> tuple[int, dict[str, Any]]:
    """Open a case; sent again within a minute, while nothing was answered, it is the same one."""
    with within(_town(ags)):
        person = Person.of(request.auth)  # type: ignore[attr-defined]
        return 201, _case(begin_case(service=data.service, person=person))


@router.get("/{ags}/cases/{case_id}", response=dict)
def read_case(request: HttpRequest, ags: str, case_id: UUID) -> dict[str, Any]:
    with within(_town(ags)):
        return _case(_own_case(request, case_id))


@router.post("/{ags}/cases/{case_id}/answers", response=dict)
def answer(request: HttpRequest, ags: str, case_id: UUID, data: AnswersIn) -> dict[str, Any]:
    return _act(request, ags, case_id, operations.record_answers, values=data.values, client=client_address(request))


@router.post("/{ags}/cases/{case_id}/files", response={201: dict})
def hand_in(request: HttpRequest, ags: str, case_id: UUID, file: File[UploadedFile]) -> tuple[int, dict[str, str]]:
    """Hand in a file; ``answer`` is what to answer the question with that asks for it."""
    count_file(request)
    with within(_town(ags)):
        subject = _require_own(request, case_id)
        content = file.read(attachments.LARGEST + 1)
        handed_in = attachments.hand_in(
            case_id=case_id, name=file.name or "", content=content, actor=f"person:{subject}"
        )
    return 201, {"answer": handed_in}


@router.post("/{ags}/cases/{case_id}/review", response=dict)
def send_review(request: HttpRequest, ags: str, case_id: UUID) -> dict[str, Any]:
    return _act(request, ags, case_id, operations.send_review)


@router.post("/{ags}/cases/{case_id}/disputes", response=dict)
def dispute(request: HttpRequest, ags: str, case_id: UUID, data: DisputeIn) -> dict[str, Any]:
    return _act(request, ags, case_id, operations.dispute, path=data.path, reason=data.reason)


@router.post("/{ags}/cases/{case_id}/withdrawal", response=dict)
def withdraw(request: HttpRequest, ags: str, case_id: UUID, data: ReasonIn) -> dict[str, Any]:
    return _act(request, ags, case_id, operations.withdraw, reason=data.reason)


@router.get("/{ags}/cases/{case_id}/decision", response=dict)
def decision(request: HttpRequest, ags: str, case_id: UUID) -> dict[str, Any]:
    """What was decided, when, and why, rule by rule in the service's words; empty while nothing is decided."""
    with within(_town(ags)):
        work = _own_case(request, case_id)
        view, found = queries.view(work, _language()), queries.decision(work)
        if not found:
            return {}
        why = reasons(found["explanation"], view.texts)
        return {"goals": found["goals"], "decided_at": view.decided_at, "reasons": [asdict(reason) for reason in why]}


@router.get("/{ags}/cases/{case_id}/documents/{notice_id}.pdf")
def document(request: HttpRequest, ags: str, case_id: UUID, notice_id: UUID) -> HttpResponse:
    with within(_town(ags)):
        _require_own(request, case_id)
        content = _retrieved(request, case_id, notice_id, notice_queries.pdf_of)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{notice_id}.pdf"'
    return response


@router.get("/{ags}/cases/{case_id}/documents/{notice_id}.json")
def document_data(request: HttpRequest, ags: str, case_id: UUID, notice_id: UUID) -> HttpResponse:
    """What the document says, for programs: the data that are attached to the PDF."""
    with within(_town(ags)):
        _require_own(request, case_id)
        content = _retrieved(request, case_id, notice_id, notice_queries.data_of)
        return HttpResponse(content, content_type="application/json")


def _retrieved(request: HttpRequest, case_id: UUID, notice_id: UUID, read: Callable[..., bytes]) -> bytes:
    """A document that its person fetches now, which may make it known to them."""
    content = read(notice_id, case_id=case_id)
    subject = request.auth.subject_for(current_municipality_id())  # type: ignore[attr-defined]
    serving.note_retrieval(case_id=case_id, notice_id=notice_id, actor=f"person:{subject}")
    return content


def _act(
    request: HttpRequest, ags: str, case_id: UUID, operation: Callable[..., Work], **arguments: Any
) -> dict[str, Any]:
    """Check that the case is the person's own, run one operation on it, and return where it stands then."""
    with within(_town(ags)):
        subject = _require_own(request, case_id)
        return _case(operation(case_id=case_id, actor=f"person:{subject}", **arguments))


def _require_own(request: HttpRequest, case_id: UUID) -> str:
    """The person's pseudonym in this town. Raises ``NoSuchCase``, ``LevelTooLow``."""
    subject: str = request.auth.subject_for(current_municipality_id())  # type: ignore[attr-defined]
    queries.require_own(case_id, subject=subject, level=request.auth.level)  # type: ignore[attr-defined]
    return subject


def _own_case(request: HttpRequest, case_id: UUID) -> Work:
    person = request.auth  # type: ignore[attr-defined]
    return queries.own_case(case_id, subject=person.subject_for(current_municipality_id()), level=person.level)


def _language() -> str:
    """What the caller's ``Accept-Language`` says."""
    return get_language() or languages.GERMAN


def _town(ags: str) -> Municipality:
    try:
        return municipality_by_ags(ags)
    except Municipality.DoesNotExist:
        raise problems.NoSuchTown(ags) from None


def _case(work: Work) -> dict[str, Any]:
    view = queries.view(work, _language())
    found = asdict(replace(view, known=[], effects=[], texts={}))
    found["known"] = [vars(known) | {"value": encode(known.value)} for known in view.known]
    found["effects"] = [_effect(effect) for effect in view.effects]
    found["documents"] = [asdict(notice) for notice in notice_queries.notices_of(view.id)]
    found["texts"] = {name: view.texts.get(name, {}) for name in ("facts", "rules", "values", "effects")}
    return found


def _effect(effect: Mapping[str, Any]) -> dict[str, Any]:
    """An effect as the person sees it; only offers carry details, the rest is between authorities and on file."""
    details = effect["arguments"] if effect["kind"] == "offer.make" else {}
    return {"id": effect["id"], "kind": effect["kind"], "state": effect["state"], "details": details}
