"""The command line: every command, every exit code, JSON everywhere."""

from __future__ import annotations

import argparse
import inspect
import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from kondusif.cli import BAD_FILE, OK, REFUSED, USAGE, main, parser
from kondusif.cli.folders import DEPTHS
from kondusif.cli.plotting import FIGURES
from kondusif.logbook import Entry, chain
from kondusif.words import table
from kondusif_web import office

NGANTUNGAN, MANGGUAN = "35.14.05.2001", "35.14.05.2006"


def test_demo_writes_its_files_and_prints_the_path(tmp_path, capsys):
    assert main(["demo", "--out", str(tmp_path / "out")]) == OK
    text = capsys.readouterr().out
    written = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert written == ["hasil.json", "masukan.xlsx", "plotting.xlsx"]
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    assert text.count("LATIHAN - DATA ILUSTRATIF") == 3
    for words in (
        "38,21 dari 100",
        "TPS 03 Sangat Rawan",
        "kelas minimum: ada kekerasan",
        "Belum ada waktu paling cepat. Lebih dulu: TPS 02 melapor",
        "Gerbang mengikuti TPS 03: Sangat Rawan.",
        "[belum terjawab] TNI tetap di tempat",
        "Ngantungan Minggu 8 Okt 07.00; TPS 03 sejak",
    ):
        assert words in text


