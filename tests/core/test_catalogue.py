"""The catalogue is read strictly, each rule from its column, and each transform does what method 1.1 says."""

import csv
import io
from dataclasses import replace
from math import log
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kondusif.errors import RecipeError, TableError
from kondusif.files.write import write_template
from kondusif.instrument.catalogue import (
    COLUMNS,
    DIMENSION_WEIGHTS,
    DIMENSIONS,
    FILE,
    catalogue,
    entries,
    read,
)
from kondusif.instrument.difference import difference
from kondusif.instrument.floor import Floor, parse
from kondusif.instrument.indicator import anchors
from kondusif.instrument.published import drafted, published, versions
from kondusif.instrument.reference import indicators_markdown
from kondusif.tables import packaged
from kondusif.words import table
from kondusif_index.transform import Transform
from tests.cast import ITEMS, RECIPE

ROOT = Path(__file__).parents[2]
TEXT = packaged("kondusif.instrument", FILE)


def with_cell(item: str, column: str, cell: str) -> str:
    """The catalogue with one cell of one row changed."""
    rows = list(csv.reader(io.StringIO(TEXT)))
    row = next(r for r in rows if r[0] == item)
    row[rows[0].index(column)] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def refused(text: str) -> str:
    with pytest.raises(TableError) as caught:
        read(text)
    return str(caught.value)


def test_the_catalogue_has_what_is_published():
    """Its rows may run ahead of the version, and never behind it: answers go by id."""
    assert set(catalogue()) >= set(ITEMS)
    assert set(DIMENSIONS) == {i.dimension for i in catalogue().values()}
    assert sum(DIMENSION_WEIGHTS.values()) == pytest.approx(1, abs=1e-12)


def test_the_first_version_is_the_catalogue_it_was_made_of():
    """Rules of the rows that kondusif-45/1 has; floors are the same in any order."""
    rows = tuple(e for e in entries() if e.indicator.id in ITEMS)
    found = difference(RECIPE, drafted("kondusif-45", "1", rows))
    assert not (found.floors or found.rules or found.added or found.removed), found


def test_anchors_of_tension_stand_in_one_cell():
    """An unquoted comma once cut them off (D10)."""
    for of in (catalogue(), ITEMS):
        assert all(f"{mark} " in of["D10"].rationale for mark in range(5))
        assert of["D10"].reference == "hboindo.com"


SHIPPED = [(key, published(key).by_id) for key in versions()]
RATED = [
    (of, i)
    for of, rows in (("catalogue", catalogue()), *SHIPPED)
    for i in rows.values()
    if i.type == "likert"
]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("of, item", RATED, ids=[f"{of}-{i.id}" for of, i in RATED])
def test_every_rated_item_has_exactly_its_anchors_in_both_languages(of, item, language):
    seen = anchors(item, language)
    assert list(seen) == list(range(int(item.lo), int(item.hi) + 1))
    assert len(set(seen.values())) == len(seen)
    if language == "id":  # word for word those of the version, in its order
        assert all(f"{n} {text}" in item.rationale for n, text in seen.items())


def test_every_anchor_belongs_to_a_mark_of_a_rated_item():
    marks = {f"{i.id}.{n}" for _of, i in RATED for n in range(int(i.lo), int(i.hi) + 1)}
    assert set(table("anchors")) == marks == set(table("anchors", "en"))


@pytest.mark.parametrize("change", [{"hi": 8.0}, {"rationale": "jangkar: 0 tenang"}, {"type": "count"}])
def test_a_scale_that_an_office_changed_keeps_no_anchors_of_another(change):
    assert anchors(replace(ITEMS["D10"], **change)) == {}


def test_a_reader_of_the_workbook_and_of_the_manual_sees_every_anchor():
    manual, out = indicators_markdown(), io.BytesIO()
    write_template(out)
    asked = {r[0]: r[2] for r in load_workbook(out)["#Indikator"].iter_rows(min_row=3, values_only=True)}
    for _of, item in RATED:
        for n, text in anchors(item).items():
            assert f"{n}: {text}" in asked[item.id]
            assert f"- {n}: {text} ({anchors(item, 'en')[n]})" in manual


def test_every_column_is_read():
    """A column that no reader knows is refused with the head, and so is one that is missing."""
    head, rest = TEXT.split("\n", 1)
    assert tuple(head.split(",")) == tuple(COLUMNS)
    for other in (f"{head},floor_rule", head.removesuffix(",reference")):
        assert "catalogue.csv: the head is" in refused(f"{other}\n{rest}")


@pytest.mark.parametrize("change, cells", [(lambda r: f"{r},more", 27), (lambda r: r.rpartition(",")[0], 25)])
def test_a_row_with_too_many_or_too_few_cells_names_itself_and_the_count(change, cells):
    lines = TEXT.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("D10,"))
    lines[at] = change(lines[at])
    found = refused("\n".join(lines))
    assert found.startswith(f"catalogue.csv row {at + 1} (D10): {cells} cells, the head has {len(COLUMNS)};")
    assert "double quotes" in found


