"""Opens XLSX and CSV as plain tables, under limits: a hostile file is a problem, not an outage.

A file that people send is read under limits, and what begins with ``#`` in it is a note: a row by its first
cell, a sheet by its name (or ``_``). Row numbers are those that people see in the file.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from math import floor
from numbers import Integral, Real
from pathlib import Path

from kondusif_index.errors import N_, ImportRefused, Problem
from kondusif_index.tables.faults import CellFault, judged
from kondusif_index.tables.kinds import ZIP, binary_kind, text_kind
from kondusif_index.tables.tags import BROKEN
from kondusif_index.tables.xlsx import BadWorkbook, XlsxSheet, XlsxWorkbook, letters

MAX_BYTES = 20_000_000  # of a file as it arrives
MAX_UNPACKED = 200_000_000  # of a workbook when unpacked
MAX_ROWS = 200_000  # per sheet; a regency of 400 villages brings 144,000 answers (domain 8)
MAX_COLUMNS = 200
MAX_CELL = 5_000  # characters
MAX_SHEETS = 60
SAVE_AS = N_("buku kerja .xlsx tanpa kata sandi, atau CSV: buka, lalu Simpan Sebagai")
ACCEPT = ".xlsx,.xlsm,.csv,.tsv,.txt"  # what a field for files offers first
WORKBOOKS = (".xlsx", ".xlsm")

MARKS = ",;\t|"

Lines = Iterable[tuple[int, Sequence[object]]]

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile(  # marks that take no room: joiners, directions, soft hyphens, byte order
    "[\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")  # that look like one and are not
_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")
_PART_OF_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


class TableRemark(UserWarning):
    """What was read though people may not have seen it; the command line prints it."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one sheet or file as found: ``(row number, cells)``; the header is among them."""

    file: str
    name: str
    rows: tuple[tuple[int, tuple[object, ...]], ...]
    remarks: tuple[Problem, ...] = ()  # what was read though people may not have seen it


def text_of(raw: object) -> str:
    """A cell as text; nothing, NaN and NaT are blank, and a whole number has no decimals."""
    if raw is None or raw != raw:
        return ""
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, Real | Decimal) and not isinstance(raw, Integral) and raw == raw // 1:
        raw = floor(raw)
    return str(raw).strip()


def show(raw: object) -> str:
    """A cell as it is quoted in a problem: short, one line.

    >>> show("a" * 99)[-4:], show(3.0), show(None)
    ('aaa…', '3', 'kosong')
    """
    if raw is None or raw == "":
        return "kosong"
    if isinstance(raw, datetime):
        return f"tanggal {raw:%Y-%m-%d %H:%M}"
    try:
        said = text_of(raw)
    except RecursionError:  # lists within lists, from a hostile file
        said = type(raw).__name__
    line = " ".join(_UNPRINTABLE.sub("�", said).split())
    return line if len(line) <= 60 else line[:59] + "…"


def printable(text: str) -> str:
    """Text without the control marks that no workbook can hold."""
    return _UNPRINTABLE.sub("", text)


def visible(text: str) -> str:
    """Text as people see it: without invisible marks, every kind of space a plain one.

    >>> visible("99.01\\u200b.01.2001\\xa0")
    '99.01.01.2001 '
    """
    return text if text.isascii() and text.isprintable() else _SPACES.sub(" ", _INVISIBLE.sub("", text))


def refused(
    file: str, expected: str, found: str = "", *, sheet: str = "", row: int | None = None
) -> ImportRefused:
    """One problem of a whole file, sheet or row."""
    return ImportRefused([Problem(file, sheet, row, "", found or N_("berkas ini"), expected)])


def point_out(remarks: Iterable[Problem]) -> None:
    """Warns of each, for whoever reads a file without a page to confirm it on."""
    for remark in remarks:
        warnings.warn(str(remark), TableRemark, stacklevel=3)


# ---------------------------------------------------------------- sources


def open_tables(source: Path | str | bytes, name: str = "", *, limited: bool = True) -> tuple[Table, ...]:
    """Every sheet in an .xlsx, a folder of .csv (and its direct subfolders) or one .csv.

    Not ``limited``: of any size, and ``#`` begins a code like any other. Raises :class:`ImportRefused` when
    the source cannot be opened at all.
    """
    source = Path(source) if isinstance(source, str) else source
    if isinstance(source, Path) and source.is_dir():
        return _folder(source)
    name = name or (source.name if isinstance(source, Path) else "berkas")
    raw = _bytes(source, name, limited)
    if kind := binary_kind(raw):
        raise refused(name, SAVE_AS, kind)
    if raw.startswith(ZIP):
        return tuple(_workbook(raw, name, limited))
    body = _text(raw, name)
    if kind := text_kind(body):
        raise refused(name, SAVE_AS, kind)
    lines = _csv_lines(body, name)
    return (_table(name, visible(Path(name).stem), lines, limited, plain=_is_plain(body)),)


