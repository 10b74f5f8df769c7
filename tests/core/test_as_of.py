"""An operation file as it stood at a moment: nothing later is known, nothing missing is calm."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kondusif.errors import PlanRefused
from kondusif.files import OperationFile, load_sample
from kondusif.files.as_of import AsOf, bases, readiness_answers
from kondusif.standby import Posture

NGANTUNGAN, MANGGUAN, LEMAHBANG = "35.14.05.2001", "35.14.05.2006", "35.14.05.2014"


@pytest.fixture(scope="module")
def file() -> OperationFile:
    return load_sample()


def at(file: OperationFile, text: str) -> AsOf:
    return AsOf.at(file, datetime.fromisoformat(text).replace(tzinfo=file.zone))


def without(file: OperationFile, *sheets: str) -> OperationFile:
    return OperationFile.of({name: rows for name, rows in file.rows.items() if name not in sheets})


def test_before_the_first_decision_nothing_is_published(file):
    state = at(file, "2023-09-19 14:59")
    assert (state.assessments, state.plan, state.levels) == ({}, None, {})
    assert state.posture(NGANTUNGAN) == (Posture.PREPARATION, None)
    assert state.situation(NGANTUNGAN).level is None
    village = state.operation.villages[NGANTUNGAN]
    assert (village.next_step, village.gates(), village.earliest()) == (None, (), None)
    assert (village.level, village.gate_level, village.force, village.assessment) == (None,) * 4


def test_a_plan_without_classes_is_refused(file):
    with pytest.raises(PlanRefused):
        at(file, "2023-09-01 08:00").plan_of({})


def test_without_decisions_everything_is_assessed_at_the_moment_asked_for(file):
    state = at(without(file, "keputusan"), "2023-10-03 09:00")
    assert state.plan is None
    assert {k: a.level for k, a in state.assessments.items()} == {NGANTUNGAN: 2, MANGGUAN: 1, LEMAHBANG: 3}
    assert state.plan_of(state.assessments).missing.tni == 6


def test_the_plan_stands_from_its_approval_not_from_its_draft(file):
    assert at(file, "2023-10-03 09:59").plan is None
    assert at(file, "2023-10-03 10:00").plan is not None


def test_readiness_comes_from_the_approved_plan_and_nowhere_else(file):
    last = at(file, "2023-10-09 18:00")
    items = {i.id: i for i in last.assessments[NGANTUNGAN].score.items}
    assert items["F01"].state == "answered" and items["F01"].answer.rater == "rencana"
    assert last.plan is not None
    said = readiness_answers(last.plan, file, last.now.date())
    assert {a.item for a in said} == {"F01", "F03"}
    blind = readiness_answers(last.plan, without(file, "kantor"), last.now.date())
    assert len(blind) == len(said)  # the plan itself remembers where its reserve waits


def test_an_end_that_lies_ahead_is_not_yet_known(file):
    [news] = [n for n in at(file, "2023-10-11 12:00").situation(NGANTUNGAN).incidents if n.kind == "massa"]
    assert news.open and news.ended_at is None
    [news] = [n for n in at(file, "2023-10-11 13:30").situation(NGANTUNGAN).incidents if n.kind == "massa"]
    assert not news.open


def test_a_dispute_is_unknown_until_somebody_says_so(file):
    assert at(file, "2023-10-11 14:05").situation(LEMAHBANG).dispute == "unknown"
    assert at(file, "2023-10-12 10:00").situation(LEMAHBANG).dispute == "open"
    assert at(file, "2023-10-14 09:30").situation(NGANTUNGAN).dispute == "none"
    assert at(file, "2023-11-28 09:00").situation(LEMAHBANG).dispute == "settled"


def test_a_waiver_names_three_people_and_the_facts_it_covers(file):
    [waiver] = at(file, "2023-10-14 11:00").situation(NGANTUNGAN).waivers
    assert waiver.valid and waiver.move == "l1-l2" and waiver.gate == "7"
    tight = [r["id"] for r in file["pemeriksaan"] if r["butir"] == 7 and r["nilai"] == "tidak"]
    assert waiver.facts == frozenset(tight)


def test_postings_come_home_with_the_village(file):
    state = at(file, "2023-12-08 16:30")
    assert {p.state for p in state.situation(MANGGUAN).postings} == {"home"}
    assert {p.state for p in at(file, "2023-10-08 08:00").situation(MANGGUAN).postings} == {"ordered"}


def test_moments_later_than_now_change_nothing(file):
    now = datetime(2023, 10, 11, 14, 5, tzinfo=file.zone)
    cut = {
        sheet: tuple(r for r in rows if r.get("waktu") is None or r["waktu"] <= now)
        for sheet, rows in file.rows.items()
    }
    early = AsOf.at(OperationFile.of(cut), now)
    full = AsOf.at(file, now)
    for desa in file.voting:
        assert early.village(desa).gates() == full.village(desa).gates()
        assert early.levels == full.levels


def test_command_and_reserve_wait_at_the_located_polsek(file):
    assert set(bases(file)) == {"35.14.05"}
    assert bases(without(file, "kantor")) == {}


def test_the_inauguration_is_unknown_until_it_is_set(file):
    assert at(file, "2023-11-23 12:00").situation(LEMAHBANG).deadlines.inauguration_at is None
    known = at(file, "2023-11-24 12:00").situation(LEMAHBANG).deadlines.inauguration_at
    assert known is not None and known - file.election.vote_at == timedelta(days=58, hours=2)
