"""Statistics, correlations, ranks and rank tables as another program worked them; see the README of each set.

Agreement to 1e-9, missing cells exactly, ranks, counts and flags exactly. Every file of the four folders
``07_stats``, ``09_ranks`` (pilkades-a), ``09_stats`` and ``10_results`` (coinr-asem) is read here.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from kondusif_index.audit.correlations import (
    correlations_between,
    with_ancestors,
    with_denominators,
    with_parents,
    within_level,
)
from kondusif_index.audit.statistics import (
    Auditing,
    Flag,
    alphas,
    audit,
    column_findings,
    cronbach,
    outlying,
    pair_findings,
    size_findings,
    statistics,
)
from kondusif_index.data import Data
from kondusif_index.results import ranks, ranks_within, strengths, weaknesses
from kondusif_index.tree import Node, Tree
from tests.requires import shared_data

PILKADES = Path(__file__).parent / "pilkades-a"
NEAR = {"rtol": 0, "atol": 1e-9}
KINDS = ("pearson", "spearman", "kendall")
REFERENCE = Auditing(kind="pearson", conflict=-0.5)  # the reference's own thresholds


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(cell: str) -> float:
    return float(cell) if cell not in ("", "NA") else np.nan


@cache
def tree(root: Path) -> Tree:
    return Tree(
        tuple(
            Node(
                r["iCode"],
                r["Parent"],
                number(r["Weight"]),
                r["Type"] == "Indicator",
                int(r["Direction"]),
                name=r.get("iName", ""),
                unit=r.get("Unit", ""),
            )
            for r in rows(root / "00_input" / "iMeta.csv")
            if r["Type"] in ("Indicator", "Aggregate")
        )
    )


def data(path: Path, codes: tuple[str, ...] = (), groups: tuple[str, ...] = (), other: tuple[str, ...] = ()):
    table = rows(path)
    codes = codes or tuple(c for c in table[0] if c != "uCode" and c not in groups)
    return Data(
        tuple(r["uCode"] for r in table),
        codes,
        np.array([[number(r[c]) for c in codes] for r in table]),
        groups={g: tuple(r[g] for r in table) for g in groups},
        other={o: np.array([number(r[o]) for r in table]) for o in other},
    )


@cache
def pilkades() -> Data:
    return data(PILKADES / "00_input" / "iData.csv", tree(PILKADES).leaf_codes)


@cache
def asem(step: str) -> Data:
    """A step of the reference's own pipeline."""
    codes = tree(world()).leaf_codes
    if step == "Raw":
        path = shared_data("golden", "coinr-asem", "00_input", "iData.csv")
        return data(path, codes, ("GDPpc_group",), ("Area", "Energy", "GDP", "Population"))
    return data(world() / "01_default_pipeline" / f"{step}.csv", codes if step != "Aggregated" else ())


def world() -> Path:
    return shared_data("golden", "coinr-asem")


# --- statistics


@pytest.mark.parametrize("which", ["pilkades", "Raw", "Normalised"])
def test_statistics(which):
    if which == "pilkades":
        path, found = PILKADES / "07_stats" / "stats.csv", statistics(pilkades())
    else:
        path, found = world() / "09_stats" / f"stats_{which}.csv", statistics(asem(which))
    expected = {r["iCode"]: r for r in rows(path)}
    assert {s.code for s in found} == set(expected)
    flags = {f: {x.code for x in column_findings(found, REFERENCE) if x.flag is f} for f in Flag}
    for s in found:
        e = expected[s.code]
        numbers = [s.minimum, s.maximum, s.mean, s.median, s.std, s.skew, s.kurt]
        names = ["Min", "Max", "Mean", "Median", "Std", "Skew", "Kurt"]
        np.testing.assert_allclose(numbers, [number(e[n]) for n in names], **NEAR, err_msg=s.code)
        shares = [s.share_available, s.share_nonzero, s.share_unique, s.share_same]
        names = ["Frc.Avail", "Frc.NonZero", "Frc.Unique", "Frc.Same"]
        np.testing.assert_allclose(shares, [number(e[n]) for n in names], **NEAR, err_msg=s.code)
        counts = [s.available, s.nonzero, s.unique, s.same]
        assert counts == [int(e[n]) for n in ("N.Avail", "N.NonZero", "N.Unique", "N.Same")], s.code
        for flag, name in ((Flag.FEW, "Avail"), (Flag.ZEROS, "NonZero"), (Flag.ALIKE, "Unique")):
            assert (s.code in flags[flag]) == (e[f"Flag.{name}"] == "LOW"), (s.code, name)
        assert outlying(s, REFERENCE) == (e["Flag.SkewKurt"] == "OUT"), s.code


