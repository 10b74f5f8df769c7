"""Official boundaries: every wrong feature is named, codes match in both spellings, shapes stay shapes."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.errors import ImportRefused
from kondusif.files import load_sample
from kondusif.files.geojson import read_boundaries
from kondusif.files.outline import area, drawn, inside, simplified
from kondusif.places import Desa, Point
from tests import cast
from tests.requires import shared_data

OURS = cast.DESA[:4]


def square(desa):
    return [list(p) for p in cast.cell(desa)]


def feature(desa, **more):
    properties = {"kode": desa.kode, "nama": desa.nama} | more.pop("properties", {})
    geometry = {"type": "Polygon", "coordinates": [square(desa)]} | more.pop("geometry", {})
    return {"type": "Feature", "properties": properties, "geometry": geometry} | more


def file(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | more).encode()


def read(*features, desa=OURS, code_property="", **more):
    return read_boundaries(file(*features, **more), "batas.geojson", desa, code_property=code_property)


@pytest.mark.parametrize(
    "written", ["99.01.01.2001", "9901012001", 9901012001, 9901012001.0, "99 01 01 2001"]
)
def test_a_code_is_one_code_in_every_spelling(written):
    found = read(feature(cast.DESA[0], properties={"kode": written}))
    assert list(found.outlines) == [cast.KARANGJATI]


def test_both_sides_are_told_what_has_no_partner():
    found = read(feature(cast.DESA[0]), feature(cast.DESA[4]))
    assert found.unknown == (cast.OUTSIDE,)
    assert found.without == (cast.TEGALREJO, cast.WONOSARI, cast.QUIET)
    assert list(found.outlines) == [cast.KARANGJATI]


def test_the_planner_may_name_the_property():
    odd = feature(cast.DESA[0], properties={"kode": "x", "KODE_RESMI": "9901012001"})
    assert read(odd, code_property="kode_resmi").property == "kode_resmi"
    with pytest.raises(ImportRefused) as refused:
        read(odd)
    assert refused.value.problems[0].row == 1


def test_without_a_property_the_features_own_id_is_the_code():
    assert read(feature(cast.DESA[0], id="99.01.01.2001", properties={"kode": None})).property == "id"


def test_a_hole_and_islands_are_kept_and_turned_as_the_standard_says():
    outer = square(cast.DESA[0])[::-1]  # clockwise, as older tools write
    hole = [[112.899, -7.701], [112.901, -7.701], [112.901, -7.699], [112.899, -7.701]]
    island = square(cast.DESA[1])
    found = read(
        feature(cast.DESA[0], geometry={"type": "MultiPolygon", "coordinates": [[outer, hole], [island]]})
    )
    (first, second) = found.outlines[cast.KARANGJATI].polygons
    assert area(first[0]) > 0 and area(first[1]) < 0 and area(second[0]) > 0


def test_a_wrong_name_and_a_point_outside_are_pointed_out():
    found = read(
        feature(
            cast.DESA[0], properties={"nama": "Tegalrejo"}, geometry={"coordinates": [square(cast.DESA[1])]}
        )
    )
    assert [(kode, what) for kode, what, _ in found.remarks] == [
        (cast.KARANGJATI, "nama"),
        (cast.KARANGJATI, "titik"),
    ]
    assert read(feature(cast.DESA[0], properties={"nama": "KARANG JATI"})).remarks == ()


RING = square(cast.DESA[0])


@pytest.mark.parametrize(
    ("change", "column", "expected"),
    [
        ({"geometry": {"type": "Point", "coordinates": [112.9, -7.7]}}, "geometry", "Polygon"),
        ({"geometry": {"type": "GeometryCollection"}}, "geometry", "Polygon"),
        ({"geometry": {"coordinates": [RING[:-1]]}}, "coordinates", "titik pertama"),
        ({"geometry": {"coordinates": [RING[:3]]}}, "coordinates", "4 titik"),
        ({"geometry": {"coordinates": [[[y, x] for x, y in RING]]}}, "coordinates", "tertukar"),
        ({"geometry": {"coordinates": [[[700000, 9140000]] * 4]}}, "coordinates", "UTM"),
        ({"geometry": {"coordinates": [[["a", 1]] * 4]}}, "coordinates", "angka"),
        ({"geometry": {"coordinates": [[[True, False]] * 4]}}, "coordinates", "angka"),
        ({"geometry": {"coordinates": [[[112.9, -7.7]] * 4]}}, "coordinates", "luas"),
        ({"geometry": {"coordinates": []}}, "coordinates", "cincin"),
        ({"geometry": {"coordinates": "x"}}, "coordinates", "cincin"),
        ({"geometry": {"coordinates": [[]]}}, "coordinates", "4 titik"),
        ({"properties": {"kode": "3514060006"}}, "kode", "bukan kode BPS"),
        ({"type": "Geometry"}, "", "Feature"),
    ],
)
def test_a_wrong_feature_is_named_and_nothing_is_taken(change, column, expected):
    with pytest.raises(ImportRefused) as refused:
        read(feature(cast.DESA[1]), feature(cast.DESA[0], **change))
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (2, column)
    assert expected in problem.expected


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b"null",
        b'{"type":"FeatureCollection","features":[]}',
        b'{"type":"Topology"}',
        b"[" * 100_000,
        file(feature(cast.DESA[0]), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::32749"}}),
        file(feature(cast.DESA[0])).replace(b"112.89", b"NaN", 1),
        file(feature(cast.DESA[0])).replace(b"112.89", b"1e999", 1),
        file(feature(cast.DESA[0])).replace(b"112.89", b"9" * 400, 1),
        file(feature(cast.DESA[0]), feature(cast.DESA[0])),
        file(feature(cast.DESA[4])),  # nothing of ours
        file(None, 1, "x"),
    ],
    ids=range(13),
)
def test_a_file_that_cannot_be_boundaries_is_a_problem_and_no_outage(raw):
    with pytest.raises(ImportRefused) as refused:
        read_boundaries(raw, "batas.geojson", OURS)
    assert refused.value.problems


def test_the_villages_of_pasrepan_are_read_whole():
    raw = shared_data("geo", "pasrepan_boundaries.geojson").read_bytes()
    sample = load_sample().desa
    found = read_boundaries(raw, "pasrepan_boundaries.geojson", sample)
    assert set(found.outlines) == {d.kode for d in sample} and len(found.outlines) == 17
    assert (found.unknown, found.without) == ((), ())
    assert [r for r in found.remarks if r[1] == "titik"] == []
    for outline in found.outlines.values():
        rings = drawn(outline.polygons, 1e-4)
        assert sum(map(len, rings)) < outline.corners
        whole = sum(abs(area(p[0])) for p in outline.polygons)
        assert abs(area([*rings[0], rings[0][0]])) == pytest.approx(whole, rel=0.02)


# ---- shapes: crossings are refused, overlaps pointed out


def shifted(east=0.0, desa=None):
    return [[round(x + east, 6), y] for x, y in square(desa or cast.DESA[0])]


A, B, C, D = square(cast.DESA[0])[:4]
MID = [112.9, -7.7]
CROSSED = {
    "bow tie": ([[A, B, [112.895, -7.69], C, A]], "memotong dirinya sendiri di 112"),
    "pinched": ([[A, B, C, MID, D, [112.895, -7.695], MID, A]], "sendiri"),
    "hole outside": (
        [[A, B, C, D, A], [[113.0, -7.7], [113.01, -7.7], [113.01, -7.69], [113.0, -7.7]]],
        "lubang di luar",
    ),
}


@pytest.mark.parametrize("coordinates, said", CROSSED.values(), ids=CROSSED)
def test_a_boundary_that_crosses_itself_is_named_with_its_feature_place_and_cure(coordinates, said):
    with pytest.raises(ImportRefused) as refused:
        read(feature(cast.DESA[1]), feature(cast.DESA[0], geometry={"coordinates": coordinates}))
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (2, "coordinates")
    assert said in problem.found and "Fix Geometries" in problem.expected


def test_a_part_inside_another_part_is_refused():
    inner = [[112.899, -7.701], [112.901, -7.701], [112.901, -7.699], [112.899, -7.701]]
    with pytest.raises(ImportRefused, match="satu bagian di dalam"):
        read(
            feature(
                cast.DESA[0],
                geometry={"type": "MultiPolygon", "coordinates": [[square(cast.DESA[0])], [inner]]},
            )
        )


def test_a_crossing_in_a_village_that_is_not_ours_stops_nothing():
    crossed = feature(cast.DESA[4], geometry={"coordinates": CROSSED["bow tie"][0]})
    assert read(feature(cast.DESA[0]), crossed).unknown == (cast.OUTSIDE,)


def test_rounding_makes_no_crossing_that_the_file_has_not():
    ring = [A, B, [112.9000004, -7.7000001], [112.9000004, -7.6999999], C, D, A]
    assert read(feature(cast.DESA[0], geometry={"coordinates": [ring]})).checked


@pytest.mark.parametrize(
    "ring",
    [
        [[112.9, -7.7], [112.91, -7.7], [112.92, -7.7], [112.9, -7.7]],
        [[112.9, -7.7], [112.91, -7.71], [112.9300001, -7.73], [112.9, -7.7]],  # on one line but for a hair
    ],
)
def test_corners_on_one_line_hold_no_village(ring):
    with pytest.raises(ImportRefused, match="cincin tanpa luas"):
        read(feature(cast.DESA[0], geometry={"coordinates": [ring]}))


def test_villages_that_claim_the_same_ground_are_pointed_out_and_taken():
    half = feature(cast.DESA[1], geometry={"coordinates": [shifted(0.01)]})
    found = read(feature(cast.DESA[0]), half)
    told = [r for r in found.remarks if r[1] == "tumpang"]
    assert told == [(cast.KARANGJATI, "tumpang", f"Tegalrejo ({cast.TEGALREJO}), 245,1 ha")]
    assert len(found.outlines) == 2


@pytest.mark.parametrize("east", [0.02, 0.02 - 1e-5])
def test_neighbours_that_touch_or_differ_by_a_sliver_do_not_overlap(east):
    beside = feature(cast.DESA[1], geometry={"coordinates": [shifted(east)]})
    assert [r for r in read(feature(cast.DESA[0]), beside).remarks if r[1] == "tumpang"] == []


def test_without_the_library_it_is_said_that_nobody_looked(monkeypatch):
    monkeypatch.setitem(sys.modules, "shapely", None)
    crossed = feature(cast.DESA[0], geometry={"coordinates": CROSSED["bow tie"][0]})
    found = read(crossed, feature(cast.DESA[1], geometry={"coordinates": [shifted(0.01)]}))
    assert not found.checked and [r for r in found.remarks if r[1] == "tumpang"] == []


# ---- outlines

POINTS = st.tuples(st.floats(112, 113), st.floats(-8, -7))


@given(st.lists(POINTS, min_size=3, max_size=40, unique=True), st.floats(0, 0.5))
def test_a_simplified_ring_is_closed_and_made_of_its_own_corners(points, tolerance):
    ring = (*points, points[0])
    less = simplified(ring, tolerance)
    assert less[0] == less[-1] == ring[0]
    assert set(less) <= set(ring) and len(less) >= min(len(ring), 4)


def test_a_straight_side_loses_its_corners_and_a_bay_keeps_them():
    ring = ((0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (4, 4), (2, 1), (0, 4), (0, 0))
    assert simplified(ring, 0.1) == ((0, 0), (4, 0), (4, 4), (2, 1), (0, 4), (0, 0))


def test_inside_knows_holes_and_islands():
    outer, hole = (
        tuple(map(tuple, square(cast.DESA[0]))),
        ((112.899, -7.701), (112.901, -7.701), (112.9, -7.699), (112.899, -7.701)),
    )
    assert inside((112.9, -7.7), [(outer,)])
    assert not inside((112.9, -7.7), [(outer, hole)])
    assert not inside((112.95, -7.7), [(outer,)])


def test_small_islands_are_left_out_of_a_drawing_and_the_largest_part_never_is():
    big = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0))
    small = ((5.0, 5.0), (5.01, 5.0), (5.01, 5.01), (5.0, 5.0))
    assert len(drawn([(small,), (big,)], 0.1)) == 1
    assert len(drawn([(small,)], 0.1)) == 1


def test_a_village_without_coordinates_has_no_point_to_miss():
    desa = Desa(cast.KARANGJATI, "Karangjati", "Sumberarum", "", None, True)
    assert (
        read(feature(cast.DESA[1], properties={"kode": cast.KARANGJATI, "nama": ""}), desa=[desa]).remarks
        == ()
    )
    moved = Desa(cast.KARANGJATI, "Karangjati", "Sumberarum", "", Point(-7.0, 112.0), True)
    assert len(read(feature(cast.DESA[0]), desa=[moved]).remarks) == 1
