"""What the last vote told: only what an office recorded, and never calm from silence."""

from __future__ import annotations

import pytest

from kondusif.answers.last_vote import ASKS, Vote, known
from kondusif.instrument.catalogue import catalogue


def vote(operation="b", attacks=0, heard=True, dispute="unknown"):
    return Vote(operation, attacks, heard, dispute)


def values(*votes):
    return {item: (k.value, k.operations) for item, k in known(votes).items()}


def test_items_that_ask_about_the_last_vote_are_in_the_catalogue():
    assert set(ASKS) <= set(catalogue())


@pytest.mark.parametrize(
    "votes, expected",
    [
        ((), {}),
        ((vote(attacks=1, heard=False),), {"D01": (1.0, ("b",))}),  # what is on record happened
        ((vote(),), {}),  # one vote of two is not enough to call it calm
        ((vote(), vote("a")), {"D01": (0.0, ("b", "a"))}),
        ((vote(), vote("a", heard=False)), {}),
        ((vote(), vote("a", 1), vote("z", 7)), {"D01": (1.0, ("b", "a"))}),  # two votes, not three
    ],
)
def test_attacks_are_counted_over_two_votes(votes, expected):
    assert values(*votes) == expected


@pytest.mark.parametrize(("dispute", "value"), [("none", 0.0), ("settled", 1.0), ("open", 1.0)])
def test_the_dispute_is_that_of_the_last_vote(dispute, value):
    assert values(vote(dispute=dispute), vote("a", 1, dispute="settled"))["D02"] == (value, ("b",))


def test_an_unknown_dispute_says_nothing_and_an_older_one_does_not_stand_in():
    assert "D02" not in values(vote(), vote("a", dispute="settled"))
