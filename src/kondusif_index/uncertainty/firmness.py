"""How firm a class is, in a word (RULES 8, method 2.7)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from kondusif_index.tree import Column

FIRM = (0.90, 0.75)  # sure from, almost sure from; RULES 8 [P]


class Firmness(StrEnum):
    """A class in words (RULES 8). The last three are said where more is known of a class than its chance."""

    SURE = "pasti"
    ALMOST = "hampir_pasti"
    RISING = "di_ambang_naik"
    FALLING = "di_ambang_turun"
    UNKNOWN = "tanpa_kelas"  # no score, or the draws that failed hide the answer
    PROVISIONAL = "sementara"  # too little is answered
    FLOOR = "lantai"  # a floor set it, the score alone would be lower
    STEADY = "tetap"  # far from every cut-off, where no chance was computed


def firmness(
    probability: Sequence[float] | Column, level: int, unknown: float = 0.0, firm: tuple[float, float] = FIRM
) -> Firmness:
    """Words for a class of which ``probability`` (by class, the lowest first) is known.

    ``firm``: from where on it is sure, and from where on almost; below, the likelier neighbour, the higher
    when both are as likely. ``level`` 0 has no class; nor is anything said where the draws that failed, the
    share ``unknown``, could have decided.

    >>> firmness((0.06, 0.94), 2)
    <Firmness.SURE: 'pasti'>
    >>> firmness((0.2, 0.7, 0.1), 2)
    <Firmness.FALLING: 'di_ambang_turun'>
    """
    if level == 0:
        return Firmness.UNKNOWN
    sure, almost = firm
    own = float(probability[level - 1])
    if own >= sure:
        return Firmness.SURE
    if own >= almost:
        return Firmness.ALMOST
    above, below = float(np.sum(probability[level:])), float(np.sum(probability[: level - 1]))
    if own + unknown >= almost or above + below == 0:
        return Firmness.UNKNOWN
    return Firmness.RISING if above >= below else Firmness.FALLING
