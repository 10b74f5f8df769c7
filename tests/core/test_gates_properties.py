"""No path past a gate that is shut and not waived, whatever the facts (RULES 13 to 15)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kondusif.errors import MoveRefused
from kondusif.standby import GATES, LADDER, POSTURE_MOVES, Posture, move_code, moves_from
from kondusif.withdraw import (
    OPEN,
    SHUT,
    WAIVABLE,
    WAIVED,
    Check,
    PostingCount,
    Reason,
    Situation,
    Waiver,
    blockers,
    check_withdrawal,
    earliest,
    gates,
    may_waive,
    reopens,
)
from kondusif.withdraw.ladder import CLOCKS
from kondusif.withdraw.silence import WatchedPost, is_silent
from tests.spec.gates_clear import DESA, ELECTION, HOUR, MINUTES, NOWS, SINCE, TPS, clear, deadlines, news

NOW = NOWS[Posture.STANDBY, Posture.L1]
AGES = st.integers(-2, 60).map(lambda h: NOW - timedelta(hours=h))
PEOPLE = st.sampled_from(["petugas1", "petugas2", "kapolsek", "camat", ""])

PLACES = st.sampled_from([(), (), TPS[:1], TPS, (DESA,)])

FACTS = [f"c{i}" for i in range(8)]


@st.composite
def checks(draw):
    item = draw(st.integers(1, 14))
    return Check(
        id="c",
        desa=DESA,
        item=item,
        value=draw(st.sampled_from(["yes", "yes", "yes", "no", "na", "unknown"])),
        at=draw(AGES),
        by=draw(PEOPLE) or "petugas3",
        second=draw(PEOPLE),
        tps=draw(st.sampled_from(["", *TPS])),
        minutes="BA 1" if item in MINUTES and draw(st.booleans()) else "",
        party=draw(st.sampled_from(["camat", "danramil", "kapolsek", "warga"])) if item == 13 else "",
    )


@st.composite
def incidents(draw):
    at = draw(AGES)
    ended = draw(st.one_of(st.none(), st.integers(0, 20).map(lambda h: at + timedelta(hours=h))))
    kind = draw(st.sampled_from(["crowd", "threat", "weapon", "road", "box", "rumour", "other"]))
    return news(kind, at, ended, id="n", tps=draw(st.sampled_from(["", *TPS])))


def _moves(s):
    return [b for b in moves_from(s.posture, s.level) if (s.posture, b) in GATES]


@st.composite
def waivers(draw, s):
    """For gates of ``s`` that could be waived: in good order, or with one thing wrong."""
    out = []
    for to in _moves(s):
        for g in filter(may_waive, gates(s, to, NOW)):
            w = Waiver(
                id=f"w{len(out)}",
                desa=DESA,
                move=move_code(s.posture, to),
                gate=g.gate,
                facts=frozenset(g.fact_ids),
                reason="hajatan",
                requested_by="kapolsek",
                approved_by="kapolres",
                second_by="perencana",
                at=NOW,
            )
            wrong = draw(
                st.sampled_from(
                    [
                        {},
                        {},
                        {"reason": " "},
                        {"second_by": ""},
                        {"second_by": "kapolsek"},
                        {"approved_by": "perencana"},
                        {"facts": frozenset(g.fact_ids[1:])},
                        {"gate": "4"},
                        {"desa": "99.01.01.2002"},
                        {"move": "l3-l4"},
                        {"at": SINCE - HOUR},
                        {"at": NOW + HOUR},
                    ]
                )
            )
            out.append(replace(w, **wrong))
    return tuple(out)


@st.composite
def situations(draw, base=None):
    """Random facts, half the time added to a village where everything is clear."""
    posture, to = draw(st.sampled_from(list(GATES)))
    start = clear(posture, to, level=draw(st.sampled_from([1, 2, 3])), now=NOW)
    if draw(st.booleans()):
        start = replace(start, checks=(), postings=())
    said = draw(st.lists(checks(), max_size=8))
    mends = st.sampled_from(["", "", *FACTS])
    s = replace(
        start,
        checks=start.checks + tuple(replace(c, id=f"c{i}", corrects=draw(mends)) for i, c in enumerate(said)),
        incidents=tuple(
            replace(n, id=f"n{i}") for i, n in enumerate(draw(st.lists(incidents(), max_size=3)))
        ),
        last_report_at=draw(st.one_of(st.none(), AGES)),
        watched=tuple(WatchedPost(place, SINCE, draw(st.one_of(st.none(), AGES))) for place in draw(PLACES)),
        standby_since=draw(st.one_of(st.none(), st.just(SINCE), AGES)),
        dispute=draw(st.sampled_from(["open", "settled", "none", "unknown"])),
        deadlines=draw(st.sampled_from([None, deadlines(ELECTION)])),
        level=draw(st.sampled_from([None, 1, 2, 3])),
        tps=draw(st.sampled_from([(), TPS])),
        postings=start.postings
        + tuple(
            PostingCount(f"p{i}", state, 3, draw(st.sampled_from([None, 2, 3])), 0, 0)
            for i, state in enumerate(
                draw(st.lists(st.sampled_from(["on_post", "returning", "home"]), max_size=2))
            )
        ),
    )
    return replace(s, waivers=draw(waivers(s)))


@settings(deadline=None, max_examples=150)
@given(situations(), st.sampled_from(list(Posture)), st.sampled_from(list(Posture)))
def test_no_path_past_a_gate_that_is_shut_and_not_waived(s, a, b):
    """Every pair of postures: refused by the table, or by a shut gate, or every gate is open or waived."""
    s = replace(s, posture=a)
    try:
        check_withdrawal(s, b, NOW)
    except MoveRefused as refused:
        if refused.reason == "gates_shut":
            assert {g.gate for g in refused.shut} == {g.gate for g in gates(s, b, NOW) if g.state is SHUT}
        else:
            assert b not in POSTURE_MOVES[a] or (a, b, s.level) != (Posture.STANDBY, Posture.L2, 1)
    else:
        assert b in POSTURE_MOVES[a]
        for g in gates(s, b, NOW):
            assert g.state is OPEN or (g.state is WAIVED and g.gate in WAIVABLE)
        assert tuple(g.gate for g in gates(s, b, NOW)) == GATES.get((a, b), ())


@settings(deadline=None, max_examples=150)
@given(situations())
def test_a_waiver_never_stands_without_reason_people_and_its_facts(s):
    for a, b in GATES:
        if (
            b not in POSTURE_MOVES[s.posture]
            or a != s.posture
            or (b is Posture.L2 and s.level != 1 and a is Posture.STANDBY)
        ):
            continue  # fmt: skip
        for g in gates(s, b, NOW):
            if g.state is not WAIVED:
                continue
            w = next(w for w in s.waivers if w.id == g.waiver)
            assert w.reason and w.desa == s.desa and w.gate == g.gate and w.move == move_code(s.posture, b)
            assert len({w.requested_by, w.approved_by, w.second_by} - {""}) == 3
            assert g.fact_ids and set(g.fact_ids) <= w.facts
            assert s.standby_since is not None and s.standby_since <= w.at <= NOW
            assert g.reason in (Reason.NO, Reason.INCIDENT_OPEN)


@settings(deadline=None, max_examples=150)
@given(situations(), st.integers(1, 200))
def test_ageing_opens_nothing_but_the_clocks(s, hours):
    """No fact gets better by lying around: later, only clock gates may have opened."""
    assume(all(c.at <= NOW for c in s.checks) and all(n.at <= NOW for n in s.incidents))
    assume(all(n.ended_at is None or n.ended_at <= NOW for n in s.incidents))
    assume(all(w.at <= NOW for w in s.waivers))
    for to in _moves(s):
        before = {g.gate for g in blockers(s, to, NOW)}
        after = {g.gate for g in blockers(s, to, NOW + timedelta(hours=hours))}
        assert before - after <= set(CLOCKS)


@settings(deadline=None, max_examples=150)
@given(situations(), st.data())
def test_taking_good_facts_away_opens_nothing(s, data):
    """Missing never calms: deleting checks that say yes, reports or ends of incidents only shuts."""
    keep = tuple(c for c in s.checks if c.value != "yes" or c.corrects or data.draw(st.booleans()))
    poorer = replace(
        s,
        checks=keep,
        last_report_at=None if data.draw(st.booleans()) else s.last_report_at,
        incidents=tuple(replace(n, ended_at=None) for n in s.incidents),
    )
    for to in _moves(s):
        before = {g.gate for g in gates(s, to, NOW) if g.state is OPEN}
        now_open = {g.gate for g in gates(poorer, to, NOW) if g.state is OPEN}
        assert now_open <= before


@settings(deadline=None, max_examples=100)
@given(situations(), incidents())
def test_bad_news_opens_nothing(s, n):
    worse = replace(s, incidents=(*s.incidents, n))
    for to in _moves(s):
        before = {g.gate for g in gates(s, to, NOW) if g.state is OPEN}
        assert {g.gate for g in gates(worse, to, NOW) if g.state is OPEN} <= before


@settings(deadline=None, max_examples=100)
@given(situations())
def test_earliest_is_never_before_now_and_clocks_are_open_then(s):
    assume(all(x.at <= NOW for x in (*s.checks, *s.incidents)))
    for to in _moves(s):
        e = earliest(s, to, NOW)
        if e.at is None:
            assert e.conditions or e.before or any(g.shut for g in gates(s, to, NOW))
            continue
        assert e.at >= NOW
        shut_now = {g.gate for g in blockers(s, to, NOW)}
        assert set(e.conditions) <= shut_now
        heard = tuple(replace(post, last_at=e.at) for post in s.watched)
        calm = replace(s, last_report_at=e.at if s.last_report_at else None, watched=heard)
        then = {g.gate for g in blockers(calm, to, e.at)}
        assert then <= set(e.conditions) | set(e.renew)


@settings(deadline=None, max_examples=150)
@given(situations())
def test_no_earliest_time_while_bad_news_is_open_a_post_is_silent_or_a_gate_is_denied(s):
    """It says what must happen first instead, and then names just that (RULES 13)."""
    for to in _moves(s):
        shut = blockers(s, to, NOW)
        denied = {g.gate for g in shut if {"no", "incident_open"} & set(g.facts.get("places", {}).values())}
        silent = {p.place for p in s.watched if is_silent(s.posture, p, NOW, s.tz)}
        news_open = any(n.bad and n.end(NOW) is None for n in s.incidents)
        e = earliest(s, to, NOW)
        said = {h.kind: set(h.about) for h in e.before}
        assert denied <= said.get("denied", set()) and silent <= said.get("silent", set())
        assert not news_open or "news" in said
        if denied or silent or news_open:
            assert e.at is None
        if e.at is not None:
            assert not e.before


@pytest.mark.parametrize("posture", Posture)
@given(incidents(), checks())
def test_reopening_only_from_the_ladder(posture, n, c):
    assert reopens(posture, n) == (posture in LADDER and n.bad)
    assert reopens(posture, c) == (posture in LADDER and c.item in (9, 10, 11) and c.value == "no")


def test_situation_of_nothing_is_shut():
    s = Situation(DESA, None, Posture.STANDBY)
    assert {g.gate for g in blockers(s, Posture.L1, NOW)} == set(GATES[Posture.STANDBY, Posture.L1])
    assert earliest(s, Posture.L1, NOW).at is None
    assert HOUR


def test_the_walk_meets_waived_gates_and_open_moves():
    """The properties above are not empty: random facts do reach waived gates and free moves."""
    seen = set()

    @settings(deadline=None, max_examples=400, database=None, derandomize=True)
    @given(situations())
    def walk(s):
        for to in _moves(s):
            states = gates(s, to, NOW)
            seen.update(g.state for g in states)
            if not any(g.shut for g in states):
                seen.add("free")

    walk()
    assert seen == {OPEN, SHUT, WAIVED, "free"}
