"""What each item asks for, as checklist.csv says, and whose word stands against whose (RULES 13, 15, 17)."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kondusif.standby import Posture
from kondusif.withdraw import ITEMS, OPEN, WAIVABLE, WAIVED, Reason, gates, may_waive
from tests.spec.gates_clear import HOUR, NOWS, TPS, check, clear, news, plus, waiver, without

ROWS = list(csv.DictReader(Path(__file__).with_name("checklist.csv").open(encoding="utf-8", newline="")))
NOW = NOWS[Posture.STANDBY, Posture.L1]
ONE, TWO = TPS


def judged(row, *said, now=None):
    """The gate of the row's item where only this was said about it."""
    item, to = int(row["item"]), Posture(row["to"])
    move = (Posture.STANDBY if to is Posture.L1 else Posture.L1), to
    s = plus(without(clear(*move), item), *(check(item, now=NOWS[move], **more) for more in said))
    return next(g for g in gates(s, to, now or NOWS[move]) if g.gate == row["item"])


def yes(row, column):
    return row[column] == "yes"


table = pytest.mark.parametrize("row", ROWS, ids=[r["item"] for r in ROWS])


def test_every_item_has_its_row():
    assert [int(r["item"]) for r in ROWS] == [n for n in ITEMS if n != 13]
    assert {r["item"] for r in ROWS if yes(r, "waivable")} | {"13"} == WAIVABLE


@table
def test_a_second_observer(row):
    alone = judged(row, {"second": ""})
    assert (alone.reason is Reason.SECOND_MISSING) is yes(row, "second observer")
    assert (alone.state is OPEN) is not yes(row, "second observer")


@table
def test_the_number_of_the_minutes(row):
    bare = judged(row, {"minutes": ""})
    assert (bare.reason is Reason.MINUTES_MISSING) is yes(row, "number of the minutes")
    assert (bare.state is OPEN) is not yes(row, "number of the minutes")


@table
def test_not_applicable(row):
    na = judged(row, {"value": "na"})
    assert (na.state is OPEN) is yes(row, "not applicable")
    assert na.state is OPEN or (na.reason is Reason.NA and not na.waivable)


@table
def test_what_was_seen_ages_and_what_was_stated_does_not(row):
    now = NOWS[(Posture.STANDBY if row["to"] == "l1" else Posture.L1), Posture(row["to"])]
    seen = {"at": now - 12 * HOUR}
    assert judged(row, seen).state is OPEN
    late = judged(row, seen, now=now + timedelta(minutes=1))
    assert (late.reason is Reason.EXPIRED) is yes(row, "ages")
    assert (late.state is OPEN) is not yes(row, "ages")


@table
def test_a_known_no_is_waivable_or_not(row):
    g = judged(row, {}, {"value": "no", "id": "bad"})
    assert g.shut and may_waive(g) is yes(row, "waivable")


# whose word stands (RULES 13): a station's own, the village's, and an incident's


def gate(s, name, now=NOW):
    return next(g for g in gates(s, Posture.L1, now) if g.gate == name)


def look(item, value, ago, place="", **more):
    return check(item, value, NOW - ago * HOUR, tps=place, **more)


@pytest.mark.parametrize(
    ("looks", "places"),
    [
        ([("", "no", 2), (ONE, "yes", 1), (TWO, "yes", 1)], ("met", "met")),
        ([("", "no", 2), (ONE, "yes", 1)], ("met", "no")),
        ([("", "no", 1), (ONE, "yes", 2), (TWO, "yes", 2)], ("no", "no")),
        ([("", "no", 2), (ONE, "yes", 2), (TWO, "yes", 2)], ("no", "no")),
        ([("", "yes", 1), (ONE, "no", 2)], ("no", "met")),
        ([(ONE, "no", 2), (ONE, "yes", 2), (TWO, "yes", 1)], ("no", "met")),
        ([(ONE, "yes", 3), (ONE, "unknown", 2), (TWO, "yes", 3)], ("unknown", "met")),
        ([("", "yes", 3), ("", "unknown", 2)], ("unknown", "unknown")),
    ],
)
def test_whose_word_stands_at_each_station(looks, places):
    s = plus(without(clear(), 11), *(look(11, value, ago, place) for place, value, ago in looks))
    assert gate(s, "11").facts["places"] == dict(zip(TPS, places, strict=True))


@pytest.mark.parametrize("where", ["", ONE])
def test_a_second_observer_who_looked_before_the_no_does_not_count(where):
    before = look(10, "yes", 3, ONE, by="petugas1", second="")
    after = look(10, "yes", 1, ONE, by="petugas2", second="")
    bare = plus(without(clear(), 10), before, after, look(10, "yes", 1, TWO))
    assert gate(bare, "10").state is OPEN
    assert gate(plus(bare, look(10, "no", 2, where)), "10").facts["places"][ONE] == Reason.SECOND_MISSING


