"""Weights of the children of a parent: elicited from people, from the numbers, or of equal influence.

Method 8.8. Each module has one door, which takes the settings of ``weigh`` and gives ``ChildWeights``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kondusif_index.tree import Column


@dataclass(frozen=True)
class Remark:
    """Something to know before the weights are used. ``code`` names it, ``facts`` fill the sentence."""

    code: str
    parent: str
    text: str
    facts: Mapping[str, object]

    def __str__(self) -> str:
        return f"{self.parent}: {self.text}"


@dataclass(frozen=True)
class ChildWeights:
    """``weights`` (k,) of the children of one parent sum to 1; ``facts`` go to the report (JSON-ready)."""

    weights: Column
    facts: dict[str, object]
    remarks: tuple[Remark, ...] = ()
