"""The pages an analyst works from are run as they stand."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import kondusif_index
from kondusif_index import IndexRecipe, build, read_data, read_meta
from kondusif_index.errors import ImportRefused
from kondusif_index.output import write
from kondusif_index.reference import FILES
from kondusif_index.tree import Tree
from kondusif_index.uncertainty.robustness import assess_robustness
from tests.requires import shared_data

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/how-to/world-index.md"
PILKADES = ROOT / "tests/golden/pilkades-a/00_input"


def block(path: Path, kind: str) -> str:
    return re.search(rf"```{kind}\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)[1]


def run_page(folder: Path, out: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", block(PAGE, "python"), str(folder), str(out)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_page_of_under_thirty_lines_builds_the_made_up_index(tmp_path):
    assert len(PAGE.read_text(encoding="utf-8").splitlines()) < 30
    lines = run_page(PILKADES, tmp_path / "out")
    assert lines[0] == "Index index/1: 120 units, 45 indicators"
    assert lines[-120].split()[1] == "99.01.2001"
    assert (tmp_path / "out/scores.csv").exists()


def test_the_same_page_builds_a_world_index_of_49_indicators(tmp_path):
    lines = run_page(shared_data("golden", "coinr-asem", "00_input"), tmp_path / "out")
    assert lines[0] == "Index index/1: 51 units, 49 indicators"
    assert lines[1].startswith("  highest: CHE ")
    assert len(lines[-51:]) == 51 and "uCode" in lines[-52]


def test_the_recipe_of_the_manual_runs_and_writes_only_files_that_are_listed(tmp_path):
    text = block(ROOT / "docs/how-to/index.md", "toml").replace(
        '[weigh.ahp.B.judge1]       # below parent B, one judge; every pair once\n"B01>B02" = 3\n'
        '"B01>B03" = "1/2"\n"B02>B03" = 0.25\n',
        "".join(
            f'"{a}>{b}" = 1\n' if (a, b) != ("B01", "B02") else '[weigh.ahp.B.judge1]\n"B01>B02" = 3\n'
            for k, a in enumerate(BS)
            for b in BS[k + 1 :]
        ),
    )
    tree = read_meta(PILKADES / "iMeta.csv")
    data = read_data(PILKADES / "iData.csv", tree)
    wrote = set()
    draws = PILKADES / "noisy_weights_200.csv"
    for recipe in (text, LINEAR):
        built = build(IndexRecipe.from_toml(recipe), data, tree)
        write(built, tmp_path, assess_robustness(built), given=draws if recipe is LINEAR else None)
        wrote |= {p.name for p in tmp_path.iterdir()}
        if recipe is text:
            assert built.weights["B01"] > built.weights["B02"]
    listed = [re.sub("KIND|N", "[a-z0-9]+", name) for name in FILES]
    stray = [p for p in wrote if not any(re.fullmatch(n, p) for n in listed)]
    assert stray == []
    absent = [n for n in listed if not any(re.fullmatch(n, p) for p in wrote)]
    assert absent == []


LINEAR = "leave_one_out = true\nsobol = {size = 8, resamples = 10}\nclasses = {cuts = [20, 40]}\n"
BS = [f"B0{k}" for k in range(1, 9)]


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing"):
        kondusif_index.nothing  # noqa: B018
    names = ["Build", "Index", "IndexRecipe", "build", "read_data", "read_meta", "write"]
    assert dir(kondusif_index) == names
    assert all(getattr(kondusif_index, name) for name in names)


ASKS = """leave_one_out = true
classes = {cuts = [20, 40], labels = ["low", "<middle>", "high"]}
outrank = {}
uncertainty = {draws = 4}
"""


@pytest.fixture(scope="module")
def from_paths():
    return build(ASKS, PILKADES / "iData.csv", str(PILKADES / "iMeta.csv"))


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_data_frame_gives_the_index_of_its_file_and_a_table_of_its_own_library(from_paths, library):
    frames = pytest.importorskip(library)
    data, meta = (frames.read_csv(PILKADES / f"{name}.csv") for name in ("iData", "iMeta"))
    found = build(ASKS, data, meta, last=data)
    assert np.array_equal(found.score, from_paths.score, equal_nan=True)
    assert found.raw.digest == from_paths.raw.digest
    table = found.table()
    assert isinstance(table, frames.DataFrame)
    assert list(table["uCode"]) == list(found.units)
    assert list(table["rank"])[list(table["score"]).index(max(table["score"]))] == 1


def test_an_index_says_what_it_is_and_what_nobody_has_computed_yet(from_paths):
    lines = repr(from_paths).splitlines()
    assert len(lines) <= 20 and "120 units" in lines[0]
    assert lines[-1] == "  not computed yet: robustness, outranking; call .robustness, .outranking"
    assert from_paths.robustness.leave_one_out is not None and from_paths.robustness.drivers is None
    assert "robustness" not in repr(from_paths) and "outranking" in repr(from_paths)
    assert from_paths.outranking[1].units == from_paths.units
    assert "not computed" not in repr(from_paths)
    assert from_paths.audit.raw


def test_a_notebook_shows_a_table_whose_texts_are_escaped(from_paths):
    for library in ("pandas", "polars", ""):
        shown = replace(from_paths, library=library)._repr_html_()
        assert shown.startswith("<pre>Index index/1: 120 units") and ("uCode" in shown) == bool(library)
        assert "&lt;middle&gt;" in shown and "<middle>" not in shown


def test_what_is_no_table_is_refused_with_what_would_be():
    with pytest.raises(ImportRefused, match="pandas atau polars"):
        build("", [[1, 2]], PILKADES / "iMeta.csv")


def test_a_recipe_may_be_a_path_and_its_table_of_weights_lies_beside_it(tmp_path):
    (tmp_path / "w.csv").write_text("set;D05\n1;0,5\n2;1,5\n", encoding="utf-8")
    asks = 'uncertainty = {draws = 2, weights = {method = "given", file = "w.csv"}}'
    (tmp_path / "r.toml").write_text(asks, encoding="utf-8")
    found = build(tmp_path / "r.toml", PILKADES / "iData.csv", PILKADES / "iMeta.csv")
    kondusif_index.write(found, tmp_path / "out")
    assert (tmp_path / "out/given_weights.csv").read_bytes() == (tmp_path / "w.csv").read_bytes()
    assert (tmp_path / "out/uncertainty.csv").exists()


def test_leaving_one_out_is_the_recipe_without_it():
    """The sweep of the fast way, the general way, and the recipe run anew agree."""
    tree = read_meta(PILKADES / "iMeta.csv")
    data = read_data(PILKADES / "iData.csv", tree)
    for text in ("leave_one_out = true\n", 'leave_one_out = true\nimpute = {method = "median"}\n'):
        recipe = IndexRecipe.from_toml(text)
        found = assess_robustness(build(recipe, data, tree)).leave_one_out
        less = Tree(tuple(n for n in tree.nodes if n.code != "D05"))
        again = build(recipe, data.of(less.leaf_codes), less).score
        assert np.allclose(found.scores[found.codes.index("D05")], again, rtol=0, atol=1e-9, equal_nan=True)
