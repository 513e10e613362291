from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from formlos.base import clock, keys
from formlos.base.effects import EffectContext, effect_kind
from formlos.base.ids import new_id
from formlos.base.tenancy import acting_for, within
from formlos.notices import operations, queries
from formlos.notices.contents import ContentsRefused
from formlos.notices.models import Notice
from formlos.notices.tests.examples import CODE_LETTER, DAY, NOON, REFUSAL, REGISTRATION, REPORT_BACK, text_of
from formlos.notices.verifying import verify


@pytest.fixture
def noon():
    with clock.frozen(NOON):
        yield NOON


@pytest.fixture
def in_town(noon, town):
    with acting_for(town):
        yield town


def issue(arguments, *, case_id=None, effect_id=None):
    context = EffectContext(
        municipality_id=uuid4(),
        case_id=case_id or new_id(),
        effect_id=effect_id or str(new_id()),
        now=clock.now(),
        today=clock.today(),
    )
    return effect_kind("notice.issue").run(arguments, context), context


def test_an_issued_notice_is_kept_sealed_and_found_by_its_case(in_town):
    outcome, context = issue(REGISTRATION)
    (document,) = queries.notices_of(context.case_id)
    assert (str(document.id), document.digest) == (outcome["notice"], outcome["digest"])
    assert (document.title, document.concerns) == ("Amtliche Meldebestätigung", "Ľubomíra Anna Nguyễn-Ćwiek")
    assert document.written_on.isoformat() == "2026-03-10"
    verdict = verify(queries.pdf_of(document.id, case_id=context.case_id), queries.published_certificates())
    assert (verdict.genuine, verdict.signer, verdict.sealed_at) == (True, "Stuttgart", NOON)


def test_only_what_the_notice_says_is_stored(in_town):
    issue(REGISTRATION)
    with within():
        assert "12345678901" not in str(Notice.objects.get().contents)


def test_the_same_effect_run_twice_gives_one_notice(in_town):
    first, context = issue(REGISTRATION)
    again, _ = issue(REGISTRATION, case_id=context.case_id, effect_id=context.effect_id)
    assert again == first
    assert len(queries.notices_of(context.case_id)) == 1


def test_a_notice_without_its_contents_is_refused_and_leaves_nothing(in_town):
    case_id = new_id()
    with pytest.raises(ContentsRefused):
        issue({"layout": "meldebestaetigung"}, case_id=case_id)
    assert queries.notices_of(case_id) == []


def test_undoing_the_effect_revokes_the_notice_once_and_the_check_says_so(in_town):
    outcome, context = issue(REGISTRATION)
    pdf = queries.pdf_of(operations.UUID(outcome["notice"]), case_id=context.case_id)
    assert queries.check(pdf).reason == "genuine"
    assert effect_kind("notice.issue").reverse == "notice.revoke"
    revoke = effect_kind("notice.revoke").run
    undone = {"arguments": REGISTRATION, "outcome": outcome, "reason": "Eintragung war falsch"}
    assert revoke(undone, context) == revoke(undone | {"reason": "noch einmal"}, context) == outcome
    (document,) = queries.notices_of(context.case_id)
    assert (document.revoked_at, document.revocation_reason) == (NOON, "Eintragung war falsch")
    assert queries.is_revoked(outcome["digest"])
    verdict = queries.check(pdf)
    assert (verdict.genuine, verdict.reason) == (True, "revoked")


def test_revoking_an_unknown_notice_is_refused(in_town):
    with pytest.raises(operations.NoSuchNotice):
        operations.revoke(notice_id=new_id(), reason="", at=NOON)


def test_after_a_change_of_keys_old_notices_stay_genuine(in_town):
    outcome, context = issue(REGISTRATION)
    with within():
        keys.create(purpose="seal")
    pdf = queries.pdf_of(operations.UUID(outcome["notice"]), case_id=context.case_id)
    assert len(queries.published_certificates()) == 2
    assert queries.check(pdf).reason == "genuine"


def test_a_notice_is_not_handed_out_for_another_case_or_in_another_town(in_town, munich):
    outcome, context = issue(REGISTRATION)
    notice_id = operations.UUID(outcome["notice"])
    with pytest.raises(operations.NoSuchNotice):
        queries.pdf_of(notice_id, case_id=new_id())
    with acting_for(munich):
        assert queries.notices_of(context.case_id) == []
        assert not queries.is_revoked(outcome["digest"])
        with pytest.raises(operations.NoSuchNotice):
            queries.pdf_of(notice_id, case_id=context.case_id)


@pytest.mark.parametrize("letter", [CODE_LETTER, REPORT_BACK], ids=lambda letter: letter["layout"])
def test_a_letter_that_leaves_by_post_never_reaches_the_inbox(in_town, letter):
    outcome, context = issue(letter)
    notice_id = operations.UUID(outcome["notice"])
    assert queries.notices_of(context.case_id) == []
    with pytest.raises(operations.NoSuchNotice):
        queries.pdf_of(notice_id, case_id=context.case_id)
    assert [(waiting.id, waiting.case_id) for waiting in queries.letters_to_post()] == [(notice_id, context.case_id)]
    assert queries.letter_pdf(notice_id).startswith(b"%PDF-")
    operations.note_posted(notice_id=notice_id)
    operations.note_posted(notice_id=notice_id)
    assert queries.letters_to_post() == []


