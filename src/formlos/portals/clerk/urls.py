"""Addresses of the staff's pages."""

from django.urls import include, path

from formlos.portals.clerk import pages, reports
from formlos.portals.clerk.counter_urls import counter_urls

app_name = "clerk"
urlpatterns = [
    path("", pages.home, name="home"),
    path("rueckmeldungen/", reports.page, name="reports"),
    path("rueckmeldungen/<slug:slug>/<uuid:report_id>/", reports.settle, name="settle_report"),
    path("anmelden/", pages.sign_in, name="sign_in"),
    path("anmelden/los/", pages.go, name="sign_in_go"),
    path("anmelden/zurueck/<slug:provider>/", pages.back, name="sign_in_back"),
    path("anmelden/warten/<uuid:login_id>/", pages.wait, name="sign_in_wait"),
    path("abmelden/", pages.sign_out, name="sign_out"),
    path("abgemeldet/", pages.signed_out, name="signed_out"),
    path("<slug:slug>/schalter/", include(counter_urls)),
]
