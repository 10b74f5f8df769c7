"""Writes workbooks: the template, a filled operation file, the plotting list.

Every text cell is shielded from running as a formula. Every sheet made from illustrative data says so on
its first row and in its print header (RULES 24).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from kondusif.files import cells
from kondusif.files.cells import CellType
from kondusif.files.operation import OperationFile, Row
from kondusif.files.sheets import SHEETS, Column, Sheet
from kondusif.instrument.indicator import TPS, Indicator
from kondusif.instrument.published import default_recipe
from kondusif_index.tables.write import shielded

Target = Path | str | IO[bytes]

WHEN = "dd/mm/yyyy hh.mm"
ALWAYS_FRESH = 999  # days: facts of the past that do not age
EMPTY_ROWS = 1_000  # rows of the template that carry formats and drop-downs
FORMATS: Mapping[str, str] = {
    cells.DATE.name: "yyyy-mm-dd",
    cells.MOMENT.name: "yyyy-mm-dd hh:mm",
    cells.WHOLE.name: "0",
    cells.COORDINATE.name: "0.000000",
    cells.VALUE.name: "General",
}
GUIDE = (
    "# Cara mengisi",
    "1. Isi lembar yang diperlukan saja; lembar kosong diabaikan.",
    "2. Jangan mengubah judul kolom. Baris yang sel pertamanya diawali # diabaikan.",
    "3. Kolom bertanda * wajib diisi.",
    "4. Yang belum diketahui dikosongkan atau ditulis tidak tahu. Kosong tidak pernah berarti nol.",
    "5. Jangan menulis nama orang, agama, suku, pendapat, pilihan, atau perolehan suara.",
    "6. Kode desa memakai kode Kemendagri seperti 35.14.05.2001, bukan kode BPS.",
    "7. Tanggal: 2023-10-08 atau 08/10/2023. Waktu: 2023-10-10 07.00, waktu setempat. Angka: 12,5 atau 12.5.",
    "8. Arti kode butir, satuannya, dan tahapnya ada di lembar #Butir. Daftar dipisah titik koma.",
    "9. Bila ada satu saja masalah, tidak ada yang diimpor; semua masalah ditunjukkan sekaligus.",
)


def write_template(target: Target, items: Mapping[str, Indicator] | None = None) -> None:
    """An empty workbook with guidance, formats and drop-downs; ``items``: indicators it asks for."""
    _write(target, {}, mark="", items=items)


def write_workbook(target: Target, file: OperationFile) -> None:
    """An operation file as a workbook; reading it back gives the same rows."""
    _write(target, file.rows, mark=file.mark)


def _write(
    target: Target,
    rows: Mapping[str, Sequence[Row]],
    mark: str,
    items: Mapping[str, Indicator] | None = None,
) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    guide = book.active
    guide.title = "#Petunjuk"
    for line in (*((f"# {mark}",) if mark else ()), *GUIDE):
        guide.append([line])
    guide.column_dimensions["A"].width = 100
    guide["A1"].font = Font(bold=True)
    _questions(book.create_sheet("#Butir"), mark, items or default_recipe().by_id)
    for sheet in SHEETS:
        page = book.create_sheet(sheet.name)
        page.append([f"# {sheet.title}" + (f" - {mark}" if mark else "")])
        page.append([("# " if i == 0 else "") + _help(c) for i, c in enumerate(sheet.columns)])
        page.append([c.name + (" *" if c.required else "") for c in sheet.columns])
        for cell in page[2]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(italic=True, color="43524E")
        for cell in (page["A1"], *page[3]):
            cell.font = Font(bold=True)
        for row in rows.get(sheet.name, ()):
            page.append([_cell(c.type, row.get(c.name)) for c in sheet.columns])
        _dress(page, sheet, filled=len(rows.get(sheet.name, ())))
        _print_header(page, mark)
    book.save(target)


def _questions(page: Any, mark: str, items: Mapping[str, Indicator]) -> None:
    """What the codes of the answers ask, in which unit, how often: the sheet to keep open while filling."""
    from openpyxl.styles import Alignment, Font

    page.append(["# Butir yang ditanyakan di lembar jawaban" + (f" - {mark}" if mark else "")])
    page.append(
        [
            "butir",
            "yang ditanyakan",
            "nilai",
            "tempat",
            "sejak tahap",
            "segar (hari)",
            "tidak berlaku",
            "sumber",
        ]
    )
    for item in items.values():
        if item.from_plan:
            row: list[object] = [item.id, item.name_id, "dihitung dari rencana, tidak diisi"]
        else:
            fresh = "seterusnya" if item.fresh_days >= ALWAYS_FRESH else item.fresh_days
            may = "boleh" if item.may_not_apply else ""
            place = "desa atau TPS" if item.level == TPS else "desa"
            stage = item.first_stage.replace("_", " ")
            row = [item.id, item.name_id, _value(item), place, stage, fresh, may, item.source]
        page.append([shielded(c) if isinstance(c, str) else c for c in row])
    for companion in (c for item in items.values() for c in item.companions):
        page.append([companion.id, companion.name_id, "ya / tidak / tidak tahu", "desa"])
    for column, width in zip("ABCDEFGH", (14, 62, 26, 14, 14, 12, 14, 48), strict=True):
        page.column_dimensions[column].width = width
    for cell in (page["A1"], *page[2]):
        cell.font = Font(bold=True)
    for line in page.iter_rows(min_row=3):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "B3"
    _print_header(page, mark)


def _value(item: Indicator) -> str:
    if item.type == "boolean":
        return "ya / tidak"
    if item.type == "likert":
        return f"{item.lo:g} sampai {item.hi:g}"
    return f"{'bilangan bulat' if item.whole else 'angka'}, {item.unit}"


def _help(column: Column) -> str:
    kind = "" if column.choices else f" ({column.type.name})"
    return ("wajib: " if column.required else "") + column.help + kind


def _cell(kind: CellType, value: object) -> object:
    """A value as its cell: numbers and dates as such, everything else as shielded text."""
    if value is None:
        return None
    value = kind.written(value)
    return shielded(value) if isinstance(value, str) else value


def _dress(page: Any, sheet: Sheet, filled: int) -> None:
    """Formats, drop-downs and widths. Text columns stay text, so that no code becomes a number or date."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    last = 3 + (filled or (1 if sheet.single else EMPTY_ROWS))
    page.freeze_panes = "A4"
    page.row_dimensions[2].height = 90
    for index, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(index)
        page.column_dimensions[letter].width = max(16, min(40, len(column.name) + 4))
        shape = FORMATS.get(column.type.name, "@")
        page.column_dimensions[letter].number_format = shape
        for number in range(4, min(last, 3 + max(filled, 50)) + 1):
            page.cell(number, index).number_format = shape
        if options := _options(column):
            menu = DataValidation(type="list", formula1=f'"{",".join(options)}"', allow_blank=True)
            menu.error = f"Pilih salah satu: {', '.join(options)}"[:220]
            menu.errorTitle = column.name
            page.add_data_validation(menu)
            menu.add(f"{letter}4:{letter}{max(last, 3 + EMPTY_ROWS)}")


