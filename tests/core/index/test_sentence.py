"""One sentence, as an officer would say it."""

import numpy as np
import pytest

from kondusif_index.explain.change import Kind, Part, Since
from kondusif_index.explain.counterfactual import Reason, Smallest, Step
from kondusif_index.explain.sentence import WORDS, sentence

NAMES = {"A05": "sengketa calon", "D05": "senjata"}


def test_why_it_rose():
    parts = (Part(Kind.VALUE, "A05", 4.5, 1.0, 3.0), Part(Kind.ANSWERED, "D05", 1.25, None, 1.0))
    change = Since("99.01", 20.0, 25.75, parts)
    assert sentence(change, NAMES) == (
        "Nilai naik 5,75 poin, dari 20 menjadi 25,75, karena sengketa calon dari 1 menjadi 3 (+4,5) dan "
        "senjata kini terjawab: 1 (+1,25)."
    )
    assert sentence(change, {}, "en").startswith(
        "The score rose 5.75 points, from 20 to 25.75, because of A05"
    )


def test_many_reasons_are_summed_up():
    parts = tuple(Part(Kind.VALUE, f"A{k}", -1.0, 2.0, 1.0) for k in range(5))
    assert sentence(Since("99.01", 20.0, 15.0, parts), {}).endswith(
        "; A2 dari 2 menjadi 1 (-1) dan 2 sebab lain (-2)."
    )


def test_nothing_changed():
    assert sentence(Since("99.01", 20.0, 20.0, ()), {}) == "Nilai tetap 20."


def test_what_would_lower_the_class():
    steps = (Step("A05", 3.0, 1.0, -4.5, 0.4), Step("D05", 1.0, 0.0, -2.0, 1.0))
    found = Smallest("99.01", 45.0, 38.5, 2, 2, steps, Reason.FOUND)
    assert sentence(found, NAMES, labels=("Kurang Rawan", "Rawan", "Sangat Rawan")) == (
        "Kelas menjadi Rawan (nilai 38,5) bila sengketa calon dari 3 menjadi 1 dan senjata dari 1 menjadi 0."
    )


@pytest.mark.parametrize("reason", [r for r in Reason if r != Reason.FOUND])
@pytest.mark.parametrize("lang", WORDS)
def test_every_reason_has_its_words(reason, lang):
    assert sentence(Smallest("99.01", np.nan, np.nan, 0, 1, None, reason), {}, lang).endswith(".")


def test_both_languages_say_the_same_things():
    assert WORDS["id"].keys() == WORDS["en"].keys() >= {*Kind, *Reason}
