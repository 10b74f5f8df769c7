"""Withdrawal as its rules say: waivers, corrections, unrest, earliest times (RULES 12 to 18)."""

from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest

from kondusif.errors import MoveRefused
from kondusif.standby import Posture
from kondusif.withdraw import (
    WAIVED,
    Check,
    Hindrance,
    IncidentFact,
    PostingCount,
    Reason,
    blockers,
    check_home,
    check_withdrawal,
    earliest,
    gates,
    gates_markdown,
    may_waive,
)
from kondusif.withdraw.silence import WatchedPost
from tests.spec.gates_clear import HOUR, NOWS, TPS, WIB, check, clear, news, plus, waiver, without

MINUTE = timedelta(minutes=1)
STANDBY, L1, L2 = Posture.STANDBY, Posture.L1, Posture.L2
NOW = NOWS[STANDBY, L1]


def at(day, hour, minute=0):
    return datetime(2023, 10, day, hour, minute, tzinfo=WIB)


def gate(s, name, to=L1, now=NOW):
    return next(g for g in gates(s, to, now) if g.gate == name)


def test_the_refusal_carries_every_shut_gate():
    s = without(clear(), 4, 9, 12)
    with pytest.raises(MoveRefused) as refused:
        check_withdrawal(s, L1, NOW)
    assert [g.gate for g in refused.value.shut] == ["4", "9", "12"]


def test_level_two_may_not_skip_to_l2():
    with pytest.raises(MoveRefused, match="move_unknown"):
        gates(clear(level=2), L2, NOW)


def test_naive_time_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        gates(clear(), L1, datetime(2023, 10, 12, 14))
    with pytest.raises(ValueError, match="time zone"):
        Check("c", "99.01.01.2001", 5, "yes", datetime(2023, 10, 12, 14), "petugas1")


@pytest.mark.parametrize("kwargs", [{"item": 15}, {"item": 13}, {"party": "camat"}, {"value": "maybe"}])
def test_a_malformed_check_is_refused(kwargs):
    with pytest.raises(ValueError):
        Check(**{"id": "c", "desa": "x", "item": 5, "value": "yes", "at": NOW, "by": "a"} | kwargs)


def test_no_field_could_hold_a_vote_figure():
    """RULES 17: a check has no number beside its item."""
    assert [f.name for f in fields(Check) if f.type in ("int", "float", int, float)] == ["item"]


class TestPlaces:
    def test_one_check_per_tps_is_as_good_as_one_for_the_village(self):
        s = plus(without(clear(), 4), *(check(4, now=NOW, tps=t) for t in TPS))
        assert not gate(s, "4").shut

    def test_a_newer_word_for_the_village_does_not_clear_the_no_of_a_station(self):
        s = plus(clear(), check(4, "no", NOW - 2 * HOUR, tps=TPS[1]))
        assert gate(s, "4").reason is Reason.NO
        assert gate(s, "4").facts["places"] == {TPS[0]: "met", TPS[1]: "no"}

    def test_the_station_clears_its_own_no(self):
        s = plus(clear(), check(4, "no", NOW - 2 * HOUR, tps=TPS[1]), check(4, at=NOW - HOUR / 2, tps=TPS[1]))
        assert not gate(s, "4").shut

    def test_two_people_looking_apart_are_two_observers(self):
        one, two = (check(10, now=NOW, by=who, second="") for who in ("petugas1", "petugas2"))
        assert gate(plus(without(clear(), 10), one), "10").reason is Reason.SECOND_MISSING
        assert not gate(plus(without(clear(), 10), one, two), "10").shut

    def test_without_known_stations_only_the_word_for_the_village_counts(self):
        s = replace(without(clear(), 1), tps=())
        assert gate(s, "1").reason is Reason.UNKNOWN
        assert not gate(plus(s, check(1, now=NOW)), "1").shut

    def test_an_incident_at_an_unlisted_station_counts_for_all(self):
        s = replace(clear(), incidents=(news("road", NOW - 2 * HOUR, tps="99.01.01.2001-09"),))
        assert gate(s, "11").reason is Reason.INCIDENT_OPEN


class TestCorrections:
    BAD = check(5, "no", NOW - 2 * HOUR, id="bad")

    def test_the_observer_mends_his_own(self):
        mend = check(5, "yes", NOW - 3 * HOUR, id="mend", corrects="bad")
        assert not gate(plus(without(clear(), 5), self.BAD, mend), "5").shut

    def test_someone_else_cannot(self):
        mend = check(5, "yes", NOW - 3 * HOUR, id="mend", corrects="bad", by="panitia")
        assert gate(plus(without(clear(), 5), self.BAD, mend), "5").reason is Reason.NO

    def test_good_news_from_the_future_does_not_count(self):
        s = plus(without(clear(), 5), check(5, at=NOW + HOUR))
        assert gate(s, "5").reason is Reason.UNKNOWN

    def test_bad_news_from_a_fast_clock_does(self):
        assert gate(plus(clear(), check(5, "no", NOW + HOUR)), "5").reason is Reason.NO


