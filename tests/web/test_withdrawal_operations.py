"""Two operations with the same places and people: what is told and decided in one is not of the other."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from kondusif.errors import Conflict, KondusifError, NotAllowed
from kondusif_web.logbook.queries import filtered, head
from kondusif_web.logbook.verify import verify
from kondusif_web.posts import queries as posts_queries
from kondusif_web.posts.models import PostureRow
from kondusif_web.reports import actions as reports
from kondusif_web.reports import observations
from kondusif_web.reports import queries as reports_queries
from kondusif_web.reports.models import GateCheck, Incident
from kondusif_web.withdrawal import actions as withdrawal
from kondusif_web.withdrawal import queries as withdrawal_queries
from kondusif_web.withdrawal import residents
from kondusif_web.withdrawal.actions import move_posture
from kondusif_web.withdrawal.models import ResidentCode, WaiverRow, WithdrawalRequest
from kondusif_web.withdrawal.queries import village_at
from tests import cast
from tests.web.bare import bare
from tests.web.karangjati import DESA, HOUR, NOW, ORDER, TPS, all_clear, aman, ask, level, say

__all__ = ["level"]
pytestmark = pytest.mark.django_db
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def stand_by(people):
    """Karangjati of the people's operation in stand-by for 20 hours, every gate of the first step open."""
    operation = people.kapolsek.operation
    for to in ORDER:
        move_posture(operation=operation, desa=DESA, to=to, by=people.kapolsek, now=NOW - 20 * HOUR)
    return all_clear(people)


def incident(people, **more):
    fixed = {"id": uuid4(), "kind": "crowd", "place": TPS, "by": people.petugas1, "now": NOW}
    return reports.open_incident(operation=people.petugas1.operation, **(fixed | more))


def posture(operation):
    return PostureRow.objects.get(operation=operation, desa__kode=DESA).state


@pytest.fixture
def both(people, other_people, level):
    """The same village stands by in both operations."""
    return stand_by(people), stand_by(other_people)


@pytest.fixture
def elsewhere(other_people, level):
    """A row of every kind that is named by an id, in operation "lain"."""
    stand_by(other_people)
    asked = ask(other_people)
    say(other_people, 12, "no")
    operation, by = other_people.kapolsek.operation, other_people.kapolsek
    waiver = withdrawal.request_waiver(
        operation=operation, desa=DESA, to="l1", gate="12", reason="Humas sudah bicara", by=by, now=NOW
    )
    code, text = residents.make_resident_code(operation=operation, desa=DESA, by=by, now=NOW)
    opened = incident(other_people, kind="rumour")
    return SimpleNamespace(request=asked, waiver=waiver, code=code, text=text, incident=opened)


class TestIds:
    def test_one_id_serves_once_in_each_operation(self, op, other, people, other_people):
        id_ = uuid4()
        ours, theirs = aman(people, id=id_), aman(other_people, id=id_)
        assert (ours.client_id, theirs.client_id) == (id_, id_) and ours.pk != theirs.pk
        assert aman(people, id=id_) == ours and aman(other_people, id=id_) == theirs
        assert (ours.operation, theirs.operation) == (op, other)

    def test_a_conflict_is_judged_within_the_operation(self, op, people, other_people):
        id_ = uuid4()
        aman(other_people, id=id_, note="ramai")
        aman(people, id=id_)
        with pytest.raises(Conflict):
            aman(people, id=id_, note="ramai")

    def test_so_do_those_of_incidents_checks_and_situation_answers(self, people, other_people):
        one, two, three = uuid4(), uuid4(), uuid4()
        for who in (people, other_people):
            incident(who, id=one)
            observations.add_check(
                operation=who.petugas1.operation,
                id=two,
                desa=DESA,
                item=9,
                value="yes",
                by=who.petugas1,
                now=NOW,
            )
            answers = {"people": "few", "mood": "usual", "road": "open"}
            aman(who, id=three, kind="situasi", payload=answers)
        assert Incident.objects.filter(client_id=one).count() == 2
        assert GateCheck.objects.filter(client_id=two).count() == 2
        told = GateCheck.objects.filter(report__client_id=three)
        assert told.count() == 6 and len(set(told.values_list("client_id", flat=True))) == 3
        assert verify().ok

    def test_the_book_names_them_as_they_came(self, op, people):
        row = incident(people)
        line = filtered("uji", kind="incident_opened").get()
        assert line.payload["id"] == line.subject == str(row.client_id) != str(row.pk)

    def test_a_correction_points_into_its_own_operation(self, people, other_people):
        told = aman(other_people)
        with pytest.raises(KondusifError, match="correction_not_own"):
            aman(people, corrects=told.client_id)


