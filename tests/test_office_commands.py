"""``kondusif-office``: every command ends with its code, and what it says is true (RULES 29)."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from contextlib import closing

import pytest

from kondusif.files.operation import OperationFile
from kondusif.files.write import write_workbook
from kondusif.logbook import verify_lines
from tests import cast


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A data folder with an operation in it, made by the commands themselves."""
    folder = tmp_path_factory.mktemp("office")
    done = office(folder, "migrate")
    assert done.returncode == 0, done.stderr
    done = office(folder, "user", "add", "admin", "--role", "admin")
    assert done.returncode == 0, done.stderr
    return folder


def environment(folder, **more):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("KONDUSIF_") and k != "DATABASE_URL"}
    return clean | {"KONDUSIF_DATA": str(folder)} | more


def office(folder, *args, **more):
    return subprocess.run(
        [sys.executable, "-m", "kondusif_web.office", *map(str, args)],
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_a_new_account_gets_its_password_once(home):
    done = office(home, "user", "add", "petugas1", "--jabatan", "Padal TPS 01")
    password = done.stdout.split()[-1]
    assert len(password) == 19
    again = office(home, "user", "reset", "petugas1")
    assert again.returncode == 0
    assert password not in again.stdout


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("user", "add", "x1", "--role", "raja"), 2),
        (("user", "add", "admin", "--role", "admin"), 1),
        (("user", "add", "x1", "--role", "petugas"), 2),  # counts in an operation only
        (("user", "add", "x1", "--area", "99.01"), 2),
        (("user", "add", "x1", "--role", "petugas", "--operation", "uji"), 1),
        (("user", "member", "admin", "--role", "petugas"), 1),
        (("operation", "run", "uji", "--reason", "x"), 1),
        (("export-book",), 1),
        (("user", "reset", "nobody"), 1),
        (("nonsense",), 2),
        ((), 2),
        (("drill", "H+1"), 1),
        (("import", "nowhere.xlsx"), 3),
        (("restore", "nowhere.sqlite3", "--yes"), 3),
    ],
)
def test_what_goes_wrong_has_its_code_and_no_traceback(home, args, code):
    done = office(home, *args)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("user", "add", "admin", "--role", "admin"), "nama akun itu sudah dipakai"),
        (("drill", "H+1"), "Kantor masih kosong"),
        (("drill", "H+1", "--operation", "uji"), "Operasi uji tidak ada"),
        ((), "salah pakai: wajib diisi: PERINTAH"),
    ],
)
def test_a_refusal_says_what_to_do_in_indonesian(home, args, said):
    assert said in office(home, *args).stderr


def test_an_office_that_was_never_set_up_says_what_to_do(tmp_path):
    done = office(tmp_path, "verify")
    assert done.returncode == 1
    assert "kondusif-office migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_setting_is_said_and_not_thrown(home):
    done = office(home, "verify", KONDUSIF_HTTPS="maybe")
    assert done.returncode == 1
    assert "KONDUSIF_HTTPS" in done.stderr
    assert "Traceback" not in done.stderr


def test_verify_says_what_it_compared_and_what_stays_outside(home, tmp_path):
    book = tmp_path / "book.jsonl"
    done = office(home, "verify", "--export", book)
    assert done.returncode == 0, done.stdout
    assert "django_session" in done.stdout
    assert verify_lines(book.read_text().splitlines()) == ()
    assert stat.S_IMODE(book.stat().st_mode) == 0o600


def test_verify_finds_an_edit_beneath_and_a_false_head(home, tmp_path):
    copy = tmp_path / "data"
    copy.mkdir()
    assert office(home, "backup", copy / "kondusif.sqlite3").returncode == 0
    assert office(copy, "verify", "--head", "ab" * 32).returncode == 1
    with closing(sqlite3.connect(copy / "kondusif.sqlite3")) as db:
        db.execute("UPDATE accounts_user SET role = 'planner' WHERE username = 'admin'")
        db.commit()
    done = office(copy, "verify")
    assert done.returncode == 1
    assert "accounts_user" in done.stdout