@pytest.mark.parametrize("command", ["measure", "classify", "plan", "status", "answer"])
def test_json_is_one_document_and_carries_the_mark(command, capsys):
    assert main([command, "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["mark"] == "LATIHAN - DATA ILUSTRATIF"


@pytest.mark.parametrize("command", ["measure", "classify", "plan", "status", "answer"])
def test_text_fits_eighty_columns(command, capsys):
    assert main([command]) == OK
    text = capsys.readouterr().out
    assert "LATIHAN" in text and max(map(len, text.splitlines())) <= 80


def test_a_withdrawal_too_early_names_every_shut_gate(capsys):
    assert main(["withdraw-check", "--desa", NGANTUNGAN, "--to", "l1"]) == REFUSED
    text = capsys.readouterr().out
    for words in ("TERTUTUP: 4 dari 12", "x 4.", "TPS 02", "x 12.", "x 13.", "Danramil", "x Jam tenang"):
        assert words in text


def test_an_open_withdrawal_exits_zero(capsys):
    asked = ["withdraw-check", "--desa", NGANTUNGAN, "--to", "l1", "--at", "2023-10-12 13.20", "--json"]
    assert main(asked) == OK
    assert json.loads(capsys.readouterr().out)["allowed"] is True


def test_a_move_that_does_not_exist_is_refused(capsys):
    assert main(["withdraw-check", "--desa", MANGGUAN, "--to", "l4"]) == REFUSED
    assert "Tidak ada perpindahan" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv",
    [
        ["withdraw-check", "--desa", "35.14.05.2011", "--to", "l1"],
        ["status", "--at", "besok"],
        ["measure", "--data", "x.csv"],
    ],
)
def test_wrong_use_is_two(argv, capsys):
    assert main(argv) == USAGE
    assert "salah pakai" in capsys.readouterr().err


def test_a_file_needs_a_time(tmp_path, capsys):
    assert main(["template", str(tmp_path / "t.xlsx")]) == OK
    assert main(["status", str(tmp_path / "t.xlsx")]) == USAGE
    assert "--at" in capsys.readouterr().err


def test_a_bad_file_is_three_with_every_problem(tmp_path, capsys):
    (tmp_path / "desa.csv").write_text("kode,nama,kecamatan,memilih\nx,A,B,mungkin\n", encoding="utf-8")
    assert main(["status", str(tmp_path), "--at", "2026-01-01 07.00"]) == BAD_FILE
    err = capsys.readouterr().err
    assert "2 masalah" in err and "baris 2, kolom kode" in err and "kolom memilih" in err
    assert main(["status", str(tmp_path / "tiada"), "--at", "2026-01-01 07.00"]) == BAD_FILE


BARE = {
    "operasi": "kode,nama,polres,waktu_pemungutan,zona_waktu,paket_aturan,pola,latihan\n"
    "uji,Uji,Polres Uji,2026-06-01 07.00,WITA,pp-16-2026,jatim-2021-2023,tidak\n",
    "desa": "kode,nama,kecamatan,memilih\n99.01.01.2001,Karangjati,Sumberarum,ya\n",
    "tps": "desa,nomor,pemilih\n99.01.01.2001,1,412\n",
}


@pytest.fixture
def bare(tmp_path):
    """An operation in which nothing has been measured."""
    for name, body in BARE.items():
        (tmp_path / f"{name}.csv").write_text(body, encoding="utf-8")
    return [str(tmp_path), "--at", "2026-05-30 09.00"]


@pytest.mark.parametrize(
    "command, words",
    [
        ("measure", "belum diketahui"),
        ("classify", "belum dijawab tidak berarti aman"),
        ("status", "belum ada kelas"),
        ("answer", "Belum ada pertemuan"),
    ],
)
def test_nothing_measured_is_said_and_never_calm(bare, command, words, capsys):
    assert main([command, *bare]) == OK
    text = capsys.readouterr().out
    assert words in text and "Kurang Rawan" not in text and "LATIHAN" not in text


def test_a_plan_without_classes_is_refused_in_words(bare, capsys):
    assert main(["plan", *bare]) == REFUSED
    err = capsys.readouterr().err
    assert "99.01.01.2001-01 belum punya kelas" in err


def test_a_plotting_list_on_request(tmp_path, capsys):
    assert main(["plan", "--xlsx", str(tmp_path / "plotting.xlsx")]) == OK
    assert (tmp_path / "plotting.xlsx").stat().st_size > 5_000


def test_an_index_from_plain_tables(tmp_path, capsys):
    files = {
        "iData.csv": "uCode,a,b\nu1,5,0\nu2,0,10\n",
        "iMeta.csv": "iCode,Parent,Direction,Weight,Type,goalpost_lower,goalpost_upper\n"
        "a,T,1,1,Indicator,0,10\nb,T,-1,1,Indicator,0,10\nT,,1,1,Aggregate,,\n",
        "r.toml": '[normalise]\nmethod = "goalposts"\n',
    }
    for name, body in files.items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    options = [f"--{o}={tmp_path / n}" for o, n in zip(("data", "meta", "recipe"), files, strict=True)]
    assert main(["measure", *options, f"--out={tmp_path / 'out'}"]) == OK
    done = capsys.readouterr()
    assert "2 satuan" in done.out and "membaca" in done.err
    assert (tmp_path / "out" / "scores.csv").read_text(encoding="utf-8").startswith("uCode")


@pytest.mark.parametrize(
    "argv, words",
    [
        (["status", "--tidak-ada"], "tidak dikenal: --tidak-ada"),
        (["withdraw-check"], "wajib diisi: --desa, --to"),
        (["withdraw-check", "--desa", "x", "--to", "l9"], "bukan pilihan"),
        (["tiada"], "bukan pilihan"),
    ],
)
def test_plain_usage_errors_leave_with_two_in_plain_words(argv, words, capsys):
    with pytest.raises(SystemExit) as left:
        main(argv)
    assert left.value.code == USAGE
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("program", [parser, office.parser])
def test_help_and_usage_are_indonesian(program, capsys):
    with pytest.raises(SystemExit):
        program().parse_args(["--help"])
    text = capsys.readouterr().out
    assert text.startswith("cara pakai: ") and "masukan:" in text and "pilihan:" in text
    assert "tampilkan bantuan ini" in text
    for english in ("usage", "options", "arguments", "show this help"):
        assert english not in text


def test_what_may_be_chosen_is_what_the_commands_know():
    [sub] = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    known = {"plot": ("kind", tuple(FIGURES)), "roll-up": ("to", tuple(DEPTHS))}
    for command, (dest, choices) in known.items():
        assert [tuple(a.choices) for a in sub.choices[command]._actions if a.dest == dest] == [choices]


def test_every_text_of_the_table_is_one_that_argparse_says():
    source = inspect.getsource(argparse)
    assert [text for text in table("argparse") if text not in source] == []


def test_logbook_verify(tmp_path, capsys):
    book = tmp_path / "buku.jsonl"
    book.write_text("{}\n", encoding="utf-8")
    assert main(["logbook", "verify", str(book)]) == REFUSED
    assert "Buku rusak" in capsys.readouterr().out
    assert main(["logbook", "verify", str(tmp_path / "tiada.jsonl")]) == BAD_FILE


def test_logbook_verify_tells_the_book_of_another_operation(tmp_path, capsys):
    book = tmp_path / "buku.jsonl"
    at = datetime(2023, 10, 11, tzinfo=UTC)
    entry = chain(None, Entry("x", at, at, operation="lain"))
    book.write_text(entry.to_json() + "\n", encoding="utf-8")
    assert main(["logbook", "verify", str(book)]) == OK
    assert main(["logbook", "verify", str(book), "--operation", "uji"]) == REFUSED
    assert "rantai operasi lain" in capsys.readouterr().out


def test_help_loads_nothing_heavy():
    script = (
        "import sys, kondusif.cli as c\n"
        "try: c.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('numpy', 'scipy', 'openpyxl', 'django', 'holidays') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_command_has_help_and_json():
    [sub] = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    from kondusif.cli.commands import COMMANDS

    assert set(sub.choices) == set(COMMANDS)
    for name, command in sub.choices.items():
        assert command.description
        if name != "logbook":
            assert "--json" in command.format_help()
