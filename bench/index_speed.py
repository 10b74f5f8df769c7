"""Speed of the index engine, each figure beside a plain copy of the same memory made in the same run.

Every row has wall time, and processor time beside it: user and system of all threads. Limits are those that
the engine set itself, for 100,000 units; a million shall take no more than ten times as long. Copy, naive
numpy and build are run beside, in the same process; ``peers`` says of each other program when and how it was
timed. How many copies a row is worth is told by processor time, which a busy machine stretches less.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from bench.peers import COINR, coinr
from kondusif_index import fast
from kondusif_index.data import Data
from kondusif_index.linear import linear_normalisation
from kondusif_index.pipeline import Build, build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.classify import Classing
from kondusif_index.steps.normalise import LinearNormalising, Normalising
from kondusif_index.tree import Matrix, Node, Tree
from kondusif_index.uncertainty.monte_carlo import MonteCarlo, monte_carlo
from kondusif_index.uncertainty.perturbation import AnswerNoise, Perturbation, Sobol
from kondusif_index.uncertainty.sobol import drivers

SEED = 99
TPS = 823_236  # polling stations of the 2024 general election
CUTS = (20.0, 40.0)
Seconds = tuple[float, float]  # by the clock, and of the processor


def clocked(work: Callable[[], object], runs: int = 5, warm: bool = True) -> Seconds:
    """Seconds of the quickest of ``runs``, and the least processor seconds (user and system) of all threads,
    which a busy machine stretches less; ``warm``: after one call beforehand.
    """
    if warm:
        work()
    times = []
    for _ in range(runs):
        start, busy = perf_counter(), process_time()
        work()
        times.append((perf_counter() - start, process_time() - busy))
    return min(t for t, _ in times), min(b for _, b in times)


def a_tree(indicators: int, groups: int = 6) -> Tree:
    """Indicators in groups in one index."""
    nodes = [Node("index"), *(Node(f"g{g}", "index", 1.0 + g) for g in range(groups))]
    nodes += [
        Node(
            f"i{i:02d}",
            f"g{i % groups}",
            1.0 + i % 3,
            leaf=True,
            direction=-1 if i % 7 == 0 else 1,
            lo=0,
            hi=20,
        )
        for i in range(indicators)
    ]
    return Tree(tuple(nodes))


def some_answers(units: int, indicators: int, missing: float) -> Matrix:
    """A fifth yes/no, a fifth counts, the rest measures."""
    rng = np.random.default_rng(SEED)
    x = rng.gamma(2.0, 3.0, (units, indicators))
    fifth = indicators // 5
    x[:, :fifth] = x[:, :fifth] > 5
    x[:, fifth : 2 * fifth] = np.rint(x[:, fifth : 2 * fifth])
    if missing:
        x[rng.random(x.shape) < missing] = np.nan
    return x


def naive(x: Matrix, tree: Tree) -> Matrix:
    """Whole matrices, one numpy call after another, as most would write it: min-max, then weighted means."""
    low, high = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    direction = np.array([n.direction for n in tree.leaves])
    share = (x - low) / (high - low) * 100
    z = np.where(direction > 0, share, 100 - share)
    found = {c: z[:, k] for k, c in enumerate(tree.leaf_codes)}
    for code in tree.upward:
        children = np.column_stack([found[n.code] for n in tree.children[code]])
        weights = np.array([n.weight for n in tree.children[code]])
        there = ~np.isnan(children)
        found[code] = np.nansum(children * weights, axis=1) / (there * weights).sum(axis=1)
    return np.column_stack([found[c] for c in tree.upward])


def sweep(units: int, missing: float) -> None:
    """Normalise (min-max, so that the data are read twice) and aggregate 60 indicators in 3 levels."""
    tree = a_tree(60)
    x = some_answers(units, 60, missing)
    by, how = fast.tree_weights(tree), Normalising("minmax")
    runs = 3 if units >= 1_000_000 else 7
    copy = clocked(lambda: np.copy(x), runs)
    ours = clocked(lambda: fast.score(x, linear_normalisation(x, tree.leaves, how), by), runs)
    plain = clocked(lambda: naive(x, tree), 1)
    data = Data(tuple(f"u{k}" for k in range(units)), tree.leaf_codes, x)
    whole = clocked(lambda: build(IndexRecipe(normalise=how), data, tree), 1)
    again = clocked(lambda: np.copy(x), runs)  # the machine may have changed its pace meanwhile
    copy = min(copy, again, key=lambda took: took[1])
    name = f"normalise + aggregate {units:>9,} x 60, {'5 % missing' if missing else 'complete'}"
    limit = {100_000: " (limit 8)" if missing else " (limit 3)"}.get(units, "")
    line(
        name,
        ours,
        f"{ours[1] / copy[1]:.2f} x copy{limit}",
    )
    for name, took in (
        ("copy of the same memory", copy),
        ("naive numpy", plain),
        ("build, every stage kept", whole),
    ):
        line(f"  run beside: {name}", took, "")
    if missing and ("build", units) in COINR:
        print(f"{'':30}{coinr('build', units)}")


def built_with(data: Data, tree: Tree, method: str = "goalposts", **recipe: object) -> Build:
    """A build in three classes whose recipe asks for ``recipe``."""
    how = IndexRecipe(normalise=Normalising(method), classes=Classing(cuts=CUTS), **recipe)  # type: ignore[arg-type]
    return build(how, data, tree)


def bands_and_ranks(drawn: MonteCarlo) -> object:
    """What ``uncertainty.csv`` holds of the draws."""
    return drawn.bands, drawn.rank_bands, drawn.class_probability, drawn.firmness


def draws() -> None:
    tree = a_tree(60)
    still = AnswerNoise(sd=0.0, flip=0.0)
    others = (LinearNormalising("minmax"), LinearNormalising("zscore", mean=40, sd=15))
    joint = Perturbation(100, normalise=others, missing="column")
    for missing in (0.0, 0.05):
        data = Data(tuple(f"u{k}" for k in range(1_000)), tree.leaf_codes, some_answers(1_000, 60, missing))
        kind = "5 % missing" if missing else "complete"
        weighed = built_with(data, tree, "minmax", uncertainty=Perturbation(100, noise=still))
        line(
            f"100 weight draws, 1,000 x 60, {kind}",
            clocked(lambda b=weighed: monte_carlo(b), 9),
            "limit 10 ms",
        )
        moved = built_with(data, tree, uncertainty=joint)
        line(
            f"100 joint draws, 1,000 x 60, {kind}",
            clocked(lambda b=moved: monte_carlo(b), 5),
            "limit 150 ms",
        )
        if missing:
            print(f"{'':30}{coinr('draws', 1_000)}")
    small = a_tree(45)
    data = Data(tuple(f"u{k}" for k in range(500)), small.leaf_codes, some_answers(500, 45, 0.05))
    for policy in ("column", "reweight"):
        many = built_with(data, small, uncertainty=replace(joint, draws=10_000, missing=policy))
        line(
            f"10,000 joint draws with P(class), 500 x 45, missing: {policy}",
            clocked(lambda b=many: monte_carlo(b).class_probability, 1),
            "limit 6 s",
        )
    line(
        "the same with ranks, bands and firmness",
        clocked(lambda b=many: bands_and_ranks(monte_carlo(b)), 1),
        "",
    )
    few = data.rows(np.arange(120))
    for factors in ("weights", "noise", "both"):
        asked = built_with(few, small, sobol=Sobol(256, factors=factors))
        line(
            f"Sobol of 45 indicators, 120 units, {factors}, base sample 256",
            clocked(lambda b=asked: drivers(b), 1),
            "limit 2 s",
        )


def national(units: int) -> None:
    """In a process of its own, whose peak memory is its own."""
    with tempfile.TemporaryDirectory() as folder:
        for step in ("write", "assess"):
            command = [sys.executable, "-m", "bench.index_speed", step, folder, str(units)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{'':13}  a whole country: {done.stderr.strip().splitlines()[-1]}")
                return
        seconds, busy, peak, size = map(float, done.stdout.split())
        line(
            f"{units:,} TPS x 45, Parquet to classes and contributions",
            (seconds, busy),
            f"peak memory {peak / 1e9:.2f} GB (limit 4 GB), result {size / 1e6:.0f} MB",
        )


def line(name: str, seconds: Seconds, beside: str = "") -> None:
    """A row: wall time, processor time, what was done, what it is held against."""
    wall, busy = (f"{x * 1e3:11,.2f} ms" for x in seconds)
    print(f"{wall} {busy}  {name:<62} {beside}".rstrip(), flush=True)


def report(quick: bool) -> None:
    print(f"{'wall':>14} {'processor':>14}")
    for missing in (0.0, 0.05):
        for units in (1_000, 10_000, 100_000) if quick else (1_000, 10_000, 100_000, 1_000_000):
            sweep(units, missing)
    draws()
    for units in (25_000, 50_000) if quick else (TPS // 2, TPS):  # twice the rows, the same memory
        national(units)


def _write(folder: Path, units: int) -> None:
    import polars as pl

    tree, x = a_tree(45), some_answers(units, 45, 0.05)
    frame = pl.DataFrame({c: x[:, k] for k, c in enumerate(tree.leaf_codes)}).fill_nan(None)
    names = pl.Series("uCode", [f"99.{k:07d}" for k in range(units)])
    frame.insert_column(0, names).write_parquet(folder / "in.parquet", row_group_size=1 << 16)


def _assess(folder: Path) -> None:
    from kondusif.files.country import assess_country

    start, busy = perf_counter(), process_time()
    target = folder / "out.parquet"
    recipe = IndexRecipe(normalise=Normalising("minmax"), classes=Classing(cuts=CUTS)).on(a_tree(45))
    assess_country(folder / "in.parquet", target, recipe)
    print(perf_counter() - start, process_time() - busy, peak_memory(), target.stat().st_size)


def peak_memory() -> float:
    """Bytes that this process itself held at most.

    A child starts with the ``ru_maxrss`` of its parent, so that says how large the parent was; Linux keeps
    the process's own in ``VmHWM``. NaN where there is none.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    lines = status.read_text(encoding="ascii").splitlines()
    return next(float(row.split()[1]) * 1024 for row in lines if row.startswith("VmHWM"))


if __name__ == "__main__":
    if sys.argv[1] == "write":
        _write(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        _assess(Path(sys.argv[2]))
