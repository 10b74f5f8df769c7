"""A country file gives what the same answers give at once."""

import numpy as np
import polars as pl
import pytest

from kondusif.errors import ImportRefused, RecipeError
from kondusif.files.country import assess_country
from kondusif_index import fast
from kondusif_index.data import Data
from kondusif_index.linear import linear_normalisation
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.classify import Classing, IndexFloor
from kondusif_index.steps.impute import Imputing
from kondusif_index.steps.normalise import Normalising
from kondusif_index.steps.weigh import Weighing
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


def a_recipe(tree, method="goalposts", cuts=(40, 60), **more):
    return IndexRecipe(
        normalise=Normalising(method, mean=50, sd=10),
        aggregate=Aggregating(min_available=0.5),
        classes=Classing(cuts=cuts),
        **more,
    ).on(tree)


@pytest.mark.parametrize("how", ["goalposts", "minmax", "zscore"])
def test_in_row_groups_as_at_once(country, how):
    tree, x, folder = country
    floors = (IndexFloor("a1", 9.5, 3), IndexFloor("b2", 0.5, 2, below=True))
    recipe = a_recipe(tree, how, floors=floors)
    found = assess_country(folder / "in.parquet", folder / "out.parquet", recipe, rows=300)
    out = pl.read_parquet(folder / "out.parquet")
    line = linear_normalisation(x, tree.leaves, recipe.normalise)
    scores, parts = fast.contributions(x, line, fast.tree_weights(tree, least=0.5))
    np.testing.assert_allclose(out.select(tree.upward).to_numpy(), scores, rtol=0, atol=1e-9)
    mine = out.select([f"part_{c}" for c in tree.leaf_codes]).to_numpy()
    np.testing.assert_allclose(mine, parts, rtol=0, atol=1e-9)
    level = np.where(np.isnan(scores[:, -1]), 0, 1 + (scores[:, -1:] >= [40, 60]).sum(axis=1))
    level = np.maximum(level, np.where(x[:, tree.leaf_codes.index("a1")] >= 9.5, 3, 0))
    level = np.maximum(level, np.where(x[:, tree.leaf_codes.index("b2")] <= 0.5, 2, 0))
    assert out["class"].to_list() == level.tolist()
    assert found.units == 1_003
    assert found.classes == tuple(np.bincount(level, minlength=4).tolist())
    assert out["uCode"].to_list() == [f"99-{k}" for k in range(1_003)]
    assert out["coverage"][5] == 0.0


def test_a_country_file_gives_what_a_build_gives(country):
    tree, x, folder = country
    recipe = a_recipe(tree, "minmax", floors=(IndexFloor("a1", 9.5, 3),))
    assess_country(folder / "in.parquet", folder / "out.parquet", recipe, rows=300)
    out = pl.read_parquet(folder / "out.parquet")
    built = build(recipe, Data(tuple(out["uCode"]), tree.leaf_codes, x))
    np.testing.assert_allclose(out["top"].to_numpy(), built.score, rtol=0, atol=1e-9)
    assert out["class"].to_list() == built.levels.tolist()
    np.testing.assert_allclose(out["coverage"].to_numpy(), built.coverage, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"impute": Imputing("mean")}, "impute: this step is not linear"),
        ({"weigh": Weighing("critic")}, r"weigh\.method: critic"),
        ({"floors": (IndexFloor("a1", 1, 4),)}, "no such class"),
    ],
)
def test_what_one_sweep_cannot_do_is_refused_by_name(country, more, why):
    tree, _, folder = country
    with pytest.raises(RecipeError, match=why):
        assess_country(folder / "in.parquet", folder / "out.parquet", a_recipe(tree, **more))


def test_a_lacking_column_is_named(country):
    tree, _, folder = country
    pl.read_parquet(folder / "in.parquet").drop("a1").write_parquet(folder / "less.parquet")
    with pytest.raises(ImportRefused, match="kolom a1"):
        assess_country(folder / "less.parquet", folder / "out.parquet", a_recipe(tree))


def test_cuts_must_rise(country):
    with pytest.raises(RecipeError, match="must rise"):
        a_recipe(country[0], cuts=(40, 20))
