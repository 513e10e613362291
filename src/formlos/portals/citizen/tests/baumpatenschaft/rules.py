"""Baumsatzung der Musterstadt, invented for tests."""

from __future__ import annotations

from datetime import date

from formlos.law.language import age_on, computed, record, rule
from formlos.vocabulary import Anschrift


@record
class Helfer:
    vornamen: str
    familienname: str
    hat_sperre: bool
    ist_sichtbar: bool = computed()


@rule(source="§ 4 Baumsatzung")
def patenschaft_ist_zu_vergeben(
    ist_volljaehrig: bool,
    wohnt_in_musterstadt: bool,
    standort: str,
    helfer: list[Helfer],
    hoechstzahl: int,
    baum_ist_frei: bool,
) -> bool:
    """Adults who live in the town and name a tree get it if it is free and few look after it already."""
    if standort == "" or len(helfer) > hoechstzahl:
        return False
    return ist_volljaehrig and wohnt_in_musterstadt and baum_ist_frei


@rule(source="§ 2 Abs. 1 Baumsatzung")
def ist_volljaehrig(geburtsdatum: date, heute: date, mindestalter: int) -> bool:
    """Of age on the day."""
    return age_on(geburtsdatum, heute) >= mindestalter


@rule(source="§ 2 Abs. 2 Baumsatzung")
def wohnt_in_musterstadt(bisherige_anschrift: Anschrift) -> bool:
    """The dwelling lies in Musterstadt."""
    return bisherige_anschrift.ort == "Musterstadt"


@rule(source="§ 5 Baumsatzung")
def ist_sichtbar(person: Helfer) -> bool:
    """Helpers with a block are shown to nobody."""
    return not person.hat_sperre


@rule(source="§ 6 Baumsatzung")
def trockene_monate(standort: str) -> int:
    """Months in which the tree needs water every day."""
    return 1 if standort == "Marktplatz" else 0
