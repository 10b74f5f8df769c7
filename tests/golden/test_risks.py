"""One golden number per indicator: an answer and its risk, worked by another program or by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kondusif.instrument.catalogue import catalogue

with (Path(__file__).parent / "risks.csv").open(encoding="utf-8", newline="") as file:
    ROWS = tuple(csv.DictReader(file))


def test_every_indicator_of_the_catalogue_has_its_golden_number():
    assert {row["item"] for row in ROWS} == set(catalogue())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["item"])
def test_the_risk_of_an_answer(row):
    assert catalogue()[row["item"]].risk(float(row["answer"])) == pytest.approx(float(row["risk"]), abs=1e-9)
