"""Source of facts: does a municipality take part in the exchange, and what is its office called?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from formlos.base.sources import Answer, Context, local
from formlos.exchange import queries
from formlos.exchange.refusals import Refusal

SUPPLIER = "Verzeichnis der Behörden"


@local("exchange.directory")
def directory(inputs: Mapping[str, Any], context: Context) -> Answer:
    """``ags`` -> ``ist_angeschlossen``, ``behoerde_name``. Down when the node has no valid directory."""
    try:
        found = queries.current_directory().entry(str(inputs["ags"]))
    except Refusal as refusal:
        return Answer("down", supplier=SUPPLIER, detail=str(refusal))
    connected = found is not None and found.key(use="enc", moment=context.now) is not None
    values = {"ist_angeschlossen": connected} | ({"behoerde_name": found.name} if found else {})
    return Answer("answered", values, supplier=SUPPLIER)
