"""Rounds at the gates of the stages: which is due, who owes what, what goes stale (method 9.1, 9.2)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kondusif.answers.answer import Answer, Given
from kondusif.classes.rounds import (
    ROUND_MILESTONES,
    RoundState,
    datable,
    fresh_since,
    ledger,
    milestones,
    next_milestone,
    round_states,
)
from kondusif.classes.score import answer_log
from kondusif.instrument.indicator import is_companion
from kondusif.stages import Election
from tests.cast import ITEMS, RECIPE

VOTE = datetime(2023, 10, 10, 0, 0, tzinfo=UTC)  # 07.00 WIB
ELECTION = Election(vote_at=VOTE)
DESA, TPS = "99.01.01.2001", "99.01.01.2001-01"
DAY = date(2023, 10, 8)
NONE = frozenset()


def at(day, hour=12):
    return datetime(2023, *day, hour, tzinfo=ELECTION.zone)


def told(item, value, ago=0, place=DESA, kind=Given.VALUE):
    word = value if is_companion(item) else ""
    number = None if word or kind is not Given.VALUE else float(value)
    on = DAY - timedelta(ago)
    return Answer(f"{place}/{item}/{on}", place, item, number, word, kind, on, "observasi", "satu")


def owed(*answers, place=DESA, stage="masa_tenang", **more):
    return ledger(RECIPE, answer_log(RECIPE, answers, DAY), place, stage=stage, **more)


# ---- gates


def test_the_days_of_the_worked_example():
    days = {g.code: g.at and g.at.date().isoformat()[5:] for g in milestones(ELECTION)}
    assert days == {
        "dpt": "08-15", "calon": "09-20", "kampanye": "10-04", "h1": "10-09", "hitung": "10-10",
        "keberatan": "10-13", "sk": "12-14", "pelantikan": None,
    }  # fmt: skip


def test_gates_stand_in_the_order_of_the_stages_and_so_do_their_days():
    found = milestones(ELECTION)
    assert [g.code for g in found] == list(ROUND_MILESTONES)
    moments = [g.at for g in found if g.at]
    assert moments == sorted(moments)
    assert [g.stage for g in found] == ["persiapan", "pencalonan", "kampanye", *["masa_tenang"] * 5]


def test_an_actual_date_takes_the_place_of_the_computed_one():
    moment = at((9, 25))
    gate = next(g for g in milestones(ELECTION, {"calon": moment}) if g.code == "calon")
    assert (gate.at, gate.source) == (moment, "tanggal sebenarnya")
    assert gate.opens == moment - timedelta(days=7)


@pytest.mark.parametrize(
    "gate, moment, may",
    [
        ("calon", at((9, 25)), True),
        ("calon", at((10, 12)), False),
        ("sk", at((11, 20)), True),
        ("sk", at((10, 1)), False),
        ("h1", at((10, 9)), False),  # follows from the vote itself
        ("pesta", at((9, 1)), False),
    ],
)
def test_a_gate_is_dated_on_its_own_side_of_the_vote(gate, moment, may):
    assert datable(gate, moment, ELECTION) is may


@pytest.mark.parametrize(
    "now, opened, closed, expected",
    [
        (at((7, 1)), NONE, NONE, {"dpt": RoundState.LATER, "pelantikan": RoundState.UNDATED}),
        (at((8, 10)), NONE, NONE, {"dpt": RoundState.DUE, "calon": RoundState.LATER}),
        (at((8, 10)), {"dpt"}, NONE, {"dpt": RoundState.RUNNING}),
        (at((8, 20)), {"dpt"}, NONE, {"dpt": RoundState.OVERDUE}),
        (at((8, 20)), NONE, NONE, {"dpt": RoundState.OVERDUE}),
        (at((8, 20)), {"dpt"}, {"dpt"}, {"dpt": RoundState.CLOSED, "calon": RoundState.LATER}),
        (at((9, 15)), NONE, NONE, {"dpt": RoundState.MISSED, "calon": RoundState.DUE}),
        (at((10, 11)), {"hitung"}, {"hitung"}, {"h1": RoundState.MISSED, "hitung": RoundState.CLOSED}),
        (
            at((10, 11)),
            NONE,
            NONE,
            {"h1": RoundState.MISSED, "hitung": RoundState.OVERDUE, "keberatan": RoundState.LATER},
        ),
    ],
)
def test_which_round_is_due_when(now, opened, closed, expected):
    found = round_states(milestones(ELECTION), opened=opened, closed=closed, now=now)
    assert {kode: found[kode] for kode in expected} == expected


def test_the_next_gate_and_none_after_the_last():
    assert next_milestone(milestones(ELECTION), at((10, 5))).code == "h1"
    assert next_milestone(milestones(ELECTION), at((12, 20))) is None


# ---- who owes what


def test_with_no_answer_every_item_of_the_stage_is_owed_and_no_other():
    found = owed(stage="persiapan")
    due_now = [i.id for i in ITEMS.values() if i.due("persiapan")]
    assert [d.item for d in found.debts] == due_now
    assert {d.why for d in found.debts} == {"absent"}
    assert found.asked == len(due_now) and found.provisional and found.coverage_due == 0


@pytest.mark.parametrize(
    "answer, why",
    [
        (told("A01", 0, ago=14), None),
        (told("A01", 0, ago=15), "stale"),
        (told("A01", 0, kind=Given.REFUSED), "refused"),
        (told("A01", 0, kind=Given.NOT_APPLICABLE), "refused"),  # this item always applies
        (told("B04", 0, kind=Given.NOT_APPLICABLE), None),
    ],
)
def test_what_pays_a_debt(answer, why):
    found = [d.why for d in owed(answer).debts if d.item == answer.item]
    assert found == ([why] if why else [])


def test_a_station_owes_the_items_that_stand_in_place_of_its_villages():
    assert {d.item for d in owed(place=TPS).debts} == set(RECIPE.tps_items)
    assert owed(place=TPS).coverage_due is None
    assert "E01" not in {d.item for d in owed(told("E01", 20, place=TPS), place=TPS).debts}
    assert "E01" in {d.item for d in owed(told("E01", 20), place=TPS).debts}  # the village's is not its own


@pytest.mark.parametrize(
    "answers, asked",
    [
        ([told("D06", 0)], False),
        ([told("D06", 2)], True),
        ([told("D06", 2), told("D06_violence", "unknown")], True),
        ([told("D06", 2), told("D06_violence", "no")], False),
    ],
)
def test_a_count_above_nought_asks_for_its_yes_or_no(answers, asked):
    assert ("D06_violence" in {d.item for d in owed(*answers).debts}) is asked


def test_tension_is_rated_by_two_and_owed_until_the_second_came():
    assert [i.id for i in ITEMS.values() if i.two_raters] == ["D10"]
    one = told("D10", 2)
    assert [(d.item, d.why) for d in owed(one, raters={"D10": {"satu"}}).debts if d.item == "D10"] == [
        ("D10", "second")
    ]
    assert "D10" not in {d.item for d in owed(one, raters={"D10": {"satu", "dua"}}).debts}


def test_what_goes_stale_before_the_next_gate():
    found = owed(told("D10", 1), told("A01", 0), next_at=date(2023, 10, 13))
    assert [(f.item, f.ends, f.days_left) for f in found.ending] == [("D10", date(2023, 10, 11), 3)]


def test_a_full_village_owes_nothing_and_is_not_provisional():
    answers = [told(i, 0 if i != "C03" else 400) for i in ITEMS]
    found = owed(*answers)
    assert (found.debts, found.coverage_due, found.provisional) == ((), 1.0, False)


def test_coverage_below_seventy_is_provisional():
    some = [told(i, 0) for i in ITEMS if i[0] in "ABC"]
    assert owed(*some).coverage_due == pytest.approx(0.5) and owed(*some).provisional


@pytest.mark.parametrize(
    "item, owner",
    [("A01", "Panitia"), ("A02", "Camat"), ("D05", "Polsek"), ("D10", "Bhabinkamtibmas"), ("F01", "Bagops")],
)
def test_who_is_asked(item, owner):
    assert ITEMS[item].asked_of == owner


def test_grade_of_evidence_by_weight_of_the_answers_that_count():
    answers = [told(i, 0) for i in ("A01", "A02")]  # equal weights
    assert owed(*answers).grade == "D"
    half = owed(*answers, evidenced={answers[0].id})
    assert (half.evidence, half.grade) == (pytest.approx(0.5), "B")
    assert owed(*answers, evidenced={a.id for a in answers}).grade == "A"
    assert owed().grade == ""  # nothing to show


@pytest.mark.parametrize(
    ("days", "since"),
    [
        (-30, "2023-09-03"),  # a week ago
        (-1, "2023-10-04"),  # the milestone of the campaign
        (0, "2023-10-09"),  # the milestone of H-1
        (1, "2023-10-10"),  # counting has ended
        (40, "2023-11-12"),
    ],
)
def test_a_class_of_before_the_last_due_round_or_of_a_week_ago_is_shown_with_its_day(days, since):
    now = ELECTION.vote_at + timedelta(days=days, hours=4)
    assert fresh_since(milestones(ELECTION), ELECTION, now).isoformat() == since
