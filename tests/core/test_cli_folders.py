"""Two results side by side, and results rolled up by official code, from files alone."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from kondusif.cli import BAD_FILE, OK, REFUSED, USAGE, main

GOLD = Path(__file__).parents[1] / "golden/pilkades-a/00_input"
CUTS = "classes = {cuts = [13, 17, 21, 27]}\n"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    for name, text in (("a", CUTS), ("b", CUTS + '[weigh]\nmethod = "equal"\n')):
        (folder / f"{name}.toml").write_text('normalise = {method = "minmax"}\n' + text, encoding="utf-8")
        words = ["measure", "--data", str(GOLD / "iData.csv"), "--meta", str(GOLD / "iMeta.csv")]
        assert main([*words, "--recipe", str(folder / f"{name}.toml"), "--out", str(folder / name)]) == OK
    return folder


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_compare_names_who_moved_and_why(results, tmp_path, capsys):
    out = tmp_path / "c.csv"
    assert main(["compare", str(results / "a"), str(results / "b"), "--out", str(out)]) == OK
    text = capsys.readouterr().out
    assert "119 satuan bernilai" in text or "120 satuan bernilai" in text
    assert "berpindah kelas" in text
    table = rows(out)
    assert len(table) == 120
    scores = [{r["uCode"]: r["score"] for r in rows(results / n / "classes.csv")} for n in "ab"]
    for row in table:
        assert (row["before"], row["after"]) == (scores[0][row["uCode"]], scores[1][row["uCode"]])
    assert any(r["class_before"] != r["class_after"] and r["because"] for r in table)


def test_a_result_beside_itself_does_not_move(results, capsys):
    assert main(["compare", str(results / "a"), str(results / "a"), "--json"]) == OK
    found = json.loads(capsys.readouterr().out)
    assert found["mean_difference"] == 0 and found["largest_shift"] == 0


def test_villages_roll_up_by_the_parts_of_their_code(results, tmp_path):
    for to, areas in (("kabupaten", 24), ("provinsi", 1)):  # the made-up codes have no province of their own
        out = tmp_path / f"{to}.csv"
        words = ["roll-up", str(results / "a"), "--to", to, "--out", str(out)]
        assert main([*words, "--data", str(GOLD / "iData.csv"), "--weight", "C04"]) == OK
        assert len(rows(out)) == areas
    voters = {r["uCode"]: r["C04"] for r in rows(GOLD / "iData.csv")}
    scores = {r["uCode"]: r["score"] for r in rows(results / "a/classes.csv")}
    known = [u for u in voters if voters[u] and scores[u]]
    mean = sum(float(voters[u]) * float(scores[u]) for u in known) / sum(float(voters[u]) for u in known)
    assert float(rows(tmp_path / "provinsi.csv")[0]["mean"]) == pytest.approx(mean)


def test_a_folder_that_is_no_result_and_half_an_option_are_told(results, tmp_path, capsys):
    assert main(["compare", str(results / "a"), str(tmp_path)]) == BAD_FILE
    assert "classes.csv" in capsys.readouterr().err
    assert main(["roll-up", str(results / "a"), "--to", "desa", "--weight", "C04"]) == USAGE
    words = ["roll-up", str(results / "a"), "--to", "kecamatan", "--data", str(GOLD / "iData.csv")]
    assert main([*words, "--weight", "pemilih"]) == BAD_FILE
    assert "kolom pemilih" in capsys.readouterr().err


def test_units_that_are_no_areas_are_told_by_row(results, tmp_path, capsys):
    for name in ("classes.csv", "coverage.csv"):
        text = (results / "a" / name).read_text(encoding="utf-8").splitlines()
        text[2] = "U1," + text[2].partition(",")[2]
        (tmp_path / name).write_text("\n".join(text), encoding="utf-8")
    assert main(["roll-up", str(tmp_path), "--to", "kecamatan"]) == BAD_FILE
    said = capsys.readouterr().err
    assert "classes.csv, baris 3, kolom uCode: ditemukan U1; seharusnya kode wilayah" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compare", "A", "A", "A", "--times", "1,nan,3"], "satu bilangan tiap hasil"),
        (["plot", "slope", "--from", "A", "--with", "A", "--names", "2019", "--out", "x.png"], "dua nama"),
        (["plot", "bars", "--from", "A", "--cuts", "nan,30", "--out", "x.png"], "tulis seperti 20,40"),
        (["plot", "bars", "--from", "A", "--most", "1.5", "--out", "x.png"], "'1.5' bukan bilangan bulat"),
        (["learn", "A", "--cuts", "a", "b"], "'a' bukan bilangan"),
    ],
)
def test_a_wrong_number_of_an_option_is_usage_in_the_language_of_the_rest(
    results, tmp_path, monkeypatch, capsys, words, said
):
    monkeypatch.chdir(tmp_path)
    try:
        code = main([str(results / "a") if word == "A" else word for word in words])
    except SystemExit as left:
        code = left.code
    assert code == USAGE and said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ["roll-up", "A", "--to", "desa", "--data", "d.csv", "--weight", "C04", "--out", "d.csv"],
        ["compare", "A", "B", "--out", "A/scores.csv"],
        ["compare", "A", "A", "B", "--out", "B/classes.csv"],
        ["compare", "A", "B", "--out", "c.csv", "--aggregates", "c.csv"],
        ["unit", "A", "--unit", "99.01.2001", "--data", "d.csv", "--out", "A/recipe.toml"],
    ],
)
def test_no_command_writes_over_what_it_reads_or_twice_to_one_file(
    results, tmp_path, monkeypatch, capsys, words
):
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        shutil.copytree(results / name, tmp_path / name.upper())
    shutil.copy(GOLD / "iData.csv", "d.csv")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert main(words) == USAGE
    assert "dipakai oleh perintah ini juga" in capsys.readouterr().err
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_one_unit_has_no_correlation_and_no_unknown_number_is_nan(tmp_path, capsys):
    (tmp_path / "a.toml").write_text('normalise = {method = "minmax"}\n' + CUTS, encoding="utf-8")
    lines = (GOLD / "iData.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "one.csv").write_text("".join(lines[:2]), encoding="utf-8")
    words = ["measure", "--data", str(tmp_path / "one.csv"), "--meta", str(GOLD / "iMeta.csv")]
    out = str(tmp_path / "out")
    assert main([*words, "--recipe", str(tmp_path / "a.toml"), "--out", out]) == OK
    capsys.readouterr()
    for asked in (["compare", out, out], ["compare", out, out, out], ["roll-up", out, "--to", "kabupaten"]):
        assert main(asked) == OK
        assert "nan" not in capsys.readouterr().out
        assert main([*asked, "--json"]) == OK
        json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    asked = ["unit", out, "--unit", "99.01.2001", "--data", str(tmp_path / "one.csv")]
    assert main(asked) == OK
    assert "Paling tinggi dan paling rendah" not in capsys.readouterr().out


def test_what_memory_cannot_hold_is_told_and_not_traced(tmp_path, capsys):
    recipe = tmp_path / "r.toml"
    recipe.write_text(
        'normalise = {method = "minmax"}\n[uncertainty]\ndraws = 999_999_999_999\n', encoding="utf-8"
    )
    words = ["measure", "--data", str(GOLD / "iData.csv"), "--meta", str(GOLD / "iMeta.csv")]
    assert main([*words, "--recipe", str(recipe), "--out", str(tmp_path / "out")]) == REFUSED
    assert "memori komputer ini tidak cukup" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_result_whose_rows_were_cut_is_refused_by_row(results, tmp_path, capsys):
    for name in ("classes.csv", "contributions.csv"):
        text = (results / "a" / name).read_text(encoding="utf-8").splitlines()
        (tmp_path / name).write_text(
            "\n".join([*text[:3], text[3].split(",")[0], *text[4:]]), encoding="utf-8"
        )
    assert main(["compare", str(results / "a"), str(tmp_path)]) == BAD_FILE
    said = capsys.readouterr().err
    assert "classes.csv" in said and "4" in said and "1 sel" in said
