"""Sobol indices of pilkades-a and of the Ishigami design, from the outputs of another program."""

import csv
from pathlib import Path

import numpy as np

from kondusif_index.uncertainty.perturbation import Sobol
from kondusif_index.uncertainty.sobol import estimate, spread_out

PILKADES = Path(__file__).parent / "pilkades-a"


def rows(name):
    with (PILKADES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def matrix(name, columns=None):
    table = rows(name)
    return np.array([[float(r[c]) for c in columns or table[0]] for r in table])


def test_indices_from_the_rank_shifts_of_336_runs():
    outputs = matrix("11_sobol/outputs.csv", ["y_mean_abs_rank_shift"])[:, 0]
    known = rows("11_sobol/indices.csv")
    found = estimate(outputs, 5, Sobol(), [r["Variable"] for r in known])
    np.testing.assert_allclose(found.first, [float(r["Si"]) for r in known], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.total, [float(r["STi"]) for r in known], rtol=0, atol=1e-9)
    assert found.names == ("Imputation", "Winmax", "Normalisation", "Weights", "Aggregation")
    assert found.size == 48


def test_the_sample_is_laid_out_as_ours():
    sample = matrix("11_sobol/unit_sample_input.csv")
    assert np.array_equal(spread_out(sample[:48], sample[48:96]), sample)


def test_ishigami_from_given_outputs():
    y = matrix("11_sobol/ishigami_input.csv", ["y"])[:, 0]
    known = matrix("11_sobol/ishigami_indices.csv")
    found = estimate(y, 3, Sobol())
    np.testing.assert_allclose(found.first, known[:, 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.total, known[:, 1], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.variance, known[0, 2], rtol=0, atol=1e-9)
