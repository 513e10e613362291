"""Addresses of the pages for landlords with many flats, within a town."""

from django.urls import path

from formlos.portals.citizen.pages import landlords

urlpatterns = [
    path("<slug:slug>/vermieten/", landlords.start, name="let"),
    path("<slug:slug>/vermieten/vorlage.csv", landlords.template, name="let_template"),
    path("<slug:slug>/vermieten/<uuid:batch_id>/", landlords.batch, name="let_list"),
    path("<slug:slug>/vermieten/<uuid:batch_id>/codes.csv", landlords.codes, name="let_codes"),
]
