from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "formlos.notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from formlos.notices import effects  # noqa: F401  registers the adapters
