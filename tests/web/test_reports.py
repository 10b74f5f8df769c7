"""Reports, incidents and statements: ids, clocks, who may say what, silence."""

from uuid import uuid4

import pytest

from kondusif.errors import Conflict, MoveRefused, NotAllowed
from kondusif_web.pages.texts import TextRefused
from kondusif_web.reports import actions as reports
from kondusif_web.reports import queries as reports_queries
from kondusif_web.reports.models import GateCheck, Incident, Report
from kondusif_web.withdrawal import residents
from kondusif_web.withdrawal.actions import move_posture
from kondusif_web.withdrawal.queries import village_at
from tests import cast
from tests.web.karangjati import DESA, HOUR, NOW, ORDER, TPS, aman, kinds, level, say, shut, standby, village

__all__ = ["level", "standby"]
pytestmark = pytest.mark.django_db


class TestReports:
    def test_the_same_id_and_content_is_accepted_once(self, op, people):
        id_ = uuid4()
        one, two = aman(people, id=id_), aman(people, id=id_)
        assert one.pk == two.pk and Report.objects.count() == 1
        assert kinds().count("report_received") == 1

    def test_one_report_that_comes_by_two_ways_is_one(self, op, people):
        id_ = uuid4()
        one, two = aman(people, id=id_), aman(people, id=id_, channel="sms")
        assert one == two and Report.objects.get().channel == "web"

    @pytest.mark.parametrize(
        "change", [{"kind": "tiba"}, {"note": "lain"}, {"place": f"{DESA}-02"}, {"occurred_at": NOW - HOUR}]
    )
    def test_the_same_id_with_other_content_is_a_conflict(self, op, people, change):
        id_ = uuid4()
        aman(people, id=id_)
        with pytest.raises(Conflict):
            aman(people, id=id_, **change)
        assert Report.objects.get().kind == "aman"

    def test_somebody_else_under_the_same_id_is_a_conflict(self, op, people):
        id_ = uuid4()
        aman(people, id=id_)
        with pytest.raises(Conflict):
            aman(people, id=id_, by=people.kapolsek)

    def test_both_clocks_are_kept(self, op, people):
        row = aman(people, occurred_at=NOW - HOUR)
        assert row.occurred_at == NOW - HOUR and row.received_at == NOW and row.recorded_at != NOW

    def test_a_clock_that_runs_fast_is_held_at_now(self, op, people):
        assert aman(people, occurred_at=NOW + HOUR).occurred_at == NOW

    def test_a_situation_is_an_observation_of_items_9_to_11(self, op, people):
        row = aman(people, kind="situasi", payload={"people": "some", "mood": "usual", "road": "slow"})
        assert {(c.item, c.value) for c in row.checks.all()} == {(9, "no"), (10, "yes")}

    def test_aman_opens_no_gate(self, op, people):
        aman(people)
        assert not GateCheck.objects.exists()

    def test_unknown_answers_are_refused(self, op, people):
        with pytest.raises(MoveRefused):
            aman(people, kind="situasi", payload={"people": "437"})

    @pytest.mark.parametrize("who", ["camat", "panitia_karangjati", "auditor", "humas", "admin"])
    def test_who_may_not_report(self, op, people, who):
        with pytest.raises(NotAllowed):
            aman(people, by=getattr(people, who))

    def test_not_outside_the_area(self, op, people):
        with pytest.raises(NotAllowed):
            aman(people, place=f"{cast.TEGALREJO}-01")
        with pytest.raises(NotAllowed):
            aman(people, place=f"{DESA}-77")

    def test_only_the_observer_corrects(self, op, people):
        row = aman(people)
        with pytest.raises(MoveRefused):
            aman(people, by=people.kapolsek, corrects=row.client_id)
        assert aman(people, corrects=row.client_id).corrects == row.client_id

    def test_text_about_persons_is_refused(self, op, people):
        with pytest.raises(TextRefused):
            aman(people, note="agama calon nomor dua")


