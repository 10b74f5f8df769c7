"""The two questions before and after the plan, row by row (RULES 10, method 7.2)."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kondusif.dialogue import (
    AnswerStatus,
    Commitment,
    CommitmentStatus,
    Meeting,
    Part,
    Question,
    Topic,
    answer_parts,
)
from kondusif.forces import Force

A, B, C = "99.01.01.2001", "99.01.01.2002", "99.01.01.2003"
WHEN = datetime(2023, 8, 8, 3, tzinfo=UTC)
START = {
    A: datetime(2023, 10, 7, tzinfo=UTC),
    B: datetime(2023, 10, 8, tzinfo=UTC),
    C: datetime(2023, 10, 9, tzinfo=UTC),
}
STATIONS = {f"{kode}-01": at for kode, at in START.items()}

MEETING = Meeting(
    "dialog-1",
    "Dialog kamtibmas",
    WHEN,
    "pendopo",
    (A, B, C),
    ("kapolres", "panitia", "warga"),
    (
        Question(
            "q1", A, "ketua panitia", "Mulai kapan?", WHEN, (Part("mulai", Topic.START, "mulai kapan"),)
        ),
        Question(
            "q2",
            B,
            "warga",
            "Jangan dibubarkan dulu.",
            WHEN,
            (
                Part("polri", Topic.STAY, "Polri bertahan", Force.POLRI),
                Part("tni", Topic.STAY, "TNI bertahan", Force.TNI),
                Part("tps", Topic.AROUND_TPS, "di sekitar TPS"),
            ),
        ),
    ),
)
POLICE = Commitment("k2", "siaga", "Kapolres", None, CommitmentStatus.OWNED, "9", (2, 3), Topic.STAY)
TNI = Commitment("k9", "TNI siaga", "Danramil", None, CommitmentStatus.OWNED, "9", (2, 3), Topic.STAY)
HELD = {
    "police": [POLICE],
    "offered": [replace(POLICE, owner="", status=CommitmentStatus.OFFERED)],
    "broken": [replace(POLICE, status=CommitmentStatus.BROKEN)],
    "police+tni": [POLICE, TNI],
    "police+tni all": [POLICE, replace(TNI, levels=())],
}
PLANS = {
    "no": None,
    "yes": START | STATIONS,
    "gap": {kode: at for kode, at in START.items() if kode != C},
}


def rows():
    with (Path(__file__).parent / "answers.csv").open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["case"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", rows())
def test_row(row):
    found = answer_parts(
        MEETING, plan_starts=PLANS[row["plan"]], levels={}, commitments=HELD[row["commitments"]], now=WHEN
    )
    levels = tuple(map(int, row["levels"].split()))
    [hit] = [a for a in found if a.part.kode == row["part"] and a.levels == levels]
    assert (hit.status, hit.code, " ".join(hit.by), hit.until) == (
        AnswerStatus(row["status"]),
        row["code"],
        row["by"],
        row["until"],
    )


def test_dates_are_those_of_each_village():
    found = answer_parts(MEETING, plan_starts=PLANS["yes"], levels={}, commitments=[], now=WHEN)
    assert found[0].dates == START
    assert found[0].missing == ()


def test_a_village_that_the_plan_forgets_is_named():
    found = answer_parts(MEETING, plan_starts=PLANS["gap"], levels={}, commitments=[], now=WHEN)
    assert found[0].missing == (C,)
