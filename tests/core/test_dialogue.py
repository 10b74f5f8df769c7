"""Meetings, commitments and words: what is refused, what is computed, what never closes a part."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif import dialogue
from kondusif.dialogue import (
    COMMITMENT_MOVES,
    AnswerStatus,
    Commitment,
    CommitmentState,
    CommitmentStatus,
    DialogueError,
    Meeting,
    Part,
    Question,
    Reply,
    Topic,
    answer_parts,
    check_commitment_move,
    commitment_state,
    force_of,
    topic_of,
)
from kondusif.errors import MoveRefused
from kondusif.forces import Force

NOW = datetime(2023, 10, 11, 7, tzinfo=UTC)
DESA = "99.01.01.2001"


def meeting(*parts: Part) -> Meeting:
    question = Question("q", DESA, "warga", "?", NOW, parts)
    return Meeting("m", "Dialog", NOW, "balai desa", (DESA,), (), (question,))


def one(part, commitments=(), said=(), plan=None):
    [found] = answer_parts(
        meeting(part), plan_starts=plan, levels={}, commitments=commitments, now=NOW, said=said
    )
    return found


OWNED = Commitment(
    "k", "siaga", "Kapolres", NOW + timedelta(days=1), CommitmentStatus.OWNED, "home", (), Topic.STAY
)


# ---- records


def test_no_field_holds_who_asked():
    names = {f.name for cls in (Meeting, Question, Part, Reply, Commitment) for f in fields(cls)}
    assert not names & {"name", "nama", "asker", "penanya", "phone", "telepon", "nik"}


def test_a_part_stands_once():
    with pytest.raises(DialogueError):
        meeting(Part("p", Topic.START, ""), Part("p", Topic.STAY, ""))


@pytest.mark.parametrize("status", sorted(dialogue.OWNED_STATUSES))
def test_a_commitment_that_stands_has_an_owner(status):
    with pytest.raises(DialogueError):
        Commitment("k", "siaga", status=status)


def test_moments_have_a_zone():
    naive = datetime(2023, 10, 11)
    with pytest.raises(DialogueError):
        replace(OWNED, due=naive)
    with pytest.raises(DialogueError):
        Meeting("m", "", naive, "", ())
    with pytest.raises(DialogueError):
        answer_parts(meeting(), plan_starts=None, levels={}, commitments=(), now=naive)


@pytest.mark.parametrize(
    "owner, force",
    [
        ("Kapolres Pasuruan", Force.POLRI),
        ("polsek-pasrepan", Force.POLRI),
        ("Danramil", Force.TNI),
        ("koramil-0819/11", Force.TNI),
        ("Camat", None),
        ("Kapolsek dan Danramil", None),  # two forces: nobody in particular
        ("Polresta-like word polresan", None),
        ("", None),
    ],
)
def test_whose_promise(owner, force):
    assert force_of(owner) is force


def test_an_unknown_topic_is_another():
    assert topic_of("siapa yang membayar") == (Topic.OTHER, None)


# ---- commitments


@pytest.mark.parametrize("a", CommitmentStatus)
@pytest.mark.parametrize("b", CommitmentStatus)
def test_every_pair_of_states(a, b):
    if b in COMMITMENT_MOVES[a]:
        check_commitment_move(a, b)
    else:
        with pytest.raises(MoveRefused):
            check_commitment_move(a, b)


def test_a_broken_promise_stays_broken():
    assert COMMITMENT_MOVES[CommitmentStatus.BROKEN] == ()


@pytest.mark.parametrize(
    "change, gate_opened_at, expected",
    [
        ({}, None, CommitmentState.RUNNING),
        ({"due": None}, None, CommitmentState.RUNNING),
        ({"due": NOW - timedelta(minutes=1)}, None, CommitmentState.OVERDUE),
        ({"status": CommitmentStatus.MOVED}, None, CommitmentState.RUNNING),
        (
            {"owner": "", "status": CommitmentStatus.OFFERED, "due": NOW - timedelta(1)},
            None,
            CommitmentState.OWNERLESS,
        ),
        ({}, NOW, CommitmentState.KEPT),
        ({"due": NOW - timedelta(1)}, NOW, CommitmentState.KEPT),
        ({}, NOW + timedelta(minutes=1), CommitmentState.RUNNING),  # not yet
        ({"gate": ""}, NOW, CommitmentState.RUNNING),  # no gate guards it
        ({"status": CommitmentStatus.KEPT}, None, CommitmentState.KEPT),
        (
            {"status": CommitmentStatus.BROKEN},
            NOW,
            CommitmentState.BROKEN,
        ),  # an open gate does not mend a broken promise
    ],
)
def test_standing(change, gate_opened_at, expected):
    assert commitment_state(replace(OWNED, **change), now=NOW, gate_opened_at=gate_opened_at) is expected


# ---- answer_parts


def test_words_do_not_answer_when():
    said = [Reply("p", "Kapolres", "Nanti kami kabari.", NOW)]
    found = one(Part("p", Topic.START, ""), said=said)
    assert (found.status, found.words) == (AnswerStatus.OPEN, tuple(said))


def test_words_of_the_police_do_not_speak_for_the_tni():
    said = [Reply("p", "Kapolres", "TNI pasti ikut.", NOW)]
    assert one(Part("p", Topic.STAY, "", Force.TNI), [OWNED], said).status is AnswerStatus.OPEN


@pytest.mark.parametrize("closes, status", [(True, AnswerStatus.ANSWERED), (False, AnswerStatus.PARTLY)])
def test_words_answer_what_words_can(closes, status):
    said = [Reply("p", "Camat", "Lewat panitia.", NOW, closes)]
    assert one(Part("p", Topic.OTHER, ""), said=said).status is status


def test_words_said_later_are_not_heard_yet():
    said = [Reply("p", "Camat", "Lewat panitia.", NOW + timedelta(minutes=1))]
    assert one(Part("p", Topic.OTHER, ""), said=said).status is AnswerStatus.OPEN


def test_a_promise_to_measure_answers_a_question_on_measuring():
    kept = Commitment("k1", "mengukur", "Kabagops", None, CommitmentStatus.KEPT, topic=Topic.MEASURE)
    assert one(Part("p", Topic.MEASURE, ""), [kept]).status is AnswerStatus.ANSWERED


def test_levels_only_name_villages():
    two = replace(OWNED, levels=(2, 3))
    part = Part("p", Topic.STAY, "", Force.POLRI)
    plain = answer_parts(meeting(part), plan_starts=None, levels={}, commitments=[two], now=NOW)
    known = answer_parts(meeting(part), plan_starts=None, levels={DESA: 1}, commitments=[two], now=NOW)
    assert [a.villages for a in known] == [(), (DESA,)]
    assert [replace(a, villages=()) for a in known] == list(plain)


@given(
    owner=st.sampled_from(["", "Kapolres", "Camat", "Linmas desa"]),
    levels=st.sets(st.sampled_from([1, 2, 3])),
    planned=st.booleans(),
)
def test_nobody_but_the_tni_answers_for_the_tni(owner, levels, planned):
    status = CommitmentStatus.OWNED if owner else CommitmentStatus.OFFERED
    promise = Commitment("k", "", owner, None, status, "", tuple(sorted(levels)), Topic.STAY)
    found = one(Part("p", Topic.STAY, "", Force.TNI), [promise], plan={DESA: NOW} if planned else None)
    assert (found.status, found.code) == (AnswerStatus.OPEN, "no_owner")


# ---- what answer_parts what (RULES 10)

STAY = Part("p", Topic.STAY, "jangan bubar")


@pytest.mark.parametrize("topic", [t for t in Topic if t is not Topic.STAY])
def test_a_promise_about_something_else_answers_no_question_about_staying(topic):
    other = replace(OWNED, topic=topic)
    assert one(STAY, [other]).status is AnswerStatus.OPEN
    assert one(replace(STAY, topic=Topic.AROUND_TPS), [other]).status is AnswerStatus.OPEN


@pytest.mark.parametrize(
    ("force", "status", "by"),
    [
        (None, AnswerStatus.ANSWERED, ("rencana",)),
        (Force.POLRI, AnswerStatus.ANSWERED, ("rencana",)),
        (Force.TNI, AnswerStatus.OPEN, ()),
        (Force.LINMAS, AnswerStatus.OPEN, ()),
    ],
)
def test_an_approved_plan_makes_the_police_stay_and_nobody_else(force, status, by):
    found = one(replace(STAY, force=force), plan={DESA: NOW})
    assert (found.status, found.by, found.until) == (status, by, "safe" if by else "")


def test_an_approved_plan_without_a_date_for_these_villages_says_nothing_about_when():
    start = Part("p", Topic.START, "kapan")
    for plan in (None, {}, {"99.01.01.2002": NOW, "99.01.01.2002-01": NOW}):
        found = one(start, plan=plan)
        assert (found.status, found.code, found.dates) == (AnswerStatus.OPEN, "no_date", {})
    assert one(start, plan={f"{DESA}-01": NOW}).dates == {DESA: NOW}


@pytest.mark.parametrize(
    ("status", "stands"),
    [
        (CommitmentStatus.OFFERED, False),
        (CommitmentStatus.OWNED, True),
        (CommitmentStatus.MOVED, True),
        (CommitmentStatus.KEPT, True),
        (CommitmentStatus.BROKEN, False),
    ],
)
def test_which_promises_answer(status, stands):
    found = one(replace(STAY, force=Force.POLRI), [replace(OWNED, status=status)])
    assert (found.status is AnswerStatus.ANSWERED) is stands


def test_a_promise_is_owned_before_it_is_kept_and_a_broken_one_stays_broken():
    steps = {(a.value, b.value) for a, to in COMMITMENT_MOVES.items() for b in to}
    assert steps == {
        ("offered", "owned"),
        ("owned", "moved"),
        ("owned", "kept"),
        ("owned", "broken"),
        ("moved", "moved"),
        ("moved", "kept"),
        ("moved", "broken"),
        ("kept", "broken"),
    }


@pytest.mark.parametrize(
    ("word", "topic", "force"),
    [
        ("mulai", Topic.START, None),
        ("bertahan", Topic.STAY, None),
        ("bertahan polri", Topic.STAY, Force.POLRI),
        (" Bertahan  TNI ", Topic.STAY, Force.TNI),
        ("sekitar tps", Topic.AROUND_TPS, None),
        ("ukur", Topic.MEASURE, None),
        ("siap", Topic.READY, None),
        ("lain", Topic.OTHER, None),
        ("cuaca", Topic.OTHER, None),
    ],
)
def test_the_words_of_the_sheet_name_the_topics_of_rule_10(word, topic, force):
    assert topic_of(word) == (topic, force)


@pytest.mark.parametrize(
    ("titles", "force"),
    [
        ("kapolres kapolsek polres polsek kabagops polri brimob", Force.POLRI),
        ("danramil koramil dandim kodim babinsa tni", Force.TNI),
        ("linmas", Force.LINMAS),
        ("satpol", Force.SATPOL),
        ("camat panitia kades polisi", None),
    ],
)
def test_a_title_speaks_for_its_own_force_only(titles, force):
    """RULES 10: the police do not promise for the TNI."""
    assert {force_of(f"{title.title()} Contoh") for title in titles.split()} == {force}
    assert force_of("Kapolsek dan Danramil") is None
