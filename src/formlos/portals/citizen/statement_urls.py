"""Addresses of what a public body has to say about its pages. They come before ``<slug>/``."""

from django.urls import path

from formlos.portals.citizen.pages import statements

statement_urls = [
    path("barrierefreiheit/", statements.accessibility, name="accessibility"),
    path("datenschutz/", statements.privacy, name="privacy"),
    path("impressum/", statements.imprint, name="imprint"),
    path("<slug:slug>/barrierefreiheit/", statements.accessibility, name="town_accessibility"),
    path("<slug:slug>/barriere-melden/", statements.report_barrier, name="report_barrier"),
    path("<slug:slug>/datenschutz/", statements.privacy, name="town_privacy"),
    path("<slug:slug>/impressum/", statements.imprint, name="town_imprint"),
]
