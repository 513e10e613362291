from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "formlos.exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from formlos.base import messages
        from formlos.exchange import (
            sources,  # noqa: F401  registers itself
            tasks,  # noqa: F401  registers the jobs
        )
        from formlos.exchange.operations import delivery, outbox

        messages.carry_by(send=outbox.send, deliver=delivery.deliver_fresh)
