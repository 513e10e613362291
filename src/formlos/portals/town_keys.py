"""The official key (AGS) of a town that somebody names."""

from __future__ import annotations

from contextlib import suppress

from formlos.base.tenancy import Municipality
from formlos.exchange import queries as exchange
from formlos.exchange.refusals import DirectoryExpired, NoDirectory


def find_ags(town: str) -> str | None:
    """The official key of a town by its name, from the directory and this node; None unless there is just one."""
    known = {(one.ags, one.name) for one in Municipality.objects.all()}
    with suppress(NoDirectory, DirectoryExpired):
        known |= {(entry.ags, entry.name) for entry in exchange.current_directory().entries.values()}
    found = {ags for ags, name in known if name.casefold() == town.strip().casefold()}
    return found.pop() if len(found) == 1 else None
