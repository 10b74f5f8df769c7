"""A promise answers no more than its words, is shown before it is saved, is its own side's (RULES 10, 20)."""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest

from kondusif.dialogue import AnswerStatus, CommitmentStatus, Topic
from kondusif.errors import Conflict, NotAllowed
from kondusif_web.dialogue import actions, commitments, queries
from kondusif_web.dialogue.models import Commitment, Pledge, Question, Visit
from kondusif_web.election.models import Desa
from kondusif_web.logbook.models import Entry
from tests import cast
from tests.web.test_dialogue import desa, meeting, questions, statuses

__all__ = ["desa", "meeting", "questions"]
pytestmark = pytest.mark.django_db
NOW = cast.NOW
DIALOG = "/o/uji/dialog/"
OWN_ONLY = ["camat", "danramil", "panitia.karangjati"]


def form(meeting="luar", **change):
    """What a browser sends of a promise, with nothing chosen that was not said."""
    return {
        "id": str(uuid.uuid4()),
        "text": "Patroli malam",
        "meeting": str(getattr(meeting, "pk", meeting)),
        "topic": "stay",
        "named": "open",
    } | change


def save(browser, sent):
    """As a person does it: what is shown first, then the button under it."""
    shown = browser.post(f"{DIALOG}komitmen/", sent)
    assert shown.status_code == 200, shown.context["commitment_form"].errors
    return browser.post(f"{DIALOG}komitmen/", sent | {"simpan": "1"})


# ---- no default answers more than the words


@pytest.mark.parametrize("blank", ["topic", "named", "meeting", "text"])
def test_nothing_is_chosen_beforehand_of_what_a_promise_says(questions, as_, blank):
    browser = as_("kapolres")
    page = browser.get(DIALOG).context["commitment_form"]
    assert not any(page[name].value() for name in ("topic", "named", "meeting", "levels", "mine"))
    back = browser.post(f"{DIALOG}komitmen/", form(**{blank: ""}))
    assert back.status_code == 422 and blank in back.context["commitment_form"].errors
    assert not Commitment.objects.exists()


@pytest.mark.parametrize(
    "change, part, status",
    [
        ({"topic": "other"}, "Polri bertahan", {(): "open"}),
        ({"topic": "ready", "named": "all"}, "Polri bertahan", {(): "open"}),
        ({"named": "open"}, "Polri bertahan", {(): "partly"}),  # staying, for which classes was not said
        ({"named": "some", "levels": ["3"]}, "Polri bertahan", {(3,): "answered", (1, 2): "open"}),
        ({"named": "all"}, "Polri bertahan", {(): "answered"}),
        ({"named": "all"}, "TNI bertahan", {(): "open"}),  # the police speak for nobody else
        ({"named": "all"}, "Kapan pengamanan dimulai", {(): "open"}),
    ],
)
def test_a_promise_answers_what_it_names_and_no_more(questions, people, as_, change, part, status):
    assert save(as_("kapolres"), form(mine="on", **change)).status_code == 302
    found = {levels: s.value for (text, levels), s in statuses(people.kapolres).items() if text == part}
    assert found == status


@pytest.mark.parametrize("named, levels", [("some", []), ("all", ["2"]), ("open", ["1", "2", "3"])])
def test_a_choice_of_classes_that_contradicts_itself_is_refused_at_its_field(meeting, as_, named, levels):
    back = as_("kapolres").post(f"{DIALOG}komitmen/", form(named=named, levels=levels))
    assert back.status_code == 422 and "levels" in back.context["commitment_form"].errors


def test_a_cell_left_blank_names_no_class(op, people):
    made = commitments.offer_commitment(
        operation=op, text="Siaga", topic=Topic.STAY, by=people.kapolres, now=NOW
    )
    assert made.levels is None


def test_words_close_a_part_only_where_their_speaker_says_so(questions, as_):
    assert not as_("kapolres").get(DIALOG).context["terbuka"][0]["form"]["closes"].value()


# ---- shown before it is saved