class TestStatements:
    def test_only_committee_and_camat_state_what_has_minutes(self, op, people):
        with pytest.raises(NotAllowed):
            say(people, 3, who="kapolsek")
        assert say(people, 3, who="camat").minutes == "BA 3"

    def test_without_the_number_of_the_minutes_it_is_refused(self, op, people):
        with pytest.raises(MoveRefused, match="minutes_missing"):
            say(people, 3, minutes=" ")

    def test_the_committee_states_nothing_else_and_nowhere_else(self, op, people):
        for item in (4, 5, 9, 12):
            with pytest.raises(NotAllowed):
                say(people, item, who="panitia_karangjati")
        with pytest.raises(NotAllowed):
            say(people, 3, who="panitia_tegalrejo")

    def test_each_party_speaks_for_itself(self, op, people):
        with pytest.raises(NotAllowed):
            say(people, 13, who="camat", party="danramil")
        with pytest.raises(NotAllowed):
            say(people, 13, who="kapolres", party="kapolsek")

    def test_the_camat_speaks_for_the_resident_after_two_tries(self, op, people):
        row, _ = residents.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        for n in (1, 2):
            with pytest.raises(MoveRefused, match="resident_not_tried"):
                say(people, 13, who="camat", party="warga")
            assert residents.log_attempt(operation=op, id=row.pk, by=people.petugas1, now=NOW).attempts == n
        assert say(people, 13, who="camat", party="warga").value == "yes"

    def test_the_camat_never_speaks_over_a_resident_who_said_not_yet(self, op, people):
        _, code = residents.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        residents.answer_by_code(operation=op, code=code, confirmed=False, now=NOW)
        other, _ = residents.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        for _ in range(2):
            residents.log_attempt(operation=op, id=other.pk, by=people.petugas1, now=NOW)
        with pytest.raises(MoveRefused, match="resident_not_tried"):
            say(people, 13, who="camat", party="warga")

    def test_one_is_not_two(self, op, people):
        with pytest.raises(MoveRefused, match="second_is_the_same"):
            say(people, 4, second=people.petugas1)

    def test_the_code_is_kept_as_a_hash(self, op, people):
        row, code = residents.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        assert code not in row.code_hash and len(row.code_hash) == 64
        assert residents.answer_by_code(operation=op, code="SALAH", confirmed=True, now=NOW) is None


class TestIncidents:
    def test_a_double_send_and_a_conflict(self, op, people):
        id_ = uuid4()
        base = {"id": id_, "kind": "weapon", "place": TPS, "by": people.petugas1, "now": NOW}
        assert reports.open_incident(operation=op, **base) == reports.open_incident(operation=op, **base)
        with pytest.raises(Conflict):
            reports.open_incident(operation=op, **(base | {"kind": "crowd"}))
        assert Incident.objects.get().severity == "merah"

    def test_the_reporter_does_not_verify(self, op, people):
        row = reports.open_incident(
            operation=op, id=uuid4(), kind="crowd", place=TPS, by=people.kapolsek, now=NOW
        )
        with pytest.raises(MoveRefused, match="verify_own_report"):
            reports.verify_incident(operation=op, id=row.client_id, by=people.kapolsek, now=NOW)
        with pytest.raises(NotAllowed):
            reports.verify_incident(operation=op, id=row.client_id, by=people.petugas1, now=NOW)
        reports.verify_incident(operation=op, id=row.client_id, by=people.perencana, now=NOW)

    def test_closing_counts_the_quiet_hours_from_the_end(self, op, standby):
        row = reports.open_incident(
            operation=op,
            id=uuid4(),
            kind="road",
            place=TPS,
            by=standby.petugas1,
            now=NOW,
            occurred_at=NOW - 2 * HOUR,
        )
        assert "quiet" in shut("l1")
        with pytest.raises(MoveRefused, match="incident_end_impossible"):
            reports.close_incident(
                operation=op,
                id=row.client_id,
                reason="x",
                by=standby.kapolsek,
                now=NOW,
                ended_at=NOW - 3 * HOUR,
            )
        end = NOW - HOUR
        reports.close_incident(
            operation=op,
            id=row.client_id,
            reason="batu disingkirkan",
            by=standby.kapolsek,
            now=NOW,
            ended_at=end,
        )
        quiet = next(g for g in village_at(village(), NOW).step("l1").gates if g.gate == "quiet")
        assert quiet.opens_at == end + 12 * HOUR
        with pytest.raises(MoveRefused, match="incident_closed_already"):
            reports.close_incident(
                operation=op, id=row.client_id, reason="lagi", by=standby.kapolsek, now=NOW
            )


def test_silence_is_listed(op, people, level):
    for to in ORDER:
        move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=NOW - 2 * HOUR)
    aman(people, at=NOW - HOUR / 4)
    silent = {p.kode: p.last_at for p in reports_queries.watch(op, NOW).silent}
    assert silent == {f"{DESA}-02": None, f"{DESA}-03": None}
