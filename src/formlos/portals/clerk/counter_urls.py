"""Addresses of the counter, below ``/dienst/<slug>/schalter/``."""

from django.urls import path

from formlos.portals.clerk import counter, counter_cases

CASE = "<uuid:case_id>"
counter_urls = [
    path("", counter.start, name="counter"),
    path("neu/<slug:service>/", counter.begin, name="counter_begin"),
    path(f"{CASE}/ausweis/", counter.resume, name="counter_resume"),
    path("verlassen/", counter.leave, name="counter_leave"),
    path(f"{CASE}/", counter_cases.case, name="case"),
    path(f"{CASE}/link/<slug:source>/", counter_cases.party, name="party"),
    path(f"{CASE}/lesen/", counter_cases.reading_preferences, name="reading"),
    path(f"{CASE}/fragen/", counter_cases.question, name="question"),
    path(f"{CASE}/angaben/", counter_cases.review, name="review"),
    path(f"{CASE}/ausdruck/", counter_cases.printed, name="printed"),
    path(f"{CASE}/angaben/<path:path>/", counter_cases.change, name="change"),
    path(f"{CASE}/stimmt-nicht/<path:path>/", counter_cases.dispute, name="dispute"),
    path(f"{CASE}/zuruecknehmen/", counter_cases.withdraw, name="withdraw"),
    path(f"{CASE}/anlage/<uuid:attachment>", counter_cases.attachment, name="attachment"),
    path(f"{CASE}/klaeren/<path:path>/", counter_cases.settle, name="settle"),
    path(f"{CASE}/<uuid:notice_id>.pdf", counter_cases.document, name="document"),
    path(f"{CASE}/<uuid:notice_id>/", counter_cases.notice, name="notice"),
    path(f"{CASE}/<uuid:notice_id>/brief/", counter_cases.by_post, name="by_post"),
]
