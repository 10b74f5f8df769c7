"""What the engine refuses or remarks reaches people in the language of the rest."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest

from kondusif.cli import BAD_FILE, main
from kondusif.errors import RecipeError
from kondusif.sentences.engine import engine_text
from kondusif.words import table
from kondusif_index.recipe import IndexRecipe
from tests.test_house import code

ENGLISH = re.compile(r"\b(the|is|are|not|must|found|expected|unknown|known|no such|of|with|needs|give)\b")


def template(node: ast.expr) -> str | None:
    """A text with ``{}`` for what is filled in; None for what is no text here."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return None


def told() -> Iterator[tuple[str, str]]:
    """Where, and the texts of refusals and remarks that no reason has its own sentence for."""
    for path in code():
        if "kondusif_web" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name not in ("RecipeError", "Remark", "Limit", "_refuse") or any(
                k.arg == "why" for k in node.keywords
            ):
                continue
            for text in filter(None, map(template, node.args)):
                if re.search("[a-z] [a-z]|[a-z]: [a-z]", text):
                    yield f"{path.name}:{node.lineno}", text


@pytest.mark.parametrize("place", ["", "resep.toml: ", "my file.toml: uncertainty."])
@pytest.mark.parametrize(("where", "text"), list(dict.fromkeys(told())))
def test_every_refusal_of_the_engine_has_its_indonesian_wherever_it_is(where, text, place):
    """A new one needs a row in ``words/engine.csv``."""
    filled = re.sub(r"^\{\}(?=\w)", "", text).replace("{}", "x1")  # what stands before may be empty
    said = engine_text(place + filled)
    assert said.startswith(place), said
    said = said.removeprefix(place)
    assert said != filled, where
    assert not ENGLISH.search(said.replace("bad", "")), said


def test_english_stays_as_the_engine_says_it():
    for text in table("engine"):
        assert engine_text(text.replace("{}", "7"), "en") == text.replace("{}", "7")


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (
            '[impute]\nmethod = "men"\n',
            "impute.method: ditemukan 'men'; seharusnya salah satu dari none, mean",
        ),
        ("[impute]\nmetod = 'mean'\n", "kunci tidak dikenal: impute.metod (maksudnya method?)"),
        ("[clases]\ncuts = [1]\n", "kunci tidak dikenal: clases (maksudnya classes?)"),
        ("[classes]\ncuts = [40, 20]\n", "classes.cuts: [40.0, 20.0] harus naik"),
        ("[classes]\ncuts = 'dua'\n", "classes.cuts: ditemukan 'dua'; seharusnya daftar bilangan"),
        ("[classes]\n", "classes.cuts: kelas tetap memerlukan sedikitnya satu batas"),
        ("[uncertainty]\ndraws = 0\n", "uncertainty.draws: ditemukan 0; seharusnya 1 atau lebih"),
        ("[uncertainty]\ndraws = 1.5\n", "uncertainty.draws: ditemukan 1.5; seharusnya bilangan bulat"),
        ("leave_one_out = 'ya'\n", "leave_one_out: ditemukan 'ya'; seharusnya true atau false"),
        ("[normalise]\nscale = [5, 1]\n", "normalise.scale"),
        ("order = ['impute']\n", "order: setiap langkah sekali"),
        ("[impute]\nmethod = 'row_mean'\n", 'membandingkan indikator; tulis stage = "normalised"'),
        ("[[floors]]\nitem = 'zz'\nat = 1\nlevel = 1\n", "floors memerlukan classes"),
        (
            "classes = {cuts = [5]}\nfloors = [{item = 'zz', at = 1, level = 1}]\n",
            "indikator ini tidak ada: zz",
        ),
        ("classes = {cuts = [5]}\nfloors = [{item = 'a', at = 1}]\n", "floors[0]: level harus diisi"),
        ("[classes\n", "bukan TOML yang sah: seharusnya ada ']'"),
        ("cuts 5\n", "bukan TOML yang sah: seharusnya ada '='"),
        ("kode = mean\n", "nilai tidak sah; teks ditulis di antara tanda kutip (baris 1, kolom 8)"),
        ("kode = 'a'\nkode = 'b'\n", "kunci ini sudah diisi"),
        ("[impute]\n[impute]\n", "ditulis dua kali"),
        ("order = ['impute'\n", "kurung [ belum ditutup"),
        ("kode = 'a\n", "(di akhir berkas)"),
        ("normalise = {method = 'minmax'\n", "kurung kurawal belum ditutup"),
    ],
)
def test_a_recipe_is_refused_in_the_language_of_the_command(recipe, said, tmp_path, capsys):
    meta = "iCode,Parent,Type,goalpost_lower,goalpost_upper\nT,,Aggregate,,\na,T,Indicator,0,10\n"
    for name, text in (("d.csv", "uCode,a\nu1,5\n"), ("m.csv", meta), ("resep.toml", recipe)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = {"--data": "d.csv", "--meta": "m.csv", "--recipe": "resep.toml", "--out": "out"}
    assert main(["measure", *(x for k, v in paths.items() for x in (k, str(tmp_path / v)))]) == BAD_FILE
    err = capsys.readouterr().err.replace("membaca ...\n", "")
    assert said in err and not ENGLISH.search(err), err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "bad", ["a", "a =", "[a", "a = [1", "a = {b = 1", 'a = "b', "a = 1 2", "a = 2020-99-99", "= 1"]
)
def test_what_the_reader_of_toml_says_is_told_too(bad):
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(bad)
    with pytest.raises(RecipeError) as caught:
        IndexRecipe.from_toml(bad)
    said = engine_text(str(caught.value))
    assert "bukan TOML yang sah" in said and not re.search(r"line|end of|Expected|Invalid", said), said


def test_a_remark_has_the_decimal_sign_of_the_prose_and_a_refusal_that_of_the_recipe():
    assert (
        engine_text("x: one value only; all get 50.5", prose=True)
        == "x: hanya satu nilai; semua mendapat 50,5"
    )
    assert engine_text("draws: found 1.5, expected a whole number").startswith("draws: ditemukan 1.5;")


@pytest.mark.parametrize(
    ("path", "said"), [("tidak-ada.toml", "tidak-ada.toml: tidak ada"), (".", "ini folder, bukan berkas")]
)
def test_a_file_that_cannot_be_read_is_told_by_name_and_in_the_language_of_the_rest(
    path, said, tmp_path, capsys
):
    recipe = str(tmp_path / path)
    words = ["--data", "d.csv", "--meta", "m.csv", "--recipe", recipe, "--out", str(tmp_path / "out")]
    assert main(["measure", *words]) == BAD_FILE
    err = capsys.readouterr().err
    assert said in err and "Errno" not in err and "Traceback" not in err
