"""Rounds: opening and closing, and the classes that a closed round keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kondusif.errors import MoveRefused, NotAllowed
from kondusif_web.answers import actions as answers_actions
from kondusif_web.answers.models import Round
from kondusif_web.classes import actions as classes_actions
from kondusif_web.classes import queries as classes_queries
from kondusif_web.classes import rounds as classes_rounds
from kondusif_web.classes.models import Frozen
from kondusif_web.election.models import Desa
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from tests import cast

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def running(op, people):
    """The round of the count, opened two hours ago."""
    at = cast.NOW - 2 * HOUR
    return classes_rounds.open_round(operation=op, gate="hitung", by=people.kabagops, now=at)


def test_one_round_runs_at_a_time(op, people, running):
    with pytest.raises(MoveRefused, match="round_runs"):
        classes_rounds.open_round(operation=op, gate="h1", by=people.kapolres, now=cast.NOW)


def test_the_database_keeps_one_round_running_too(op, people, running):
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.create(
            operation=op, gate="sk", stage="masa_tenang", opened_at=cast.NOW, opened_by=people.kapolres
        )


def test_a_round_is_not_opened_before_its_time_nor_twice(op, people, running):
    classes_rounds.close_round(operation=op, gate="hitung", by=people.kapolres, now=cast.NOW)
    for gate, why in (("sk", "round_early"), ("hitung", "round_closed"), ("pesta", "round_unknown")):
        with pytest.raises(MoveRefused, match=why):
            classes_rounds.open_round(operation=op, gate=gate, by=people.kapolres, now=cast.NOW)


@pytest.mark.parametrize(
    "person, why",
    [
        ("kapolsek", "role"),
        ("petugas1", "role"),
        ("camat", "role"),
        ("panitia_karangjati", "role"),
        ("auditor", "role"),
        ("perencana", "whole"),  # one kecamatan of two
    ],
)
def test_who_may_not_run_rounds(op, people, person, why):
    with pytest.raises(NotAllowed) as opening:
        classes_rounds.open_round(operation=op, gate="hitung", by=getattr(people, person), now=cast.NOW)
    classes_rounds.open_round(operation=op, gate="hitung", by=people.kapolres, now=cast.NOW)
    with pytest.raises(NotAllowed) as closing:
        classes_rounds.close_round(operation=op, gate="hitung", by=getattr(people, person), now=cast.NOW)
    assert [e.value.reason for e in (opening, closing)] == [why, why]
    assert Round.objects.get().closed_at is None


def test_villages_that_do_not_vote_are_nobodys_round(op, people):
    desa = Desa.objects.get(kode=cast.OUTSIDE)
    desa.memilih = False
    desa.save()
    classes_rounds.open_round(operation=op, gate="hitung", by=people.perencana, now=cast.NOW)
    assert Round.objects.get().opened_by == people.perencana


def test_closing_keeps_the_class_published_by_then_with_what_it_rests_on(op, people, running):
    answers = cast.answers(cast.TENSE, cast.KARANGJATI)
    answers_actions.take_answers(operation=op, answers=answers, by=people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    classes_rounds.close_round(operation=op, gate="hitung", by=people.kapolres, now=cast.NOW)
    kept = {f.desa.kode: f for f in Frozen.objects.all()}
    assert set(kept) == {cast.KARANGJATI, cast.TEGALREJO, cast.WONOSARI, cast.OUTSIDE}
    full, empty = kept[cast.KARANGJATI], kept[cast.TEGALREJO]
    assert full.assessment == classes_queries.published(op, cast.KARANGJATI) and full.within
    assert (full.coverage_due, full.provisional) == (1.0, False)
    assert empty.assessment is None and empty.provisional and empty.owed > 40
    line_ = Entry.objects.get(kind="round_closed")
    assert line_.payload["classes"][cast.KARANGJATI] == str(full.assessment_id)
    assert verify().ok


def test_a_class_from_before_the_round_is_marked_so(op, people):
    before = cast.NOW - timedelta(days=1)
    answers = [replace(a, on=before.date()) for a in cast.answers(cast.TENSE, cast.KARANGJATI)]
    answers_actions.take_answers(operation=op, answers=answers, by=people.perencana, now=before)
    classes_actions.assess_operation(operation=op, by=people.perencana, now=before)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=before)
    classes_rounds.open_round(operation=op, gate="hitung", by=people.kabagops, now=cast.NOW)
    classes_rounds.close_round(operation=op, gate="hitung", by=people.kabagops, now=cast.NOW + HOUR)
    assert not Frozen.objects.get(desa__kode=cast.KARANGJATI).within
