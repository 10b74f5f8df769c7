"""``kondusif-office``: runs the office. Files without an office are the business of ``kondusif``.

Exit codes: 0 done, 1 refused or something found, 2 wrong use, 3 a bad file.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kondusif.cli import Parser
from kondusif.files.export import FORMATS
from kondusif_web.office_files import boundaries, export, import_file

OK, REFUSED, USAGE, BAD_FILE = 0, 1, 2, 3


def parser() -> argparse.ArgumentParser:
    """Every command with its options; docs/reference/commands.md is written from it."""
    top = Parser(prog="kondusif-office", description="Menjalankan kantor Kondusif.")
    sub = top.add_subparsers(dest="command", required=True, metavar="PERINTAH")

    def add(name: str, run: Callable[[argparse.Namespace], int], help_: str) -> argparse.ArgumentParser:
        one = sub.add_parser(name, help=help_, description=help_)
        one.set_defaults(run=run)
        return one

    one = add("serve", serve, "jalankan kantor di komputer ini; Ctrl-C mengakhiri")
    one.add_argument("--demo", action="store_true", help="muat contoh latihan bila kantor masih kosong")
    one.add_argument("--host", default="127.0.0.1", help="alamat yang didengar (bawaan %(default)s)")
    one.add_argument("--port", type=int, default=8000, help="bawaan %(default)s")
    add("migrate", migrate, "siapkan atau perbarui basis data")
    one = add("import", import_file, "impor berkas operasi (XLSX, folder CSV); kantor yang berisi ditambah")
    one.add_argument("file", type=Path)
    one.add_argument("--check", action="store_true", help="hanya tunjukkan akibatnya, tanpa menerapkan")
    one = add("boundaries", boundaries, "impor batas desa (GeoJSON, WGS 84)")
    one.add_argument("file", type=Path)
    one.add_argument("--source", required=True, help="lembaga, judul, dan tahun; tertulis di bawah peta")
    one.add_argument(
        "--code-property", default="", help="sifat yang memuat kode desa; bawaan: dicari sendiri"
    )
    one.add_argument("--check", action="store_true", help="hanya tunjukkan akibatnya, tanpa menerapkan")
    one = add("export", export, "ekspor jawaban, nilai, kelas, dan peta")
    one.add_argument("--format", choices=tuple(FORMATS), default="xlsx", help="bawaan %(default)s")
    one.add_argument("--out", type=Path, required=True, metavar="BERKAS")
    one = add("verify", verify, "periksa buku, setiap baris, dan setiap perpindahan")
    one.add_argument("--head", help="ujung buku dari kertas atau halaman publik")
    one.add_argument("--access-head", help="ujung buku akses")
    one.add_argument("--export", type=Path, metavar="BUKU.jsonl", help="simpan buku yang diperiksa")
    one = add("export-book", export_book, "tulis buku sebagai JSONL")
    one.add_argument("file", type=Path, nargs="?", help="bawaan: keluaran layar")
    one = add("backup", backup, "simpan cadangan basis data selagi kantor berjalan")
    one.add_argument("file", type=Path)
    one = add("restore", restore, "pulihkan cadangan; yang lama disimpan di sampingnya")
    one.add_argument("file", type=Path)
    one.add_argument("--yes", action="store_true", help="tanpa bertanya")
    one = add("drill", drill, "majukan jam latihan, misalnya '2023-10-11 14.05', H+1 atau 'H+1 14.05'")
    one.add_argument("to")
    user = add("user", lambda _: USAGE, "akun: add, reset")
    deeds = user.add_subparsers(dest="deed", required=True, metavar="add|reset")
    one = deeds.add_parser("add", help="buat akun")
    one.add_argument("username")
    one.add_argument("--role", required=True, help="planner, kapolsek, kapolres, petugas, ... admin")
    one.add_argument("--jabatan", default="")
    one.add_argument("--area", action="append", default=[], help="kode wilayah; boleh berulang")
    one.add_argument("--post", default="")
    one.set_defaults(run=user_add)
    one = deeds.add_parser("reset", help="beri kata sandi sekali pakai")
    one.add_argument("username")
    one.set_defaults(run=user_reset)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    from django.core.exceptions import ImproperlyConfigured, ValidationError
    from django.db import OperationalError, ProgrammingError

    from kondusif.errors import ImportRefused, KondusifError
    from kondusif_web.terminal import absent, why

    args = parser().parse_args(argv)
    os.umask(0o077)  # database, book and backups are their owner's alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kondusif_web.settings")
    try:
        import django

        django.setup()
        return int(args.run(args))
    except ImproperlyConfigured as err:
        return _say(f"Pengaturan salah: {err}", REFUSED)
    except ImportRefused as err:
        _say(f"Tidak ada yang diimpor. {len(err.problems)} masalah:", BAD_FILE)
        return _say("\n".join(f"  {p}" for p in err.problems), BAD_FILE)
    except ValidationError as err:
        return _say("\n".join(err.messages), USAGE)
    except KondusifError as err:
        return _say(f"Ditolak: {why(err)}", REFUSED)
    except LookupError as err:
        return _say(absent(err), REFUSED)
    except (OperationalError, ProgrammingError) as err:
        return _say(f"Basis data tidak siap: {err}. Jalankan kondusif-office migrate.", REFUSED)
    except KeyboardInterrupt:
        return OK


def _say(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


def _now() -> datetime:
    from kondusif_web.election.clock import now
    from kondusif_web.election.queries import operation_or_none

    return now(operation_or_none())


# ---------------------------------------------------------------- running


def serve(args: argparse.Namespace) -> int:
    """Migrate, load the example when asked for, print its passwords once, serve until Ctrl-C."""
    import socket

    from waitress import create_server

    migrate(args)
    from django.conf import settings

    if args.host not in ("127.0.0.1", "localhost") and settings.ALLOWED_HOSTS == ["localhost", "127.0.0.1"]:
        print("Komputer lain perlu KONDUSIF_HOSTS=nama-atau-alamat kantor ini.", flush=True)
    from kondusif_web.terminal import no_account
    from kondusif_web.wsgi import application

    try:
        server = create_server(
            application, host=args.host, port=args.port, threads=8, ident=None, **_proxy(settings)
        )
    except (OSError, socket.gaierror) as err:
        return _say(f"Port {args.port} tidak dapat dibuka: {err}. Coba --port lain.", REFUSED)
    if args.demo:  # after the port is ours: passwords are shown once
        _demo()
    print(no_account(), end="", flush=True)
    print(f"Kantor terbuka di http://localhost:{server.effective_port}/  (Ctrl-C mengakhiri)", flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    print("Kantor ditutup.", flush=True)
    return OK


def _proxy(settings: Any) -> dict[str, Any]:
    """Behind TLS only: take scheme and sender from the proxy, and from nobody else."""
    if not settings.HTTPS:
        return {}
    headers = {"x-forwarded-proto", "x-forwarded-for"}
    return {"trusted_proxy": settings.PROXY, "trusted_proxy_headers": headers}


def _demo() -> None:
    """Load the example into an empty office. The passwords are made here and shown this once."""
    from kondusif_web.drill.actions import load_sample
    from kondusif_web.election.queries import operation_or_none

    if operation_or_none() is not None:
        print("Kantor sudah berisi; contoh tidak dimuat lagi. Lupa sandi: kondusif-office user reset AKUN")
        return
    print("Memuat contoh Pasrepan (LATIHAN - DATA ILUSTRATIF) ...", flush=True)
    _passwords(load_sample(now=_now()))


def _passwords(given: Any) -> None:
    pairs = dict(given).items()
    width = max((len(name) for name, _ in pairs), default=0)
    print("Akun dan kata sandi; ditampilkan sekali ini saja:")
    for name, password in pairs:
        print(f"  {name:<{width}}  {password}")
    sys.stdout.flush()


def migrate(args: argparse.Namespace) -> int:
    """Bring the database to this version."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return OK


