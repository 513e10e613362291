"""Jobs of the catalogue: asking the operator's language model, and forgetting what was asked."""

from __future__ import annotations

from formlos.base.jobs import for_every_town, task
from formlos.base.tenancy import within
from formlos.catalogue.finder import consulting


@task(name="catalogue.ask_model", retry=None)
def ask_model(*, consultation: str) -> None:
    """Ask once: a model that fails is no reason to send the text again."""
    consulting.answer(consultation=consultation)


@for_every_town(name="catalogue.forget_consultations", cron="*/5 * * * *")
def forget_consultations() -> None:
    """Delete questions to the model that are over."""
    with within():
        consulting.forget_old()
