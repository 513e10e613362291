from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "formlos.identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from formlos.base import people
        from formlos.identity import hints

        people.reached_by(tell=hints.tell, reachable=hints.can_be_told)
