"""Rows in blocks that fit the cache of a core, and blocks in threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

CELLS = 1 << 15  # of one block: 256 KB of doubles, so that block and mask stay in the second-level cache
THREADS = 2  # Python threads; numpy lets go of the interpreter's lock inside each block
WORTH = 1 << 18  # cells from which a second thread pays for itself


def bounds(rows: int, columns: int) -> Iterator[tuple[int, int]]:
    """Start and stop of every block; they depend on the shape alone, so results never depend on threads."""
    size = max(64, CELLS // max(columns, 1) // 64 * 64)
    for start in range(0, rows, size):
        yield start, min(start + size, rows)


def in_threads(jobs: int, work: Callable[[int], object], threads: int = THREADS) -> None:
    """``work(0)`` ... ``work(jobs - 1)``, each thread a run of neighbours. The first error is raised."""
    if threads < 2 or jobs < 2:
        for job in range(jobs):
            work(job)
        return

    def share(first: int) -> None:
        for job in range(first * jobs // threads, (first + 1) * jobs // threads):
            work(job)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(share, range(threads)))
