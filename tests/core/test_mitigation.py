"""Actions against a risk: expected effect, states, what was seen after. # method 1.9"""

from datetime import date, datetime, timedelta

import pytest

from kondusif.classes.explain import one_at_a_time
from kondusif.classes.score import answer_log, score_place
from kondusif.errors import MoveRefused
from kondusif.mitigation import (
    MITIGATION_MOVES,
    MitigationError,
    MitigationStatus,
    PublishedItem,
    check_editable,
    check_mitigation_move,
    effect_seen,
    expected_effect,
    overdue,
)
from tests import cast

RECIPE, DAY, DESA = cast.RECIPE, cast.NOW.date(), cast.KARANGJATI
TENSE = cast.answers(cast.TENSE, DESA)
STAGE = "masa_tenang"


def expect(item, target, answers=TENSE):
    return expected_effect(RECIPE, answer_log(RECIPE, answers, DAY), DESA, item, target, stage=STAGE)


def test_the_worked_example():
    roll = expect("C01", 2)
    total = score_place(RECIPE, answer_log(RECIPE, TENSE, DAY), DESA, stage=STAGE).total
    assert round(total, 2) == 38.59 and (roll.before, roll.target) == (12, 2)
    assert round(roll.delta, 2) == -1.50 and round(total + roll.delta, 2) == 37.09
    assert (roll.level_before, roll.level_after) == (2, 2)
    weapon = expect("D05", 1)
    assert round(weapon.delta, 2) == 0.89 and weapon.level_after == 3


def test_it_agrees_with_what_would_change_the_class():
    changes = one_at_a_time(RECIPE, TENSE, DESA, on=DAY, stage=STAGE)
    assert changes
    for change in changes:
        got = expect(change.item, change.after)
        assert (got.before, got.delta, got.level_after) == (change.before, change.delta, change.level)


def test_an_item_without_an_answer_has_no_before():
    got = expect("C01", 2, [a for a in TENSE if a.item != "C01"])
    assert got.before is None and got.delta is not None


def test_a_village_without_answers_has_no_effect_to_expect():
    got = expect("C01", 2, [])
    assert (got.before, got.delta, got.level_before) == (None, None, None)


@pytest.mark.parametrize(
    ("item", "target", "why"), [("Z99", 0, "item"), ("A07", 101, "range"), ("D05", 0.5, "whole")]
)
def test_a_target_that_is_no_answer_is_refused(item, target, why):
    with pytest.raises(MitigationError) as refused:
        expect(item, target)
    assert refused.value.reason == why


@pytest.mark.parametrize("a", MitigationStatus)
@pytest.mark.parametrize("b", MitigationStatus)
def test_moves_are_those_of_the_table(a, b):
    if b in MITIGATION_MOVES[a]:
        check_mitigation_move(a, b)
    else:
        with pytest.raises(MoveRefused):
            check_mitigation_move(a, b)


def test_nothing_leads_out_of_dropped_and_only_dropping_out_of_done():
    assert MITIGATION_MOVES[MitigationStatus.DROPPED] == ()
    assert MITIGATION_MOVES[MitigationStatus.DONE] == (MitigationStatus.DROPPED,)


@pytest.mark.parametrize("status", list(MitigationStatus))
def test_only_an_open_action_is_edited(status):
    if status in (MitigationStatus.OFFERED, MitigationStatus.OWNED):
        check_editable(status)
    else:
        with pytest.raises(MoveRefused):
            check_editable(status)


@pytest.mark.parametrize(
    ("status", "due", "late"),
    [
        (MitigationStatus.OWNED, -1, True),
        (MitigationStatus.OFFERED, -1, True),  # nobody took it, and its moment is past
        (MitigationStatus.OWNED, 1, False),
        (MitigationStatus.OWNED, 0, False),
        (MitigationStatus.DONE, -1, False),
        (MitigationStatus.DROPPED, -1, False),
        (MitigationStatus.OWNED, None, False),
    ],
)
def test_late_is_computed(status, due, late):
    at = None if due is None else cast.NOW + timedelta(hours=due)
    assert overdue(status, at, cast.NOW) is late


DONE_AT, DONE_ON = datetime(2023, 10, 5, 3, tzinfo=cast.VOTE_AT.tzinfo), date(2023, 10, 5)


def mark(number, day, value, points, observed, level=2):
    at = datetime(2023, 10, day, 5, tzinfo=cast.VOTE_AT.tzinfo)
    return PublishedItem(number, at, value, points, date(2023, 10, observed) if observed else None, level)


FIRST, STALE, FRESH = mark(1, 3, 12, 1.8, 2), mark(2, 6, 12, 1.8, 2), mark(3, 8, 2, 0.3, 7, level=1)


def test_before_and_after_are_the_publications_around_it():
    seen = effect_seen([FRESH, FIRST], DONE_AT, DONE_ON)
    assert (seen.before, seen.after, seen.remeasured, seen.moved) == (FIRST, FRESH, True, True)
    assert seen.delta == pytest.approx(-1.5)


def test_an_answer_from_before_the_action_shows_nothing_yet():
    seen = effect_seen([FIRST, STALE], DONE_AT, DONE_ON)
    assert (seen.after, seen.remeasured) == (STALE, False)


def test_the_first_publication_that_measured_again_is_the_one_that_counts():
    assert effect_seen([FIRST, STALE, FRESH], DONE_AT, DONE_ON).after is FRESH


def test_nothing_published_since_nothing_seen():
    assert effect_seen([FIRST], DONE_AT, DONE_ON) is None


def test_nothing_published_before_has_no_difference():
    seen = effect_seen([FRESH], DONE_AT, DONE_ON)
    assert (seen.before, seen.delta, seen.moved) == (None, None, False)
