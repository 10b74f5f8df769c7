"""Writes workbooks: the template, a filled operation file, the plotting list.

Every text cell is shielded from running as a formula. Every sheet made from illustrative data says so on
its first row and in its print header (RULES 24).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from kondusif.files import cells
from kondusif.files.cells import CellType
from kondusif.files.operation import OperationFile, Row
from kondusif.files.sheets import SHEETS, FileSheet, SheetColumn
from kondusif.instrument.indicator import TPS, Indicator, anchors
from kondusif.instrument.published import default_recipe
from kondusif_index.tables.write import Page, PageLine, Target, write_pages

ALWAYS_FRESH = 999  # days: facts of the past that do not age
EMPTY_ROWS = 1_000  # rows of the template that carry drop-downs
FORMATTED_ROWS = 50  # empty rows whose cells carry the format of their column
QUESTION_COLUMNS = (
    "butir",
    "yang ditanyakan",
    "nilai",
    "tempat",
    "sejak tahap",
    "segar (hari)",
    "tidak berlaku",
    "sumber",
)
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
    "8. Arti kode indikator, satuannya, dan tahapnya ada di lembar #Indikator. Daftar dipisah titik koma.",
    "9. Bila ada satu saja masalah, tidak ada yang diimpor; semua masalah ditunjukkan sekaligus.",
)


def write_template(target: Target, items: Mapping[str, Indicator] | None = None) -> None:
    """An empty workbook with guidance, formats and drop-downs; ``items``: indicators it asks for."""
    write_pages(target, _pages({}, mark="", items=items))


def write_workbook(target: Target, file: OperationFile) -> None:
    """An operation file as a workbook; reading it back gives the same rows."""
    write_pages(target, _pages(file.rows, file.mark))


def _pages(
    rows: Mapping[str, Sequence[Row]], mark: str, items: Mapping[str, Indicator] | None = None
) -> Iterator[Page]:
    first, *rest = (f"# {mark}", *GUIDE) if mark else GUIDE
    lines: list[PageLine] = [("bold", [first]), *(("", [line]) for line in rest)]
    yield Page("#Petunjuk", lines, widths=[100], fitted=False)
    yield _questions(mark, items or default_recipe().by_id)
    for sheet in SHEETS:
        yield _page(sheet, rows.get(sheet.name, ()), mark)


def _page(sheet: FileSheet, rows: Sequence[Row], mark: str) -> Page:
    """A sheet: title, help, header, rows. Text stays text, so that no code becomes a number or date."""
    columns = sheet.columns
    empty = 0 if rows else 1 if sheet.single else FORMATTED_ROWS
    lines: list[PageLine] = [
        ("bold", [_titled(sheet.title, mark)]),
        ("help", [("# " if i == 0 else "") + _help(c) for i, c in enumerate(columns)]),
        ("bold", [c.name + (" *" if c.required else "") for c in columns]),
        *(("formatted", [_cell(c.type, row.get(c.name)) for c in columns]) for row in rows),
        *[("formatted", [None] * len(columns))] * empty,
    ]
    return Page(
        sheet.name,
        lines,
        widths=[max(16, min(40, len(c.name) + 4)) for c in columns],
        formats=[FORMATS.get(c.type.name, "@") for c in columns],
        heights={2: 90},
        menus={number: (c.name, options) for number, c in enumerate(columns, 1) if (options := _options(c))},
        last=3 + max(len(rows), EMPTY_ROWS),
        frozen="A4",
        mark=mark,
    )


def _titled(title: str, mark: str) -> str:
    return f"# {title}" + (f" - {mark}" if mark else "")


def _questions(mark: str, items: Mapping[str, Indicator]) -> Page:
    """What the codes of the answers ask, in which unit, how often: the sheet to keep open while filling."""
    lines: list[PageLine] = [("bold", [_titled("Indikator yang ditanyakan di lembar jawaban", mark)])]
    lines.append(("bold", QUESTION_COLUMNS))
    for item in items.values():
        if item.from_plan:
            row: list[object] = [item.id, item.name_id, "dihitung dari rencana, tidak diisi"]
        else:
            fresh = "seterusnya" if item.fresh_days >= ALWAYS_FRESH else item.fresh_days
            may = "boleh" if item.may_not_apply else ""
            place = "desa atau TPS" if item.level == TPS else "desa"
            stage = item.first_stage.replace("_", " ")
            row = [item.id, item.name_id, _value(item), place, stage, fresh, may, item.source]
        lines.append(("wrapped", row))
    for companion in (c for item in items.values() for c in item.companions):
        lines.append(("wrapped", [companion.id, companion.name_id, "ya / tidak / tidak tahu", "desa"]))
    return Page("#Indikator", lines, widths=(14, 62, 26, 14, 14, 12, 14, 48), frozen="B3", mark=mark)


def _value(item: Indicator) -> str:
    if item.type == "boolean":
        return "ya / tidak"
    if item.type == "likert":
        seen = "; ".join(f"{mark}: {text}" for mark, text in anchors(item).items())
        return seen or f"{item.lo:g} sampai {item.hi:g}"
    return f"{'bilangan bulat' if item.whole else 'angka'}, {item.unit}"


def _help(column: SheetColumn) -> str:
    kind = "" if column.choices else f" ({column.type.name})"
    return ("wajib: " if column.required else "") + column.help + kind


def _cell(kind: CellType, value: object) -> object:
    return None if value is None else kind.written(value)


def _options(column: SheetColumn) -> tuple[str, ...]:
    """Drop-down entries."""
    if column.type is cells.YES_NO:
        return "ya", "tidak"
    if column.type is cells.YES_NO_UNKNOWN:
        return "ya", "tidak", "tidak tahu"
    return column.choices


# ---------------------------------------------------------------- restricted tables


def write_plotting(
    target: Target, rows: Sequence[Mapping[str, object]], title: str, latihan: str = "", note: str = ""
) -> None:
    """The plotting list: one row per unit and post, columns as the first row names them.

    ``note`` stands above the table: totals, which plan, who approved it. Below it is the room to sign.
    """
    table = _table("plotting", rows, title, latihan, note, "Tidak ada penempatan")
    write_pages(target, [replace(table, lines=[*table.lines, *_room_to_sign(len(table.widths))])])


BLANK = "." * 30
SIGNED = (  # who has seen it at the left, who made it at the right; a pen fills it in
    ("", f"{BLANK}, tanggal {BLANK}"),
    ("Mengetahui,", "Yang menyusun,"),
    (f"Jabatan: {BLANK}", f"Jabatan: {BLANK}"),
    *((("", ""),) * 3),
    (f"Nama: {BLANK}", f"Nama: {BLANK}"),
    (f"Pangkat/NRP: {BLANK}", f"Pangkat/NRP: {BLANK}"),
)


def _room_to_sign(columns: int) -> Iterator[PageLine]:
    """Place, date, office, name, rank and number, left blank: the list is signed on paper."""
    gap = [None] * (max(2, columns // 2) - 1)
    yield ("", [])
    yield from (("", [left, *gap, right]) for left, right in SIGNED)


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
    write_pages(target, [_table(name, rows, title, latihan, note, empty) for name, rows in sheets.items()])


def _table(
    name: str, rows: Sequence[Mapping[str, object]], title: str, latihan: str, note: str, empty: str
) -> Page:
    columns = list(rows[0]) if rows else [empty]
    shown = [[_shown(row.get(column)) for row in rows] for column in columns]
    longest = (max(map(len, [column, *texts])) for column, texts in zip(columns, shown, strict=True))
    lines: list[PageLine] = [
        ("bold", [title]),
        ("bold", ["TERBATAS" + (f" - {latihan}" if latihan else "")]),
        ("", [note] if note else []),
        ("boxed head", columns),
        *(("boxed", [row.get(column) for column in columns]) for row in rows),
    ]
    return Page(
        name,
        lines,
        widths=[max(6, min(40, width + 2)) for width in longest],
        frozen="A5",
        repeated="1:4",
        mark=latihan,
        footer=("TERBATAS", "&P / &N"),
    )


def _shown(value: object) -> str:
    """A value as its cell shows it, for the width of its column."""
    return value.strftime("%d/%m/%Y %H.%M") if isinstance(value, datetime) else str(value or "")
