"""Opens XLSX and CSV as plain tables, under limits: a hostile file is a problem, not an outage.

A file that people send is read under limits, and what begins with ``#`` in it is a note: a row by its first
cell, a sheet by its name (or ``_``). Row numbers are those that people see in the file.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kondusif_index.errors import N_, ImportRefused, Problem

MAX_BYTES = 20_000_000  # of a file as it arrives
MAX_UNPACKED = 200_000_000  # of a workbook when unpacked
MAX_ROWS = 200_000  # per sheet; a regency of 400 villages brings 144,000 answers (domain 8)
MAX_COLUMNS = 200
MAX_CELL = 5_000  # characters
MAX_SHEETS = 60
MAX_BLANK_RUN = 5_000  # a formatted but empty tail ends the sheet
WORKBOOKS = (".xlsx", ".xlsm")

Lines = Iterable[tuple[int, Sequence[object]]]

_ERROR = re.compile(r"#(N/A|[A-Z0/_]+[!?])")  # what a failed formula leaves; never a note
_FORMULA = re.compile(rb"<f[ >/]")  # in a sheet; results are cached beside formulas, if they were calculated
PLAIN_FILL = b"<fill><patternFill/></fill>"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one sheet or file as found: ``(row number, cells)``; the header is among them."""

    file: str
    name: str
    rows: tuple[tuple[int, tuple[object, ...]], ...]


def text_of(raw: object) -> str:
    """A cell as text; nothing, NaN and NaT are blank, and a whole number has no decimals."""
    if raw is None or raw != raw:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
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


def is_error(raw: object) -> bool:
    """Whether a cell holds what a failed formula leaves, such as ``#N/A``."""
    return isinstance(raw, str) and bool(_ERROR.fullmatch(raw.strip()))


def printable(text: str) -> str:
    """Text without the control marks that no workbook can hold."""
    return _UNPRINTABLE.sub("", text)


def refused(
    file: str, expected: str, found: str = "", *, sheet: str = "", row: int | None = None
) -> ImportRefused:
    """One problem of a whole file, sheet or row."""
    return ImportRefused([Problem(file, sheet, row, "", found or N_("berkas ini"), expected)])


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
    if raw[:4] == b"PK\x03\x04":
        if not (tables := tuple(_workbook(raw, name, limited))):
            raise refused(name, N_("lembar berisi; bila ada, simpan ulang sebagai .xlsx biasa, bukan Strict"))
        return tables
    if raw[:4] == b"\xd0\xcf\x11\xe0":
        expected = N_("berkas .xlsx atau .csv (ini .xls lama atau terkunci kata sandi; simpan ulang)")
        raise refused(name, expected)
    if name.casefold().endswith(WORKBOOKS):
        raise refused(name, N_("berkas .xlsx yang utuh"))
    body = decoded(raw)
    if "\x00" in body:
        raise refused(name, N_("berkas teks .csv"))
    return (_table(name, Path(name).stem, _csv_lines(body, name), limited),)


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
        raise refused(name, N_("berkas yang berisi"))
    return raw


def _folder(folder: Path) -> tuple[Table, ...]:
    paths = sorted(p for p in [*folder.glob("*.csv"), *folder.glob("*/*.csv")] if p.is_file())
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


def _table(file: str, name: str, lines: Lines, limited: bool, sheet: str = "") -> Table:
    """Rows that are neither blank nor a note; ``limited``: without trailing blanks."""
    rows: list[tuple[int, tuple[object, ...]]] = []
    for number, cells in lines:
        last = len(cells)
        while last and (cells[last - 1] is None or str(cells[last - 1]).strip() == ""):
            last -= 1
        if not last or (limited and str(cells[0] or "").startswith("#") and not is_error(cells[0])):
            continue
        if limited:
            cells = cells[:last]
            if len(rows) >= MAX_ROWS:
                raise refused(file, N_("paling banyak {} baris").format(MAX_ROWS), sheet=sheet)
            if too_much := _too_much(cells):
                raise refused(file, too_much, sheet=sheet, row=number)
        rows.append((number, tuple(cells)))
    return Table(file, name, tuple(rows))


def _too_much(cells: Sequence[object]) -> str:
    if len(cells) > MAX_COLUMNS:
        return N_("paling banyak {} kolom").format(MAX_COLUMNS)
    if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in cells):
        return N_("sel paling panjang {} huruf").format(MAX_CELL)
    return ""


