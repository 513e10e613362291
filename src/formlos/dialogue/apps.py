"""Names the app for Django."""

from django.apps import AppConfig


class DialogueConfig(AppConfig):
    name = "formlos.dialogue"
