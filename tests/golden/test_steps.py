"""Another program worked these tables; every step agrees to 1e-9, missing cells and labels exactly.

pilkades-a is ours and committed; coinr-asem stays outside the repository and is read where it lies.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from kondusif.errors import RecipeError
from kondusif.measure.index.data import Data
from kondusif.measure.index.denominate import Denominating, denominate
from kondusif.measure.index.screen import Screening, screen
from kondusif.measure.index.tree import Node, Tree
from tests.requires import shared_data

PILKADES = Path(__file__).parent / "pilkades-a"
NAMES = ("uName", "uCode", "Time", "kecamatan")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text else None


@cache
def tree_of(path, denominators=True):
    nodes = [
        Node(
            r["iCode"],
            r["Parent"],
            float(r["Weight"]),
            leaf=r["Type"] == "Indicator",
            direction=int(r["Direction"]),
            lo=number(r.get("goalpost_lower", "")),
            hi=number(r.get("goalpost_upper", "")),
            target=number(r["Target"]),
            denominator=r["Denominator"] if denominators else "",
        )
        for r in rows(path)
        if r["Type"] in ("Indicator", "Aggregate")
    ]
    return Tree(tuple(nodes))


def data_of(path, tree, groups=None, other=None):
    table = sorted(rows(path), key=lambda r: r["uCode"])
    values = np.array([[float(r[c]) if r.get(c) else np.nan for c in tree.leaf_codes] for r in table])
    units = tuple(r["uCode"] for r in table)
    extra = {r["uCode"]: r for r in (rows(other) if other else table)}
    return Data(
        units,
        tree.leaf_codes,
        values,
        groups={g: tuple(extra[u][g] for u in units) for g in groups or ()},
        other={
            d: np.array([float(extra[u][d] or "nan") for u in units])
            for d in ("Area", "Energy", "GDP", "Population")
            if other
        },
    )


def agree(data, path, codes=None):
    """Same units, same columns, gaps exactly, values to 1e-9."""
    table = rows(path)
    assert [r["uCode"] for r in table] == list(data.units)
    codes = codes or [c for c in table[0] if c not in NAMES]
    assert set(codes) <= set(data.codes)
    want = np.array([[float(r[c]) if r[c] else np.nan for c in codes] for r in table])
    got = data.of(codes).values
    assert (np.isnan(got) == np.isnan(want)).all()
    assert np.nanmax(np.abs(got - want)) < 1e-9


def asem(*parts):
    return shared_data("golden", "coinr-asem", *parts)


@pytest.fixture
def world():
    tree = tree_of(asem("00_input/iMeta.csv"))
    return tree, data_of(asem("00_input/iData.csv"), tree, ("EurAsia_group",), asem("00_input/unit_meta.csv"))


def step(name, tree):
    """One table of the default pipeline of coinr-asem."""
    return data_of(
        asem("01_default_pipeline", name + ".csv"), tree, ("EurAsia_group",), asem("00_input/unit_meta.csv")
    )


# --- denominate and screen -----------------------------------------------------------------------------


def test_asem_denominated(world):
    tree, raw = world
    agree(raw, asem("01_default_pipeline/Raw.csv"))
    with pytest.raises(RecipeError, match="LAO, Elec: Energy is missing"):
        denominate(raw, tree, Denominating())
    how = Denominating(bad="missing")
    agree(denominate(raw, tree, how), asem("01_default_pipeline/Denominated.csv"))


def same_summary(summary, path):
    columns = {
        "N_missing": summary.missing,
        "N_zero": summary.zero,
        "N_miss_or_zero": summary.missing_or_zero,
        "Dat_Avail": summary.available,
        "Non_Zero": summary.nonzero,
        "LowData": summary.low_data,
        "LowNonZero": summary.low_nonzero,
        "LowDatOrZeroFlag": summary.low_either,
        "Included": summary.included,
    }
    table = rows(path)
    assert [r["uCode"] for r in table] == list(summary.units)
    for name in set(table[0]) - {"uCode"}:
        want = [float({"TRUE": 1, "FALSE": 0}.get(r[name], r[name])) for r in table]
        assert columns[name] == pytest.approx(want, abs=1e-9), name


@pytest.mark.parametrize(
    ("method", "name"), [("availability", "byNA"), ("nonzero", "byzeros"), ("both", "byNAandzeros")]
)
def test_asem_screened_by_each_rule(world, method, name):
    tree, raw = world
    got = screen(raw, tree, Screening(method, least_available=0.9, least_nonzero=0.9))
    same_summary(got.summary, asem(f"02_screen/screen_{name}_0.9_summary.csv"))
    assert list(got.removed) == [r["uCode"] for r in rows(asem(f"02_screen/screen_{name}_0.9_removed.csv"))]


def test_asem_screened_with_units_forced(world):
    tree, raw = world
    how = Screening("availability", least_available=0.95, include=("BRN",), exclude=("GBR",))
    same_summary(screen(raw, tree, how).summary, asem("02_screen/screen_byNA_0.95_force_summary.csv"))


def test_asem_availability(world):
    tree, raw = world
    got = screen(raw, tree, Screening())
    same_summary(got.summary, asem("02_screen/data_avail_summary.csv"))
    agree(
        Data(raw.units, got.availability.codes, got.availability.values),
        asem("02_screen/data_avail_by_group.csv"),
    )


def test_asem_screened_in_the_pipeline(world):
    tree, _ = world
    got = screen(step("Imputed", tree), tree, Screening("availability", least_available=0.9))
    same_summary(got.summary, asem("01_default_pipeline/Screened_DataSummary.csv"))
    agree(got.data, asem("01_default_pipeline/Screened.csv"))
