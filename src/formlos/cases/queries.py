"""Reading cases: where one stands, what is asked of whom, and what its journal says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from formlos.base import journal
from formlos.base.journal import Entry, Verification
from formlos.base.tenancy import current_municipality_id, within
from formlos.cases import course
from formlos.cases.access import require_level
from formlos.cases.advance import DEFAULT_OFFICE, PATIENCE, is_declared
from formlos.cases.disclosure import disclosure
from formlos.cases.models import Case, OpenQuestion
from formlos.cases.parties import Party, parties_of
from formlos.cases.representation import acting, is_open_to
from formlos.cases.state import EFFECT, Assertion, CaseState
from formlos.cases.values import encode
from formlos.cases.wording import Question, question_in, stuck_question, texts_in, title_in, words_of
from formlos.cases.work import NoSuchCase, Work
from formlos.catalogue.queries import law
from formlos.law import Document, Unknown


@dataclass(frozen=True)
class Known:
    """A fact the case has, and where it comes from. ``kind`` is that of the source, such as ``identity``."""

    path: str
    label: str
    value: Any
    source: str
    kind: str
    supplier: str
    basis: str
    at: datetime


@dataclass(frozen=True)
class Shown:
    """A rule that the service wants seen beside its decision. ``value`` is in JSON form, ``kind`` its type's.

    ``sentence`` may hold ``{value}``; ``warning`` is what to say when the value is neither no nor zero.
    """

    name: str
    kind: str
    value: Any
    sentence: str
    warning: str


@dataclass(frozen=True)
class Waiting:
    """Another authority that has been asked and has not answered yet; ``until``: then a clerk takes over."""

    source: str
    since: datetime
    norm: str
    until: datetime


@dataclass(frozen=True)
class CaseView:
    """Where a case stands, for its person or a clerk, worded in ``language``. ``invited``: a link opened it;
    ``child``: the name of the child it is about; ``then``: what comes on a day that is awaited; ``tap``: the one question
    that is left after sending, if a yes answers it.
    """

    id: UUID
    language: str
    reference: str
    service: str
    title: str
    state: str
    reviewed: bool
    opened_at: datetime
    decided_at: datetime | None
    wake_at: datetime | None
    known: list[Known]
    pages: list[list[Question]]
    offered: list[Question]
    remaining: int
    waiting: list[Waiting]
    parties: list[Party]
    goals: Mapping[str, Any]
    shown: list[Shown]
    effects: list[Mapping[str, Any]]
    texts: Mapping[str, Any]
    invited: bool = False
    child: str = ""
    sent_at: datetime | None = None
    happened: list[course.Happened] = field(default_factory=list)
    then: course.Then | None = None
    tap: Question | None = None

    @property
    def to_invite(self) -> list[Party]:
        """Second parties for whom the person has to make a link now."""
        return [one for one in self.parties if one.state in ("wanted", "expired")]


@dataclass(frozen=True)
class CaseLine:
    """A case in a list."""

    id: UUID
    reference: str
    service: str
    state: str
    opened_at: datetime


@dataclass(frozen=True)
class OwnCase:
    """A case in its person's list. ``document`` and ``parameters`` are digests of the law it follows; ``child``: the name
    of whom the person acts for.
    """

    id: UUID
    reference: str
    service: str
    document: str
    parameters: str
    state: str
    opened_at: datetime
    decided_at: datetime | None
    changed_at: datetime
    child: str = ""

    @property
    def over(self) -> bool:
        return self.state in (Case.State.CLOSED, Case.State.WITHDRAWN, Case.State.REVERSED)


@dataclass(frozen=True)
class ClerkQuestion:
    """An open doubt in an office's queue."""

    case: UUID
    reference: str
    service: str
    path: str
    office: str
    since: datetime
    question: str
    why: str
    kind: str
    options: Mapping[str, str]


def own_case(case_id: UUID, *, subject: str, level: str) -> Work:
    """A person's own case, or that of a child they act for, for ``view`` and ``decision``; not locked, never written.

    Raises ``NoSuchCase`` for anybody else's, exactly as for one that does not exist, and ``LevelTooLow``.
    """
    work = _load(case_id, subject=subject)
    require_level(work.service, level)
    return work


