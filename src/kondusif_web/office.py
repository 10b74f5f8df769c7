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

from kondusif.cli.terminal import Parser
from kondusif.files.formats import FORMATS
from kondusif.lifecycle import Phase
from kondusif_web.office_book import backup, export_book, restore, verify
from kondusif_web.office_files import boundaries, export, import_file
from kondusif_web.office_people import operation_list, operation_move, user_add, user_member, user_reset
from kondusif_web.terminal import BAD_FILE, OK, REFUSED, USAGE, at, named, passwords, say, takes_operation


def parser() -> argparse.ArgumentParser:
    """Every command with its options; docs/reference/commands.md is written from it."""
    top = Parser(prog="kondusif-office", description="Menjalankan kantor Kondusif.")
    sub = top.add_subparsers(dest="command", required=True, metavar="PERINTAH")
    _running(sub)
    _files(sub)
    _book(sub)
    _people(sub)
    return top


def _add(
    sub: Any, name: str, run: Callable[[argparse.Namespace], int], help_: str, *, operation: bool = False
) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = sub.add_parser(name, help=help_, description=help_)
    one.set_defaults(run=run)
    if operation:
        takes_operation(one)
    return one


def _running(sub: Any) -> None:
    one = _add(sub, "serve", serve, "jalankan kantor di komputer ini; Ctrl-C mengakhiri")
    one.add_argument(
        "--demo", action="store_true", help="muat contoh latihan bila kantor belum punya operasi"
    )
    one.add_argument("--host", default="127.0.0.1", help="alamat yang didengar (bawaan %(default)s)")
    one.add_argument("--port", type=int, default=8000, help="bawaan %(default)s")
    _add(sub, "migrate", migrate, "siapkan atau perbarui basis data")
    told = "majukan jam latihan, misalnya '2023-10-11 14.05', H+1 atau 'H+1 14.05'"
    one = _add(sub, "drill", drill, told, operation=True)
    one.add_argument("to")


def _files(sub: Any) -> None:
    told = "impor berkas operasi (XLSX, folder CSV); memulai operasi yang belum ada, menambah yang sudah"
    one = _add(sub, "import", import_file, told, operation=True)
    one.add_argument("file", type=Path)
    one.add_argument("--check", action="store_true", help="hanya tunjukkan akibatnya, tanpa menerapkan")
    one = _add(sub, "boundaries", boundaries, "impor batas desa (GeoJSON, WGS 84)", operation=True)
    one.add_argument("file", type=Path)
    one.add_argument("--source", required=True, help="lembaga, judul, dan tahun; tertulis di bawah peta")
    one.add_argument(
        "--code-property", default="", help="sifat yang memuat kode desa; bawaan: dicari sendiri"
    )
    one.add_argument("--check", action="store_true", help="hanya tunjukkan akibatnya, tanpa menerapkan")
    one = _add(sub, "export", export, "ekspor jawaban, nilai, kelas, dan peta", operation=True)
    one.add_argument("--format", choices=tuple(FORMATS), default="xlsx", help="bawaan %(default)s")
    one.add_argument("--out", type=Path, required=True, metavar="BERKAS")


def _book(sub: Any) -> None:
    one = _add(sub, "verify", verify, "periksa buku, setiap baris, dan setiap perpindahan")
    one.add_argument(
        "--operation", metavar="KODE", help="hanya operasi ini; bawaan: semua operasi dan kantor"
    )
    one.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="[KODE=]UJUNG",
        help="ujung buku dari kertas atau halaman publik; boleh berulang",
    )
    one.add_argument("--office-head", metavar="UJUNG", help="ujung buku kantor")
    one.add_argument("--access-head", metavar="UJUNG", help="ujung buku akses")
    one.add_argument("--export", type=Path, metavar="BUKU.jsonl", help="simpan buku operasi yang diperiksa")
    one = _add(sub, "export-book", export_book, "tulis buku satu operasi sebagai JSONL", operation=True)
    one.add_argument("--office", action="store_true", help="buku kantor: akun dan instrumen")
    one.add_argument("file", type=Path, nargs="?", help="bawaan: keluaran layar")
    told = "simpan cadangan basis data selagi kantor berjalan, tanpa sesi masuk dan hitungan sandi salah"
    one = _add(sub, "backup", backup, told)
    told = (
        "hanya operasi ini, dan kantor: semua akun dengan hash sandinya, seluruh buku akses, buku kantor; "
        "bawaan: semuanya"
    )
    one.add_argument("--operation", metavar="KODE", help=told)
    one.add_argument("file", type=Path)
    one = _add(sub, "restore", restore, "pulihkan cadangan; yang lama disimpan di sampingnya")
    one.add_argument("file", type=Path)
    one.add_argument("--yes", action="store_true", help="tanpa bertanya")