def test_a_starred_look_counts_until_the_older_of_the_two_expires():
    two = (look(10, "yes", ago, by=who, second="") for ago, who in ((5, "petugas1"), (1, "petugas2")))
    assert gate(plus(without(clear(), 10), *two), "10").valid_until == NOW + 7 * HOUR


def test_a_mend_that_is_not_yet_said_mends_nothing():
    bad = look(5, "no", 2, id="bad")
    mends = [check(5, "yes", NOW + wait, id="mend", corrects="bad") for wait in (HOUR, 0 * HOUR)]
    assert [gate(plus(without(clear(), 5), bad, m), "5").state is OPEN for m in mends] == [False, True]


def test_an_incident_at_a_station_denies_that_station():
    s = replace(clear(), incidents=(news("road", NOW - 2 * HOUR, tps=ONE),))
    g = gate(s, "11")
    assert g.facts["places"] == {ONE: "incident_open", TWO: "met"}
    assert (g.reason, g.opens_by) == (Reason.INCIDENT_OPEN, "incident_closed")


def test_a_station_is_looked_at_again_after_the_last_of_its_incidents():
    first, last = (
        news("road", NOW - 5 * HOUR, NOW - ended * HOUR, id=f"n{ended}", tps=ONE) for ended in (3, 1)
    )
    for order in ((first, last), (last, first)):
        s = replace(without(clear(), 11), incidents=order)
        early = gate(plus(s, look(11, "yes", 2)), "11")
        assert early.facts["places"] == {ONE: "seen_before_incident", TWO: "met"}
        assert gate(plus(s, look(11, "yes", 1)), "11").state is OPEN


@pytest.mark.parametrize("place", ["", ONE])
def test_an_open_incident_over_an_unknown_fact_is_never_waived(place):
    s = replace(clear(), incidents=(news("road", NOW - 2 * HOUR, id="n"),))
    said = {v: gate(plus(s, look(11, v, 1 / 2, place, id="c")), "11") for v in ("no", "unknown", "na")}
    assert may_waive(said["no"]) and set(said["no"].fact_ids) == {"n", "c"}
    assert not may_waive(said["unknown"]) and not may_waive(said["na"])


@pytest.mark.parametrize(("facts", "state"), [({"n", "c"}, WAIVED), ({"n"}, "shut"), ({"c"}, "shut")])
def test_a_waiver_names_the_incident_and_the_look_that_confirms_it(facts, state):
    s = plus(clear(), look(11, "no", 1 / 2, id="c"))
    s = replace(s, incidents=(news("road", NOW - 2 * HOUR, id="n"),))
    w = waiver(s, "11", facts, move="standby-l1", at=NOW)
    assert gate(replace(s, waivers=(w,)), "11").state == state


def test_a_station_that_says_no_beside_one_with_an_incident_is_known_to_be_bad():
    s = plus(clear(), look(11, "no", 1 / 2, TWO, id="c"))
    g = gate(replace(s, incidents=(news("road", NOW - 2 * HOUR, id="n", tps=ONE),)), "11")
    assert may_waive(g) and set(g.fact_ids) == {"n", "c"}


def test_a_look_that_needs_no_second_counts_until_the_newest_expires():
    two = (look(9, "yes", ago, id=f"{ago}") for ago in (5, 1))
    assert gate(plus(without(clear(), 9), *two), "9").valid_until == NOW + 11 * HOUR


# who agrees (RULES 13, 18)


def test_every_party_is_named_with_its_word():
    s = plus(clear(), check(13, "no", NOW, by="danramil", second="", party="danramil"))
    places = {"camat": "met", "danramil": "no", "kapolsek": "met", "warga": "met"}
    assert gate(s, "13").facts["places"] == places


def test_the_camat_may_state_the_word_of_the_resident_but_nobody_speaks_for_two_parties():
    def by_camat(party):
        s = clear()
        return replace(s, checks=tuple(replace(c, by="camat") if c.party == party else c for c in s.checks))

    assert gate(by_camat("warga"), "13").state is OPEN
    assert {gate(by_camat(p), "13").reason for p in ("danramil", "kapolsek")} == {Reason.SAME_PERSON}


def test_a_waiver_of_the_agreement_names_the_refusal_that_shuts_it():
    s = plus(clear(), check(13, "no", NOW, by="kode", second="", party="warga", id="c"))
    w = waiver(s, "13", {"other"}, move="standby-l1", at=NOW)
    assert gate(s, "13").fact_ids == ("c",)
    assert gate(replace(s, waivers=(w,)), "13").shut
    assert gate(replace(s, waivers=(replace(w, facts=frozenset({"c"})),)), "13").state is WAIVED
