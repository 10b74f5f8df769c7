"""A country file gives what the same answers give at once."""

import numpy as np
import polars as pl
import pytest

from kondusif.errors import ImportRefused, RecipeError
from kondusif.files.country import assess_country
from kondusif_index import fast
from kondusif_index.linear import Straight, lines
from kondusif_index.tree import Node, Tree


@pytest.fixture
def country(tmp_path):
    nodes = [Node("top"), Node("a", "top", 2.0), Node("b", "top", 1.0)]
    nodes += [Node(f"{g}{k}", g, 1.0 + k, leaf=True, lo=0.0, hi=9.0) for g in "ab" for k in range(4)]
    tree = Tree(tuple(nodes))
    x = np.random.default_rng(1).uniform(0, 10, (1_003, 8))
    x[np.random.default_rng(2).random(x.shape) < 0.2] = np.nan
    x[5] = np.nan
    frame = pl.DataFrame({c: x[:, k] for k, c in enumerate(tree.leaf_codes)})
    frame = frame.with_columns(
        pl.col("a0").fill_nan(None), uCode=pl.Series([f"99-{k}" for k in range(1_003)])
    )
    frame.write_parquet(tmp_path / "in.parquet", row_group_size=200)
    return tree, x, tmp_path


@pytest.mark.parametrize("how", [Straight(), Straight("minmax"), Straight("zscore")])
def test_in_row_groups_as_at_once(country, how):
    tree, x, folder = country
    found = assess_country(
        folder / "in.parquet", folder / "out.parquet", tree, how, cuts=(40, 60), least=0.5, rows=300
    )
    out = pl.read_parquet(folder / "out.parquet")
    scores, parts = fast.contributions(x, lines(x, tree.leaves, how), fast.plan(tree, least=0.5))
    np.testing.assert_allclose(out.select(tree.upward).to_numpy(), scores, rtol=0, atol=1e-9)
    mine = out.select([f"part_{c}" for c in tree.leaf_codes]).to_numpy()
    np.testing.assert_allclose(mine, parts, rtol=0, atol=1e-9)
    level = np.where(np.isnan(scores[:, -1]), 0, 1 + (scores[:, -1:] >= [40, 60]).sum(axis=1))
    assert out["class"].to_list() == level.tolist()
    assert found.units == 1_003
    assert found.classes == tuple(np.bincount(level, minlength=4).tolist())
    assert out["uCode"].to_list() == [f"99-{k}" for k in range(1_003)]
    assert out["coverage"][5] == 0.0


def test_a_lacking_column_is_named(country):
    tree, _, folder = country
    pl.read_parquet(folder / "in.parquet").drop("a1").write_parquet(folder / "less.parquet")
    with pytest.raises(ImportRefused, match="kolom a1"):
        assess_country(folder / "less.parquet", folder / "out.parquet", tree, Straight(), cuts=(40,))


def test_cuts_must_rise(country):
    tree, _, folder = country
    with pytest.raises(RecipeError, match="expected rising"):
        assess_country(folder / "in.parquet", folder / "out.parquet", tree, Straight(), cuts=(40, 20))
