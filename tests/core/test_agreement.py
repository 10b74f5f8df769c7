"""Two raters of one item: who disagrees, and how far raters differ (method 9.3, 9.4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.answers.agreement import agreement, contested, disagree, krippendorff, noise, rater_sd, ratings
from kondusif.answers.answer import Answer, Given
from kondusif.instrument.indicator import is_companion
from tests.cast import ITEMS

DESA, DAY = "99.01.01.2001", date(2023, 10, 7)
BY_ID = ITEMS


def told(item, value, rater="satu", ago=0, place=DESA, kind=Given.VALUE, corrects="", id=""):
    word = value if is_companion(item) and kind is Given.VALUE else ""
    number = None if word or kind is not Given.VALUE else float(value)
    on = DAY - timedelta(ago)
    return Answer(
        id or f"{place}/{item}/{rater}/{on}/{value}",
        place, item, number, word, kind, on, "observasi", rater, corrects,
    )  # fmt: skip


@pytest.mark.parametrize(
    "item, one, two, apart",
    [
        ("A01", 2, 2, False),
        ("A01", 2, 3, True),  # a count: different
        ("E04", 0, 1, True),
        ("D10", 1, 1, False),
        ("D10", 1, 2, True),  # an anchored scale: one step
        ("E01", 40, 58, False),  # minutes: 18 of 180 is not more than a tenth
        ("E01", 40, 59, True),
        ("A07", 60, 70, False),
        ("A07", 60, 71, True),
        ("D06_threat", "yes", "no", True),
        ("D06_threat", "yes", "unknown", False),  # "unknown" rates nothing
    ],
)
def test_who_disagrees(item, one, two, apart):
    a, b = told(item, one), told(item, two, "dua")
    assert disagree(a, b, BY_ID.get(item)) is apart
    assert disagree(b, a, BY_ID.get(item)) is apart


def test_a_value_against_not_applicable_disagrees_and_a_refusal_rates_nothing():
    value = told("B04", 3)
    assert disagree(value, told("B04", 0, "dua", kind=Given.NOT_APPLICABLE), BY_ID["B04"])
    assert not disagree(value, told("B04", 0, "dua", kind=Given.REFUSED), BY_ID["B04"])


def test_the_riskier_comes_first_also_where_less_is_riskier():
    (found,) = contested([told("A07", 80), told("A07", 20, "dua")], BY_ID)
    assert [a.value for a in found.answers] == [20, 80]


def test_one_rater_twice_is_no_second_opinion():
    assert contested([told("D10", 1, ago=1), told("D10", 3)], BY_ID) == ()


def test_the_last_rating_of_each_counts():
    answers = [told("D10", 3, ago=2), told("D10", 1), told("D10", 1, "dua")]
    assert contested(answers, BY_ID) == ()


def test_of_one_raters_two_on_one_day_the_riskier_is_the_rating_as_it_stands():
    for ids in (("a", "b"), ("b", "a")):
        answers = [told("D10", 4, id=ids[0]), told("D10", 1, id=ids[1]), told("D10", 1, "dua")]
        (found,) = contested(answers, BY_ID)
        assert found.answers[0].value == 4


def test_an_own_mistake_that_is_corrected_disagrees_no_more():
    wrong = told("D10", 4)
    assert contested([wrong, told("D10", 1, "dua")], BY_ID)
    assert not contested([wrong, told("D10", 1, corrects=wrong.id), told("D10", 1, "dua")], BY_ID)


def test_settled_is_not_contested_but_still_tells_how_far_raters_differ():
    one, two = told("D10", 1), told("D10", 3, "dua")
    agreed = [told("D10", 2, "satu & dua", corrects=a.id, id=f"bersama/{a.id}") for a in (one, two)]
    assert contested([one, two, *agreed], BY_ID) == ()
    assert agreement([[one, two, *agreed]], BY_ID)["D10"].sd == pytest.approx(2**0.5)


def test_answers_of_the_system_are_nobodys():
    assert ratings([told("F01", 3, "sistem")], BY_ID) == ()


# ---- how far raters differ: the worked example of method 9.4

EXAMPLE = ((1, 1), (2, 3), (0, 0), (3, 1))


def rated(pairs=EXAMPLE, item="D10"):
    return [
        told(item, v, rater, place=f"99.01.01.20{n:02d}")
        for n, pair in enumerate(pairs)
        for rater, v in zip(("satu", "dua"), pair, strict=True)
    ]


def test_the_worked_example():
    found = agreement([rated()], BY_ID)["D10"]
    assert (found.units, found.share) == (4, 0.5)
    assert found.alpha == pytest.approx(1 - 10 / (2 * 8 * 9.875 / 7), abs=1e-12)
    assert round(found.alpha, 3) == 0.557
    assert found.sd == pytest.approx((5 / 8) ** 0.5, abs=1e-12)


def test_dahlberg_by_hand():
    assert rater_sd([[10, 14], [8, 8]]) == 2.0  # sqrt((16 + 0) / 4)


def test_perfect_agreement_is_one_and_no_variation_is_undefined():
    assert krippendorff([[1, 1], [2, 2]]) == 1.0
    assert krippendorff([[1, 1], [1, 1]]) is None
    assert krippendorff([[1], [2]]) is None  # nothing pairs


def test_nominal_by_hand():
    # values 0 0 0 1: apart in units 2 of 2 x 1; expected 2 x 3 x 1 / 3 = 2; alpha = 1 - 2 / 2
    assert krippendorff([[0, 0], [0, 1]], nominal=True) == 0.0


def test_noise_needs_enough_places():
    assert noise(agreement([rated()], BY_ID)) == {}
    assert noise(agreement([rated((*EXAMPLE, (2, 2)))], BY_ID))["D10"] == pytest.approx((5 / 10) ** 0.5)


def test_another_round_is_another_unit():
    assert agreement([rated(), rated()], BY_ID)["D10"].units == 8


@given(st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=4), min_size=2, max_size=8), st.randoms())
def test_order_never_matters_and_a_shift_changes_nothing(units, random):
    shuffled = [random.sample(u, len(u)) for u in random.sample(units, len(units))]
    for measure in (krippendorff, rater_sd):
        left, right = measure(units), measure(shuffled)
        moved = measure([[v + 7 for v in u] for u in units])
        assert (left is None) == (right is None) == (moved is None)
        if left is not None:
            assert left == pytest.approx(right, abs=1e-12) == pytest.approx(moved, abs=1e-9)
