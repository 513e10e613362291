"""A wrong day after a move is put right: own register, letter to the other town, a notice that says just that."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.citizens import Citizen, is_over
from tests.counters import place, text
from tests.nodes import munich, settled, stuttgart
from tests.people import build, person, settle

from formlos.base import clock
from formlos.base.tenancy import acting_for, within
from formlos.cases import operations, queries, tasks
from formlos.identity import demo_issuer
from formlos.notices import queries as notices
from formlos.notices.models import Notice
from formlos.registers.models import Residence

DAY_BEFORE = timedelta(days=1)
NUMBERS = count(1)


@pytest.fixture
def moved(node: Any, new_home: Any) -> Citizen:
    """Somebody has moved from Munich to Stuttgart."""
    _dwelling, address = build(munich(), street="Irrgasse", number=str(next(NUMBERS)))
    mover = settle(munich(), address, person("Leni", "Irrgang"))
    citizen = Citizen(node, stuttgart(), mover, new_home(stuttgart())).begins()
    citizen.goes_on(is_over)
    settled(stuttgart(), munich())
    return citizen


def corrects(moved: Citizen, picked: str, said: str) -> tuple[Client, UUID]:
    me = Client(SERVER_NAME="localhost")
    me.post("/anmelden/demo/", {"nachweis": demo_issuer.issue(person=moved.mover.eid, subject=moved.mover.key)})
    page: Any = me.post(f"/{stuttgart().slug}/vorgang/{moved.case['id']}/falsch/", {"angabe": picked}, follow=True)
    case = UUID(place(page).split("/")[3])
    me.post(place(page), {"frage": "richtig", "richtig": said})
    me.post(f"/{stuttgart().slug}/vorgang/{case}/angaben/")
    return me, case


def clerk_finds(case: UUID, **values: Any) -> None:
    with acting_for(stuttgart()):
        for path, value in values.items():
            operations.answer_question(case_id=case, path=path, value=value, reason="geprüft", clerk="amtfrau")
        tasks.go_on(case_id=str(case))
    settled(stuttgart(), munich())


def moved_in(moved: Citizen) -> Any:
    with within(stuttgart()):
        effect = queries.state_of(UUID(moved.case["id"])).effects["eintragung"]
        (resident,) = effect.outcome["residents"].values()
        return Residence.objects.get(resident=resident, auszugsdatum=None, dwelling__isnull=False).einzugsdatum


def test_a_wrong_day_changes_the_register_tells_the_other_town_by_letter_and_says_just_that(moved: Citizen) -> None:
    wrong = moved_in(moved)
    me, case = corrects(moved, "einzugsdatum", "Es war einen Tag früher.")
    right = wrong - DAY_BEFORE
    clerk_finds(case, ergebnis_der_pruefung="berichtigt", richtiger_tag=right.isoformat())
    assert moved_in(moved) == right
    with within(stuttgart()):
        told = {one.layout: one for one in Notice.objects.filter(case_id=case)}
        letter = told["berichtigungsmitteilung"]
        assert letter.contents["behoerde"] == "München" and letter.contents["tag"] == right.isoformat()
        assert letter.id in [one.id for one in notices.letters_to_post()]
        words = notices.article_of(told["berichtigung"].id, case_id=case)
    assert "Wir haben sie im Melderegister berichtigt." in words and "München" in words
    assert "Andere Stellen haben wir nicht unterrichtet." in words
    page = text(me.get(f"/{stuttgart().slug}/vorgang/{case}/"))
    assert "Wir haben die Angabe berichtigt" in page


def test_a_correction_that_is_taken_back_restores_the_register_and_revokes_letter_and_notice(moved: Citizen) -> None:
    wrong = moved_in(moved)
    _me, case = corrects(moved, "einzugsdatum", "Es war einen Tag früher.")
    clerk_finds(case, ergebnis_der_pruefung="berichtigt", richtiger_tag=(wrong - DAY_BEFORE).isoformat())
    with acting_for(stuttgart()):
        operations.reverse(case_id=case, reason="Verwechslung", actor="clerk:amtfrau")
    assert moved_in(moved) == wrong
    with within(stuttgart()):
        revoked = Notice.objects.filter(case_id=case, layout__startswith="berichtigung")
        assert all(one.revoked_at for one in revoked) and revoked.count() == 2


def test_a_value_that_the_register_refuses_becomes_a_clerks_question_and_nothing_is_claimed(moved: Citizen) -> None:
    _me, case = corrects(moved, "einzugsdatum", "Erst nächsten Monat.")
    later = (clock.today() + timedelta(days=30)).isoformat()
    clerk_finds(case, ergebnis_der_pruefung="berichtigt", richtiger_tag=later)
    with within(stuttgart()):
        assert queries.case_for_staff(case).state == "clerk"
        assert not Notice.objects.filter(case_id=case, layout__startswith="berichtigung").exists()
