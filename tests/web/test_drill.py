"""The drill: the example plays from H-63 to H+70 through the real actions (RULES 23)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from kondusif.errors import Conflict, ImportRefused, MoveRefused, NotAllowed
from kondusif.files import OperationFile
from kondusif.files import load_sample as sample_file
from kondusif.files.as_of import AsOf
from kondusif.standby import Posture
from kondusif.withdraw import gates
from kondusif_web.accounts.actions import change_password
from kondusif_web.accounts.models import User
from kondusif_web.answers.models import Answer
from kondusif_web.classes import queries as classes
from kondusif_web.drill import wording
from kondusif_web.drill.actions import PLAYED, StepRefused, load_file, load_sample, play_until, story
from kondusif_web.drill.decisions import ACTIONS
from kondusif_web.drill.script import MARKS, marks
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.instrument.models import Instrument
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.planning import actions as planning
from kondusif_web.posts.models import PostureRow
from kondusif_web.reports.queries import watch
from kondusif_web.situation.replay import check_moves
from kondusif_web.withdrawal import actions as withdrawal
from kondusif_web.withdrawal.models import WithdrawalRequest
from kondusif_web.withdrawal.queries import village_at
from tests.examples import load_example

SERVER = datetime(2026, 1, 5, 3, tzinfo=UTC)
DEMO = datetime.fromisoformat("2023-10-11T14:05:00+07:00")
NGANTUNGAN = "35.14.05.2001"
LEMAHBANG = "35.14.05.2014"


@pytest.fixture
def sample(db) -> Operation:
    load_sample(now=SERVER)
    return Operation.objects.get()


def signed_in(username: str) -> Client:
    browser = Client()
    browser.force_login(User.objects.get(username=username))
    return browser


def member(username: str) -> Membership:
    return Membership.objects.select_related("operation", "user").get(user__username=username)


def test_loading_gives_every_person_one_password(db):
    given = load_sample(now=SERVER)
    assert set(given) == set(User.objects.values_list("username", flat=True))
    assert len(set(given.values())) == len(given)
    for username, password in given.items():
        assert User.objects.get(username=username).check_password(password)


def test_it_is_a_drill_from_creation_and_the_meeting_is_on_record(sample):
    begun = [s for s in story(sample) if s.at <= sample.clock]
    assert sample.drill and sample.illustrative
    assert sample.clock.isoformat() == "2023-08-08T05:00:00+00:00"
    assert sample.desa.count() == 17
    assert [s.sheet for s in begun] == ["dialog"] + ["keputusan"] * 5
    assert {s.row["tindakan"] for s in begun[1:]} == {
        "buka putaran",
        "impor riwayat",
        "rancang instrumen",
        "ubah bobot",
        "ubah batas",
    }


def test_where_the_clock_stops_no_post_is_silent_but_the_one_the_story_tells_of(sample):
    """From "all officers in place" on; TPS 02 Ngantungan falls silent on the afternoon after the vote."""
    silent = {}
    for code, at in marks(election_of(sample)).items():
        play_until(operation=sample, until=at, by=None)
        sample.refresh_from_db()
        silent[code] = [post.kode for post in watch(sample, sample.now()).silent]
    assert silent.pop("tegang") == [f"{NGANTUNGAN}-02"]
    assert not any(silent.values()), silent


def test_at_the_demo_time_the_office_stands_where_the_command_line_does(sample):
    play_until(operation=sample, until=DEMO, by=None)
    told = AsOf.at(sample_file(), DEMO)
    for desa in told.file.voting:
        row = classes.published(sample, desa.kode)
        a = told.assessments[desa.kode]
        assert (row.level, row.force_level) == (a.level, a.force_level)
        s = village_at(Desa.objects.get(operation=sample, kode=desa.kode), DEMO).situation
        assert (s.posture, s.level) == (told.posture(desa.kode)[0], told.situation(desa.kode).level)
        village = told.village(desa)
        found = [(g.gate, g.state, g.reason) for g in gates(s, village.next_step, DEMO)]
        assert found == [(g.gate, g.state, g.reason) for g in village.gates()]


def test_the_whole_story_ends_with_every_village_closed_and_everyone_home(sample):
    ahead = [s for s in story(sample) if s.at > sample.clock]
    played = play_until(operation=sample, until=sample.vote_at + timedelta(days=70), by=None)
    assert list(played) == ahead
    assert set(PostureRow.objects.values_list("state", flat=True)) == {Posture.CLOSED.value}
    assert set(sample.postings.values_list("state", flat=True)) == {"home"}
    assert not WithdrawalRequest.objects.filter(outcome="waiting").exists()
    assert not Entry.objects.filter(kind="withdrawal_blocked").exists()


def test_the_example_is_drilled_again_under_another_code(sample):
    assert load_example(now=SERVER, kode="latihan-dua") == {}  # the same people, whose passwords stay
    again = Operation.objects.get(kode="latihan-dua")
    assert (story(again), again.clock, again.members.count()) == (story(sample), sample.clock, 14)
    assert Instrument.objects.count() == 2  # of each story its own draft, made in the office
    play_until(operation=again, until=sample.clock + timedelta(days=45), by=None)
    sample.refresh_from_db()
    assert sample.clock.isoformat() == "2023-08-08T05:00:00+00:00"
    assert not Answer.objects.filter(operation=sample).exists()
    with pytest.raises(Conflict):
        load_sample(now=SERVER)


def test_only_a_drill_has_a_clock(sample):
    Operation.objects.filter(pk=sample.pk).update(drill=False, clock=None)
    with pytest.raises(MoveRefused):
        play_until(operation=sample, until=DEMO, by=None)
    assert signed_in("kapolres").get("/o/pasrepan-2023/latihan/").status_code == 409


def test_the_clock_never_runs_back(sample):
    with pytest.raises(MoveRefused):
        play_until(operation=sample, until=sample.clock - timedelta(hours=1), by=None)


def test_a_role_without_the_permission_moves_nothing(sample):
    with pytest.raises(NotAllowed):
        play_until(operation=sample, until=DEMO, by=member("camat"))
    browser = signed_in("camat")
    assert browser.get("/o/pasrepan-2023/latihan/").status_code == 403
    assert browser.post("/o/pasrepan-2023/latihan/maju/", {"ke": "tegang"}).status_code == 403


def test_the_buttons_move_the_clock_forward(sample):
    browser = signed_in("kapolres")
    page = browser.get("/o/pasrepan-2023/latihan/").content.decode()
    assert "LATIHAN - DATA ILUSTRATIF" in page and "Ke langkah berikut" in page
    assert browser.post("/o/pasrepan-2023/latihan/maju/", {"ke": "langkah"}).status_code == 302
    sample.refresh_from_db()
    assert sample.clock == next(s.at for s in story(sample) if s.at > DEMO.replace(month=8, day=8))
    assert browser.post("/o/pasrepan-2023/latihan/maju/", {"ke": "ukur"}).status_code == 302
    sample.refresh_from_db()
    assert sample.clock.isoformat() == "2023-09-19T11:00:00+00:00"
    assert browser.post("/o/pasrepan-2023/latihan/maju/", {"ke": "ukur"}).status_code == 409
    assert browser.post("/o/pasrepan-2023/latihan/maju/", {"ke": "kemarin"}).status_code == 400
    assert "sudah lewat" in browser.get("/o/pasrepan-2023/latihan/").content.decode()


def test_a_step_that_hands_have_overtaken_undoes_the_whole_advance(sample):
    play_until(operation=sample, until=DEMO, by=None)
    waiting = WithdrawalRequest.objects.get(desa=NGANTUNGAN, outcome="waiting")
    kapolres = member("kapolres")
    withdrawal.refuse_withdrawal(
        operation=sample, id=waiting.pk, reason="Belum waktunya", by=kapolres, now=DEMO
    )
    lines = Entry.objects.count()
    with pytest.raises(StepRefused) as caught:
        play_until(operation=sample, until=DEMO + timedelta(days=2), by=kapolres)
    assert caught.value.step.row["tindakan"] == "setujui penarikan"
    sample.refresh_from_db()
    assert (sample.clock, Entry.objects.count()) == (DEMO, lines)
    page = signed_in("kapolres").post("/o/pasrepan-2023/latihan/maju/", {"ke": "tenang"})
    assert page.status_code == 409 and "ditolak oleh aturan" in page.content.decode()


def test_what_hands_have_overtaken_can_be_passed_over_and_stands_in_the_book(sample):
    play_until(operation=sample, until=DEMO, by=None)
    kapolres = member("kapolres")
    waiting = WithdrawalRequest.objects.get(desa=NGANTUNGAN, outcome="waiting")
    withdrawal.refuse_withdrawal(
        operation=sample, id=waiting.pk, reason="Belum waktunya", by=kapolres, now=DEMO
    )
    browser = signed_in("kapolres")
    page = browser.post("/o/pasrepan-2023/latihan/maju/", {"ke": "tenang"}).content.decode()
    assert "sudah diputuskan dengan tangan" in page and 'name="lewati"' in page
    page = browser.post(
        "/o/pasrepan-2023/latihan/maju/", {"ke": "tenang", "lewati": "ya"}, follow=True
    ).content.decode()
    assert "Dilewati karena ditolak: Penarikan disetujui: Ngantungan" in page
    sample.refresh_from_db()
    assert sample.clock == DEMO.replace(day=12, hour=17, minute=0)
    told = Entry.objects.filter(kind="clock_set").latest("seq").payload["passed_over"]
    assert all(line.startswith("keputusan ") for line in told)
    assert PostureRow.objects.get(desa__kode=NGANTUNGAN).state == Posture.STANDBY.value


def test_a_request_made_by_hand_is_the_one_the_story_decides(sample):
    play_until(operation=sample, until=DEMO, by=None)
    kapolsek = member("kapolsek")
    early = withdrawal.request_withdrawal(
        operation=sample, desa=LEMAHBANG, to="l1", reason="Sudah tenang", by=kapolsek, now=DEMO
    )
    play_until(operation=sample, until=DEMO + timedelta(days=2), by=None)
    early.refresh_from_db()
    assert early.outcome == "approved"


def test_a_second_plan_leaves_a_book_that_verifies(sample):
    play_until(operation=sample, until=sample.vote_at - timedelta(days=7) + timedelta(hours=5), by=None)
    planner, chief = map(member, ("perencana", "kapolres"))
    sample.refresh_from_db()
    plan = planning.make_plan(operation=sample, by=planner, now=sample.clock)
    planning.propose_plan(operation=sample, plan=plan, by=planner, now=sample.clock)
    planning.approve_plan(operation=sample, plan=plan, by=chief, now=sample.clock)
    assert sample.postings.filter(state="cancelled").exists()
    assert check_moves(verify(sample.kode)).ok


def test_a_closed_account_is_named_as_the_reason(sample):
    User.objects.filter(username="petugas1").update(is_active=False)
    page = signed_in("kapolres").post("/o/pasrepan-2023/latihan/maju/", {"ke": "pungut"})
    assert page.status_code == 409 and "sudah ditutup" in page.content.decode()


def test_a_real_operation_takes_its_answers_and_starts_no_clock(db):
    file = real(drop=PLAYED, calon=())
    given = load_file(file=file, now=SERVER)
    operation = Operation.objects.get()
    assert (operation.drill, operation.clock) == (False, None)
    assert Answer.objects.count() == len(file.jawaban)
    assert User.objects.get(username="kapolres").must_change and given["kapolres"]


def test_a_password_printed_for_a_drill_is_changed_before_it_serves_a_live_operation(db):
    load_sample(now=SERVER)
    chosen = User.objects.get(username="perencana")
    change_password(user=chosen, password="kalimat sandi milik sendiri", now=SERVER)
    load_example(now=SERVER, kode="ulang")
    assert not User.objects.filter(must_change=True).exists()  # from drill to drill it stays
    load_example(now=SERVER, kode="nyata", drill=False)
    assert list(User.objects.filter(must_change=False)) == [chosen]
    assert verify().ok


def test_sheets_that_nobody_would_take_are_refused_not_left_out(db):
    with pytest.raises(ImportRefused) as caught:
        load_file(file=real(drop=("komitmen",)), now=SERVER)
    assert {p.sheet for p in caught.value.problems} == {*PLAYED, "calon"} - {"komitmen"}
    assert not Operation.objects.exists() and not User.objects.exists()


def real(*, drop: tuple[str, ...], **sheets: tuple[object, ...]) -> OperationFile:
    """The example's rows as if they were a real operation's."""
    rows = dict(sample_file().rows) | {name: () for name in drop} | sheets
    rows["operasi"] = ({**rows["operasi"][0], "latihan": False},)
    return OperationFile.of(rows)


def test_every_action_and_mark_has_words():
    from kondusif.files.sheets import TINDAKAN

    assert set(ACTIONS) == set(wording.ACTIONS) == set(TINDAKAN)
    assert {kode for kode, _, _ in MARKS} == set(wording.MARKS)
