"""What one person calmed alone, and what somebody else stands behind (method 9.7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kondusif.answers.agreement import ReceivedAnswer, downgraded_by_one
from kondusif.answers.answer import Given
from tests.cast import ITEMS
from tests.core.test_agreement import DAY, told

BY_ID = ITEMS


def brought(*lines, item="D10"):
    """Lines of (value, account[, more]); each comes an hour after the one before, observed today."""
    out = []
    for hour, (value, account, *more) in enumerate(lines):
        extra = more[0] if more else {}
        answer = told(item, value, account, ago=extra.get("ago", 0), kind=extra.get("kind", Given.VALUE),
                      corrects=extra.get("corrects", ""), id=f"a{hour}")  # fmt: skip
        at = datetime(2023, 10, 7, tzinfo=UTC) + timedelta(hours=extra.get("hour", hour))
        out.append(ReceivedAnswer(answer, at, account, extra.get("together", False)))
    return out


def calm(*lines, item="D10", on=DAY):
    return [
        (c.before.answer.id, c.after.answer.id)
        for c in downgraded_by_one(brought(*lines, item=item), BY_ID, on)
    ]


YESTERDAY = {"ago": 1}


@pytest.mark.parametrize(
    "lines, found",
    [
        ([(3, "x", YESTERDAY), (1, "y")], [("a0", "a1")]),  # another account's, calmed
        ([(3, "x", YESTERDAY), (1, "x")], [("a0", "a1")]),  # an own one too: nobody else has seen it
        ([(3, "x"), (1, "x", {"corrects": "a0"})], [("a0", "a1")]),  # by a correction
        ([(1, "x", YESTERDAY), (3, "y")], []),  # worse is always heard
        ([(3, "x", YESTERDAY), (3, "y")], []),
        ([(3, "x", YESTERDAY), (1, "y"), (1, "z")], []),  # two see the same calm
        ([(3, "x", YESTERDAY), (1, "y"), (0, "z")], []),  # the second sees it calmer still
        (
            [(3, "x", {"ago": 2}), (1, "y", YESTERDAY), (0, "z")],
            [("a1", "a2")],
        ),  # the last step is one person's
        ([(3, "x", {"ago": 2}), (1, "y", YESTERDAY), (1, "y")], [("a0", "a2")]),  # said twice is still one
        ([(3, "x", YESTERDAY), (1, "y", {"together": True})], []),  # a joint review
        ([(3, "x", YESTERDAY), (0, "y", {"kind": Given.NOT_APPLICABLE})], [("a0", "a1")]),
        ([(3, "x", YESTERDAY), (0, "y", {"kind": Given.REFUSED})], []),  # missing never calms
        ([(1, "x", {"hour": 5}), (3, "x", {"hour": 5, "ago": 1})], []),  # one file is one step
    ],
)
def test_who_stands_behind_a_calmer_answer(lines, found):
    assert calm(*lines) == found


def test_the_riskier_answer_of_one_day_stands_and_calms_nothing():
    assert calm((3, "x"), (1, "y")) == []


def test_the_yes_or_no_beside_a_count_is_watched_too():
    assert calm(("yes", "x", YESTERDAY), ("no", "y"), item="D06_violence") == [("a0", "a1")]
    assert calm(("yes", "x", YESTERDAY), ("unknown", "y"), item="D06_violence") == []


def test_another_day_asks_what_stood_then():
    assert calm((3, "x", YESTERDAY), (1, "y"), on=DAY - timedelta(1)) == []


def test_the_order_of_rows_never_matters():
    rows = brought((3, "x", {"ago": 2}), (2, "y", YESTERDAY), (1, "y"))
    assert downgraded_by_one(rows, BY_ID, DAY) == downgraded_by_one(reversed(rows), BY_ID, DAY) != ()
