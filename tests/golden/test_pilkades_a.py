"""Another program worked these numbers (pilkades-a/README.md); we agree to 1e-9, missing cells exactly."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from kondusif.answers.answer import Answer, Given
from kondusif.classes.score import answer_log, score_place
from kondusif.instrument.catalogue import catalogue
from kondusif_index.index import run_files
from tests.cast import ITEMS, RECIPE

GOLD = Path(__file__).parent / "pilkades-a"
DAY = date(2025, 6, 1)


TEXT = ("uCode", "kecamatan", "grade", "label", "nearest", "floors")


def table(path: Path) -> dict[str, dict[str, float]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["uCode"]: {k: float(v) if v else np.nan for k, v in row.items() if k not in TEXT}
            for row in csv.DictReader(file)
        }


def agree(ours: Path, gold: Path, whole: bool = True) -> None:
    got, want = table(ours), table(gold)
    assert got.keys() == want.keys()
    for unit, row in want.items():
        assert got[unit].keys() == row.keys() or not whole
        a, b = np.array([got[unit][k] for k in row]), np.array(list(row.values()))
        assert (np.isnan(a) == np.isnan(b)).all(), unit
        assert np.nanmax(np.abs(a - b), initial=0) < 1e-9, unit


def recipe(folder: Path, text: str) -> Path:
    path = folder / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_minmax_arithmetic_and_contributions(tmp_path):
    how = recipe(tmp_path, '[normalise]\nmethod = "minmax"\nscale = [0, 100]\n')
    run_files(GOLD / "00_input/iData.csv", GOLD / "00_input/iMeta.csv", how, tmp_path / "out")
    agree(tmp_path / "out/scores.csv", GOLD / "05_aggregate/na_amean_0_100.csv")
    agree(tmp_path / "out/contributions.csv", GOLD / "14_contributions/contributions.csv")


def test_classes_by_fixed_cuts(tmp_path):
    text = '[normalise]\nmethod = "minmax"\n[aggregate]\nmin_available = 0.67\n'
    how = recipe(tmp_path, text + "[classes]\ncuts = [13, 17, 21, 27]\n")
    run_files(GOLD / "00_input/iData.csv", GOLD / "00_input/iMeta.csv", how, tmp_path / "out")
    want = table(GOLD / "13_classes/classes.csv")
    for unit, row in table(tmp_path / "out/classes.csv").items():
        assert row["score"] == pytest.approx(want[unit]["score"], abs=1e-9, nan_ok=True)
        assert row["class"] == pytest.approx(want[unit]["class_fixed"], abs=0, nan_ok=True)


def test_instrument_on_tables(tmp_path):
    how = recipe(tmp_path, '[normalise]\nmethod = "instrument"\n')
    inputs = (GOLD / "00_input/answers_raw.csv", GOLD / "00_input/iMeta.csv")
    run_files(*inputs, how, tmp_path / "out", indicators=catalogue())
    for name in ("normalised", "scores", "coverage"):
        agree(tmp_path / f"out/{name}.csv", GOLD / f"15_instrument/{name}.csv", whole=False)


def test_instrument_on_answers():
    """The same numbers from one answer at a time: the path an office takes."""
    how = RECIPE
    scores, cover = table(GOLD / "15_instrument/scores.csv"), table(GOLD / "15_instrument/coverage.csv")
    normal = table(GOLD / "15_instrument/normalised.csv")
    for unit, row in table(GOLD / "00_input/answers_raw.csv").items():
        answers = [
            Answer(f"{unit}/{item}", unit, item, value, "", Given.VALUE, DAY, "made", "made")
            for item, value in row.items()
            if not np.isnan(value)
        ]
        got = score_place(how, answer_log(how, answers, DAY), unit, stage="masa_tenang")
        assert got.total == pytest.approx(scores[unit]["IDX"], abs=1e-9)
        for dimension, value in got.dimensions.items():
            assert (np.nan if value is None else value) == pytest.approx(
                scores[unit][dimension], abs=1e-9, nan_ok=True
            )
        assert got.coverage_all == pytest.approx(cover[unit]["coverage"], abs=1e-9)
        assert sum(got.contributions.values()) == pytest.approx(got.total, abs=1e-9)
        for item in got.items:
            share = np.nan if item.normalised is None else 100 * item.normalised
            assert share == pytest.approx(normal[unit][item.id], abs=1e-9, nan_ok=True)


def test_catalogue_is_the_instrument_of_the_golden_set():
    with (GOLD / "00_input/instrument.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["id"] for r in rows] == list(ITEMS)
    for row in rows:
        ours = ITEMS[row["id"]]
        assert (ours.dimension, ours.lo, ours.hi) == (row["dimension"], float(row["min"]), float(row["max"]))
        assert ours.weight == float(row["weight_in_dimension"])
        assert ours.transform.kind == row["transform"].partition("{")[0].partition(":")[0]
