"""The reference's pipelines, driven through recipe files as an analyst would; 1e-9, missing cells exactly."""

import csv
from pathlib import Path

import numpy as np
import pytest

from kondusif_index.index import run_files
from tests.requires import shared_data

PILKADES = Path(__file__).parent / "pilkades-a"
AS_COINR = '[treat]\nmethod = "coin"\n'
ASEM = """
order = ["denominate", "impute", "screen", "treat", "normalise"]
denominate = {method = "tree", bad = "missing"}
impute = {method = "group_mean", group = "EurAsia_group"}
screen = {method = "availability", least_available = 0.9}
treat = {method = "coin"}
"""
PLAIN = '[denominate]\nmethod = "none"\n'


def table(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["uCode"]: row for row in csv.DictReader(file)}


def agree(ours: Path, gold: Path, codes=None) -> None:
    """Every numeric cell of the reference that we also name; at least one column must be shared."""
    got, want = table(ours), table(gold)
    assert got.keys() == want.keys()
    shared = [c for c in next(iter(want.values())) if c != "uCode" and c in next(iter(got.values()))]
    shared = [c for c in shared if c in codes] if codes else shared
    assert shared
    for unit, row in want.items():
        a = np.array([float(got[unit][c] or "nan") for c in shared])
        b = np.array([float(row[c] or "nan") for c in shared])
        assert (np.isnan(a) == np.isnan(b)).all(), unit
        assert np.nanmax(np.abs(a - b), initial=0) < 1e-9, unit


def run(folder: Path, recipe: str, out: Path) -> Path:
    out.mkdir(exist_ok=True)
    (out / "r.toml").write_text(recipe, encoding="utf-8")
    run_files(folder / "iData.csv", folder / "iMeta.csv", out / "r.toml", out / "hasil")
    return out / "hasil"


def test_the_default_pipeline_of_the_world_index(tmp_path):
    gold = shared_data("golden", "coinr-asem", "01_default_pipeline")
    out = run(gold.parent / "00_input", ASEM + '[normalise]\nmethod = "minmax"\n', tmp_path)
    for ours, theirs in (
        ("denominated", "Denominated"),
        ("imputed", "Imputed"),
        ("screened", "Screened"),
        ("treated", "Treated"),
        ("normalised", "Normalised"),
        ("scores", "Aggregated"),
    ):
        agree(out / f"{ours}.csv", gold / f"{theirs}.csv")


@pytest.mark.parametrize(
    "table_of_recipe, gold",
    [
        ('method = "minmax"', "minmax_0_100"),
        ('method = "minmax"\nscale = [1, 100]', "minmax_1_100"),
        ('method = "zscore"', "zscore_0_1"),
        ('method = "zscore"\nmean = 10\nsd = 2', "zscore_10_2"),
        ('method = "rank"', "rank"),
        ('method = "rank"\nties = "average"', "rank_average_ties"),
        ('method = "prank"\nscale = [0, 1]', "prank"),
        ('method = "borda"', "borda"),
        ('method = "dist2max"\nscale = [0, 1]', "dist2max"),
    ],
)
def test_the_scales_of_the_world_index(tmp_path, table_of_recipe, gold):
    folder = shared_data("golden", "coinr-asem", "05_normalise")
    out = run(folder.parent / "00_input", f"{ASEM}[normalise]\n{table_of_recipe}\n", tmp_path)
    agree(out / "normalised.csv", folder / f"{gold}.csv")


@pytest.mark.parametrize(
    "mean, gold",
    [
        ('method = "arithmetic"', "amean_1_100"),
        ('method = "geometric"', "gmean_1_100"),
        ('method = "harmonic"', "hmean_1_100"),
    ],
)
def test_the_means_of_the_world_index(tmp_path, mean, gold):
    folder = shared_data("golden", "coinr-asem", "06_aggregate")
    scale = '[normalise]\nmethod = "minmax"\nscale = [1, 100]\n'
    out = run(folder.parent / "00_input", f"{ASEM}{scale}[aggregate]\n{mean}\n", tmp_path)
    agree(out / "scores.csv", folder / f"{gold}.csv")