def own_cases(*, subject: str) -> list[OwnCase]:
    """All cases of a person in the municipality, newest first, without reading their journals."""
    with within():
        rows = Case.objects.filter(acting(subject), municipality_id=current_municipality_id()).order_by(
            "-opened_at", "id"
        )
        return [_own_case(row) for row in rows if is_open_to(row)]


def _own_case(row: Case) -> OwnCase:
    read = {name: getattr(row, name) for name in OwnCase.__dataclass_fields__ if name != "child"}
    return OwnCase(**read, child=_child_of(row))


def _child_of(row: Case) -> str:
    """The name of the child for whom somebody acts; only the journal knows it, which is read in such cases alone."""
    if not row.representative:
        return ""
    opened = journal.load(row.id).entries[0].payload or {}
    return str(opened.get("represented", {}).get("name", ""))


def require_own(case_id: UUID, *, subject: str, level: str) -> None:
    """Raises ``NoSuchCase`` unless the case is this person's, and ``LevelTooLow`` when they identified too weakly."""
    with within():
        own = Case.objects.filter(acting(subject), municipality_id=current_municipality_id(), id=case_id).first()
        if own is None or not is_open_to(own):
            raise NoSuchCase(str(case_id))
        require_level(law(document=own.document, parameters=own.parameters).document.data, level)


def decision(work: Work) -> dict[str, Any]:
    """The frozen decision of a case as its person may see it; empty while there is none."""
    return disclosure(work).decision(work.state.decision) if work.state.decision else {}


def for_reading(case_id: UUID) -> Work:
    """A case as it stands, not locked, never to be written; whoever calls has made sure who may see it.

    Raises ``NoSuchCase``.
    """
    return _load(case_id)


def case_for_staff(case_id: UUID) -> CaseView:
    return view(_load(case_id))


def state_of(case_id: UUID) -> CaseState:
    return _load(case_id).state


def journal_of(case_id: UUID) -> list[Entry]:
    with within():
        return journal.load(case_id).entries


def verify_journal(case_id: UUID) -> Verification:
    with within():
        return journal.verify(case_id)


def case_by_reference(reference: str) -> UUID:
    """Raises ``NoSuchCase``."""
    with within():
        found = Case.objects.filter(municipality_id=current_municipality_id(), reference=reference).first()
    if found is None:
        raise NoSuchCase(reference)
    return found.id


def cases_of_municipality(*, limit: int = 100) -> list[CaseLine]:
    """The newest cases of the municipality, newest first."""
    with within():
        rows = Case.objects.filter(municipality_id=current_municipality_id()).order_by("-opened_at")[:limit]
        return [CaseLine(row.id, row.reference, row.service, row.state, row.opened_at) for row in rows]


def newest_of_people(*, limit: int) -> list[Work]:
    """The newest cases that people opened and did not take back, whoever they are: for the stage of a demo node only."""
    with within():
        rows = Case.objects.filter(municipality_id=current_municipality_id(), channel="portal")
        rows = rows.exclude(state__in=(Case.State.WITHDRAWN, Case.State.REVERSED)).order_by("-opened_at")[:limit]
        return [_load(row.id) for row in rows]


def under_way() -> list[str]:
    """References of cases whose effects are not done yet."""
    with within():
        rows = Case.objects.filter(municipality_id=current_municipality_id(), unfinished=True)
        return list(rows.values_list("reference", flat=True))


def clerk_questions(*, office: str | None = None, language: str = "de") -> list[ClerkQuestion]:
    """Open doubts, oldest first, of one office or of all."""
    with within():
        rows = OpenQuestion.objects.filter(municipality_id=current_municipality_id()).select_related("case")
        if office:
            rows = rows.filter(office=office)
        return [_clerk_question(row, language) for row in rows.order_by("since")]


def clerk_reasons(view: CaseView) -> list[str]:
    """Why a clerk looks at a case, for its person, in the service's words (``clerk``); empty where it has none."""
    words: Mapping[str, str] = view.texts.get("clerk", {})
    with within():
        rows = OpenQuestion.objects.filter(municipality_id=current_municipality_id(), case_id=view.id)
        paths = list(rows.order_by("since", "path").values_list("path", flat=True))
    return [words[path] for path in paths if path in words]


def clerk_since(case_id: UUID) -> datetime | None:
    """Since when a clerk has something to settle in a case; ``None`` where nothing is open."""
    with within():
        rows = OpenQuestion.objects.filter(municipality_id=current_municipality_id(), case_id=case_id)
        return rows.order_by("since").values_list("since", flat=True).first()