def drill(args: argparse.Namespace) -> int:
    """Move the clock of a drill and play what lies between."""
    from kondusif_web.drill.actions import advance_to
    from kondusif_web.election.queries import current_operation

    operation = current_operation()
    to = _moment(args.to, operation)
    if to is None:
        return _say(f"Bukan waktu: {args.to}. Tulis '2023-10-11 14.05', H+1, atau 'H+1 14.05'.", USAGE)
    advance_to(operation=operation, to=to, by=None, now=_now())
    print(f"Jam latihan: {to:%Y-%m-%d %H.%M} {to.tzname()}")
    return OK


def _moment(text: str, operation: Any) -> datetime | None:
    """A local time as in the files, or a day such as H+1 14.05; without a clock at the hour of the vote."""
    from datetime import timedelta

    from kondusif.files.cells import BadCell, moment
    from kondusif_web.election.facts import election_of

    election = election_of(operation)
    head, _, clock = text.strip().partition(" ")
    try:
        if head.upper().startswith("H"):
            vote = election.vote_at.astimezone(election.zone) + timedelta(days=int(head[1:] or "0"))
            if not clock:
                return vote
            text = f"{vote:%Y-%m-%d} {clock}"
        return moment(text).replace(tzinfo=election.zone)
    except (ValueError, BadCell):
        return None


# ---------------------------------------------------------------- the book


