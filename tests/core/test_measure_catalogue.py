"""The catalogue is whole, and each transform does what method 1.1 says."""

from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from kondusif.errors import RecipeError
from kondusif.measure.catalogue import (
    COMPANION_TEXT,
    COMPANIONS,
    DIMENSIONS,
    Transform,
    catalogue,
    item_ids,
)
from kondusif.measure.reference import indicators_markdown

ROOT = Path(__file__).parents[2]


def test_forty_five_indicators_in_six_dimensions():
    assert len(catalogue()) == 45
    counts = [sum(i.dimension == d for i in catalogue().values()) for d in DIMENSIONS]
    assert counts == [8, 8, 6, 10, 7, 6]


def test_companions_are_items_too():
    assert set(COMPANIONS) == set(COMPANION_TEXT)
    assert len(item_ids()) == 49


@pytest.mark.parametrize(
    "text, x, lo, hi, risk",
    [
        ("linear_clamp", -1, 0, 5, 0.0),
        ("linear_clamp", 2, 0, 5, 0.4),
        ("linear_clamp", 9, 0, 5, 1.0),
        ("linear_clamp", 550, 300, 800, 0.5),
        ("linear_inverse", 0, 0, 30, 1.0),
        ("linear_inverse", 20, 0, 30, 1 / 3),
        ("linear_inverse", 99, 0, 30, 0.0),
        ("boolean", 0, 0, 1, 0.0),
        ("boolean", 1, 0, 1, 1.0),
        ("boolean_inverse", 1, 0, 1, 0.0),
        ("boolean_inverse", 0, 0, 1, 1.0),
        ("log_clamp", 0, 500, 10000, 0.0),
        ("log_clamp", 500, 500, 10000, 0.0),
        ("log_clamp", 1800, 500, 10000, log(3.6) / log(20)),
        ("log_clamp", 20000, 500, 10000, 1.0),
        ("map{1:0.6,2:1.0,3:0.7}", 1, 1, 3, 0.6),
        ("map{1:0.6,2:1.0,3:0.7}", 2, 1, 3, 1.0),
        ("map{1:0.6,2:1.0,3:0.7}", 2.5, 1, 3, 1.0),  # between two points the riskier
        ("map{1:0.6,2:1.0,3:0.7}", 8, 1, 3, 0.7),
        ("map{1:0.6,2:1.0,3:0.7}", 0, 1, 3, 0.6),
    ],
)
def test_each_transform(text, x, lo, hi, risk):
    assert Transform.parse(text).risk(x, lo, hi) == pytest.approx(risk, abs=1e-12)


@pytest.mark.parametrize("text", ["linear", "map{}", "map{1:a}", "map{1:1.2}", ""])
def test_a_transform_nobody_knows_is_refused(text):
    with pytest.raises(RecipeError):
        Transform.parse(text)


def test_transform_reads_what_it_writes():
    for indicator in catalogue().values():
        assert Transform.parse(str(indicator.transform)) == indicator.transform


@pytest.mark.parametrize(
    "change",
    [
        {"lo": 5.0},
        {"weight": 0.0},
        {"fresh_days": -1},
        {"first_stage": "nanti"},
        {"dimension": "z"},
        {"dimension": "AB"},
        {"transform": Transform("log_clamp")},
    ],
)
def test_an_indicator_that_contradicts_itself_is_refused(change):
    with pytest.raises(RecipeError, match="A01"):
        replace(catalogue()["A01"], **change)


def test_no_indicator_asks_about_a_person():
    for indicator in catalogue().values():
        for word in ("agama", "suku", "etnis", "partai", "pilihan politik"):
            assert word not in indicator.name_id.lower()


def test_reference_page_does_not_drift():
    page = ROOT / "docs/reference/indicators.md"
    assert page.read_text(encoding="utf-8") == indicators_markdown()
