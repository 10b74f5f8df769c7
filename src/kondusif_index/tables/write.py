"""Writes tables: CSV with every digit of a double, workbooks in which no text runs, a folder as one."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import RecipeError
from kondusif_index.tables.read import printable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet may run a text that begins so
QUOTED = {",", '"', "\n", "\r"}


def shielded(value: str) -> str:
    """Text that no spreadsheet will run as a formula, without marks that no workbook can hold.

    >>> shielded("=1+1"), shielded("aman")
    ("'=1+1", 'aman')
    """
    value = printable(value)
    return "'" + value if value.startswith(FORMULA_STARTS) else value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]], end: str = "\n") -> str:
    """One CSV; numbers with every digit, moments in ISO 8601, NaN and None as an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(header)
    writer.writerows([_cell(x) for x in row] for row in rows)
    return out.getvalue()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """``csv_text`` as a file in UTF-8."""
    path.write_text(csv_text(header, rows), encoding="utf-8", newline="")


def write_matrix(
    path: Path, header: Sequence[str], units: Sequence[str], values: NDArray[np.float64]
) -> None:
    """What ``write_csv`` writes, of a first column of text and a matrix: several times faster."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(header)
        for unit, row in zip(units, values.tolist(), strict=True):
            name = '"' + unit.replace('"', '""') + '"' if QUOTED & {*unit} else unit
            file.write(f"{name},{','.join(map(repr, row)).replace('nan', '')}\n")


def _cell(x: Any) -> Any:
    if isinstance(x, float | np.floating):
        return "" if np.isnan(x) else repr(float(x))
    if isinstance(x, bool | np.bool_):
        return "1" if x else "0"
    if isinstance(x, date):
        return x.isoformat()
    return "" if x is None else x


LIST = "build.json"  # holds ``files``, what the run wrote


@contextmanager
def write_atomically(
    out: Path, inputs: Iterable[Path] = ()
) -> Iterator[tuple[Path, Callable[[], list[str]]]]:
    """A working folder inside ``out``, and a function that names what is in it by now.

    When the block ends well, what the last run listed in ``build.json`` goes and the new files take its
    place; files that no run wrote stay. When it does not, ``out`` is as it was. Raises ``RecipeError`` where
    one of ``inputs`` would be lost by it.
    """
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".kondusif-", dir=out) as folder:
        work = Path(folder)

        def names() -> list[str]:
            return sorted(p.name for p in work.iterdir())

        yield work, names
        new, old = names(), _listed(out)
        for path in inputs:
            if path.resolve().parent == out.resolve() and path.resolve().name in {*new, *old}:
                raise RecipeError(
                    f"{path.name}: is read by this run and would be written over in {out}; choose another "
                    "folder for --out",
                    file=path.name,
                )
        for name in set(old) - set(new):
            (out / name).unlink(missing_ok=True)
        for name in sorted(new, key=lambda n: n == LIST):  # the list last
            os.replace(work / name, out / name)


def _listed(out: Path) -> list[str]:
    """What the last run says that it wrote here; plain names only."""
    try:
        found = json.loads((out / LIST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [n for n in found if isinstance(n, str) and n == Path(n).name] if isinstance(found, list) else []


Target = Path | str | IO[bytes]
PageLine = tuple[str, Sequence[object]]  # a look, and the cells; "" is a plain line

A4 = 9  # the number that Excel knows the paper by
MENU_LENGTH = 255  # characters that a drop-down of Excel holds in all; a longer list has none
MOMENT = "dd/mm/yyyy hh.mm"
WRAPPED = {"wrap_text": True, "vertical": "top"}
LOOKS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {  # of a line: arguments of openpyxl's styles
    "bold": {"font": {"bold": True}},
    "help": {
        "font": {"italic": True, "color": "43524E"},
        "alignment": WRAPPED,
    },
    "wrapped": {"alignment": WRAPPED},
    "boxed": {"border": {}, "alignment": WRAPPED},
    "boxed head": {"border": {}, "font": {"bold": True}, "fill": {"fgColor": "E4E9E7"}},
}


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet. ``widths`` and ``formats`` are those of columns, ``heights`` of rows by number.

    ``menus``: name and choices of a column by its number, from the row below ``frozen`` to row ``last``.
    ``mark``: the print header; ``footer``: left and right. ``fitted``: as wide as a sheet of paper.
    """

    name: str
    lines: Iterable[PageLine]
    widths: Sequence[float] = ()
    formats: Sequence[str] = ()
    heights: Mapping[int, float] = field(default_factory=dict)
    menus: Mapping[int, tuple[str, Sequence[str]]] = field(default_factory=dict)
    last: int = 0
    frozen: str = ""
    mark: str = ""
    footer: tuple[str, str] = ("", "")
    fitted: bool = True
    repeated: str = ""


