"""Addresses of the simulated wallet."""

from django.urls import path

from formlos.portals.wallet import pages

app_name = "wallet"
urlpatterns = [
    path("", pages.start, name="start"),
    path("<str:key>/", pages.ask, name="ask"),
    path("<str:key>/antwort/", pages.decide, name="decide"),
]