def test_backup_and_restore_bring_the_office_back(home, tmp_path):
    there = tmp_path / "data"
    saved = tmp_path / "saved.sqlite3"
    assert office(home, "backup", saved).returncode == 0
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert office(home, "backup", saved).returncode == 1  # never over an older one
    office(there, "migrate")
    assert office(there, "restore", saved).returncode == 1  # asks first
    assert office(there, "restore", saved, "--yes").returncode == 0
    assert office(there, "verify").stdout.splitlines()[0] == office(home, "verify").stdout.splitlines()[0]
    assert list(there.glob("kondusif.sqlite3.lama-1"))


def test_restore_refuses_what_is_no_backup(home, tmp_path):
    bad = tmp_path / "bad.sqlite3"
    bad.write_text("not a database, but long enough to look like one" * 100)
    before = office(home, "verify").stdout
    assert office(home, "restore", bad, "--yes").returncode == 3
    assert office(home, "verify").stdout == before


# ---- several operations in one office


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A data folder with a live operation "nyata" and a drill "latihan" of the same villages."""
    folder = tmp_path_factory.mktemp("both")
    for kode, drill in (("nyata", False), ("latihan", True)):
        path = folder / f"{kode}.xlsx"
        operasi = {
            "kode": kode,
            "nama": f"Pilkades {kode}",
            "polres": "Polres Arjasari",
            "waktu_pemungutan": cast.VOTE_AT,
            "zona_waktu": "WIB",
            "paket_aturan": "pp-43-2014",
            "pola": "jatim-2021-2023",
            "latihan": drill,
        }
        desa = [
            {"kode": d.kode, "nama": f"{d.nama} {kode}", "kecamatan": d.kecamatan, "memilih": True}
            for d in cast.DESA
        ]
        file = OperationFile.of({"operasi": (operasi,), "desa": tuple(desa)})
        write_workbook(path, file)
        done = office(folder, "import", path)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize(
    "args",
    [
        ("export-book",),
        ("drill", "H+1"),
        ("export", "--out", "x.xlsx"),
        ("boundaries", "x.geojson", "--source", "BIG"),
        ("verify", "--head", "abcdef0123"),
        ("user", "member", "x", "--role", "petugas"),
    ],
)
def test_a_command_that_could_mean_several_operations_names_them(both, args):
    done = office(both, *args)
    assert done.returncode == 2
    assert "latihan, nyata" in done.stderr and "--operation" in done.stderr


def test_verify_prints_a_block_for_each_chain(both, tmp_path):
    done = office(both, "verify")
    assert done.returncode == 0, done.stdout
    blocks = [line.partition(":")[0] for line in done.stdout.splitlines() if " catatan, ujung " in line]
    assert blocks == ["Buku Kantor", "Buku Operasi latihan", "Buku Operasi nyata", "Buku akses"]
    assert "Semua sesuai buku." in done.stdout
    one = office(both, "verify", "--operation", "nyata", "--export", tmp_path / "b.jsonl")
    assert "Operasi nyata" in one.stdout and "Operasi latihan" not in one.stdout
    assert verify_lines((tmp_path / "b.jsonl").read_text().splitlines(), operation="nyata") == ()


def test_a_head_is_held_against_the_chain_it_names(both):
    lines = office(both, "export-book", "--operation", "nyata").stdout.splitlines()
    head = json.loads(lines[0])["hash"][:16]
    for args in (("--head", f"nyata={head}"), ("--head", head, "--operation", "nyata")):
        assert office(both, "verify", *args).returncode == 0
    for kode in ("latihan", "dihapus"):  # of another chain; of one that is gone altogether
        done = office(both, "verify", "--head", f"{kode}={head}")
        assert done.returncode == 1
        assert f"Buku Operasi {kode}" in done.stdout and "ADA YANG TIDAK SESUAI BUKU." in done.stdout
    assert office(both, "verify", "--operation", "latihan", "--head", f"nyata={head}").returncode == 2


def test_each_chain_is_exported_by_itself(both, tmp_path):
    for args, kode in ((("--operation", "latihan"), "latihan"), (("--office",), "")):
        book = tmp_path / f"{kode}.jsonl"
        assert office(both, "export-book", *args, book).returncode == 0
        assert verify_lines(book.read_text().splitlines(), operation=kode) == ()
        assert stat.S_IMODE(book.stat().st_mode) == 0o600
    assert office(both, "export-book", "--office", "--operation", "nyata").returncode == 2


def test_a_spliced_book_is_found_without_the_office(both, tmp_path, capsys):
    from kondusif.cli import main

    book = tmp_path / "book.jsonl"
    parts = [office(both, "export-book", "--operation", kode).stdout for kode in ("nyata", "latihan")]
    book.write_text(parts[0] + parts[1].splitlines(keepends=True)[0])
    assert main(["logbook", "verify", str(book)]) == 1
    assert "rantai operasi lain" in capsys.readouterr().out


def test_a_backup_of_one_operation_holds_nothing_of_the_others(both, tmp_path):
    saved, there = tmp_path / "saved.sqlite3", tmp_path / "data"
    done = office(both, "backup", "--operation", "nyata", saved)
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["saved.sqlite3"]
    raw = saved.read_bytes()
    assert b"Karangjati nyata" in raw and b"Karangjati latihan" not in raw
    with closing(sqlite3.connect(saved)) as db:
        assert db.execute("SELECT kode FROM election_operation").fetchall() == [("nyata",)]
        chains = db.execute("SELECT DISTINCT operation FROM logbook_entry ORDER BY 1").fetchall()
        assert set(chains) <= {("",), ("nyata",)}
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            db.execute("DELETE FROM logbook_entry")
    office(there, "migrate")
    assert office(there, "restore", saved, "--yes").returncode == 0
    done = office(there, "verify", "--operation", "nyata")
    assert done.returncode == 0, done.stdout
    assert "Operasi nyata" in done.stdout and "latihan" not in done.stdout
    every = office(there, "verify")  # the chain of the office tells of the other, which is not here
    assert every.returncode == 1
    assert "Buku Operasi latihan: 0 catatan" in every.stdout and "salinan satu operasi" in every.stdout
    whole = office(both, "verify", "--operation", "nyata").stdout.splitlines()[0]
    assert whole in done.stdout  # the same lines, the same head
    assert office(both, "verify").returncode == 0


@pytest.mark.parametrize("only", [(), ("--operation", "nyata")])
def test_no_copy_holds_who_is_signed_in_or_guessed(both, tmp_path, only):
    data, saved, there = tmp_path / "data", tmp_path / "saved.sqlite3", tmp_path / "there"
    data.mkdir()
    assert office(both, "backup", data / "kondusif.sqlite3").returncode == 0
    session = "INSERT INTO django_session VALUES ('livesession0123456789', 'livesessiondata', '2099-01-01')"
    guess = "INSERT INTO accounts_guess VALUES ('guessedname', 3, '2023-01-01')"
    fill(data / "kondusif.sqlite3", session, guess)
    done = office(data, "backup", *only, saved)
    assert done.returncode == 0, done.stderr
    assert ("hash sandinya" in done.stdout) == bool(only)
    raw = saved.read_bytes()
    assert b"livesession" not in raw and b"guessedname" not in raw
    fill(saved, session, guess)  # a copy that was made before, or by other means
    office(there, "migrate")
    assert office(there, "restore", saved, "--yes").returncode == 0
    with closing(sqlite3.connect(there / "kondusif.sqlite3")) as db:
        for table in ("django_session", "accounts_guess"):
            assert db.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,)
    with closing(sqlite3.connect(data / "kondusif.sqlite3")) as db:
        assert db.execute("SELECT COUNT(*) FROM django_session").fetchone() == (1,)  # the office's own stays


def fill(file, *rows):
    with closing(sqlite3.connect(file)) as db:
        for row in rows:
            db.execute(row)
        db.commit()


def test_a_backup_of_an_operation_that_is_not_there_writes_nothing(both, tmp_path):
    assert office(both, "backup", "--operation", "tiada", tmp_path / "a.sqlite3").returncode == 1
    assert not list(tmp_path.iterdir())


def test_people_get_their_place_in_one_operation(both):
    done = office(both, "user", "add", "padal1", "--operation", "nyata", "--role", "petugas",
                  "--area", "99.01.01.2001", "--jabatan", "Padal")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert office(both, "user", "add", "x2", "--operation", "nyata", "--role", "petugas",
                  "--area", "99.0").returncode == 2  # fmt: skip
    assert office(both, "user", "reset", "x2").returncode == 1  # nothing of it was kept
    again = ("user", "member", "padal1", "--role", "petugas", "--operation")
    assert office(both, *again, "nyata").returncode == 1
    assert office(both, *again, "latihan").returncode == 0
    with closing(sqlite3.connect(both / "kondusif.sqlite3")) as db:
        rows = db.execute(
            "SELECT o.kode, m.role FROM election_membership m JOIN election_operation o"
            " ON o.id = m.operation_id ORDER BY 1"
        ).fetchall()
    assert rows == [("latihan", "petugas"), ("nyata", "petugas")]
    assert office(both, "verify").returncode == 0


def test_operations_are_listed_and_moved(both, tmp_path):
    copy = tmp_path / "data"
    copy.mkdir()
    assert office(both, "backup", copy / "kondusif.sqlite3").returncode == 0
    assert [line.split()[:2] for line in office(copy, "operation", "list").stdout.splitlines()] == [
        ["nyata", "preparing"],
        ["latihan", "preparing"],
    ]
    assert office(copy, "operation", "run", "latihan", "--reason", "Sprin 7").returncode == 0
    refused = office(copy, "operation", "close", "latihan", "--reason", "selesai")
    assert refused.returncode == 1 and cast.KARANGJATI in refused.stderr
    assert office(copy, "operation", "archive", "nyata", "--reason", "x").returncode == 1
    assert "latihan  running" in office(copy, "operation", "list").stdout
    assert office(copy, "verify").returncode == 0


def hears_ctrl_c() -> None:
    """A job that was put into the background ignores it, and hands that on to its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def free_port() -> int:
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def test_the_example_is_served_and_ctrl_c_ends_it(tmp_path):
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "kondusif_web.office", "serve", "--demo", "--port", str(port)],
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_ctrl_c,
    )
    try:
        assert "Masuk" in wait_for(f"http://127.0.0.1:{port}/masuk/", server)
        assert "LATIHAN" in wait_for(f"http://127.0.0.1:{port}/publik/", server)
        taken = office(tmp_path, "serve", "--port", port)
        assert taken.returncode == 1
        assert "Port" in taken.stderr
    finally:
        server.send_signal(signal.SIGINT)
    out, err = server.communicate(timeout=180)
    assert server.returncode == 0, err
    assert "Traceback" not in err
    assert "kapolres" in out
    assert out.index("kapolres") < out.index("Kantor terbuka")
    assert office(tmp_path, "verify").returncode == 0
    assert office(tmp_path, "drill", "kemarin").returncode == 2


