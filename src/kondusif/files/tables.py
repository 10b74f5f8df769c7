"""Opens XLSX and CSV as plain tables, under limits: a hostile file is a problem, not an outage.

A row whose first cell begins with ``#`` is a note and is skipped; so is a sheet whose name begins with
``#`` or ``_``. Row numbers are those that the planner sees in the file.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kondusif.errors import ImportRefused, Problem
from kondusif.files.cells import show
from kondusif.files.sheets import BY_NAME
from kondusif.words import N_

MAX_BYTES = 20_000_000  # of a file as it arrives
MAX_UNPACKED = 200_000_000  # of a workbook when unpacked
MAX_ROWS = 200_000  # per sheet; a regency of 400 villages brings 144,000 answers (domain 8)
MAX_COLUMNS = 200
MAX_CELL = 5_000  # characters
MAX_SHEETS = 60
MAX_BLANK_RUN = 5_000  # a formatted but empty tail ends the sheet


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one sheet as found: ``(row number, cells)``; the header is among them."""

    file: str
    name: str
    rows: tuple[tuple[int, tuple[object, ...]], ...]


class _TooMuch(Exception):
    """A limit is passed; the message says which."""


def open_tables(source: Path | bytes, name: str = "") -> tuple[Table, ...]:
    """Every sheet in an .xlsx, a folder of .csv (and its direct subfolders) or one .csv.

    Raises :class:`ImportRefused` when the source cannot be opened at all.
    """
    if isinstance(source, Path) and source.is_dir():
        return _folder(source)
    name = name or (source.name if isinstance(source, Path) else "berkas")
    try:
        raw = _bytes(source)
        if raw[:4] == b"PK\x03\x04":
            return tuple(_workbook(raw, name))
        if raw[:4] == b"\xd0\xcf\x11\xe0":
            raise _TooMuch(
                N_("berkas .xlsx atau .csv (ini .xls lama atau terkunci kata sandi; simpan ulang)")
            )
        if name.casefold().endswith((".xlsx", ".xlsm")):
            raise _TooMuch(N_("berkas .xlsx yang utuh"))
        return (_csv(raw, name, Path(name).stem),)
    except _TooMuch as limit:
        raise refused(name, "", str(limit)) from limit
    except OSError as error:
        raise refused(
            name, N_("berkas yang tidak dapat dibuka"), N_("berkas yang ada dan boleh dibaca")
        ) from error


def refused(file: str, found: str, expected: str) -> ImportRefused:
    return ImportRefused([Problem(file, "", None, "", found or N_("berkas ini"), expected)])