class TestUnrest:
    def test_a_good_look_before_the_end_of_an_incident_says_nothing(self):
        n = news("crowd", NOW - 3 * HOUR, NOW - HOUR / 2)
        assert gate(replace(clear(), incidents=(n,)), "9").reason is Reason.SEEN_BEFORE_INCIDENT

    def test_a_bad_look_breaks_the_quiet_until_the_next_good_one(self):
        s = plus(clear(), check(9, "no", NOW - 5 * HOUR, tps=TPS[0]), check(9, at=NOW - 4 * HOUR, tps=TPS[0]))
        assert not gate(s, "9").shut
        q = gate(s, "quiet")
        assert (q.reason, q.opens_at) == (Reason.QUIET_RUNNING, NOW + 8 * HOUR)

    def test_a_bad_look_that_nobody_looked_after_goes_on(self):
        s = plus(clear(), check(11, "no", NOW - 5 * HOUR, tps=TPS[0]))
        assert gate(s, "quiet").reason is Reason.INCIDENT_OPEN

    def test_news_that_is_closed_without_an_end_goes_on(self):
        n = IncidentFact("n", "threat", NOW - 30 * HOUR, None, clear().desa, open=False)
        assert gate(replace(clear(), incidents=(n,)), "quiet").reason is Reason.INCIDENT_OPEN

    def test_news_of_another_village_is_not_ours(self):
        n = IncidentFact("n", "threat", NOW - HOUR, None, "99.01.01.2002")
        assert blockers(replace(clear(), incidents=(n,)), L1, NOW) == ()

    def test_an_observation_counts_for_as_many_hours_as_the_quiet_hours(self):
        s = without(clear(level=3, now=NOW), 9)
        s = plus(s, check(9, at=NOW - 20 * HOUR))
        assert not gate(s, "9").shut
        assert gate(s, "9").valid_until == NOW + 4 * HOUR
        assert gate(replace(s, level=2), "9").reason is Reason.EXPIRED


class TestWaivers:
    BAD = check(12, "no", NOW - HOUR / 2, id="rumour")
    S = plus(clear(), BAD)
    MOVE = "standby-l1"

    def given(self, s=S, **more):
        w = waiver(s, "12", {"rumour"}, **({"move": self.MOVE, "at": NOW} | more))
        return gate(replace(s, waivers=(w,)), "12")

    def test_a_waiver_by_three_people_lets_the_gate_pass_and_stays_visible(self):
        g = self.given()
        assert (g.state, g.reason, g.waiver) == (WAIVED, Reason.NO, "w1")

    @pytest.mark.parametrize(
        "more",
        [
            {"reason": "  "},
            {"second_by": ""},
            {"second_by": "kapolsek"},
            {"second_by": "kapolres"},
            {"approved_by": "kapolsek"},
            {"move": "standby-l2"},
            {"at": clear().standby_since - HOUR},
            {"at": NOW + HOUR},
        ],
    )
    def test_anything_less_does_not(self, more):
        assert self.given(**more).shut

    def test_a_newer_bad_fact_shuts_it_again(self):
        worse = plus(self.S, check(12, "no", NOW - HOUR / 4, id="second rumour"))
        assert self.given(worse).shut

    def test_reopening_voids_it(self):
        assert self.given(replace(self.S, standby_since=NOW + HOUR / 60)).shut

    @pytest.mark.parametrize("item", [1, 2, 3, 4, 5, 9, 10])
    def test_never_waivable(self, item):
        s = plus(clear(), check(item, "no", NOW, id="bad"))
        w = waiver(s, str(item), {"bad"}, move=self.MOVE, at=NOW)
        g = gate(replace(s, waivers=(w,)), str(item))
        assert g.shut and not may_waive(g)

    def test_an_unknown_fact_is_never_waived(self):
        s = without(clear(), 12)
        w = waiver(s, "12", set(), move=self.MOVE, at=NOW)
        assert gate(replace(s, waivers=(w,)), "12").shut

    def test_nor_one_bad_place_when_another_is_unknown(self):
        s = plus(without(clear(), 12), check(12, "no", NOW, id="bad", tps=TPS[0]))
        g = gate(replace(s, waivers=(waiver(s, "12", {"bad"}, move=self.MOVE, at=NOW),)), "12")
        assert g.shut and not g.waivable