def test_what_a_promise_will_answer_is_shown_and_nothing_is_written(questions, as_):
    before = Entry.objects.count()
    shown = as_("kapolres").post(
        f"{DIALOG}komitmen/", form(questions[0].meeting, mine="on", named="some", levels=["2", "3"])
    )
    page = " ".join(re.sub("<[^>]+>", " ", shown.content.decode()).split())
    assert shown.status_code == 200 and "Belum ada yang disimpan." in page
    assert (
        "Kapolres Arjasari: bertahan sampai keadaan dinilai aman, untuk desa Rawan dan Sangat Rawan." in page
    )
    assert "Untuk desa Kurang Rawan belum ada yang menjawab." in page
    assert (Commitment.objects.count(), Entry.objects.count()) == (0, before)


def test_what_was_shown_is_what_is_saved(questions, as_, people):
    """Property: the lines shown before are those that stand after."""
    for sent in (form(mine="on"), form(mine="on", named="all"), form(mine="on", named="some", levels=["1"])):
        browser = as_("kapolres")
        shown = browser.post(f"{DIALOG}komitmen/", sent).context["bagian"]
        browser.post(f"{DIALOG}komitmen/", sent | {"simpan": "1"})
        after = browser.get(DIALOG).context["pertemuan"][0][1]
        told = {(b["jawaban"].part.kode, b["jawaban"].levels, b["kalimat"]) for b in after}
        assert {(b["jawaban"].part.kode, b["jawaban"].levels, b["kalimat"]) for b in shown} <= told
        Commitment.objects.all().delete()


def test_one_goes_back_from_what_is_shown_with_nothing_lost(meeting, as_):
    back = as_("kapolres").post(f"{DIALOG}komitmen/", form(meeting, named="all") | {"ubah": "1"})
    assert back.status_code == 200 and not Commitment.objects.exists()
    assert back.context["commitment_form"]["text"].value() == "Patroli malam"


def test_taking_a_promise_is_shown_first_and_names_its_classes(questions, as_, people, op):
    offer = commitments.offer_commitment(
        operation=op, text="TNI bersiaga", topic=Topic.STAY, by=people.perencana, now=NOW
    )
    door, browser = f"{DIALOG}komitmen/{offer.pk}/tanggung/", as_("danramil")
    assert browser.post(door, {"named": "some", "levels": ["3"]}).context["bagian"]
    assert Commitment.objects.get().owner == ""
    assert browser.post(door, {"named": "some", "levels": ["3"], "simpan": "1"}).status_code == 302
    assert statuses(people.camat)[("TNI bertahan", (3,))] is AnswerStatus.ANSWERED
    assert statuses(people.camat)[("TNI bertahan", (1, 2))] is AnswerStatus.OPEN


# ---- its meeting


def test_a_promise_made_at_a_meeting_stays_with_it_and_answers_no_other(
    questions, meeting, desa, people, op, as_
):
    other = actions.record_meeting(
        operation=op,
        title="Dialog Karangjati",
        at=NOW - timedelta(days=10),
        place="Balai desa",
        villages=[desa[cast.KARANGJATI]],
        participants=["warga"],
        by=people.perencana,
        now=NOW,
    )
    save(as_("kapolres"), form(other, mine="on", named="all"))
    assert Commitment.objects.get().meeting == other
    assert statuses(people.kapolres)[("Polri bertahan", ())] is AnswerStatus.OPEN  # asked by three villages
    save(as_("kapolres"), form(meeting, mine="on", named="all"))
    assert statuses(people.kapolres)[("Polri bertahan", ())] is AnswerStatus.ANSWERED


# ---- its own side (RULES 20)