def test_cronbach_of_pilkades():
    part = tree(PILKADES)
    x = pilkades().values * [part.by_code[c].direction for c in part.leaf_codes]
    scaled = (x - np.nanmin(x, axis=0)) / (np.nanmax(x, axis=0) - np.nanmin(x, axis=0)) * 100
    complete = np.where(np.isnan(x), np.nanmean(x, axis=0), x)
    low, high = complete.min(axis=0), complete.max(axis=0)
    complete = 1 + (complete - low) / (high - low) * 99
    for row in rows(PILKADES / "07_stats" / "cronbach.csv"):
        where = [part.leaf_codes.index(c) for c in part.under(row["group"])]
        assert len(where) == int(row["n_items"])
        assert cronbach(scaled[:, where]) == pytest.approx(float(row["alpha_normalised_na"]), abs=1e-9)
        assert cronbach(complete[:, where]) == pytest.approx(float(row["alpha_complete"]), abs=1e-9)


def test_cronbach_of_the_world_index_scaled_and_raw():
    """``alpha`` is of the normalised columns, ``alpha_raw`` of the raw ones before any denominator."""
    scaled = {a.parent: a.alpha for a in alphas(asem("Normalised"), tree(world()))}
    raw = {a.parent: a.alpha for a in alphas(asem("Raw"), tree(world()))}
    expected = rows(world() / "09_stats" / "cronbach_by_pillar.csv")
    assert {r["group"] for r in expected} == set(scaled)
    for row in expected:
        assert scaled[row["group"]] == pytest.approx(float(row["alpha"]), abs=1e-9)
        assert raw[row["group"]] == pytest.approx(float(row["alpha_raw"]), abs=1e-9)


# --- correlations


def agree(found, path, count):
    """Every row ``Var1, Var2, Correlation`` of a file with a table of correlations."""
    expected = rows(path)
    assert len(expected) == count
    at = {(a, b): found.r[i, j] for i, a in enumerate(found.rows) for j, b in enumerate(found.columns)}
    ours = [at[r["Var1"], r["Var2"]] for r in expected]
    np.testing.assert_allclose(ours, [float(r["Correlation"]) for r in expected], **NEAR)


@pytest.mark.parametrize("kind", KINDS[:2])
def test_correlations_of_pilkades(kind):
    found = within_level(pilkades(), tree(PILKADES), 1, kind)
    agree(found, PILKADES / "07_stats" / f"corr_{kind}.csv", 45 * 45)


@pytest.mark.parametrize("kind", KINDS)
def test_correlations_of_the_world_index(kind):
    folder = world() / "09_stats"
    found = within_level(asem("Normalised"), tree(world()), 1, kind)
    agree(found, folder / f"corr_indicators_{kind}_long.csv", 49 * 49)
    top = correlations_between(asem("Aggregated"), ["Index"], tree(world()).leaf_codes, kind)
    agree(top, folder / f"corr_indicators_vs_index_{kind}.csv", 49)


def test_p_values_of_the_world_index():
    found = within_level(asem("Normalised"), tree(world()))
    for row in rows(world() / "09_stats" / "corr_pvalues_pearson.csv"):
        i = found.rows.index(row["iCode"])
        ours = [found.p[i, found.columns.index(c)] for c in row if c != "iCode"]
        np.testing.assert_allclose(ours, [float(row[c]) for c in row if c != "iCode"], **NEAR)


def test_an_indicator_with_its_parent_and_with_every_ancestor():
    folder, part = world() / "09_stats", tree(world())
    scored = asem("Aggregated")
    parents = {(k.ancestor, k.code): k.r for k in with_parents(scored, part) if part.by_code[k.code].leaf}
    expected = {(r["Var1"], r["Var2"]): r for r in rows(folder / "corr_indicator_vs_parent.csv")}
    assert set(parents) == set(expected)
    for pair, row in expected.items():
        assert parents[pair] == pytest.approx(float(row["Correlation"]), abs=1e-9)
    names = {2: "Pillar", 3: "Sub-index", 4: "Index"}
    family = {(names[k.level], k.code): k.r for k in with_ancestors(scored, part)}
    expected = {(r["Var1"], r["Var2"]): r for r in rows(folder / "corr_family.csv")}
    assert set(family) == set(expected)
    for pair, row in expected.items():
        assert family[pair] == pytest.approx(float(row["Correlation"]), abs=1e-9)


@pytest.mark.parametrize(
    "name, flag", [("corr_flags_high_0.75", Flag.REDUNDANT), ("corr_flags_low_-0.5", Flag.CONFLICT)]
)
def test_pairs_that_repeat_or_contradict(name, flag):
    part = tree(world())
    found = pair_findings(asem("Normalised"), part, REFERENCE)
    ours = {(f.parent, f.code, f.other): f.value for f in found if f.flag is flag}
    expected = {
        (r["Group"], r["Ind1"], r["Ind2"]): float(r["Corr"])
        for r in rows(world() / "09_stats" / f"{name}.csv")
    }
    assert set(ours) == set(expected)
    for key, value in expected.items():
        assert ours[key] == pytest.approx(value, abs=1e-9)


def test_indicators_that_follow_a_denominator():
    raw = asem("Raw")
    found = size_findings(with_denominators(raw, raw.codes), REFERENCE)
    expected = rows(world() / "09_stats" / "denom_corr_0.7.csv")
    assert [(f.code, f.other) for f in found] == [(r["Ind"], r["Denom"]) for r in expected]
    np.testing.assert_allclose([f.value for f in found], [float(r["Corr"]) for r in expected], **NEAR)