def _people(sub: Any) -> None:
    user = sub.add_parser("user", help="akun: add, member, reset")
    actions = user.add_subparsers(dest="action", required=True, metavar="add|member|reset")
    one = _add(actions, "add", user_add, "buat akun; dengan --operation sekaligus tempatnya di sana")
    one.add_argument("--operation", metavar="KODE", help="operasi tempat peran, wilayah, dan pos berlaku")
    one.add_argument(
        "--role", default="", help="tanpa --operation peran di kantor: admin, auditor, planner; atau kosong"
    )
    _place(one)
    one = _add(actions, "member", user_member, "beri akun yang ada tempat dalam operasi", operation=True)
    one.add_argument("--role", required=True, help="planner, kapolsek, kapolres, petugas, ...")
    _place(one)
    one = _add(actions, "reset", user_reset, "beri kata sandi sekali pakai")
    one.add_argument("username")
    operation = sub.add_parser("operation", help="operasi: list, run, close, reopen, archive")
    verbs = operation.add_subparsers(dest="action", required=True, metavar="list|run|close|reopen|archive")
    _add(verbs, "list", operation_list, "semua operasi kantor ini dengan keadaannya")
    for verb, to, told in (
        ("run", Phase.RUNNING, "jalankan operasi"),
        ("close", Phase.CLOSED, "tutup operasi; semua desa yang memilih sudah ditutup"),
        ("reopen", Phase.RUNNING, "buka lagi operasi yang ditutup"),
        ("archive", Phase.ARCHIVED, "arsipkan: sesudahnya hanya dibaca dan diperiksa"),
    ):
        one = _add(verbs, verb, operation_move, told)
        one.add_argument("kode", metavar="KODE")
        one.add_argument("--reason", required=True, help="alasan, tertulis di buku")
        one.set_defaults(to=to)


def _place(one: argparse.ArgumentParser) -> None:
    one.add_argument("username")
    one.add_argument("--jabatan", default="")
    one.add_argument("--area", action="append", default=[], help="kode wilayah; boleh berulang")
    one.add_argument("--post", default="")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    from django.core.exceptions import ImproperlyConfigured, ValidationError
    from django.db import OperationalError, ProgrammingError

    from kondusif.errors import ImportRefused, KondusifError
    from kondusif_web.terminal import NameOne, absent, which, why

    args = parser().parse_args(argv)
    os.umask(0o077)  # database, book and backups are their owner's alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kondusif_web.settings")
    try:
        import django

        django.setup()
        return int(args.run(args))
    except ImproperlyConfigured as err:
        return say(f"Pengaturan salah: {err}", REFUSED)
    except ImportRefused as err:
        say(f"Tidak ada yang diimpor. {len(err.problems)} masalah:", BAD_FILE)
        return say("\n".join(f"  {p}" for p in err.problems), BAD_FILE)
    except ValidationError as err:
        return say("\n".join(err.messages), USAGE)
    except KondusifError as err:
        return say(f"Ditolak: {why(err)}", REFUSED)
    except NameOne as err:
        return say(which(err), USAGE)
    except LookupError as err:
        return say(absent(err), REFUSED)
    except (OperationalError, ProgrammingError) as err:
        return say(f"Basis data tidak siap: {err}. Jalankan kondusif-office migrate.", REFUSED)
    except KeyboardInterrupt:
        return OK


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
        return say(f"Port {args.port} tidak dapat dibuka: {err}. Coba --port lain.", REFUSED)
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
    """Load the example into an office without operations. The passwords are made here and shown this once."""
    from kondusif_web.drill.actions import load_sample
    from kondusif_web.election.models import Operation

    if Operation.objects.exists():
        print("Kantor sudah berisi; contoh tidak dimuat lagi. Lupa sandi: kondusif-office user reset AKUN")
        return
    print("Memuat contoh Pasrepan (LATIHAN - DATA ILUSTRATIF) ...", flush=True)
    passwords(load_sample(now=at()))


def migrate(args: argparse.Namespace) -> int:
    """Bring the database to this version."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return OK


def drill(args: argparse.Namespace) -> int:
    """Move the clock of a drill and play what lies between."""
    from kondusif_web.drill.actions import play_until

    operation = named(args.operation)
    to = _moment(args.to, operation)
    if to is None:
        return say(f"Bukan waktu: {args.to}. Tulis '2023-10-11 14.05', H+1, atau 'H+1 14.05'.", USAGE)
    play_until(operation=operation, until=to, by=None)
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


if __name__ == "__main__":
    sys.exit(main())
