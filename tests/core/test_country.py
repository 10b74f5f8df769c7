"""A country file gives what the same answers give at once."""

import json
import sys
from datetime import date

import numpy as np
import polars as pl
import pytest

from kondusif.cli import BAD_FILE, OK, REFUSED, USAGE, main, measuring
from kondusif.errors import ImportRefused, RecipeError
from kondusif.files.country import assess_country
from kondusif_index import fast
from kondusif_index.data import Data
from kondusif_index.index import read_recipe
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


# ---------------------------------------------------------------- the command, file to file

META = """iCode,Parent,Type,Weight,Direction,goalpost_lower,goalpost_upper
top,,Aggregate,,,,
a,top,Aggregate,2,,,
b,top,Aggregate,1,,,
a0,a,Indicator,1,1,0,9
a1,a,Indicator,2,-1,0,9
b0,b,Indicator,1,1,0,9
"""
LABELS = 'labels = ["Rendah", "Sedang", "Tinggi"]'
RECIPE = f'normalise = {{method = "goalposts"}}\nclasses = {{cuts = [40, 60], {LABELS}}}\n'
CODES = ("a0", "a1", "b0")


def table(n=40):
    """Answers of ``n`` units that fit META."""
    x = np.random.default_rng(3).uniform(0, 9, (n, 3))
    return pl.DataFrame(
        {"uCode": [f"35.14.05.{2001 + k}" for k in range(n)], **dict(zip(CODES, x.T, strict=True))}
    )


def measured(folder, frame, *more, recipe=RECIPE, out="out.parquet"):
    if frame is not None:
        frame.write_parquet(folder / "in.parquet")
    (folder / "meta.csv").write_text(META, encoding="utf-8")
    (folder / "r.toml").write_text(recipe, encoding="utf-8")
    asked = ["--data", folder / "in.parquet", "--meta", folder / "meta.csv", "--recipe", folder / "r.toml"]
    return main(["measure", *map(str, asked), "--out", str(folder / out), *more])


def test_one_command_turns_a_parquet_file_into_a_parquet_file(tmp_path, capsys):
    assert measured(tmp_path, table(), "--json") == OK
    said = json.loads(capsys.readouterr().out)
    out = pl.read_parquet(tmp_path / "out.parquet")
    assert out.columns == ["uCode", "a", "b", "top", "class", "coverage", "part_a0", "part_a1", "part_b0"]
    assert out["uCode"].to_list() == table()["uCode"].to_list()
    assert said["units"] == 40 and list(said["classes"]) == ["tanpa kelas", "Rendah", "Sedang", "Tinggi"]
    assert sum(said["classes"].values()) == 40
    np.testing.assert_allclose(out.select(pl.sum_horizontal(pl.col("^part_.*$"))).to_series(), out["top"])
    about = pl.read_parquet_metadata(tmp_path / "out.parquet")
    assert (
        about["kondusif.recipe.digest"]
        == said["recipe"]
        == IndexRecipe.from_toml(about["kondusif.recipe"]).digest
    )
    assert measured(tmp_path, table()) == OK
    assert "40 satuan dihitung" in capsys.readouterr().out


@pytest.mark.parametrize("method", ["goalposts", "minmax", "zscore"])
def test_the_file_says_what_the_folder_says(tmp_path, method):
    recipe = RECIPE.replace("goalposts", method) + "aggregate = {min_available = 0.5}\n"
    recipe += '[[floors]]\nitem = "b0"\nat = 8.5\nlevel = 3\n'
    frame = table(60).with_columns(a0=pl.when(pl.col("a0") < 3).then(None).otherwise(pl.col("a0")))
    assert measured(tmp_path, frame, recipe=recipe) == OK
    assert measured(tmp_path, frame, recipe=recipe, out="folder") == OK
    out = pl.read_parquet(tmp_path / "out.parquet")
    for name in ("scores", "classes", "coverage"):
        ours = pl.read_csv(tmp_path / f"folder/{name}.csv", infer_schema_length=None)
        for column in {*ours.columns} & {*out.columns} - {"uCode"}:
            mine = out[column].cast(pl.Float64).fill_null(np.nan).to_numpy()
            np.testing.assert_allclose(
                mine, ours[column].cast(pl.Float64).fill_null(np.nan), rtol=0, atol=1e-9
            )


def column(name, values):
    return table(len(values)).with_columns(pl.Series(name, values, strict=False))


