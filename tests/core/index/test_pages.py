"""The pages an analyst works from are run as they stand."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kondusif_index import IndexRecipe, build, read_data, read_meta, write
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
    assert len(lines) == 120 and lines[0].startswith("99.01.2001")
    assert (tmp_path / "out/scores.csv").exists()


def test_the_same_page_builds_a_world_index_of_49_indicators(tmp_path):
    lines = run_page(shared_data("golden", "coinr-asem", "00_input"), tmp_path / "out")
    assert len(lines) == 51
    assert max(lines, key=lambda line: float(line.split()[1])).split()[0] == "CHE"


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
    import kondusif_index as package

    with pytest.raises(AttributeError, match="nothing"):
        package.nothing  # noqa: B018


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
