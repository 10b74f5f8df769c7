"""Meetings, questions and promises are corrected: the old stays, two take away (RULES 26, 30)."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from kondusif.dialogue import AnswerStatus, DialogueError, Topic
from kondusif.errors import Conflict, NotAllowed
from kondusif_web.dialogue import commitments, corrections
from kondusif_web.dialogue.models import Commitment, Correction
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.pages.texts import TextRefused
from tests import cast
from tests.web.test_dialogue import desa, meeting, questions, statuses

__all__ = ["desa", "meeting", "questions"]
pytestmark = pytest.mark.django_db
NOW = cast.NOW
DIALOG = "/o/uji/dialog/"


@pytest.fixture
def promise(meeting, people, op):
    return commitments.offer_commitment(
        operation=op,
        text="Polri bersiaga",
        topic=Topic.STAY,
        levels=(2, 3),
        mine=True,
        meeting=meeting,
        by=people.kapolres,
        now=NOW,
    )


def mend(row, by, reason="salah tulis", key=None, **change):
    facts = corrections.facts_of(row) | change
    given = {"operation": by.operation, "by": by, "now": NOW}
    return corrections.correct(row=row, facts=facts, reason=reason, id=key, **given)


def confirm(made, by):
    return corrections.confirm_correction(operation=by.operation, correction=made, by=by, now=NOW)


def test_what_adds_counts_at_once_and_the_old_stays(meeting, people):
    made = mend(
        meeting,
        people.perencana,
        title="Dialog kamtibmas kedua",
        participants=["Kapolres", "Camat", "ketua panitia", "warga", "BPD"],
    )
    meeting.refresh_from_db()
    assert made.counts and meeting.title == "Dialog kamtibmas kedua"
    assert "BPD" in set(meeting.participants.values_list("role", flat=True))
    assert (made.of, made.before["title"]) == (meeting, "Dialog kamtibmas")
    line = Entry.objects.get(kind="dialogue_corrected")
    assert line.corrects == str(meeting.pk) and line.payload["facts"] == ["title", "participants"]


@pytest.mark.parametrize("what", ["meeting", "question", "promise"])
def test_what_takes_away_waits_for_another_person(what, meeting, questions, promise, people):
    row, change = {
        "meeting": (meeting, {"villages": [cast.KARANGJATI]}),
        "question": (questions[0], {"parts": [["lain", "Kapan pengamanan dimulai"]]}),
        "promise": (promise, {"levels": [3]}),
    }[what]
    before = corrections.facts_of(row)
    made = mend(row, people.kapolres, **change)
    row = type(row).objects.get(pk=row.pk)
    assert made.waits and not made.counts and corrections.facts_of(row) == before
    with pytest.raises(NotAllowed):
        confirm(made, people.kapolres)
    assert confirm(made, people.kapolsek).counts
    row = type(row).objects.get(pk=row.pk)
    assert corrections.facts_of(row) == before | change
    kinds = list(Entry.objects.values_list("kind", flat=True))
    assert (kinds.count("correction_proposed"), kinds.count("dialogue_corrected")) == (1, 1)


def test_the_database_holds_that_the_second_is_another(meeting, people):
    made = mend(meeting, people.kapolres, villages=[cast.KARANGJATI])
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=made.pk).update(confirmed_by=people.kapolres, confirmed_at=NOW)


def test_a_promise_keeps_its_meeting_and_its_answer_changes_with_the_correction(questions, promise, people):
    mend(promise, people.kapolres, levels=[1, 2, 3])
    assert Commitment.objects.get().meeting_id == promise.meeting_id
    assert statuses(people.kapolres)[("Polri bertahan", ())] is AnswerStatus.ANSWERED


@pytest.mark.parametrize("who", ["danramil", "camat", "panitia_karangjati", "petugas1", "auditor"])
def test_only_the_owners_side_corrects_a_promise(who, promise, people):
    with pytest.raises(NotAllowed):
        mend(promise, getattr(people, who), text="Polri pulang")


@pytest.mark.parametrize(
    "who", ["danramil", "panitia_karangjati", "petugas1", "auditor", "polsek_banjaragung"]
)
def test_who_may_not_record_may_not_correct(who, meeting, questions, people):
    for row in (meeting, questions[1]):
        with pytest.raises(NotAllowed):
            mend(row, getattr(people, who), **{"title": "x"} if row is meeting else {"role": "x"})


def test_no_two_police_officers_turn_the_question_to_the_tni_into_another(questions, people):
    parts = corrections.facts_of(questions[1])["parts"]
    other = [["lain" if word == "bertahan tni" else word, text] for word, text in parts]
    made = mend(questions[1], people.kapolres, parts=other)
    with pytest.raises(NotAllowed):
        confirm(made, people.kapolsek)
    assert confirm(made, people.danramil).counts


def test_a_correction_of_what_has_changed_since_is_refused(meeting, people):
    first = mend(meeting, people.kapolres, villages=[cast.KARANGJATI])
    mend(meeting, people.perencana, title="Dialog lain")
    with pytest.raises(Conflict):
        confirm(first, people.kapolsek)


def test_saving_or_agreeing_twice_makes_one(meeting, people):
    key = uuid.uuid4()
    for _ in range(2):
        made = mend(meeting, people.kapolres, key=key, villages=[cast.KARANGJATI])
    for _ in range(2):
        confirm(made, people.kapolsek)
    assert Correction.objects.count() == 1
    assert Entry.objects.filter(kind="dialogue_corrected").count() == 1


def test_nothing_changed_a_part_removed_or_a_word_never_kept_is_refused_whole(meeting, questions, people):
    with pytest.raises(DialogueError):
        mend(meeting, people.perencana)
    with pytest.raises(DialogueError):
        mend(questions[1], people.perencana, parts=[["bertahan polri", "Polri bertahan"]])
    with pytest.raises(TextRefused):
        mend(questions[1], people.perencana, role="warga suku Osing")
    assert not Correction.objects.exists()


def test_the_book_still_verifies(meeting, questions, promise, people):
    mend(meeting, people.kapolres, title="Dialog kamtibmas lain", villages=[cast.KARANGJATI, cast.TEGALREJO])
    confirm(Correction.objects.get(), people.kapolsek)
    mend(questions[0], people.perencana, parts=[["mulai", "Mulai kapan"], ["lain", "Siapa menjaga"]])
    mend(promise, people.kapolres, levels=[1, 2, 3])
    found = verify()
    assert not (found.row_findings or [c.found for c in found.books if c.found])


# ---- by page


def test_by_page_the_form_is_filled_the_old_is_read_and_another_agrees(meeting, questions, promise, as_):
    browser = as_("kapolres")
    for jenis, row in (("pertemuan", meeting), ("pertanyaan", questions[1]), ("janji", promise)):
        door = f"{DIALOG}betulkan/{jenis}/{row.pk}/"
        form = browser.get(door).context["form"]
        sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
        sent |= {"reason": "salah dengar"}
        same = browser.post(door, sent | {"simpan": "1"})
        assert same.status_code == 422 and "Tidak ada yang berbeda" in same.content.decode(), form.errors
        if jenis == "janji":
            shown = browser.post(door, sent | {"named": "some", "levels": ["3"]})
            assert "Belum ada yang disimpan" in shown.content.decode() and shown.context["bagian"]
            assert browser.post(door, sent | {"levels": ["3"], "simpan": "1"}).status_code == 302
    page = browser.get(DIALOG).content.decode()
    assert (
        "Pembetulan menunggu orang kedua" in page
        and "<del>Rawan dan Sangat Rawan</del> → Sangat Rawan" in page
    )
    made = Correction.objects.get()
    agree = f"{DIALOG}pembetulan/{made.pk}/setujui/"
    assert agree not in page and agree in as_("kapolsek").get(DIALOG).content.decode()
    assert as_("kapolsek").post(agree).status_code == 302
    assert "disetujui Kapolsek Sumberarum" in browser.get(DIALOG).content.decode()


def test_who_may_not_correct_sees_no_way_to(meeting, questions, promise, as_):
    assert "betulkan" not in as_("petugas1").get(DIALOG).content.decode()
    for jenis, row in (("pertemuan", meeting), ("pertanyaan", questions[1]), ("janji", promise)):
        assert as_("danramil").get(f"{DIALOG}betulkan/{jenis}/{row.pk}/").status_code == 403
    assert as_("kapolres").get(f"{DIALOG}betulkan/lain/{meeting.pk}/").status_code == 404
