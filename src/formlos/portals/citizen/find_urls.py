"""Addresses of the finder. They come before ``<slug>/``, which would take ``finden/`` for a town."""

from django.urls import path

from formlos.portals.citizen.pages import find
from formlos.portals.citizen.pages.consult import consult_urls

find_urls = [
    *consult_urls,
    path("finden/", find.anywhere, name="find_anywhere"),
    path("<slug:slug>/finden/", find.page, name="find"),
    path("<slug:slug>/anliegen/", find.letters, name="matters"),
    path("<slug:slug>/anliegen/<slug:name>/", find.matter, name="matter"),
    path("<slug:slug>/lebenslage/<slug:name>/", find.situation, name="situation"),
]
