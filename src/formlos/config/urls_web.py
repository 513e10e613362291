"""Addresses of the web process: the citizen's and the staff's pages, the machine API beside them, health."""

from django.urls import include, path

from formlos.portals.citizen import languages
from formlos.portals.citizen.http import api
from formlos.portals.citizen.pages import start

urlpatterns = [
    path("health", start.health),
    path("sprache/", languages.choose),
    path("api/", api.urls),
    path("dienst/", include("formlos.portals.clerk.urls")),
    path("", include("formlos.portals.citizen.urls")),
]
