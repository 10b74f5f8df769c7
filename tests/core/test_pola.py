"""The pattern sets against counts that police reported (RULES 11); the table is tests/spec/patterns.csv."""

import csv
from pathlib import Path

import pytest

from kondusif.errors import PlanRefused
from kondusif.forces import Strength
from kondusif.places import Desa, Tps
from kondusif.plan import MOJOKERTO_2019, PATTERN_SETS, demand

TABLE = Path(__file__).parents[1] / "spec" / "patterns.csv"
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8")))


def counts(row):
    return {n: int(row[f"places_level_{n}"]) for n in (1, 2, 3) if int(row[f"places_level_{n}"])}


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['pattern_set']} {r['source'][:24]}")
def test_a_pattern_set_gives_the_heads_that_were_reported(row):
    got = PATTERN_SETS[row["pattern_set"]].demand(counts(row), row["per"])
    assert got == Strength(*(int(row[f]) for f in ("polri", "tni", "linmas", "satpol")))


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['pattern_set']} {r['source'][:24]}")
def test_the_same_heads_come_out_post_by_post(row):
    """One station per village where the pattern is per village; all stations in one village otherwise."""
    levels, desa, tps, n = {}, [], [], 0
    for level, places in counts(row).items():
        for _ in range(places):
            n += 1
            kode = f"99.01.{n // 1000 + 1:02d}.2{n % 1000:03d}"
            desa.append(Desa(kode, f"Desa {n}", "Kec", memilih=True))
            tps.append(Tps(kode, 1))
            levels[kode] = levels[tps[-1].kode] = level
    posts = demand(desa, tps, levels, PATTERN_SETS[row["pattern_set"]])
    total = Strength.sum(p.need for p in posts)
    for force in row["checked"].split():
        assert getattr(total, force) == int(row[force])


def test_every_set_names_its_source_and_says_that_it_is_a_proposal():
    for kode, patterns in PATTERN_SETS.items():
        assert patterns.kode == kode
        assert "[P]" in patterns.source


def test_a_pattern_per_village_is_spread_over_its_stations_and_keeps_its_sum():
    kode = "99.01.01.2001"
    tps = [Tps(kode, n) for n in (1, 2, 3)]
    levels = {kode: 2, tps[0].kode: 2, tps[1].kode: 3, tps[2].kode: 2}
    need = {p.kode: p.need for p in demand([Desa(kode, "A", "K", memilih=True)], tps, levels, MOJOKERTO_2019)}
    assert need == {
        f"{kode}-01": Strength(polri=2, linmas=5),
        f"{kode}-02": Strength(polri=3, tni=1, linmas=5),  # the remainder goes to the higher class first
        f"{kode}-03": Strength(polri=2, linmas=5),
    }


def test_a_level_that_a_set_does_not_know_is_refused_not_guessed():
    kode = "99.01.01.2001"
    with pytest.raises(PlanRefused) as refused:
        demand(
            [Desa(kode, "A", "K", memilih=True)], [Tps(kode, 1)], {kode: 1, f"{kode}-01": 1}, MOJOKERTO_2019
        )
    assert {v.rule for v in refused.value.violations} == {"pattern_for_level"}