def verify(args: argparse.Namespace) -> int:
    """The report on stdout; exit 1 when anything is found."""
    from kondusif_web.logbook.verify import verify as look
    from kondusif_web.situation.replay import replay

    if args.export:
        args.file = args.export
        export_book(args)
    report = look(args.head, args.access_head, replay)
    print(f"Buku: {report.entries} catatan, ujung {report.head[:16]}")
    print(f"Buku akses: {report.access_entries} catatan, ujung {report.access_head[:16]}")
    print(f"Baris: {report.rows} baris di {report.tables} tabel dibandingkan dengan buku")
    for title, found in (
        ("Buku rusak", report.book),
        ("Buku akses rusak", report.access),
        ("Pemicu penjaga tidak seperti semestinya", report.triggers),
        ("Perpindahan di luar aturan", report.moves),
        ("Baris tidak sesuai buku", report.row_findings),
    ):
        if found:
            print(f"\n{title} ({len(found)}):")
            for one in found:
                print(f"  {one}")
    print("\nDi luar pemeriksaan baris:")
    for table, why in report.outside.items():
        print(f"  {table}: {why}")
    print("\nSemua sesuai buku." if report.ok else "\nADA YANG TIDAK SESUAI BUKU.")
    return OK if report.ok else REFUSED


def export_book(args: argparse.Namespace) -> int:
    """Canonical JSON lines, what ``kondusif logbook verify`` reads."""
    from kondusif_web.logbook.queries import lines

    if args.file is None:
        for line in lines():
            print(line)
        return OK
    with args.file.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{line}\n" for line in lines())
    print(f"{args.file} ditulis")
    return OK


# ---------------------------------------------------------------- backup


def _sqlite_path() -> Path | None:
    from django.db import connection

    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


PG = "Basis data ini PostgreSQL: pakai pg_dump dan pg_restore milik server, lalu kondusif-office verify."


def backup(args: argparse.Namespace) -> int:
    """A consistent copy through SQLite's backup call, readable by its owner only."""
    path = _sqlite_path()
    if path is None:
        return _say(PG, REFUSED)
    if not path.exists() or args.file.exists():
        return _say(f"{args.file} sudah ada, atau {path} belum ada. Tidak ada yang ditulis.", REFUSED)
    os.close(os.open(args.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _copy(path, args.file)
    print(f"Cadangan ditulis ke {args.file}. Simpan juga secret.key, dan ujung buku dari verify di kertas.")
    return OK


def _copy(source: Path, target: Path) -> None:
    import sqlite3
    from contextlib import closing

    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as book,
        closing(sqlite3.connect(target)) as copy,
    ):
        book.backup(copy)


def restore(args: argparse.Namespace) -> int:
    """Put a backup in place after checking that it is whole; the old file is kept beside it."""
    import sqlite3
    from contextlib import closing

    path = _sqlite_path()
    if path is None:
        return _say(PG, REFUSED)
    if not args.file.is_file():
        return _say(f"{args.file} tidak ada.", BAD_FILE)
    try:
        with closing(sqlite3.connect(f"{args.file.resolve().as_uri()}?mode=ro", uri=True)) as source:
            whole = source.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            source.execute("SELECT 1 FROM logbook_entry LIMIT 1")
    except sqlite3.DatabaseError as err:
        return _say(f"{args.file} bukan cadangan kantor: {err}", BAD_FILE)
    if not whole:
        return _say(f"{args.file} rusak. Tidak ada yang diubah.", BAD_FILE)
    if not args.yes and input(f"Ganti {path} dengan {args.file}? Tutup kantor dulu. [ya/TIDAK] ") != "ya":
        return REFUSED
    fresh = path.with_suffix(".restored")
    fresh.unlink(missing_ok=True)
    _copy(args.file, fresh)
    if path.exists():
        with closing(sqlite3.connect(path)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = _free_name(path)
        path.replace(kept)
        print(f"Yang lama disimpan sebagai {kept}")
    for tail in ("-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)
    fresh.replace(path)
    print("Dipulihkan. Langkah berikut: kondusif-office migrate, lalu kondusif-office verify --head UJUNG")
    return OK


def _free_name(path: Path) -> Path:
    n = 1
    while (kept := path.with_name(f"{path.name}.lama-{n}")).exists():
        n += 1
    return kept


# ---------------------------------------------------------------- accounts


def user_add(args: argparse.Namespace) -> int:
    """The first administrator, or anyone; the password is shown once and due for change."""
    from kondusif_web.accounts.actions import create_account, one_time_password
    from kondusif_web.accounts.roles import Role

    if args.role not in set(Role):
        return _say(f"Peran {args.role} tidak dikenal: {', '.join(Role)}", USAGE)
    password = one_time_password()
    create_account(
        username=args.username,
        role=args.role,
        jabatan=args.jabatan,
        prefixes=args.area,
        post=args.post,
        password=password,
        by=None,
        now=_now(),
    )
    _passwords({args.username: password})
    return OK


def user_reset(args: argparse.Namespace) -> int:
    """A new one-time password."""
    from kondusif_web.accounts.actions import reset_password
    from kondusif_web.election.models import Membership

    try:
        password = reset_password(username=args.username, by=None, now=_now())
    except Membership.DoesNotExist:
        return _say(f"Akun {args.username} tidak ada.", REFUSED)
    _passwords({args.username: password})
    return OK


if __name__ == "__main__":
    sys.exit(main())
