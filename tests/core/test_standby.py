"""Postures as tables (RULES 12, 14, 16)."""

from itertools import product

import pytest

from kondusif.errors import MoveRefused
from kondusif.standby import (
    APPROVERS,
    GATES,
    LADDER,
    POSTURE_MOVES,
    QUIET_HOURS,
    Posture,
    approvers,
    check_move,
    is_gated,
    moves_from,
    states_markdown,
)


@pytest.mark.parametrize("a, b", list(product(Posture, Posture)))
@pytest.mark.parametrize("level", [None, 1, 2, 3])
def test_every_pair(a, b, level):
    skips = (a, b) == (Posture.STANDBY, Posture.L2) and level != 1
    if b in POSTURE_MOVES[a] and not skips:
        check_move(a, b, level)
    else:
        with pytest.raises(MoveRefused):
            check_move(a, b, level)


def test_every_step_down_is_gated_and_every_other_move_is_not():
    for a, targets in POSTURE_MOVES.items():
        for b in targets:
            down = b in (*LADDER, Posture.CLOSED)
            assert is_gated(a, b) == down
    assert {pair for pair in GATES if pair[1] not in POSTURE_MOVES[pair[0]]} == set()


def test_the_one_step_of_level_one_passes_the_gates_of_both():
    both = GATES[Posture.STANDBY, Posture.L1] + GATES[Posture.L1, Posture.L2]
    assert GATES[Posture.STANDBY, Posture.L2] == both
    assert moves_from(Posture.STANDBY, 1) == (Posture.L1, Posture.L2)


def test_every_step_of_the_ladder_can_go_back_to_standby_and_closed_cannot():
    assert all(Posture.STANDBY in POSTURE_MOVES[p] for p in LADDER)
    assert POSTURE_MOVES[Posture.CLOSED] == ()


def test_every_posture_is_reached():
    seen, todo = set(), [Posture.PREPARATION]
    while todo:
        p = todo.pop()
        if p not in seen:
            seen.add(p)
            todo += POSTURE_MOVES[p]
    assert seen == set(Posture)


def test_who_approves():
    assert approvers(1) == ("kapolsek", "kapolres")
    assert approvers(2) == approvers(3) == approvers(None) == ("kapolres",)
    assert set(APPROVERS) == set(QUIET_HOURS) == {1, 2, 3}


def test_the_generated_page_draws_every_move():
    page = states_markdown()
    assert "stateDiagram-v2" in page
    assert all(f"{a.value} --> {b.value}" in page for a, to in POSTURE_MOVES.items() for b in to)