def _is_plain(body: str) -> bool:
    """Whether no cell can hold a fault or an invisible mark, so that none of them needs to be looked at."""
    return body.isascii() and not any(mark in body for mark in ("#", "Err:", "err:", "Loading", "\x7f"))


def _text(raw: bytes, name: str) -> str:
    """The text of a file. Raises ``ImportRefused`` for what is none, and by the row for a broken letter."""
    workbook = name.casefold().endswith(WORKBOOKS)
    try:
        body = decoded(raw)
    except UnicodeError as error:
        row = raw.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise refused(
            name, N_("teks UTF-8: Simpan Sebagai, CSV UTF-8"), N_("huruf rusak"), row=row
        ) from error
    if odd := _UNPRINTABLE.search(body):
        row = len(body[: odd.start()].splitlines()) or 1
        raise refused(
            name,
            N_("berkas .xlsx yang utuh") if workbook else N_("berkas teks .csv"),
            N_("tanda kendali U+{:04X}").format(ord(odd[0])),
            row=row,
        )
    return body


def _bytes(source: Path | bytes, name: str, limited: bool) -> bytes:
    try:
        size = source.stat().st_size if isinstance(source, Path) else len(source)
        if limited and size > MAX_BYTES:
            raise refused(name, N_("berkas paling besar {} MB").format(MAX_BYTES // 1_000_000))
        raw = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        expected = N_("berkas yang ada dan boleh dibaca")
        raise refused(name, expected, N_("berkas yang tidak dapat dibuka")) from error
    if not raw.strip():
        raise refused(name, N_("berkas yang berisi"), N_("kosong"))
    return raw


def _folder(folder: Path) -> tuple[Table, ...]:
    files = (p for p in [*folder.glob("*.*"), *folder.glob("*/*.*")] if p.is_file())
    paths = sorted(p for p in files if p.suffix.lower() == ".csv")
    if not paths:
        raise refused(folder.name, N_("folder berisi desa.csv, tps.csv, ..."), N_("folder tanpa berkas .csv"))
    if len(paths) > MAX_SHEETS:
        expected = N_("paling banyak {} berkas .csv").format(MAX_SHEETS)
        raise refused(folder.name, expected, N_("{} berkas").format(len(paths)))
    problems: list[Problem] = []
    tables: list[Table] = []
    for path in paths:
        try:
            tables += open_tables(path, str(path.relative_to(folder)))
        except ImportRefused as bad:
            problems += bad.problems
    if problems:
        raise ImportRefused(problems)
    return tuple(tables)


def _table(
    file: str, name: str, lines: Lines, limited: bool, sheet: str = "", *, plain: bool = False
) -> Table:
    """Rows that are neither blank nor a note; ``limited``: without trailing blanks. No fault is a note."""
    rows: list[tuple[int, tuple[object, ...]]] = []
    for number, found in lines:
        cells = found if plain else [_cell(cell) for cell in found]
        last = len(cells)
        while last and (cells[last - 1] is None or str(cells[last - 1]).strip() == ""):
            last -= 1
        if not last or (limited and _is_note(cells)):
            continue
        if limited:
            cells = cells[:last]
            if len(rows) >= MAX_ROWS:
                raise refused(file, N_("paling banyak {} baris").format(MAX_ROWS), sheet=sheet)
            if too_much := _too_much(cells):
                raise refused(file, too_much, sheet=sheet, row=number)
        rows.append((number, tuple(cells)))
    return Table(file, name, tuple(rows))


def _cell(raw: object) -> object:
    return judged(visible(raw)) if isinstance(raw, str) and not isinstance(raw, CellFault) else raw


def _is_note(cells: Sequence[object]) -> bool:
    return str(cells[0] or "").startswith("#") and not any(isinstance(cell, CellFault) for cell in cells)


def _too_much(cells: Sequence[object]) -> str:
    if len(cells) > MAX_COLUMNS:
        return N_("paling banyak {} kolom").format(MAX_COLUMNS)
    if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in cells):
        return N_("sel paling panjang {} huruf").format(MAX_CELL)
    return ""


# ---------------------------------------------------------------- CSV


def decoded(raw: bytes) -> str:
    """UTF-8 or UTF-16, with or without a mark, else Windows-1252 as old Excel writes it.

    Raises ``UnicodeError`` for bytes that are none of these, and for UTF-8 that is broken somewhere.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16")
    if wide := _unmarked_utf16(raw[:400]):
        return raw.decode(wide)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        if _PART_OF_UTF8.search(raw):
            raise
        return raw.decode("cp1252")


def _unmarked_utf16(head: bytes) -> str:
    """The kind of UTF-16 in which every other byte of a plain text is zero; "" for anything else."""
    half = len(head) // 2
    if head[1::2].count(0) * 2 > half and not head[::2].count(0):
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) * 2 > half and not head[1::2].count(0) else ""


def _csv_lines(body: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins; Excel's own line ``sep=;`` is none."""
    told = re.match(r'"?sep=([,;\t|])"?\r?\n', body, re.IGNORECASE)
    mark = told[1] if told else _delimiter(body)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=mark, strict=True)
    line = 1
    try:
        for cells in reader:
            if line > 1 or not told:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        expected = N_('setiap tanda " ada penutupnya, dan di dalam sel ditulis ""')
        raise refused(file, expected, 'tanda "', row=line) from error


