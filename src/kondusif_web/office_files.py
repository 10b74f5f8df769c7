"""The commands of ``kondusif-office`` that read and write files: import, boundaries, export."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any


def import_file(args: argparse.Namespace) -> int:
    """One file, whole or not at all: it begins an empty office, and grows one that has its operation."""
    from kondusif.files import read_workbook
    from kondusif_web import office
    from kondusif_web.drill.actions import load_file
    from kondusif_web.election.queries import operation_or_none

    office.migrate(args)
    if operation_or_none() is not None:
        return _grow(args)
    file = read_workbook(args.file)
    if args.check:
        print(
            f"{args.file}: {len(file.desa)} desa, {len(file.tps)} TPS dapat diimpor. Belum ada yang diubah."
        )
        return office.OK
    given = load_file(file=file, now=office._now())
    print(f"{args.file}: {len(file.desa)} desa, {len(file.tps)} TPS diimpor.")
    if given:
        office._passwords(given)
    return office.OK


def _grow(args: argparse.Namespace) -> int:
    from kondusif.errors import ImportRefused
    from kondusif_web import office
    from kondusif_web.election.queries import current_operation
    from kondusif_web.intake.actions import apply_plan
    from kondusif_web.intake.plans import plan_file
    from kondusif_web.intake.wording import SHEETS

    operation, now = current_operation(), office._now()
    plan = plan_file(args.file, args.file.name, operation=operation, by=None, now=now)
    if plan.problems:
        raise ImportRefused(plan.problems)
    for sheet, n in plan.counts.items():
        print(f"{SHEETS[sheet]!s:<14} baru {n['new']}, berubah {n['changed']}, sama {n['same']}")
    if args.check:
        print("Belum ada yang diubah.")
    elif plan.empty:
        print("Semua isi berkas ini sudah ada.")
    else:
        apply_plan(operation=operation, plan=plan, by=None, now=now)
        print(f"{args.file} diterapkan.")
    return office.OK


def boundaries(args: argparse.Namespace) -> int:
    """Official boundaries, whole or not at all; what has no partner is told on both sides."""
    from kondusif_web import office
    from kondusif_web.election.growth import import_boundaries
    from kondusif_web.election.queries import current_operation
    from kondusif_web.intake.actions import look_at_boundaries

    operation = current_operation()
    try:
        raw = args.file.read_bytes()
    except OSError as error:
        return office._say(f"{args.file} tidak dapat dibuka: {error.strerror}", office.BAD_FILE)
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
        return office.OK
    import_boundaries(operation=operation, found=found, source=args.source, by=None, now=office._now())
    print(f"{args.file} diterapkan.")
    return office.OK


def export(args: argparse.Namespace) -> int:
    """Everything measured, of all areas; the access log says that it left by the command line."""
    from kondusif.errors import ExtraMissing
    from kondusif.files.export import export_bytes
    from kondusif_web import office
    from kondusif_web.accounts import access
    from kondusif_web.election.queries import current_operation
    from kondusif_web.intake.tables import measure_export

    made: Any = measure_export(current_operation(), None, office._now())
    if args.format == "gpkg" and not made.mapped:
        return office._say("Belum ada desa atau TPS dengan titik atau batas.", office.REFUSED)
    try:
        raw = export_bytes(made, args.format)
    except ExtraMissing as missing:
        return office._say(str(missing), office.REFUSED)
    try:
        with os.fdopen(os.open(args.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(raw)
    except FileExistsError:
        return office._say(f"{args.out} sudah ada. Tidak ada yang ditulis.", office.REFUSED)
    access.write("read", by="kondusif-office", what="measure.export")
    print(f"{args.out} ditulis" + (f", bertanda {made.mark}." if made.mark else "."))
    return office.OK
