"""Whether an answer may be taken: every verdict by its code, and which of them ask whom."""

from dataclasses import replace
from datetime import date

import pytest

from kondusif.answers.answer import Answer, Given
from kondusif.answers.check import VERDICTS, CheckContext, Fault, KnownAnswer, Origin, UnansweredItem, faults
from kondusif.incidents import news
from kondusif.instrument.published import default_recipe
from kondusif.words import table

DAY, DESA, TPS = date(2023, 10, 11), "99.01.01.2001", "99.01.01.2001-01"
HERE = CheckContext(default_recipe(), frozenset({DESA, TPS}), DAY, round=True, rater="petugas1")


def told(item="A01", value=1.0, **more):
    fields = {"id": "a", "place": DESA, "word": "", "given": Given.VALUE, "on": DAY, "source": "BA"}
    return Answer(item=item, value=value, **({**fields, "rater": "petugas1"} | more))


def codes(answer, brought=Origin.SELF, here=HERE):
    return {f.code for f in faults([answer], brought, here)}


@pytest.mark.parametrize("brought", Origin)
@pytest.mark.parametrize(
    "wrong, field, code",
    [
        ({"place": "99.01.01.2099"}, "place", "place_unknown"),
        ({"item": "Z01"}, "item", "item_unknown"),
        ({"on": date(2023, 10, 12)}, "on", "day_to_come"),
        ({"on": date(1999, 1, 1)}, "on", "day_impossible"),
        ({"source": "orang madura"}, "source", "never_kept"),
        ({"rater": "kader partai"}, "rater", "never_kept"),
        ({"given": Given.NOT_APPLICABLE, "value": None}, "given", "always_applies"),
        ({"value": 1.5}, "value", "value_impossible"),
        ({"source": " "}, "source", "source_missing"),
    ],
)
def test_one_answer_is_judged_alike_whichever_way_it_comes(brought, wrong, field, code):
    assert faults([told()], brought, HERE) == ()
    assert (field, code) in {(f.field, f.code) for f in faults([told(**wrong)], brought, HERE)}


def test_what_a_plan_answers_is_asked_of_nobody_and_a_station_its_own_items_alone():
    assert codes(told("F01", 0.0)) == {"item_not_asked"}
    assert codes(told("A01", 0.0, place=TPS)) == {"item_not_of_station"}
    assert codes(told("E01", 30.0, place=TPS)) == set()
    assert codes(told("D05", 1.0, place=TPS), Origin.FILE) == set()  # bad news of a station is heard


def test_nothing_corrects_by_saying_nothing_but_the_office_lapses_what_it_derived():
    refused = told(value=None, given=Given.REFUSED, corrects="b")
    here = replace(HERE, corrected={"b": KnownAnswer(told(id="b"))})
    for brought in (Origin.SELF, Origin.FILE, Origin.TERMINAL):
        assert "corrects_by_nothing" in codes(refused, brought, here)
    assert codes(refused, Origin.OFFICE, here) == set()


@pytest.mark.parametrize("wrong", [{"place": TPS}, {"item": "A02"}, {"rater": "perencana"}])
def test_a_person_corrects_own_answers_of_the_same_place_and_item(wrong):
    mending = told(corrects="b")
    assert codes(mending, here=replace(HERE, corrected={"b": KnownAnswer(told(id="b"))})) == set()
    others = replace(HERE, corrected={"b": KnownAnswer(told(**{"id": "b"} | wrong))})
    assert codes(mending, here=others) == codes(mending) == {"corrects_not_own"}


def test_no_file_calms_what_another_told_nor_what_the_office_wrote():
    there = told("D10", 3.0, id="b")
    calmer, worse = told("D10", 1.0, corrects="b"), told("D10", 4.0, corrects="b")
    others = replace(HERE, corrected={"b": KnownAnswer(there, others=True)})
    office = replace(HERE, corrected={"b": KnownAnswer(there, office=True)})
    assert codes(calmer, Origin.FILE, others) == {"corrects_others"}
    assert codes(worse, Origin.FILE, others) == set()
    assert codes(calmer, Origin.FILE, replace(others, round=False)) == set()
    assert codes(worse, Origin.FILE, office) == {"corrects_others"}


def test_no_file_speaks_for_who_answered_in_person_nor_for_the_office():
    personal = {(DESA, "D10", "petugas1"): (told("D10", 3.0, id="b"),)}
    here = replace(HERE, personal=personal)
    assert codes(told("D10", 1.0), Origin.FILE, here) == {"rater_answered"}
    assert codes(told("D10", 3.0), Origin.FILE, here) == set()
    assert codes(told(rater="Sistem"), Origin.FILE) == {"rater_is_office"}


def test_what_was_asked_in_vain_needs_no_source_and_is_judged_too():
    asked = UnansweredItem("a", DESA, "A01", DAY, "", "petugas1")
    assert faults([], Origin.SELF, HERE, [asked]) == ()
    wrong = replace(asked, item="F01", source="orang madura")
    assert {f.code for f in faults([], Origin.SELF, HERE, [wrong])} == {"item_not_asked", "never_kept"}


def test_every_fault_has_its_words_and_every_way_its_verdicts():
    assert set(VERDICTS) == set(Origin)
    assert Fault(told(), "value", "value_impossible", "1,5", "bilangan bulat").words == "bilangan bulat"
    for code in table("answer_faults"):
        assert Fault(told(), "value", code, "x").words


@pytest.mark.parametrize(
    "known, coming, bad",
    [
        ([], told("D05", 1.0), True),
        ([], told("D05", 0.0), False),
        ([], told("A01", 5.0), False),
        ([told("D07", 2.0, id="b", on=date(2023, 10, 8))], told("D07", 2.0), False),
        ([told("D07", 2.0, id="b", on=date(2023, 10, 8))], told("D07", 3.0), True),
        ([told("D07", 2.0, id="b", place=TPS)], told("D07", 2.0), True),
        ([told("D07", 2.0)], told("D07", 2.0), False),  # here already
    ],
)
def test_news_is_more_than_was_known_of_a_place_and_item(known, coming, bad):
    assert (news(known, [coming]) is coming) == bad
