"""Tables as people send them: read right or refused with the place, and no file left from another run."""

import csv
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from kondusif.cli import main
from kondusif.errors import ImportRefused, RecipeError
from kondusif_index import output
from kondusif_index.audit import outranking as outrank
from kondusif_index.index import run_files
from kondusif_index.recipe import IndexRecipe
from kondusif_index.tables.columns import read_data, read_meta
from kondusif_index.tables.write import write_csv, write_matrix

META = """iCode,Parent,Type,Weight,Direction,goalpost_lower,goalpost_upper
a,P,Indicator,1,1,0,10
b,P,Indicator,1,-1,0,10
c,Q,Indicator,1,1,0,10
P,T,Aggregate,1
Q,T,Aggregate,1
T,,Aggregate
people,,Denominator
"""
DATA = "uCode,g,a,b,c\nu1,x,1,2,3\nu2,y,4,5,6\nu3,x,7,8,9\n"


def workbook(text: str) -> bytes:
    """The same table as XLSX, its numbers as numbers."""
    book, out = Workbook(), io.BytesIO()
    for row in csv.reader(text.splitlines()):
        book.active.append([int(cell) if cell.isdecimal() else cell for cell in row])
    book.save(out)
    return out.getvalue()


@pytest.fixture
def run(tmp_path):
    """Writes the three files and runs them into ``out``; gives the scores of the top."""

    def go(data=DATA, meta=META, recipe="", out="out", **more):
        for name, content in (("iData.csv", data), ("iMeta.csv", meta), ("r.toml", recipe)):
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        built = run_files(
            *(tmp_path / n for n in ("iData.csv", "iMeta.csv", "r.toml")), tmp_path / out, **more
        )
        return dict(zip(built.units, built.score.tolist(), strict=True))

    return go


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


@pytest.mark.parametrize(
    "data",
    [
        DATA.replace("\n", "\r\n"),
        "\ufeff" + DATA,
        "\n\n" + DATA.replace("\n", "\n\n"),
        DATA.replace("uCode,g,a", " uCode , g, a "),
        DATA.replace("1,2,3", '"1e0", +2.0 ,3E+00'),
        "\n".join(",".join(line.split(",")[::-1]) for line in DATA.splitlines()),
        DATA.replace(",", ";"),
        DATA.replace(",", "\t"),
        DATA.replace(",", ";").replace("1;2;3", "1,0;2;3,00"),
        DATA.replace("1,2,3", '"1,0",2,3'),
        DATA.encode("utf-16"),
        DATA.replace("x", "é").encode("cp1252"),
        workbook(DATA),
    ],
)
def test_the_same_table_in_another_spelling_gives_the_same_scores(run, data):
    assert run(data=data) == run()


@pytest.mark.parametrize(
    "old, new, row, said",
    [
        ("1,2,3", '"1,234",2,3', 2, "1,234"),
        ("1,2,3", "1.234,2,3", 2, "1.234"),
        ("1,2,3", "1,5,2,3", 2, "6 sel"),
        ("1,2,3", "1", 2, "3 sel"),
        ("1,2,3", "1_0,2,3", 2, "1_0"),
        ("1,2,3", "-1.8e308,2,3", 2, "-1.8e308"),
        ("1,2,3", "1e200,2,3", 2, "1e200"),
        ("u2,y", '"u2,y', 3, 'tanda "'),
        ("u2,y", '"u2\nz",y', 3, "u2"),
        ("u3", "u1", 4, "juga baris 2"),
    ],
)
def test_a_cell_that_can_be_read_two_ways_is_refused_with_its_place(run, tmp_path, old, new, row, said):
    with pytest.raises(ImportRefused) as caught:
        run(data=DATA.replace(old, new))
    first = caught.value.problems[0]
    assert (first.file, first.row) == ("iData.csv", row) and said in first.found
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content, said",
    [(b"PK\x03\x04 a book", "xlsx yang utuh"), (b"\xd0\xcf\x11\xe0 old", "xls lama"), (b"a\x00b", "teks")],
)
def test_a_file_of_another_kind_is_named(run, content, said):
    with pytest.raises(ImportRefused, match=rf"iData\.csv.*{said}"):
        run(data=content)


