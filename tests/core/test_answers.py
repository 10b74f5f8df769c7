"""Answers: which one stands, and that nothing is taken twice."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from kondusif.answers.answer import Answer, AnswerLog, Given, answers_digest, distinct
from kondusif.errors import Conflict
from tests.cast import ITEMS

DESA = "99.01.01.2001"
DAY = date(2023, 10, 1)


def answer(id, value=1.0, item="A01", on=DAY, given=Given.VALUE, place=DESA, word="", corrects=""):
    value = value if given is Given.VALUE and not word else None
    return Answer(id, place, item, value, word, given, on, "buku desa", "panitia", corrects)


def latest(*answers, on=DAY, item="A01"):
    found = AnswerLog(answers, on, ITEMS).latest(DESA, item)
    return found.id if found else None


def test_the_later_observation_stands():
    assert latest(answer("a"), answer("b", on=DAY - timedelta(3))) == "a"


def test_what_is_observed_later_is_not_yet_known():
    assert latest(answer("a"), answer("b", on=DAY + timedelta(1))) == "a"


def test_a_correction_takes_the_place_of_what_it_corrects():
    assert latest(answer("a", 5), answer("b", 2, on=DAY - timedelta(1), corrects="a")) == "b"


def test_a_correction_of_a_correction():
    assert latest(answer("a"), answer("b", corrects="a"), answer("c", corrects="b")) == "c"


def test_a_correction_may_come_before_what_it_corrects():
    assert latest(answer("b", corrects="a")) == "b"


def test_two_of_one_day_stand_by_the_greater_risk():
    assert latest(answer("a", 4), answer("b", 1)) == "a"
    # trained staff: lower is riskier
    assert latest(answer("a", 90, "A07"), answer("b", 20, "A07"), item="A07") == "b"


def test_two_companions_of_one_day():
    yes, no = answer("a", item="D06_threat", word="yes"), answer("b", item="D06_threat", word="no")
    assert latest(yes, no, item="D06_threat") == "a"


def test_last_value_looks_behind_a_refusal():
    book = AnswerLog([answer("a", 3, on=DAY - timedelta(2)), answer("b", given=Given.REFUSED)], DAY)
    assert book.latest(DESA, "A01").id == "b"
    assert book.last_value(DESA, "A01").id == "a"
    assert book.last_value(DESA, "A01", by=DAY - timedelta(3)) is None


def test_same_id_and_content_is_accepted_once():
    assert distinct([answer("a"), answer("a")]) == (answer("a"),)


def test_same_id_other_content_is_a_conflict():
    with pytest.raises(Conflict) as caught:
        distinct([answer("a", 1), answer("a", 2)])
    assert caught.value.facts == {"answer": "a"}


def test_corrections_in_a_circle_are_a_conflict():
    with pytest.raises(Conflict):
        AnswerLog([answer("a", corrects="b"), answer("b", corrects="a")], DAY)


@pytest.mark.parametrize("other", [{"place": "99.01.01.2002"}, {"item": "A02"}])
def test_a_correction_of_another_place_or_item_is_a_conflict(other):
    with pytest.raises(Conflict):
        AnswerLog([answer("a", **other), answer("b", corrects="a")], DAY)


def test_row_order_never_matters():
    rows = [
        answer("a", 1),
        answer("b", 1),
        answer("c", 0, on=DAY - timedelta(1)),
        answer("d", 2, corrects="b"),
    ]
    assert len({latest(*p) for p in permutations(rows)}) == 1
    assert len({answers_digest(p) for p in permutations(rows)}) == 1


def test_the_digest_sees_every_field():
    base = answer("a")
    changed = [
        replace(base, id="b"),
        replace(base, place="99.01.01.2002"),
        replace(base, item="A02"),
        replace(base, value=2.0),
        replace(base, on=DAY - timedelta(1)),
        replace(base, source="lain"),
        replace(base, rater="lain"),
        replace(base, corrects="z"),
        answer("a", given=Given.REFUSED),
    ]
    assert len({answers_digest([a]) for a in [base, *changed]}) == len(changed) + 1
    assert answers_digest([replace(base, value=1)]) == answers_digest([base])


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": None},
        {"value": float("nan")},
        {"value": float("inf")},
        {"word": "yes"},
        {"item": "D06_threat"},
        {"item": "D06_threat", "value": None, "word": "mungkin"},
        {"given": Given.REFUSED},
        {"corrects": "a"},
    ],
)
def test_an_answer_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValueError):
        replace(answer("a"), **wrong)


def test_the_digest_on_a_paper_of_last_year_still_fits_its_answers():
    rows = [
        Answer("a", DESA, "A01", 2, "", Given.VALUE, DAY, "buku desa – é", "panitia"),
        Answer("b", DESA, "D06_threat", None, "no", Given.VALUE, DAY + timedelta(1), "x", "y", "c"),
    ]
    assert answers_digest(rows) == "5df96283abd34bffbc52cfd765036a13c407094e132105beb975e039497c19fe"


@pytest.mark.parametrize("kind", [Given.REFUSED, Given.NOT_APPLICABLE])
@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_a_value_stands_before_a_refusal_of_the_same_day(kind, ids):
    told, refused = answer(ids[0], 0), answer(ids[1], given=kind)
    assert latest(told, refused) == told.id
    assert AnswerLog([told, refused], DAY).latest(DESA, "A01") == told  # also where no risk is known


def test_a_refusal_corrects_nothing():
    """What was known stays known, and stands in the cautious reckoning (RULES 2)."""
    book = AnswerLog([answer("a", 1), answer("b", given=Given.REFUSED, corrects="a")], DAY)
    assert book.last_value(DESA, "A01").id == "a"
    assert book.latest(DESA, "A01").id == "a"  # of one day the value stands
