"""What is known of a village at a moment is one value, whoever filled it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from kondusif.files import load_sample
from kondusif.files.as_of import AsOf
from kondusif.operation import OperationAt, VillageForce
from kondusif.stages import VillageStart
from kondusif.standby import GATES, Posture

NGANTUNGAN, MANGGUAN = "35.14.05.2001", "35.14.05.2006"


@pytest.fixture(scope="module")
def known() -> OperationAt:
    file = load_sample()
    return AsOf.at(file, datetime(2023, 10, 11, 14, 5, tzinfo=file.zone)).operation


def test_the_villages_are_those_that_vote(known):
    assert set(known.villages) == {d.kode for d in known.desa if d.memilih}


def test_the_gate_level_is_the_higher_of_village_and_stations(known):
    village = known.villages[NGANTUNGAN]
    assert (village.level, village.gate_level) == (2, 3)


def test_the_next_step_has_the_gates_of_its_move(known):
    village = known.villages[NGANTUNGAN]
    assert tuple(g.gate for g in village.gates()) == GATES[village.posture, Posture.L1]
    assert village.gates(Posture.L1) == village.gates()
    assert village.earliest() == village.earliest(Posture.L1)


def test_a_step_holds_every_gate_once_and_the_earliest_time(known):
    village = known.villages[NGANTUNGAN]
    step = village.step()
    assert (step.to, step.gates, step.earliest) == (Posture.L1, village.gates(), village.earliest())
    assert len(step.shut) + len(step.passed) == len(step.gates)
    assert step.open + step.waived == len(step.passed)
    assert village.step("closed") == step == village.step("l1")  # what is no step from here is the next
    assert village.steps == (Posture.L1,)


def test_off_the_ladder_nothing_is_judged(known):
    village = known.villages[NGANTUNGAN]
    closed = replace(village, situation=replace(village.situation, posture=Posture.CLOSED))
    assert (closed.next_step, closed.gates(), closed.earliest()) == (None, (), None)
    assert (closed.steps, closed.step()) == ((), None)


def test_the_force_of_a_village_is_its_part_of_the_plan(known):
    village = known.villages[NGANTUNGAN]
    assert village.force == VillageForce.of(known.plan, NGANTUNGAN)
    assert village.force.need.total - village.force.missing.total == village.force.posted.total
    assert sum(u.missing for u, _post in village.force.unmet) == village.force.missing.total
    start, third = village.force.start(NGANTUNGAN), f"{NGANTUNGAN}-03"
    assert start == VillageStart(known.plan.starts[NGANTUNGAN], {third: known.plan.starts[third]})
    total = sum(v.force.missing.total for v in known.villages.values())
    shared = sum(p.need.total - known.plan.strength_at(p.kode).total for p in known.plan.posts if not p.desa)
    assert total + shared == known.plan.missing.total


def test_before_the_plan_the_record_of_the_meeting_speaks_alone(known):
    [meeting] = known.meetings
    assert "no_date" in {a.code for a in known.answers(meeting, before_plan=True)}
    assert known.answers(meeting, before_plan=True) == replace(known, plan=None, villages={}).answers(meeting)
