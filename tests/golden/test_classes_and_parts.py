"""Classes and contributions as worked out elsewhere: pilkades-a 13 and 14; Bawaslu's provinces."""

import csv
from pathlib import Path

import numpy as np
import pytest

from kondusif_index.data import Data
from kondusif_index.explain.contributions import contributions
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.classify import Classing, classify
from kondusif_index.tree import Node, Tree
from tests.requires import shared_data

GOLD = Path(__file__).parent / "pilkades-a"
FIXED = Classing(cuts=(13.0, 17.0, 21.0, 27.0))
BY_SPREAD = Classing("mean_sd", k=(-1.5, -0.5, 0.5, 1.5))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return float(text) if text else np.nan


def test_the_doubles_beside_a_cut_are_on_it():
    """The file was made on exact doubles; by method 8.11 what equals a cut to 10 decimals is on it."""
    cases = rows(GOLD / "13_classes/boundary_cases.csv")
    got = classify(np.array([number(r["score"]) for r in cases]), FIXED).levels.tolist()
    for row, level in zip(cases, got, strict=True):
        score = number(row["score"])
        just_below = any(0 < cut - score < 1e-10 for cut in FIXED.cuts)
        assert level == int(row["class_fixed"]) + just_below


@pytest.mark.parametrize(("how", "column"), [(FIXED, "class_fixed"), (BY_SPREAD, "class_mean_sd")])
def test_classes(how, column):
    units = rows(GOLD / "13_classes/classes.csv")
    got = classify(np.array([number(r["score"]) for r in units]), how)
    assert got.levels.tolist() == [int(r[column] or 0) for r in units]


def test_cuts():
    want = [float(r["cut"]) for r in rows(GOLD / "13_classes/cuts.csv") if r["scheme"] != "fixed"]
    scores = [number(r["score"]) for r in rows(GOLD / "13_classes/classes.csv")]
    assert classify(np.array(scores), BY_SPREAD).cuts == pytest.approx(want, abs=1e-9)
    assert [float(r["cut"]) for r in rows(GOLD / "13_classes/cuts.csv") if r["scheme"] == "fixed"] == list(
        FIXED.cuts
    )


def test_contributions():
    meta = rows(GOLD / "00_input/iMeta.csv")
    shape = Tree(
        tuple(
            Node(r["iCode"], r["Parent"], float(r["Weight"]), leaf=r["Type"] == "Indicator")
            for r in meta
            if r["Type"] in ("Indicator", "Aggregate")
        )
    )
    sign = {r["iCode"]: int(r["Direction"] or 1) for r in meta}
    units = rows(GOLD / "00_input/iData.csv")
    raw = np.array([[number(r[c]) * sign[c] for c in shape.leaf_codes] for r in units])
    low, high = np.nanmin(raw, axis=0), np.nanmax(raw, axis=0)
    data = Data(tuple(r["uCode"] for r in units), shape.leaf_codes, 100 * (raw - low) / (high - low))
    got = contributions(data, shape, Aggregating())
    gold = {r["uCode"]: r for r in rows(GOLD / "14_contributions/contributions.csv")}
    want = np.array([[number(gold[u][c]) for c in got.codes] for u in data.units])
    assert (np.isnan(got.points) == np.isnan(want)).all()
    assert np.nanmax(np.abs(got.points - want)) < 1e-9
    assert got.score == pytest.approx([number(gold[u]["sum"]) for u in data.units], abs=1e-9)


def test_bawaslu_2024_provinces():
    """34 provinces by the published cut-offs 21.7 and 68.5: 8 rendah, 21 sedang, 5 tinggi."""
    path = shared_data("golden", "coinr-asem", "20_real_indices", "ikp2024_province_scores.csv")
    provinces = rows(path)
    how = Classing(cuts=(21.7, 68.5), labels=("rendah", "sedang", "tinggi"))
    got = classify(np.array([float(r["ikp_score"]) for r in provinces]), how)
    assert got.names == tuple(r["class_by_published_threshold"] for r in provinces)
    assert got.counts == (8, 21, 5)
