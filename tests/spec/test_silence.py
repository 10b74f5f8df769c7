"""Whoever stands there speaks, in every posture, or is named as silent (RULES 13)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import MoveRefused
from kondusif.standby import GATES, Posture
from kondusif.withdraw import Reason, earliest, gates
from kondusif.withdraw.silence import (
    GAPS,
    REPORTS_DUE,
    WatchedPost,
    Word,
    check_confirming,
    is_silent,
    report_due,
    silent_posts,
    stale_after,
    uncounted_gaps,
    watched_places,
    watched_posts,
)
from tests.spec.gates_clear import DESA, HOUR, NOWS, TPS, WIB, clear

MINUTE = timedelta(minutes=1)
NOON = datetime(2023, 10, 12, 12, tzinfo=WIB)
P = Posture
HALF_HOURLY = (P.VOTING, P.COUNTING, P.BOX_ESCORT, P.STANDBY)


def at(hour, minute=0):
    return NOON.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("postures", "by_day", "by_night"),
    [
        (HALF_HOURLY, 30, 60),
        ((P.L1,), 120, 120),
        ((P.L2,), 360, 360),
        ((P.L3,), 1440, 1440),
        ((P.MOVED_IN,), 180, 180),
    ],
)
def test_how_often_a_post_speaks_by_posture_and_hour(postures, by_day, by_night):
    for posture in postures:
        for spoke, minutes in [
            (at(5), by_day),
            (at(12), by_day),
            (at(21, 59), by_day),
            (at(22), by_night),
            (at(4, 59), by_night),
        ]:
            assert report_due(posture, spoke - HOUR, spoke) == spoke + minutes * MINUTE
            assert report_due(posture, spoke, spoke - HOUR) == spoke + minutes * MINUTE


def test_the_hours_of_the_night_are_those_of_the_place():
    spoke = at(21, 30)  # 22.30 in WITA
    assert report_due(P.STANDBY, spoke, None, "Asia/Makassar") == spoke + HOUR
    assert report_due(P.STANDBY, spoke, None, "Asia/Jakarta") == spoke + HOUR / 2


@pytest.mark.parametrize("posture", list(REPORTS_DUE))
def test_a_post_is_silent_once_its_grace_is_over_and_no_minute_sooner(posture):
    rule = REPORTS_DUE[posture]
    assert rule.grace > timedelta(0)
    post, last = WatchedPost(TPS[0], NOON - 9 * HOUR, NOON), NOON + rule.every + rule.grace
    assert not is_silent(posture, post, last, "Asia/Jakarta")
    assert is_silent(posture, post, last + MINUTE, "Asia/Jakarta")


def test_a_word_of_the_future_is_no_word():
    post = WatchedPost(TPS[0], NOON - 9 * HOUR, NOON + HOUR)
    assert is_silent(P.STANDBY, post, NOON, "Asia/Jakarta")


STATES = ("ordered", "on_post", "returning", "home", "cancelled")


@pytest.mark.parametrize("posture", list(Posture))
def test_silence_is_watched_in_every_posture_in_which_somebody_stands_there(posture):
    """A station with somebody on post is never out of sight: itself, or its village by the daily visit."""
    places = watched_places(posture, DESA, TPS, [(TPS[0], "on_post"), (TPS[1], "home")])
    if posture is P.CLOSED:
        assert places == ()
    else:
        assert places == ((DESA,) if posture is P.L3 else (TPS[0],))


@pytest.mark.parametrize("posture", [P.MOVED_IN, *HALF_HOURLY, P.L1])
def test_a_station_is_watched_until_everybody_has_left_it(posture):
    for state in STATES:
        gone = state in ("returning", "home", "cancelled")
        assert watched_places(posture, DESA, TPS, [(TPS[0], state), (TPS[1], "on_post")]) == TPS[gone:]
    assert watched_places(posture, DESA, TPS, []) == TPS  # nothing known is not nobody there


def test_where_nobody_stands_the_patrol_or_the_visit_speaks_for_the_village():
    gone = [(t, "home") for t in TPS]
    assert watched_places(P.L2, DESA, TPS, gone) == watched_places(P.L3, DESA, TPS, gone) == (DESA,)
    assert watched_places(P.L2, DESA, TPS, [(DESA, "on_post")]) == (DESA,)
    assert watched_places(P.PREPARATION, DESA, TPS, []) == watched_places(P.L4, DESA, TPS, gone) == ()


def quiet(s, now):
    return next(g for g in gates(s, P.L1, now) if g.gate == "quiet")


def test_a_silent_post_is_named_and_shuts_the_quiet_hours_while_it_is_silent():
    now = NOWS[P.STANDBY, P.L1]
    spoken = tuple(WatchedPost(t, now - 9 * HOUR, now - 5 * MINUTE) for t in TPS)
    s = replace(clear(), watched=spoken)
    assert not quiet(s, now).shut
    mute = replace(spoken[1], last_at=now - HOUR)
    shut = quiet(replace(s, watched=(spoken[0], mute)), now)
    assert (shut.reason, shut.facts["silent"]) == (Reason.POST_SILENT, {TPS[1]: now - HOUR})
    assert not shut.waivable and shut.opens_by == "report"


@pytest.mark.parametrize("move", [m for m in GATES if m[0] in REPORTS_DUE and m in NOWS])
def test_no_move_has_an_earliest_time_while_a_post_is_silent(move):
    posture, to = move
    now = NOWS[move]
    s = replace(clear(posture, to), watched=(WatchedPost(DESA, now - 90 * HOUR),))
    assert silent_posts(posture, s.watched, now, s.tz)
    e = earliest(s, to, now)
    assert e.at is None and [h.kind for h in e.before] == ["silent"]
    spoken = replace(s, watched=(replace(s.watched[0], last_at=now),))
    assert earliest(spoken, to, now).at == now


def test_a_board_is_stale_after_two_of_the_shortest_intervals():
    postures = [P.MOVED_IN, P.STANDBY, P.CLOSED]
    assert stale_after(postures, at(12), "Asia/Jakarta") == HOUR
    assert stale_after(postures, at(23), "Asia/Jakarta") == 2 * HOUR
    assert stale_after([P.CLOSED], at(12), "Asia/Jakarta") is None


# ------------------------------------------------------------ a silence that ended


HOURS = timedelta(hours=12)  # quiet hours of gate level 2
CALM_NOW = NOWS[P.STANDBY, P.L1]


def after_a_gap(*said, gap=5 * HOUR, ended=3 * HOUR):
    """A village where all is clear, but the first station was silent; ``said``: what it reported since."""
    until = CALM_NOW - ended
    early = [Word(until - gap - n * 20 * MINUTE, "petugas1") for n in range(150)]
    later = [Word(CALM_NOW - n * 20 * MINUTE, "petugas1") for n in range(int(ended / (20 * MINUTE)))]
    words = (*early, Word(until, "petugas1"), *later, *(Word(until + at, *rest) for at, *rest in said))
    post = WatchedPost(TPS[0], CALM_NOW - 60 * HOUR, CALM_NOW, words)
    other = WatchedPost(TPS[1], CALM_NOW - 60 * HOUR, CALM_NOW)
    return replace(clear(), watched=(post, other))


SAID = timedelta(0)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ((), Reason.GAP_UNSTATED),
        ([(SAID, "petugas1", "calm")], Reason.GAP_UNCONFIRMED),
        ([(SAID, "petugas1", "calm", "petugas1")], Reason.GAP_UNCONFIRMED),  # nobody confirms their own word
        ([(SAID, "petugas1", "", "kapolsek")], Reason.GAP_UNSTATED),  # nothing stated, nothing to confirm
        ([(SAID, "petugas1", "not_calm", "kapolsek")], Reason.GAP_UNSTATED),
        ([(SAID, "petugas1", "calm", "kapolsek"), (HOUR, "petugas4", "not_calm")], Reason.GAP_UNSTATED),
        ([(-9 * HOUR, "petugas1", "calm", "kapolsek")], Reason.GAP_UNSTATED),  # said before it was silent
        ([(SAID, "petugas1", "calm", "kapolsek")], Reason.MET),
        ([(HOUR, "petugas4", "calm", "petugas1")], Reason.MET),  # a later report states it
    ],
)
def test_a_gap_counts_as_quiet_only_if_it_is_stated_calm_and_a_second_person_says_so(said, reason):
    gate = quiet(after_a_gap(*said), CALM_NOW)
    assert gate.reason is reason and gate.shut == (reason is not Reason.MET)
    if gate.shut:
        assert [place for place, *_ in gate.facts["gaps"]] == [TPS[0]]
        assert gate.opens_at == CALM_NOW - 3 * HOUR + HOURS and not gate.waivable


def test_after_a_gap_that_does_not_count_the_quiet_hours_run_anew_from_the_word_that_ended_it():
    assert quiet(after_a_gap(ended=HOURS - MINUTE), CALM_NOW).shut
    assert not quiet(after_a_gap(ended=HOURS), CALM_NOW).shut


@settings(deadline=None, max_examples=100)
@given(
    st.integers(41, 700),
    st.integers(1, 700),
    st.lists(
        st.tuples(st.integers(-60, 120), st.sampled_from(["", *GAPS]), st.sampled_from(["", "p1", "p2"])),
        max_size=4,
    ),
)
def test_no_silence_is_quiet_without_two_people_whatever_else_was_said(gap, ended, said):
    until = CALM_NOW - ended * MINUTE
    words = [Word(until - gap * MINUTE, "p1"), Word(until, "p1")]
    words += [Word(until + at * MINUTE, "p1", what, second) for at, what, second in said if at >= 0]
    words += [Word(min(until + n * 20 * MINUTE, CALM_NOW), "p1") for n in range(40)]
    post = WatchedPost(TPS[0], until - gap * MINUTE, CALM_NOW, tuple(words))
    found = uncounted_gaps(P.STANDBY, post, until - MINUTE, CALM_NOW, "Asia/Jakarta")
    long = until > report_due(P.STANDBY, post.since, post.since) + REPORTS_DUE[P.STANDBY].grace
    in_time = [w for w in words if w.at <= CALM_NOW]
    twice = any(w.gap == "calm" and w.second == "p2" for w in in_time)
    assert bool(found) == (long and not (twice and all(w.gap != "not_calm" for w in in_time)))


@pytest.mark.parametrize(
    ("gap", "reporter", "second", "how", "confirmed", "why"),
    [
        ("", "a", "b", "call", False, "gap_not_stated"),
        ("not_calm", "a", "b", "call", False, "gap_not_stated"),
        ("calm", "a", "a", "call", False, "verify_own_report"),
        ("calm", "a", "b", "call", True, "verified_already"),
        ("calm", "a", "b", "rumour", False, "gap_proof_unknown"),
    ],
)
def test_who_confirms_a_gap_is_another_and_says_how(gap, reporter, second, how, confirmed, why):
    with pytest.raises(MoveRefused, match=why):
        check_confirming(gap=gap, reporter=reporter, second=second, how=how, confirmed=confirmed)


def test_at_l3_the_daily_word_is_the_visit_and_no_other_word_from_the_village():
    said = {"since": NOON - 40 * HOUR, "last": {TPS[0]: NOON, DESA: NOON}}
    (unvisited,) = watched_posts(P.L3, DESA, TPS, [], **said)
    assert is_silent(P.L3, unvisited, NOON, "Asia/Jakarta")
    (visited,) = watched_posts(P.L3, DESA, TPS, [], visited=NOON - HOUR, **said)
    assert visited.last_at == NOON - HOUR and not is_silent(P.L3, visited, NOON, "Asia/Jakarta")
    assert watched_posts(P.L2, DESA, TPS, [], **said)[0].last_at == NOON
