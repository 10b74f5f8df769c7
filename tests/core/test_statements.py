"""What is stated from the field and what it counts for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kondusif.errors import MoveRefused
from kondusif.standby import Posture, steps_down
from kondusif.withdraw import UNREST
from kondusif.withdraw.facts import VALUES, Check
from kondusif.withdraw.statements import (
    DISPUTE_MOVES,
    SITUATION,
    camat_may_speak,
    check_complete,
    check_dispute_move,
    check_statement,
    dispute_of,
    said_by,
)
from kondusif.words import table
from tests import cast

NOW = cast.NOW


def test_every_answer_of_the_situation_form_speaks_of_the_observations_that_age():
    pairs = [pair for answers in SITUATION.values() for pair in answers.values() if pair]
    assert {item for item, _ in pairs} == set(UNREST) and {v for _, v in pairs} <= set(VALUES)


def test_every_answer_of_the_situation_form_has_its_word():
    assert set(table("situation")) == set(SITUATION)
    assert set(table("situation_answers")) == {f"{q}.{a}" for q, found in SITUATION.items() for a in found}


def test_a_slow_road_says_nothing():
    assert said_by({"mood": "pushing", "road": "slow"}) == ((10, "no"),)


@pytest.mark.parametrize(
    "attempts, last, may",
    [(0, "", False), (1, "not_reached", False), (2, "not_reached", True), (5, "not_yet", False)],
)
def test_the_camat_speaks_for_a_resident_nobody_reached(attempts, last, may):
    assert camat_may_speak(attempts, last) is may


@pytest.mark.parametrize("a", DISPUTE_MOVES)
@pytest.mark.parametrize("b", DISPUTE_MOVES)
def test_dispute_steps(a, b):
    if b in DISPUTE_MOVES[a]:
        check_dispute_move(a, b)
    else:
        with pytest.raises(MoveRefused):
            check_dispute_move(a, b)


def check(value, hours=0):
    return Check(f"{value}{hours}", "99.01.01.2001", 8, value, NOW - timedelta(hours=hours), "panitia")


@pytest.mark.parametrize(
    "recorded, checks, found",
    [
        ("open", [check("yes")], "open"),
        ("unknown", [], "unknown"),
        ("unknown", [check("yes")], "none"),
        ("unknown", [check("na")], "none"),
        ("unknown", [check("yes", 2), check("no", 1)], "unknown"),
        ("unknown", [check("yes", -1)], "unknown"),
    ],
)
def test_a_dispute_is_unknown_until_somebody_says_so(recorded, checks, found):
    assert dispute_of(recorded, checks, NOW) == found


@pytest.mark.parametrize(
    "posture, level, step",
    [
        (Posture.STANDBY, 1, Posture.L1),
        (Posture.L1, 3, Posture.L2),
        (Posture.VOTING, 3, None),
        (Posture.CLOSED, 1, None),
    ],
)
def test_next_step(posture, level, step):
    assert next(iter(steps_down(posture, level)), None) is step


@pytest.mark.parametrize(
    "item, value, party, known",
    [
        (1, "yes", "", True),
        (1, "maybe", "", False),
        (99, "yes", "", False),
        (13, "yes", "camat", True),
        (13, "yes", "", False),
        (4, "yes", "camat", False),
        (13, "yes", "bupati", False),
    ],
)
def test_a_statement_fits_its_line_of_the_checklist(item, value, party, known):
    if known:
        check_statement(item, value, party)
    else:
        with pytest.raises(MoveRefused, match="fact_unknown"):
            check_statement(item, value, party)


def test_a_statement_of_the_committee_carries_the_number_of_its_minutes():
    check_complete(1, "yes", "BA 05")
    check_complete(1, "unknown", "")
    check_complete(9, "yes", "")
    with pytest.raises(MoveRefused, match="minutes_missing"):
        check_complete(1, "yes", "  ")
