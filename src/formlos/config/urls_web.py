"""Addresses of the web process: the citizen's pages, the machine API beside them, health."""

from django.urls import include, path
from django.views.i18n import set_language

from formlos.portals.citizen.http import api
from formlos.portals.citizen.pages import start

urlpatterns = [
    path("healthz", start.health),
    path("sprache/", set_language),
    path("api/", api.urls),
    path("", include("formlos.portals.citizen.urls")),
]
