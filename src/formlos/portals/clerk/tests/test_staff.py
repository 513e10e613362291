"""Staff sign in like anybody, but apart from citizens; what they see follows from their roles in a town's offices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from procrastinate.contrib.django import app

from formlos.base import clock
from formlos.base.tenancy import Municipality, NoMunicipality, within
from formlos.feedback.operations import report
from formlos.feedback.queries import reports
from formlos.identity.queries import NoSession, StaffIdentity, identity_for, staff_identity_for
from formlos.identity.sessions import begin_session
from formlos.identity.tests.providing import Visitor, connect, path_of, query_of
from formlos.organisation import operations, queries
from formlos.portals import cookies
from formlos.portals.clerk import visits
from formlos.portals.clerk.access import staff_required


@pytest.fixture
def provider(identity_provider: str, database: Any, tmp_path: Any) -> Any:
    with override_settings(DEMO=True, HOME=tmp_path):
        connect(identity_provider)
        yield identity_provider


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "localhost:8000"})


def sign_in(browser: Client, person: str = "anna") -> Any:
    there = browser.get("/dienst/anmelden/los/", {"anbieter": "demo", "weiter": "/dienst/"})["Location"]
    waiting = browser.get(path_of(Visitor().agree(there, person=person)))
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    return browser.get(waiting["Location"])


def appoint(town: Municipality, issuer: str, *, role: str = "clerk", office: str = "buergerbuero") -> None:
    with within(town):
        operations.appoint(issuer=issuer, subject="anna", office=office, role=role, name="Anna")


def request_of(provider: str, subject: str = "anna") -> HttpRequest:
    """A request of somebody with a staff session."""
    token = begin_session(issuer=provider, subject=subject, level="high", facts={}, purpose="staff", provider="demo")
    request, response = RequestFactory().get("/dienst/stuttgart/"), HttpResponse()
    visits.begin(request, response, token)
    request.COOKIES[cookies.named(visits.COOKIE)] = response.cookies[cookies.named(visits.COOKIE)].value
    return request


def opened(provider: str, town: Municipality, role: str, office: str | None = None) -> str:
    @staff_required(role, office)
    def view(request: HttpRequest, slug: str) -> HttpResponse:
        return HttpResponse(f"{request.municipality.name} {request.staff.subject}")  # type: ignore[attr-defined]

    return str(view(request_of(provider), town.slug).content.decode())


def test_staff_sign_in_and_see_where_they_work(provider: str, stuttgart: Municipality, browser: Client) -> None:
    appoint(stuttgart, provider)
    assert browser.get("/dienst/")["Location"].startswith("/dienst/anmelden/?weiter=%2Fdienst%2F")
    assert sign_in(browser)["Location"] == "/dienst/"
    page = browser.get("/dienst/").content.decode()
    assert "Stuttgart" in page and "Bürgerbüro: Sachbearbeitung" in page


def test_somebody_without_a_role_is_told_the_name_to_be_appointed_under(provider: str, browser: Client) -> None:
    sign_in(browser)
    page = browser.get("/dienst/").content.decode()
    assert "noch keine Aufgabe" in page and "anna" in page


def test_a_staff_session_opens_no_pages_of_citizens_and_the_other_way_round(provider: str, browser: Client) -> None:
    sign_in(browser)
    assert "identity" not in browser.session
    staff, citizen = (
        begin_session(issuer=provider, subject="bo", level="high", facts={}, purpose=purpose)
        for purpose in ("staff", "person")
    )
    with pytest.raises(NoSession):
        identity_for(token=staff)
    with pytest.raises(NoSession):
        staff_identity_for(token=citizen)


def test_a_login_as_citizen_does_not_end_as_staff(provider: str, browser: Client) -> None:
    there = browser.get("/anmelden/los/", {"anbieter": "demo"})["Location"]
    answer = query_of(Visitor().agree(there))
    page = browser.get("/dienst/anmelden/zurueck/demo/", answer)
    assert page.status_code == 401


def test_a_provider_for_citizens_only_lets_no_staff_in(identity_provider: str, provider: str, browser: Client) -> None:
    connect(identity_provider, for_staff=False)
    assert "Ausweisen mit: Ausweisdienst" not in browser.get("/dienst/anmelden/").content.decode()
    assert browser.get("/dienst/anmelden/los/", {"anbieter": "demo"}).status_code == 401


def test_signing_out_ends_the_staff_session(provider: str, browser: Client) -> None:
    sign_in(browser)
    page = browser.post("/dienst/abmelden/")
    assert "Auch beim Ausweisdienst ausloggen" in browser.get(page["Location"]).content.decode()
    assert browser.get("/dienst/").status_code == 302


def test_a_staff_session_ends_after_thirty_idle_minutes_and_after_eight_hours(provider: str, browser: Client) -> None:
    start = clock.now()
    sign_in(browser)
    for quarter in range(1, 32):
        with clock.frozen(start + timedelta(minutes=15 * quarter)):
            assert browser.get("/dienst/").status_code == 200
    with clock.frozen(start + timedelta(hours=8, minutes=2)):
        assert browser.get("/dienst/").status_code == 302


def test_the_decorator_lets_in_who_holds_the_role_and_says_who_and_where(
    provider: str, stuttgart: Municipality
) -> None:
    appoint(stuttgart, provider)
    assert opened(provider, stuttgart, "clerk") == "Stuttgart anna"
    assert opened(provider, stuttgart, "clerk", "buergerbuero") == "Stuttgart anna"


@pytest.mark.parametrize(("role", "office"), [("head", None), ("admin", None), ("clerk", "standesamt")])
def test_the_decorator_refuses_another_role_or_office(
    provider: str, stuttgart: Municipality, role: str, office: str | None
) -> None:
    appoint(stuttgart, provider)
    with pytest.raises(PermissionDenied):
        opened(provider, stuttgart, role, office)


def test_the_head_of_an_office_may_do_what_its_clerks_may(provider: str, stuttgart: Municipality) -> None:
    appoint(stuttgart, provider, role="head")
    assert opened(provider, stuttgart, "clerk", "buergerbuero")


def test_an_admin_works_on_no_cases(provider: str, stuttgart: Municipality) -> None:
    appoint(stuttgart, provider, role="admin")
    with pytest.raises(PermissionDenied):
        opened(provider, stuttgart, "clerk")


def test_a_role_in_one_town_is_none_in_another(provider: str, stuttgart: Municipality, munich: Municipality) -> None:
    appoint(munich, provider)
    with pytest.raises(PermissionDenied):
        opened(provider, stuttgart, "clerk")
    with within(stuttgart):
        assert queries.staff() == []


def test_the_same_subject_of_another_issuer_is_somebody_else(provider: str, stuttgart: Municipality) -> None:
    appoint(stuttgart, "https://other.example")
    with pytest.raises(PermissionDenied):
        opened(provider, stuttgart, "clerk")


def test_a_role_that_is_taken_away_is_gone_at_once(provider: str, stuttgart: Municipality) -> None:
    appoint(stuttgart, provider)
    with within(stuttgart):
        operations.dismiss(issuer=provider, subject="anna", office="buergerbuero", role="clerk")
        with pytest.raises(operations.NotAppointed):
            operations.dismiss(issuer=provider, subject="anna", office="buergerbuero", role="clerk")
    with pytest.raises(PermissionDenied):
        opened(provider, stuttgart, "clerk")


def test_a_role_that_does_not_exist_cannot_guard_a_page() -> None:
    with pytest.raises(ValueError, match="none of clerk, head, admin"):
        staff_required("boss")


def test_a_form_without_a_session_is_refused_and_not_sent_again(stuttgart: Municipality) -> None:
    @staff_required("clerk")
    def view(request: HttpRequest, slug: str) -> HttpResponse:
        return HttpResponse()

    assert view(RequestFactory().get("/dienst/x/"), stuttgart.slug).status_code == 302
    with pytest.raises(PermissionDenied):
        view(RequestFactory().post("/dienst/x/"), stuttgart.slug)


def test_a_cookie_that_we_did_not_sign_is_no_session(provider: str) -> None:
    request = request_of(provider)
    request.COOKIES[cookies.named(visits.COOKIE)] += "x"
    assert visits.member(request) is None


@pytest.mark.parametrize("wrong", [{"role": "boss"}, {"office": "Bürger Büro"}, {"subject": ""}, {"issuer": "x" * 201}])
def test_an_impossible_appointment_is_refused(stuttgart: Municipality, wrong: dict[str, str]) -> None:
    given = {"issuer": "https://a.example", "subject": "anna", "office": "amt", "role": "clerk"} | wrong
    with within(stuttgart), pytest.raises(operations.AppointmentRefused):
        operations.appoint(**given)


def test_nobody_is_appointed_without_a_town(database: Any) -> None:
    with pytest.raises(NoMunicipality):
        operations.appoint(issuer="https://a.example", subject="anna", office="amt", role="clerk")


def test_staff_are_what_the_provider_says(provider: str) -> None:
    assert visits.member(request_of(provider)) == StaffIdentity(provider, "anna", "high", "demo")


def test_staff_read_and_settle_the_barriers_reported_to_their_town_only(
    provider: str, stuttgart: Municipality, munich: Municipality, browser: Client
) -> None:
    for town in (stuttgart, munich):
        with within(town):
            report(text=f"<i>{town.name}</i>", page="", contact="", language="de")
    assert browser.get("/dienst/rueckmeldungen/").status_code == 302
    sign_in(browser)
    assert browser.get("/dienst/rueckmeldungen/").status_code == 403
    appoint(stuttgart, provider)
    text = browser.get("/dienst/rueckmeldungen/").content.decode()
    assert "&lt;i&gt;Stuttgart&lt;/i&gt;" in text and "München" not in text
    addresses = {}
    for town in (stuttgart, munich):
        with within(town):
            addresses[town.slug] = f"/dienst/rueckmeldungen/{town.slug}/{reports()[0].id}/"
    assert browser.post(addresses["muenchen"]).status_code == 403
    assert browser.post(addresses["stuttgart"])["Location"] == "/dienst/rueckmeldungen/"
    assert "Erledigt:" in browser.get("/dienst/rueckmeldungen/").content.decode()
