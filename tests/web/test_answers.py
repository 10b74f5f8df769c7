"""Answers by form and by file, two raters, evidence; and what the book says of each."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.answers.answer import Given
from kondusif.answers.check import UnansweredItem
from kondusif.classes.score import answer_log
from kondusif.errors import Conflict, ImportRefused, MoveRefused, NotAllowed
from kondusif.instrument.indicator import is_companion
from kondusif_web.answers import actions as answers_actions
from kondusif_web.answers import evidence as papers
from kondusif_web.answers import ledgers, queries
from kondusif_web.answers import queries as answers_queries
from kondusif_web.answers.checks import AnswersRefused
from kondusif_web.answers.facts import FORM
from kondusif_web.answers.forms import NOT_KNOWN
from kondusif_web.answers.models import Answer, Evidence, EvidenceFile, NotKnown, Review, Round
from kondusif_web.classes import rounds as classes_rounds
from kondusif_web.classes.models import Frozen
from kondusif_web.election.models import Desa
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.pages.texts import TextRefused
from kondusif_web.posts.models import PostureRow
from tests import cast
from tests.pictures import PNG

pytestmark = pytest.mark.django_db

DAY = cast.NOW.date()
GATE = "keberatan"
HOUR = timedelta(hours=1)


def line(item, value=0, ago=0, kind="value", source="Berita acara panitia", **more):
    word = value if is_companion(item) and kind == "value" else ""
    number = float(value) if kind == "value" and not word else None
    key, on = str(more.pop("id", None) or uuid.uuid4()), DAY - timedelta(ago)
    if kind == NOT_KNOWN:
        return UnansweredItem(key, "", item, on, source, "", **more)
    return CoreAnswer(key, "", item, number, word, Given(kind), on, source, "", **more)


@pytest.fixture
def running(op, people):
    """The round of the objections, opened two hours ago."""
    op.clock = cast.NOW - 2 * HOUR
    row = classes_rounds.open_round(operation=op, gate="hitung", by=people.kabagops, now=cast.NOW - 2 * HOUR)
    return row


def give(op, people, *told, by="petugas1", place=cast.KARANGJATI, now=cast.NOW):
    """What the form sends of one place, in the name of who sends it."""
    who = getattr(people, by)
    told = [replace(t, place=place, rater=who.username) for t in told]
    return answers_actions.take_answers(
        operation=op,
        answers=[t for t in told if isinstance(t, CoreAnswer)],
        asked=[t for t in told if isinstance(t, UnansweredItem)],
        by=who,
        now=now,
        channel=FORM,
        file="formulir",
    )


def standing(op, item, place=cast.KARANGJATI):
    return answer_log(recipe_of(), answers_queries.answers(op, place), DAY).latest(place, item)


def kinds():
    return [e.kind for e in Entry.objects.order_by("seq")]


# ---- answers by form


def test_the_same_is_accepted_once_and_other_content_is_a_conflict(op, people, running):
    told = line("A01", 2)
    assert give(op, people, told) == answers_actions.Receipt(1, 0)
    assert give(op, people, told) == answers_actions.Receipt(0, 1)
    with pytest.raises(Conflict):
        give(op, people, replace(told, value=3.0))
    assert [a.value for a in Answer.objects.all()] == [2.0]
    assert kinds().count("answers_taken") == 1


def test_the_same_by_form_and_by_file_is_accepted_once(op, people, running):
    """The way it came stands beside an answer and is no part of it (RULES 26)."""
    told = replace(line("A01", 2), place=cast.KARANGJATI, rater="petugas1")
    assert give(op, people, told) == answers_actions.Receipt(1, 0)
    by_file = {"operation": op, "by": people.perencana, "now": cast.NOW, "channel": "csv", "file": "j.csv"}
    assert answers_actions.take_answers(answers=[told], **by_file) == answers_actions.Receipt(0, 1)
    assert Answer.objects.get().channel == FORM
    with pytest.raises(Conflict):
        answers_actions.take_answers(answers=[replace(told, value=3.0)], **by_file)
    assert kinds().count("answers_taken") == 1


def test_what_a_line_tells_is_checked_alike_by_form_and_by_file(op, people, running):
    wrong = [line("A01", 1.5), line("A02", 0, ago=-1), line("A03", 0, source="orang madura")]
    told = [replace(t, place=cast.KARANGJATI, rater="petugas1") for t in wrong]
    found = []
    for channel, by in ((FORM, people.petugas1), ("xlsx", people.perencana)):
        with pytest.raises(AnswersRefused) as refused:
            answers_actions.take_answers(operation=op, answers=told, by=by, now=cast.NOW, channel=channel)
        found.append(sorted((f.answer.item, f.field, f.code, f.words) for f in refused.value.faults))
    assert found[0] == found[1] and len(found[0]) == 3


def test_not_known_is_kept_leaves_the_item_owed_and_is_accepted_once(op, people, running):
    told = line("A01", kind=NOT_KNOWN, source="Panitia belum rapat")
    assert give(op, people, told) == answers_actions.Receipt(1, 0)
    assert give(op, people, told) == answers_actions.Receipt(0, 1)
    assert not Answer.objects.exists() and NotKnown.objects.get().item == "A01"
    owed = ledgers.debt_rows(op, people.perencana, cast.NOW, kode=cast.KARANGJATI)
    assert "A01" in {d["item"] for d in owed}
    for other in (replace(told, source="lain"), line("A01", 1, id=told.id)):
        with pytest.raises(Conflict):
            give(op, people, other)
    assert not Answer.objects.exists()


def test_an_id_of_an_answer_is_no_id_of_a_not_known(op, people, running):
    told = line("A01", 1)
    give(op, people, told)
    with pytest.raises(Conflict):
        give(op, people, line("A01", kind=NOT_KNOWN, id=told.id))


@pytest.mark.parametrize(
    "told",
    [
        line("A01", 1.5),
        line("A07", 101),
        line("D10", 5),
        line("Z99", 1),
        line("F01", 1),  # reckoned from the plan
        line("A01", 1, source=" "),
        line("A01", 1, ago=-1),
        line("A01", kind=Given.NOT_APPLICABLE.value),  # this item always applies
        line("A01", 1, source="Menurut pendukung calon 2"),
        line("A01", 1, corrects="bukan-milik-saya"),
    ],
    ids=lambda told: f"{told.item}-{told.given}-{told.value}-{told.source[-8:]}-{told.on}-{told.corrects}",
)
def test_one_impossible_line_and_nothing_is_saved(op, people, running, told):
    with pytest.raises(ImportRefused):
        give(op, people, line("A02", 0), told)
    assert not Answer.objects.exists() and not NotKnown.objects.exists()


def test_a_banned_word_is_named(op, people, running):
    with pytest.raises(ImportRefused) as refused:
        give(op, people, line("A01", 1, source="Menurut orang madura"))
    assert "orang madura" in str(refused.value)


def test_a_station_takes_its_own_items_only(op, people, running):
    give(op, people, line("E01", 30), place=f"{cast.KARANGJATI}-01")
    with pytest.raises(ImportRefused):
        give(op, people, line("A01", 0), place=f"{cast.KARANGJATI}-01")
    with pytest.raises(ImportRefused):
        give(op, people, line("E01", 30), place=f"{cast.KARANGJATI}-77")


@pytest.mark.parametrize(
    "person, place",
    [
        ("petugas1", cast.TEGALREJO),  # not that village's
        ("panitia_karangjati", cast.KARANGJATI),  # RULES 20: the committee gives no answers
        ("camat", cast.KARANGJATI),
        ("humas", cast.KARANGJATI),
        ("auditor", cast.KARANGJATI),
        ("perencana", cast.OUTSIDE),
    ],
)
def test_who_may_not_answer_where(op, people, running, person, place):
    with pytest.raises(NotAllowed):
        give(op, people, line("A01", 1), by=person, place=place)


def test_an_own_mistake_is_corrected_by_a_new_answer_and_both_stay(op, people, running):
    wrong = line("A01", 5)
    give(op, people, wrong)
    give(op, people, line("A01", 1, corrects=str(wrong.id)))
    assert standing(op, "A01").value == 1
    assert Answer.objects.count() == 2
    with pytest.raises(ImportRefused):  # nobody corrects another's
        give(op, people, line("A01", 0, corrects=str(wrong.id)), by="perencana")


def test_bad_news_by_form_brings_a_village_back_to_standby(op, people, running):
    desa = Desa.objects.get(kode=cast.KARANGJATI)
    with transaction.atomic():
        row = PostureRow.objects.create(operation=op, desa=desa, state="l1", since=cast.NOW - HOUR)
        record("posture_set", by=None, now=cast.NOW, payload={"state": "l1"}, rows=[row])
    give(op, people, line("D05", 1, source="Razia Polsek"))
    row.refresh_from_db()
    assert row.state == "standby" and "village_reopened" in kinds()


# ---- two raters


def test_beyond_the_tolerance_it_goes_to_joint_review_and_the_riskier_stands(op, people, running):
    give(op, people, line("D10", 3))
    give(op, people, line("D10", 1), by="perencana")
    review = Review.objects.get()
    assert (review.state, review.raters) == ("open", ["petugas1", "perencana"])
    assert standing(op, "D10").value == 3 and review.held == ""  # one day: the riskier stands anyway
    assert "review_opened" in kinds()


def test_a_calmer_answer_of_a_later_day_does_not_calm_meanwhile(op, people, running):
    give(op, people, line("D10", 3, ago=1))
    give(op, people, line("D10", 1), by="perencana")
    held = standing(op, "D10")
    assert (held.value, held.on, held.rater) == (3, DAY, "sistem")
    assert Answer.objects.filter(item="D10").count() == 3  # both stay
    assert verify().ok


def test_within_the_tolerance_nothing_is_reviewed(op, people, running):
    give(op, people, line("E01", 40), line("A01", 1))
    give(op, people, line("E01", 55), line("A01", 1), by="perencana")
    assert not Review.objects.exists()


def test_without_a_round_nobody_is_compared(op, people):
    give(op, people, line("D10", 3))
    give(op, people, line("D10", 1), by="perencana")
    assert not Review.objects.exists()


def test_a_file_of_answers_is_compared_as_the_form_is(op, people, running):
    give(op, people, line("A01", 1))
    other = replace(cast.answers({"A01": 3.0}, cast.KARANGJATI)[0], id="berkas-1", rater="P01")
    answers_actions.take_answers(operation=op, answers=[other], by=people.perencana, now=cast.NOW)
    assert Review.objects.get().item == "A01"


def settle(review, by, value=2.0, reason="Dilihat bersama di balai desa"):
    return answers_actions.settle_review(
        operation=by.operation,
        review=review.pk,
        value=value,
        word="",
        given="value",
        reason=reason,
        by=by,
        now=cast.NOW,
    )


@pytest.fixture
def contested(op, people, running):
    give(op, people, line("D10", 3, ago=1))
    give(op, people, line("D10", 1), by="perencana")
    return Review.objects.get()


def test_what_is_agreed_takes_the_place_of_both_and_of_what_was_held(op, people, contested):
    settle(contested, people.kapolsek)
    row = Review.objects.get()
    agreed = Answer.objects.filter(client_id__in=row.agreed)
    assert {a.corrects for a in agreed} == {*row.answers, row.held}
    assert all(a.on == DAY for a in agreed)
    assert {(a.value, a.rater) for a in agreed} == {(2.0, "petugas1 & perencana")}
    assert standing(op, "D10").value == 2
    assert Answer.objects.filter(client_id__in=row.answers).count() == 2  # both values stay
    assert (row.state, row.ended_by, row.reason) == (
        "settled",
        people.kapolsek,
        "Dilihat bersama di balai desa",
    )
    assert verify().ok


def test_the_same_settlement_is_accepted_once_and_another_is_refused(op, people, contested):
    settle(contested, people.kapolsek)
    settle(contested, people.kapolsek)
    assert kinds().count("review_settled") == 1
    with pytest.raises(MoveRefused):
        settle(contested, people.kapolsek, value=0.0)
    assert standing(op, "D10").value == 2


def test_no_rater_settles_it_and_no_reason_settles_nothing(op, people, contested):
    with pytest.raises(NotAllowed):
        settle(contested, people.perencana)
    with pytest.raises(NotAllowed):
        settle(contested, people.polsek_banjaragung)
    for reason in (" ", "Karena warga madura"):
        with pytest.raises(ImportRefused):
            settle(contested, people.kapolsek, reason=reason)
    assert Review.objects.get().state == "open"


def test_a_rater_who_corrects_an_own_mistake_lets_the_review_lapse(op, people, contested):
    mine = Answer.objects.get(rater="petugas1", item="D10")
    give(op, people, line("D10", 1, corrects=mine.client_id))
    assert Review.objects.get().state == "lapsed"
    assert standing(op, "D10").value == 1  # nothing is held any more
    assert verify().ok


def test_a_third_rater_is_heard_in_a_review_of_all(op, people, contested):
    give(op, people, line("D10", 4), by="kabagops")
    first, second = Review.objects.order_by("opened_at", "state")
    assert {first.state, second.state} == {"lapsed", "open"}
    assert len(Review.objects.get(state="open").answers) == 3
    assert standing(op, "D10").value == 4


@pytest.mark.parametrize("third, agreed", [(0, 0.0), (2, 1.0)])
def test_a_third_rater_in_between_calms_nothing_and_what_is_agreed_stands(
    op, people, contested, third, agreed
):
    give(op, people, line("D10", third), by="kabagops")
    assert standing(op, "D10").value == 3
    settle(Review.objects.get(state="open"), people.kapolsek, value=agreed)
    assert standing(op, "D10").value == agreed
    assert not Review.objects.filter(state="open").exists()
    assert verify().ok


def test_a_rater_who_answered_twice_on_one_day_does_not_outlive_the_agreement(op, people, running):
    give(op, people, line("D10", 4), line("D10", 2))
    give(op, people, line("D10", 1), by="perencana")
    settle(Review.objects.get(), people.kapolsek, value=1.0)
    assert standing(op, "D10").value == 1


def test_settled_raters_still_tell_how_far_they_differ(op, people, contested):
    settle(contested, people.kapolsek)
    (_, found), = queries.agreement_rows(op)  # fmt: skip
    assert (found.item, found.units, found.share) == ("D10", 1, 0.0)
    assert found.sd == pytest.approx(2**0.5)
    assert queries.rater_noise(op) == {}  # one place is an anecdote


def test_a_review_left_open_is_settled_after_closing_and_rates_nothing_in_the_next(op, people, contested):
    classes_rounds.close_round(operation=op, gate="hitung", by=people.kapolres, now=cast.NOW)
    later = cast.NOW + timedelta(hours=20)
    classes_rounds.open_round(operation=op, gate=GATE, by=people.kapolres, now=later)
    op.refresh_from_db()
    agreed = answers_actions.settle_review(
        operation=op,
        review=contested.pk,
        value=2.0,
        word="",
        given="value",
        reason="Dilihat",
        by=people.kapolsek,
        now=later,
    )
    assert agreed.state == "settled"
    give(op, people, line("D10", 4), by="kabagops", now=later)
    assert not Review.objects.filter(state="open").exists()
    assert Frozen.objects.get(desa__kode=cast.KARANGJATI).disputed == 1


# ---- evidence


def attach(people, answer, by="petugas1", content=PNG, number="BA-3/2023", kind="ba", id=None):
    member = getattr(people, by)
    return papers.attach_evidence(
        operation=member.operation,
        id=id or uuid.uuid4(),
        answer=answer,
        kind=kind,
        number=number,
        dated=DAY,
        content=content,
        by=member,
        now=cast.NOW,
    )


@pytest.fixture
def answered(op, people, running):
    told = line("A01", 1)
    give(op, people, told)
    return str(told.id)


def test_evidence_is_kept_with_its_digest_and_size_and_told_in_the_book(op, people, answered):
    row = attach(people, answered)
    assert (row.sha256, row.size, row.type) == (hashlib.sha256(PNG).hexdigest(), len(PNG), "image/png")
    assert bytes(EvidenceFile.objects.get().content) == PNG
    assert verify().ok
    EvidenceFile.objects.update(content=b"lain")
    assert [str(f.table) for f in verify().row_findings] == ["answers_evidencefile"]
    with pytest.raises(MoveRefused):
        papers.file_of(operation=op, evidence=row.pk, by=people.perencana)


@pytest.mark.parametrize(
    "what",
    [
        {"content": b"<html><script>"},
        {"content": b"GIF89a" + b"0" * 20},
        {"content": b"MZ" + PNG},
        {"content": PNG + b"0" * (2 * 1024 * 1024)},
        {"content": b"", "number": " "},
        {"number": "Daftar warga madura"},
        {"kind": "plano"},
    ],
    ids=["html", "gif", "exe", "large", "nothing", "banned", "kind"],
)
def test_what_is_not_taken_as_evidence(op, people, answered, what):
    with pytest.raises((ImportRefused, TextRefused)):
        attach(people, answered, **what)
    assert not Evidence.objects.exists()


def test_a_document_without_a_file_is_evidence(op, people, answered):
    row = attach(people, answered, content=b"")
    assert not row.has_file and not EvidenceFile.objects.exists()


def test_evidence_is_accepted_once_per_id(op, people, answered):
    key = uuid.uuid4()
    attach(people, answered, id=key)
    attach(people, answered, id=key)
    assert Evidence.objects.count() == 1
    with pytest.raises(Conflict):
        attach(people, answered, id=key, number="BA-4/2023")


def test_who_may_attach_and_who_may_take_the_file(op, people, answered):
    row = attach(people, answered)
    for person in ("petugas2", "camat", "panitia_karangjati", "polsek_banjaragung", "auditor"):
        with pytest.raises(NotAllowed):
            papers.file_of(operation=op, evidence=row.pk, by=getattr(people, person))
        with pytest.raises(NotAllowed):
            attach(people, answered, by=person)
    for person in ("perencana", "kapolsek", "kapolres", "petugas1"):
        assert papers.file_of(operation=op, evidence=row.pk, by=getattr(people, person))[1] == PNG


def test_a_file_that_should_never_have_been_kept_is_gone_and_its_row_says_why(op, people, answered):
    row = attach(people, answered)
    papers.remove_file(
        operation=op, evidence=row.pk, reason="Memuat surat suara", by=people.perencana, now=cast.NOW
    )
    row.refresh_from_db()
    assert not EvidenceFile.objects.exists() and row.removed_why == "Memuat surat suara"
    with pytest.raises(LookupError):
        papers.file_of(operation=op, evidence=row.pk, by=people.perencana)
    with pytest.raises(NotAllowed):
        papers.remove_file(operation=op, evidence=row.pk, reason="lagi", by=people.petugas1, now=cast.NOW)
    assert verify().ok


def test_nobody_settles_below_every_rating(op, people, contested):
    with pytest.raises(ImportRefused, match="lebih tenang"):
        settle(contested, people.kapolsek, value=0.0)
    assert standing(op, "D10").value == 3
    settle(contested, people.kapolsek, value=4.0)  # worse than either saw is always heard
    assert standing(op, "D10").value == 4


def test_who_brought_an_answer_in_does_not_calm_it_alone(op, people, running):
    give(op, people, line("D10", 3))
    other = replace(next(a for a in cast.answers(cast.CALM, cast.KARANGJATI) if a.item == "D10"), id="b-1")
    answers_actions.take_answers(
        operation=op, answers=[replace(other, rater="P09")], by=people.perencana, now=cast.NOW
    )
    review = Review.objects.get()
    with pytest.raises(NotAllowed):
        settle(review, people.perencana, value=2.0)
    settle(review, people.perencana, value=3.0)  # the riskiest calms nothing
    assert standing(op, "D10").value == 3


def test_no_file_speaks_in_the_name_of_the_office(op, people, running):
    give(op, people, line("D10", 3, ago=1))
    calm = replace(
        next(a for a in cast.answers(cast.CALM, cast.KARANGJATI) if a.item == "D10"), rater="Sistem"
    )
    with pytest.raises(ImportRefused, match="penilai"):
        answers_actions.take_answers(operation=op, answers=[calm], by=people.perencana, now=cast.NOW)
    assert standing(op, "D10").value == 3


@pytest.mark.parametrize("year", [1, 1999])
def test_an_answer_of_an_impossible_year_is_refused(op, people, running, year):
    with pytest.raises(ImportRefused, match="tanggal"):
        give(op, people, replace(line("A01", 1), on=DAY.replace(year=year)))


def by_file(op, people, value, who="perencana", **more):
    like = next(a for a in cast.answers(cast.CALM, cast.KARANGJATI) if a.item == "D10")
    made = replace(like, value=float(value), **({"id": f"berkas-{value}", "rater": "P09"} | more))
    return answers_actions.take_answers(operation=op, answers=[made], by=getattr(people, who), now=cast.NOW)


def test_a_file_does_not_calm_another_persons_answer_by_correcting_it(op, people, running):
    give(op, people, line("D10", 3))
    theirs = Answer.objects.get(rater="petugas1").client_id
    with pytest.raises(ImportRefused, match="mengoreksi"):
        by_file(op, people, 1, corrects=theirs)
    assert standing(op, "D10").value == 3
    by_file(op, people, 4, corrects=theirs)  # worse is always heard
    assert standing(op, "D10").value == 4


def test_a_file_does_not_calm_in_the_name_of_who_answered_in_person(op, people, running):
    give(op, people, line("D10", 3, ago=1))
    with pytest.raises(ImportRefused, match="penilai"):
        by_file(op, people, 1, rater="petugas1")
    assert standing(op, "D10").value == 3


def test_no_file_corrects_what_the_office_holds_or_people_agreed_on(op, people, contested):
    with pytest.raises(ImportRefused, match="mengoreksi"):
        by_file(op, people, 1, corrects=contested.held)
    settle(contested, people.kapolsek)
    with pytest.raises(ImportRefused, match="mengoreksi"):
        by_file(op, people, 0, corrects=Review.objects.get().agreed[0])
    assert standing(op, "D10").value == 2


def test_a_file_corrects_what_its_own_person_brought(op, people, running):
    by_file(op, people, 3)
    by_file(op, people, 1, corrects="berkas-3")
    assert standing(op, "D10").value == 1


@pytest.mark.parametrize("untold", [line("D06_violence", kind="refused"), line("D06_violence", "unknown")])
def test_a_refusal_is_no_correction_since_missing_never_calms(op, people, running, untold):
    give(op, people, line("D06", 1), line("D06_violence", "yes"))
    said = Answer.objects.get(item="D06_violence").client_id
    with pytest.raises(ImportRefused, match="mengoreksi"):
        give(op, people, replace(untold, corrects=said))
    give(op, people, line("D06_violence", "no", corrects=said))
    assert standing(op, "D06_violence").word == "no"


# ---- two operations in one office


@pytest.fixture
def elsewhere(other, other_people):
    """Operation "lain" with its own round at the same gate."""
    classes_rounds.open_round(
        operation=other, gate="hitung", by=other_people.kabagops, now=cast.NOW - 2 * HOUR
    )
    return other


def test_each_operation_runs_its_own_rounds(op, other, elsewhere, people, other_people, running):
    classes_rounds.close_round(operation=op, gate="hitung", by=people.kapolres, now=cast.NOW)
    assert Round.objects.get(operation=other).closed_at is None
    assert {f.desa.operation for f in Frozen.objects.all()} == {op}
    assert verify().ok


def test_one_id_is_told_once_in_each_operation(op, elsewhere, people, other_people, running):
    """As an answer here and as "not known" there: each judged within its own operation."""
    told = line("A01", 2)
    assert give(op, people, told) == answers_actions.Receipt(1, 0)
    unknown = line("A01", kind=NOT_KNOWN, id=told.id)
    assert give(elsewhere, other_people, unknown) == answers_actions.Receipt(1, 0)
    assert give(op, people, told) == answers_actions.Receipt(0, 1)
    assert give(elsewhere, other_people, unknown) == answers_actions.Receipt(0, 1)
    for at, who, wrong in ((op, people, unknown), (elsewhere, other_people, told)):
        with pytest.raises(Conflict):
            give(at, who, wrong)


def test_raters_of_two_operations_are_not_compared(op, elsewhere, people, other_people, running):
    give(op, people, line("D10", 3, ago=1))
    give(elsewhere, other_people, line("D10", 1), by="perencana")
    assert not Review.objects.exists()
    assert standing(op, "D10").value == 3 and standing(elsewhere, "D10").value == 1


def test_a_correction_reaches_no_answer_of_another_operation(op, elsewhere, people, other_people, running):
    told = line("D10", 3)
    give(op, people, told)
    with pytest.raises(ImportRefused):  # as one that was never given
        give(elsewhere, other_people, line("D10", 1, corrects=str(told.id)))
    assert standing(op, "D10").value == 3


def test_a_review_of_another_operation_is_not_there(op, elsewhere, people, other_people, contested):
    given = {"value": 2.0, "word": "", "given": "value", "reason": "Dilihat", "now": cast.NOW}
    for at, by in ((elsewhere, other_people.kapolsek), (op, other_people.kapolsek)):
        with pytest.raises((Review.DoesNotExist, Conflict)):
            answers_actions.settle_review(operation=at, review=contested.pk, by=by, **given)
    contested.refresh_from_db()
    assert contested.state == "open"
    assert not queries.reviews_visible_to(elsewhere, other_people.kapolres).exists()


def test_evidence_of_another_operation_is_not_there(op, elsewhere, people, other_people, answered):
    row = attach(people, answered)
    with pytest.raises(Answer.DoesNotExist):
        attach(other_people, answered)
    with pytest.raises(LookupError):
        papers.file_of(operation=elsewhere, evidence=row.pk, by=other_people.kapolres)
    with pytest.raises(Evidence.DoesNotExist):
        papers.remove_file(
            operation=elsewhere, evidence=row.pk, reason="Salah", by=other_people.kapolres, now=cast.NOW
        )
    told = line("A01", 1)
    give(elsewhere, other_people, told)
    theirs = attach(other_people, str(told.id), id=row.client_id)  # the same id, once in each
    assert theirs.pk != row.pk and Evidence.objects.count() == 2
    assert not papers.evidence_visible_to(elsewhere, other_people.kapolres).filter(pk=row.pk).exists()
    assert verify().ok
