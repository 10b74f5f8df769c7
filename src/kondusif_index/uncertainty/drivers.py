"""Which indicators' weights and errors drive an index: Sobol over a tree (method 8.14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kondusif_index.blocks import THREADS, in_threads
from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.linear import Normaliser
from kondusif_index.tree import Matrix, Tree
from kondusif_index.uncertainty.draws import General, Shaker
from kondusif_index.uncertainty.perturbation import AnswerNoise, Shaking, WeightNoise
from kondusif_index.uncertainty.sobol import Indices, Sobol, read, samples
from kondusif_index.uncertainty.sobol_runs import Stepped, Swept

CHUNK, CELLS = 64, 1 << 20  # rows of the sample at once: so many, unless their columns outgrow 8 MB


def drivers(
    data: Data,
    tree: Tree,
    how: Sobol,
    normal: Normaliser,
    *,
    cuts: Sequence[float] = (),
    least: float | Mapping[str, float] = 0.0,
    general: General | None = None,
    straight: bool = True,
    threads: int = THREADS,
) -> Indices:
    """Indices of every indicator's weight, common error, or both, named ``weight:CODE`` and ``noise:CODE``.

    ``data`` holds raw answers. With a linear ``normal`` and arithmetic means missing ones are reweighted and
    only what changes is reckoned anew; else, or where ``straight`` is False, ``general(data, weights, 0)``
    gives the scores of every run, as in ``draws.Shaker``. Units without a nominal score take no part; a run
    in which any other loses its score, or that is refused, is a failed one.
    """
    if how.output == "class_change" and not cuts:
        raise RecipeError("output: class_change needs cuts")
    if how.output == "score" and how.unit not in data.units:
        raise RecipeError(f"unit: no such unit: {how.unit}", unit=how.unit)
    still = Shaking(1, noise=AnswerNoise(0.0, 0.0), weights=WeightNoise("none"))
    shaker = Shaker(data, tree, still, normal, least=least, general=general, straight=straight)
    runs = (Swept if shaker.linear[0] else Stepped)(shaker, how, cuts)
    a, b = samples(len(runs.names), how.size, how.seed)
    size = max(1, min(CHUNK, CELLS // max(shaker.answers.values.size, 1)))
    y: Matrix = np.empty((len(runs.names) + 2, how.size))

    def work(k: int) -> None:
        part = slice(k * size, (k + 1) * size)
        y[:, part] = runs.outputs(a[part], b[part])

    in_threads(-(-how.size // size), work, threads)
    return read(y.ravel(), len(runs.names), how, runs.names)
