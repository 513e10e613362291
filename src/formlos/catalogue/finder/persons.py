"""Who comes along, as the sentence puts it. Only shown: who moves with whom is known to the registers, not to us."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formlos.catalogue.finder.dates import Span

_WHOSE = r"(?:meine[rnms]?|mein|unsere[rnms]?|unser|de[nmr]|seine[rnms]?|ihre[rnms]?|my|our|the|his|her)"
_COUNT = r"(?:\d{1,2}|zwei|drei|vier|fünf|sechs|beiden|two|three|four|five|both)"
_KIN = (
    r"(?:kind(?:ern|er|e)?|sohn|söhnen?|tochter|töchtern?|baby|babys|babies|säugling|zwillinge[n]?|frau|mann|ehefrau|ehemann"
    r"|partner(?:in)?|freund(?:in)?|verlobten?|mutter|vater|eltern|familie|oma|opa|kids?|child(?:ren)?|sons?|daughters?"
    r"|twins|wife|husband|girlfriend|boyfriend|family|mother|father|parents|toddler)"
)
_ONE = rf"(?:{_WHOSE}\s+)?(?:{_COUNT}\s+)?(?:kleinen?\s+|little\s+)?{_KIN}"
_ALONG = re.compile(
    rf"\b(?:mit|samt|zusammen mit|with|together with)\s+({_ONE}(?:\s*(?:,|und|and)\s*{_ONE})*)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Along:
    """``words`` as they were written, without the preposition."""

    words: str
    span: Span


def along_in(text: str) -> Along | None:
    hit = _ALONG.search(text)
    return Along(hit[1], hit.span()) if hit else None