def test_a_broken_parquet_file_is_refused(run, tmp_path):
    pytest.importorskip("polars")
    run()
    (tmp_path / "iData.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(ImportRefused, match="bukan Parquet"):
        read_data(tmp_path / "iData.parquet", read_meta(tmp_path / "iMeta.csv"))


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ({"uCode": [b"u1", b"u2", b"u3"]}, ""),  # as writers without a text type keep it
        ({"g": [["x"], ["y"], None]}, ""),
        ({"a": [[1], [2], [3]]}, "baris 1, kolom a: ditemukan [1]; seharusnya bilangan"),
        ({"a": [{"x": 1}] * 3}, "baris 1, kolom a"),
    ],
)
def test_bytes_are_the_text_that_they_hold_and_a_list_is_no_number(run, tmp_path, column, said):
    pl = pytest.importorskip("polars")
    run()
    table = pl.read_csv(io.StringIO(DATA)).with_columns(pl.Series(name, c) for name, c in column.items())
    table.write_parquet(tmp_path / "iData.parquet")
    tree = read_meta(tmp_path / "iMeta.csv")
    if not said:
        assert read_data(tmp_path / "iData.parquet", tree).units == ("u1", "u2", "u3")
        return
    with pytest.raises(ImportRefused) as caught:
        read_data(tmp_path / "iData.parquet", tree)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("a,P,Indicator", "a,P,Indikator", "Indikator"),  # an indicator would be lost without a word
        ("a,P,Indicator", "a,P,", "kosong"),
        ("Weight", "Weigth", "seharusnya Weight"),  # every weight would be 1
        ("Direction", "direction", "seharusnya Direction"),  # every direction would be 1
        ("goalpost_lower", "Goalpost_Lower", "seharusnya goalpost_lower"),
    ],
)
def test_a_slip_in_the_hierarchy_is_refused_and_not_passed_over(run, old, new, said):
    with pytest.raises(ImportRefused, match=said):
        run(meta=META.replace(old, new))


def test_other_columns_of_the_hierarchy_are_for_people(run):
    meta = META.replace("goalpost_upper\n", "goalpost_upper,Level,Source,goalpost_scale\n")
    assert run(meta=meta) == run()


def test_a_step_after_normalisation_is_refused_since_the_scores_would_not_have_it():
    for late in ("impute", "treat"):
        with pytest.raises(RecipeError, match="normalise comes last"):
            IndexRecipe.from_toml(f'order = ["normalise", "{late}"]\n{late} = {{method = "none"}}\n')


def test_no_file_of_an_earlier_run_stays_and_no_other_file_goes(run, tmp_path):
    run(recipe='[classes]\nscheme = "mean_sd"\n[outrank]\n[audit]\n')
    (tmp_path / "out/catatan.txt").write_text("mine", encoding="utf-8")
    assert (tmp_path / "out/copeland.csv").exists()
    run()
    left = files(tmp_path / "out")
    assert left.pop("catatan.txt") == b"mine"
    assert sorted(left) == json.loads(left["build.json"])["files"]
    assert "copeland.csv" not in left and "cuts.csv" not in left
    run(out="fresh")
    assert left == files(tmp_path / "fresh")