# ---------------------------------------------------------------- CSV


def decoded(raw: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else Windows-1252 as old Excel writes it."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _csv_lines(body: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=_delimiter(body), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        expected = N_('setiap tanda " ada penutupnya, dan di dalam sel ditulis ""')
        raise refused(file, expected, 'tanda "', row=line) from error


def _delimiter(body: str) -> str:
    """What parts the first line that is not a note into most cells: comma, semicolon, tab or bar."""
    lines = (line for line in body.splitlines() if line.strip() and not line.lstrip('"').startswith("#"))
    header = next(lines, "")
    return max(",;\t|", key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))


# ---------------------------------------------------------------- XLSX


def _workbook(raw: bytes, file: str, limited: bool) -> Iterator[Table]:
    if bomb := _bomb(raw):
        raise refused(file, bomb)
    try:
        book = _loaded(raw)
        formulas = _loaded(raw, data_only=False) if _has_formulas(raw) else None
    except Exception as error:  # openpyxl raises anything on a broken part
        raise refused(file, N_("berkas .xlsx yang utuh")) from error
    if len(book.sheetnames) > MAX_SHEETS:
        raise refused(file, N_("paling banyak {} lembar").format(MAX_SHEETS))
    for sheet in book.worksheets:
        if not sheet.title.startswith(("#", "_")):
            same = formulas[sheet.title] if formulas else None
            yield _table(file, sheet.title, _sheet_lines(sheet, same, file), limited, show(sheet.title))


def _loaded(raw: bytes, *, data_only: bool = True) -> Any:
    """A workbook to read row by row, undressed where its styles trip the reader."""
    from openpyxl import load_workbook

    try:
        return load_workbook(io.BytesIO(raw), read_only=True, data_only=data_only, keep_links=False)
    except (TypeError, ValueError):
        plain = io.BytesIO(_undressed(raw))
        return load_workbook(plain, read_only=True, data_only=data_only, keep_links=False)


def _undressed(raw: bytes) -> bytes:
    """The workbook without fonts and fills, some of which openpyxl refuses: no value depends on them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(out, "w") as plain:
        for part in archive.infolist():
            content = archive.read(part)
            if part.filename == "xl/styles.xml":
                content = re.sub(rb"<font>.*?</font>", b"<font/>", content, flags=re.DOTALL)
                content = re.sub(rb"<fill>.*?</fill>|<fill ?/>", PLAIN_FILL, content, flags=re.DOTALL)
            plain.writestr(part.filename, content)
    return out.getvalue()


def _has_formulas(raw: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(archive.read(name)) for name in sheets)


def _bomb(raw: bytes) -> str:
    """What a workbook must not be, before anything is unpacked: sizes are summed, entities looked for."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if any(p.flag_bits & 1 for p in parts):
                return N_("berkas tanpa kata sandi")
            if len(parts) > 2_000 or sum(p.file_size for p in parts) > MAX_UNPACKED:
                return N_("isi paling besar {} MB setelah dibuka").format(MAX_UNPACKED // 1_000_000)
            if "[Content_Types].xml" not in archive.namelist():
                return N_("berkas .xlsx (ini arsip lain)")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        head = stream.read(4_096)
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        return N_("berkas .xlsx tanpa deklarasi entitas")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        return N_("berkas .xlsx yang utuh")
    return ""


def _sheet_lines(sheet: Any, formulas: Any, file: str) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Rows of a sheet; a formula that was never calculated stands as its text, which begins with ``=``."""
    sheet.reset_dimensions()  # the file's own claim may be wrong or hostile
    blank = 0
    try:
        rows = sheet.iter_rows(values_only=True)
        if formulas is not None:
            formulas.reset_dimensions()
            rows = map(_uncalculated, rows, formulas.iter_rows(values_only=True))
        for number, cells in enumerate(rows, 1):
            yield number, cells
            blank = 0 if any(cell is not None for cell in cells) else blank + 1
            if blank > MAX_BLANK_RUN:
                return
    except Exception as error:
        raise refused(file, N_("lembar yang utuh"), sheet=show(sheet.title)) from error


def _uncalculated(values: Sequence[object], formulas: Sequence[object]) -> tuple[object, ...]:
    """Values of a row; where there is none, the formula that should have given it."""
    return tuple(formula if value is None else value for value, formula in zip(values, formulas, strict=True))
