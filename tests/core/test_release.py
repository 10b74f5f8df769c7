"""What the public may read (RULES 22)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kondusif.dialogue import Commitment, Standing, Status, Topic
from kondusif.release import public_counts, public_standing
from tests import cast

NOW = cast.NOW


@pytest.mark.parametrize(
    "left, expected",
    [
        (None, Standing.RUNNING),
        (NOW - timedelta(hours=23, minutes=59), Standing.RUNNING),
        (NOW - timedelta(hours=24), Standing.KEPT),
    ],
)
@pytest.mark.parametrize("status", [Status.OWNED, Status.KEPT])
def test_kept_waits_a_day_after_the_last_unit(left, expected, status):
    stay = Commitment(
        "stay", "bertahan sampai aman", "Kapolres", status=status, gate="home", topic=Topic.STAY
    )
    assert public_standing(stay, now=NOW, last_left_at=left) is expected


@pytest.mark.parametrize("n, shown", [(3, False), (9, False), (10, True)])
def test_counts_only_from_ten_villages(n, shown):
    counts = {"Kurang Rawan": n - 1, "Rawan": 1, "Sangat Rawan": 0}
    assert bool(public_counts(counts)) is shown
