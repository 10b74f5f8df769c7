"""A workbook as people have it: every warning in it is told by its cell, and looks do not matter."""

import io
import re
import time
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from datetime import time as clock

import polars
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from kondusif.cli import OK, main
from kondusif.files import load_sample
from kondusif.files.history import read_history
from kondusif.files.read import read_numbered
from kondusif.files.write import write_workbook
from kondusif_index.errors import ImportRefused
from kondusif_index.tables.columns import read_columns
from kondusif_index.tables.read import TableRemark, open_tables
from tests.core.file_cast import DESA as DESA_CSV
from tests.core.file_cast import folder, problems

DESA = (
    ("kode", "nama", "kecamatan", "memilih", "#catatan"),
    ("99.01.01.2001", "Karangjati", "Sumberarum", "ya", None),
    ("99.01.01.2002", "Wonosari", "Sumberarum", "ya", None),
)
SHEET, LINKS = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(*rows, title="desa"):
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    return made


def raw_of(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(raw, parts):
    """The workbook with some of its parts replaced, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in dict.fromkeys([*archive.namelist(), *parts]):
            made.writestr(name, parts[name] if name in parts else archive.read(name))
    return out.getvalue()


def sheet_of(data, before="", after="", made=None):
    xml = f'<worksheet xmlns="{NS}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'
    return with_part(raw_of(made or book(("x",))), {SHEET: xml})


def with_shared_texts(raw):
    """The workbook as Excel writes it: every text once, and cells that point at it."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheet = archive.read(SHEET).decode()
        links = archive.read(LINKS).decode()
    texts = list(dict.fromkeys(re.findall("<is><t>(.*?)</t></is>", sheet)))
    for at, text in enumerate(texts):
        sheet = sheet.replace(f't="inlineStr"><is><t>{text}</t></is>', f't="s"><v>{at}</v>')
    halves = ((text[:2], text[2:]) for text in texts)  # in runs of different looks
    runs = "".join(
        f"<si><r><t>{a}</t></r><r><rPr><b/></rPr><t>{b}</t></r><rPh><t>x</t></rPh></si>" for a, b in halves
    )
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    links = links.replace("</Rel", f'<Relationship Id="rId99" Type="{of}" Target="sharedStrings.xml"/></Rel')
    texts_part = f'<sst xmlns="{NS}">{runs}</sst>'
    return with_part(raw, {SHEET: sheet, LINKS: links, "xl/sharedStrings.xml": texts_part})


def cells(raw, name="a.xlsx"):
    [table] = open_tables(raw, name)
    return [list(row) for _, row in table.rows]


WARNINGS = [
    *("#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
    *("#GETTING_DATA", "#ERROR!", "Err:502", "Err:508", "#n/a", "########"),
]  # fmt: skip


@pytest.mark.parametrize("row", [1, 2, 3])
@pytest.mark.parametrize("column", range(7))
def test_a_warning_in_any_cell_is_a_problem_that_names_the_cell(row, column):
    made = book(("Daftar desa",), *DESA)
    made.active.cell(row, column + 1).value = "#N/A"
    heads = [
        head if row > 2 or column == 4 else "" for head in DESA[0]
    ]  # a broken title is told by its letters
    name = heads[column] if column < 4 and row > 2 else "ABCDEFG"[column]
    found = [p for p in problems(raw_of(made), "a.xlsx") if p.found == "#N/A"]
    assert [(p.sheet, p.row, p.column) for p in found] == [("desa", row, name)]
    assert "rumus di sel ini gagal" in found[0].expected


@pytest.mark.parametrize("warning", WARNINGS)
def test_every_warning_is_told_whether_typed_or_calculated(warning):
    made = book(*DESA)
    made.active["B3"] = warning
    assert ("desa", 3, "nama") in [(p.sheet, p.row, p.column) for p in problems(raw_of(made), "a.xlsx")]
    csv = f"kode,nama,kecamatan,memilih\n99.01.01.2001,Karangjati,S,ya\n{warning},Wonosari,S,ya\n"
    assert (3, "kode") in [(p.row, p.column) for p in problems(csv.encode(), "desa.csv")]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_warning_in_a_table_of_the_engine_is_told_even_where_it_would_be_a_label(tmp_path, ending):
    rows = [("uCode", "kabupaten", "A"), ("u1", "#REF!", 3), ("u2", "x", "Err:502")]
    path = tmp_path / f"iData.{ending}"
    text = "\n".join(",".join(map(str, row)) for row in rows)
    path.write_bytes(raw_of(book(*rows, title="iData")) if ending == "xlsx" else text.encode())
    with pytest.raises(ImportRefused) as refused:
        read_columns(path)
    assert [(p.row, p.column) for p in refused.value.problems] == [(2, "kabupaten"), (3, "A")]


def test_a_warning_in_a_data_frame_is_told_as_well():
    frame = polars.DataFrame({"uCode": ["u1", "u2"], "kabupaten": ["x", "#REF!"], "A": [1.0, 2.0]})
    with pytest.raises(ImportRefused) as refused:
        read_columns(frame)
    assert [(p.row, p.column, p.found) for p in refused.value.problems] == [(2, "kabupaten", "#REF!")]


@pytest.mark.parametrize("title", ["#", "#1", "# lihat lampiran", "#desa"])
def test_a_note_stays_a_note(title):
    assert len(cells(raw_of(book(*DESA, (title, "tentang baris di atas"))))) == 3


@pytest.mark.parametrize(
    "cell, found",
    [
        ("<f>A1+1</f>", "=A1+1"),
        ("<f>A1+1</f><v></v>", "=A1+1"),
        ('<f t="shared" si="0"/><v/>', "="),
    ],
)
def test_a_formula_without_a_result_is_a_problem_that_says_what_to_do(cell, found):
    raw = sheet_of(f'<row r="1"><c r="A1"><v>1</v></c><c r="B1">{cell}</c></row>')
    [fault] = cells(raw)[0][1:]
    assert fault == found
    assert "simpan berkas di Excel" in fault.expected


def test_a_zero_that_a_script_put_in_place_of_a_result_is_no_result():
    row = '<row r="1"><c r="A1"><f>B1+C1</f><v>0</v></c><c r="B1"><v>0</v></c></row>'
    assert cells(sheet_of(row)) == [["=B1+C1", 0]]  # the workbook asks to be calculated when it is opened


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell():
    assert cells(
        sheet_of('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>""</f><v></v></c></row>')
    ) == [[1]]


@pytest.mark.parametrize("blank", [5_001, 300_000])
def test_a_list_is_read_on_after_any_number_of_blank_rows(blank):
    made = book(*DESA[:2])
    for at, value in enumerate(DESA[2], 1):
        made.active.cell(blank + 3, at).value = value
    [table] = open_tables(raw_of(made), "a.xlsx")
    assert [number for number, _ in table.rows] == [1, 2, blank + 3]


def test_what_is_hidden_is_read_and_pointed_out():
    made = book(*DESA)
    page = made.active
    page.row_dimensions[3].hidden = page.row_dimensions[9].hidden = True  # nothing stands in row 9
    page.column_dimensions["C"].hidden = True
    page.column_dimensions["H"].hidden = True
    aside = made.create_sheet("tps")
    aside.append(("desa", "nomor", "pemilih"))
    aside.sheet_state = "veryHidden"
    note = made.create_sheet("#bantu")
    note.append(("x",))
    note.sheet_state = "hidden"
    told = [r for t in open_tables(raw_of(made), "a.xlsx") for r in t.remarks]
    assert [(r.sheet, r.row, r.column, r.found) for r in told] == [
        ("desa", 3, "", "1 baris tersembunyi"),
        ("desa", None, "C", "1 kolom tersembunyi"),
        ("tps", None, "", "lembar tersembunyi"),
    ]


def test_rows_that_a_filter_hides_are_called_filtered():
    made = book(*DESA)
    made.active.auto_filter.ref = "A1:D3"
    made.active.row_dimensions[2].hidden = True
    [table] = open_tables(raw_of(made), "a.xlsx")
    assert [(r.row, r.found) for r in table.remarks] == [(2, "1 baris tersaring")]


def test_a_command_points_out_what_is_hidden(tmp_path, capsys):
    path = tmp_path / "masukan.xlsx"
    write_workbook(path, load_sample())
    made = load_workbook(path)
    made["desa"].row_dimensions[4].hidden = True
    made.save(path)
    assert main(["classify", str(path), "--at", "2023-10-11 14.05"]) == OK
    assert (
        "perhatikan: masukan.xlsx, lembar desa, baris 4: ditemukan 1 baris tersembunyi"
        in capsys.readouterr().err
    )


def test_the_engine_points_out_what_is_hidden(tmp_path):
    made = book(("uCode", "A"), ("u1", 3), title="iData")
    made.active.column_dimensions["B"].hidden = True
    (tmp_path / "iData.xlsx").write_bytes(raw_of(made))
    with pytest.warns(TableRemark, match="kolom B: ditemukan 1 kolom tersembunyi"):
        read_columns(tmp_path / "iData.xlsx")


def test_a_history_of_two_sheets_is_refused_and_not_half_read():
    made = book(("tempat", "skor", "tingkat", "kejadian"), ("a", 3, 1, "hijau"), title="2019")
    made.create_sheet("2023").append(("tempat",))
    with pytest.raises(ImportRefused, match="ditemukan 2019, 2023; seharusnya satu lembar berisi"):
        read_history(raw_of(made), "riwayat.xlsx")


def test_a_column_without_a_title_is_pointed_out_since_it_is_not_read(tmp_path):
    odd = DESA_CSV.replace("nama,", "nama,,").replace("jati,", "jati,lost,").replace("sari,", "sari,,")
    folder(tmp_path, desa=odd)
    told = read_numbered(tmp_path).remarks
    assert [(r.sheet, r.column, r.found) for r in told] == [("desa", "C", "1 kolom tanpa judul")]


def test_a_folder_is_read_whole_whatever_the_case_of_its_endings(tmp_path):
    folder(tmp_path)
    (tmp_path / "tps.csv").rename(tmp_path / "TPS.CSV")
    assert len(read_numbered(tmp_path).file.tps) == 2


def test_escaped_marks_are_decoded_and_an_escaped_underscore_is_one():
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>a_x000D_</t></is></c>'
    row += '<c r="B1" t="str"><v>_x0041__x005F_x0041_ _xD83D__xDE00_</v></c></row>'
    assert cells(sheet_of(row)) == [["a\r", "A_x0041_ 😀"]]


INVISIBLE = "\u200b\ufeff\u00ad\u200e\u200f\u202a\u2069\u200d\u2060\ufe0f\u3164\x7f"


@pytest.mark.parametrize("mark", INVISIBLE)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_invisible_mark_is_no_part_of_a_code_a_heading_or_the_name_of_a_sheet(mark, ending):
    rows = [(f"{mark}kode", "nama"), (f"99.01{mark}.01.2001{mark}", f"Karang\u00a0jati{mark}")]
    raw = (
        "\n".join(map(",".join, rows)).encode()
        if ending == "csv"
        else raw_of(book(*rows, title=f"{mark}desa"))
    )
    [table] = open_tables(raw, f"de{mark}sa.csv")
    assert table.name == "desa"
    assert [row for _, row in table.rows] == [("kode", "nama"), ("99.01.01.2001", "Karang jati")]


def test_a_number_is_what_its_format_shows():
    made = book((0.75, 0.07, 1.5, 45_000, 0.5, 45_000.25, 7))
    formats = ("0%", '0.00"x"%', '0"%"', "dd/mm/yyyy", "hh:mm", "[$-421]dd mmmm yyyy hh:mm", '#,##0 "hari"')
    for cell, form in zip(made.active[1], formats, strict=True):
        cell.number_format = form
    day = datetime(2023, 3, 15)
    assert cells(raw_of(made)) == [[75, 7, 1.5, day, clock(12), day.replace(hour=6), 7]]


def test_days_count_from_where_the_workbook_says():
    made = book((datetime(2023, 10, 10),))
    made.epoch = datetime(1904, 1, 1)
    assert cells(raw_of(made)) == [[datetime(2023, 10, 10)]]


def test_a_date_cell_of_iso_8601_keeps_its_zone():
    row = "".join(
        f'<c t="d"><v>{text}</v></c>'
        for text in ("2023-10-10T07:00:00Z", "2023-10-10", "2023-10-10T07:00:00")
    )
    aware = datetime(2023, 10, 10, 7, tzinfo=UTC)
    assert cells(sheet_of(f"<row>{row}</row>")) == [[aware, date(2023, 10, 10), datetime(2023, 10, 10, 7)]]


def test_texts_that_cells_share_are_read_with_their_runs_and_without_their_reading_aids():
    raw = raw_of(book(*DESA))
    assert cells(with_shared_texts(raw)) == cells(raw)


def test_looks_do_not_matter():
    raw = raw_of(book(*DESA))
    broken = (
        f'<styleSheet xmlns="{NS}"><fonts><font><family val="34"/></font></fonts><fills><fill/></fills>'
        '<borders><border weird="1"/></borders><cellXfs><xf numFmtId="9999" fontId="77"/></cellXfs>'
        '<dxfs><dxf><numFmt numFmtId="0" formatCode="0%"/></dxf></dxfs></styleSheet>'
    )
    assert cells(with_part(raw, {"xl/styles.xml": broken})) == cells(raw)


def test_tags_may_have_a_prefix_and_cells_no_address():
    xml = (
        f'<x:worksheet xmlns:x="{NS}"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>a</x:t>'
        "<x:rPh><x:t>reading aid</x:t></x:rPh></x:is></x:c><x:c/><x:c><x:v>2</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )
    assert cells(with_part(raw_of(book(("x",))), {SHEET: xml})) == [["a", None, 2]]


def test_16381_styled_blank_columns_cost_no_time():
    from openpyxl.utils import get_column_letter

    blanks = [get_column_letter(at) for at in range(4, 16_385)]
    rows = (
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c>'
        + "".join(f'<c r="{at}{n}" s="1"/>' for at in blanks)
        + "</row>"
        for n in range(1, 151)
    )
    raw = sheet_of("".join(rows))
    begun = time.process_time()
    assert cells(raw) == [[n] for n in range(1, 151)]
    assert time.process_time() - begun < 2  # 0.2 s; openpyxl took 4


def test_a_million_styled_blank_rows_cost_little():
    rows = "".join(f'<row r="{n}" s="1"><c r="A{n}" s="1"/></row>' for n in range(2, 1_000_000))
    raw = sheet_of(f'<row r="1"><c r="A1"><v>1</v></c></row>{rows}')
    begun = time.process_time()
    assert cells(raw) == [[1]]
    assert time.process_time() - begun < 5  # 0.7 s


def test_a_styled_blank_cell_looks_like_none():
    made = book(*DESA)
    for column in range(1, 300):
        made.active.cell(50, column).fill = PatternFill("solid", fgColor="FFFF00")
    assert len(cells(raw_of(made))) == 3


HOSTILE = {
    "tags within tags": ("<a>" * 500_000, "lembar yang utuh"),
    "one cell in the last column of many rows": (
        "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 20_000)),
        "paling banyak 200 kolom",
    ),
    "a text without end": (
        f'<row><c t="inlineStr"><is><t>{"y" * 9_000_000}</t></is></c></row>',
        "5000 huruf",
    ),
    "a column that is none": ('<row><c r="XFE1"><v>1</v></c></row>', "lembar yang utuh"),
    "a number that is none": ('<row><c r="A1"><v>NaN</v></c></row>', "lembar yang utuh"),
    "a text that nobody wrote": ('<row><c r="A1" t="s"><v>7</v></c></row>', "lembar yang utuh"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_forged_sheet_is_refused_before_it_fills_the_memory(what):
    xml, expected = HOSTILE[what]
    raw = sheet_of(xml)
    tracemalloc.start()
    try:
        with pytest.raises(ImportRefused, match=expected):
            open_tables(raw, "a.xlsx")
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "data, rows",
    [
        ('<row r="1"><c r="A1" s="1"/><c><v>2</v></c></row>', [(1, (None, 2))]),
        ('<row r="1"><c r="A1"/><c r="B1"/></row><row r="4"/><row><c><v>5</v></c></row>', [(5, (5,))]),
        ('<row r="3"><c r="A3"/></row><row><c><v>4</v></c></row>', [(4, (4,))]),
    ],
)
def test_a_value_stands_where_its_address_says_beside_blank_cells_and_rows(data, rows):
    [table] = open_tables(sheet_of(data))
    assert list(table.rows) == rows


@pytest.mark.parametrize("text, value", [("1", True), (" TRUE ", True), ("true", True), ("0", False)])
def test_a_truth_value_is_true_false_or_refused(text, value):
    data = '<row r="1"><c r="A1" t="b"><v>{}</v></c></row>'
    [table] = open_tables(sheet_of(data.format(text)))
    assert table.rows == ((1, (value,)),)
    with pytest.raises(ImportRefused):
        open_tables(sheet_of(data.format("benar")))


def test_a_sheet_of_an_unknown_kind_is_read_and_not_taken_for_a_chart():
    raw = raw_of(book(*DESA))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        links = archive.read(LINKS).decode()
    [table] = open_tables(with_part(raw, {LINKS: links.replace("relationships/worksheet", "x/lembar")}))
    assert len(table.rows) == 3


@pytest.mark.parametrize("zone, hours", [("WIB", 7), ("WITA", 8), ("WIT", 9)])
@pytest.mark.parametrize(
    "form", ['dd/mm/yyyy hh:mm "{}"', "dd/mm/yyyy hh:mm\\ {}", "[$-421]d mmm yyyy h:mm[${}]"]
)
def test_a_zone_that_the_format_of_a_date_shows_is_its_zone(form, zone, hours):
    made = book((datetime(2023, 10, 10, 7),))
    made.active["A1"].number_format = form.format("\\".join(["", *zone]) if "\\" in form else zone)
    [table] = open_tables(raw_of(made))
    assert table.rows[0][1][0].isoformat() == f"2023-10-10T07:00:00+0{hours}:00"


@pytest.mark.parametrize("part", [0.99999999, 1.00000001])
def test_a_calculated_midnight_is_midnight(part):
    made = book((45208 + part,))
    made.active["A1"].number_format = "dd/mm/yyyy"
    assert open_tables(raw_of(made))[0].rows == ((1, (datetime(2023, 10, 10),)),)


def test_cells_merged_over_rows_are_pointed_out_since_only_the_first_is_filled():
    made = book(*DESA)
    made.active.merge_cells("A1:B1")
    assert not open_tables(raw_of(made))[0].remarks
    made.active.merge_cells("C2:C3")
    [remark] = open_tables(raw_of(made))[0].remarks
    assert (remark.row, remark.column) == (2, "C")


@pytest.mark.parametrize("warning", ["Loading...", "err:502", "Err: 508", "'#N/A", "#DIV/0", "#NV"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_warning_is_one_in_any_spelling(warning, ending):
    csv = f"a,b\n{warning},1\n".encode()
    raw = csv if ending == "csv" else raw_of(book(("a", "b"), (warning, 1)))
    with pytest.raises(ImportRefused) as caught:
        read_columns(raw, name=f"a.{ending}", limited=True)
    assert (caught.value.problems[0].row, caught.value.problems[0].column) == (2, "a")


def test_a_control_mark_in_a_text_is_told_by_its_row():
    with pytest.raises(ImportRefused) as caught:
        open_tables(b"kode,nama\n1,a\n2,b\x00c\n", "desa.csv")
    assert (caught.value.problems[0].row, caught.value.problems[0].found) == (3, "tanda kendali U+0000")