BAD_TABLES = {
    "an indicator lacks": (table().drop("a1"), "kolom bernama a1"),
    "the code lacks": (table().drop("uCode"), "kolom bernama uCode"),
    "a word among numbers": (column("a1", ["1", "dua", "3"]), "baris 1, kolom a1: ditemukan String (1)"),
    "yes and no": (column("a1", [None, True, False]), "baris 2, kolom a1: ditemukan Boolean (True)"),
    "no code": (column("uCode", ["a", None, "c"]), "baris 2, kolom uCode: ditemukan kosong"),
    "a blank code": (column("uCode", ["a", "b", " "]), "baris 3, kolom uCode"),
    "a code twice": (
        column("uCode", ["a", "b", "a"]),
        "baris 3, kolom uCode: ditemukan a; seharusnya kode yang unik",
    ),
    "an invisible mark in a code": (
        column("uCode", ["a", "b\u200b"]),
        "baris 2, kolom uCode: ditemukan 'b\\u200b'",
    ),
    "a code that is no whole number": (column("uCode", [3514052001.0, 3.5]), "baris 2, kolom uCode"),
    "a fraction without a code": (column("uCode", [1.0, None]), "baris 2, kolom uCode: ditemukan kosong"),
    "lists": (column("a1", [[1], [2], [3]]), "baris 1, kolom a1: ditemukan List(Int64) ([1])"),
    "a date as a code": (column("uCode", [date(2024, 1, 1)]), "kolom uCode: ditemukan Date"),
    "a code twice but for blanks": (column("uCode", ["a", "a "]), "baris 2, kolom uCode"),
    "infinity": (column("a0", [1.0, 2.0, float("inf")]), "baris 3, kolom a0: ditemukan inf"),
    "a filler": (column("b0", [1.0, -1.8e308 / 10, 3.0]), "baris 2, kolom b0"),
    "no rows": (table().clear(), "tidak ada baris"),
}


@pytest.mark.parametrize("case", BAD_TABLES)
def test_a_bad_table_is_refused_by_row_and_column_and_nothing_is_written(tmp_path, case, capsys):
    frame, said = BAD_TABLES[case]
    (tmp_path / "out.parquet").write_bytes(b"what was here before")
    assert measured(tmp_path, frame) == BAD_FILE
    told = capsys.readouterr().err
    assert "in.parquet" in told and said in told and "Traceback" not in told
    assert (tmp_path / "out.parquet").read_bytes() == b"what was here before"
    assert {p.name for p in tmp_path.iterdir()} == {"in.parquet", "out.parquet", "meta.csv", "r.toml"}


def test_numbers_as_codes_and_empty_columns_are_taken(tmp_path):
    frame = column("uCode", [3514052001, 3514052002]).with_columns(a1=pl.lit(None), a0=pl.lit(3))
    assert measured(tmp_path, frame) == OK
    out = pl.read_parquet(tmp_path / "out.parquet")
    assert out["uCode"].to_list() == [3514052001, 3514052002]
    np.testing.assert_allclose(out["a"], [100 / 3] * 2)


@pytest.mark.parametrize("kind", [pl.Float64, pl.Categorical, pl.Int32])
def test_codes_are_taken_however_a_data_frame_keeps_them(tmp_path, kind):
    numbers = [351405, 351406]
    codes = pl.Series("uCode", [str(n) for n in numbers] if kind == pl.Categorical else numbers, dtype=kind)
    assert measured(tmp_path, table(2).with_columns(codes)) == OK
    out = pl.read_parquet(tmp_path / "out.parquet")
    assert out["uCode"].cast(pl.String).to_list() == ["351405", "351406"]


def test_words_among_numbers_go_the_way_that_reads_them(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(measuring, "LARGE", 2)
    frame = column("a1", ["1", "not_applicable", "3"])
    assert measured(tmp_path, frame, out="folder") == OK
    assert "kolom a1 memuat teks" in capsys.readouterr().err


def test_an_aggregate_named_as_a_column_of_the_result_is_refused(tmp_path, capsys):
    table().write_parquet(tmp_path / "in.parquet")
    meta = META.replace("b,top", "class,top").replace("b0,b,", "b0,class,")
    (tmp_path / "m.csv").write_text(meta, encoding="utf-8")
    recipe = read_recipe(RECIPE, tmp_path / "m.csv")
    with pytest.raises(RecipeError, match="twice: class"):
        assess_country(tmp_path / "in.parquet", tmp_path / "out.parquet", recipe)


def test_what_is_no_parquet_file_is_told(tmp_path, capsys):
    (tmp_path / "in.parquet").write_text("uCode,a0\n", encoding="utf-8")
    assert measured(tmp_path, None) == BAD_FILE
    assert "bukan Parquet" in capsys.readouterr().err
    (tmp_path / "in.parquet").unlink()
    assert measured(tmp_path, None) == BAD_FILE
    assert "tidak ada" in capsys.readouterr().err


def test_a_file_is_never_written_over_itself(tmp_path, capsys):
    assert measured(tmp_path, table(), out="in.parquet") == BAD_FILE
    assert "in.parquet" in capsys.readouterr().err
    assert pl.read_parquet(tmp_path / "in.parquet").equals(table())


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("impute = {method = 'mean'}\n", "impute"),
        ("leave_one_out = true\n", "leave_one_out"),
        ("audit = {}\n", "audit"),
        ("weigh = {method = 'equal'}\n", "weigh.method"),
    ],
)
def test_an_analysis_that_needs_all_units_is_refused_by_name(tmp_path, more, why, capsys):
    assert measured(tmp_path, table(), recipe=RECIPE + more) == BAD_FILE
    assert why in capsys.readouterr().err
    assert not (tmp_path / "out.parquet").exists()


