"""What the public may read (RULES 22)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kondusif.dialogue import AnswerStatus, Commitment, CommitmentState, CommitmentStatus, Part, Topic
from kondusif.forces import Force
from kondusif.release import public_answer, public_commitment_state, public_counts
from tests import cast

NOW = cast.NOW


@pytest.mark.parametrize(
    "left, expected",
    [
        (None, CommitmentState.RUNNING),
        (NOW - timedelta(hours=23, minutes=59), CommitmentState.RUNNING),
        (NOW - timedelta(hours=24), CommitmentState.KEPT),
    ],
)
@pytest.mark.parametrize("status", [CommitmentStatus.OWNED, CommitmentStatus.KEPT])
def test_kept_waits_a_day_after_the_last_unit(left, expected, status):
    stay = Commitment(
        "stay", "bertahan sampai aman", "Kapolres", status=status, gate="home", topic=Topic.STAY
    )
    assert public_commitment_state(stay, now=NOW, last_left_at=left) is expected


@pytest.mark.parametrize("n, shown", [(3, False), (9, False), (10, True)])
def test_counts_only_from_ten_villages(n, shown):
    counts = {"Kurang Rawan": n - 1, "Rawan": 1, "Sangat Rawan": 0}
    assert bool(public_counts(counts)) is shown


PARTS = {
    "start": Part("start", Topic.START, "kapan"),
    "stay": Part("stay", Topic.STAY, "sampai aman", Force.POLRI),
    "tni": Part("tni", Topic.STAY, "TNI", Force.TNI),
    "around": Part("around", Topic.AROUND_TPS, "di TPS"),
    "other": Part("other", Topic.OTHER, "lain"),
}


@pytest.mark.parametrize(
    "part, facts, expected",
    [
        ("start", {}, (AnswerStatus.OPEN, "terms")),
        ("start", {"planned": True}, (AnswerStatus.ANSWERED, "starts")),
        ("stay", {"planned": True}, (AnswerStatus.ANSWERED, "stays")),
        ("around", {"planned": True}, (AnswerStatus.PARTLY, "at_the_place")),
        ("around", {"planned": True, "every_tps_posted": True}, (AnswerStatus.ANSWERED, "every_tps")),
        ("tni", {"planned": True}, (AnswerStatus.OPEN, "awaits_koramil")),
        ("other", {}, (AnswerStatus.OPEN, "no_answer")),
        ("other", {"promised": True}, (AnswerStatus.ANSWERED, "promised")),
    ],
)
def test_a_plan_answers_for_the_police_and_for_nobody_else(part, facts, expected):
    given = {"planned": False, "every_tps_posted": False, "promised": False} | facts
    assert public_answer(PARTS[part], (), **given) == expected


@pytest.mark.parametrize(
    "owner, status, levels, expected",
    [
        ("Danramil", CommitmentStatus.OWNED, (), AnswerStatus.ANSWERED),
        ("Danramil", CommitmentStatus.OWNED, (1, 2, 3), AnswerStatus.ANSWERED),
        ("Danramil", CommitmentStatus.OWNED, (2, 3), AnswerStatus.PARTLY),
        ("Danramil", CommitmentStatus.BROKEN, (), AnswerStatus.OPEN),
        ("Kapolres", CommitmentStatus.OWNED, (), AnswerStatus.OPEN),
    ],
)
def test_only_koramil_answers_for_the_tni(owner, status, levels, expected):
    mine = Commitment("k", "ikut bertahan", owner, status=status, levels=levels, topic=Topic.STAY)
    found, _code = public_answer(PARTS["tni"], [mine], planned=True, every_tps_posted=True, promised=False)
    assert found is expected
