"""A wrong entry is put right once, with its history, and exactly undone."""

from __future__ import annotations

from datetime import date

import pytest

from formlos.base.effects import effect_kind
from formlos.base.tenancy import within
from formlos.registers.models import Residence, Resident
from formlos.registers.operations.corrections import NotCorrectable
from formlos.registers.operations.history import RegisterHasMovedOn
from formlos.registers.operations.moves import MoveTooEarly
from formlos.registers.operations.supplements import UnknownResident
from formlos.registers.queries.addresses import UnknownAddress, address_of
from formlos.registers.queries.records import history_of, register_digest
from formlos.registers.tests.test_moves import as_transmitted, registration, run
from formlos.vocabulary import NameNotAllowed

NONE = {"none": True}


def correction(field, **more):
    given = {"feld": field, "einwohner": NONE, "eintragungen": {"keys": [], "complete": True}}
    return given | {"text": NONE, "tag": NONE, "richtige_anschrift": NONE} | more


def moved(outcome):
    return {"eintragungen": {"keys": [outcome["change"]], "complete": True}}


def take_back(outcome, context):
    arguments = {"arguments": {}, "outcome": outcome, "reason": "Irrtum"}
    return effect_kind("register.undo_correction").run(arguments, context)


def test_a_name_is_corrected_once_found_by_it_and_restored_when_taken_back(demo_stuttgart, acting, family):
    with within(demo_stuttgart):
        linh = run("register.move_in", registration(family), acting())["residents"]["a"]
        before = register_digest()
        arguments = correction("familienname", einwohner=linh, text="Trần-Häusler")
        outcome = run("register.correct", arguments, acting("eintrag"))
        assert run("register.correct", arguments, acting("eintrag")) == outcome
        row = Resident.objects.get(id=linh)
        assert row.familienname == "Trần-Häusler" and row.suchform.startswith("TRAN HAEUSLER")
        former = history_of(resident_id=linh)[-1]
        assert former.values["familienname"] == "Trần-Häußler" and former.ended_by == "register.correct"
        take_back(outcome, acting("eintrag"))
        assert register_digest() == before


def test_the_day_of_a_move_is_corrected_for_all_who_moved_and_ends_the_former_dwelling(
    demo_stuttgart, acting, demo_person
):
    with within(demo_stuttgart):
        kaethe = demo_person("kaethe")
        outcome = run(
            "register.move_in",
            registration([as_transmitted(kaethe.resident_id)], bisherige_anschrift=kaethe.eid["anschrift"]),
            acting(),
        )
        before = register_digest()
        arguments = correction("einzugsdatum", tag="2026-03-05", **moved(outcome))
        corrected = run("register.correct", arguments, acting("eintrag"))
        former, present = Residence.objects.filter(resident=kaethe.resident_id).order_by("einzugsdatum")
        assert (former.auszugsdatum, present.einzugsdatum) == (date(2026, 3, 5), date(2026, 3, 5))
        take_back(corrected, acting("eintrag"))
        assert register_digest() == before
        with pytest.raises(MoveTooEarly):
            run("register.correct", arguments | {"tag": "1900-01-01"}, acting("zu frueh"))


def test_the_dwelling_of_a_move_is_corrected_to_one_that_exists(demo_stuttgart, acting, family, demo_person):
    with within(demo_stuttgart):
        outcome = run("register.move_in", registration(family), acting())
        right = demo_person("kaethe").eid["anschrift"]
        run("register.correct", correction("neue_anschrift", richtige_anschrift=right, **moved(outcome)), acting("b"))
        rows = Residence.objects.select_related("dwelling__building__street").filter(
            resident__in=outcome["residents"].values()
        )
        assert {address_of(row.dwelling)["hausnummer"] for row in rows} == {right["hausnummer"]}
        nowhere = right | {"hausnummer": "9999"}
        with pytest.raises(UnknownAddress):
            run(
                "register.correct",
                correction("neue_anschrift", richtige_anschrift=nowhere, **moved(outcome)),
                acting("c"),
            )


@pytest.mark.parametrize(
    ("field", "told", "refused"),
    [
        ("familienname", {"text": ""}, NotCorrectable),
        ("familienname", {"text": "\u4e2d\u6587"}, NameNotAllowed),
        ("familienstand", {"text": "VH"}, NotCorrectable),
        ("geburtsdatum", {"tag": "2999-01-01"}, NotCorrectable),
        ("vornamen", {"text": "Mai", "einwohner": "x"}, UnknownResident),
        ("einzugsdatum", {"tag": "2026-03-05"}, RegisterHasMovedOn),
        ("neue_anschrift", {}, NotCorrectable),
    ],
)
def test_what_cannot_be_corrected_is_refused_and_changes_nothing(demo_stuttgart, acting, family, field, told, refused):
    with within(demo_stuttgart):
        linh = run("register.move_in", registration(family), acting())["residents"]["a"]
        before = register_digest()
        with pytest.raises(refused):
            run("register.correct", correction(field, **({"einwohner": linh} | told)), acting("eintrag"))
        assert register_digest() == before
