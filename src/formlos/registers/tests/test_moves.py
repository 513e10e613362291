from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connections, transaction

from formlos.base import clock
from formlos.base.effects import EffectContext, effect_kind
from formlos.base.ids import new_id
from formlos.base.sources import local_source
from formlos.base.tenancy import within
from formlos.registers.models import Lock, Relation, Residence, Resident
from formlos.registers.operations.codes import CodeNotUsable, confirm_dwelling
from formlos.registers.operations.history import RegisterHasMovedOn
from formlos.registers.operations.moves import AlreadyRegistered, MoveTooEarly, NobodyMoves
from formlos.registers.operations.persons import UnknownObjection
from formlos.registers.queries.addresses import UnknownAddress
from formlos.registers.queries.demo import demo_dwellings
from formlos.registers.queries.people import household_of
from formlos.registers.queries.records import history_of, register_digest, snapshot
from formlos.vocabulary import NameNotAllowed

DAY = "2026-03-01"
OLD = {
    "strasse": "Isarbogen",
    "hausnummer": "1",
    "zusatz": None,
    "postleitzahl": "80538",
    "ort": "München",
    "ags": "09162000",
}


def run(kind, arguments, context):
    return effect_kind(kind).run(arguments, context)


def undo(kind, outcome, context):
    return run(effect_kind(kind).reverse, {"arguments": {}, "outcome": outcome, "reason": "Irrtum"}, context)


def registration(persons, anschrift=None, **changes):
    told = {
        "personen": persons,
        "anschrift": anschrift or demo_dwellings()[0].anschrift,
        "einzugsdatum": DAY,
        "meldedatum": "2026-03-09",
        "wohnungsstatus": "alleinige",
        "bisherige_anschrift": OLD,
    }
    return told | changes


def current(resident):
    return Residence.objects.filter(resident=resident, auszugsdatum=None).order_by("id")


def as_transmitted(resident_id, role="antragsteller"):
    row = Resident.objects.get(id=resident_id)
    names = ("familienname", "vornamen", "identifikationsnummer", "familienstand", "geschlecht")
    return {name: getattr(row, name) for name in names} | {
        "key": str(row.id),
        "geburtsdatum": row.geburtsdatum.isoformat(),
        "rolle": role,
    }


def test_a_family_new_to_the_town_is_registered_together(demo_stuttgart, acting, family):
    with within(demo_stuttgart):
        outcome = run("register.move_in", registration(family), acting())
        assert list(outcome["residents"]) == outcome["new"] == ["a", "b", "c"]
        linh = Resident.objects.get(id=outcome["residents"]["a"])
        assert (linh.familienname, linh.religion, linh.geburtsname) == ("Trần-Häußler", "", "")
        (residence,) = current(linh)
        assert (residence.status, residence.einzugsdatum) == ("alleinige", date(2026, 3, 1))
        assert residence.anmeldedatum == date(2026, 3, 9) and residence.zuzug_von == OLD
        assert [role for _, role in household_of(resident=linh, today=date(2026, 3, 10))] == [
            "antragsteller",
            "ehegatte",
            "kind",
        ]


def test_an_effect_run_twice_writes_once(demo_stuttgart, acting, family):
    with within(demo_stuttgart):
        first = run("register.move_in", registration(family), acting())
        digest = register_digest()
        assert run("register.move_in", registration(family), acting()) == first
        assert register_digest() == digest


def test_a_move_inside_the_town_ends_the_former_dwelling_and_keeps_its_history(demo_stuttgart, acting, demo_person):
    with within(demo_stuttgart):
        kaethe = demo_person("kaethe")
        arguments = registration(
            [as_transmitted(kaethe.resident_id)], bisherige_anschrift=kaethe.eid["anschrift"], auszugsdatum="2026-02-28"
        )
        assert run("register.move_in", arguments, acting())["new"] == []
        former, present = Residence.objects.filter(resident=kaethe.resident_id).order_by("einzugsdatum")
        assert former.auszugsdatum == date(2026, 2, 28) and former.wegzug_nach == arguments["anschrift"]
        assert present.auszugsdatum is None and present.status == "alleinige"
        ended, begun = history_of(resident_id=kaethe.resident_id)
        assert ended.values["auszugsdatum"] is None and ended.recorded_from and begun.values is None
        assert ended.ended_by_case == acting().case_id and ended.ended_by == "register.move_in"


