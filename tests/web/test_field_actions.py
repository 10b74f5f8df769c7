"""What the actions refuse and write: ids, two people, gates judged anew, waivers, re-opening."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from kondusif.errors import Conflict, MoveRefused, NotAllowed
from kondusif.standby import Posture
from kondusif_web.election.models import Desa
from kondusif_web.logbook.queries import filtered
from kondusif_web.pages.texts import TextRefused
from kondusif_web.posts.models import PostureRow
from kondusif_web.reports import actions as reports_actions
from kondusif_web.reports import checks as reports_checks
from kondusif_web.reports import queries as reports_queries
from kondusif_web.reports.models import GateCheck, Incident, Report
from kondusif_web.withdrawal import actions as withdrawal_actions
from kondusif_web.withdrawal import checks as withdrawal_checks
from kondusif_web.withdrawal import moves as withdrawal_moves
from kondusif_web.withdrawal import queries as withdrawal_queries
from kondusif_web.withdrawal.facts import situation
from kondusif_web.withdrawal.models import WaiverRow, WithdrawalRequest
from tests import cast

pytestmark = pytest.mark.django_db
DESA, TPS = cast.KARANGJATI, f"{cast.KARANGJATI}-01"
NOW = cast.NOW
HOUR = timedelta(hours=1)
ORDER = ("moved_in", "voting", "counting", "box_escort", "standby")


@pytest.fixture
def level(monkeypatch):
    """Publish a class without the measure: ``level(2)``."""

    def publish(n):
        monkeypatch.setattr("kondusif_web.field.facts.levels", lambda operation, now: {DESA: n} if n else {})

    publish(2)
    return publish


@pytest.fixture
def standby(op, people, level):
    """Karangjati in stand-by for 20 hours, every gate of the first step open."""
    since = NOW - 20 * HOUR
    for to in ORDER:
        withdrawal_moves.move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=since)
    return all_clear(people)


def say(people, item, value="yes", who=None, at=None, **more):
    who = who or ("panitia_karangjati" if item in (1, 2, 3, 6, 7, 8) else "petugas1")
    more = {"minutes": f"BA {item}" if item in (1, 2, 3, 6, 7, 8) else ""} | more
    return reports_checks.add_check(
        operation=people.kapolsek.operation,
        id=uuid4(),
        desa=DESA,
        item=item,
        value=value,
        by=getattr(people, who),
        now=at or NOW,
        **more,
    )


def all_clear(people, at=NOW - HOUR):
    for item in (1, 2, 4, 10):
        say(people, item, at=at, second=people.kapolsek)
    for item in (3, 5, 9, 11, 12):
        say(people, item, at=at)
    for party in ("camat", "danramil", "kapolsek"):
        say(people, 13, who=party, party=party, at=at)
    _row, code = withdrawal_checks.make_resident_code(
        operation=people.kapolsek.operation, desa=DESA, by=people.petugas1, now=at
    )
    withdrawal_checks.answer_by_code(operation=people.kapolsek.operation, code=code, confirmed=True, now=at)
    aman(people, at=NOW - HOUR / 4)
    return people


def aman(people, at=NOW, **more):
    fixed = {"id": uuid4(), "kind": "aman", "place": TPS, "by": people.petugas1, "now": at}
    return reports_actions.submit_report(operation=people.kapolsek.operation, **(fixed | more))


def ask(people, to="l1", who="kapolsek"):
    return withdrawal_actions.request_withdrawal(
        operation=people.kapolsek.operation,
        desa=DESA,
        to=to,
        reason="penghitungan selesai",
        by=getattr(people, who),
        now=NOW,
    )


def village():
    return Desa.objects.get(operation__kode="uji", kode=DESA)


def shut(to=None, now=NOW):
    return [g.gate for g in withdrawal_queries.ladder(village(), now, to).shut]


def kinds():
    return list(filtered("uji", kode_desa=DESA).order_by("seq").values_list("kind", flat=True))


def state():
    return PostureRow.objects.get(desa=village()).state


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
        row, _ = withdrawal_checks.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        for n in (1, 2):
            with pytest.raises(MoveRefused, match="resident_not_tried"):
                say(people, 13, who="camat", party="warga")
            assert (
                withdrawal_checks.log_attempt(operation=op, id=row.pk, by=people.petugas1, now=NOW).attempts
                == n
            )
        assert say(people, 13, who="camat", party="warga").value == "yes"

    def test_the_camat_never_speaks_over_a_resident_who_said_not_yet(self, op, people):
        _, code = withdrawal_checks.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        withdrawal_checks.answer_by_code(operation=op, code=code, confirmed=False, now=NOW)
        other, _ = withdrawal_checks.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        for _ in range(2):
            withdrawal_checks.log_attempt(operation=op, id=other.pk, by=people.petugas1, now=NOW)
        with pytest.raises(MoveRefused, match="resident_not_tried"):
            say(people, 13, who="camat", party="warga")

    def test_one_is_not_two(self, op, people):
        with pytest.raises(MoveRefused, match="second_is_the_same"):
            say(people, 4, second=people.petugas1)

    def test_the_code_is_kept_as_a_hash(self, op, people):
        row, code = withdrawal_checks.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        assert code not in row.code_hash and len(row.code_hash) == 64
        assert withdrawal_checks.answer_by_code(operation=op, code="SALAH", confirmed=True, now=NOW) is None


class TestStepDown:
    def test_two_people_and_open_gates(self, op, standby):
        people = standby
        assert shut("l1") == []
        request = ask(people)
        withdrawal_actions.approve_withdrawal(operation=op, id=request.pk, by=people.kapolres, now=NOW)
        assert state() == "l1"
        assert kinds()[-2:] == ["withdrawal_approved", "posture_moved"]

    @pytest.mark.django_db(transaction=True)
    def test_too_early_is_refused_with_every_shut_gate_and_written_down(self, op, people, level):
        for to in ORDER:
            withdrawal_moves.move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=NOW - HOUR)
        request = ask(people)
        with pytest.raises(MoveRefused) as refused:
            withdrawal_actions.approve_withdrawal(operation=op, id=request.pk, by=people.kapolres, now=NOW)
        assert [g.gate for g in refused.value.shut] == [
            "1", "2", "3", "4", "5", "9", "10", "11", "12", "13", "quiet",
        ]  # fmt: skip
        assert state() == "standby"
        line = filtered("uji", kind="withdrawal_blocked").get()
        assert [g["gate"] for g in line.payload["shut"]] == [g.gate for g in refused.value.shut]
        assert line.by == "kapolres"

    def test_who_asked_never_approves(self, op, standby):
        request = ask(standby, who="kapolres")
        with pytest.raises(NotAllowed):
            withdrawal_actions.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW)
        withdrawal_actions.approve_withdrawal(operation=op, id=request.pk, by=standby.wakapolres, now=NOW)

    def test_the_kapolsek_decides_level_1_only(self, op, standby, level):
        request = ask(standby, who="perencana")
        for who in ("kapolsek", "perencana", "camat", "petugas1", "panitia_karangjati", "auditor", "admin"):
            with pytest.raises(NotAllowed):
                withdrawal_actions.approve_withdrawal(
                    operation=op, id=request.pk, by=getattr(standby, who), now=NOW
                )
        level(1)
        withdrawal_actions.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolsek, now=NOW)
        assert state() == "l1"

    def test_another_area_decides_nothing_here(self, op, standby, level):
        level(1)
        request = ask(standby)
        with pytest.raises(NotAllowed):
            withdrawal_actions.approve_withdrawal(
                operation=op, id=request.pk, by=standby.polsek_banjaragung, now=NOW
            )

    def test_gates_are_judged_anew_at_the_approval(self, op, standby):
        request = ask(standby)
        say(standby, 12, "no")
        with pytest.raises(MoveRefused) as refused:
            withdrawal_actions.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW)
        assert [g.gate for g in refused.value.shut] == ["12"]

    def test_two_people_deciding_at_once(self, op, standby):
        request = ask(standby)
        withdrawal_actions.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW)
        with pytest.raises(MoveRefused, match="request_decided"):
            withdrawal_actions.approve_withdrawal(operation=op, id=request.pk, by=standby.wakapolres, now=NOW)
        with pytest.raises(MoveRefused, match="request_decided"):
            withdrawal_actions.refuse_withdrawal(
                operation=op, id=request.pk, reason="x", by=standby.wakapolres, now=NOW
            )

    def test_one_request_waits_per_village(self, standby):
        ask(standby)
        with pytest.raises(MoveRefused, match="request_waits_already"):
            ask(standby, who="perencana")

    def test_refused_with_a_reason(self, op, standby):
        request = ask(standby)
        with pytest.raises(MoveRefused, match="reason_missing"):
            withdrawal_actions.refuse_withdrawal(
                operation=op, id=request.pk, reason=" ", by=standby.kapolres, now=NOW
            )
        withdrawal_actions.refuse_withdrawal(
            operation=op, id=request.pk, reason="tunggu pagi", by=standby.kapolres, now=NOW
        )
        assert WithdrawalRequest.objects.get().outcome == "refused" and state() == "standby"

    def test_a_step_down_is_no_order(self, op, standby):
        with pytest.raises(MoveRefused, match="move_needs_request"):
            withdrawal_moves.move_posture(operation=op, desa=DESA, to="l1", by=standby.kapolres, now=NOW)
        for to in ("l3", "closed", "voting"):
            with pytest.raises(MoveRefused):
                withdrawal_moves.move_posture(operation=op, desa=DESA, to=to, by=standby.kapolres, now=NOW)

    def test_level_2_may_not_skip(self, standby, level):
        with pytest.raises(MoveRefused):
            ask(standby, to="l2")
        level(1)
        assert ask(standby, to="l2").state_to == "l2"

    def test_an_unknown_class_counts_as_the_highest(self, op, standby, level):
        request = ask(standby)
        level(None)
        with pytest.raises(NotAllowed):
            withdrawal_actions.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolsek, now=NOW)
        with pytest.raises(MoveRefused) as refused:
            withdrawal_actions.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW)
        assert {g.gate for g in refused.value.shut} == {"quiet", "night"}


class TestReopening:
    def down(self, people):
        request = ask(people)
        withdrawal_actions.approve_withdrawal(
            operation=people.kapolsek.operation, id=request.pk, by=people.kapolres, now=NOW
        )

    def incident(self, people, kind="crowd", at=NOW, **more):
        return reports_actions.open_incident(
            operation=people.kapolsek.operation,
            id=uuid4(),
            kind=kind,
            place=TPS,
            by=people.petugas1,
            now=at,
            **more,
        )

    def test_an_incident_brings_the_village_back(self, standby):
        self.down(standby)
        self.incident(standby, at=NOW + HOUR)
        row = PostureRow.objects.get(desa__kode=DESA)
        assert (row.state, row.standby_since) == ("standby", NOW + HOUR)
        line = filtered("uji", kind="village_reopened").get()
        assert line.payload["from"] == "l1" and "kapolres" in line.payload["tell"]

    def test_the_people_concerned_are_told(self, op, standby):
        self.down(standby)
        self.incident(standby)
        for who in ("kapolsek", "kapolres", "camat", "petugas1"):
            assert "village_reopened" in {
                n.kind for n in withdrawal_queries.notices(op, getattr(standby, who), NOW)
            }
        for who in ("petugas2", "panitia_karangjati", "auditor", "polsek_banjaragung"):
            assert withdrawal_queries.notices(op, getattr(standby, who), NOW) == []

    def test_a_bad_situation_report_does_too(self, standby):
        self.down(standby)
        aman(standby, kind="situasi", payload={"people": "many", "mood": "usual", "road": "open"})
        assert state() == "standby"

    def test_a_forum_partner_who_brings_the_news_too(self, standby):
        self.down(standby)
        say(standby, 11, "no", who="camat")
        assert state() == "standby"

    @pytest.mark.parametrize("kind", ["rumour", "box"])
    def test_a_rumour_or_a_box_problem_does_not(self, standby, kind):
        self.down(standby)
        self.incident(standby, kind=kind)
        assert state() == "l1"

    def test_a_waiting_request_falls(self, standby, level):
        self.down(standby)
        request = ask(standby, to="l2")
        self.incident(standby)
        request.refresh_from_db()
        assert request.outcome == "void"

    def test_an_unnamed_trouble_that_grows_does(self, op, standby):
        self.down(standby)
        row = self.incident(standby, kind="other")
        assert state() == "l1"
        reports_actions.escalate_incident(
            operation=op, id=row.client_id, severity="merah", by=standby.kapolsek, now=NOW
        )
        assert state() == "standby"


class TestIncidents:
    def test_a_double_send_and_a_conflict(self, op, people):
        id_ = uuid4()
        base = {"id": id_, "kind": "weapon", "place": TPS, "by": people.petugas1, "now": NOW}
        assert reports_actions.open_incident(operation=op, **base) == reports_actions.open_incident(
            operation=op, **base
        )
        with pytest.raises(Conflict):
            reports_actions.open_incident(operation=op, **(base | {"kind": "crowd"}))
        assert Incident.objects.get().severity == "merah"

    def test_the_reporter_does_not_verify(self, op, people):
        row = reports_actions.open_incident(
            operation=op, id=uuid4(), kind="crowd", place=TPS, by=people.kapolsek, now=NOW
        )
        with pytest.raises(MoveRefused, match="verify_own_report"):
            reports_actions.verify_incident(operation=op, id=row.client_id, by=people.kapolsek, now=NOW)
        with pytest.raises(NotAllowed):
            reports_actions.verify_incident(operation=op, id=row.client_id, by=people.petugas1, now=NOW)
        reports_actions.verify_incident(operation=op, id=row.client_id, by=people.perencana, now=NOW)

    def test_closing_counts_the_quiet_hours_from_the_end(self, op, standby):
        row = reports_actions.open_incident(
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
            reports_actions.close_incident(
                operation=op,
                id=row.client_id,
                reason="x",
                by=standby.kapolsek,
                now=NOW,
                ended_at=NOW - 3 * HOUR,
            )
        end = NOW - HOUR
        reports_actions.close_incident(
            operation=op,
            id=row.client_id,
            reason="batu disingkirkan",
            by=standby.kapolsek,
            now=NOW,
            ended_at=end,
        )
        quiet = next(g for g in withdrawal_queries.ladder(village(), NOW, "l1").gates if g.gate == "quiet")
        assert quiet.opens_at == end + 12 * HOUR
        with pytest.raises(MoveRefused, match="incident_closed_already"):
            reports_actions.close_incident(
                operation=op, id=row.client_id, reason="lagi", by=standby.kapolsek, now=NOW
            )


class TestWaivers:
    def rumour(self, people):
        return say(people, 12, "no")

    def waive(self, people, gate="12", who="kapolsek"):
        return withdrawal_actions.request_waiver(
            operation=people.kapolsek.operation,
            desa=DESA,
            to="l1",
            gate=gate,
            reason="Humas sudah bicara",
            by=getattr(people, who),
            now=NOW,
        )

    def test_three_people_and_the_mark_stays(self, op, standby):
        self.rumour(standby)
        w = self.waive(standby)
        assert "12" in shut("l1")
        withdrawal_actions.second_waiver(operation=op, id=w.pk, by=standby.perencana, now=NOW)
        assert "12" in shut("l1")
        withdrawal_actions.approve_waiver(operation=op, id=w.pk, by=standby.kapolres, now=NOW)
        assert shut("l1") == []
        withdrawal_actions.approve_withdrawal(operation=op, id=ask(standby).pk, by=standby.kapolres, now=NOW)
        assert filtered("uji", kind="withdrawal_approved").get().payload["waivers"] == [str(w.pk)]

    def test_nobody_signs_twice(self, op, standby):
        self.rumour(standby)
        w = self.waive(standby, who="kapolres")
        with pytest.raises(NotAllowed):
            withdrawal_actions.approve_waiver(operation=op, id=w.pk, by=standby.kapolres, now=NOW)
        with pytest.raises(NotAllowed):
            withdrawal_actions.second_waiver(operation=op, id=w.pk, by=standby.kapolres, now=NOW)
        for who in ("kapolsek", "perencana", "camat"):
            with pytest.raises(NotAllowed):
                withdrawal_actions.approve_waiver(operation=op, id=w.pk, by=getattr(standby, who), now=NOW)
        withdrawal_actions.approve_waiver(operation=op, id=w.pk, by=standby.wakapolres, now=NOW)
        with pytest.raises(NotAllowed):
            withdrawal_actions.second_waiver(operation=op, id=w.pk, by=standby.wakapolres, now=NOW)

    @pytest.mark.parametrize("item", [4, 9])
    def test_not_every_gate(self, standby, item):
        say(standby, item, "no")
        with pytest.raises(MoveRefused, match="gate_not_waivable"):
            self.waive(standby, gate=str(item))

    def test_not_an_open_or_unknown_gate(self, standby):
        with pytest.raises(MoveRefused, match="gate_not_waivable"):
            self.waive(standby)
        say(standby, 12, "unknown")
        with pytest.raises(MoveRefused, match="gate_not_waivable"):
            self.waive(standby)

    def test_a_newer_bad_fact_outdates_it(self, op, standby):
        self.rumour(standby)
        w = self.waive(standby)
        say(standby, 12, "no", at=NOW + HOUR / 60)
        with pytest.raises(MoveRefused, match="waiver_outdated"):
            withdrawal_actions.second_waiver(operation=op, id=w.pk, by=standby.perencana, now=NOW + HOUR / 30)

    def test_it_does_not_outlive_the_stand_by(self, op, standby):
        self.rumour(standby)
        w = self.waive(standby)
        withdrawal_actions.second_waiver(operation=op, id=w.pk, by=standby.perencana, now=NOW)
        PostureRow.objects.filter(desa__kode=DESA).update(standby_since=NOW + HOUR)
        with pytest.raises(MoveRefused, match="waiver_outdated"):
            withdrawal_actions.approve_waiver(operation=op, id=w.pk, by=standby.kapolres, now=NOW + 2 * HOUR)


class TestPromisesOfTheDatabase:
    def make(self, op, people, **more):
        fixed = {
            "operation": op, "number": 1, "desa": DESA, "state_from": "standby", "state_to": "l1",
            "requested_by": people.kapolsek, "requested_at": NOW, "reason": "x",
        }  # fmt: skip
        return WithdrawalRequest.objects.create(**(fixed | more))

    @pytest.mark.parametrize(
        "more",
        [
            {"outcome": "approved"},
            {"decided_at": NOW},
            {"reason": ""},
            {"outcome": "approved", "decided_at": NOW, "decided_by": "kapolsek"},
        ],
    )
    def test_a_request_is_paired(self, op, people, more):
        more = {k: getattr(people, v) if k == "decided_by" else v for k, v in more.items()}
        with pytest.raises(IntegrityError), transaction.atomic():
            self.make(op, people, **more)

    def test_one_waits(self, op, people):
        self.make(op, people)
        with pytest.raises(IntegrityError), transaction.atomic():
            self.make(op, people, number=2)

    def test_three_people_sign(self, op, people):
        base = {
            "operation": op, "desa": DESA, "move": "standby-l1", "gate": "12", "facts": ["x"], "reason": "y",
            "requested_by": people.kapolsek, "requested_at": NOW,
        }  # fmt: skip
        for wrong in ({"second_by": people.kapolsek, "second_at": NOW}, {"second_at": NOW}, {"reason": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                WaiverRow.objects.create(**(base | wrong))


def test_silence_is_listed(op, people, level):
    for to in ORDER:
        withdrawal_moves.move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=NOW - 2 * HOUR)
    aman(people, at=NOW - HOUR / 4)
    silent = {p.kode: p.last_at for p in reports_queries.silent_posts(op, NOW)}
    assert silent == {f"{DESA}-02": None, f"{DESA}-03": None}


def test_the_dispute_moves_step_by_step(op, people):
    with pytest.raises(MoveRefused):
        withdrawal_checks.record_dispute(
            operation=op, desa=DESA, state="settled", source="SK", by=people.camat, now=NOW
        )
    withdrawal_checks.record_dispute(
        operation=op, desa=DESA, state="open", source="Surat calon 2", by=people.camat, now=NOW
    )
    assert situation(village(), NOW).dispute == "open"
    with pytest.raises(MoveRefused):
        withdrawal_checks.record_dispute(
            operation=op, desa=DESA, state="none", source="x", by=people.camat, now=NOW
        )
    with pytest.raises(NotAllowed):
        withdrawal_checks.record_dispute(
            operation=op, desa=DESA, state="settled", source="x", by=people.petugas1, now=NOW
        )


def test_the_book_accounts_for_every_row(standby):
    from kondusif_web.logbook.digests import row_digest, row_key

    known = {}
    for entry in filtered("uji").order_by("seq"):
        known |= entry.rows
    for model in (Report, GateCheck, PostureRow):
        for row in model.objects.all():
            assert known[row_key(row)] == row_digest(row)
    assert isinstance(Report.objects.first().pk, UUID)
    assert Posture(state()) is Posture.STANDBY
