"""Rückmeldung taken back: the other authority registered someone by mistake; their old dwelling comes to life again.

NOT COVERED: a number of its own in OSCI-XMeld because the message is an extension of this platform.
"""

from __future__ import annotations

from formlos.law.language import rule


@rule(source="§ 6 Abs. 1 BMG")
def auszug_ist_zurueckzunehmen(bezug: str) -> bool:
    """A register that became wrong through an undone registration is corrected."""
    return bezug != ""
