"""Whoever stands there speaks, in every posture, or is named as silent (RULES 13)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kondusif.standby import GATES, Posture
from kondusif.withdraw import Reason, earliest, gates
from kondusif.withdraw.silence import (
    REPORTS_DUE,
    WatchedPost,
    is_silent,
    report_due,
    silent_posts,
    stale_after,
    watched_places,
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