def test_who_comes_back_is_the_same_resident_with_what_is_new_about_them(demo_munich, acting, demo_person):
    with within(demo_munich):
        lukasz = demo_person("lukasz")
        leaving = {"residents": [str(lukasz.resident_id)], "auszugsdatum": "2026-01-31"}
        run("register.move_out", leaving, acting("wegzug"))
        person = as_transmitted(lukasz.resident_id) | {"key": "1", "familienname": "Wiśniewski-Groß"}
        outcome = run("register.move_in", registration([person]), acting("rueckkehr"))
        assert outcome["residents"] == {"1": str(lukasz.resident_id)}
        row = Resident.objects.get(id=lukasz.resident_id)
        assert row.familienname == "Wiśniewski-Groß" and row.suchform.startswith("WISNIEWSKI GROSS")


def test_namesakes_with_different_tax_numbers_stay_two_people(demo_munich, acting, demo_person):
    with within(demo_munich):
        person = as_transmitted(demo_person("lukasz").resident_id)
        person |= {"key": "x", "identifikationsnummer": "02345678904"}
        assert run("register.move_in", registration([person]), acting())["new"] == ["x"]


def test_nobody_is_registered_twice_for_a_dwelling(demo_stuttgart, acting, family):
    with within(demo_stuttgart):
        arguments = registration(family)
        run("register.move_in", arguments, acting("einmal"))
        with pytest.raises(AlreadyRegistered):
            run("register.move_in", arguments, acting("zweimal"))


def test_the_database_itself_refuses_double_residents_and_second_main_dwellings(demo_munich, demo_person):
    with within(demo_munich):
        resident = Resident.objects.get(id=demo_person("lukasz").resident_id)
        (residence,) = current(resident)
        for row in (resident, residence):
            row.pk = None
            row._state.adding = True
            row.id = type(row)._meta.pk.get_default()
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save(force_insert=True)


@pytest.mark.parametrize(
    "changes, refusal",
    [
        ({"personen": []}, NobodyMoves),
        ({"anschrift": OLD | {"strasse": "Nirgendweg"}}, UnknownAddress),
        ({"uebermittlungssperren": ["zeitungen"]}, UnknownObjection),
        ({"uebermittlungssperren": ["auskunftssperre"]}, UnknownObjection),
    ],
)
def test_what_cannot_be_registered_is_refused(demo_stuttgart, acting, family, changes, refusal):
    with within(demo_stuttgart), pytest.raises(refusal):
        run("register.move_in", registration(family) | changes, acting())


def test_a_name_outside_din_91379_is_refused(demo_stuttgart, acting, family):
    with within(demo_stuttgart), pytest.raises(NameNotAllowed):
        run("register.move_in", registration([family[0] | {"vornamen": "Ольга"}]), acting())


def test_a_move_before_the_last_one_is_refused(demo_stuttgart, acting, demo_person):
    with within(demo_stuttgart), pytest.raises(MoveTooEarly):
        person = as_transmitted(demo_person("emre").resident_id)
        run("register.move_in", registration([person], einzugsdatum="2019-01-01"), acting())


def test_a_secondary_dwelling_leaves_the_main_one(demo_stuttgart, acting, demo_person):
    with within(demo_stuttgart):
        person = as_transmitted(demo_person("kaethe").resident_id)
        run("register.move_in", registration([person], wohnungsstatus="neben"), acting())
        assert sorted(row.status for row in current(person["key"])) == ["haupt", "neben"]


def test_a_main_dwelling_makes_the_former_only_one_secondary(demo_stuttgart, acting, demo_person):
    with within(demo_stuttgart):
        person = as_transmitted(demo_person("kaethe").resident_id)
        run("register.move_in", registration([person], wohnungsstatus="haupt"), acting())
        assert [row.status for row in current(person["key"])] == ["neben", "haupt"]


def test_a_dwelling_kept_elsewhere_is_noted(demo_stuttgart, acting, family):
    with within(demo_stuttgart):
        outcome = run("register.move_in", registration(family[:1], wohnungsstatus="haupt"), acting())
        elsewhere = current(outcome["residents"]["a"]).get(status="neben")
        assert elsewhere.anderswo == OLD and elsewhere.dwelling is None


