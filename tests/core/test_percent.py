"""A number shown as per cent is the number that people see, in every table; a typed sign is refused."""

import numpy as np
import pytest
from openpyxl import Workbook

from kondusif.errors import ImportRefused
from kondusif.files import read_workbook
from kondusif.files.history import read_history
from kondusif.files.read import read_numbered
from kondusif_index.tables.columns import read_columns
from tests.core.file_cast import problems


def book(tmp_path, *rows, form="0%", sheet="jawaban"):
    """A workbook in which every fraction is shown as per cent."""
    out = Workbook()
    out.active.title = sheet
    for row in rows:
        out.active.append(row)
    for cell in (c for line in out.active.iter_rows() for c in line if isinstance(c.value, float)):
        cell.number_format = form
    out.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


@pytest.mark.parametrize("form", ["0%", "0.00%", "0.0 %", '0"%"%', "[Red]0%"])
def test_an_answer_shown_as_75_per_cent_is_75(tmp_path, form):
    villages = tmp_path / "desa.csv"
    villages.write_text(
        "kode,nama,kecamatan,memilih\n99.01.01.2001,Karangjati,Sumberarum,ya\n", encoding="utf-8"
    )
    known = read_workbook(villages)
    head = ["tempat", "butir", "nilai", "tanggal", "sumber", "penilai"]
    line = ["99.01.01.2001", "F05", 0.75, "2026-05-30", "berkas", "bhabin"]
    (answer,) = read_numbered(book(tmp_path, head, line, form=form), known=known).file.jawaban
    assert answer.value == 75.0


def test_a_past_score_shown_as_75_per_cent_is_75(tmp_path):
    rows = ["tempat", "skor", "tingkat", "kejadian"], ["99.01.01.2001", 0.75, 3, "merah"]
    assert [o.score for o in read_history(book(tmp_path, *rows))] == [75.0]


def test_a_column_of_the_engine_shown_as_per_cent_is_as_it_is_shown(tmp_path):
    table = read_columns(
        book(tmp_path, ["uCode", "a"], ["x", 0.75], ["y", 0.07], ["z", 0.125], sheet="iData")
    )
    bad = []
    np.testing.assert_array_equal(table.numbers("a", bad), [75.0, 7.0, 12.5])
    assert bad == []


@pytest.mark.parametrize("typed", ["75%", "75 %", "7,5%"])
def test_a_typed_per_cent_is_refused_with_advice_in_every_table(tmp_path, typed):
    (tmp_path / "jawaban.csv").write_text(
        f'tempat,butir,nilai,tanggal,sumber,penilai\n99.01.01.2001,F05,"{typed}",2026-05-30,berkas,bhabin\n'
    )
    assert "ditulis 75" in next(p for p in problems(tmp_path) if p.column == "nilai").expected
    (tmp_path / "iData.csv").write_text(f'uCode,a\nx,"{typed}"\ny,1\n')
    bad = []
    read_columns(tmp_path / "iData.csv").numbers("a", bad)
    assert [(p.row, p.column) for p in bad] == [(2, "a")] and "ditulis 75" in bad[0].expected
    with pytest.raises(ImportRefused):
        read_history(f'tempat,skor,tingkat,kejadian\n99.01.01.2001,"{typed}",3,merah\n')
