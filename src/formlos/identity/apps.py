from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "formlos.identity"
    default_auto_field = "django.db.models.BigAutoField"
