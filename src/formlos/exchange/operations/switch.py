"""An operator's switch: a municipality is off the exchange, for maintenance, or to show that nothing is lost by it.

While it is off, its endpoint takes nothing (503, "come back") and none of its own messages leaves.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from formlos.base import clock
from formlos.base.jobs import defer
from formlos.base.tenancy import Municipality, within
from formlos.exchange.models import Outgoing
from formlos.exchange.operations.results import URGENT
from formlos.exchange.queries import OFF


def take_off(*, ags: str) -> None:
    """From now on the municipality neither takes nor sends messages. Raises ``Municipality.DoesNotExist``."""
    _set(ags, True)


def bring_back(*, ags: str) -> None:
    """The municipality takes part again: what waits for it, or in it, on this node leaves at once.

    Other nodes come by themselves, after the pause they are in. Raises ``Municipality.DoesNotExist``.
    """
    town = _set(ags, False)
    for sender in Municipality.objects.all():
        with within(sender):
            waiting = Outgoing.objects.filter(state=Outgoing.State.WAITING)
            _deliver_now(waiting if sender.id == town.id else waiting.filter(receiver=ags))


def _set(ags: str, off: bool) -> Municipality:
    with transaction.atomic():
        town: Municipality = Municipality.objects.select_for_update().get(ags=ags)
        town.settings[OFF] = off
        town.save(update_fields=["settings"])
    return town


def _deliver_now(waiting: QuerySet[Outgoing]) -> None:
    from formlos.exchange import tasks  # tasks load operations

    for key in waiting.values_list("id", flat=True):
        waiting.filter(id=key).update(next_attempt_at=clock.now())
        defer(tasks.deliver, outgoing_id=str(key), priority=URGENT)
