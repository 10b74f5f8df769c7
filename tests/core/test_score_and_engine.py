"""The score of a village and the index engine are two pieces of code and one arithmetic (ADR 16)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.answers.answer import Answer, Given
from kondusif.classes.score import answer_log, score_place
from kondusif_index.data import Data
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.normalise import Normalising
from kondusif_index.tree import Node, Tree
from tests.cast import RECIPE

DESA, DAY = "99.01.01.2001", date(2023, 10, 8)
HOW = IndexRecipe(normalise=Normalising("instrument"))
TREE = Tree(
    (
        Node("*"),
        *(Node(d, "*", weight) for d, weight in RECIPE.dimension_weights.items()),
        *(
            Node(i.id, i.dimension, i.weight, leaf=True, lo=i.lo, hi=i.hi, transform=i.transform)
            for i in RECIPE.indicators
        ),
    )
)


def answer(item: str, share: float | None, kind: Given) -> Answer:
    """An answer at a share of the item's range, also beyond it; of another kind it carries nothing."""
    indicator = RECIPE.by_id[item]
    value = None
    if kind is Given.VALUE:
        value = indicator.lo + share * (indicator.hi - indicator.lo)
    if value is not None and indicator.whole:
        value = float(round(value))
    if value is not None and indicator.type == "boolean":
        value = float(value > 0)
    return Answer(item, DESA, item, value, "", kind, DAY, "", "")


KINDS = st.sampled_from([None, Given.VALUE, Given.VALUE, Given.REFUSED, Given.NOT_APPLICABLE])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(KINDS, st.floats(0, 1.2)), min_size=len(TREE.leaf_codes), max_size=len(TREE.leaf_codes)
    )
)
def test_both_give_the_same_numbers(drawn):
    """Missing, refused and not applicable take no part in either."""
    codes = TREE.leaf_codes
    told = [answer(c, share, kind) for c, (kind, share) in zip(codes, drawn, strict=True) if kind]
    values = {a.item: a.value for a in told if a.value is not None}
    row = np.array([[values.get(c, np.nan) for c in codes]])
    ours = score_place(RECIPE, answer_log(RECIPE, told, DAY), DESA, stage="masa_tenang")
    theirs = build(HOW, Data((DESA,), codes, row), TREE)
    total = theirs.scores[TREE.top][0]
    assert (np.nan if ours.total is None else ours.total) == pytest.approx(total, abs=1e-12, nan_ok=True)
    for dimension, value in ours.dimensions.items():
        expected = theirs.scores[dimension][0]
        assert (np.nan if value is None else value) == pytest.approx(expected, abs=1e-12, nan_ok=True)
