"""Names the app for Django."""

from django.apps import AppConfig


class LandlordsConfig(AppConfig):
    name = "formlos.landlords"