def _options(column: Column) -> tuple[str, ...]:
    """Drop-down entries; Excel allows 255 characters in all, so a longer list has no menu."""
    options = column.choices
    if column.type is cells.YES_NO:
        options = ("ya", "tidak")
    if column.type is cells.YES_NO_UNKNOWN:
        options = ("ya", "tidak", "tidak tahu")
    return options if len(",".join(options)) <= 255 else ()


def _print_header(page: Any, mark: str) -> None:
    page.oddHeader.center.text = mark.replace("&", "&&")
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


# ---------------------------------------------------------------- restricted tables


def write_plotting(
    target: Target, rows: Sequence[Mapping[str, object]], title: str, latihan: str = "", note: str = ""
) -> None:
    """The plotting list: one row per unit and post, columns as the first row names them.

    ``note`` stands above the table: totals, which plan, who approved it.
    """
    write_tables(target, {"plotting": rows}, title, latihan, note, empty="Tidak ada penempatan")


def write_tables(
    target: Target,
    sheets: Mapping[str, Sequence[Mapping[str, object]]],
    title: str,
    latihan: str = "",
    note: str = "",
    empty: str = "Tidak ada baris",
) -> None:
    """Restricted tables, one sheet each, columns as their first row names them.

    ``latihan`` is the mark for every sheet ("" when the operation is real); each page also says that it is
    restricted. ``note`` stands above every table.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        _table(book.create_sheet(name), rows, title, latihan, note, empty)
    book.save(target)


def _table(
    page: Any, rows: Sequence[Mapping[str, object]], title: str, latihan: str, note: str, empty: str
) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    page.append([shielded(title)])
    page.append(["TERBATAS" + (f" - {latihan}" if latihan else "")])
    page.append([shielded(note)] if note else [])
    columns = list(rows[0]) if rows else [empty]
    page.append(columns)
    for row in rows:
        page.append([_plain(row.get(c)) for c in columns])
    for cell in (page["A1"], page["A2"], *page[4]):
        cell.font = Font(bold=True)
    for index, column in enumerate(columns, 1):
        texts = [len(_shown(row.get(column))) for row in rows]
        page.column_dimensions[get_column_letter(index)].width = max(
            6, min(40, max([len(column), *texts]) + 2)
        )
    thin = Side(style="thin", color="8A9692")
    for line in page.iter_rows(min_row=4):
        for cell in line:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            if cell.row == 4:
                cell.fill = PatternFill("solid", fgColor="E4E9E7")
                continue
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, datetime):
                cell.number_format = WHEN
    page.freeze_panes = "A5"
    page.print_title_rows = "1:4"
    _print_header(page, latihan)
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.oddFooter.left.text = "TERBATAS"
    page.oddFooter.right.text = "&P / &N"


def _shown(value: object) -> str:
    """A value as its cell shows it, for the width of its column."""
    return value.strftime("%d/%m/%Y %H.%M") if isinstance(value, datetime) else str(value or "")


def _plain(value: object) -> object:
    """A value as a cell; aware moments lose their zone because a workbook cannot hold one."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if value is None or isinstance(value, int | float | date):
        return value
    return shielded(str(value))
