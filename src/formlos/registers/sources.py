"""The registers as sources of facts. An adapter to a Fachverfahren registers the same kinds instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from formlos.base.sources import Answer, Context, local
from formlos.base.tenancy import municipality_by_id
from formlos.law import NONE, ListOf
from formlos.registers.models import Dwelling, LandlordConfirmation, Resident
from formlos.registers.operations.access import log_access_of_case
from formlos.registers.operations.codes import check_letter_code, confirmation_of
from formlos.registers.queries import addresses, people
from formlos.registers.queries.confirmations import confirmed_in
from formlos.registers.same_names import same_firm, same_person
from formlos.registers.values import as_address, as_date, as_text, as_uuid, or_none

Inputs = Mapping[str, Any]

PERSON_FIELDS = (
    "familienname",
    "geburtsname",
    "vornamen",
    "rufname",
    "doktorgrad",
    "geburtsdatum",
    "geburtsort",
    "geschlecht",
    "identifikationsnummer",
    "staatsangehoerigkeit",
    "religion",
    "familienstand",
    "ausweis_nummer",
    "ausweis_gueltig_bis",
)
SUPPLEMENTS = (
    "wahlausschluss",
    "passversagung",
    "waffenrechtliche_erlaubnis",
    "sprengstoffrechtliche_erlaubnis",
    "vorlaeufiges_bearbeitungsmerkmal",
    "sperrkennwort",
    "sperrsumme",
)
MATCHED = ("familienname", "vornamen", "geburtsdatum", "anschrift", "auskunftssperre", "sterbedatum")


@local("register.match")
def match(inputs: Inputs, context: Context) -> Answer:
    """The complete match of § 4 Abs. 2 BMeldDigiV."""
    found = people.complete_matches(
        familienname=as_text(inputs["familienname"]),
        vornamen=as_text(inputs["vornamen"]),
        geburtsdatum=_date(inputs["geburtsdatum"]),
        anschrift=as_address(inputs["anschrift"]) or {},
    )
    log_access_of_case(context, [match.resident.id for match in found], MATCHED)
    if len(found) != 1:
        hit, resident, residence = ("mehrere" if found else "keiner"), None, None
    else:
        hit, resident, residence = "vollstaendig", found[0].resident, found[0].residence
    locked = resident is not None and bool(people.protected(residents=[resident], today=context.today))
    return _answer(
        context,
        treffer=hit,
        resident=str(resident.id) if resident else NONE,
        auskunftssperre=locked,
        verstorben=resident is not None and resident.sterbedatum is not None,
        nach_unbekannt=residence is not None and residence.nach_unbekannt,
    )


@local("register.household")
def household(inputs: Inputs, context: Context) -> Answer:
    """Who could move together (§ 23 Abs. 2 BMG). Whom the answer may show is for the service's rules to say."""
    key = as_uuid(inputs["resident"])
    resident = Resident.objects.filter(id=key).first() if key else None
    if resident is None:
        return Answer("none", supplier=_supplier(context.municipality_id))
    family = people.household_of(resident=resident, today=context.today)
    members = [member for member, _ in family]
    log_access_of_case(context, [member.id for member in members], PERSON_FIELDS + SUPPLEMENTS)
    locked = people.protected(residents=members, today=context.today)
    apart, further = people.separated(residents=members), people.further_dwellings(residents=members)
    values: dict[str, Any] = {"personen": ListOf(tuple(str(member.id) for member in members))}
    for member, role in family:
        facts = {name: or_none(getattr(member, name)) for name in PERSON_FIELDS}
        facts |= {name: or_none(member.merkmale.get(name)) for name in SUPPLEMENTS}
        facts |= {
            "rolle": role,
            "auskunftssperre": member.id in locked,
            "weitere_wohnungen": further[member.id],
            "getrennt_lebend": member.id in apart,
        }
        values |= {f"personen/{member.id}/{name}": value for name, value in facts.items()}
    return Answer("answered", values, _supplier(context.municipality_id))


