"""Writes workbooks row by row, as they come: no text in them runs as a formula (RULES 24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from kondusif_index.tables.write import shielded

Target = Path | str | IO[bytes]
PageLine = tuple[str, Sequence[object]]  # a look, and the cells; "" is a plain line

A4 = 9  # the number that Excel knows the paper by
MENU_LENGTH = 255  # characters that a drop-down of Excel holds in all; a longer list has none
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
    for look, values in page.lines:
        plain = [_cell(value) for value in values]
        if not look:
            yield plain
            continue
        cells = [WriteOnlyCell(sheet, value=value) for value in plain]
        for number, cell in enumerate(cells):
            for name, style in looks.get(look, {}).items():
                setattr(cell, name, style)
            if look == "formatted":
                cell.number_format = page.formats[number]
            elif isinstance(cell.value, datetime):
                cell.number_format = "dd/mm/yyyy hh.mm"
        yield cells


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


def _cell(value: object) -> object:
    """Numbers and dates as such, without the zone that no workbook holds; anything else as shielded text."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if value is None or isinstance(value, int | float | date):
        return value
    return shielded(str(value))
