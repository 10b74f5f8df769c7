"""Every row of gates.csv spoils one thing and shuts exactly that gate of the move (RULES 12 to 15)."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kondusif.standby import GATES, Posture
from kondusif.withdraw import GATE_RULES, ITEMS, OPEN, PostingCount, gates
from tests.spec.gates_clear import DESA, HOUR, NOWS, TPS, all_checks, check, clear, news, plus, without

ROWS = list(csv.DictReader(Path(__file__).with_name("gates.csv").open(encoding="utf-8", newline="")))


def spoil_item(s, item, what, now):
    bare = without(s, item)
    if what == "missing":
        return bare
    if what == "at one TPS only":
        return plus(bare, check(item, now=now, tps=TPS[0]))
    if what == "without second":
        return plus(bare, check(item, now=now, second=""))
    if what == "seconded by oneself":
        return plus(bare, check(item, now=now, second="petugas1"))
    if what == "without minutes":
        return plus(bare, check(item, now=now, minutes=" "))
    if what == "aged past the quiet hours":
        return plus(bare, check(item, at=now - timedelta(hours=12, minutes=1)))
    if what.startswith("says "):
        value, _, place = what.removeprefix("says ").partition(" at TPS ")
        return plus(s, check(item, value, now - HOUR / 2, tps=TPS[int(place) - 1] if place else ""))
    raise LookupError(what)


def spoil_party(s, words, now):
    party, _, what = words.partition(" ")
    if what == "missing":
        return replace(s, checks=tuple(c for c in s.checks if c.party != party))
    if what == "says no":
        return plus(s, check(13, "no", now, by="kode", second="", party=party))
    if what == "aged past a day":
        return replace(
            s, checks=tuple(replace(c, at=now - 25 * HOUR) if c.party == party else c for c in s.checks)
        )
    if what == "speaks for danramil":
        return replace(s, checks=tuple(replace(c, by=party) if c.item == 13 else c for c in s.checks))
    raise LookupError(what)


def spoiled(s, words, now):
    dl = s.deadlines
    plain = {
        "stand-by an hour ago": {"standby_since": now - HOUR},
        "stand-by unknown": {"standby_since": None},
        "no report ever": {"last_report_at": None},
        "last report before stand-by": {"last_report_at": s.standby_since - HOUR},
        "last report too old": {"last_report_at": now - 13 * HOUR},
        "calendar unknown": {"deadlines": None},
        "objections still open": {"deadlines": replace(dl, objection_shut_at=now + HOUR)},
        "dispute open": {"dispute": "open", "deadlines": replace(dl, dispute_limit_at=now + HOUR)},
        "dispute unknown": {"dispute": "unknown", "deadlines": replace(dl, dispute_limit_at=now + HOUR)},
        "inauguration unknown": {"deadlines": replace(dl, inauguration_at=None)},
        "inauguration this morning": {"deadlines": replace(dl, inauguration_at=now - HOUR)},
        "no posting on record": {"postings": ()},
        "one posting on the road": {"postings": (*s.postings, PostingCount("linmas@tps02", "returning", 6))},
        "one posting came back short": {
            "postings": (*s.postings, PostingCount("linmas@tps02", "home", 6, 5, 0, 0))
        },
    }
    if words in plain:
        return replace(s, **plain[words])
    if words.startswith("news "):
        kind, _, how = words.removeprefix("news ").partition(" ")
        ended = None if how == "open" else now - HOUR
        return replace(s, incidents=(news(kind, now - 2 * HOUR, ended),))
    if words.startswith("item "):
        number, _, what = words.removeprefix("item ").partition(" ")
        return spoil_item(s, int(number), what, now)
    return spoil_party(s, words, now)


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['gate']}: {r['spoil']} ({r['to']})" for r in ROWS])
def test_one_spoiled_fact_shuts_exactly_its_gate(row):
    move = Posture(row["from"]), Posture(row["to"])
    now = NOWS[move]
    states = gates(spoiled(clear(*move), row["spoil"], now), move[1], now)
    shut = [g for g in states if g.state is not OPEN]
    assert [g.gate for g in shut] == [row["gate"]]
    assert shut[0].reason == row["reason"]
    assert shut[0].waivable == (row["waivable"] == "yes")
    assert shut[0].opens_by


def test_the_night_guard_shuts_only_itself():
    now = NOWS[Posture.STANDBY, Posture.L1] + 5 * HOUR  # 19.00
    s = clear(level=3, now=now)
    assert [g.gate for g in gates(s, Posture.L1, now) if g.shut] == ["night"]


@pytest.mark.parametrize("move", GATES)
def test_all_gates_of_a_move_open_when_all_is_clear(move):
    states = gates(clear(*move), move[1], NOWS[move])
    assert tuple(g.gate for g in states) == GATES[move]
    assert all(g.state is OPEN for g in states), [g for g in states if g.shut]


def test_every_gate_has_a_row_and_a_rule():
    assert {r["gate"] for r in ROWS} | {"night"} == set(GATE_RULES)
    assert {g for names in GATES.values() for g in names} == set(GATE_RULES)


def test_every_move_with_gates_is_shut_where_nothing_is_known():
    for a, b in GATES:
        s = replace(
            clear(a, b), checks=(), last_report_at=None, standby_since=None, deadlines=None, postings=(),
            dispute="unknown",
        )  # fmt: skip
        open_ = [g.gate for g in gates(s, b, NOWS[a, b]) if not g.shut]
        assert open_ in ([], ["night"])  # by day the night guard is no obstacle


def test_the_cast_is_complete():
    assert {c.item for c in all_checks(NOWS[Posture.STANDBY, Posture.L1])} == set(ITEMS)
    assert all(c.desa == DESA for c in clear().checks)