@local("register.address")
def address(inputs: Inputs, context: Context) -> Answer:
    """What the address register knows of the new address. A house with several dwellings needs ``zusatz``."""
    found = addresses.dwellings_at(address=as_address(inputs["neue_anschrift"]) or {})
    dwelling = found[0] if len(found) == 1 else None
    return _answer(
        context,
        anschrift_ist_bekannt=dwelling is not None,
        anschrift_ist_wohnung=dwelling is not None and dwelling.ist_wohnung,
        gemeldete_personen=addresses.registered_persons(dwellings=[dwelling]) if dwelling else 0,
        wohnflaeche=or_none(dwelling and dwelling.wohnflaeche),
        wohnungsgeber_name=or_none(dwelling and dwelling.wohnungsgeber_name),
        eigentuemer_name=or_none(dwelling and dwelling.eigentuemer_name),
    )


@local("register.landlord")
def landlord(inputs: Inputs, context: Context) -> Answer:
    """Whether the register names this landlord, or the person themselves, as owner or landlord of the dwelling."""
    dwelling = _dwelling(inputs)
    known = [dwelling.eigentuemer_name, dwelling.wohnungsgeber_name] if dwelling else []
    firm, name = as_text(inputs["vertretener_wohnungsgeber"]), as_text(inputs["familienname"])
    given = as_text(inputs["vornamen"])
    if not any(known):
        result = "nicht_verzeichnet"
    elif any(same_firm(own, firm) if firm else same_person(own, vornamen=given, familienname=name) for own in known):
        result = "stimmt"
    else:
        result = "weicht_ab"
    return _answer(context, wohnungsgeber_abgleich=result)


@local("register.landlord_code")
def landlord_code(inputs: Inputs, context: Context) -> Answer:
    """Whether the landlord's code is known, unused, and meant for this dwelling and day (§ 19 Abs. 4 BMG).

    Where the confirmation names people, whoever registers must be one of them; another spelling is ``andere_namen``, a
    doubt for a clerk. NOT COVERED: the others who move along, because it is not known yet who they are.
    """
    confirmation = confirmation_of(as_text(inputs["zuordnungsmerkmal"]))
    if confirmation is None:
        result = "unbekannt"
    elif confirmation.state == LandlordConfirmation.USED:
        result = "verbraucht"
    elif not _fits(confirmation, inputs):
        result = "passt_nicht"
    else:
        result = "gueltig" if _names(confirmation, inputs) else "andere_namen"
    return _answer(context, zuordnungsmerkmal_ergebnis=result)


@local("register.landlord_case")
def landlord_case(inputs: Inputs, context: Context) -> Answer:
    """The code of a landlord's case that confirmed a move here, so that nobody has to hand it on or type it."""
    key = as_uuid(inputs["vorgang_des_wohnungsgebers"])
    confirmed = confirmed_in([key]).get(key) if key else None
    if confirmed is None:
        return Answer("none", supplier=_supplier(context.municipality_id))
    return _answer(context, zuordnungsmerkmal=confirmed.code)


@local("register.letter_code")
def letter_code(inputs: Inputs, context: Context) -> Answer:
    """Whether the code is the one in the letter that was sent to the new address for this case."""
    result = check_letter_code(
        case_id=context.case_id,
        dwelling=_dwelling(inputs),
        text=as_text(inputs["anschriftencode"]),
        today=context.today,
    )
    return _answer(context, anschriftencode_ergebnis=result)


def _fits(confirmation: LandlordConfirmation, inputs: Inputs) -> bool:
    stated = as_address(inputs["neue_anschrift"]) or {}
    same_day = confirmation.einzugsdatum == as_date(inputs["einzugsdatum"])
    return same_day and addresses.is_at(confirmation.dwelling, stated)


def _names(confirmation: LandlordConfirmation, inputs: Inputs) -> bool:
    """Whether the person is among those whom the landlord named; a confirmation without names fits everybody.

    Cases under an earlier version of the law do not hand over a name; theirs is not compared.
    """
    given, family = as_text(inputs.get("vornamen")), as_text(inputs.get("familienname"))
    named = [str(name) for name in confirmation.personen]
    return not named or not family or any(same_person(name, vornamen=given, familienname=family) for name in named)


def _dwelling(inputs: Inputs) -> Dwelling | None:
    found = addresses.dwellings_at(address=as_address(inputs["neue_anschrift"]) or {})
    return found[0] if len(found) == 1 else None


def _date(value: Any) -> date:
    day = as_date(value)
    if day is None:
        raise ValueError("a match needs a birth date")
    return day


def _answer(context: Context, **values: Any) -> Answer:
    return Answer("answered", values, _supplier(context.municipality_id))


@cache
def _supplier(municipality_id: UUID) -> str:
    return f"Melderegister {municipality_by_id(municipality_id).name}"