class TestEarliest:
    """The drawing of the withdrawal page: crowd dispersed at 13.00 on 11 Oct, 24 h, level 3."""

    NOW = at(11, 14, 5)

    def village(self):
        s = clear(level=3, now=self.NOW)
        s = replace(s, incidents=(news("crowd", at(11, 9), at(11, 13)),), standby_since=at(10, 22))
        s = plus(without(s, 4, 9), check(9, at=at(11, 13, 40)), check(4, now=self.NOW, tps=TPS[0]))
        return plus(s, check(12, "no", at(11, 12, 20), id="kabar kotak suara hilang", tps=TPS[0]))

    def test_no_time_while_12_is_denied_and_not_waived(self):
        e = earliest(self.village(), L1, self.NOW)
        assert (e.at, e.before) == (None, (Hindrance("denied", ("12",)),))
        assert e.conditions == ("4", "12")

    def test_thursday_13_00_if_4_opens_before_once_12_is_waived(self):
        w = waiver(self.village(), "12", {"kabar kotak suara hilang"}, move="standby-l1", at=self.NOW)
        e = earliest(replace(self.village(), waivers=(w,)), L1, self.NOW)
        assert (e.at, e.conditions, e.before) == (at(12, 13), ("4",), ())
        assert (e.night_from, e.night_until) == (at(12, 18), at(13, 6))

    def test_an_end_in_the_night_waits_for_the_morning(self):
        s = replace(clear(level=3, now=at(11, 21)), incidents=(news("crowd", at(11, 19), at(11, 20)),))
        e = earliest(s, L1, at(11, 21))
        assert e.at == at(13, 6)

    def test_what_expires_until_then_is_named(self):
        s = replace(clear(now=NOW), standby_since=NOW)
        s = plus(without(s, 11), check(11, at=NOW - 8 * HOUR))
        e = earliest(s, L1, NOW)
        assert e.at == NOW + 12 * HOUR
        assert set(e.renew) == {"9", "10", "11"}

    def test_no_time_while_bad_news_is_open(self):
        s = replace(clear(), incidents=(news("threat", NOW - HOUR, id="n1"),))
        e = earliest(s, L1, NOW)
        assert e.at is None and set(e.conditions) == {"10", "quiet"}
        assert e.before == (Hindrance("news", ("n1",)), Hindrance("denied", ("10",)))

    def test_a_waiver_over_open_news_does_not_start_the_clock(self):
        n = news("road", NOW - HOUR)
        w = waiver(clear(), "11", {n.id}, move="standby-l1", at=NOW)
        s = replace(clear(), incidents=(n,), waivers=(w,))
        e = earliest(s, L1, NOW)
        assert gate(s, "11").state is WAIVED
        assert (e.at, e.before) == (None, (Hindrance("news", (n.id,)),))

    def test_no_time_while_a_post_is_silent(self):
        spoken, silent = (
            WatchedPost(t, NOW - 5 * HOUR, NOW - n * MINUTE) for t, n in zip(TPS, (0, 41), strict=True)
        )
        e = earliest(replace(clear(), watched=(spoken, silent)), L1, NOW)
        assert (e.at, e.before) == (None, (Hindrance("silent", (TPS[1],)),))

    def test_nobody_can_tell_while_the_inauguration_is_unknown(self):
        s = clear(Posture.L3, Posture.L4)
        s = replace(s, deadlines=replace(s.deadlines, inauguration_at=None))
        e = earliest(s, Posture.L4, NOWS[Posture.L3, Posture.L4])
        assert (e.at, e.conditions) == (None, ("inauguration",))

    def test_now_when_all_is_clear(self):
        assert earliest(clear(), L1, NOW).at == NOW


class TestCountingHome:
    @pytest.mark.parametrize(
        "back, equipment, reason",
        [
            (None, 2, Reason.NOT_COUNTED),
            (3, None, Reason.NOT_COUNTED),
            (2, 2, Reason.COUNT_DIFFERS),
            (4, 2, Reason.COUNT_DIFFERS),
            (3, 1, Reason.COUNT_DIFFERS),
        ],
    )
    def test_out_is_not_back(self, back, equipment, reason):
        with pytest.raises(MoveRefused) as refused:
            check_home(PostingCount("p", "returning", 3, back, 2, equipment))
        (g,) = refused.value.shut
        assert (g.gate, g.reason) == ("15", reason)

    def test_out_is_back(self):
        check_home(PostingCount("p", "returning", 3, 3, 2, 2))


def test_a_settled_or_absent_dispute_opens_before_its_limit():
    s, now = clear(Posture.L2, Posture.L3), at(20, 10)
    for word, open_ in (("none", True), ("settled", True), ("open", False), ("unknown", False)):
        assert (blockers(replace(s, dispute=word), Posture.L3, now) == ()) is open_
    late = s.deadlines.dispute_limit_at + timedelta(minutes=1)
    assert blockers(replace(s, dispute="open"), Posture.L3, late) == ()


def test_no_dispute_says_nothing_while_objections_may_come():
    s = replace(clear(Posture.L2, Posture.L3), dispute="none")
    (g,) = blockers(s, Posture.L3, at(12, 10))
    assert g.reason is Reason.WINDOW_OPEN and g.opens_at == s.deadlines.objection_shut_at


def test_the_generated_page_names_every_gate():
    page = gates_markdown()
    assert "```mermaid" in page and "| 15 |" in page and "objection_window" in page