class TestStepDown:
    def test_a_step_in_one_moves_nothing_in_the_other(self, op, other, both):
        ours, _ = both
        before = head("lain")
        request = ask(ours)
        withdrawal.approve_withdrawal(operation=op, id=request.pk, by=ours.kapolres, now=NOW)
        assert (posture(op), posture(other), head("lain")) == ("l1", "standby", before)
        assert not WithdrawalRequest.objects.filter(operation=other).exists()

    def test_a_request_waits_in_each(self, op, other, both):
        assert [ask(who).number for who in both] == [1, 1]
        for operation, who in zip((op, other), both, strict=True):
            assert withdrawal_queries.waiting_request(operation, DESA).operation == operation
            assert [r.operation for r in withdrawal_queries.waiting_requests(operation, who.kapolres)] == [
                operation
            ]

    def test_bad_news_in_one_leaves_the_other_below_and_its_request_waiting(self, op, other, both):
        ours, theirs = both
        for operation, who in ((op, ours), (other, theirs)):
            withdrawal.approve_withdrawal(operation=operation, id=ask(who).pk, by=who.kapolres, now=NOW)
            ask(who, to="l2")
        before = head("lain")
        incident(ours)
        assert (posture(op), posture(other), head("lain")) == ("standby", "l1", before)
        waiting = {o: withdrawal_queries.waiting_request(o, DESA) for o in (op, other)}
        assert waiting[op] is None and waiting[other].state_to == "l2"
        assert not withdrawal_queries.reopenings(other, theirs.kapolres, NOW)

    def test_facts_of_one_open_no_gate_in_the_other(self, op, other, people, other_people, level):
        stand_by(other_people)
        for to in ORDER:
            move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=NOW - 20 * HOUR)
        shut = {}
        for operation in (op, other):
            desa = operation.desa.get(kode=DESA)
            shut[operation] = [g.gate for g in village_at(desa, NOW).step("l1").shut]
        assert len(shut[op]) > 10 and shut[other] == []
        assert residents.camat_may_speak(op.desa.get(kode=DESA)) is False


class TestForeignRows:
    """An id of another operation is answered like one that is not there, and nothing is written."""

    def actions(self, op, people, found):
        mine = {"operation": op, "by": people.kapolres, "now": NOW}
        return (
            lambda: withdrawal.approve_withdrawal(id=found.request.pk, **mine),
            lambda: withdrawal.refuse_withdrawal(id=found.request.pk, reason="x", **mine),
            lambda: withdrawal.second_waiver(id=found.waiver.pk, **mine),
            lambda: withdrawal.approve_waiver(id=found.waiver.pk, **mine),
            lambda: residents.log_attempt(id=found.code.pk, **mine | {"by": people.petugas1}),
            lambda: reports.verify_incident(id=found.incident.client_id, **mine),
            lambda: reports.escalate_incident(id=found.incident.client_id, severity="merah", **mine),
            lambda: reports.close_incident(id=found.incident.client_id, reason="x", **mine),
        )

    def test_no_action_takes_it(self, op, people, elsewhere):
        before = head("uji"), head("lain")
        for action in self.actions(op, people, elsewhere):
            with pytest.raises(NotAllowed):
                action()
        assert (head("uji"), head("lain")) == before

    def test_no_page_shows_or_takes_it(self, op, people, elsewhere, as_):
        browser, page = as_("kapolres"), f"/o/uji/penarikan/{DESA}"
        before = head("lain")
        for path in (f"putuskan/{elsewhere.request.pk}", f"tanda/{elsewhere.waiver.pk}"):
            assert browser.post(f"{page}/{path}/", {"action": "setujui"}).status_code == 403
            unknown = f"{path.split('/')[0]}/{UNKNOWN}"
            assert browser.post(f"{page}/{unknown}/", {"action": "setujui"}).status_code == 403
        told = {"action": "upaya", "id": elsewhere.code.pk}
        assert as_("petugas1").post(f"{page}/kode-warga/", told).status_code == 404
        for pk in (elsewhere.incident.client_id, elsewhere.incident.pk, UNKNOWN):
            assert browser.get(f"/o/uji/insiden/{pk}/").status_code == 404
            assert browser.post(f"/o/uji/insiden/{pk}/", {"action": "periksa"}).status_code == 404
        assert head("lain") == before

    def test_no_list_holds_it(self, op, people, elsewhere):
        who = people.kapolres
        assert not reports_queries.open_incidents(op, who) and not withdrawal_queries.waiting_requests(
            op, who
        )
        assert not withdrawal_queries.waiting_waivers(op, who) and not withdrawal_queries.reopenings(
            op, who, NOW
        )
        assert not withdrawal_queries.codes_of(op, DESA) and not reports_queries.checks_of(op, DESA)
        assert not withdrawal_queries.history(op, DESA) and not posts_queries.postures(op)
        assert reports_queries.last_report_at(op, TPS) is None and not reports_queries.watch(op, NOW).silent
        assert not reports_queries.reports_of(op, people.petugas1)

    def test_the_village_page_is_that_of_a_village_where_nothing_happened(
        self, op, people, other_people, level, as_
    ):
        page = f"/o/uji/penarikan/{DESA}/"
        before = bare(as_("kapolres").get(page))
        stand_by(other_people)
        ask(other_people)
        incident(other_people)
        assert bare(as_("kapolres").get(page)) == before