@pytest.mark.parametrize("who", OWN_ONLY)
def test_camat_danramil_and_committee_record_promises_and_visits_of_their_own(
    who, questions, desa, as_, people
):
    browser, member = as_(who), getattr(people, who.replace(".", "_"))
    page = browser.get(DIALOG)
    assert page.context["commitment_form"] and page.context["visit_form"]
    assert "mine" not in page.context["commitment_form"].fields
    assert save(browser, form(questions[0].meeting, topic="other")).status_code == 302
    promise = Commitment.objects.get()
    assert (promise.owner, promise.status) == (member.jabatan, CommitmentStatus.OWNED)
    visit = {"id": uuid.uuid4(), "desa": desa[cast.KARANGJATI].pk, "at": "2023-10-11T09:00"}
    sent = visit | {"place": "Mushala", "topic": "Kabar kotak suara"}
    assert browser.post(f"{DIALOG}kunjungan/", sent).status_code == 302
    assert Visit.objects.get().role == member.jabatan


@pytest.mark.parametrize("who", ["camat", "danramil", "panitia_karangjati"])
@pytest.mark.parametrize("owner", ["Kapolres Arjasari", "Danramil Lain", "Camat Lain", "Panitia Tegalrejo"])
def test_and_the_server_refuses_those_of_another(who, owner, meeting, desa, people, op):
    by = getattr(people, who)
    if who == "danramil" and owner.startswith("Danramil"):
        owner = "Satpol PP"
    with pytest.raises(NotAllowed):
        commitments.offer_commitment(
            operation=op, text="x", topic=Topic.STAY, owner=owner, meeting=meeting, by=by, now=NOW
        )
    with pytest.raises(NotAllowed):
        actions.record_visit(
            operation=op, desa=desa[cast.KARANGJATI], at=NOW, place="x", topic="y", role=owner, by=by, now=NOW
        )
    assert not Commitment.objects.exists() and not Visit.objects.exists()


def test_a_promise_of_ones_own_institution_does_not_speak_beyond_its_area(meeting, people, op, as_):
    """A committee's promise of no meeting would speak to every village of the operation."""
    offers = dict(as_("panitia.karangjati").get(DIALOG).context["commitment_form"].fields["meeting"].choices)
    assert str(meeting.pk) in offers and "luar" not in offers
    with pytest.raises(NotAllowed):
        commitments.offer_commitment(
            operation=op, text="x", topic=Topic.OTHER, by=people.panitia_karangjati, now=NOW
        )


@pytest.mark.parametrize("who", ["danramil", "panitia.karangjati"])
@pytest.mark.parametrize("door", ["pertemuan", "pertanyaan", "ikrar"])
def test_and_neither_danramil_nor_committee_record_meetings_questions_or_pledges(who, door, op, as_):
    assert as_(who).post(f"{DIALOG}{door}/", {}).status_code == 403


@pytest.mark.parametrize("who", [p.username for p in cast.PEOPLE if p.role not in ("danramil", "admin")])
def test_the_tni_part_closes_by_the_danramil_alone(questions, meeting, op, people, who):
    by = getattr(people, who.replace(".", "_"))
    offer = {"operation": op, "topic": Topic.STAY, "levels": (1, 2, 3), "meeting": meeting, "now": NOW}
    tries = [
        lambda: commitments.offer_commitment(text="TNI", owner="Danramil Sumberarum", by=by, **offer),
        lambda: commitments.offer_commitment(text="TNI", owner="Koramil", by=by, **offer),
        lambda: commitments.offer_commitment(text="TNI bersiaga", mine=True, by=by, **offer),
        lambda: commitments.own_commitment(
            operation=op,
            commitment=commitments.offer_commitment(text="TNI", by=people.kapolres, **offer),
            by=by,
            now=NOW,
        ),
        lambda: actions.answer_part(
            operation=op, part=questions[1].parts.get(force="tni"), text="TNI siap", by=by, now=NOW
        ),
    ]
    for attempt in tries:
        with suppress(NotAllowed):
            attempt()
    assert statuses(people.kapolres)[("TNI bertahan", ())] is AnswerStatus.OPEN


# ---- saving twice makes one


