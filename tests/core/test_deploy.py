"""Postings: states, moves, and who may be recalled when (RULES 12)."""

from itertools import product

import pytest

from kondusif.deploy import DOWN, POSTING_MOVES, PostingState, check_posting_move, may_recall
from kondusif.errors import MoveRefused
from kondusif.forces import Force
from kondusif.standby import Posture

ALLOWED = {
    ("ordered", "on_post"),
    ("ordered", "cancelled"),
    ("on_post", "returning"),
    ("returning", "home"),
    ("returning", "on_post"),
}


@pytest.mark.parametrize("a, b", list(product(PostingState, PostingState)))
def test_every_pair_of_states(a, b):
    if (a, b) in ALLOWED:
        check_posting_move(a, b)
    else:
        with pytest.raises(MoveRefused) as refused:
            check_posting_move(a, b)
        assert refused.value.facts == {"state": a, "to": b}


def test_home_and_cancelled_are_final():
    assert {s for s, to in POSTING_MOVES.items() if not to} == {PostingState.HOME, PostingState.CANCELLED}


@pytest.mark.parametrize(
    "force, jenis, bko, first",
    [
        (Force.TNI, "tps", False, "l1"),
        (Force.POLRI, "tps", True, "l1"),
        (Force.POLRI, "tps", False, "l2"),
        (Force.LINMAS, "tps", False, "l2"),
        (Force.SATPOL, "balai_desa", False, "l2"),
        (Force.POLRI, "patroli", False, "l3"),
        (Force.POLRI, "patroli", True, "l3"),
        (Force.POLRI, "cadangan", True, "l4"),
        (Force.POLRI, "posko", False, "l4"),
    ],
)
def test_nobody_is_recalled_before_the_ladder_lets_them(force, jenis, bko, first):
    allowed = [p for p in DOWN if may_recall(force, jenis, p, bko=bko)]
    assert allowed == list(DOWN[DOWN.index(Posture(first)) :])


@pytest.mark.parametrize("posture", ["preparation", "voting", "counting", "standby", "", "unknown"])
def test_before_l1_or_unknown_nobody_leaves(posture):
    assert not any(may_recall(f, "tps", posture, bko=True) for f in Force)
