"""Addresses of the public pages. Names are German, because people read and type them."""

from datetime import date

from django.urls import include, path, register_converter

from formlos.portals.citizen.find_urls import find_urls
from formlos.portals.citizen.pages import (
    acting,
    afterwards,
    appointments,
    asking,
    cases,
    law,
    links,
    sign_in,
    start,
    towns,
    verify,
)
from formlos.portals.citizen.pages.wallet import wallet_urls
from formlos.portals.citizen.stage.pages import stage_urls
from formlos.portals.citizen.statement_urls import statement_urls


class Day:
    """A day in an address, such as ``2026-03-01``."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(Day, "day")

app_name = "citizen"
urlpatterns = [
    path("", start.start, name="start"),
    path("pruefen/", verify.page, name="verify"),
    path("anmelden/", sign_in.choose, name="sign_in"),
    path("anmelden/los/", sign_in.go, name="sign_in_go"),
    path("anmelden/zurueck/<slug:provider>/", sign_in.back, name="sign_in_back"),
    path("anmelden/warten/<uuid:login_id>/", sign_in.wait, name="sign_in_wait"),
    path("anmelden/demo/", sign_in.demo, name="demo_sign_in"),
    path("abmelden/", sign_in.sign_out, name="sign_out"),
    path("abgemeldet/", sign_in.signed_out, name="signed_out"),
    *wallet_urls,
    *find_urls,
    *stage_urls,
    *statement_urls,
    path("meine/", include("formlos.portals.citizen.mine_urls")),
    path("<slug:slug>/", towns.town, name="town"),
    path("", include("formlos.portals.citizen.landlord_urls")),
    path("<slug:slug>/wappen.svg", towns.crest, name="crest"),
    path("<slug:slug>/siegel.pem", towns.certificates, name="certificates"),
    path("<slug:slug>/journal/", towns.journal, name="journal"),
    path("<slug:slug>/journal/<day:day>.jws", towns.journal_seal, name="journal_seal"),
    path("<slug:slug>/recht/<slug:service>/", law.page, name="law"),
    path("<slug:slug>/anliegen/<slug:service>/beginnen/", asking.begin, name="begin"),
    path("<slug:slug>/anliegen/<slug:service>/fuer-wen/", acting.choose, name="acting"),
    path("<slug:slug>/anliegen/<slug:service>/ohne-pin/", asking.without_pin, name="without_pin"),
    path("<slug:slug>/termin/", appointments.by_code, name="appointment_code"),
    path("<slug:slug>/vorgang/<uuid:case_id>/termin/", appointments.appointment, name="appointment"),
    path("<slug:slug>/vorgang/<uuid:case_id>/termin/absagen/", appointments.cancel, name="appointment_cancel"),
    path("<slug:slug>/vorgang/<uuid:case_id>/", cases.status, name="case"),
    path("<slug:slug>/vorgang/<uuid:case_id>/anlage/<uuid:attachment>", cases.attachment, name="attachment"),
    path("<slug:slug>/vorgang/<uuid:case_id>/fragen/", asking.question, name="question"),
    path("<slug:slug>/vorgang/<uuid:case_id>/angaben/", asking.review, name="review"),
    path("<slug:slug>/vorgang/<uuid:case_id>/angaben/<path:path>/", asking.change, name="change"),
    path("<slug:slug>/vorgang/<uuid:case_id>/stimmt-nicht/<path:path>/", asking.dispute, name="dispute"),
    path("<slug:slug>/vorgang/<uuid:case_id>/link/<slug:source>/", links.party, name="party"),
    path("<slug:slug>/vorgang/<uuid:case_id>/einladung/", links.invited, name="invited"),
    path("<slug:slug>/link/<str:token>/", links.link, name="link"),
    path("<slug:slug>/vorgang/<uuid:case_id>/zuruecknehmen/", asking.withdraw, name="withdraw"),
    path("<slug:slug>/vorgang/<uuid:case_id>/<uuid:notice_id>.pdf", cases.document, name="document"),
    path("<slug:slug>/vorgang/<uuid:case_id>/falsch/", afterwards.wrong, name="wrong"),
    path("<slug:slug>/vorgang/<uuid:case_id>/<uuid:notice_id>/", cases.notice, name="notice"),
    path("<slug:slug>/vorgang/<uuid:case_id>/<uuid:notice_id>/rechtsbehelf/", afterwards.objection, name="objection"),
    path(
        "<slug:slug>/vorgang/<uuid:case_id>/<uuid:notice_id>.json",
        cases.document,
        {"kind": "json"},
        name="document_data",
    ),
]
