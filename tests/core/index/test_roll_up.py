"""A larger area holds what the smaller ones hold, and what is missing never counts as zero (method 8.16)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.audit.roll_up import depth, parent_area, roll_up

NAN = np.nan
STATIONS = tuple(
    f"99.{k:02d}.{n:02d}.{2000 + d}-{t:02d}"
    for k in (1, 2)
    for n in (1, 2)
    for d in (1, 2)
    for t in (1, 2, 3)
)
UNITS = ("99.01.01.2001-01", "99.01.01.2001-02", "99.01.01.2001-03", "99.01.01.2002-01")
SCORES, VOTERS = np.array([10, 40, NAN, 70]), np.array([300, 100, 100, 500])
row = st.tuples(
    st.one_of(st.just(NAN), st.floats(0, 100)),
    st.one_of(st.just(NAN), st.integers(0, 600).map(float)),
    st.floats(0, 1),
    st.integers(0, 3),
)
tables = st.dictionaries(st.sampled_from(STATIONS), row, min_size=1)


def up(table, to, **more):
    units = list(table)
    score, weight, cover, level = (np.array([table[u][k] for u in units]) for k in range(4))
    return roll_up(units, score, to=to, weights=weight, coverage=cover, levels=level, **more)


@settings(deadline=None, max_examples=150)
@given(tables)
def test_a_larger_area_holds_what_the_smaller_ones_in_it_hold(table):
    villages = up(table, 4)
    for to in (3, 2, 1):
        for area in up(table, to):
            inside = [v for v in villages if v.code.startswith(area.code)]
            assert area.units == sum(v.units for v in inside)
            assert area.scored == sum(v.scored for v in inside)
            assert area.classes == tuple(map(sum, zip(*(v.classes for v in inside), strict=True)))
            assert area.missing == tuple(u for v in inside for u in v.missing)
            assert area.unweighted == tuple(u for v in inside for u in v.unweighted)
            cells = [r for u, r in table.items() if u.startswith(area.code) and not np.isnan(r[1])]
            voters = sum(weight for _, weight, _, _ in cells)
            heard = [(score, weight, cover) for score, weight, cover, _ in cells if not np.isnan(score)]
            if total := sum(weight for _, weight, _ in heard):
                assert area.mean == pytest.approx(sum(s * w for s, w, _ in heard) / total, abs=1e-9)
            covered = sum(w * c for _, w, c in heard) / voters if voters else 0
            assert area.coverage == pytest.approx(covered, abs=1e-9)
            found = [(-v.worst, v.worst_unit) for v in inside if v.scored]
            assert (area.worst_unit or None) == (min(found)[1] if found else None)


@settings(deadline=None, max_examples=60)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(table, dice):
    mixed = list(table)
    dice.shuffle(mixed)
    assert repr(up({u: table[u] for u in mixed}, 3)) == repr(up(table, 3))


@settings(deadline=None, max_examples=60)
@given(tables)
def test_a_unit_without_a_score_changes_no_mean_and_never_raises_coverage(table):
    (whole,) = up(
        {u: r for u, r in table.items() if u.startswith("99.01")} | {STATIONS[0]: (50, 10, 1, 1)}, 2
    )
    more = {u: r for u, r in table.items() if u.startswith("99.01")} | {STATIONS[0]: (50, 10, 1, 1)}
    more["99.01.01.2009-01"] = (NAN, 400, 1, 0)
    (found,) = up(more, 2)
    assert found.mean == whole.mean and found.worst == whole.worst
    assert found.coverage <= whole.coverage and "99.01.01.2009-01" in found.missing


def test_the_mean_is_weighted_by_voters_over_those_with_a_score():  # method 8.16
    village, other = roll_up(UNITS, SCORES, to=4, weights=VOTERS, levels=[1, 3, 0, 3])
    assert village.mean == (10 * 300 + 40 * 100) / 400 == 17.5
    assert village.coverage == 0.8 and not village.provisional
    assert (village.worst, village.worst_unit) == (40, "99.01.01.2001-02")
    assert village.missing == ("99.01.01.2001-03",) and village.classes == (1, 1, 0, 1)
    assert (other.code, other.mean) == ("99.01.01.2002", 70)
    (kecamatan,) = roll_up(UNITS, SCORES, to=3, weights=VOTERS, levels=[1, 3, 0, 3])
    assert kecamatan.code == "99.01.01"
    assert kecamatan.mean == pytest.approx((7000 + 70 * 500) / 900) and kecamatan.coverage == 0.9


def test_nothing_known_is_no_zero():
    (area,) = roll_up(["99.01.01.2001-01"], np.array([NAN]), to=4)
    assert np.isnan(area.mean) and np.isnan(area.worst) and area.coverage == 0 and area.provisional


def test_unknown_voters_stay_out_of_the_mean_and_make_it_provisional():
    units = ["99.01.01.2001-01", "99.01.01.2001-02"]
    (area,) = roll_up(units, np.array([10, 90.0]), to=4, weights=np.array([100, NAN]))
    assert (area.mean, area.worst, area.unweighted) == (10, 90, (units[1],))
    assert area.provisional


def test_of_equally_bad_units_the_first_by_code_is_named():
    units = ["99.01.01.2001-02", "99.01.01.2001-01", "99.01.01.2001-03"]
    (area,) = roll_up(units, np.array([9, 9, 5.0]), to=4)
    assert (area.worst, area.worst_unit) == (9, "99.01.01.2001-01")


def test_codes_climb_to_the_province_and_end():
    code, seen = "35.14.05.2001-03", []
    while code:
        seen.append((code, depth(code)))
        code = parent_area(code)
    assert seen == [("35.14.05.2001-03", 5), ("35.14.05.2001", 4), ("35.14.05", 3), ("35.14", 2), ("35", 1)]


@pytest.mark.parametrize(
    "units, more, says",
    [
        (["99.01.01.2001", "99.01.01.2001-01"], {}, "counted twice"),
        (["99.01", "99.01.01.2001-01"], {}, "above depth"),
        (["99.01.01.2001", "99.01.01.2001"], {}, "stand twice"),
        (["99.01.01.2001", ""], {}, "without a code"),
        (["99.01.01.2001", "99.01.01.2002"], {"weights": np.array([1, -1])}, "2002: weight below 0"),
        (["99.01.01.2001", "99.01.01.2002"], {"coverage": np.array([1, 1.2])}, "2002: coverage"),
        (["99.01.01.2001", "99.01.01.2002"], {"levels": [1, -1]}, "2002: class"),
        (["99.01.01.2001", "99.01.01.2002"], {"levels": [1]}, "levels"),
        (["99.01.01.2001", "99.01.01.2002"], {"weights": np.array([1.0])}, "weights"),
    ],
)
def test_what_would_count_wrongly_is_refused_by_name(units, more, says):
    with pytest.raises(RecipeError, match=says):
        roll_up(units, np.zeros(len(units)), to=3, **more)