def test_the_whole_audit_of_the_world_index():
    found = audit(asem("Raw"), asem("Aggregated"), tree(world()), REFERENCE)
    codes = {flag: [f.code for f in found.findings if f.flag is flag] for flag in Flag}
    assert len(codes[Flag.REDUNDANT]) == 2 and len(codes[Flag.CONFLICT]) == 3
    assert set(codes[Flag.AGAINST]) >= {"TBTs"}
    assert len(codes[Flag.SIZE]) == 10


# --- ranks and tables


@pytest.mark.parametrize("name", ["ranks_tie_safe", "ranks_amean", "group_ranks_amean"])
def test_ranks_of_pilkades(name):
    scores = data(PILKADES / "05_aggregate" / "na_amean_0_100.csv", (*"ABCDEF", "IDX"))
    expected = {r["uCode"]: r for r in rows(PILKADES / "09_ranks" / f"{name}.csv")}
    if name == "group_ranks_amean":
        raw = {r["uCode"]: r["kecamatan"] for r in rows(PILKADES / "00_input" / "iData.csv")}
        labels = [raw[u] for u in scores.units]
        assert labels == [expected[u]["kecamatan"] for u in scores.units]
        found = ranks_within(scores.values, labels)
    else:
        found = ranks(scores.values, 10 if name == "ranks_tie_safe" else None)
    codes = [c for c in next(iter(expected.values())) if c in scores.codes]
    where = [scores.at[c] for c in codes]
    theirs = [[int(expected[u][c] or 0) for c in codes] for u in scores.units]
    assert found[:, where].tolist() == theirs


def test_scores_and_ranks_of_the_world_index():
    expected = rows(world() / "10_results" / "results_aggs_scores.csv")
    scores = asem("Aggregated").of(list(expected[0])[2:])
    first = dict(zip(scores.units, ranks(scores.values)[:, 0].tolist(), strict=True))
    assert sorted(scores.units, key=lambda u: (first[u], u)) == [r["uCode"] for r in expected]
    assert [first[r["uCode"]] for r in expected] == [int(r["Rank"]) for r in expected]
    for r in expected:
        theirs = [float(r[c]) for c in scores.codes]
        np.testing.assert_allclose(scores.values[scores.units.index(r["uCode"])], theirs, **NEAR)


def test_full_ranks_of_the_world_index():
    """The reference ranks noise: two units that agree to 1e-13 on one column stand two places apart there."""
    expected = rows(world() / "10_results" / "results_full_ranks.csv")
    codes = list(expected[0])[1:]
    scores = asem("Aggregated").of(codes)
    scores = scores.rows([scores.units.index(r["uCode"]) for r in expected])
    theirs = [[int(r[c]) for c in codes] for r in expected]
    as_theirs = ranks(scores.values, None)
    assert as_theirs.tolist() == theirs
    assert (np.diff(as_theirs[:, 0]) >= 0).all()
    ours = ranks(scores.values)
    differ = [(scores.units[i], codes[j]) for i, j in np.argwhere(ours != np.array(theirs))]
    assert differ == [("GRC", "TolMin")]


def test_ranks_in_groups_of_the_world_index():
    expected = rows(world() / "10_results" / "results_groupranks_GDPpc.csv")
    codes = list(expected[0])[2:]
    scores = asem("Aggregated").of(codes)
    labels = dict(zip(asem("Raw").units, asem("Raw").group("GDPpc_group"), strict=True))
    scores = scores.rows([scores.units.index(r["uCode"]) for r in expected])
    groups = [labels[u] for u in scores.units]
    assert groups == [r["GDPpc_group"] for r in expected]
    found = ranks_within(scores.values, groups)
    assert found.tolist() == [[int(r[c]) for c in codes] for r in expected]


def test_one_unit_in_full():
    expected = rows(world() / "10_results" / "unit_summary_IND.csv")
    scores = asem("Aggregated").of([r["Code"] for r in expected])
    row = scores.units.index("IND")
    assert ranks(scores.values)[row].tolist() == [int(r["Rank"]) for r in expected]
    np.testing.assert_allclose(scores.values[row], [float(r["Score"]) for r in expected], **NEAR)


@pytest.mark.parametrize("which", ["strengths", "weaknesses"])
def test_what_a_unit_is_best_and_worst_at(which):
    expected = rows(world() / "10_results" / f"{which}_ESP.csv")
    find = strengths if which == "strengths" else weaknesses
    found = find(asem("Raw"), tree(world()), "ESP")
    ours = [(t.code, t.name, t.parent, t.rank, t.unit) for t in found]
    assert ours == [(r["Code"], r["Name"], r["Pillar"], int(r["Rank"]), r["Unit"]) for r in expected]
    np.testing.assert_allclose([t.value for t in found], [float(r["Value"]) for r in expected], **NEAR)
