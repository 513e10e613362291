from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "formlos.registers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from formlos.registers import effects, sources  # noqa: F401  registers the adapters
