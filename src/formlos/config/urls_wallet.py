"""Addresses of the simulated wallet's process, which exists on demo nodes only."""

from django.urls import include, path

from formlos.portals.wallet import pages

urlpatterns = [
    path("health", pages.health),
    path("", include("formlos.portals.wallet.urls")),
]
