"""Kinds, severity, escalation and closing (method 5.5, 5.6)."""

from datetime import UTC, datetime, timedelta

import pytest

from kondusif.errors import MoveRefused
from kondusif.incidents import (
    INCIDENT_KINDS,
    KIND_OF_INDICATOR,
    Help,
    Severity,
    check_closing,
    check_escalating,
    check_verifying,
    escalates,
    is_bad,
    kind_of,
    severity_of,
)

AT = datetime(2023, 10, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "kind, asked, severity",
    [
        ("crowd", "none", "kuning"),
        ("crowd", "now", "merah"),
        ("weapon", "none", "merah"),
        ("violence", "prepare", "merah"),
        ("rumour", "none", "hijau"),
        ("rumour", "prepare", "kuning"),
        ("gempa", "now", "merah"),
    ],
)
def test_severity(kind, asked, severity):
    assert severity_of(kind, asked) == severity


def test_help_now_is_always_red():
    assert all(severity_of(k, Help.NOW) is Severity.MERAH for k in INCIDENT_KINDS)


@pytest.mark.parametrize(
    "kind, severity, bad",
    [(k, s, True) for k in ("crowd", "threat", "violence", "weapon", "damage", "road") for s in Severity]
    + [("box", s, False) for s in Severity]
    + [("rumour", s, False) for s in Severity]
    + [("other", "hijau", False), ("other", "kuning", True), ("nobody knows", "merah", True)],
)
def test_which_kinds_are_bad_news(kind, severity, bad):
    assert is_bad(kind, severity) is bad


def test_the_indicators_and_items_of_rule_14_are_covered():
    bad = [k for k in INCIDENT_KINDS.values() if k.bad]
    assert {k.indicator for k in bad} - {""} == {"D05", "D06", "D07"}
    assert {i for k in bad for i in k.items} == {9, 10, 11}


def test_which_items_a_kind_denies_while_it_is_open():
    assert {k.code: k.items for k in INCIDENT_KINDS.values()} == {
        "crowd": (9,),
        "threat": (10,),
        "violence": (10,),
        "weapon": (10,),
        "damage": (10,),
        "road": (11,),
        "box": (4,),
        "rumour": (12,),
        "other": (),
    }


def test_words_and_codes_name_the_same_kind():
    assert all(kind_of(k.word) is k is kind_of(k.code.upper()) for k in INCIDENT_KINDS.values())


def test_escalation_only_upwards():
    assert (
        escalates("hijau", "merah") and not escalates("merah", "kuning") and not escalates("kuning", "kuning")
    )


@pytest.mark.parametrize(
    "change",
    [
        {"reason": " "},
        {"closer": ""},
        {"ended_at": None},
        {"ended_at": AT - timedelta(hours=1)},
        {"ended_at": AT + timedelta(hours=5)},
    ],
)
def test_closing_needs_a_reason_a_person_and_a_possible_end(change):
    good = {
        "opened_at": AT,
        "ended_at": AT + timedelta(hours=1),
        "reason": "massa bubar",
        "closer": "kapolsek",
        "now": AT + timedelta(hours=2),
    }
    check_closing(**good)
    with pytest.raises(MoveRefused):
        check_closing(**(good | change))


def test_a_second_pair_of_eyes_verifies_once():
    check_verifying(reporter="petugas1", verifier="kapolsek", verified=False)
    with pytest.raises(MoveRefused, match="verify_own_report"):
        check_verifying(reporter="petugas1", verifier="petugas1", verified=False)
    with pytest.raises(MoveRefused, match="verified_already"):
        check_verifying(reporter="petugas1", verifier="kapolsek", verified=True)


@pytest.mark.parametrize(
    "before, after, is_open, may",
    [
        ("kuning", "merah", True, True),
        ("kuning", "merah", False, False),
        ("merah", "kuning", True, False),
        ("kuning", "kuning", True, False),
        ("kuning", "ungu", True, False),
    ],
)
def test_severity_only_rises_while_an_incident_is_open(before, after, is_open, may):
    if may:
        check_escalating(before=before, after=after, open=is_open)
    else:
        with pytest.raises(MoveRefused, match="severity_not_higher"):
            check_escalating(before=before, after=after, open=is_open)


def test_what_an_answer_reports_is_the_least_grave_of_its_kinds():
    assert {i: k.code for i, k in KIND_OF_INDICATOR.items()} == {
        "D05": "weapon",
        "D06": "threat",
        "D07": "crowd",
    }
