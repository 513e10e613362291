"""Satzung der Musterstadt über die Nutzung von Brunnen: an invented statute that uses the whole rule language.

NOT COVERED: § 10 because fines are discretionary.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from formlos.law.language import age_on, computed, next_working_day, record, round_half_up, rule


@record
class Lage:
    """Where the well is."""

    strasse: str
    hausnummer: str
    zusatz: str | None
    bezirk: str


@record
class Person:
    """A person."""

    vorname: str
    geburtsdatum: date


@record
class Kind(Person):
    """A child of the applicant."""

    pflegekind_seit: date | None
    lebt_im_haushalt: bool
    zaehlt: bool = computed()


@rule(source="§ 1 Brunnensatzung")
def gebuehr_ist_festzusetzen(nutzung_hat_begonnen: bool, brunnen_ist_unbedenklich: bool, art: str, tiefe: int) -> bool:
    """Whoever uses a well owes the fee, unless it is a garden well without depth."""
    if art == "garten" and tiefe == 0:
        return False
    return nutzung_hat_begonnen and brunnen_ist_unbedenklich


@rule(source="§ 2 Abs. 1 Brunnensatzung")
def nutzung_hat_begonnen(nutzungsbeginn: date, heute: date) -> bool:
    """The use has begun."""
    return nutzungsbeginn <= heute


@rule(source="§ 3 Brunnensatzung 2020", since=date(2020, 1, 1), until=date(2024, 12, 31), fact="grundgebuehr")
def grundgebuehr_bis_2024(grundbetrag: Decimal) -> Decimal:
    """The basic fee was the same for all wells."""
    return grundbetrag


@rule(source="§ 3 Brunnensatzung 2025", since=date(2025, 1, 1))
def grundgebuehr(grundbetrag: Decimal, tarif: dict[str, Decimal], art: str) -> Decimal:
    """The basic fee depends on the kind of well."""
    return grundbetrag * tarif[art]


@rule(source="§ 4 Brunnensatzung")
def mengengebuehr(
    zaehler_vorhanden: bool,
    verbrauch: Decimal,
    satz_je_kubikmeter: Decimal,
    tiefe: int,
    pauschale_je_meter: Decimal,
) -> Decimal:
    """By the meter, or a lump sum by depth where there is no meter."""
    return verbrauch * satz_je_kubikmeter if zaehler_vorhanden else pauschale_je_meter * tiefe


@rule(source="§ 5 Abs. 1 Brunnensatzung")
def zaehlt(kind: Kind, antragsdatum: date, altersgrenze: int) -> bool:
    """A child counts while under age and in the household; a foster child from the day of its arrival."""
    if not kind.lebt_im_haushalt:
        return False
    seit = kind.pflegekind_seit
    if seit is not None and seit > antragsdatum:
        return False
    return age_on(kind.geburtsdatum, antragsdatum) < altersgrenze


@rule(source="§ 5 Abs. 2 Brunnensatzung")
def abzug(kinder: list[Kind], kinderabzug: Decimal, hoechstzahl: int) -> Decimal:
    """For each child that counts, but no more than a maximum."""
    zahl = len([kind for kind in kinder if kind.zaehlt])
    return kinderabzug * min(zahl, hoechstzahl)


@rule(source="§ 6 Brunnensatzung")
def ist_ermaessigt(ermaessigung_beantragt: bool, einkommen: Decimal | None, einkommensgrenze: Decimal) -> bool:
    """Half the fee on application, for those with little income or none."""
    if not ermaessigung_beantragt:
        return False
    return einkommen is None or einkommen < einkommensgrenze


@rule(source="§ 3 bis 6 Brunnensatzung")
def gebuehr(
    grundgebuehr: Decimal, mengengebuehr: Decimal, abzug: Decimal, ist_ermaessigt: bool, stellen: int
) -> Decimal:
    """Basic fee and fee by volume, less the deduction, never below zero, half if reduced."""
    voll = max(grundgebuehr + mengengebuehr - abzug, Decimal("0"))
    if ist_ermaessigt:
        return round_half_up(voll / (Decimal("1") + Decimal("1")), stellen)
    return round_half_up(voll, stellen)


@rule(source="§ 7 Brunnensatzung")
def brunnen_ist_unbedenklich(altlast_vermutet: bool, altlast_ist_geprueft: bool) -> bool:
    """No suspected contamination, or a clerk has looked at it."""
    return not altlast_vermutet or altlast_ist_geprueft


@rule(source="§ 8 Brunnensatzung")
def zahlungsziel(nutzungsbeginn: date, frist: timedelta, feiertage: frozenset[date]) -> date:
    """Two weeks after the use began; the next working day."""
    return next_working_day(nutzungsbeginn + frist, feiertage)


@rule(source="§ 8 Brunnensatzung")
def ist_faellig(zahlungsziel: date, heute: date) -> bool:
    """The day of payment has passed."""
    return heute > zahlungsziel


@rule(source="§ 5 Abs. 3 Brunnensatzung")
def zaehlende_kinder(kinder: list[Kind]) -> list[Kind]:
    """The children that count."""
    return [kind for kind in kinder if kind.zaehlt]


@rule(source="§ 5 Abs. 3 Brunnensatzung")
def familie_wird_benachrichtigt(gebuehr_ist_festzusetzen: bool, kinder: list[Kind]) -> bool:
    """The family learns of the deduction if a child counts."""
    return gebuehr_ist_festzusetzen and any(kind.zaehlt for kind in kinder)
