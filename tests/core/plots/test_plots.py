"""Figures say what the data say, carry the mark, and are the same bytes each time."""

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.errors import ExtraMissing, ImportRefused, RecipeError
from kondusif.plots import (
    MARK,
    Bars,
    Caption,
    ClassScale,
    Heat,
    Map,
    Place,
    Slope,
    Strip,
    before_after,
    class_map,
    class_strip,
    correlation_map,
    heat_map,
    places_of,
    ranked_bars,
    save,
)
from kondusif.plots.style import DPI, comma, spread, style_of
from tests.requires import ROOT

NAN = np.nan
UNITS = tuple(f"99.01.01.{2000 + k}" for k in range(12))
DICE = np.random.default_rng(2)
PARTS = DICE.uniform(0, 15, (12, 4))
SCORES = PARTS.sum(axis=1)
LEVELS = tuple(int(1 + (s >= 20) + (s >= 40)) for s in SCORES)
SCALE = ClassScale(cuts=(20, 40))
PLAIN = Caption("Judul", "uji")
SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0.0]])
PLACES = tuple(Place(u, f"Desa {k}", (SQUARE + np.array([k % 4, k // 4]),)) for k, u in enumerate(UNITS))

FIGURES = {
    "bars": lambda s: ranked_bars(
        Bars(UNITS, tuple("ABCD"), PARTS, SCORES, LEVELS, SCORES - 3, SCORES + 3), s, SCALE
    ),
    "strip": lambda s: class_strip(Strip(UNITS, SCORES, LEVELS), s, SCALE),
    "heat": lambda s: heat_map(Heat(UNITS, tuple("ABCD"), PARTS * 5, tuple("XXYY"), SCORES), s),
    "correlations": lambda s: correlation_map(
        Heat(tuple("ABCD"), tuple("ABCD"), np.corrcoef(PARTS, rowvar=False), low=-1, high=1), s
    ),
    "slope": lambda s: before_after(Slope(UNITS, SCORES, SCORES[::-1]), s, SCALE),
    "map": lambda s: class_map(Map(PLACES, dict(zip(UNITS, LEVELS, strict=True))), s, SCALE),
}


def words(figure):
    """Every text of a figure."""
    return [text.get_text() for text in texts(figure)]


def texts(figure):
    from matplotlib.text import Text

    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def bytes_of(figure, kind, tmp_path, name="x"):
    save(figure, tmp_path / f"{name}.{kind}")
    return (tmp_path / f"{name}.{kind}").read_bytes()


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_its_title_and_source_and_the_mark_only_where_due(name):
    plain, marked = FIGURES[name](PLAIN), FIGURES[name](Caption("Judul", "uji", illustrative=True))
    assert {"Judul", "Sumber: uji"} <= set(words(plain)) and MARK not in words(plain)
    assert MARK in words(marked)


@pytest.mark.parametrize("kind, magic", [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
@pytest.mark.parametrize("name", FIGURES)
def test_the_same_data_give_the_same_bytes_in_every_format(name, kind, magic, tmp_path):
    one = bytes_of(FIGURES[name](PLAIN), kind, tmp_path, "one")
    two = bytes_of(FIGURES[name](PLAIN), kind, tmp_path, "two")
    assert one == two and one.startswith(magic)


def test_the_order_of_units_changes_nothing(tmp_path):
    turn = list(range(12))[::-1]
    units, levels = tuple(UNITS[k] for k in turn), tuple(LEVELS[k] for k in turn)
    other = ranked_bars(Bars(units, tuple("ABCD"), PARTS[turn], SCORES[turn], levels), PLAIN, SCALE)
    same = ranked_bars(Bars(UNITS, tuple("ABCD"), PARTS, SCORES, LEVELS), PLAIN, SCALE)
    assert bytes_of(other, "png", tmp_path) == bytes_of(same, "png", tmp_path)


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_page(name):
    figure = FIGURES[name](PLAIN)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer = FigureCanvasAgg(figure).get_renderer()
    width, height = figure.get_size_inches() * DPI
    figure.draw(renderer)
    for text in texts(figure):
        box = text.get_window_extent(renderer)
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1, text.get_text()


@pytest.mark.parametrize("name", ["bars", "heat", "slope"])
def test_labels_of_a_hundred_and_twenty_units_do_not_overlap(name):
    units = tuple(f"99.{k // 10:02d}.01.{2000 + k}" for k in range(120))
    parts = np.random.default_rng(1).uniform(0, 12, (120, 4))
    scores = parts.sum(axis=1)
    figure = {
        "bars": lambda: ranked_bars(Bars(units, tuple("ABCD"), parts, scores), PLAIN, most=None),
        "heat": lambda: heat_map(Heat(units, tuple("ABCD"), parts, order=scores), PLAIN, most=None),
        "slope": lambda: before_after(Slope(units, scores, scores[::-1]), PLAIN),
    }[name]()
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    boxes = [t.get_window_extent(renderer) for t in texts(figure) if "99." in t.get_text()]
    assert len(boxes) >= (120 if name != "slope" else 40)
    for k, one in enumerate(boxes):
        for other in boxes[k + 1 :]:
            assert not (
                min(one.x1, other.x1) - max(one.x0, other.x0) > 1
                and min(one.y1, other.y1) - max(one.y0, other.y0) > 2
            )


def many(n, parts=7):
    """Villages of a made-up regency with their scores; names as people give them."""
    dice = np.random.default_rng(n)
    values = dice.gamma(1.5, 3, (n, parts))
    return tuple(f"Desa Sumberrejo {k + 1}" for k in range(n)), values, values.sum(axis=1)


def grid(n):
    side = int(np.ceil(np.sqrt(n)))
    at = [(SQUARE + np.array([k % side, k // side])) / side for k in range(n)]
    return tuple(Place(f"99.{k}", f"Desa Sumberrejo {k + 1}", (ring,)) for k, ring in enumerate(at))


def sized(name, n):
    """A figure of ``n`` units, drawn whole."""
    units, values, scores = many(n)
    levels = tuple(int(1 + (s >= 30) + (s >= 40)) for s in scores)
    names = tuple(f"Bagian yang panjang {k}" for k in range(7))
    return {
        "bars": lambda: ranked_bars(
            Bars(units, names, values, scores, levels, scores - 2, scores + 2), PLAIN, SCALE, most=None
        ),
        "strip": lambda: class_strip(
            Strip(units, scores, levels, tuple(f"Kec {k % 9}" for k in range(n))), PLAIN
        ),
        "heat": lambda: heat_map(Heat(units, names, values, order=scores), PLAIN, most=None),
        "slope": lambda: before_after(Slope(units, scores, scores[::-1]), PLAIN, SCALE),
        "map": lambda: class_map(Map(grid(n), {f"99.{k}": levels[k] for k in range(n)}), PLAIN, SCALE),
    }[name]()


@pytest.mark.parametrize("n", [3, 31, 333])
@pytest.mark.parametrize("name", ["bars", "strip", "heat", "slope", "map"])
def test_no_label_overlaps_another_or_leaves_the_page(name, n):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    figure = sized(name, n)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    width, height = figure.get_size_inches() * DPI
    assert height < 65_536
    boxes = [(t, Text.get_window_extent(t, renderer)) for t in texts(figure)]  # without its leader
    for text, box in boxes:
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1, text.get_text()
    boxes = sorted((b.y0, b.y1, b.x0, b.x1, t.get_text()) for t, b in boxes)
    for k, (_, y1, x0, x1, one) in enumerate(boxes):
        for low, high, west, east, other in boxes[k + 1 :]:
            if low > y1 - 3:
                break
            assert min(x1, east) - max(x0, west) <= 3 or min(y1, high) - low <= 3, (one, other)


def test_any_two_parts_of_a_bar_differ_in_hatch_or_in_lightness():
    from kondusif.plots.style import PARTS as MOST
    from kondusif.plots.style import lightness, part_style

    looks = [part_style(k) for k in range(MOST)]
    assert MOST >= 12 and len(set(looks)) == MOST
    for k, (face, hatch) in enumerate(looks):
        for other, pattern in looks[:k]:
            assert hatch != pattern or abs(lightness(face) - lightness(other)) >= 40
    for (face, _), (other, _) in pairwise(looks):
        assert abs(lightness(face) - lightness(other)) >= 40


@pytest.mark.parametrize("parts", [5, 12, 24, 60])
def test_every_part_of_a_bar_is_in_the_legend_and_differs_on_the_page(parts):
    from kondusif.plots.style import PARTS as MOST

    units, values, scores = many(4, parts)
    names = tuple(f"Bagian {k}" for k in range(parts))
    figure = ranked_bars(Bars(units, names, values, scores), PLAIN)
    (axes,) = figure.axes
    said = [text.get_text() for text in axes.get_legend().get_texts()]
    assert len(said) == min(parts, MOST)
    assert (said[-1].endswith("lainnya")) == (parts > MOST)
    looks = {(bars[0].get_facecolor(), bars[0].get_hatch()) for bars in axes.containers}
    assert len(looks) == len(said)
    widths = np.sum([[bar.get_width() for bar in bars] for bars in axes.containers], axis=0)
    np.testing.assert_allclose(sorted(widths), sorted(scores))


def test_the_line_over_a_bar_is_explained_and_only_where_it_is_drawn():
    with_line, without = FIGURES["bars"](PLAIN), ranked_bars(Bars(UNITS, tuple("ABCD"), PARTS, SCORES), PLAIN)
    assert "rentang skor" in words(with_line) and "Garis di tepi bawah batang" in " ".join(words(with_line))
    assert "rentang skor" not in " ".join(words(without)) and "Garis" not in " ".join(words(without))


def test_cut_lines_stand_in_front_of_bars_and_lines():
    (axes,) = FIGURES["bars"](PLAIN).axes
    cuts = [line for line in axes.lines if list(line.get_xdata()) in ([20, 20], [40, 40])]
    assert len(cuts) == 2
    assert min(line.get_zorder() for line in cuts) > max(bar.get_zorder() for bar in axes.patches)
    (axes,) = FIGURES["slope"](PLAIN).axes
    cuts = [line for line in axes.lines if list(line.get_ydata()) in ([20, 20], [40, 40])]
    assert cuts and min(line.get_zorder() for line in cuts) > 2


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=9), st.sampled_from(["TPS {}", "{}", "Kec. {} B"])
)
def test_groups_sort_as_people_count(numbers, shape):
    from kondusif.plots.style import natural

    assert sorted([shape.format(n) for n in numbers], key=natural) == [
        shape.format(n) for n in sorted(numbers)
    ]


def test_strips_stand_in_the_order_in_which_people_count():
    groups = ("TPS 10", "TPS 9", "TPS 2", "TPS 1")
    (axes,) = class_strip(Strip(tuple("abcd"), np.arange(4.0), (1,) * 4, groups), PLAIN).axes
    assert [t.get_text() for t in axes.get_yticklabels()] == list(groups)  # from below
    ties = Bars(("TPS 10", "TPS 9", "TPS 2"), ("A",), np.ones((3, 1)), np.ones(3))
    names = [t.get_text().split("   ")[1] for t in ranked_bars(ties, PLAIN).axes[0].get_yticklabels()]
    assert names == ["TPS 2", "TPS 9", "TPS 10"]


def test_the_legend_of_a_map_is_whole():
    """Every class, also one that nobody has; no class, no data and provisional, each with its count."""
    data = Map(PLACES, {UNITS[0]: 1, UNITS[1]: 1, UNITS[2]: 0, UNITS[3]: 3}, frozenset({UNITS[1], UNITS[2]}))
    (axes,) = class_map(data, PLAIN, SCALE).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "1 Kurang Rawan (2)",
        "2 Rawan (0)",
        "3 Sangat Rawan (1)",
        "? Tanpa kelas (1)",
        "– Tidak ada data (8)",
        "* Kelas sementara (1)",
    ]
    assert {"1", "1*", "?", "3", "–"} <= set(words(axes.figure))


def test_a_long_name_at_the_edge_of_a_map_never_leaves_the_page():
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    places = tuple(replace(p, name=f"{p.name} yang namanya panjang sekali") for p in PLACES)
    figure = class_map(Map(places, {}), PLAIN, SCALE)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    width = figure.get_size_inches()[0] * DPI
    boxes = [text.get_window_extent(renderer) for text in texts(figure)]
    assert all(box.x0 >= 0 and box.x1 <= width for box in boxes)


@pytest.mark.parametrize("lost", [1, 12, 40])
def test_a_unit_without_a_boundary_is_named_on_the_map(lost):
    gone = {f"99.88.01.{2001 + k}": 2 for k in range(lost)}
    data = Map(PLACES, {UNITS[0]: 1, **gone})
    assert data.without_place == tuple(gone)
    text = " ".join(words(class_map(data, PLAIN, SCALE))).replace("\n", " ")
    assert f"{lost} satuan tanpa batas wilayah" in text and all(code in text for code in list(gone)[:12])
    assert (f"dan {lost - 12} lainnya" in text) == (lost > 12)


def test_a_figure_too_tall_to_draw_says_to_draw_fewer():
    units, values, scores = many(3_000, 2)
    with pytest.raises(RecipeError, match="--most"):
        ranked_bars(Bars(units, ("a", "b"), values, scores), PLAIN, most=None)


def test_the_bars_add_up_to_the_score_and_negative_parts_go_left():
    data = Bars(("a",), ("up", "down"), np.array([[30.0, -10.0]]), np.array([20.0]))
    (axes,) = ranked_bars(data, PLAIN).axes
    assert [(p.get_x(), p.get_width()) for p in axes.patches] == [(0, 30), (0, -10)]
    assert axes.get_xlim()[0] <= -10 and "20,0" in words(axes.figure)


def test_what_is_not_drawn_is_said():
    scores = SCORES.copy()
    scores[:2] = NAN
    parts = np.where(np.isnan(scores)[:, None], NAN, PARTS)
    text = " ".join(words(ranked_bars(Bars(UNITS, tuple("ABCD"), parts, scores), PLAIN, most=5)))
    assert "5 tertinggi dari 10 satuan" in text and "2 satuan tanpa skor" in text
    text = " ".join(words(class_strip(Strip(UNITS, scores, LEVELS), PLAIN, SCALE)))
    assert "2 satuan tanpa skor" in text
    text = " ".join(words(before_after(Slope(UNITS, scores, SCORES), PLAIN)))
    assert "2 satuan tanpa skor pada salah satu waktu" in text and "10 tetap" in text
    text = " ".join(words(class_map(Map(PLACES, {UNITS[0]: 2}), PLAIN)))
    assert "– Tidak ada data (11)" in text


@pytest.mark.parametrize("n", [0, 1])
def test_one_unit_or_none_is_no_error(n, tmp_path):
    units, scores = UNITS[:n], SCORES[:n]
    for k, figure in enumerate(
        (
            ranked_bars(Bars(units, ("A",), scores[:, None], scores), PLAIN),
            class_strip(Strip(units, scores, LEVELS[:n]), PLAIN),
            heat_map(Heat(units, ("A",), scores[:, None]), PLAIN),
            before_after(Slope(units, scores, scores), PLAIN),
            ranked_bars(Bars(units, ("A",), scores[:, None] * NAN, scores * NAN), PLAIN),
        )
    ):
        assert bytes_of(figure, "png", tmp_path, str(k)).startswith(b"\x89PNG")


def test_a_dollar_sign_in_a_name_is_a_dollar_sign(tmp_path):
    data = Bars(("a$x_1$",), ("$B$",), np.array([[30.0]]), np.array([30.0]))
    assert b"<svg" in bytes_of(ranked_bars(data, Caption("$x$", "$y")), "svg", tmp_path)


def test_classes_get_darker_and_no_two_look_alike_without_colour():
    for of in range(2, 6):
        styles = [style_of(level, of) for level in range(1, of + 1)]
        grey = [
            0.299 * int(s.face[1:3], 16) + 0.587 * int(s.face[3:5], 16) + 0.114 * int(s.face[5:], 16)
            for s in styles
        ]
        assert grey == sorted(grey, reverse=True)
        assert len({s.hatch for s in styles}) == len({s.marker for s in styles}) == of


@given(st.lists(st.floats(0, 10), min_size=1, max_size=12), st.floats(0.01, 0.8))
def test_spread_keeps_order_and_distance_and_moves_nothing_without_need(places, gap):
    places = sorted(places)
    found = spread(places, gap, 0.0, 10.0)
    assert all(b - a >= gap - 1e-9 for a, b in pairwise(found))
    if all(b - a >= gap for a, b in pairwise(places)):
        np.testing.assert_allclose(found, places, atol=1e-9)
    assert min(found) >= -1e-9 and max(found) <= 10 + 1e-9


def test_decimals_are_commas_and_zero_has_no_sign():
    assert (comma(38.25, 2), comma(-0.001), comma(12, 0)) == ("38,25", "0,0", "12")


def test_geojson_with_holes_and_many_parts():
    hole = (SQUARE * 0.2 + 0.4).tolist()
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "properties": {"kode": "99.01", "nama": "A"},
                "geometry": {"type": "Polygon", "coordinates": [SQUARE.tolist(), hole]},
            },
            {
                "properties": {"kode": "99.02"},
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [[SQUARE.tolist()], [(SQUARE + 2).tolist()]],
                },
            },
        ],
    }
    one, two = places_of(document)
    assert (one.code, one.name, len(one.rings)) == ("99.01", "A", 2)
    assert (two.name, len(two.rings)) == ("99.02", 2)
    class_map(Map((one, two), {"99.01": 1}), PLAIN)
    for broken, says in (
        ({}, "FeatureCollection"),
        ({"features": []}, "FeatureCollection"),
        ({"features": [{"properties": {}}, 7]}, "baris 2, kolom kode"),
        ({"features": [{"properties": {"kode": "x"}, "geometry": {"type": "Point"}}]}, "x: ditemukan Point"),
        (
            {
                "features": [
                    {"properties": {"kode": "x"}, "geometry": {"type": "Polygon", "coordinates": [[1]]}}
                ]
            },
            "x: ditemukan Polygon",
        ),
    ):
        with pytest.raises(ImportRefused, match=says):
            places_of(broken)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Caption("", "uji"),
        lambda: Caption("Judul", " "),
        lambda: ClassScale(cuts=(20,)),
        lambda: ClassScale(cuts=(40, 20)),
        lambda: ClassScale(low=1, high=1),
        lambda: Bars(("a",), ("A",), np.zeros((2, 1)), np.zeros(1)),
        lambda: Bars(("a",), ("A",), np.zeros((1, 1)), np.zeros(1), (1, 2)),
        lambda: Strip(("a",), np.zeros(2), (1,)),
        lambda: Heat(("a",), ("A",), np.zeros((1, 2))),
        lambda: Heat(("a",), ("A",), np.zeros((1, 1)), ("x", "y")),
        lambda: Heat(("a",), ("A",), np.zeros((1, 1)), low=1, high=1),
        lambda: Slope(("a",), np.zeros(2), np.zeros(1)),
        lambda: Map((), {}),
    ],
)
def test_what_does_not_fit_together_is_refused(make):
    with pytest.raises(RecipeError):
        make()


def test_only_three_formats():
    with pytest.raises(RecipeError, match="png, svg, pdf"):
        save(FIGURES["strip"](PLAIN), "x.gif")


def test_without_matplotlib_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ExtraMissing, match=r"pip install kondusif\[plot\]"):
        FIGURES["strip"](PLAIN)


def test_no_pyplot_no_state_and_nothing_loaded_before_it_is_needed(tmp_path):
    code = """
import sys
import kondusif.plots as plots, kondusif.cli
kondusif.cli.parser()
assert "matplotlib" not in sys.modules
import numpy as np, matplotlib
matplotlib.rcParams["font.family"] = ["monospace"]
settings = lambda: {k: matplotlib.rcParams[k] for k in matplotlib.rcParams if k != "backend"}
before = settings()
figure = plots.class_strip(plots.Strip(("a",), np.array([5.0]), (1,)), plots.Caption("t", "s"))
plots.save(figure, sys.argv[1])
assert "matplotlib.pyplot" not in sys.modules
assert settings() == before
"""
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "x.png")], check=True, env=env)
    figure = class_strip(Strip(("a",), np.array([5.0]), (1,)), Caption("t", "s"))
    assert bytes_of(figure, "png", tmp_path, "ours") == (tmp_path / "x.png").read_bytes()