def test_the_code_of_a_code_letter_is_not_kept_beside_the_letter(in_town):
    issue(CODE_LETTER)
    with within(), connection.cursor() as cursor:
        cursor.execute("SELECT contents::text FROM notices_notice")
        assert CODE_LETTER["code"] not in str(cursor.fetchall())


def test_a_town_without_a_seal_key_cannot_issue(noon, stuttgart):
    with acting_for(stuttgart), pytest.raises(keys.NoKey):
        issue(REGISTRATION)


def test_the_letterhead_of_the_settings_is_on_the_notice(in_town):
    in_town.settings = {"letterhead": {"name": "Landeshauptstadt Stuttgart", "phone": "0711 216-0"}, "demo": True}
    in_town.save()
    outcome, context = issue(REGISTRATION)
    text = text_of(queries.pdf_of(operations.UUID(outcome["notice"]), case_id=context.case_id))
    assert "Landeshauptstadt Stuttgart" in text and "0711 216-0" in text and "Demo – Spieldaten" in text


def test_a_notice_sealed_later_keeps_the_day_it_was_written(in_town):
    outcome, context = issue(REGISTRATION)
    with clock.frozen(NOON + timedelta(days=3)):
        again, _ = issue(REGISTRATION, case_id=context.case_id, effect_id=context.effect_id)
    assert again == outcome


ACT = REFUSAL | {"act": {"procedural_law": "VwVfG", "remedy": "widerspruch", "court": ""}}


def issued_act(*, way: str):
    """An act that is retrieved here (``portal``) or goes by letter; returns its id and case."""
    outcome, context = issue(ACT)
    notice_id = operations.UUID(outcome["notice"])
    with within():
        Notice.objects.filter(id=notice_id).update(way=way)
    return notice_id, context.case_id


def effect_of_act(notice_id, case_id):
    return queries.notice_of(notice_id, case_id=case_id).effect


def test_a_copy_on_paper_of_an_act_to_be_retrieved_starts_no_clock(in_town):
    notice_id, case_id = issued_act(way="portal")
    operations.send_by_post(notice_id=notice_id, case_id=case_id)
    assert [one.id for one in queries.letters_to_post()] == [notice_id]
    operations.note_posted(notice_id=notice_id)
    assert queries.letters_to_post() == [] and effect_of_act(notice_id, case_id).day is None


def test_an_act_served_again_goes_by_letter_even_if_a_copy_had_been_posted(in_town):
    notice_id, case_id = issued_act(way="portal")
    operations.send_by_post(notice_id=notice_id, case_id=case_id)
    operations.note_posted(notice_id=notice_id)
    assert operations.serve_again(notice_id=notice_id, at=NOON + timedelta(days=11))
    assert effect_of_act(notice_id, case_id).day is None
    assert [one.id for one in queries.letters_to_post()] == [notice_id]
    with clock.frozen(NOON + timedelta(days=12)):
        operations.note_posted(notice_id=notice_id)
    assert effect_of_act(notice_id, case_id).day == DAY + timedelta(days=16)


def test_another_copy_of_a_posted_act_is_printed_and_moves_no_day(in_town):
    notice_id, case_id = issued_act(way="post")
    operations.note_posted(notice_id=notice_id)
    known = effect_of_act(notice_id, case_id)
    assert queries.letters_to_post() == []
    operations.send_by_post(notice_id=notice_id, case_id=case_id)
    assert [one.id for one in queries.letters_to_post()] == [notice_id]
    with clock.frozen(NOON + timedelta(days=5)):
        operations.note_posted(notice_id=notice_id)
    assert queries.letters_to_post() == [] and effect_of_act(notice_id, case_id) == known


def test_a_copy_asked_for_before_the_letter_left_is_the_letter(in_town):
    notice_id, case_id = issued_act(way="post")
    operations.send_by_post(notice_id=notice_id, case_id=case_id)
    operations.note_posted(notice_id=notice_id)
    assert queries.letters_to_post() == [] and effect_of_act(notice_id, case_id).day is not None


def test_an_act_whose_person_was_never_told_goes_by_letter_after_three_days(in_town):
    notice_id, case_id = issued_act(way="portal")
    with clock.frozen(NOON + timedelta(days=3)):
        assert queries.not_retrieved() == []
    with clock.frozen(NOON + timedelta(days=3, minutes=1)):
        assert [one.id for one in queries.not_retrieved()] == [notice_id]
        assert operations.serve_again(notice_id=notice_id, at=clock.now())
        assert queries.not_retrieved() == [] and [one.id for one in queries.letters_to_post()] == [notice_id]


def test_an_act_that_was_opened_although_nobody_was_told_stays_as_it_is(in_town):
    notice_id, case_id = issued_act(way="portal")
    assert operations.note_retrieved(notice_id=notice_id, case_id=case_id, at=NOON)
    with clock.frozen(NOON + timedelta(days=60)):
        assert queries.not_retrieved() == [] and effect_of_act(notice_id, case_id).day == DAY + timedelta(days=1)
