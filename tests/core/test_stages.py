"""Working days, deadlines, stages and the planned posture timeline (RULES 9, 12, 13, 19)."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.stages import (
    PACKS,
    PP_16_2026,
    START_OFFSETS,
    ZONES,
    Election,
    RulePack,
    StagesError,
    add_working_days,
    calendar,
    current_stage,
    deadlines,
    h,
    is_working_day,
    place_starts,
    stage_at,
    start_for_all,
    starts,
    timeline,
    village_start,
    working_days_between,
)
from kondusif.standby import Posture, check_move

WIB = ZoneInfo("Asia/Jakarta")
PASREPAN = Election(datetime(2023, 10, 10, 7, tzinfo=WIB))


def wib(*args):
    return datetime(*args, tzinfo=WIB)


# ---- working days


@pytest.mark.parametrize(
    "day, working",
    [
        (date(2023, 10, 10), True),  # the vote, an ordinary Tuesday
        (date(2023, 10, 14), False),  # Saturday
        (date(2023, 10, 15), False),  # Sunday
        (date(2023, 9, 28), False),  # Maulid Nabi
        (date(2023, 12, 25), False),  # Christmas
        (date(2023, 12, 26), True),  # collective leave is not in the public set
        (date(2024, 2, 29), True),  # leap day, a Thursday
    ],
)
def test_working_day(day, working):
    assert is_working_day(day) is working


def test_collective_leave_stops_the_count_only_when_a_pack_says_so():
    assert not is_working_day(date(2023, 12, 26), collective_leave=True)
    assert add_working_days(date(2023, 12, 22), 1) == date(2023, 12, 26)
    assert add_working_days(date(2023, 12, 22), 1, collective_leave=True) == date(2023, 12, 27)


@pytest.mark.parametrize(
    "start, n, end",
    [
        (date(2023, 10, 10), 3, date(2023, 10, 13)),
        (date(2023, 10, 10), 17, date(2023, 11, 2)),
        (date(2023, 11, 2), 30, date(2023, 12, 14)),
        (date(2024, 2, 28), 2, date(2024, 3, 1)),  # over a leap day
        (date(2023, 4, 20), 1, date(2023, 4, 21)),  # collective leave days count as working days
        (date(2023, 4, 21), 1, date(2023, 4, 24)),  # Eid on a weekend
        (date(2023, 10, 10), 0, date(2023, 10, 10)),
        (date(2023, 10, 16), -1, date(2023, 10, 13)),
    ],
)
def test_adding_working_days(start, n, end):
    assert add_working_days(start, n) == end


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-40, 40))
def test_counting_undoes_adding(day, n):
    assert working_days_between(day, add_working_days(day, n)) == n


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 40))
def test_a_deadline_falls_on_a_working_day_and_never_early(day, n):
    end = add_working_days(day, n)
    assert is_working_day(end)
    assert (end - day).days >= n


# ---- deadlines


def test_the_road_of_pasrepan():
    """3 + 7 + 7 + 30 working days after 10 Oct 2023; H+65, where the drawing says H+62."""
    dl = deadlines(PASREPAN)
    assert dl.objection_shut_at == wib(2023, 10, 13, 23, 59)
    assert dl.committee_report_at.date() == date(2023, 10, 24)
    assert dl.bpd_report_at.date() == date(2023, 11, 2)
    assert dl.dispute_limit_at.date() == date(2023, 12, 14)
    assert [h(PASREPAN, at) for at in (dl.objection_shut_at, dl.bpd_report_at, dl.dispute_limit_at)] == [
        3,
        23,
        65,
    ]
    assert dl.inauguration_at is None


def test_the_published_timetable_of_blitar():
    """Regent's decree of 2026: objections 24-26 Nov, BPD's report by 11 Dec (domain.md 1.3)."""
    dl = deadlines(Election(datetime(2026, 11, 23, 7, tzinfo=WIB), pack=PP_16_2026))
    assert dl.objection_shut_at.date() == date(2026, 11, 26)
    assert dl.committee_report_at.date() == date(2026, 12, 2)
    assert dl.bpd_report_at.date() == date(2026, 12, 11)
    # Printed as 25 Jan: it counts 11 Dec as the first day and not Isra Mi'raj. Ours is later, never earlier.
    assert dl.dispute_limit_at.date() == date(2027, 1, 27)


def test_an_actual_report_moves_the_dispute_limit():
    late = Election(PASREPAN.vote_at, bpd_report_at=datetime(2023, 11, 6, 3, tzinfo=UTC))
    assert deadlines(late).bpd_report_at == wib(2023, 11, 6, 10)
    assert deadlines(late).dispute_limit_at.date() == date(2023, 12, 18)


# ---- stages


def test_the_strip_of_pasrepan():
    assert [(s.h, s.nama) for s in calendar(PASREPAN)] == [
        (-63, "Dialog"),
        (-21, "Pemetaan kerawanan dan kelas"),
        (-7, "Rencana pengamanan disahkan"),
        (-1, "Pergeseran pasukan"),
        (0, "Pungut dan hitung"),
        (1, "Siaga"),
        (3, "Keberatan ditutup"),
        (23, "Laporan BPD"),
        (65, "Batas sengketa"),
        (70, "Operasi ditutup"),
    ]


@pytest.mark.parametrize(
    "now, kode",
    [
        (wib(2023, 8, 7, 23, 59), None),
        (wib(2023, 8, 8, 0), "dialog"),
        (wib(2023, 10, 10, 6, 59), "geser"),
        (wib(2023, 10, 10, 7), "pungut"),
        (wib(2023, 10, 11, 14, 5), "siaga"),
        (wib(2024, 3, 1), "tutup"),
    ],
)
def test_the_stage_of_now(now, kode):
    stage = current_stage(PASREPAN, now)
    assert (stage.kode if stage else None) == kode


def test_an_operation_never_closes_before_the_dispute_limit():
    """H+70 after a vote in early March 2026 lies before the limit: Nyepi, Eid and Easter stop the count."""
    e = Election(datetime(2026, 2, 25, 7, tzinfo=WIB))
    closing = calendar(e)[-1]
    assert closing.kode == "tutup"
    assert closing.start > deadlines(e).dispute_limit_at


votes = st.datetimes(datetime(2021, 1, 1), datetime(2029, 12, 31)).flatmap(
    lambda at: st.sampled_from(sorted(ZONES.values())).map(lambda tz: (at.replace(tzinfo=ZoneInfo(tz)), tz))
)


@settings(deadline=None)
@given(votes, st.sampled_from(sorted(PACKS)))
def test_stages_follow_each_other_without_gap(vote, pack):
    steps = calendar(Election(vote[0], vote[1], PACKS[pack]))
    assert len(steps) == 10
    assert all(a.end == b.start and a.start <= b.start for a, b in itertools.pairwise(steps))
    assert steps[-1].kode == "tutup"


@pytest.mark.parametrize(
    "now, stage",
    [
        (wib(2023, 8, 8, 9), "persiapan"),
        (wib(2023, 8, 15, 23, 59), "persiapan"),
        (wib(2023, 8, 16), "pencalonan"),
        (wib(2023, 10, 3, 23, 59), "pencalonan"),
        (wib(2023, 10, 4), "kampanye"),
        (wib(2023, 10, 6, 23, 59), "kampanye"),
        (wib(2023, 10, 7), "masa_tenang"),
        (wib(2023, 10, 11, 14, 5), "masa_tenang"),
    ],
)
def test_the_stage_of_the_index(now, stage):
    assert stage_at(PASREPAN, now) == stage


# ---- starts and zones


@pytest.mark.parametrize(
    "level, at", [(1, wib(2023, 10, 9, 7)), (2, wib(2023, 10, 8, 7)), (3, wib(2023, 10, 7, 7))]
)
def test_when_security_begins(level, at):
    assert starts(PASREPAN, level) == at


@pytest.mark.parametrize("tz, offset", [("WIB", 7), ("WITA", 8), ("WIT", 9), ("Asia/Makassar", 8)])
def test_times_are_local(tz, offset):
    e = Election(datetime(2023, 10, 9, 23, tzinfo=UTC), tz)
    at = starts(e, 1)
    assert e.day == date(2023, 10, 10)
    assert (at.hour, at.utcoffset()) == (7, timedelta(hours=offset))


def test_h_counts_local_dates():
    wit = Election(datetime(2023, 10, 10, 7, tzinfo=ZoneInfo("Asia/Jayapura")), "WIT")
    at = datetime(2023, 10, 10, 16, 0, tzinfo=UTC)  # 23.00 WIB, 01.00 WIT of the next day
    assert (h(PASREPAN, at), h(wit, at)) == (0, 1)


@pytest.mark.parametrize(
    "village, stations, day, earlier",
    [
        (2, {}, 8, {}),
        (2, {"01": 2, "02": 2}, 8, {}),
        (2, {"01": 3}, 8, {"01": 7}),
        (1, {"02": 2, "01": 3, "03": 1}, 9, {"01": 7, "02": 8}),  # in order of time
        (3, {"01": 3, "02": 1}, 7, {}),  # one that begins later is no second start
        (None, {"01": 3, "02": 2}, 8, {"01": 7}),  # from then all of it is served
    ],
)
def test_a_village_has_one_start_that_of_its_own_level_with_earlier_stations_beside_it(
    village, stations, day, earlier
):
    levels = {f"99.01.01.2001-{n}": level for n, level in stations.items()}
    levels |= {"99.01.01.2002": 3, "99.01.01.2002-01": 3} | ({"99.01.01.2001": village} if village else {})
    at = place_starts(PASREPAN, levels) | {"99.01.01.2001-BALAI": wib(2023, 10, 1, 7)}  # a post is no TPS
    start = village_start("99.01.01.2001", at)
    assert start.at == wib(2023, 10, day, 7)
    assert list(start.earlier.items()) == [
        (f"99.01.01.2001-{n}", wib(2023, 10, d, 7)) for n, d in earlier.items()
    ]


def test_what_no_plan_dates_has_no_start():
    assert village_start("99.01.01.2003", {"99.01.01.2002": wib(2023, 10, 7, 7)}) is None


@pytest.mark.parametrize("offsets", [{1: 1, 2: 2, 3: 3}, {1: 2, 2: 2, 3: 5}])
def test_one_start_for_all_is_the_latest_of_any_level(offsets):
    e = replace(PASREPAN, start_offsets={n: (days, time(7)) for n, days in offsets.items()})
    assert start_for_all(e) == max(starts(e, n) for n in (1, 2, 3))


def test_a_village_begins_by_its_own_level_and_steps_down_with_its_highest_place():
    own, highest = timeline(PASREPAN, 3, begins=2), timeline(PASREPAN, 3)
    begin = {p.posture: p.start for p in own}
    assert begin["moved_in"] == starts(PASREPAN, 2)
    assert {p.posture: p.start for p in highest} == begin | {"moved_in": starts(PASREPAN, 3)}


@pytest.mark.parametrize(
    "change",
    [
        {"vote_at": datetime(2023, 10, 10, 7)},
        {"tz": "Europe/Paris"},
        {"inauguration_at": wib(2023, 10, 9)},
        {"bpd_report_at": datetime(2023, 11, 2)},
        {"start_offsets": {1: (1, time(7)), 2: (2, time(7))}},
        {"start_offsets": {**START_OFFSETS, 1: (4, time(7))}},
        {"start_offsets": {**START_OFFSETS, 1: (0, time(8))}},
    ],
    ids=["naive", "zone", "inaugurated before", "naive report", "a level short", "out of order", "late"],
)
def test_an_election_that_contradicts_itself_is_refused(change):
    with pytest.raises(StagesError):
        Election(**{"vote_at": PASREPAN.vote_at, **change})


def test_a_naive_now_is_refused():
    for ask in (h, stage_at, current_stage):
        with pytest.raises(StagesError):
            ask(PASREPAN, datetime(2023, 10, 11))


@pytest.mark.parametrize("change", [{"dispute_wd": 0}, {"quiet_days": -1}, {"milestones": {"dialog": -63}}])
def test_a_rule_pack_that_contradicts_itself_is_refused(change):
    with pytest.raises(StagesError):
        RulePack("x", "x", "x", (), **change)


def test_every_pack_names_its_regulation_and_sources():
    for kode, pack in PACKS.items():
        assert pack.kode == kode
        assert "PP" in pack.regulation
        assert pack.sources


# ---- posture timeline


def test_the_timeline_of_a_level_3_place():
    phases = {p.posture: p for p in timeline(PASREPAN, 3)}
    assert phases["moved_in"].start == wib(2023, 10, 7, 7)
    assert phases["standby"].start == wib(2023, 10, 10, 22)
    # 22.00 + 24 quiet hours falls into the night, when no level-3 place moves down.
    assert phases["l1"].start == wib(2023, 10, 12, 6)
    assert phases["l2"].start == wib(2023, 10, 13, 23, 59)
    assert phases["l3"].start.date() == date(2023, 12, 14)
    assert "l4" not in phases and phases["l3"].end is None  # inauguration unknown
    assert [p.posture for p in phases.values() if p.gated] == ["l1", "l2", "l3"]


def test_an_inauguration_ends_the_timeline_a_day_later():
    e = Election(PASREPAN.vote_at, inauguration_at=wib(2023, 12, 15, 9))
    phases = {p.posture: p for p in timeline(e, 1)}
    assert phases["l4"].start == wib(2023, 12, 16, 9)
    assert phases["closed"].start == wib(2023, 12, 19)


@settings(deadline=None)
@given(votes, st.sampled_from([1, 2, 3]))
def test_a_timeline_has_no_gap_and_names_postures_of_the_table(vote, level):
    phases = timeline(Election(*vote), level)
    assert all(a.end == b.start for a, b in itertools.pairwise(phases))
    assert all(p.end is None or p.start < p.end for p in phases)


@settings(deadline=None)
@given(votes)
def test_a_higher_level_begins_no_later_and_steps_down_no_earlier(vote):
    e = Election(*vote)
    at = [{p.posture: p.start for p in timeline(e, level)} for level in (1, 2, 3)]
    assert at[2]["moved_in"] <= at[1]["moved_in"] <= at[0]["moved_in"]
    assert at[2]["l1"] >= at[1]["l1"] >= at[0]["l1"]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_planned_postures_are_those_of_the_table_in_a_road_it_allows(level):
    e = Election(PASREPAN.vote_at, inauguration_at=wib(2023, 12, 15, 9))
    road = [Posture(p.posture) for p in timeline(e, level)]
    for a, b in itertools.pairwise(road):
        check_move(a, b, level)


# ---- what an election refuses, and what its pack decides


def offsets(one, two, three):
    return {level: (days, time(7)) for level, days in zip((1, 2, 3), (one, two, three), strict=True)}


@pytest.mark.parametrize(
    ("days", "good"),
    [((1, 2, 3), True), ((1, 1, 1), True), ((1, 1, 2), True), ((2, 1, 3), False), ((1, 3, 2), False),
     ((3, 2, 1), False), ((0, 1, 2), False)],
)  # fmt: skip
def test_no_higher_level_starts_later_and_all_start_before_the_vote(days, good):
    """RULES 9; at H itself 07.00 is the vote, not before it."""
    if good:
        assert Election(PASREPAN.vote_at, start_offsets=offsets(*days))
    else:
        with pytest.raises(StagesError):
            Election(PASREPAN.vote_at, start_offsets=offsets(*days))


@pytest.mark.parametrize("level", [0, 4, None])
def test_no_other_level_has_a_start(level):
    with pytest.raises(StagesError):
        starts(PASREPAN, level)


@pytest.mark.parametrize("name", ["inauguration_at", "bpd_report_at"])
def test_what_follows_the_vote_is_dated_after_it(name):
    with pytest.raises(StagesError):
        Election(PASREPAN.vote_at, **{name: PASREPAN.vote_at})
    assert Election(PASREPAN.vote_at, **{name: PASREPAN.vote_at + timedelta(minutes=1)})


@pytest.mark.parametrize(("counts", "day"), [(False, 26), (True, 27)])
def test_whether_collective_leave_stops_the_objections_is_the_packs_word(counts, day):
    """26 December 2023 was collective leave, 25 a holiday."""
    pack = replace(PP_16_2026, collective_leave=counts)
    shut = deadlines(Election(wib(2023, 12, 20, 7), pack=pack)).objection_shut_at
    assert shut == wib(2023, 12, day, 23, 59)


@pytest.mark.parametrize(
    ("level", "counting", "escort", "l1"),
    [
        (1, 6, 3, (11, 4)),  # no guard at night below level 3
        (2, 6, 3, (11, 10)),
        (3, 6, 3, (12, 6)),  # 22.00 waits for the morning
        (3, 1, 1, (11, 15)),  # by day it does not wait
        (3, 4, 1, (12, 6)),  # 18.00 is night
        (3, 12, 5, (12, 6)),  # 06.00 is day
        (3, 12, 4, (12, 6)),  # 05.00 is night
    ],
)
def test_the_first_step_down_is_planned_after_the_quiet_hours_and_never_in_a_guarded_night(
    level, counting, escort, l1
):
    """RULES 13, as planned: vote at 07.00, six hours of polling, then these of counting and escort."""
    pack = replace(PP_16_2026, counting_hours=counting, escort_hours=escort)
    phases = {p.posture: p for p in timeline(replace(PASREPAN, pack=pack), level)}
    assert phases["l1"].start == wib(2023, 10, *l1)
    assert phases["preparation"].start < phases["moved_in"].start == phases["preparation"].end


@pytest.mark.parametrize(
    ("actual", "closes"),
    [
        ({}, 70),  # the dispute limit lies near H+62 (RULES 19)
        ({"inauguration_at": wib(2023, 12, 28, 9)}, 80),
        ({"inauguration_at": wib(2023, 11, 1, 9)}, 70),
        ({"bpd_report_at": wib(2023, 11, 20, 9)}, 86),  # 30 working days end on 3 January
        ({"bpd_report_at": wib(2023, 11, 20, 9), "inauguration_at": wib(2023, 11, 1, 9)}, 86),
    ],
)
def test_the_operation_closes_after_whatever_the_law_still_lets_happen(actual, closes):
    election = replace(PASREPAN, **actual)
    assert calendar(election)[-1].kode == "tutup"
    assert calendar(election)[-1].h == closes
    dl = deadlines(election)
    assert calendar(election)[-1].start > max(filter(None, (dl.dispute_limit_at, dl.inauguration_at)))