class TestForeignPeople:
    def test_a_member_of_another_operation_writes_nothing_here(self, op, people, other_people, level):
        stand_by(people)
        before = head("uji"), head("lain")
        at = {"operation": op, "desa": DESA, "by": other_people.kapolsek, "now": NOW}
        for action in (
            lambda: withdrawal.request_withdrawal(to="l1", reason="x", **at),
            lambda: residents.make_resident_code(**at),
            lambda: observations.add_check(id=uuid4(), item=9, value="yes", **at),
            lambda: incident(other_people, by=people.petugas1),
        ):
            with pytest.raises(Conflict):
                action()
        assert (head("uji"), head("lain")) == before
        assert not WithdrawalRequest.objects.exists() and not Incident.objects.exists()

    def test_nor_is_one_the_second_observer(self, op, people, other_people):
        with pytest.raises(NotAllowed):
            say(people, 9, second=other_people.kapolsek)

    @pytest.mark.parametrize("path", ["lapor/", "penarikan/", f"penarikan/{DESA}/", f"insiden/{UNKNOWN}/"])
    def test_the_pages_of_an_operation_are_not_there_for_who_is_none_of_its_people(
        self, op, people, other, as_, path
    ):
        browser = as_("kapolres")
        theirs, nowhere = browser.get(f"/o/lain/{path}"), browser.get(f"/o/tidak-ada/{path}")
        assert theirs.status_code == nowhere.status_code == 404
        assert bare(theirs) == bare(nowhere)


class TestResident:
    def test_a_code_is_good_only_in_its_operation(self, op, other, people, client):
        _row, code = residents.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        assert residents.answer_by_code(operation=other, code=code, confirmed=True, now=NOW) is None
        for kode in ("lain", "tidak-ada"):
            assert client.post(f"/o/{kode}/k/{code}/", {"jawab": "ya"}).status_code == 404
        assert ResidentCode.objects.get().state == "not_reached" and not GateCheck.objects.exists()
        assert client.post(f"/o/uji/k/{code}/", {"jawab": "ya"}).status_code == 200
        assert GateCheck.objects.get().operation == op

    def test_an_unknown_code_does_not_tell_whether_there_is_an_operation(self, op, people, client, as_):
        for browser in (client, as_("kapolsek"), as_("admin")):
            there, nowhere = (browser.get(f"/o/{kode}/k/TIDAKADA22/") for kode in ("uji", "tidak-ada"))
            assert there.status_code == nowhere.status_code == 404
            assert bare(there) == bare(nowhere)

    def test_one_code_that_serves_in_both_is_answered_where_its_address_says(
        self, op, other, people, other_people, client
    ):
        for operation, who in ((op, people), (other, other_people)):
            residents.make_resident_code(
                operation=operation, desa=DESA, by=who.petugas1, now=NOW, code="ABCDEFGH23"
            )
        client.post("/o/lain/k/abcde-fgh23/", {"jawab": "belum"})
        assert {c.operation: c.state for c in ResidentCode.objects.all()} == {
            op: "not_reached",
            other: "not_yet",
        }

    def test_the_page_of_a_drill_says_so_whoever_opens_it(self, op, people, client, as_):
        _row, code = residents.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        for browser in (client, as_("admin"), as_("kapolsek")):
            assert "LATIHAN" in browser.get(f"/o/uji/k/{code}/").content.decode()

    def test_the_page_gives_the_whole_address(self, op, people, as_):
        shown = as_("petugas1").post(f"/o/uji/penarikan/{DESA}/kode-warga/", {"action": "buat"})
        assert "/o/uji/k/" in shown.content.decode()


def test_reports_of_one_do_not_break_the_silence_of_the_other(op, both):
    _, theirs = both
    aman(theirs)
    assert reports_queries.last_report_at(op, TPS) == NOW - HOUR / 4
    silent = reports_queries.watch(op, NOW + HOUR / 2).silent
    assert {p.kode for p in silent} == {f"{cast.KARANGJATI}-0{n}" for n in (1, 2, 3)}


def test_waivers_of_one_cover_nothing_in_the_other(op, other, both):
    ours, _ = both
    for who in both:
        say(who, 12, "no")
    waiver = withdrawal.request_waiver(
        operation=op, desa=DESA, to="l1", gate="12", reason="x", by=ours.kapolsek, now=NOW
    )
    withdrawal.second_waiver(operation=op, id=waiver.pk, by=ours.perencana, now=NOW)
    withdrawal.approve_waiver(operation=op, id=waiver.pk, by=ours.kapolres, now=NOW)
    shut = [[g.gate for g in village_at(o.desa.get(kode=DESA), NOW).step("l1").shut] for o in (op, other)]
    assert shut == [[], ["12"]] and WaiverRow.objects.get().operation == op
    assert verify().ok
