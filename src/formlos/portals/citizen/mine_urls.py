"""Addresses of what is the person's own: cases, inbox, data, account."""

from django.urls import path

from formlos.portals.citizen.pages import choices, contact, mine

urlpatterns = [
    path("", mine.overview, name="mine"),
    path("daten/", mine.data, name="my_data"),
    path("daten/export.json", mine.export, name="my_export"),
    path("einwilligungen/", choices.page, name="my_choices"),
    path("konto/", mine.account, name="my_account"),
    path("konto/e-mail/", contact.propose, name="my_contact"),
    path("konto/e-mail/wahl/", contact.choose, name="my_contact_choice"),
    path("konto/e-mail/entfernen/", contact.remove, name="my_contact_remove"),
    path("konto/e-mail/<str:token>/", contact.confirm, name="my_contact_confirm"),
    path("konto/ueberall-ausloggen/", mine.log_out_elsewhere, name="my_account_elsewhere"),
    path("konto/schliessen/", mine.close, name="my_account_close"),
    path("konto/geschlossen/", mine.closed, name="account_closed"),
]
