"""Small trees and matrices for the steps of the index; every name is made up."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from kondusif_index.data import Data, Why
from kondusif_index.tree import Node, Tree


def tree(*codes, **of):
    """Indicators under one top; ``of`` gives fields per code: ``tree("a", "b", a={"direction": -1})``."""
    leaves = [Node(c, "IDX", leaf=True, **of.get(c, {})) for c in codes]
    return Tree((*leaves, Node("IDX")))


def column(*values, why=None, groups=(), other=None):
    """One indicator ``x`` of units u1, u2 ...; None is missing."""
    return columns(x=values, why=why, groups=groups, other=other)


def columns(why=None, groups=(), other=None, **values):
    made = np.array([[np.nan if v is None else float(v) for v in one] for one in values.values()]).T
    units = tuple(f"u{k + 1}" for k in range(len(made)))
    grouped = {"kec": tuple(groups)} if groups else {}
    if why is not None:
        why = np.array(why, dtype=np.uint8).reshape(made.shape)
    numbers = {k: np.array(v, dtype=float) for k, v in (other or {}).items()}
    return Data(units, tuple(values), made, why, groups=grouped, other=numbers)


def same(a, b):
    """The same units, codes and bits, in whatever order they stand."""
    rows = [b.units.index(u) for u in a.units]
    b = b.rows(rows).of(a.codes)
    return a.values.tobytes() == b.values.tobytes() and (a.why == b.why).all()


def shuffled(data, seed):
    """The same answers with rows and columns in another order."""
    dice = np.random.default_rng(seed)
    return data.rows(dice.permutation(len(data.units))).of(
        [data.codes[k] for k in dice.permutation(len(data.codes))]
    )


def shuffled_tree(made, data):
    """The tree with its indicators in the order of the shuffled columns."""
    leaves = [made.by_code[c] for c in data.codes]
    return replace(made, nodes=(*leaves, *(n for n in made.nodes if not n.leaf)))


@st.composite
def answers(draw, least=0, most=40, gaps=True, units=(4, 12), codes=(2, 4)):
    """Whole and broken numbers with ties, gaps and cells that do not apply; the first unit answers all."""
    n, k = draw(st.integers(*units)), draw(st.integers(*codes))
    number = st.one_of(
        st.integers(least, most),
        st.integers(least * 8, most * 8).map(lambda v: v / 8),
        st.floats(least, most, allow_nan=False, width=32),
    )
    cells = draw(st.lists(number, min_size=n * k, max_size=n * k))
    values = np.array(cells, dtype=float).reshape(n, k)
    kinds = [Why.PRESENT] * 6 + ([Why.ABSENT, Why.STALE, Why.NOT_APPLICABLE] if gaps else [])
    why = np.array(draw(st.lists(st.sampled_from(kinds), min_size=n * k, max_size=n * k)), dtype=np.uint8)
    why = why.reshape(n, k)
    why[0] = Why.PRESENT
    values[why != Why.PRESENT] = np.nan
    groups = {"kec": tuple(draw(st.lists(st.sampled_from(["k1", "k2", "k3", ""]), min_size=n, max_size=n)))}
    return Data(
        tuple(f"99.01.{k:04}" for k in range(n)),
        tuple("abcdef"[:k]),
        values,
        why,
        groups=groups,
        other={"people": np.arange(1.0, n + 1)},
    )