@pytest.mark.parametrize(
    "least, gold",
    [
        ("0.0", "na_amean_0_100"),
        ("0.5", "na_amean_0_100_thresh0.5"),
        ("0.67", "na_amean_0_100_thresh0.67"),
        ("[0.67, 1.0]", "na_amean_0_100_thresh_by_level"),
    ],
)
def test_thresholds_of_the_made_up_index(tmp_path, least, gold):
    recipe = f'[normalise]\nmethod = "minmax"\n[aggregate]\nmin_available = {least}\n'
    out = run(PILKADES / "00_input", recipe, tmp_path)
    agree(out / "scores.csv", PILKADES / f"05_aggregate/{gold}.csv")


def test_treat_scale_and_add_up(tmp_path):
    out = run(PILKADES / "00_input", '[treat]\nmethod = "coin"\n[normalise]\nmethod = "minmax"\n', tmp_path)
    agree(out / "treated.csv", PILKADES / "04_treat/treated_default.csv")
    agree(out / "scores.csv", PILKADES / "05_aggregate/chain_treated_minmax_amean.csv")


def test_ranks_and_weights_of_the_made_up_index(tmp_path):
    out = run(PILKADES / "00_input", '[normalise]\nmethod = "minmax"\n', tmp_path)
    agree(out / "ranks.csv", PILKADES / "09_ranks/ranks_tie_safe.csv")
    with (out / "weights.csv").open() as ours, (PILKADES / "08_weights/effective_weights.csv").open() as gold:
        shares = {row["iCode"]: float(row["share"]) for row in csv.DictReader(ours)}
        for row in csv.DictReader(gold):
            assert shares[row["iCode"]] == pytest.approx(float(row["EffWeight"]), abs=1e-12)


def test_given_draws_of_weights_through_a_recipe(tmp_path):
    draws = (PILKADES / "00_input/noisy_weights_200.csv").read_bytes()
    (tmp_path / "draws.csv").write_bytes(draws)
    recipe = """
        normalise = {method = "minmax", scale = [1, 100]}
        impute = {method = "mean"}
        classes = {cuts = [13, 17, 21, 27]}
        [uncertainty]
        draws = 200
        noise = {sd = 0, flip = 0}
        weights = {method = "given", file = "draws.csv"}
    """
    out = run(PILKADES / "00_input", recipe, tmp_path)
    ours, gold = table(out / "uncertainty.csv"), table(PILKADES / "10_uncertainty/rank_stats.csv")
    names = {
        "nominal": "nominal_score",
        "rank": "nominal_rank",
        "mean": "mean_score",
        "sd": "sd_score",
        "mean_rank": "mean_rank",
        "rank_q0.05": "rank_q05",
        "rank_q0.5": "median_rank",
        "rank_q0.95": "rank_q95",
    }
    for unit, row in gold.items():
        for mine, theirs in names.items():
            assert float(ours[unit][mine]) == pytest.approx(float(row[theirs]), abs=1e-9), (unit, mine)
        assert sum(float(ours[unit][f"p_{k}"]) for k in range(1, 6)) == pytest.approx(1)
    scores = table(PILKADES / "10_uncertainty/scores.csv")
    for unit, row in table(out / "draws.csv").items():
        for k in range(1, 201):
            assert float(row[f"draw_{k}"]) == pytest.approx(float(scores[unit][f"w{k}"]), abs=1e-9)
    assert (out / "failures.csv").read_text(encoding="utf-8") == "reason,cells\n"


def test_draws_that_fail_are_counted_and_told(tmp_path):
    """The reference turns them into missing values without a word."""
    recipe = """
        normalise = {method = "minmax"}
        aggregate = {min_available = [0.67, 1.0]}
        classes = {cuts = [20, 40]}
        uncertainty = {draws = 20}
    """
    out = run(PILKADES / "00_input", recipe, tmp_path)
    rows, scores = table(out / "uncertainty.csv"), table(out / "scores.csv")
    lost = [u for u, r in rows.items() if not scores[u]["IDX"]]
    assert lost and all((rows[u]["failed"], rows[u]["firmness"]) == ("20", "tanpa_kelas") for u in lost)
    for unit, row in rows.items():
        assert (int(row["failed"]) > 0) == (unit in lost)
        assert sum(float(row[f"p_{k}"]) for k in (1, 2, 3)) + float(row["unknown"]) == pytest.approx(1)
    (told,) = (out / "failures.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert told == f"too little is answered for a score,{20 * len(lost)}"
