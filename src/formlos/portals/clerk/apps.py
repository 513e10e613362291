from django.apps import AppConfig


class ClerkConfig(AppConfig):
    name = "formlos.portals.clerk"