def _bytes(source: Path | bytes) -> bytes:
    if isinstance(source, Path):
        if source.stat().st_size > MAX_BYTES:
            raise _TooMuch(N_("berkas paling besar {} MB").format(MAX_BYTES // 1_000_000))
        source = source.read_bytes()
    if len(source) > MAX_BYTES:
        raise _TooMuch(N_("berkas paling besar {} MB").format(MAX_BYTES // 1_000_000))
    if not source.strip():
        raise _TooMuch(N_("berkas yang berisi"))
    return source


def _folder(folder: Path) -> tuple[Table, ...]:
    paths = sorted(p for p in [*folder.glob("*.csv"), *folder.glob("*/*.csv")] if p.is_file())
    if not paths:
        raise refused(folder.name, N_("folder tanpa berkas .csv"), N_("folder berisi desa.csv, tps.csv, ..."))
    if len(paths) > MAX_SHEETS:
        raise refused(
            folder.name,
            N_("{} berkas").format(len(paths)),
            N_("paling banyak {} berkas .csv").format(MAX_SHEETS),
        )
    problems: list[Problem] = []
    tables: list[Table] = []
    for path in paths:
        try:
            found = open_tables(path, str(path.relative_to(folder)))
            tables += [Table(t.file, path.stem, t.rows) for t in found]
        except ImportRefused as bad:
            problems += bad.problems
    if problems:
        raise ImportRefused(problems)
    return tuple(tables)


# ---------------------------------------------------------------- CSV


def decoded(raw: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else Windows-1252 as old Excel writes it."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _csv(raw: bytes, file: str, name: str) -> Table:
    body = decoded(raw)
    if "\x00" in body:
        raise _TooMuch(N_("berkas teks .csv"))
    rows: list[tuple[int, tuple[object, ...]]] = []
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=_delimiter(body), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(len(c) > MAX_CELL for c in cells):
                raise _TooMuch(N_("sel paling panjang {} huruf (baris {})").format(MAX_CELL, line))
            _keep(rows, line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise _TooMuch(
            N_("baris CSV yang utuh (baris {}: tanda kutip tidak ditutup?)").format(line)
        ) from error
    return Table(file, name, tuple(rows))


def _delimiter(body: str) -> str:
    """The commonest of semicolon, comma and tab in the first line that is not a note."""
    lines = (line for line in body.splitlines() if line.strip() and not line.lstrip('"').startswith("#"))
    header = next(lines, "")
    return max(";,\t", key=header.count)


def _keep(rows: list[tuple[int, tuple[object, ...]]], number: int, cells: tuple[object, ...]) -> None:
    """Adds a row unless it is blank or a note; trailing blanks are dropped."""
    last = len(cells)
    while last and (cells[last - 1] is None or str(cells[last - 1]).strip() == ""):
        last -= 1
    if not last or str(cells[0] or "").startswith("#"):
        return
    if last > MAX_COLUMNS:
        raise _TooMuch(N_("paling banyak {} kolom (baris {})").format(MAX_COLUMNS, number))
    if len(rows) >= MAX_ROWS:
        raise _TooMuch(N_("paling banyak {} baris").format(MAX_ROWS))
    rows.append((number, cells[:last]))


# ---------------------------------------------------------------- XLSX


def _workbook(raw: bytes, file: str) -> Iterator[Table]:
    from openpyxl import load_workbook

    _look_inside(raw)
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises anything on a broken part
        raise _TooMuch(N_("berkas .xlsx yang utuh")) from error
    if len(book.sheetnames) > MAX_SHEETS:
        raise _TooMuch(N_("paling banyak {} lembar").format(MAX_SHEETS))
    for sheet in book.worksheets:
        if not sheet.title.startswith(("#", "_")):
            try:
                yield Table(file, sheet.title, _sheet_rows(sheet))
            except _TooMuch as limit:
                raise _TooMuch(f"lembar {show(sheet.title)}: {limit}") from limit
            except Exception as error:
                raise _TooMuch(f"lembar {show(sheet.title)} yang utuh") from error


def _look_inside(raw: bytes) -> None:
    """Refuses bombs before anything is unpacked: sizes are summed, declarations of entities found."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if any(p.flag_bits & 1 for p in parts):
                raise _TooMuch(N_("berkas tanpa kata sandi"))
            if len(parts) > 2_000 or sum(p.file_size for p in parts) > MAX_UNPACKED:
                raise _TooMuch(N_("isi paling besar {} MB setelah dibuka").format(MAX_UNPACKED // 1_000_000))
            if "[Content_Types].xml" not in archive.namelist():
                raise _TooMuch(N_("berkas .xlsx (ini arsip lain)"))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        head = stream.read(4_096)
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        raise _TooMuch(N_("berkas .xlsx tanpa deklarasi entitas"))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise _TooMuch(N_("berkas .xlsx yang utuh")) from error


def _sheet_rows(sheet: object) -> tuple[tuple[int, tuple[object, ...]], ...]:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # the file's own claim may be wrong or hostile
    rows: list[tuple[int, tuple[object, ...]]] = []
    last = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):  # type: ignore[attr-defined]
        if any(isinstance(c, str) and len(c) > MAX_CELL for c in cells):
            raise _TooMuch(N_("sel paling panjang {} huruf (baris {})").format(MAX_CELL, number))
        before = len(rows)
        _keep(rows, number, tuple(cells))
        last = number if len(rows) > before else last
        if number - last > MAX_BLANK_RUN:
            break
    return tuple(rows)


def sheet_for(table: Table) -> str | None:
    """The sheet a table is meant to be, by its name without case and spaces; None when unknown."""
    name = table.name.strip().casefold().replace(" ", "_")
    return name if name in BY_NAME else None