def test_behind_a_proxy_the_scheme_and_the_sender_are_the_proxys_word(home):
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "kondusif_web.office", "serve", "--port", str(port)],
        env=environment(home, KONDUSIF_HTTPS="1", KONDUSIF_HOSTS="posko.example"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_ctrl_c,
    )
    try:
        given = {"Host": "posko.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        answer = None
        while answer is None and server.poll() is None:
            answer = asked(port, given)
        assert answer is not None, server.communicate()[1]
        assert answer.status == 200
        assert "Secure" in answer.headers["Set-Cookie"]
        plain = asked(port, {"Host": "posko.example"})
        assert (plain.status, plain.headers["Location"]) == (301, "https://posko.example/masuk/")
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=180)


def asked(port: int, headers: dict[str, str]) -> http.client.HTTPResponse | None:
    """The answer, redirects not followed; None while nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/masuk/", headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer
    except OSError:
        time.sleep(0.2)
        return None
    finally:
        connection.close()


def wait_for(url: str, server: subprocess.Popen[str]) -> str:
    """The page, once the server answers; fails when it ended instead."""
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url) as response:
                return str(response.read().decode())
        except OSError:
            time.sleep(0.2)
    raise AssertionError(server.communicate()[1])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text, local",
    [
        ("2023-10-11 14.05", "2023-10-11 14:05"),
        ("2023-10-11T14:05", "2023-10-11 14:05"),
        ("H+1 14.05", "2023-10-11 14:05"),
        ("h-1", "2023-10-09 07:00"),
        ("H", "2023-10-10 07:00"),
        ("2023-10-11", None),
        ("H+x", None),
        ("H+1 besok", None),
    ],
)
def test_the_drill_reads_times_as_the_field_writes_them(op, text, local):
    from kondusif_web.office_run import moment_of

    at = moment_of(text, op)
    assert (at and f"{at:%Y-%m-%d %H:%M}") == local
