"""For which children somebody may act, as this register knows it (§ 17 Abs. 3 BMG; §§ 1626, 1629 BGB).

Whoever must not be told of a child is told nothing: neither that there is one nor that something was left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from formlos.law.language import age_on
from formlos.registers.models import Relation, Residence, Resident
from formlos.registers.models.residents import MAIN
from formlos.registers.operations.access import AUTOMATIC, log_access
from formlos.registers.queries.addresses import address_of
from formlos.registers.queries.people import Match, complete_matches, protected
from formlos.registers.values import as_address, as_date, as_text

DATA = ("familienname", "vornamen", "geburtsdatum", "anschrift")


@dataclass(frozen=True)
class Child:
    """A child, and ``parent``, the resident who acts. ``until``: the birthday on which acting ends; ``proven``: no other parent with custody lives elsewhere, so
    that no clerk need ask. ``facts``: names, birth date and address in JSON form.
    """

    id: UUID
    parent: UUID
    name: str
    until: date
    proven: bool
    facts: Mapping[str, Any]


def children_of(
    *, identity: Mapping[str, Any], until_age: int, ags: str, today: date, purpose: str, norm: str
) -> list[Child]:
    """The children under ``until_age`` of whoever matches the identity completely, the oldest first.

    identity: ``familienname``, ``vornamen``, ``geburtsdatum`` and ``anschrift``. Left out are children without the
    person's custody, with a bar on disclosure, or who live anywhere with somebody that has one; and those whose
    dwelling is not in this town. Reading is logged (§ 40 BMG).
    """
    parent = _parent(identity)
    if parent is None:
        return []
    homes = _homes(_under_custody(parent.resident, until_age, today))
    found = [_child(home, parent, until_age, ags) for home in homes.values() if _may_be_told(home, parent, today)]
    read = [parent.resident.id, *(child.id for child in found)]
    log_access(residents=read, data=DATA, accessor=AUTOMATIC, purpose=purpose, norm=norm)
    return sorted(found, key=lambda child: (child.facts["geburtsdatum"], child.id))


def may_still_act(*, parent: UUID, child: UUID, today: date) -> bool:
    """Whether the parent still has custody of a living child, and nobody may be kept from them by a bar (§ 51 BMG)."""
    custody = Relation.objects.select_related("related").filter(
        resident=parent, related=child, kind=Relation.PARENT, sorgerecht=True, related__sterbedatum__isnull=True
    )
    if (relation := custody.first()) is None or protected(residents=[relation.related], today=today):
        return False
    own = Residence.objects.filter(resident=parent, auszugsdatum__isnull=True, dwelling__isnull=False)
    return not _lives_with_protected(relation.related, list(own.values_list("dwelling", flat=True)), parent, today)


def _parent(identity: Mapping[str, Any]) -> Match | None:
    born = as_date(identity.get("geburtsdatum"))
    if born is None:
        return None
    found = complete_matches(
        familienname=as_text(identity.get("familienname")),
        vornamen=as_text(identity.get("vornamen")),
        geburtsdatum=born,
        anschrift=as_address(identity.get("anschrift")) or {},
    )
    lives_here = [one for one in found if one.residence.auszugsdatum is None and one.resident.sterbedatum is None]
    return lives_here[0] if len(found) == 1 and lives_here else None


def _under_custody(parent: Resident, until_age: int, today: date) -> list[Resident]:
    rows = Relation.objects.select_related("related").filter(resident=parent, kind=Relation.PARENT, sorgerecht=True)
    children = [row.related for row in rows]
    return [one for one in children if one.sterbedatum is None and age_on(one.geburtsdatum, today) < until_age]


def _homes(children: list[Resident]) -> dict[UUID, Residence]:
    rows = Residence.objects.select_related("resident", "dwelling__building__street").filter(
        resident__in=children, auszugsdatum__isnull=True, status__in=MAIN, dwelling__isnull=False
    )
    return {row.resident_id: row for row in rows}


def _may_be_told(home: Residence, parent: Match, today: date) -> bool:
    """The child has no bar, and nobody has one where the child lives and the parent does not."""
    if protected(residents=[home.resident], today=today):
        return False
    return not _lives_with_protected(home.resident, [parent.residence.dwelling_id], parent.resident.id, today)


def _lives_with_protected(child: Resident, dwellings: Sequence[UUID | None], parent: UUID, today: date) -> bool:
    """Whether somebody has a bar where the child lives and the parent, who lives in ``dwellings``, does not."""
    own = Residence.objects.filter(resident=child, auszugsdatum__isnull=True, dwelling__isnull=False)
    elsewhere = own.exclude(dwelling__in=dwellings).values("dwelling")
    there = Resident.objects.filter(residences__dwelling__in=elsewhere, residences__auszugsdatum__isnull=True)
    return bool(protected(residents=list(there.exclude(id=parent).distinct()), today=today))


def _child(home: Residence, parent: Match, until_age: int, ags: str) -> Child:
    child = home.resident
    facts = {name: getattr(child, name) for name in ("familienname", "vornamen")}
    return Child(
        id=child.id,
        parent=parent.resident.id,
        name=f"{child.vornamen} {child.familienname}",
        until=_birthday(child.geburtsdatum, until_age),
        proven=not _other_parents_elsewhere(child, parent),
        facts=facts | {"geburtsdatum": child.geburtsdatum.isoformat(), "anschrift": address_of(home.dwelling, ags=ags)},
    )


def _other_parents_elsewhere(child: Resident, parent: Match) -> bool:
    """Whether another parent with custody does not share the acting parent's dwelling: both represent together."""
    others = Relation.objects.filter(related=child, kind=Relation.PARENT, sorgerecht=True).exclude(
        resident=parent.resident
    )
    here = Q(resident__residences__dwelling=parent.residence.dwelling_id, resident__residences__auszugsdatum=None)
    return others.exclude(id__in=others.filter(here).values("id")).exists()


def _birthday(born: date, age: int) -> date:
    """The day on which that many years are completed; 29 February counts from 1 March (§ 188 Abs. 2 BGB)."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