def test_a_large_file_is_pointed_to_the_command_for_it_before_anything_is_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(measuring, "LARGE", 30)
    assert measured(tmp_path, table(), out="folder") == USAGE
    assert "40 satuan: tulis --out" in (told := capsys.readouterr().err) and "folder.parquet" in told
    assert not (tmp_path / "folder").exists()
    assert measured(tmp_path, table(), recipe=RECIPE + "impute = {method = 'mean'}\n", out="folder") == OK
    assert "40 satuan dihitung di memori, sekitar 0,0 GB: impute" in capsys.readouterr().err


@pytest.mark.parametrize("out", ["out.parquet", "folder"])
def test_without_the_extra_it_says_what_to_install(tmp_path, capsys, monkeypatch, out):
    table().write_parquet(tmp_path / "in.parquet")
    monkeypatch.setitem(sys.modules, "polars", None)
    assert measured(tmp_path, None, out=out) == REFUSED
    assert "pip install 'kondusif[big]'" in capsys.readouterr().err
    assert not (tmp_path / out).exists()


def test_a_file_from_a_csv_or_with_last_answers_is_refused(tmp_path, capsys):
    table().write_csv(tmp_path / "in.csv")
    asked = ["measure", "--data", str(tmp_path / "in.csv"), "--recipe", "r.toml", "--out", "x.parquet"]
    assert main(asked) == USAGE
    assert "berkas Parquet" in capsys.readouterr().err
    assert measured(tmp_path, table(), "--last", "x.csv") == USAGE
    assert "--last" in capsys.readouterr().err


def test_the_mark_of_made_up_rows_stays_with_them(tmp_path):
    assert measured(tmp_path, table(3).with_columns(ilustratif=pl.Series(["ya", None, "ya"]))) == OK
    assert pl.read_parquet(tmp_path / "out.parquet")["ilustratif"].to_list() == ["ya", None, "ya"]


def test_memory_does_not_grow_with_the_rows(tmp_path):
    """Slices of ``rows`` units: what is held at once is the same for a file of ten times the length."""
    held = []
    score = fast.contributions

    def watched(values, *more):
        held.append(len(values))
        return score(values, *more)

    for n in (1_000, 10_000):
        table(n).write_parquet(tmp_path / "in.parquet")
        (tmp_path / "meta.csv").write_text(META, encoding="utf-8")
        recipe = read_recipe(RECIPE, tmp_path / "meta.csv")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fast, "contributions", watched)
            assert (
                assess_country(tmp_path / "in.parquet", tmp_path / "o.parquet", recipe, rows=500).units == n
            )
    assert max(held) == 500 and len(held) == 22
    assert pl.scan_parquet(tmp_path / "o.parquet").select(pl.len()).collect().item() == 10_000


def test_a_score_on_a_cut_is_on_it_in_a_country_file_too(tmp_path):
    """Weights 1 and 2, both 50: 49.99999999999999 of floating point is 50."""
    meta = META.replace(",a,Indicator,2,-1", ",a,Indicator,2,1")
    frame = pl.DataFrame({"uCode": ["a"], **{code: [4.5] for code in CODES}})
    frame.write_parquet(tmp_path / "in.parquet")
    (tmp_path / "meta.csv").write_text(meta, encoding="utf-8")
    recipe = read_recipe(RECIPE.replace("[40, 60]", "[25, 50]"), tmp_path / "meta.csv")
    found = assess_country(tmp_path / "in.parquet", tmp_path / "out.parquet", recipe)
    assert found.classes == (0, 0, 0, 1)
