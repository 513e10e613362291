from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class BaseConfig(AppConfig):
    name = "formlos.base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from formlos.base import clock, rows

        if settings.DEMO:
            clock.follow(settings.HOME / clock.DEMO_FILE)
        post_migrate.connect(rows.secure_after_migrate, sender=self)
