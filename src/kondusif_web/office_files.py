"""The commands of ``kondusif-office`` that read and write files: import, boundaries, export."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from typing import Any

from django.core.management import call_command

from kondusif.cli.terminal import BAD_FILE, OK, REFUSED
from kondusif.errors import ExtraMissing, ImportRefused, Problem
from kondusif.files.formats import FORMATS, export_bytes
from kondusif.files.read import operation_code, read_numbered
from kondusif_web.accounts import access
from kondusif_web.drill.actions import load_file
from kondusif_web.election.growth import import_boundaries
from kondusif_web.election.models import Operation
from kondusif_web.intake.actions import apply_preview, look_at_boundaries
from kondusif_web.intake.preview import preview_file
from kondusif_web.intake.tables import measure_export
from kondusif_web.intake.wording import SHEETS
from kondusif_web.terminal import NoOperation, at, named, passwords, say


def import_file(args: argparse.Namespace) -> int:
    """One file, whole or not at all: it begins the operation that it names, or grows it when it is there."""
    call_command("migrate", verbosity=0, interactive=False)
    operation = _grown_by(args)
    if operation is not None:
        return _grow(args, operation)
    coming = read_numbered(args.file)
    file = coming.file
    _point_out(coming.remarks)
    if args.check:
        print(
            f"{args.file}: {len(file.desa)} desa, {len(file.tps)} TPS dapat diimpor. Belum ada yang diubah."
        )
        return OK
    given = load_file(file=file, now=at())
    print(f"{args.file}: {len(file.desa)} desa, {len(file.tps)} TPS diimpor.")
    if given:
        passwords(given)
    return OK


def _grown_by(args: argparse.Namespace) -> Operation | None:
    """The operation that a file grows; None where it begins one. Raises NameOne, UnknownOperation."""
    if args.operation is None and (kode := operation_code(args.file)):
        return Operation.objects.filter(kode=kode).first()
    try:
        return named(args.operation)
    except NoOperation:
        return None


def _point_out(remarks: Iterable[Problem]) -> None:
    for remark in remarks:
        print(f"Perhatikan: {remark}", file=sys.stderr)


def _grow(args: argparse.Namespace, operation: Operation) -> int:
    now = at(operation)
    preview = preview_file(args.file, args.file.name, operation=operation, by=None, now=now)
    if preview.problems:
        raise ImportRefused(preview.problems)
    _point_out(preview.remarks)
    for sheet, n in preview.counts.items():
        print(f"{SHEETS[sheet]!s:<14} baru {n['new']}, berubah {n['changed']}, sama {n['same']}")
    if args.check:
        print("Belum ada yang diubah.")
    elif preview.empty:
        print("Semua isi berkas ini sudah ada.")
    else:
        apply_preview(operation=operation, preview=preview, by=None, now=now)
        print(f"{args.file} diterapkan dalam operasi {operation.kode}.")
    return OK


def boundaries(args: argparse.Namespace) -> int:
    """Official boundaries, whole or not at all; what has no partner is told on both sides."""
    operation = named(args.operation)
    try:
        raw = args.file.read_bytes()
    except OSError as error:
        return say(f"{args.file} tidak dapat dibuka: {error.strerror}", BAD_FILE)
    found = look_at_boundaries(
        raw,
        args.file.name,
        operation=operation,
        by=None,
        code_property=args.code_property,
    )
    print(f"{len(found.outlines)} desa mendapat batas, kode dari sifat {found.property}.")
    for title, kodes in (
        ("Desa operasi yang tidak ada di berkas", found.without),
        ("Kode di berkas yang bukan desa operasi ini, dilewati", found.unknown),
    ):
        if kodes:
            print(f"{title}: {', '.join(kodes)}")
    if not found.checked:
        print("Persilangan dan tumpang tindih tidak diperiksa: pasang kondusif[gis].", file=sys.stderr)
    for kode, what, detail in found.remarks:
        print(f"Periksa {kode}: {what} {detail}", file=sys.stderr)
    if args.check:
        print("Belum ada yang diubah.")
        return OK
    import_boundaries(operation=operation, found=found, source=args.source, by=None, now=at(operation))
    print(f"{args.file} diterapkan.")
    return OK


def export(args: argparse.Namespace) -> int:
    """Everything measured, of all areas; the access log says that it left by the command line."""
    operation = named(args.operation)
    made: Any = measure_export(operation, None, at(operation))
    if FORMATS[args.format].maps and not made.mapped:
        return say("Belum ada desa atau TPS dengan titik atau batas.", REFUSED)
    try:
        raw = export_bytes(made, args.format)
    except ExtraMissing as missing:
        return say(str(missing), REFUSED)
    try:
        with os.fdopen(os.open(args.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(raw)
    except FileExistsError:
        return say(f"{args.out} sudah ada. Tidak ada yang ditulis.", REFUSED)
    access.write("read", by="kondusif-office", operation=operation.kode, what="measure.export")
    print(f"{args.out} ditulis" + (f", bertanda {made.mark}." if made.mark else "."))
    return OK
