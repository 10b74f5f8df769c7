"""Answers of a file beside those known: new, here, in conflict, and what to look at twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kondusif.answers.answer import Answer, Given
from kondusif.files.changes import RowState
from kondusif.files.incoming import FAR, MOVES, OLDER, OUT, STALE, sort_answers
from tests import cast
from tests.cast import ITEMS

TODAY = date(2023, 9, 20)


def told(value=2.0, item="A01", id="a", on=TODAY, **more):
    return Answer(id, cast.KARANGJATI, item, value, "", Given.VALUE, on, "Panitia", "P01", **more)


def sort(coming, known=()):
    at = tuple(("a.xlsx", n) for n, _ in enumerate(coming, 4))
    return sort_answers(known, coming, at, ITEMS, TODAY)


def test_each_answer_is_new_here_or_in_conflict():
    known = [told(id="a"), told(id="b", value=1.0)]
    rows = sort([told(id="a"), told(id="b", value=3.0), told(id="c")], known)
    assert [r.state for r in rows] == [RowState.SAME, RowState.REFUSED, RowState.NEW]
    assert [r.at[1] for r in rows] == [4, 5, 6]


def test_a_repetition_in_the_file_is_the_same_answer():
    assert [r.state for r in sort([told(), told()])] == [RowState.NEW, RowState.SAME]


@pytest.mark.parametrize(
    ("answer", "known", "notes"),
    [
        (told(), [], ()),
        (told(on=TODAY - timedelta(days=ITEMS["A01"].fresh_days)), [], ()),
        (told(on=TODAY - timedelta(days=ITEMS["A01"].fresh_days + 1)), [], (STALE,)),
        (told(id="b", on=TODAY - timedelta(days=1)), [told(id="a")], (OLDER,)),
        (told(id="b", value=3.0), [told(id="a")], (MOVES,)),
        (told(id="b"), [told(id="a")], ()),
        (told(id="b", on=TODAY - timedelta(days=1), corrects="a"), [told(id="a")], ()),
    ],
)
def test_what_to_look_at_twice(answer, known, notes):
    (row,) = sort([answer], known)
    assert row.notes == notes


def test_far_outside_the_goalposts_is_pointed_out_and_a_little_outside_is_not():
    """A count of 9 on a scale to 5 is possible and counts as the worst; 9,000 is most often a slip."""
    item = next(i for i in ITEMS.values() if i.type == "count")
    edge = item.hi + FAR * (item.hi - item.lo)
    assert [r.notes for r in sort([told(item=item.id, value=edge)])] == [()]
    assert [r.notes for r in sort([told(item=item.id, value=edge + 1)])] == [(OUT,)]


def test_a_corrected_answer_no_longer_stands():
    known = [told(id="a", value=5.0), told(id="b", value=2.0, corrects="a")]
    (row,) = sort([told(id="c", value=2.0)], known)
    assert row.before is not None and row.before.id == "b"
    (row,) = sort([told(id="c", value=2.0)], known[:1])
    assert row.notes == (MOVES,)
