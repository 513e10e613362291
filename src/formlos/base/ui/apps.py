from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "formlos.base.ui"