def test_a_run_that_stops_halfway_leaves_the_folder_as_it_was(run, tmp_path, monkeypatch):
    run()
    before = files(tmp_path / "out")
    monkeypatch.setattr(output, "_audit", lambda built, out: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(recipe="[audit]\n[outrank]\n")
    assert files(tmp_path / "out") == before


def test_a_table_is_never_written_over_by_its_own_run(run, tmp_path):
    run(recipe='[impute]\nmethod = "mean"\n')
    filled = tmp_path / "out/imputed.csv"
    before = filled.read_bytes()
    with pytest.raises(RecipeError, match=r"imputed\.csv: is read by this run"):
        run_files(filled, tmp_path / "iMeta.csv", tmp_path / "r.toml", tmp_path / "out")
    assert filled.read_bytes() == before


def test_a_stored_recipe_finds_its_drawn_weights_again(run, tmp_path):
    """The manual's own name for that table is the name of a file that is written."""
    (tmp_path / "draws.csv").write_text("set,a,b\n1,1,3\n2,2,1\n", encoding="utf-8")
    run(recipe='[uncertainty]\ndraws = 2\nweights = {method = "given", file = "draws.csv"}\n')
    first = files(tmp_path / "out")
    run_files(tmp_path / "iData.csv", None, tmp_path / "out/recipe.toml", tmp_path / "again")
    assert files(tmp_path / "again") == first
    run_files(tmp_path / "iData.csv", None, tmp_path / "out/recipe.toml", tmp_path / "out")
    assert files(tmp_path / "out") == first


def test_too_many_units_to_compare_two_by_two_is_said_before_memory_ends(run, monkeypatch):
    monkeypatch.setattr(outrank, "MOST_UNITS", 2)
    with pytest.raises(RecipeError, match="outrank: 3 units"):
        run(recipe="[outrank]\n")


def test_equal_cuts_serve_the_uncertainty_as_they_serve_the_classes(run):
    data = "uCode,a,b,c\n" + "".join(f"u{k},{k // 3},5,5\n" for k in range(6))
    run(data=data, recipe='[classes]\nscheme = "quantile"\ncount = 5\n[uncertainty]\ndraws = 3\n')


EVERYTHING = """ragged = true
leave_one_out = true
screen = {method = "availability", least_available = 0.2}
normalise = {method = "minmax"}
classes = {scheme = "quantile", count = 3}
outrank = {}
audit = {}
uncertainty = {draws = 5, missing = "column"}
"""


@pytest.mark.parametrize(
    "more",
    [
        "",
        'impute = {method = "median"}\nweigh = {method = "critic"}\n',
        'impute = {method = "em"}\nweigh = {method = "pca", loadings = "square"}\n',
        'aggregate = {method = "harmonic", floor = 1}\n',
    ],
)
def test_no_order_of_rows_and_columns_changes_a_bit_of_any_file(tmp_path, more):
    random = np.random.default_rng(3)
    codes = [f"i{k}" for k in range(9)]
    values = random.normal(size=(30, 9)) * 10.0 ** random.integers(-9, 9, 9)
    values[random.random(values.shape) < 0.1] = np.nan
    tree = [["T", "", "Aggregate", "", ""], ["P", "T", "Aggregate", 0.7, ""], ["Q", "P", "Aggregate", 3, ""]]
    tree += [["R", "T", "Aggregate", 1.3, ""]]
    parents = ["Q", "Q", "Q", "P", "P", "R", "R", "R", "T"]
    tree += [
        [c, p, "Indicator", 0.1 + 0.3 * k, (-1) ** k]
        for k, (c, p) in enumerate(zip(codes, parents, strict=True))
    ]
    found = []
    for turn in range(3):
        rows, columns, nodes = (random.permutation(n) if turn else np.arange(n) for n in (30, 9, len(tree)))
        write_csv(
            tmp_path / "iData.csv",
            ["uCode", *(codes[k] for k in columns)],
            ([f"u{r}", *values[r, columns]] for r in rows),
        )
        head = ["iCode", "Parent", "Type", "Weight", "Direction"]
        write_csv(tmp_path / "iMeta.csv", head, [tree[k] for k in nodes])
        (tmp_path / "r.toml").write_text(EVERYTHING + more, encoding="utf-8")
        out = tmp_path / f"out{turn}"
        run_files(tmp_path / "iData.csv", tmp_path / "iMeta.csv", tmp_path / "r.toml", out)
        found.append({p.name: ordered(p) for p in out.iterdir() if p.name != "recipe.toml"})
    for name in found[0]:
        assert found[1][name] == found[0][name] == found[2][name], name


def ordered(path: Path):
    """A file without the order of its rows and columns."""
    if path.suffix == ".json":
        return path.read_text(encoding="utf-8")
    with path.open(encoding="utf-8") as file:
        return sorted(sorted(row.items()) for row in csv.DictReader(file))


def test_codes_may_hold_spaces_quotes_dots_and_any_letter(run, tmp_path):
    names = {"a": "a b", "b": 'q"uo,te', "c": "é.ü", "P": "[P]", "Q": "Q = 1", "T": "#"}
    odd = []
    for text in (META, DATA):
        rows = [[names.get(cell, cell) for cell in row] for row in csv.reader(text.splitlines())]
        write_csv(tmp_path / "odd.csv", rows[0], rows[1:])
        odd.append((tmp_path / "odd.csv").read_text(encoding="utf-8"))
    plain = run(recipe="[audit]\n[outrank]\n")
    assert run(meta=odd[0], data=odd[1], recipe="[audit]\n[outrank]\n") == plain
    shutil.move(tmp_path / "out/recipe.toml", tmp_path / "again.toml")
    again = run_files(tmp_path / "iData.csv", None, tmp_path / "again.toml", tmp_path / "two")
    assert dict(zip(again.units, again.score.tolist(), strict=True)) == plain


def test_exit_codes(run, tmp_path, capsys):
    run(recipe="")
    given = ["--data", f"{tmp_path}/iData.csv", "--meta", f"{tmp_path}/iMeta.csv"]
    rest = ["--recipe", f"{tmp_path}/r.toml", "--out", f"{tmp_path}/out"]
    assert main(["measure", *given, *rest, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["units"] == 3
    assert main(["measure", *given]) == 2
    (tmp_path / "r.toml").write_bytes(b"\xef\xbb\xbf[normalise]\nmetod = 1\n")
    assert main(["measure", *given, *rest]) == 3
    assert "normalise.metod" in capsys.readouterr().err
    (tmp_path / "r.toml").write_bytes(b"kode = '\xe9'")
    assert main(["measure", *given, *rest]) == 3
    assert "r.toml: bukan UTF-8" in capsys.readouterr().err
    (tmp_path / "r.toml").write_text("", encoding="utf-8")
    assert main(["measure", *given, *rest[:-1], f"{tmp_path}/iData.csv"]) == 3


def test_the_fast_way_of_writing_gives_the_bytes_of_the_plain_one(tmp_path):
    units = ("u1", "a b", 'q"x', "c,d", "é", "nan", "x-1.2")
    values = np.array(
        [[1 / 3, np.nan], [-0.0, 1e-300], [1e22, 5.0], [np.nan] * 2, [2.0, 0.1], [1, 2], [3, 4]]
    )
    write_matrix(tmp_path / "one.csv", ["uCode", "a,b", "c"], units, values)
    write_csv(
        tmp_path / "two.csv", ["uCode", "a,b", "c"], ([u, *r] for u, r in zip(units, values, strict=True))
    )
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