@pytest.mark.parametrize(
    "column, cell, wanted",
    [
        ("two_raters", "ya", "yes or no"),
        ("lo", "0,5", "a number"),
        ("fresh_days", "3.5", "a whole number"),
        ("type", "number", "one of count"),
        ("dimension", "Z", "one of A"),
        ("level", "TPS", "one of desa, tps"),
        ("first_stage", "nanti", "one of persiapan"),
        ("asked_of", "Polisi", "Polsek"),
        ("transform", "linear", "a transform"),
        ("floors", "D10_tegang >= 3 -> 2", "CODE: >=NUMBER"),
        ("floors", "D10_tegang: >=3 -> 4", "CODE: >=NUMBER"),
        ("floors", "D10_tegang: >=3 with D10_crowd -> 2", "a companion of the column companions"),
        ("floors", "D10_tegang: >=3 from nanti -> 2", "a stage of"),
        ("companions", "D10_crowd: only Indonesian", "question in English"),
        ("companions", "D06_crowd: Kerumunan / A crowd", "companions of another item"),
        ("weight", "0", "above 0"),
    ],
)
def test_a_cell_that_cannot_be_read_names_file_row_column_and_what_to_write(column, cell, wanted):
    found = refused(with_cell("D10", column, cell))
    assert found.startswith(
        f"catalogue.csv row {1 + list(catalogue()).index('D10') + 1} (D10), column {column}:"
    )
    assert repr(cell) in found and wanted in found


def test_what_a_plan_gives_never_sizes_the_plan_and_carries_no_floor():
    assert "RULES 5" in refused(with_cell("F01", "sizes_force", "yes"))
    assert "RULES 5" in refused(with_cell("F01", "floors", "F01_kurang: >=40 -> 3"))


def test_an_id_stands_once():
    assert "column id: found 'A01'" in refused(TEXT + TEXT.splitlines()[1] + "\n")


def test_floors_read_what_they_write():
    for e in entries():
        assert parse(e.indicator.id, "; ".join(map(str, e.floors))) == e.floors


def test_several_floors_of_one_indicator_stand_in_one_cell():
    assert parse("D06", "D06_a: >=1 with D06_x -> 3; D06_b: >2.5 from kampanye -> 2") == (
        Floor("D06_a", "D06", 1.0, 3, companion="D06_x"),
        Floor("D06_b", "D06", 2.5, 2, above=True, from_stage="kampanye"),
    )


@pytest.mark.parametrize(
    "text, x, lo, hi, risk",
    [
        ("linear_clamp", -1, 0, 5, 0.0),
        ("linear_clamp", 2, 0, 5, 0.4),
        ("linear_clamp", 9, 0, 5, 1.0),
        ("linear_clamp", 550, 300, 800, 0.5),
        ("linear_inverse", 0, 0, 30, 1.0),
        ("linear_inverse", 20, 0, 30, 1 / 3),
        ("linear_inverse", 99, 0, 30, 0.0),
        ("boolean", 0, 0, 1, 0.0),
        ("boolean", 1, 0, 1, 1.0),
        ("boolean_inverse", 1, 0, 1, 0.0),
        ("boolean_inverse", 0, 0, 1, 1.0),
        ("log_clamp", 0, 500, 10000, 0.0),
        ("log_clamp", 500, 500, 10000, 0.0),
        ("log_clamp", 1800, 500, 10000, log(3.6) / log(20)),
        ("log_clamp", 20000, 500, 10000, 1.0),
        ("map{1:0.6,2:1.0,3:0.7}", 1, 1, 3, 0.6),
        ("map{1:0.6,2:1.0,3:0.7}", 2, 1, 3, 1.0),
        ("map{1:0.6,2:1.0,3:0.7}", 2.5, 1, 3, 1.0),  # between two points the riskier
        ("map{1:0.6,2:1.0,3:0.7}", 8, 1, 3, 0.7),
        ("map{1:0.6,2:1.0,3:0.7}", 0, 1, 3, 0.6),
    ],
)
def test_each_transform(text, x, lo, hi, risk):
    assert Transform.parse(text).risk(x, lo, hi) == pytest.approx(risk, abs=1e-12)


@pytest.mark.parametrize("text", ["linear", "map{}", "map{1:a}", "map{1:1.2}", ""])
def test_a_transform_nobody_knows_is_refused(text):
    with pytest.raises(RecipeError):
        Transform.parse(text)


def test_transform_reads_what_it_writes():
    for indicator in catalogue().values():
        assert Transform.parse(str(indicator.transform)) == indicator.transform


@pytest.mark.parametrize(
    "change",
    [
        {"lo": 5.0},
        {"weight": 0.0},
        {"fresh_days": -1},
        {"first_stage": "nanti"},
        {"dimension": "z"},
        {"dimension": "AB"},
        {"transform": Transform("log_clamp")},
    ],
)
def test_an_indicator_that_contradicts_itself_is_refused(change):
    with pytest.raises(RecipeError, match="A01"):
        replace(catalogue()["A01"], **change)


def test_no_indicator_asks_about_a_person():
    for indicator in catalogue().values():
        for word in ("agama", "suku", "etnis", "partai", "pilihan politik"):
            assert word not in indicator.name_id.lower()


def test_reference_page_does_not_drift():
    page = ROOT / "docs/reference/indicators.md"
    assert page.read_text(encoding="utf-8") == indicators_markdown()
