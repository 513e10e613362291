from django.apps import AppConfig


class CitizenConfig(AppConfig):
    name = "formlos.portals.citizen"
