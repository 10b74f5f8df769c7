"""What a correction of the dialogue takes away, fact by fact (RULES 30, method 7.7)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.dialogue.corrections import LOSES, changed, taken_away
from kondusif.words import table

EARLY, LATE = "2023-10-01T00:00:00+00:00", "2023-10-09T00:00:00+00:00"


@pytest.mark.parametrize(
    "name, before, after, loses",
    [
        ("title", "Dialog", "Dialog kamtibmas", False),
        ("place", "Pendapa", "", False),
        ("question", "Kapan?", "Mulai kapan?", False),
        ("villages", ["a", "b"], ["a", "b", "c"], False),
        ("villages", ["a", "b"], ["a", "c"], True),
        ("participants", ["warga"], [], True),
        ("messages", ["satu"], ["satu", "dua"], False),
        ("desa", "a", "b", True),
        ("text", "Siaga sampai aman", "Siaga", True),
        ("topic", "stay", "other", True),
        ("meeting", "x", "", True),
        ("levels", [2, 3], [3], True),
        ("levels", [2, 3], [1, 2, 3], False),
        ("levels", [], [2, 3], True),  # of old: every level
        ("levels", [1], None, True),
        ("levels", None, [1], False),
        ("due", EARLY, LATE, True),
        ("due", LATE, EARLY, False),
        ("due", EARLY, None, True),
        ("due", None, LATE, False),
        ("parts", [["mulai", "kapan"]], [["mulai", "mulai kapan"]], False),
        ("parts", [["mulai", "kapan"]], [["mulai", "kapan"], ["lain", "siapa"]], False),
        ("parts", [["bertahan tni", "TNI"]], [["lain", "TNI"]], True),
    ],
)
def test_what_takes_something_away_is_named(name, before, after, loses):
    found = taken_away({name: before}, {name: after})
    assert found == ((name,) if loses else ())


def test_every_fact_has_its_rule_and_its_word():
    assert set(LOSES) == set(table("dialogue_facts")) == set(table("dialogue_facts", "en"))


@given(st.sets(st.sampled_from("abcde")), st.sets(st.sampled_from("abcde")))
def test_what_a_list_loses_waits_and_what_it_gains_does_not(before, after):
    facts = {"villages": sorted(before)}, {"villages": sorted(after)}
    assert bool(taken_away(*facts)) == bool(before - after)
    assert taken_away(facts[0], facts[0]) == changed(facts[0], facts[0]) == ()
