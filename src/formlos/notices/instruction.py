"""The instruction on remedies (Rechtsbehelfsbelehrung, § 58 Abs. 1 VwGO): remedy, authority or court, seat, time limit."""

from __future__ import annotations

from formlos.notices.letterheads import Letterhead

OBJECTIONS = {"widerspruch": "Widerspruch", "einspruch": "Einspruch"}


def instruction_for(*, remedy: str, head: Letterhead, court: str) -> str:
    """One sentence; empty where something that it must say is not known: then the remedy stays open for a year.

    court: name and address, where the remedy is a lawsuit. The form is not named: what is named must be complete.
    """
    if remedy in OBJECTIONS and "·" in head.sender:
        where = ", ".join(part.strip() for part in head.sender.split("·"))
        return (
            f"Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe {OBJECTIONS[remedy]} erhoben werden "
            f"bei: {where}."
        )
    if remedy == "klage" and court:
        return f"Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Klage erhoben werden bei: {court}."
    return ""