def test_objections_to_transmissions_are_noted_for_all_who_move(demo_stuttgart, acting, family):
    with within(demo_stuttgart):
        objections = {"keys": ["parteien", "religionsgesellschaft"], "complete": True}
        run("register.move_in", registration(family, uebermittlungssperren=objections), acting())
        assert Lock.objects.filter(kind="parteien").count() == 3


def test_moving_out_ends_the_dwelling_and_says_who_was_not_there(demo_munich, acting, demo_person, family):
    with within(demo_munich):
        jana = demo_person("jana")
        people = [as_transmitted(resident) for resident in jana.household] + [family[0]]
        arguments = {"personen": people, "bisherige_anschrift": OLD, "auszugsdatum": DAY, "neue_anschrift": OLD}
        outcome = run("register.move_out", arguments, acting())
        assert len(outcome["residents"]) == 4 and outcome["not_registered"] == ["a"]
        assert not Residence.objects.filter(resident__in=jana.household, auszugsdatum=None).exists()


def test_leaving_the_main_dwelling_ends_what_was_noted_elsewhere(demo_munich, acting, demo_person):
    with within(demo_munich):
        henrike = demo_person("henrike")
        arguments = {"residents": [str(henrike.resident_id)], "auszugsdatum": DAY}
        run("register.move_out", arguments, acting())
        assert not current(henrike.resident_id).exists()


def test_leaving_from_another_address_changes_nothing(demo_munich, acting, demo_person):
    with within(demo_munich):
        digest, lukasz = register_digest(), demo_person("lukasz")
        arguments = {"residents": [str(lukasz.resident_id)], "bisherige_anschrift": OLD, "auszugsdatum": DAY}
        assert run("register.move_out", arguments, acting())["not_registered"] == [str(lukasz.resident_id)]
        assert register_digest() == digest


def test_of_who_had_left_for_an_unknown_place_the_new_one_is_noted(demo_munich, acting, demo_person):
    with within(demo_munich):
        lukasz = demo_person("lukasz")
        current(lukasz.resident_id).update(auszugsdatum="2025-11-30", nach_unbekannt=True)
        arguments = {
            "personen": [as_transmitted(lukasz.resident_id)],
            "bisherige_anschrift": lukasz.eid["anschrift"],
            "auszugsdatum": DAY,
            "neue_anschrift": OLD,
        }
        assert run("register.move_out", arguments, acting())["not_registered"] == []
        residence = Residence.objects.get(resident=lukasz.resident_id)
        assert residence.wegzug_nach == OLD and not residence.nach_unbekannt
        assert residence.auszugsdatum == date(2025, 11, 30)


@pytest.mark.parametrize("status", ["alleinige", "haupt", "neben"])
def test_undoing_a_registration_restores_the_register_exactly(demo_stuttgart, acting, demo_person, family, status):
    with within(demo_stuttgart):
        before = register_digest()
        lena = as_transmitted(demo_person("lena").resident_id) | {"doktorgrad": "Dr."}
        arguments = registration([*family, lena], wohnungsstatus=status, uebermittlungssperren=["jubilaeen"])
        outcome = run("register.move_in", arguments, acting())
        assert register_digest() != before
        undone = undo("register.move_in", outcome, acting())
        assert register_digest() == before
        assert undo("register.move_in", outcome, acting()) == undone
        assert [entry.ended_by for entry in history_of(resident_id=lena["key"])][-1] == "register.undo_move_in"


def test_undoing_a_departure_restores_the_register_exactly(demo_munich, acting, demo_person):
    with within(demo_munich):
        before, jana = register_digest(), demo_person("jana")
        arguments = {"residents": [str(resident) for resident in jana.household], "auszugsdatum": DAY}
        outcome = run("register.move_out", arguments, acting())
        undo("register.move_out", outcome, acting())
        assert register_digest() == before


def test_what_a_later_case_built_upon_is_not_undone(demo_stuttgart, acting, family):
    with within(demo_stuttgart):
        outcome = run("register.move_in", registration(family), acting("zuzug"))
        second = registration(family, demo_dwellings()[1].anschrift, einzugsdatum="2026-03-05")
        run("register.move_in", second, acting("umzug"))
        after = register_digest()
        with pytest.raises(RegisterHasMovedOn), transaction.atomic():
            undo("register.move_in", outcome, acting("zuzug"))
        assert register_digest() == after


