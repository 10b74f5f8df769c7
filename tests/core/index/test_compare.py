"""Two sides are compared over what both have; a course is named by a rule (method 8.16)."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.audit.compare import Course, Side, compare, trend
from kondusif_index.results import ranks
from tests.requires import shared_data

NAN = np.nan
score = st.one_of(st.just(NAN), st.integers(0, 100).map(float))
sides = st.dictionaries(st.sampled_from([f"99.01.{n}" for n in range(2001, 2012)]), score)


def side(scores, levels=None, label=""):
    units = tuple(scores)
    values = np.array([scores[u] for u in units], dtype=float)
    return Side(units, values, tuple(levels[u] for u in units) if levels else (), label)


def test_shifts_moves_and_who_changed_class():
    before = side({"a": 10, "b": 30, "c": 50, "d": 45}, {"a": 1, "b": 2, "c": 3, "d": 3}, "H-21")
    after = side({"a": 42, "b": 30, "c": 50, "d": 38}, {"a": 3, "b": 2, "c": 3, "d": 2}, "H-7")
    found = compare(before, after)
    assert [s.unit for s in found.shifts] == ["a", "d", "b", "c"]
    a = found.shifts[0]
    assert (a.difference, a.rank_before, a.rank_after, a.climbed) == (32, 4, 2, 2)
    assert [s.unit for s in found.changed] == ["a", "d"]
    assert found.moves.tolist() == [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0], [0, 0, 1, 1]]
    assert (found.before, found.after, found.scored, found.largest_shift) == ("H-21", "H-7", 4, 2)
    assert found.mean_difference == pytest.approx((32 - 7) / 4)
    assert found.mean_shift == pytest.approx((2 + 1 + 1) / 4)


def test_a_missing_score_is_no_zero_and_who_came_and_went_is_listed():
    found = compare(side({"a": 10, "b": 30, "c": NAN, "x": 5}), side({"a": NAN, "b": 35, "c": 20, "y": 1}))
    assert (found.lost, found.gained) == (("a",), ("c",))
    assert (found.only_before, found.only_after) == (("x",), ("y",))
    assert (found.scored, found.mean_difference) == (1, 5)
    lost = next(s for s in found.shifts if s.unit == "a")
    assert np.isnan(lost.difference) and (lost.rank_before, lost.climbed) == (0, 0)
    assert found.shifts[0].unit == "b"


def test_to_lose_a_class_is_a_move():
    found = compare(side({"a": 1}, {"a": 2}), side({"a": NAN}, {"a": 0}))
    assert [s.unit for s in found.changed] == ["a"] and found.moves[2, 0] == 1


def test_sides_without_anything_in_common_compare_to_nothing():
    found = compare(side({"a": 1}), side({"b": 2}))
    assert found.shifts == () and found.scored == 0 and np.isnan([found.pearson, found.mean_shift]).all()


@settings(deadline=None, max_examples=100)
@given(sides, sides, st.randoms(use_true_random=False))
def test_there_and_back_and_in_any_order(one, two, dice):
    forth, back = compare(side(one), side(two)), compare(side(two), side(one))
    assert forth.lost == back.gained and forth.only_before == back.only_after
    turned = {s.unit: s for s in back.shifts}
    for s in forth.shifts:
        assert s.climbed == -turned[s.unit].climbed
        assert s.difference == -turned[s.unit].difference or np.isnan(s.difference)
    mixed = list(one)
    dice.shuffle(mixed)
    again = compare(side({u: one[u] for u in mixed}), side(two))
    assert repr(again) == repr(forth)


@settings(deadline=None, max_examples=60)
@given(sides)
def test_nothing_changes_against_itself(one):
    found = compare(side(one), side(one))
    assert all(s.climbed == 0 and (s.difference == 0 or np.isnan(s.difference)) for s in found.shifts)
    assert found.changed == () and found.largest_shift == 0


def test_a_side_that_does_not_fit_is_refused_by_name():
    with pytest.raises(RecipeError, match=r"H-7.*stand twice: a"):
        Side(("a", "a"), np.zeros(2), label="H-7")
    with pytest.raises(RecipeError, match="for 1 units"):
        Side(("a",), np.zeros(2))
    with pytest.raises(RecipeError, match="2 classes for 1"):
        Side(("a",), np.zeros(1), (1, 2))
    with pytest.raises(RecipeError, match="below 0"):
        Side(("a",), np.zeros(1), (-1,))


@pytest.mark.parametrize(
    "scores, course",
    [
        ([10, 12, 14, 16], Course.RISING),
        ([30, 20, 15], Course.FALLING),
        ([30, 30.5, 29.5, 30], Course.STEADY),
        ([10, 40, 12, 41, 10], Course.SWINGING),
        ([10, NAN, NAN, 20], Course.RISING),
        ([NAN, 20, NAN], Course.UNKNOWN),
        ([NAN, NAN], Course.UNKNOWN),
        ([7, 7, 7], Course.STEADY),
    ],
)
def test_each_course(scores, course):
    (found,) = trend(("a",), range(2018, 2018 + len(scores)), np.array([scores], dtype=float))
    assert found.course is course


def test_slope_is_per_year_and_last_change_from_the_last_date_with_a_score():  # method 8.16
    (found,) = trend(("a",), [2020, 2018, 2023], np.array([[14.0, 10, 21]]))
    assert (found.first, found.last, found.last_change, found.dates) == (10, 21, 7, 3)
    assert found.slope == pytest.approx(np.polyfit([2018, 2020, 2023], [10, 14, 21], 1)[0])
    assert (round(found.slope, 2), round(found.fit, 3), found.course) == (2.21, 0.998, Course.RISING)
    (gap,) = trend(("a",), [1, 2, 3], np.array([[5.0, NAN, 9]]))
    assert gap.last_change == 4 and gap.slope == pytest.approx(2)


@settings(deadline=None, max_examples=80)
@given(st.lists(score, min_size=2, max_size=6))
def test_the_mirror_falls_where_the_course_rises(scores):
    row = np.array([scores])
    mirror = {Course.RISING: Course.FALLING, Course.FALLING: Course.RISING}
    (one,) = trend(("a",), range(len(scores)), row)
    (two,) = trend(("a",), range(len(scores)), 100 - row)
    assert two.course is mirror.get(one.course, one.course)


def test_trend_refuses_what_does_not_fit():
    with pytest.raises(RecipeError, match="each once"):
        trend(("a",), [1, 1], np.zeros((1, 2)))
    with pytest.raises(RecipeError, match="not \\(1, 2\\)"):
        trend(("a",), [1, 2], np.zeros((1, 3)))


def test_five_years_of_the_world_index():
    """Every indicator of the panel against numpy's own line and rank shifts."""
    path = shared_data("golden", "coinr-asem", "00_input", "iData_panel.csv")
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    years = sorted({int(r["Time"]) for r in table})
    units = sorted({r["uCode"] for r in table})
    assert (len(years), len(units)) == (5, 51)
    courses = set()
    for code in ("LPI", "GDPGrow", "CO2", "Tariff", "ConSpeed", "CPI"):
        cell = {(r["uCode"], int(r["Time"])): r[code] for r in table}
        x = np.array(
            [[float(cell[u, y]) if cell[u, y] not in ("", "NA") else NAN for y in years] for u in units]
        )
        for t, row in zip(trend(units, years, x), x, strict=True):
            here = ~np.isnan(row)
            courses.add(t.course)
            assert t.dates == here.sum()
            if t.dates > 1:
                line = np.polyfit(np.array(years)[here] - 2020.0, row[here], 1)
                assert t.slope == pytest.approx(line[0], abs=1e-9)
                assert t.last_change == row[here][-1] - row[here][-2]
        found = compare(Side(tuple(units), x[:, 0]), Side(tuple(units), x[:, -1]))
        both = ~np.isnan(x[:, [0, -1]]).any(axis=1)
        moved = ranks(x[both, 0]) - ranks(x[both, -1])
        assert sorted(s.climbed for s in found.shifts if s.rank_after) == sorted(moved.tolist())
    assert {Course.RISING, Course.STEADY} <= courses
