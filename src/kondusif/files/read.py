"""Reads an operation file whole or not at all: every problem at once, nothing half-imported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kondusif.errors import ImportRefused, Problem
from kondusif.files.cells import DATE
from kondusif.files.checks import across
from kondusif.files.moments import located
from kondusif.files.operation import OperationFile
from kondusif.files.rows import TypedRow, columns_of_head, fault_problem, heading, meant, typed
from kondusif.files.sheets import BY_NAME, FileSheet
from kondusif.instrument.indicator import Indicator
from kondusif.places import desa_of, within
from kondusif.stages import ZONES, local_day
from kondusif.words import N_
from kondusif_index.tables.faults import faults_of
from kondusif_index.tables.read import Table, open_tables, point_out, show, text_of
from kondusif_index.tables.xlsx import letters

MAX_PROBLEMS = 500  # a file with more is the wrong file; the last line says how many were left out
HEADER_WITHIN = 10  # rows in which a header is looked for


@dataclass(frozen=True, slots=True)
class NumberedFile:
    """A checked file and where each row was: ``at[sheet][i]`` is file and row of ``file.rows[sheet][i]``.

    ``remarks``: what to look at before anybody confirms, such as hidden rows.
    """

    file: OperationFile
    at: Mapping[str, tuple[tuple[str, int], ...]]
    remarks: tuple[Problem, ...] = ()

    def problem(self, sheet: str, index: int, column: str, found: object, expected: str) -> Problem:
        """Something wrong with the row ``index`` of a sheet that only what is known already can show."""
        file, number = self.at[sheet][index]
        return Problem(file, sheet, number, column, show(found), expected)


def read_workbook(source: Path | str | bytes, name: str = "") -> OperationFile:
    """The operation in a whole file, by itself; :func:`read_numbered` reads a part beside what is known."""
    found = read_numbered(source, name)
    point_out(found.remarks)
    return found.file


def read_numbered(
    source: Path | str | bytes,
    name: str = "",
    *,
    known: OperationFile | None = None,
    now: datetime | None = None,
    items: Mapping[str, Indicator] | None = None,
) -> NumberedFile:
    """The operation in an .xlsx, a folder of CSV, or one CSV named after its sheet; the row of each value.

    ``known`` is what the office holds already: a partial file may point at its desa, TPS and people.
    ``now`` makes any observation dated later a problem. ``items`` are the indicators of the instrument in
    force, the catalogue where none are given. Raises :class:`ImportRefused` with every problem.
    """
    tables = open_tables(source, name)
    problems: list[Problem] = []
    remarks = [remark for table in tables for remark in table.remarks]
    found: dict[str, list[TypedRow]] = {}
    for table in tables:
        sheet = _sheet(table, problems, single=len(tables) == 1)
        if sheet is not None:
            rows = _rows(table, sheet, problems)
            found.setdefault(sheet.name, []).extend(rows)
            remarks += [*_untitled(table), *_undotted(table, rows)]
    remarks += _beyond(found, known)
    if not found and not problems:
        problems.append(
            Problem(tables[0].file, "", None, "", N_("tidak satu pun lembar berisi"), _names(BY_NAME))
        )
    zone = _zone(found.get("operasi", ()), known)
    for sheet_rows in found.values():
        for row in sheet_rows:
            _locate(row, zone)
    problems += across(found, known, zone, now, items)
    if problems:
        raise ImportRefused(_cut(sorted(problems, key=_where)))
    return NumberedFile(
        OperationFile.of({sheet: tuple(r.values for r in rows) for sheet, rows in found.items()}),
        {sheet: tuple((r.file, r.number) for r in rows) for sheet, rows in found.items()},
        tuple(remarks),
    )


def _undotted(table: Table, rows: Iterable[TypedRow]) -> Iterator[Problem]:
    """Codes of villages in ten digits: one in four codes of BPS reads as a code of Kemendagri."""
    cells = dict(table.rows)
    codes = ((row.number, row.values.get("kode")) for row in rows if row.sheet.name == "desa")
    bare = [n for n, code in codes if code and code.replace(".", "") in map(text_of, cells[n])]
    if bare:
        found = N_("{} kode sepuluh angka tanpa titik").format(len(bare))
        yield Problem(
            table.file,
            "desa",
            bare[0],
            "kode",
            found,
            N_("kode Kemendagri; cocokkan, kode BPS dapat tampak sama"),
        )


def _beyond(found: Mapping[str, list[TypedRow]], known: OperationFile | None) -> Iterator[Problem]:
    """Areas in which no village of the operation lies: a slip there takes out what a list was to hold."""
    villages = {row.values.get("kode", "") for row in found.get("desa", ())}
    villages |= {d.kode for d in known.desa} if known else set()
    for sheet, column in (("kekuatan", "bukan_di"), ("orang", "wilayah"), ("pertemuan", "desa")):
        for row in found.get(sheet, ()):
            for kode in row.values.get(column) or ():
                if not any(within(village, [desa_of(kode)]) for village in villages):
                    yield row.problem(column, kode, N_("wilayah yang memuat desa operasi ini; cocokkan"))


def operation_code(source: Path | str | bytes) -> str:
    """The code of the operation that a file names, "" where it has none; nothing else of it is checked.

    Raises :class:`ImportRefused` for what is no file at all.
    """
    for table in open_tables(source, ""):
        if _sheet_name(table) == "operasi":
            for row in _rows(table, BY_NAME["operasi"], []):
                return str(row.values.get("kode", ""))
    return ""


def _where(problem: Problem) -> tuple[str, int, int]:
    """File, sheet and row: the order in which a person mends them. Problems of a whole sheet come first."""
    sheets = [*BY_NAME]
    at = sheets.index(problem.sheet) if problem.sheet in BY_NAME else -1
    return problem.file, at, problem.row or 0


def _cut(problems: list[Problem]) -> list[Problem]:
    rest = len(problems) - MAX_PROBLEMS
    if rest <= 0:
        return problems
    file = problems[0].file
    more = Problem(
        file, "", None, "", N_("{} masalah lain").format(rest), N_("diperbaiki dahulu yang di atas")
    )
    return [*problems[:MAX_PROBLEMS], more]


def _locate(row: TypedRow, zone: ZoneInfo) -> None:
    """Moments of a row on the operation's clock; where a day is asked, the day there."""
    for column, value in row.values.items():
        if isinstance(value, datetime):
            kind = row.sheet.column(column)
            on_day = kind is not None and kind.type is DATE
            row.values[column] = local_day(value, zone) if on_day else located(value, zone)


