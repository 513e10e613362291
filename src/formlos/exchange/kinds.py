"""Kinds of messages by the version of the standard that names them.

XMeld 25.11a numbers (http://www.osci.de/xmeld2511a); ``.storno`` is our own until the standard's cancellation
is built into a codec. A new release of the standard is a new table beside this one.
"""

from __future__ import annotations

XMELD_25_11 = {
    "xmeld:1702": "Anforderung des vorausgefüllten Meldescheins",
    "xmeld:1703": "Vorausgefüllter Meldeschein",
    "xmeld:0201": "Rückmeldung",
    "xmeld:0201.storno": "Stornierung einer Rückmeldung",
    "xmeld:0203": "Auswertung der Rückmeldung",
}
KINDS = {**XMELD_25_11}


def title_of(kind: str) -> str:
    """The German title of a kind, or the kind itself when it is in no table."""
    return KINDS.get(kind, kind)
