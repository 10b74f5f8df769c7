"""How long the work takes on this machine: ``make bench``. Prints figures and judges none of them.

Each figure is the best of some runs, so that a busy machine disturbs it least. Inputs are drawn from a fixed
seed; villages are made up (regency 99).
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from bench import index_speed, pages
from bench.index_speed import clocked
from kondusif import __version__, logbook
from kondusif.forces import Force, Unit
from kondusif.places import Desa, Point, Tps
from kondusif.plan import EAST_JAVA_2021_2023, ExtraPosts, demand, verify
from kondusif.plan.solve import solve
from kondusif_index.data import Data
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.normalise import Normalising

SEED = 99
VOTE = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def an_index(units: int, indicators: int = 60) -> Callable[[], object]:
    """The whole pipeline in ``build``: min-max, means, coverage and contributions; 5 % missing."""
    tree = index_speed.a_tree(indicators)
    names = tuple(f"u{n}" for n in range(units))
    data = Data(names, tree.leaf_codes, index_speed.some_answers(units, indicators, 0.05))
    recipe = IndexRecipe(normalise=Normalising("minmax"))
    return lambda: build(recipe, data, tree).contributions


def an_election(villages: int, stations: int) -> tuple[list[Desa], list[Tps], dict[str, int], list[Unit]]:
    """Villages of a made-up regency, with Linmas of their own and police by kecamatan."""
    rng = np.random.default_rng(SEED)
    desa, tps, levels, units = [], [], {}, []
    for n in range(villages):
        kode = f"99.01.{1 + n // 20:02d}.{2001 + n % 20}"
        at = Point(-7.7 + rng.normal(0, 0.1), 112.9 + rng.normal(0, 0.1))
        desa.append(Desa(kode, f"Desa {n}", f"Kecamatan {n // 20}", "Arjasari", at, True))
        levels[kode] = int(rng.choice([1, 2, 3], p=[0.75, 0.18, 0.07]))
        units.append(
            Unit(f"linmas-{kode}", f"Linmas {n}", Force.LINMAS, "linmas", 6 * stations, at, only_desa=kode)
        )
        for nomor in range(1, stations + 1):
            tps.append(Tps(kode, nomor, f"TPS {nomor}", 480, at))
            levels[tps[-1].kode] = max(levels[kode], int(rng.choice([1, 2], p=[0.9, 0.1])))
    for k in range(0, villages, 20):
        base = desa[k].at
        units.append(Unit(f"polsek-{k}", f"Polsek {k}", Force.POLRI, "polsek", 28 * stations, base))
        units.append(Unit(f"koramil-{k}", f"Koramil {k}", Force.TNI, "koramil", 6 * stations, base))
    return desa, tps, levels, units


def a_book(lines: int) -> list[str]:
    """A whole book of ``lines`` entries, as exported."""
    last, out = None, []
    for n in range(lines):
        at = VOTE + timedelta(seconds=n)
        rows = {f"field_report:{n}": "0" * 64}
        entry = logbook.Entry(
            "report_received", at, at, "99.01.01.2001", by="petugas1", payload={"n": n}, rows=rows
        )
        last = logbook.chain(last, entry)
        out.append(last.to_json())
    return out


def figures(quick: bool) -> Iterator[tuple[str, index_speed.Seconds]]:
    for units in (1_000, 10_000) if quick else (1_000, 10_000, 100_000):
        yield (
            f"build with contributions, 60 indicators over {units:,} units",
            clocked(an_index(units), 3, warm=False),
        )
    for villages, stations in ((30, 3),) if quick else ((30, 3), (200, 4)):
        desa, tps, levels, units = an_election(villages, stations)
        starts = dict.fromkeys(levels, VOTE - timedelta(days=1))
        posts = demand(desa, tps, levels, EAST_JAVA_2021_2023, ExtraPosts())
        plan = solve(posts, units, starts=starts)
        name = f"{villages} villages, {villages * stations} TPS, {len(posts)} posts"
        yield (
            f"plan for {name}",
            clocked(lambda p=posts, u=units, s=starts: solve(p, u, starts=s), 1, warm=False),
        )
        yield (
            f"check of that plan without the solver, {name}",
            clocked(lambda p=plan, q=posts, u=units: verify(p, q, u), 3, warm=False),
        )
    lines = a_book(2_000 if quick else 20_000)
    yield (
        f"verify a book of {len(lines):,} lines",
        clocked(lambda: logbook.verify_lines(lines), 2, warm=False),
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, a few seconds")
    quick = parser.parse_args().quick
    cores = os.cpu_count()
    print(
        f"Kondusif {__version__}, Python {platform.python_version()}, numpy {np.__version__}, {cores} cores"
    )
    index_speed.report(quick)
    print()
    for name, seconds in figures(quick):
        index_speed.line(name, seconds)
    print()
    pages.report(quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