def _zone(operasi: Iterable[TypedRow], known: OperationFile | None) -> ZoneInfo:
    for row in operasi:
        if row.values.get("zona_waktu") in ZONES:
            return ZoneInfo(ZONES[row.values["zona_waktu"]])
    if known and known.operasi:
        return ZoneInfo(ZONES[known.operasi["zona_waktu"]])
    return ZoneInfo(ZONES["WIB"])


# ---------------------------------------------------------------- sheets and headers


def _names(names: Iterable[str]) -> str:
    return "salah satu lembar: " + ", ".join(names)


def _sheet(table: Table, problems: list[Problem], *, single: bool) -> FileSheet | None:
    name = _sheet_name(table)
    if name is None and single and table.rows:
        name = _by_header(table)
    if name is None and table.rows:
        problems.append(
            Problem(
                table.file,
                table.name,
                None,
                "",
                f"lembar {show(table.name)}",
                _names(BY_NAME) + meant(table.name, BY_NAME) + " (lembar berawalan # diabaikan)",
            )
        )
    return BY_NAME[name] if name else None


def _sheet_name(table: Table) -> str | None:
    """The sheet a table is meant to be, by its name without case and spaces; None when unknown."""
    name = table.name.strip().casefold().replace(" ", "_")
    return name if name in BY_NAME else None


def _by_header(table: Table) -> str | None:
    """The sheet that owns the header of a lone table under another name, when only one fits best."""
    heads = {heading(cell) for cell in table.rows[0][1]}
    fits = sorted(
        ((len(heads & {c.name for c in s.columns}), s.name) for s in BY_NAME.values()), reverse=True
    )
    return fits[0][1] if fits[0][0] >= 3 and fits[0][0] > fits[1][0] else None


def _header(table: Table, sheet: FileSheet) -> int | None:
    """Index of the header row: the first that names at least half of the columns that must be there."""
    names = {c.name for c in sheet.columns}
    must = {c.name for c in sheet.columns if c.required}
    for index, (_, cells) in enumerate(table.rows[:HEADER_WITHIN]):
        heads = {heading(c) for c in cells}
        if len(heads & must) * 2 >= len(must) or (len(heads & names) >= 2 and index == 0):
            return index
    return None


def _rows(table: Table, sheet: FileSheet, problems: list[Problem]) -> list[TypedRow]:
    if not table.rows:
        return []
    start = _header(table, sheet)
    if start is None:
        number, cells = table.rows[0]
        heads = ", ".join(c.name for c in sheet.columns if c.required)
        found = ", ".join(show(c) for c in cells[:6])
        problems.append(Problem(table.file, sheet.name, number, "", found, f"baris judul kolom: {heads}"))
        return []
    number, cells = table.rows[start]
    above = faults_of(table.rows[: start + 1])
    problems += [fault_problem(table, sheet, [], row, at, fault) for row, at, fault in above]
    columns = columns_of_head(table, sheet, number, cells, problems)
    absent = frozenset(c.name for c in sheet.columns if c.required and c not in columns)
    body = table.rows[start + 1 :]
    return [typed(table, sheet, columns, absent, n, c, problems) for n, c in body]


def _untitled(table: Table) -> Iterator[Problem]:
    """What stands under no title is not read, which is told before anybody confirms."""
    sheet = BY_NAME.get(_sheet_name(table) or "")
    start = _header(table, sheet) if sheet else None
    if start is None:
        return
    blank = [at for at, head in enumerate(table.rows[start][1]) if not heading(head)]
    body = [cells for _, cells in table.rows[start + 1 :]]
    lost = [at for at in blank if any(at < len(cells) and text_of(cells[at]) for cells in body)]
    if lost:
        found = N_("{} kolom tanpa judul").format(len(lost))
        yield Problem(
            table.file, table.name, None, letters(lost[0]), found, N_("judul; tanpa itu tidak dibaca")
        )