def _clerk_question(row: OpenQuestion, language: str) -> ClerkQuestion:
    document = law(document=row.case.document, parameters=row.case.parameters).document
    if row.path.startswith(EFFECT):
        asked = stuck_question(row.path, state_of(row.case_id).stuck.get(row.path.removeprefix(EFFECT), ""))
    else:
        asked = question_in(document, row.path, language)
    return ClerkQuestion(
        case=row.case_id,
        reference=row.case.reference,
        service=row.case.service,
        path=row.path,
        office=row.office or DEFAULT_OFFICE,
        since=row.since,
        question=asked.question,
        why=asked.why,
        kind=asked.kind,
        options=asked.options,
    )


def _load(case_id: UUID, *, subject: str | None = None) -> Work:
    """Read a case without locking it. Nothing is written."""
    with within():
        found = Case.objects.filter(municipality_id=current_municipality_id(), id=case_id)
        case = found.filter(acting(subject)).first() if subject is not None else found.first()
        if case is None or (subject is not None and not is_open_to(case)):
            raise NoSuchCase(str(case_id))
        return Work(case, journal.load(case_id), law(document=case.document, parameters=case.parameters))


def view(work: Work, language: str = "de") -> CaseView:
    """Where a case stands, as its person may see it, worded in a language of the service or in German."""
    case, state, service, document = work.case, work.state, work.service, work.law.document
    told, texts = disclosure(work), texts_in(document, language)
    asked = [path for page in state.asked for path in page["facts"]]
    parties = parties_of(work, texts.get("parties") or texts_in(document, "de").get("parties", {}))
    open_pages = [[path for path in page["facts"] if not told.hides(path)] for page in state.asked]
    return CaseView(
        id=case.id,
        language=language,
        reference=case.reference,
        service=case.service,
        title=title_in(document, language),
        state=case.state,
        reviewed=is_declared(work),
        opened_at=case.opened_at,
        decided_at=case.decided_at,
        wake_at=case.wake_at,
        known=[_known(document, a, texts) for path, a in sorted(state.facts.items()) if not told.hides(path)],
        pages=[[question_in(document, path, language) for path in page] for page in open_pages if page],
        offered=[] if case.decided_at or state.reviewed else _offered(document, language),
        remaining=state.evaluated["remaining"] - sum(map(told.hides, asked)) if asked else 0,
        waiting=[
            Waiting(name, reply.at, service["sources"][name].get("basis", ""), reply.at + PATIENCE)
            for name, reply in state.replies.items()
            if reply.state == "pending" and reply.until is None
        ],
        parties=parties,
        goals=(state.decision or {}).get("goals", {}),
        shown=_shown(work, texts),
        effects=[
            {"id": e.id, "kind": e.kind, "state": e.state, "arguments": told.rest_of(e.arguments), "outcome": e.outcome}
            for e in state.effects.values()
            if not told.is_about_silent(e.id)
        ],
        texts=texts,
        invited="invitation" in state.opened,
        child=state.opened.get("represented", {}).get("name", ""),
        sent_at=state.reviewed_at,
        happened=course.happened(work, parties),
        then=course.then(work),
        tap=question_in(document, asked[0], language) if course.is_a_tap(work, asked) else None,
    )


def _shown(work: Work, texts: Mapping[str, Any]) -> list[Shown]:
    facts, found = work.facts(), []
    for name in work.service["service"].get("shown", ()):
        value = work.law.value(facts, name)
        if not isinstance(value, Unknown):
            kind = work.law.document.type_of(name).kind
            sentence, warning = texts.get("rules", {}).get(name, ""), texts.get("warnings", {}).get(name, "")
            found.append(Shown(name, kind, encode(value), sentence, warning))
    return found


def _offered(document: Document, language: str) -> list[Question]:
    """What a person may add but need not: facts with a declared default."""
    return [question_in(document, name, language) for name, fact in document.data["facts"].items() if "default" in fact]


def _known(document: Document, assertion: Assertion, texts: Mapping[str, Any]) -> Known:
    return Known(
        path=assertion.path,
        label=words_of(texts, assertion.path).get("label", assertion.path),
        value=assertion.value,
        source=assertion.source,
        kind=document.data["sources"].get(assertion.source, {}).get("kind", ""),
        supplier=assertion.supplier,
        basis=assertion.basis,
        at=assertion.at,
    )
