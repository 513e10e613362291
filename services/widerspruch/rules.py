"""Widerspruch: an objection to a notice, in time or with reinstatement, remedied by the authority itself or passed on.

NOT COVERED: § 80 VwGO because suspensive effect follows from the law and is no decision of this service.
NOT COVERED: § 71 VwGO because hearing a third party is the clerk's act.
NOT COVERED: deciding a late objection on its merits nevertheless, because that is the discretion of the authority.
"""

from __future__ import annotations

from datetime import date, timedelta

from formlos.law.language import add_months, next_working_day, rule


@rule(source="§ 58 Abs. 1 und 2 VwGO")
def frist_in_monaten(belehrung_ist_erteilt: bool, widerspruchsfrist: int, frist_ohne_belehrung: int) -> int:
    """A month; a year where the notice did not say rightly what is open against it."""
    return widerspruchsfrist if belehrung_ist_erteilt else frist_ohne_belehrung


@rule(source="§ 60 Abs. 1 bis 3 VwGO")
def wiedereinsetzung_kommt_in_betracht(
    widerspruchsfrist_ende: date | None,
    hindernis_entfallen_am: date,
    antragsdatum: date,
    wiedereinsetzungsfrist: timedelta,
    ausschlussfrist: int,
    feiertage: frozenset[date],
) -> bool:
    """Within two weeks after what hindered the person fell away, and within a year after the time limit."""
    if widerspruchsfrist_ende is None:
        return False
    if antragsdatum > add_months(widerspruchsfrist_ende, ausschlussfrist):
        return False
    return antragsdatum <= next_working_day(hindernis_entfallen_am + wiedereinsetzungsfrist, feiertage)


@rule(source="§ 68 Abs. 1 VwGO")
def widerspruch_ist_statthaft(rechtsbehelf: str) -> bool:
    """Against this notice an objection is open, and no lawsuit at once."""
    return rechtsbehelf == "widerspruch"


@rule(source="§ 70 Abs. 1 VwGO, § 31 Abs. 1 und 3 VwVfG, §§ 187, 188 und 193 BGB")
def widerspruchsfrist_ende(
    bekanntgegeben_am: date | None, frist_in_monaten: int, feiertage: frozenset[date]
) -> date | None:
    """The last day; there is none while the notice has not been made known."""
    if bekanntgegeben_am is None:
        return None
    return next_working_day(add_months(bekanntgegeben_am, frist_in_monaten), feiertage)


@rule(source="§ 70 Abs. 1 VwGO")
def widerspruch_ist_rechtzeitig(widerspruchsfrist_ende: date | None, antragsdatum: date) -> bool:
    """Raised on the last day at the latest."""
    return widerspruchsfrist_ende is None or antragsdatum <= widerspruchsfrist_ende


@rule(source="§ 70 Abs. 2, § 60 Abs. 1 VwGO")
def frist_ist_gewahrt(
    widerspruch_ist_rechtzeitig: bool,
    wiedereinsetzung_kommt_in_betracht: bool,
    wiedereinsetzung_ist_zu_gewaehren: bool,
) -> bool:
    """In time, or late without fault and reinstated."""
    if widerspruch_ist_rechtzeitig:
        return True
    return wiedereinsetzung_kommt_in_betracht and wiedereinsetzung_ist_zu_gewaehren


@rule(source="§ 72 VwGO")
def dem_widerspruch_ist_abzuhelfen(
    widerspruch_ist_statthaft: bool, frist_ist_gewahrt: bool, widerspruch_ist_begruendet: bool
) -> bool:
    """The authority finds an admissible objection justified and remedies it."""
    return widerspruch_ist_statthaft and frist_ist_gewahrt and widerspruch_ist_begruendet


@rule(source="§ 73 Abs. 1 VwGO")
def widerspruch_ist_vorzulegen(dem_widerspruch_ist_abzuhelfen: bool) -> bool:
    """What is not remedied goes to the authority that decides on objections."""
    return not dem_widerspruch_ist_abzuhelfen
