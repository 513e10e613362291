from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BaseConfig(AppConfig):
    name = "formlos.base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from formlos.base import rows

        post_migrate.connect(rows.secure_after_migrate, sender=self)
