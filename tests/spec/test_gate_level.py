"""Which class the gates follow, and who makes it (RULES 7, 13)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.sentences import Speech
from kondusif.withdraw.level import LevelSpell, gate_level
from tests.spec.gates_clear import DESA, TPS, WIB

DAY = timedelta(days=1)
PLAN = datetime(2023, 10, 3, 10, tzinfo=WIB)
NOW = datetime(2023, 10, 11, 14, 5, tzinfo=WIB)
LABELS = {1: "Kurang Rawan", 2: "Rawan", 3: "Sangat Rawan"}


def published(level, day, until=None, place=DESA):
    return LevelSpell(place, level, PLAN + day * DAY, until=None if until is None else PLAN + until * DAY)


def override(level, day, until, place=DESA):
    return LevelSpell(place, level, PLAN + day * DAY, "override", PLAN + until * DAY)


@pytest.mark.parametrize(
    ("spells", "level"),
    [
        ([], None),
        ([published(2, -3)], 2),
        ([published(3, -9, -3), published(2, -3)], 2),  # before any plan
        ([published(3, -3, 2), published(1, 2)], 3),  # in force when the plan first covered it
        ([published(1, -3, 2), published(3, 2, 4), published(2, 4)], 3),  # published since
        ([published(1, -3), published(3, -3, place=TPS[0])], 3),
        ([published(1, -3), override(3, -9, -1)], 1),  # expired before the plan
        ([published(1, -3), override(3, -1, 1)], 3),  # a human level in force at the plan
        ([published(1, -3), override(3, 2, 3)], 3),  # since, though it has expired
        ([published(3, -3), override(1, 2, 99)], 3),  # a downward override never touches it
        ([published(2, -3), published(3, 20)], 2),  # not yet
    ],
)
def test_the_highest_since_a_plan_first_covered_the_village(spells, level):
    found = gate_level(spells, PLAN, NOW)
    assert (found.level if found else None) == level


def test_without_a_plan_what_is_in_force_now_counts():
    spells = [published(3, -3, 2), published(1, 2), override(2, 3, 4)]
    assert gate_level(spells, None, NOW).level == 1
    assert gate_level(spells, None, PLAN + 3 * DAY).level == 2


def said(spells, own):
    return Speech(WIB).gate_level(gate_level(spells, PLAN, NOW), own, LABELS)


@pytest.mark.parametrize(
    ("spells", "own", "words"),
    [
        ([published(2, -3)], 2, ""),
        ([published(3, -3), published(3, -3, place=TPS[0])], 3, ""),
        ([published(2, -3), published(3, -3, place=TPS[1])], 2, "Gerbang mengikuti TPS 02: Sangat Rawan."),
        (
            [published(2, -3), *(published(3, -3, place=t) for t in TPS)],
            2,
            "Gerbang mengikuti TPS 01 dan TPS 02: Sangat Rawan.",
        ),
        ([published(3, -3, 2), published(1, 2)], 1, "Sangat Rawan yang terbit Sab 30 Sep: Desa ini."),
        (
            [published(1, -3), override(3, 2, 3)],
            1,
            "Sangat Rawan yang ditetapkan pimpinan Kam 5 Okt: Desa ini.",
        ),
        ([published(1, -3), override(2, 2, 3, TPS[0])], 1, "ditetapkan pimpinan Kam 5 Okt: TPS 01."),
    ],
)
def test_the_station_or_the_publication_and_its_day_are_named(spells, own, words):
    text = said(spells, own)
    assert words in text and (words or not text)


@st.composite
def histories(draw):
    out = []
    for place in (DESA, *TPS):
        days = sorted(draw(st.lists(st.integers(-6, 12), max_size=3, unique=True)))
        for day, end in zip(days, [*days[1:], None], strict=True) if days else ():
            out.append(published(draw(st.integers(1, 3)), day, end, place))
        if draw(st.booleans()):
            day = draw(st.integers(-6, 8))
            out.append(override(draw(st.integers(1, 3)), day, day + draw(st.integers(1, 5)), place))
    return out


@given(histories(), st.integers(0, 10), st.integers(0, 10))
def test_once_there_is_a_plan_it_never_falls(spells, a, b):
    first, later = (PLAN + n * DAY for n in sorted((a, b)))
    before, after = gate_level(spells, PLAN, first), gate_level(spells, PLAN, later)
    assert (before.level if before else 0) <= (after.level if after else 0)


@given(histories())
def test_a_level_that_is_not_the_villages_own_always_says_where_it_comes_from(spells):
    found = gate_level(spells, PLAN, NOW)
    own = max((s.level for s in spells if s.place == DESA and s.lasts(NOW)), default=None)
    if found and found.level != own:
        assert LABELS[found.level] in said(spells, own)
