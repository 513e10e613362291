"""Jobs of the catalogue: asking the operator's language model, and forgetting what was asked."""

from __future__ import annotations

from procrastinate.contrib.django import app

from formlos.base.jobs import task
from formlos.base.tenancy import Municipality, within
from formlos.catalogue.finder import consulting


@task(name="catalogue.ask_model", retry=None)
def ask_model(*, consultation: str) -> None:
    """Ask once: a model that fails is no reason to send the text again."""
    consulting.answer(consultation=consultation)


@app.periodic(cron="*/5 * * * *")
@app.task(name="catalogue.forget_consultations", queue="default", pass_context=False)
def forget_consultations(timestamp: int) -> None:
    """Delete questions to the model that are over, of every municipality."""
    for municipality in Municipality.objects.all():
        with within(municipality):
            consulting.forget_old()
