"""The commands of ``kondusif-office`` that look at the book, and keep and bring back the database."""

from __future__ import annotations

import argparse
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from django.db import connection, connections

from kondusif.cli.terminal import BAD_FILE, OK, REFUSED, USAGE
from kondusif_web.logbook.extract import keep_only
from kondusif_web.logbook.queries import lines
from kondusif_web.logbook.verify import ChainReport, Verification
from kondusif_web.logbook.verify import verify as look
from kondusif_web.situation.replay import check_moves
from kondusif_web.terminal import NoOperation, named, say


def verify(args: argparse.Namespace) -> int:
    """Every chain and the office, or one operation; a block each on stdout; exit 1 when anything is found."""
    only = named(args.operation).kode if args.operation is not None else None
    heads = _heads(args.head, args.operation) | ({"": args.office_head} if args.office_head else {})
    if only is not None and (others := sorted(set(heads) - {only})):
        return say(f"Ujung {', '.join(k or 'kantor' for k in others)}: bukan rantai {only}.", USAGE)
    if args.export:
        _write_book(args.export, _only_chain(args.operation))
    report = check_moves(look(only, heads=heads, access_head=args.access_head))
    for chain in report.books:
        name = f"Operasi {chain.operation}" if chain.operation else "Kantor"
        _block(f"Buku {name}", chain)
    _block("Buku akses", report.access)
    _rows(report)
    print("\nSemua sesuai buku." if report.ok else "\nADA YANG TIDAK SESUAI BUKU.")
    return OK if report.ok else REFUSED


def _heads(given: Iterable[str], operation: str | None) -> dict[str, str]:
    """``KODE=HASH``, or a hash alone for the operation that is named or the only one there is."""
    out = {}
    for one in given:
        kode, equals, hash_ = one.partition("=")
        if equals:
            out[kode] = hash_
        else:
            out[_only_chain(operation)] = one
    return out


def _only_chain(operation: str | None) -> str:
    """The chain that a command means without naming one: of the only operation, before any the office's."""
    try:
        return named(operation).kode
    except NoOperation:
        return ""


def _block(title: str, chain: ChainReport) -> None:
    print(f"{title}: {chain.entries} catatan, ujung {chain.head[:16]}")
    _list("Buku rusak", chain.found)
    _list("Perpindahan di luar aturan", chain.moves)


def _rows(report: Verification) -> None:
    print(f"Baris: {report.rows} baris di {report.tables} tabel dibandingkan dengan buku")
    _list("Pemicu penjaga tidak seperti semestinya", report.triggers)
    _list("Baris tidak sesuai buku", report.row_findings)
    print("\nDi luar pemeriksaan baris:")
    for table, why in report.outside.items():
        print(f"  {table}: {why}")


def _list(title: str, found: Iterable[object]) -> None:
    found = list(found)
    if found:
        print(f"  {title} ({len(found)}):")
    for one in found:
        print(f"    {one}")


def export_book(args: argparse.Namespace) -> int:
    """One chain as canonical JSON lines, what ``kondusif logbook verify`` reads."""
    if args.office and args.operation is not None:
        return say("Pilih satu: --office atau --operation.", USAGE)
    chain = "" if args.office else named(args.operation).kode
    if args.file is None:
        for line in lines(chain):
            print(line)
        return OK
    _write_book(args.file, chain)
    print(f"{args.file} ditulis")
    return OK


def _write_book(file: Path, chain: str) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{line}\n" for line in lines(chain))


# ---------------------------------------------------------------- backup


PG = (
    "Basis data ini PostgreSQL: pakai pg_dump --exclude-table-data=django_session "
    "--exclude-table-data=accounts_guess dan pg_restore milik server, lalu kondusif-office verify."
)
STAYS = ("django_session", "accounts_guess")  # who is signed in, and wrong passwords: in no copy


def _sqlite_path() -> Path | None:
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


def backup(args: argparse.Namespace) -> int:
    """A consistent copy through SQLite's backup call, readable by its owner only.

    No copy holds who is signed in or counts of wrong passwords. With an operation it holds no row, line or
    file of the others, and still all of the office: every account with the hash of its password, the whole
    access log (one chain, which tells what was read in which operation), and the office's chain, which names
    every operation there was. ``verify`` of such a copy therefore names the others as missing, and
    ``verify --operation`` looks at the one that is there.
    """
    path = _sqlite_path()
    if path is None:
        return say(PG, REFUSED)
    operation = None if args.operation is None else named(args.operation)
    if not path.exists() or args.file.exists():
        return say(f"{args.file} sudah ada, atau {path} belum ada. Tidak ada yang ditulis.", REFUSED)
    os.close(os.open(args.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _copy(path, args.file)
        if operation is not None:
            _keep_only(args.file, operation.kode)
    except BaseException:
        _remove(args.file)  # a copy that holds more than it was asked for stays nowhere
        raise
    held = f" berisi kantor dan operasi {operation.kode}" if operation else ""
    print(f"Cadangan{held} ditulis ke {args.file}.")
    if operation is not None:
        print("Di dalamnya tetap ada semua akun dengan hash sandinya, seluruh buku akses, dan buku kantor.")
    print("Simpan juga secret.key, dan kode pemeriksa terakhir dari verify di kertas.")
    return OK


def _copy(source: Path, target: Path) -> None:
    """Everything but the rows of STAYS, of which the copy keeps no trace: there everybody signs in anew."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as book,
        closing(sqlite3.connect(target)) as copy,
    ):
        book.backup(copy)
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in there.intersection(STAYS):
            copy.execute(f"DELETE FROM {table}")  # noqa: S608  names of our own
        copy.commit()
        copy.execute("VACUUM")


def _keep_only(file: Path, kode: str) -> None:

    connections.databases["copy"] = connections.databases["default"] | {"NAME": str(file)}
    try:
        keep_only(kode, using="copy")
        with connections["copy"].cursor() as cursor:
            cursor.execute("VACUUM")
    finally:
        connections["copy"].close()
        del connections["copy"], connections.databases["copy"]


def _remove(file: Path) -> None:
    for tail in ("", "-wal", "-shm", "-journal"):
        Path(f"{file}{tail}").unlink(missing_ok=True)


def restore(args: argparse.Namespace) -> int:
    """Put a backup in place after checking that it is whole; the old file is kept beside it."""
    path = _sqlite_path()
    if path is None:
        return say(PG, REFUSED)
    if not args.file.is_file():
        return say(f"{args.file} tidak ada.", BAD_FILE)
    try:
        with closing(sqlite3.connect(f"{args.file.resolve().as_uri()}?mode=ro", uri=True)) as source:
            whole = source.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            source.execute("SELECT 1 FROM logbook_entry LIMIT 1")
    except sqlite3.DatabaseError as err:
        return say(f"{args.file} bukan cadangan kantor: {err}", BAD_FILE)
    if not whole:
        return say(f"{args.file} rusak. Tidak ada yang diubah.", BAD_FILE)
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