def _delimiter(body: str) -> str:
    """What parts the heading row into most cells: comma, semicolon, tab or bar.

    The heading row is the first that is no note and whose row below has cells too: a title has none.
    """
    lines = (line for line in io.StringIO(body[:100_000], newline=None) if line.strip(' \t\r\n,;|"'))
    first = [line for line in lines if not line.lstrip('"').startswith("#")][:11]
    for line, below in zip_longest(first, first[1:]):
        mark = max(MARKS, key=lambda mark: _width(line, mark))
        if _width(line, mark) > 1 and (below is None or _width(below, mark) > 1):
            return mark
    return max(MARKS, key=lambda mark: _width(first[0], mark)) if first else MARKS[0]


def _width(line: str, mark: str) -> int:
    return len(next(csv.reader([line], delimiter=mark), []))


# ---------------------------------------------------------------- XLSX


def _workbook(raw: bytes, file: str, limited: bool) -> Iterator[Table]:
    if bomb := _bomb(raw):
        raise refused(file, bomb)
    try:
        sheets = XlsxWorkbook(raw).sheets
    except BadWorkbook as bad:
        raise refused(file, bad.expected) from bad
    except BROKEN as error:
        raise refused(file, N_("berkas .xlsx yang utuh")) from error
    if len(sheets) > MAX_SHEETS:
        raise refused(file, N_("paling banyak {} lembar").format(MAX_SHEETS))
    for sheet in sheets:
        name = visible(sheet.name)
        if not name.startswith(("#", "_")):
            table = _table(file, name, _sheet_lines(sheet, file), limited, show(name))
            yield replace(table, remarks=tuple(_remarks(table, sheet))) if table.rows else table


def _bomb(raw: bytes) -> str:
    """What a workbook must not be, before anything is unpacked: sizes are summed, entities looked for."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if any(p.flag_bits & 1 for p in parts):
                return N_("berkas tanpa kata sandi")
            if len(parts) > 2_000 or sum(p.file_size for p in parts) > MAX_UNPACKED:
                return N_("isi paling besar {} MB setelah dibuka").format(MAX_UNPACKED // 1_000_000)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        head = stream.read(4_096)
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        return N_("berkas .xlsx tanpa deklarasi entitas")
    except BROKEN:
        return N_("berkas .xlsx yang utuh")
    return ""


def _sheet_lines(sheet: XlsxSheet, file: str) -> Iterator[tuple[int, tuple[object, ...]]]:
    try:
        yield from sheet.rows()
    except BROKEN as error:
        raise refused(file, N_("lembar yang utuh"), sheet=show(sheet.name), row=sheet.row or None) from error


def _remarks(table: Table, sheet: XlsxSheet) -> Iterator[Problem]:
    """What is read though people may not have seen it."""
    shown = N_("tampil semua; yang tersembunyi ikut dibaca")
    if sheet.hidden:
        yield Problem(table.file, show(table.name), None, "", N_("lembar tersembunyi"), shown)
    read = {number for number, _ in table.rows}
    if rows := [row for row in sheet.hidden_rows if row in read]:
        found = N_("{} baris tersaring") if sheet.filtered else N_("{} baris tersembunyi")
        yield Problem(table.file, show(table.name), rows[0], "", found.format(len(rows)), shown)
    if columns := sorted(sheet.hidden_columns):
        found = N_("{} kolom tersembunyi").format(len(columns))
        yield Problem(table.file, show(table.name), None, letters(columns[0]), found, shown)
    yield from _merged(table, sheet)


def _merged(table: Table, sheet: XlsxSheet) -> Iterator[Problem]:
    """Cells made one over several rows, of which only the first holds what people see beside them all."""
    ranges = [part for ref in sheet.merged if (part := _RANGE.fullmatch(ref))]
    long = sorted((int(at[2]), at[1]) for at in ranges if int(at[4]) > int(at[2]))
    read = {number for number, cells in table.rows[1:]}
    if lost := [(row, column) for row, column in long if row in read]:
        found = N_("{} gabungan sel dari beberapa baris").format(len(lost))
        expected = N_("satu sel tiap baris; yang digabung hanya terisi di baris pertamanya")
        yield Problem(table.file, show(table.name), lost[0][0], lost[0][1], found, expected)
