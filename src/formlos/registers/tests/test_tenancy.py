from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from formlos.base import clock
from formlos.base.tenancy import NoMunicipality, within
from formlos.registers.models import AccessLog, Change, FormerVersion, Lock, Residence, Resident
from formlos.registers.operations.access import log_access
from formlos.registers.operations.codes import confirm_dwelling, confirmation_of
from formlos.registers.queries.addresses import dwellings_at
from formlos.registers.queries.demo import demo_dwellings
from formlos.registers.queries.people import known_resident, resident_by_name
from formlos.registers.queries.records import register_digest, snapshot


def searched(words, **settings):
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name.replace("__", "."), value])
        cursor.execute("SELECT id FROM search_residents(%s, NULL, 200)", [words])
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def jana(demo_munich, demo_stuttgart, demo_person):
    with within(demo_munich):
        return demo_person("jana")


def test_without_a_municipality_nothing_is_read(jana):
    with pytest.raises(NoMunicipality):
        Resident.objects.count()
    with pytest.raises(DatabaseError, match="no municipality"), transaction.atomic():
        searched(["KOVACEVIC"])


def test_queries_see_their_own_town_only(jana, demo_stuttgart):
    with within(demo_stuttgart):
        assert snapshot(residents=list(jana.household), today=clock.today()) == {}
        assert known_resident({"key": str(jana.resident_id)}) is None
        assert dwellings_at(address=jana.eid["anschrift"]) == []


def test_the_search_function_sees_its_own_town_only(jana, demo_munich, demo_stuttgart):
    with within(demo_munich):
        assert [found.id for found in resident_by_name(name="Kovačević Jana")] == [jana.resident_id]
    with within(demo_stuttgart):
        assert resident_by_name(name="Kovačević Jana") == []
        assert not searched(["KOVACEVIC"]) & set(jana.household)


def test_no_setting_that_the_platforms_role_can_change_opens_the_search_function(jana, demo_stuttgart):
    with within(demo_stuttgart):
        assert not searched(["KOVACEVIC"], pg_trgm__word_similarity_threshold="0") & set(jana.household)
        with pytest.raises(DatabaseError), transaction.atomic():
            searched(["KOVACEVIC"], app__municipality="")


def test_a_table_put_before_the_real_one_does_not_mislead_the_search_function(jana, demo_munich):
    with within(demo_munich), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE registers_resident (LIKE registers_resident) ON COMMIT DROP")
        cursor.execute("CREATE FUNCTION pg_temp.app_municipality() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'")
        assert searched(["KOVACEVIC"]) == set(jana.household)


def test_rows_of_another_town_cannot_be_written(jana, demo_munich, demo_stuttgart):
    with within(demo_stuttgart):
        assert Resident.objects.filter(id=jana.resident_id).update(familienname="Fremd") == 0
        assert Residence.objects.filter(resident__in=jana.household).delete()[0] == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Lock.objects.create(
                municipality=demo_munich, resident_id=jana.resident_id, kind="parteien", recorded_at="2026-01-01T00:00Z"
            )


def test_a_row_cannot_point_into_another_town(jana, demo_stuttgart):
    with pytest.raises(DatabaseError, match="foreign key"), within(demo_stuttgart):
        Lock.objects.create(resident_id=jana.resident_id, kind="parteien", recorded_at="2026-01-01T00:00Z")


def test_a_landlords_code_is_worth_nothing_in_another_town(jana, demo_munich, demo_stuttgart):
    with within(demo_munich):
        free = demo_dwellings()[0]
        code = confirm_dwelling(dwelling_id=free.id, einzugsdatum=date(2026, 3, 1), personen=[])
        assert confirmation_of(code) is not None
    with within(demo_stuttgart):
        assert confirmation_of(code) is None


@pytest.mark.parametrize("model", [AccessLog, Change, FormerVersion])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {}"])
def test_history_and_access_log_cannot_be_altered_by_the_platforms_role(jana, demo_munich, model, statement):
    with within(demo_munich):
        log_access(residents=[jana.resident_id], data=["religion"], accessor="A", purpose="p", norm="n")
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(model._meta.db_table))
        assert AccessLog.objects.count() == 1


def test_the_digest_of_a_register_does_not_depend_on_other_towns(jana, demo_munich, demo_stuttgart):
    with within(demo_munich):
        before = register_digest()
    with within(demo_stuttgart):
        Resident.objects.update(religion="ak")
    with within(demo_munich):
        assert register_digest() == before
