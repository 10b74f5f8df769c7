"""Answers by file: a new weapon, threat or protest re-opens a village that has stepped down (RULES 14)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from kondusif.answers.answer import Answer, Given
from kondusif_web.answers.actions import take_answers
from kondusif_web.logbook.queries import filtered
from kondusif_web.logbook.verify import verify
from kondusif_web.posts.models import PostureRow
from kondusif_web.withdrawal import actions
from tests import cast
from tests.web.karangjati import DESA, NOW, ask, level, standby  # noqa: F401

pytestmark = pytest.mark.django_db


def fact(item, value, place=DESA, days=0, id_=None):
    on = NOW.date() - timedelta(days=days)
    return Answer(id_ or str(uuid4()), place, item, value, "", Given.VALUE, on, "Polsek", "r1")


@pytest.fixture
def stepped_down(op, standby):  # noqa: F811
    people = standby
    request = ask(people)
    actions.approve_withdrawal(operation=op, id=request.pk, by=people.kapolres, now=NOW)
    assert posture() == "l1"
    return people


def posture(desa=DESA):
    return PostureRow.objects.get(desa__kode=desa).state


def take(op, people, *answers):
    return take_answers(operation=op, answers=answers, by=people.perencana, now=NOW)


@pytest.mark.parametrize("item", ["D05", "D06", "D07"])
@pytest.mark.parametrize("place", [DESA, f"{DESA}-01"])
def test_a_new_fact_brings_the_village_back_to_stand_by(op, stepped_down, item, place):
    take(op, stepped_down, fact(item, 1, place))
    assert posture() == "standby"
    assert filtered("uji", kind="village_reopened", kode_desa=DESA).count() == 1
    assert verify().ok


@pytest.mark.parametrize("item, value", [("D05", 0), ("D07", 0), ("A01", 5), ("D01", 3)])
def test_calm_and_other_facts_move_nothing(op, stepped_down, item, value):
    take(op, stepped_down, fact(item, value))
    assert posture() == "l1"


def test_what_was_known_moves_nothing_and_more_of_it_does(op, stepped_down):
    known = fact("D07", 2, days=3)
    take(op, stepped_down, known)
    PostureRow.objects.filter(desa__kode=DESA).update(state="l1")
    take(op, stepped_down, known)
    take(op, stepped_down, fact("D07", 2))
    assert posture() == "l1"
    take(op, stepped_down, fact("D07", 3))
    assert posture() == "standby"


def test_another_village_stays_where_it_is(op, stepped_down):
    take(op, stepped_down, fact("D05", 1, cast.TEGALREJO))
    assert posture() == "l1"