def test_a_person_whom_others_now_refer_to_is_not_undone(demo_stuttgart, acting, demo_person, family):
    with within(demo_stuttgart):
        outcome = run("register.move_in", registration(family[:1]), acting())
        linh, kaethe = outcome["residents"]["a"], demo_person("kaethe").resident_id
        Relation.objects.create(kind="elternteil", resident_id=kaethe, related_id=linh, recorded_at=acting().now)
        with pytest.raises(RegisterHasMovedOn), transaction.atomic():
            undo("register.move_in", outcome, acting())


def test_a_landlords_code_is_used_once_and_valid_again_after_a_reversal(demo_stuttgart, acting, asking):
    with within(demo_stuttgart):
        free = demo_dwellings()[0]
        code = confirm_dwelling(dwelling_id=free.id, einzugsdatum=date(2026, 3, 1), personen=["Linh"])
        asked = {"zuordnungsmerkmal": code, "neue_anschrift": free.anschrift, "einzugsdatum": DAY}

        def result():
            values = local_source("register.landlord_code")(asked, asking()).values
            return values["zuordnungsmerkmal_ergebnis"]

        outcome = run("register.use_code", {"zuordnungsmerkmal": code}, acting("erster"))
        assert run("register.use_code", {"zuordnungsmerkmal": code}, acting("erster")) == outcome
        assert result() == "verbraucht"
        with pytest.raises(CodeNotUsable):
            run("register.use_code", {"zuordnungsmerkmal": code}, acting("zweiter"))
        undo("register.use_code", outcome, acting("erster"))
        assert result() == "gueltig"


def test_what_the_former_authority_adds_is_kept_with_history(demo_munich, acting, demo_person):
    with within(demo_munich):
        jana = demo_person("jana")
        arguments = {
            "personen": [as_transmitted(jana.resident_id)],
            "merkmale": [{"key": str(jana.resident_id), "passversagung": True, "sperrsumme": {"none": True}}],
        }
        run("register.supplement", arguments, acting())
        story = snapshot(residents=[jana.resident_id], today=clock.today())[str(jana.resident_id)]
        assert story["merkmale"] == {"passversagung": True}
        assert [entry.values["merkmale"] for entry in history_of(resident_id=jana.resident_id)] == [{}]


def test_what_the_former_authority_added_can_be_taken_back(demo_munich, acting, demo_person):
    with within(demo_munich):
        key = str(demo_person("jana").resident_id)

        def add(effect, **merkmale):
            arguments = {"personen": [as_transmitted(key)], "merkmale": [{"key": key, **merkmale}]}
            return run("register.supplement", arguments, acting(effect))

        add("erste", passversagung=True)
        before = register_digest()
        outcome = add("zweite", passversagung=False, sperrkennwort="Isar")
        undo("register.supplement", outcome, acting("zweite"))
        assert register_digest() == before
        assert snapshot(residents=[key], today=clock.today())[key]["merkmale"] == {"passversagung": True}
        third = add("dritte", wahlausschluss=True)
        add("vierte", sperrkennwort="Neckar")
        with pytest.raises(RegisterHasMovedOn):
            undo("register.supplement", third, acting("dritte"))


def test_an_objection_named_twice_is_noted_once(demo_stuttgart, acting, family):
    with within(demo_stuttgart):
        arguments = registration(family[:1], uebermittlungssperren=["parteien", "parteien"])
        outcome = run("register.move_in", arguments, acting())
        assert Lock.objects.filter(resident=outcome["residents"]["a"]).count() == 1


def test_of_two_cases_that_use_a_code_at_once_one_is_refused(demo_stuttgart):
    with within(demo_stuttgart):
        code = confirm_dwelling(dwelling_id=demo_dwellings()[0].id, einzugsdatum=date(2026, 3, 1), personen=["Linh"])
    both_began = threading.Barrier(2, timeout=10)

    def use(_):
        case_id, now = new_id(), datetime.now(UTC)
        try:
            with within(demo_stuttgart):
                context = EffectContext(demo_stuttgart.id, case_id, f"{case_id}:code", now, now.date())
                both_began.wait()
                run("register.use_code", {"zuordnungsmerkmal": code}, context)
                time.sleep(0.3)  # whoever is second looks before this commits
            return "used"
        except CodeNotUsable:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(use, range(2))) == ["refused", "used"]