def write_pages(target: Target, pages: Iterable[Page]) -> None:
    """The pages as a workbook."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for page in pages:
        sheet = book.create_sheet(page.name)
        _lay_out(sheet, page)
        for line in _cells(sheet, page):
            sheet.append(line)
    book.save(target)


def _lay_out(sheet: Any, page: Page) -> None:
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(page.widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, shape in enumerate(page.formats, 1):
        sheet.column_dimensions[get_column_letter(number)].number_format = shape
    for number, height in page.heights.items():
        sheet.row_dimensions[number].height = height
    sheet.freeze_panes = page.frozen or None
    sheet.print_title_rows = page.repeated or None
    sheet.oddHeader.center.text = page.mark.replace("&", "&&")
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = (part or None for part in page.footer)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    if page.fitted:
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for number, (name, choices) in page.menus.items():
        if len(",".join(choices)) <= MENU_LENGTH:
            _add_menu(sheet, page, number, name, choices)


def _add_menu(sheet: Any, page: Page, number: int, name: str, choices: Sequence[str]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    menu = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    menu.error = f"Pilih salah satu: {', '.join(choices)}"[:220]
    menu.errorTitle = name
    letter = get_column_letter(number)
    menu.add(f"{letter}{page.frozen.lstrip('A')}:{letter}{page.last}")
    sheet.data_validations.append(menu)


def _cells(sheet: Any, page: Page) -> Iterator[list[Any]]:
    """Cells of every line, dressed in its look; below the frozen rows each has the format of its column."""
    from openpyxl.cell import WriteOnlyCell

    looks = {name: _styles(look) for name, look in LOOKS.items()}
    worn: dict[tuple[str, str, type], Any] = {}  # each look found in the workbook's styles once, then copied
    for look, values in page.lines:
        plain = [_workbook_cell(value) for value in values]
        if not look:
            yield plain
            continue
        cells = [WriteOnlyCell(sheet, value=value) for value in plain]
        for number, cell in enumerate(cells):
            shape = page.formats[number] if look == "formatted" else _own_format(cell.value)
            kind = look, shape, type(cell.value)
            if kind in worn:
                cell._style = copy(worn[kind])
            else:
                worn[kind] = _dress(cell, looks.get(look, {}), shape)
        yield cells


def _own_format(value: object) -> str:
    return MOMENT if isinstance(value, datetime) else ""


def _dress(cell: Any, look: Mapping[str, Any], shape: str) -> Any:
    """The number of the style that the cell now wears."""
    for name, style in look.items():
        setattr(cell, name, style)
    if shape:
        cell.number_format = shape
    return cell._style


def _styles(look: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    thin = Side(style="thin", color="8A9692")
    made = {
        "font": Font,
        "alignment": Alignment,
        "fill": lambda **more: PatternFill("solid", **more),
        "border": lambda: Border(left=thin, right=thin, top=thin, bottom=thin),
    }
    return {name: made[name](**arguments) for name, arguments in look.items()}


def _workbook_cell(value: object) -> object:
    """Numbers and dates as such, without the zone that no workbook holds; anything else as shielded text."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if value is None or isinstance(value, int | float | date):
        return value
    return shielded(str(value))
