"""When the quiet hours begin, how long they last, what ends them (RULES 12 to 14); clocks to the minute."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kondusif.standby import QUIET_HOURS, Posture
from kondusif.withdraw import OPEN, PostingCount, Reason, blockers, earliest, gates, reopens
from tests.spec.gates_clear import HOUR, NOWS, SINCE, TPS, WIB, check, clear, news, plus, without

L1, L3, L4 = Posture.L1, Posture.L3, Posture.L4
NOW = NOWS[Posture.STANDBY, L1]
MINUTE = timedelta(minutes=1)
UNLISTED = f"{TPS[0][:-2]}09"


def gate(s, name, to=L1, now=NOW):
    return next(g for g in gates(s, to, now) if g.gate == name)


@pytest.mark.parametrize(("level", "hours"), [(1, 6), (2, 12), (3, 24)])
def test_six_twelve_and_twenty_four_hours_by_level(level, hours):
    assert QUIET_HOURS[level] == hours
    begun = NOW - hours * HOUR
    s = replace(clear(level=level), standby_since=begun, last_report_at=NOW)
    assert gate(s, "quiet").state is OPEN
    early = gate(replace(s, standby_since=begun + MINUTE), "quiet")
    assert (early.reason, early.opens_at) == (Reason.QUIET_RUNNING, NOW + MINUTE)


def test_other_hours_in_the_operation_order_count_for_the_clock_and_for_what_was_seen():
    s = replace(clear(level=2), quiet_hours={1: 6, 2: 48, 3: 60})
    assert gate(s, "quiet").opens_at == SINCE + 48 * HOUR == earliest(s, L1, NOW).at
    longer = plus(without(s, 9), check(9, at=NOW - 47 * HOUR))
    assert gate(longer, "9").state is OPEN
    assert gate(replace(longer, quiet_hours=QUIET_HOURS), "9").reason is Reason.EXPIRED


def test_they_run_from_the_last_of_two_troubles():
    early, late = (news("threat", NOW - 30 * HOUR, NOW - h * HOUR, id=f"n{h}", tps=TPS[0]) for h in (29, 14))
    for order in ((early, late), (late, early)):
        q = gate(replace(clear(), incidents=order), "quiet")
        assert (q.state, q.facts["since"], q.fact_ids) == (OPEN, NOW - 14 * HOUR, ("n14",))


VILLAGE = ""
ONE, TWO = TPS


@pytest.mark.parametrize(
    ("looks", "since"),
    [
        ([(ONE, "no", 15), (ONE, "yes", 13)], 13),
        ([(ONE, "no", 15), (ONE, "yes", 13), (ONE, "yes", 2)], 13),
        ([(ONE, "no", 15), (ONE, "unknown", 14), (ONE, "yes", 13)], 13),
        ([(ONE, "no", 15), (ONE, "no", 14), (ONE, "yes", 13)], 13),
        ([(ONE, "yes", 16), (ONE, "no", 15)], None),
        ([(ONE, "no", 15), (ONE, "yes", 15)], None),
        ([(ONE, "no", 15), (TWO, "yes", 13)], None),
        ([(ONE, "no", 15), (VILLAGE, "yes", 13)], None),
        ([(UNLISTED, "no", 15), (ONE, "yes", 14), (TWO, "yes", 13)], None),
        ([(VILLAGE, "no", 15), (VILLAGE, "yes", 13)], 13),
        ([(VILLAGE, "no", 15), (ONE, "yes", 14)], None),
        ([(VILLAGE, "no", 15), (ONE, "yes", 14), (TWO, "yes", 13)], 13),
        ([(VILLAGE, "no", 15), (ONE, "yes", 14), (TWO, "yes", 13), (TWO, "yes", 2)], 13),
        ([(VILLAGE, "no", 15), (ONE, "yes", 14), (TWO, "yes", 13), (VILLAGE, "yes", 2)], 13),
        ([(VILLAGE, "no", 15), (VILLAGE, "yes", 13), (ONE, "yes", 3), (TWO, "yes", 2)], 13),
    ],
)
def test_a_bad_look_ends_with_the_first_good_one_at_its_place(looks, since):
    """``since``: hours ago; None while it goes on. A village ends by its own word, or all its stations."""
    at = [check(9, value, NOW - h * HOUR, tps=place, id=f"{i}") for i, (place, value, h) in enumerate(looks)]
    q = gate(plus(without(clear(), 9), *at), "quiet")
    if since is None:
        assert q.reason is Reason.INCIDENT_OPEN
    else:
        assert (q.state, q.facts["since"]) == (OPEN, NOW - since * HOUR)


def test_every_station_is_looked_at_before_a_bad_village_is_good_again():
    three = (*TPS, f"{TPS[0][:-2]}03")
    looks = (check(9, "no", NOW - 15 * HOUR), *(check(9, at=NOW - 14 * HOUR, tps=t) for t in TPS))
    s = plus(replace(without(clear(), 9), tps=three), *looks)
    assert gate(s, "quiet").reason is Reason.INCIDENT_OPEN


def test_without_known_stations_the_village_ends_its_own_trouble():
    looks = check(9, "no", NOW - 15 * HOUR), check(9, at=NOW - 13 * HOUR)
    s = plus(replace(without(clear(), 9), tps=()), *looks)
    assert gate(s, "quiet").facts["since"] == NOW - 13 * HOUR


@pytest.mark.parametrize(
    ("hour", "minute", "shut"), [(17, 59, False), (18, 0, True), (23, 0, True), (5, 59, True), (6, 0, False)]
)
def test_the_night_guard_by_the_clock(hour, minute, shut):
    now = datetime(2023, 10, 12, hour, minute, tzinfo=WIB)
    g = gate(clear(level=3, now=now), "night", now=now)
    assert g.shut is shut
    if shut:
        assert g.opens_at == datetime(2023, 10, 13 if hour >= 18 else 12, 6, tzinfo=WIB)
    assert gate(clear(level=2, now=now), "night", now=now).state is OPEN


def test_the_dispute_and_the_inauguration_open_to_the_minute():
    s = clear(Posture.L2, L3)
    s, limit = replace(s, dispute="open"), s.deadlines.dispute_limit_at
    assert blockers(s, L3, limit) == () != blockers(s, L3, limit - MINUTE)
    s = clear(L3, L4)
    rested = s.deadlines.inauguration_at + 24 * HOUR
    assert blockers(s, L4, rested) == () != blockers(s, L4, rested - MINUTE)


@pytest.mark.parametrize("party", ["camat", "danramil", "kapolsek", "warga"])
def test_an_agreement_counts_for_twenty_four_hours(party):
    def said(ago):
        s = clear()
        return replace(s, checks=tuple(replace(c, at=NOW - ago) if c.party == party else c for c in s.checks))

    assert gate(said(24 * HOUR), "13").state is OPEN
    assert gate(said(24 * HOUR + MINUTE), "13").reason is Reason.EXPIRED
    assert gate(said(23 * HOUR), "13").valid_until == NOW + HOUR


def test_a_cancelled_posting_keeps_nobody_out_and_needs_no_count():
    s = clear(L4, Posture.CLOSED)
    s = replace(s, postings=(*s.postings, PostingCount("tni@tps01", "cancelled", 3)))
    assert blockers(s, Posture.CLOSED, NOWS[L4, Posture.CLOSED]) == ()


def test_a_village_that_never_spoke_has_no_earliest_time_and_a_report_is_asked_for():
    s = replace(clear(), standby_since=NOW - 4 * HOUR, last_report_at=None)
    e = earliest(s, L1, NOW)
    assert (e.at, e.conditions) == (None, ("quiet",))
    assert [(h.kind, h.about) for h in e.before] == [("silent", (s.desa,))]


def test_the_earliest_time_names_for_renewal_only_what_is_open_now_and_will_have_expired():
    s = replace(clear(), incidents=(news("threat", NOW - 30 * HOUR, NOW - 14 * HOUR, tps=TPS[0]),))
    assert earliest(s, L1, NOW).renew == ()
    e = earliest(without(s, 12), L1, NOW)
    assert (e.conditions, e.renew) == (("12",), ())
    assert (e.night_from, e.night_until) == (None, None)  # the night guards level 3 only


@pytest.mark.parametrize("posture", Posture)
def test_bad_news_reopens_a_village_that_stepped_down_and_no_other(posture):
    """RULES 14: a fact of D05-D07, or items 9-11 turning bad."""
    down = posture in (L1, Posture.L2, L3, L4)
    for kind in ("weapon", "threat", "violence", "crowd", "damage", "road"):
        assert reopens(posture, news(kind, NOW)) is down
        assert reopens(posture, news(kind, NOW, NOW)) is down  # also when it is over already
    assert not any(reopens(posture, news(kind, NOW)) for kind in ("rumour", "box"))
    for item in (n for n in range(1, 15) if n != 13):
        assert reopens(posture, check(item, "no", NOW)) is (down and item in (9, 10, 11))
        assert not any(reopens(posture, check(item, v, NOW)) for v in ("yes", "unknown", "na"))
