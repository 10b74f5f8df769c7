"""The commander's class beside the machine's: who may, for how long, and what ends it (RULES 7)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kondusif.classes.override import Override, effective_level, waits
from kondusif.errors import MoveRefused, NotAllowed

DESA = "99.01.01.2001"
NOON = datetime(2023, 10, 9, 12, tzinfo=UTC)


def override(machine, human, **more):
    fields = {"reason": "laporan lapangan", "by": "kapolres", "at": NOON, "until": NOON + timedelta(2)}
    return Override(DESA, machine, human, **{**fields, **more})


def test_upward_needs_one_person():
    assert effective_level(1, [override(1, 3)], NOON) == 3


def test_downward_needs_a_second_person():
    down = override(3, 2)
    assert effective_level(3, [down], NOON) == 3
    assert effective_level(3, [replace(down, second="kapolsek", second_at=NOON)], NOON) == 2
    with pytest.raises(NotAllowed):
        replace(down, second="kapolres", second_at=NOON)


@pytest.mark.parametrize("hours, level", [(-1, 1), (0, 2), (47, 2), (48, 1)])
def test_it_expires(hours, level):
    assert effective_level(1, [override(1, 2)], NOON + timedelta(hours=hours)) == level


def test_the_machine_rising_past_it_ends_a_downward_override():
    down = replace(override(2, 1), second="kapolsek", second_at=NOON)
    assert effective_level(2, [down], NOON) == 1
    assert effective_level(3, [down], NOON) == 3


def test_an_upward_override_never_lowers():
    assert effective_level(3, [override(1, 2)], NOON) == 3


def later(hours):
    return NOON + timedelta(hours=hours)


def test_the_newest_raise_stands():
    assert effective_level(1, [override(1, 2), override(1, 3, at=later(1))], later(2)) == 3


def test_nobody_lowers_alone_what_another_raised():
    """RULES 7: a smaller raise after a greater one is a step down, and needs two people like any other."""
    first, second = override(1, 3), override(1, 2, at=later(1), by="kapolsek")
    assert effective_level(1, [first, second], later(2)) == 3
    assert waits(second, [first, second], 1, later(2))
    signed = replace(second, second="perencana", second_at=later(2))
    assert effective_level(1, [first, signed], later(1)) == 3
    assert effective_level(1, [first, signed], later(2)) == 2
    assert not waits(signed, [first, signed], 1, later(2))


def test_one_person_raises_again_what_two_lowered():
    down = replace(override(3, 1), second="kapolsek", second_at=NOON)
    assert effective_level(3, [down, override(3, 2, at=later(1))], later(1)) == 2


def test_only_what_lowers_waits_for_a_second_person():
    up, down = override(1, 2), override(3, 2)
    assert not waits(up, [up], 1, NOON)
    assert waits(down, [down], 3, NOON)
    assert not waits(down, [down], 3, later(48))


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"until": NOON}, {"by": ""}, {"second": "kapolsek"}])
def test_an_override_that_contradicts_itself_is_refused(wrong):
    with pytest.raises((ValueError, MoveRefused)):
        override(1, 2, **wrong)


@pytest.mark.parametrize("machine, human", [(2, 2), (2, 0), (2, 4), (0, 1), (4, 3)])
def test_an_override_changes_the_class_to_another_of_the_three(machine, human):
    with pytest.raises((ValueError, MoveRefused)):
        override(machine, human)