def test_every_form_sent_twice_makes_one_row_and_one_line(questions, meeting, desa, as_, people):
    browser, village = as_("perencana"), desa[cast.KARANGJATI].pk
    sent = {
        "pertemuan": {
            "title": "Dialog kedua",
            "at": "2023-10-11T09:00",
            "place": "Balai desa",
            "villages": [village],
            "participants": "warga",
        },
        "pertanyaan": {
            "meeting": meeting.pk,
            "desa": village,
            "role": "warga",
            "text": "Siapa?",
            "topic_1": "lain",
            "part_1": "siapa",
        },
        "komitmen": form(meeting, mine="on", named="all") | {"simpan": "1"},
        "kunjungan": {"desa": village, "at": "2023-10-11T09:00", "place": "Mushala", "topic": "Kabar"},
        "ikrar": {"desa": village, "nomor": 1, "state": "signed", "on": "2023-10-09"},
    }
    for door, fields in sent.items():
        once = fields | {"id": str(uuid.uuid4())}
        before, done = Entry.objects.count(), []
        for _ in range(2):
            done.append(browser.post(f"{DIALOG}{door}/", once).status_code)
        assert (done, Entry.objects.count()) == ([302, 302], before + 1), door
    assert Pledge.objects.count() == 1


@pytest.mark.parametrize("verb", ["tepati", "pindah", "langgar", "tanggung"])
def test_every_change_of_a_promise_sent_twice_is_one_change(verb, meeting, people, op, as_):
    mine = verb != "tanggung"
    row = commitments.offer_commitment(
        operation=op, text="Siaga", topic=Topic.STAY, mine=mine, by=people.kapolres, now=NOW
    )
    sent = {"due": "2023-12-01T09:00", "reason": "rapat ditunda", "named": "all", "simpan": "1"}
    before, browser = Entry.objects.count(), as_("kapolres")
    done = [browser.post(f"{DIALOG}komitmen/{row.pk}/{verb}/", sent).status_code for _ in range(2)]
    assert (done, Entry.objects.count()) == ([302, 302], before + 1)


@pytest.mark.parametrize("change", [{"levels": (1,)}, {"meeting": None}, {"text": "lain"}])
def test_the_same_id_with_another_promise_is_a_conflict(change, meeting, people, op):
    what = {"operation": op, "id": uuid.uuid4(), "text": "x", "topic": Topic.STAY, "levels": (2,)}
    what |= {"meeting": meeting, "by": people.kapolres, "now": NOW}
    commitments.offer_commitment(**what)
    with pytest.raises(Conflict):
        commitments.offer_commitment(**what | change)


# ---- no language hidden in a text


def test_a_part_is_a_topic_chosen_and_a_text_kept_as_it_is(meeting, desa, as_):
    sent = {"id": uuid.uuid4(), "meeting": meeting.pk, "desa": desa[cast.KARANGJATI].pk, "role": "warga"}
    sent |= {"text": "Kapan?", "topic_1": "lain", "part_1": "bertahan tni: apa ya; atau?"}
    assert as_("perencana").post(f"{DIALOG}pertanyaan/", sent).status_code == 302
    part = Question.objects.get().parts.get()
    assert (part.topic, part.force, part.text) == ("other", "", "bertahan tni: apa ya; atau?")


@pytest.mark.parametrize("gap", [{"topic_2": "mulai"}, {"part_2": "kapan"}])
def test_a_part_with_only_one_of_both_is_pointed_out(gap, meeting, desa, as_):
    sent = {"id": uuid.uuid4(), "meeting": meeting.pk, "desa": desa[cast.KARANGJATI].pk, "role": "warga"}
    back = as_("perencana").post(
        f"{DIALOG}pertanyaan/", sent | {"text": "?", "topic_1": "lain", "part_1": "x"} | gap
    )
    missing = {"topic_2": "part_2", "part_2": "topic_2"}[next(iter(gap))]
    assert back.status_code == 422 and missing in back.context["question_form"].errors
    assert Desa.objects.exists() and not Question.objects.exists()


def test_a_promise_is_read_by_who_may_read_its_meeting(meeting, people, op):
    commitments.offer_commitment(
        operation=op, text="x", topic=Topic.STAY, meeting=meeting, by=people.danramil, now=NOW
    )
    [line] = queries.commitments(op, people.panitia_tegalrejo)
    assert line.row.owner == "Danramil Sumberarum"
