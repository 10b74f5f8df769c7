"""The dialogue office: who may write and promise what, what each role reads, and the page itself."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ObjectDoesNotExist

from kondusif.dialogue import AnswerStatus, CommitmentState, CommitmentStatus, DialogueError, Topic
from kondusif.errors import Conflict, MoveRefused, NotAllowed
from kondusif_web.dialogue import actions, commitments, queries
from kondusif_web.dialogue.models import Commitment, Participant, Pledge, Question, Visit
from kondusif_web.election.models import Desa, Membership
from kondusif_web.logbook.models import Entry
from kondusif_web.pages.texts import TextRefused
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW


@pytest.fixture
def desa(op):
    return {row.kode: row for row in Desa.objects.filter(operation=op)}


@pytest.fixture
def meeting(desa, people, op):
    return actions.record_meeting(
        operation=op,
        kode="dialog-1",
        title="Dialog kamtibmas",
        at=NOW - timedelta(days=64),
        place="Pendapa kecamatan",
        villages=[desa[cast.KARANGJATI], desa[cast.TEGALREJO], desa[cast.WONOSARI]],
        participants=["Kapolres", "Camat", "ketua panitia", "warga", "warga"],
        by=people.perencana,
        now=NOW,
    )


@pytest.fixture
def questions(meeting, desa, people, op):
    def put(kode, where, role, text, *parts):
        return actions.ask(
            operation=op,
            meeting=meeting,
            kode=kode,
            desa=desa[where],
            role=role,
            text=text,
            parts=parts,
            by=people.perencana,
            now=NOW,
        )

    return (
        put("q1", cast.KARANGJATI, "ketua panitia", "Mulai kapan?", ("mulai", "Kapan pengamanan dimulai")),
        put(
            "q2",
            cast.TEGALREJO,
            "warga",
            "Jangan dibubarkan dulu sampai aman, terutama di sekitar TPS.",
            ("bertahan polri", "Polri bertahan"),
            ("bertahan tni", "TNI bertahan"),
            ("sekitar tps", "Di sekitar TPS"),
        ),
    )


@pytest.fixture
def promise(people, op):
    return commitments.offer_commitment(
        operation=op,
        kode="k2",
        text="Bersiaga sampai keadaan dinilai aman",
        topic=Topic.STAY,
        owner="Kapolres Arjasari",
        gate="15",
        levels=(2, 3),
        by=people.perencana,
        now=NOW,
    )


def plan(monkeypatch, starts):
    monkeypatch.setattr(queries, "approved_plan", lambda operation: object())
    monkeypatch.setattr(queries, "plan_starts", lambda operation: starts)


def statuses(user):
    return {
        (line.answer.part.text, line.answer.levels): line.answer.status
        for line in queries.part_lines(user.operation, user)
    }


# ---- records


def test_people_are_roles(meeting):
    assert sorted(Participant.objects.values_list("role", flat=True)) == [
        "Camat",
        "Kapolres",
        "ketua panitia",
        "warga",
    ]


def test_no_column_can_hold_an_asker():
    columns = {f.name for f in Question._meta.get_fields()}
    assert not columns & {"name", "nama", "asker", "penanya", "phone"}


def test_every_write_has_its_line(questions, promise):
    kinds = list(Entry.objects.values_list("kind", flat=True))
    assert kinds.count("question_asked") == 2
    assert {"meeting_recorded", "commitment_offered"} <= set(kinds)


def test_the_book_holds_codes_not_texts(questions):
    payload = Entry.objects.filter(kind="question_asked").first().payload
    assert "Mulai kapan?" not in str(payload)


def test_the_same_form_twice_is_one_visit(desa, people, op):
    what = dict(
        operation=op,
        id=uuid.uuid4(),
        desa=desa[cast.KARANGJATI],
        at=NOW,
        place="Mushala dusun",
        topic="Kabar kotak suara",
        by=people.perencana,
        now=NOW,
    )
    first, again = actions.record_visit(**what), actions.record_visit(**what)
    assert first.pk == again.pk
    assert Entry.objects.filter(kind="visit_recorded").count() == 1
    with pytest.raises(Conflict):
        actions.record_visit(**what | {"topic": "Hal lain"})


def test_the_hall_of_a_meeting_is_no_village_code_in_the_book(meeting):
    """``place`` is a text that somebody typed; a head of the book holds codes alone."""
    line = Entry.objects.get(kind="meeting_recorded")
    assert line.kode_desa == "" and meeting.place not in str(line.entry().content())


def test_banned_words_are_refused_before_anything_is_written(meeting, desa, people, op):
    with pytest.raises(TextRefused) as refused:
        actions.ask(
            operation=op,
            meeting=meeting,
            kode="q9",
            desa=desa[cast.KARANGJATI],
            role="warga suku Osing",
            text="Mulai kapan?",
            parts=[("mulai", "kapan")],
            by=people.perencana,
            now=NOW,
        )
    assert "role" in refused.value.fields
    assert not Question.objects.exists()


@pytest.mark.parametrize("who", ["panitia_karangjati", "petugas1", "auditor", "danramil"])
def test_who_may_not_record(who, meeting, desa, people, op):
    with pytest.raises(NotAllowed):
        actions.ask(
            operation=op,
            meeting=meeting,
            kode="q9",
            desa=desa[cast.KARANGJATI],
            role="warga",
            text="?",
            parts=[("mulai", "?")],
            by=getattr(people, who),
            now=NOW,
        )


def test_not_outside_the_area(meeting, desa, people, op):
    with pytest.raises(NotAllowed):
        actions.record_visit(
            operation=op, desa=desa[cast.OUTSIDE], at=NOW, place="x", topic="y", by=people.kapolsek, now=NOW
        )


# ---- answers


def test_from_the_record_alone(questions, promise, people):
    assert statuses(people.kapolres) == {
        ("Kapan pengamanan dimulai", ()): AnswerStatus.OPEN,
        ("Polri bertahan", (2, 3)): AnswerStatus.ANSWERED,
        ("Polri bertahan", (1,)): AnswerStatus.OPEN,
        ("TNI bertahan", ()): AnswerStatus.OPEN,
        ("Di sekitar TPS", ()): AnswerStatus.PARTLY,
    }


def test_after_the_plan_dates_per_village(questions, promise, people, op, monkeypatch):
    starts = {kode: cast.VOTE_AT - timedelta(days=n) for n, kode in enumerate(PLACES, 1)}
    plan(monkeypatch, starts)
    lines = {line.answer.part.text: line.answer for line in queries.part_lines(op, people.kapolres)}
    assert lines["Kapan pengamanan dimulai"].status is AnswerStatus.ANSWERED
    assert set(lines["Kapan pengamanan dimulai"].dates) == {cast.KARANGJATI, cast.TEGALREJO, cast.WONOSARI}
    assert statuses(people.kapolres)[("Polri bertahan", (1,))] is AnswerStatus.ANSWERED
    assert statuses(people.kapolres)[("TNI bertahan", ())] is AnswerStatus.OPEN
    assert statuses(people.kapolres)[("Di sekitar TPS", ())] is AnswerStatus.ANSWERED


PLACES = [d.kode for d in cast.DESA if d.memilih] + [t.kode for t in cast.TPS]


def test_who_may_not_see_classes_reads_one_date_for_all(questions, people, op, monkeypatch):
    """A start of H-3 says level 3 (RULES 9), so a committee reads the latest start of all."""
    plan(monkeypatch, {kode: cast.VOTE_AT - timedelta(days=3) for kode in PLACES})
    [line] = [x for x in queries.part_lines(op, people.panitia_karangjati) if x.answer.code == "starts"]
    assert line.same_for_all
    assert len(set(line.answer.dates.values())) == 1
    assert max(line.answer.dates.values()) == cast.VOTE_AT - timedelta(days=1)


def test_a_committee_reads_its_own_village_only(questions, people, op):
    assert {line.question.kode for line in queries.part_lines(op, people.panitia_karangjati)} == {"q1"}
    assert {line.question.kode for line in queries.part_lines(op, people.panitia_tegalrejo)} == {"q2"}
    assert len({line.question.kode for line in queries.part_lines(op, people.camat)}) == 2
    assert queries.part_lines(op, people.polsek_banjaragung) == ()
    assert queries.part_lines(op, people.auditor) == ()


def test_an_answer_stands_under_the_title_and_is_corrected_not_edited(questions, people, op):
    part = questions[0].parts.get()
    first = actions.answer_part(operation=op, part=part, text="H-2.", by=people.kapolres, now=NOW)
    actions.answer_part(
        operation=op, part=part, text="H-1 pukul 07.00.", by=people.kapolres, now=NOW, corrects=first
    )
    [line] = [x for x in queries.part_lines(op, people.camat) if x.answer.part.kode == str(part.pk)]
    assert [(s.by, s.text) for s in line.answer.words] == [("Kapolres Arjasari", "H-1 pukul 07.00.")]
    assert line.answer.status is AnswerStatus.OPEN  # words are not a date
    with pytest.raises(Conflict):
        actions.answer_part(operation=op, part=part, text="x", by=people.kapolres, now=NOW, corrects=first)


# ---- commitments


def test_nobody_promises_for_the_tni(people, op):
    with pytest.raises(NotAllowed):
        commitments.offer_commitment(
            operation=op,
            kode="k3",
            text="TNI bersiaga",
            topic=Topic.STAY,
            owner="Danramil Sumberarum",
            by=people.perencana,
            now=NOW,
        )


def test_koramil_owns_and_the_part_is_answered(questions, promise, people, op):
    offer = commitments.offer_commitment(
        operation=op,
        kode="k3",
        text="TNI bersiaga di sekitar TPS",
        topic=Topic.STAY,
        by=people.perencana,
        now=NOW,
    )
    assert statuses(people.camat)[("TNI bertahan", ())] is AnswerStatus.OPEN
    every = {"levels": (1, 2, 3), "by": people.danramil, "now": NOW}
    commitments.own_commitment(operation=op, commitment=offer, **every)
    assert statuses(people.camat)[("TNI bertahan", ())] is AnswerStatus.ANSWERED


def test_a_promise_is_touched_and_read_only_where_it_speaks_of(meeting, people, op):
    """RULES 20: the Kapolsek of the next kecamatan, who speaks for the same force, has no hand in it."""
    near = {"text": "Polisi bersiaga", "topic": Topic.STAY, "meeting": meeting, "now": NOW}
    made = commitments.offer_commitment(
        operation=op, kode="k8", owner="Kapolres Arjasari, Polri", by=people.kapolres, **near
    )
    free = commitments.offer_commitment(operation=op, kode="k9", by=people.kapolres, **near)
    far = people.polsek_banjaragung
    for action, who, more in (
        (commitments.own_commitment, free, {}),
        (commitments.keep_commitment, made, {}),
        (commitments.move_commitment, made, {"due": NOW + timedelta(1), "reason": "rapat ditunda"}),
        (commitments.break_commitment, made, {"reason": "regu ditarik"}),
    ):
        with pytest.raises(NotAllowed):
            action(operation=op, commitment=who, by=far, now=NOW, **more)
    with pytest.raises(NotAllowed):
        commitments.offer_commitment(operation=op, kode="k10", by=far, **near)
    assert queries.commitments(op, far) == ()
    assert len(queries.commitments(op, people.panitia_tegalrejo)) == 2


def test_owned_once(promise, people, op):
    with pytest.raises(MoveRefused):
        commitments.own_commitment(operation=op, commitment=promise, by=people.kapolres, now=NOW)


def test_only_the_owners_side_says_kept(promise, people, op):
    for other in (people.danramil, people.camat):
        with pytest.raises(NotAllowed):
            commitments.keep_commitment(operation=op, commitment=promise, by=other, now=NOW)
    assert (
        commitments.keep_commitment(operation=op, commitment=promise, by=people.kapolres, now=NOW).status
        == CommitmentStatus.KEPT
    )


def test_moving_needs_a_reason_and_a_moment_ahead(promise, people, op):
    for due, reason in ((NOW, "rapat ditunda"), (NOW + timedelta(1), " ")):
        with pytest.raises(DialogueError):
            commitments.move_commitment(
                operation=op, commitment=promise, due=due, reason=reason, by=people.kapolres, now=NOW
            )


def test_overdue_is_computed(people, op):
    commitments.offer_commitment(
        operation=op,
        kode="k1",
        text="Mengukur",
        topic=Topic.MEASURE,
        owner="Kabag Ops, Polri",
        due=NOW - timedelta(1),
        by=people.kabagops,
        now=NOW,
    )
    [line] = queries.commitments(op, people.camat)
    assert line.standing is CommitmentState.OVERDUE


def test_a_bound_commitment_is_kept_when_the_last_unit_is_home(promise, people, monkeypatch, op):
    monkeypatch.setattr(queries, "last_left_at", lambda operation: None)
    assert queries.commitments(op, people.camat)[0].standing is CommitmentState.RUNNING
    monkeypatch.setattr(queries, "last_left_at", lambda operation: NOW - timedelta(hours=1))
    line = queries.commitments(op, people.camat)[0]
    assert (line.standing, line.kept_at) == (CommitmentState.KEPT, NOW - timedelta(hours=1))


def test_a_broken_promise_is_recorded_with_its_reason(promise, people, op):
    commitments.break_commitment(
        operation=op, commitment=promise, reason="Regu ditarik lebih awal", by=people.camat, now=NOW
    )
    assert Commitment.objects.get().status == "broken"
    with pytest.raises(MoveRefused):
        commitments.keep_commitment(operation=op, commitment=promise, by=people.kapolres, now=NOW)


# ---- pledges


def test_a_pledge_is_by_number_and_a_broken_one_stays(desa, people, op):
    where = desa[cast.KARANGJATI]
    actions.sign_pledge(operation=op, desa=where, nomor=1, state="signed", by=people.perencana, now=NOW)
    actions.sign_pledge(operation=op, desa=where, nomor=1, state="broken", by=people.perencana, now=NOW)
    with pytest.raises(Conflict):
        actions.sign_pledge(operation=op, desa=where, nomor=1, state="signed", by=people.perencana, now=NOW)
    with pytest.raises(DialogueError):
        actions.sign_pledge(operation=op, desa=where, nomor=7, state="signed", by=people.perencana, now=NOW)
    assert [line.row and line.row.state for line in queries.pledges(where)] == ["broken", None]
    assert Pledge.objects.count() == 1


# ---- the page


def test_page_for_each_role(questions, promise, as_, people):
    for who in (
        "perencana",
        "kapolsek",
        "kapolres",
        "camat",
        "danramil",
        "panitia.karangjati",
        "humas",
        "petugas1",
    ):
        page = as_(who).get("/o/uji/dialog/")
        assert page.status_code == 200, who
        assert "LATIHAN" in page.content.decode()
    assert as_("auditor").get("/o/uji/dialog/").status_code == 403
    assert as_("admin").get("/o/uji/dialog/").status_code == 404  # no member of it


def test_reading_dates_per_village_is_logged(op, as_):
    from kondusif_web.accounts.models import AccessEntry

    as_("panitia.karangjati").get("/o/uji/dialog/")
    assert not AccessEntry.objects.filter(subject="dialogue").exists()
    as_("camat").get("/o/uji/dialog/")
    assert AccessEntry.objects.get(subject="dialogue").by == "camat"


def test_page_needs_sign_in(client, op):
    assert client.get("/o/uji/dialog/").status_code == 302


def test_committee_page_shows_no_class_and_no_other_village(questions, promise, as_, monkeypatch):
    plan(monkeypatch, {kode: cast.VOTE_AT - timedelta(days=3) for kode in PLACES})
    page = as_("panitia.karangjati").get("/o/uji/dialog/").content.decode()
    assert "Mulai kapan?" in page
    assert "Jangan dibubarkan" not in page
    assert "7 Okt" not in page and "9 Okt" in page


def test_forms_write_and_come_back_with_errors(meeting, desa, as_):
    browser = as_("perencana")
    form = {
        "id": str(uuid.uuid4()),
        "meeting": str(meeting.pk),
        "desa": desa[cast.KARANGJATI].pk,
        "role": "warga",
        "text": "Siapa menjaga kotak suara?",
        "topic_1": "lain",
        "part_1": "Siapa menjaga kotak suara",
    }
    assert browser.post("/o/uji/dialog/pertanyaan/", form).status_code == 302
    assert browser.post("/o/uji/dialog/pertanyaan/", form).status_code == 302  # sent again: still one
    assert Question.objects.count() == 1
    back = browser.post(
        "/o/uji/dialog/pertanyaan/", form | {"id": str(uuid.uuid4()), "role": "warga suku Osing"}
    )
    assert back.status_code == 422
    assert "tidak disimpan" in back.content.decode()
    assert Question.objects.count() == 1


def test_answering_and_owning_by_page(questions, promise, as_, people, op):
    part = questions[0].parts.get()
    done = as_("kapolsek").post(
        f"/o/uji/dialog/bagian/{part.pk}/jawab/", {"id": str(uuid.uuid4()), "text": "Menunggu indeks."}
    )
    assert done.status_code == 302
    assert as_("panitia.tegalrejo").post(f"/o/uji/dialog/bagian/{part.pk}/jawab/", {}).status_code == 404
    offer = commitments.offer_commitment(
        operation=op, kode="k3", text="TNI bersiaga", topic=Topic.STAY, by=people.perencana, now=NOW
    )
    take = f"/o/uji/dialog/komitmen/{offer.pk}/tanggung/"
    assert as_("danramil").post(take).status_code == 200  # first for which classes
    assert as_("danramil").post(take, {"named": "all", "simpan": "1"}).status_code == 302
    offer.refresh_from_db()
    assert offer.owner == "Danramil Sumberarum"


def test_empty_page_says_so(op, as_):
    page = as_("perencana").get("/o/uji/dialog/").content.decode()
    assert "Belum ada pertemuan yang tercatat." in page


# ---- another operation of the office


@pytest.fixture
def elsewhere(other, other_people):
    """A meeting with a question, and a promise, of operation "lain"."""
    desa = other.desa.get(kode=cast.KARANGJATI)
    mine = {"operation": other, "by": other_people.perencana, "now": NOW}
    met = actions.record_meeting(
        kode="dialog-1",
        title="Dialog lain",
        at=NOW,
        place="Pendapa",
        villages=[desa],
        participants=["warga"],
        **mine,
    )
    asked = actions.ask(
        meeting=met, kode="q1", desa=desa, role="warga", text="Lain?", parts=[("mulai", "Kapan")], **mine
    )
    promised = commitments.offer_commitment(kode="k2", text="Lain", topic=Topic.STAY, meeting=met, **mine)
    return SimpleNamespace(meeting=met, question=asked, promise=promised, desa=desa)


def test_nothing_of_another_operation_is_read(elsewhere, questions, promise, people, op, as_):
    assert {line.question.kode for line in queries.part_lines(op, people.kapolres)} == {"q1", "q2"}
    assert [line.row.text for line in queries.commitments(op, people.kapolres)] == [promise.text]
    page = as_("kapolres").get("/o/uji/dialog/").content.decode()
    assert "Lain?" not in page and "Dialog lain" not in page


def test_a_row_of_another_operation_is_as_one_that_is_not_there(elsewhere, meeting, desa, people, op, as_):
    part = elsewhere.question.parts.get()
    here, there = desa[cast.KARANGJATI], elsewhere.desa
    mine = {"operation": op, "by": people.kapolres, "now": NOW}
    asked = {"kode": "q8", "role": "warga", "text": "?", "parts": [("mulai", "?")]}
    visited = {"at": NOW, "place": "x", "topic": "y"}
    for action, what in (
        (actions.ask, asked | {"meeting": elsewhere.meeting, "desa": here}),
        (actions.ask, asked | {"meeting": meeting, "desa": there}),
        (actions.answer_part, {"part": part, "text": "x"}),
        (commitments.own_commitment, {"commitment": elsewhere.promise}),
        (commitments.break_commitment, {"commitment": elsewhere.promise, "reason": "x"}),
        (actions.sign_pledge, {"desa": there, "nomor": 1, "state": "signed"}),
        (actions.record_visit, visited | {"desa": there}),
    ):
        with pytest.raises(ObjectDoesNotExist):
            action(**what, **mine)
    browser = as_("kapolres")
    for path in (f"bagian/{part.pk}/jawab", f"komitmen/{elsewhere.promise.pk}/tanggung"):
        assert browser.post(f"/o/uji/dialog/{path}/").status_code == 404
    form = {"id": uuid.uuid4(), "meeting": elsewhere.meeting.pk, "desa": there.pk, "role": "warga"}
    what = {"text": "?", "topic_1": "mulai", "part_1": "?"}
    refused = browser.post("/o/uji/dialog/pertanyaan/", form | what)
    assert set(refused.context["question_form"].errors) == {"meeting", "desa"}


def test_one_id_of_a_form_serves_in_each_operation(desa, other, people, other_people, op):
    what = {"id": uuid.uuid4(), "at": NOW, "place": "Balai desa", "topic": "Ketenangan", "now": NOW}
    for operation, by in ((op, people.perencana), (other, other_people.perencana)):
        where = operation.desa.get(kode=cast.KARANGJATI)
        made = actions.record_visit(operation=operation, desa=where, by=by, **what)
        assert made.operation == operation
    assert Visit.objects.filter(client_id=what["id"]).count() == 2


# ---- the office's sheets


def test_the_recorded_meeting_of_the_example(db):
    """The real meeting: two questions, three promises, nobody's name; answered as RULES 10 says."""
    from kondusif_web.drill.actions import load_sample

    load_sample(now=NOW)
    kapolres = Membership.objects.get(user__username="kapolres")
    op = kapolres.operation
    assert Commitment.objects.count() == 3
    assert {line.answer.code: line.answer.status for line in queries.part_lines(op, kapolres)} == {
        "no_date": AnswerStatus.OPEN,
        "stays": AnswerStatus.ANSWERED,
        "not_these_levels": AnswerStatus.OPEN,
        "no_owner": AnswerStatus.OPEN,
        "at_the_place": AnswerStatus.PARTLY,
    }
