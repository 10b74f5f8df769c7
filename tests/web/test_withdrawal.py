"""Requests, gates judged anew, waivers, re-opening: what the actions refuse and write."""

from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from kondusif.errors import MoveRefused, NotAllowed
from kondusif.standby import Posture
from kondusif_web.logbook.queries import filtered
from kondusif_web.posts.models import PostureRow
from kondusif_web.reports import actions as reports
from kondusif_web.reports.models import GateCheck, Report
from kondusif_web.withdrawal import actions as withdrawal
from kondusif_web.withdrawal import queries as withdrawal_queries
from kondusif_web.withdrawal.actions import move_posture, record_dispute
from kondusif_web.withdrawal.models import WaiverRow, WithdrawalRequest
from kondusif_web.withdrawal.queries import village_at
from tests.web.karangjati import (
    DESA,
    HOUR,
    NOW,
    ORDER,
    TPS,
    aman,
    ask,
    kinds,
    level,
    say,
    shut,
    standby,
    state,
    village,
)

__all__ = ["level", "standby"]
pytestmark = pytest.mark.django_db


class TestStepDown:
    def test_two_people_and_open_gates(self, op, standby):
        people = standby
        assert shut("l1") == []
        request = ask(people)
        withdrawal.approve_withdrawal(operation=op, id=request.pk, by=people.kapolres, now=NOW)
        assert state() == "l1"
        assert kinds()[-2:] == ["withdrawal_approved", "posture_moved"]

    @pytest.mark.django_db(transaction=True)
    def test_too_early_is_refused_with_every_shut_gate_and_written_down(self, op, people, level):
        for to in ORDER:
            move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=NOW - HOUR)
        request = ask(people)
        with pytest.raises(MoveRefused) as refused:
            withdrawal.approve_withdrawal(operation=op, id=request.pk, by=people.kapolres, now=NOW)
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
            withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW)
        withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.wakapolres, now=NOW)

    def test_the_kapolsek_decides_level_1_only(self, op, standby, level):
        request = ask(standby, who="perencana")
        for who in ("kapolsek", "perencana", "camat", "petugas1", "panitia_karangjati", "auditor", "admin"):
            with pytest.raises(NotAllowed):
                withdrawal.approve_withdrawal(operation=op, id=request.pk, by=getattr(standby, who), now=NOW)
        level(1)
        withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolsek, now=NOW)
        assert state() == "l1"

    def test_another_area_decides_nothing_here(self, op, standby, level):
        level(1)
        request = ask(standby)
        with pytest.raises(NotAllowed):
            withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.polsek_banjaragung, now=NOW)

    def test_gates_are_judged_anew_at_the_approval(self, op, standby):
        request = ask(standby)
        say(standby, 12, "no")
        with pytest.raises(MoveRefused) as refused:
            withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW)
        assert [g.gate for g in refused.value.shut] == ["12"]

    def test_two_people_deciding_at_once(self, op, standby):
        request = ask(standby)
        withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW)
        with pytest.raises(MoveRefused, match="request_decided"):
            withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.wakapolres, now=NOW)
        with pytest.raises(MoveRefused, match="request_decided"):
            withdrawal.refuse_withdrawal(
                operation=op, id=request.pk, reason="x", by=standby.wakapolres, now=NOW
            )

    def test_one_request_waits_per_village(self, standby):
        ask(standby)
        with pytest.raises(MoveRefused, match="request_waits_already"):
            ask(standby, who="perencana")

    def test_refused_with_a_reason(self, op, standby):
        request = ask(standby)
        with pytest.raises(MoveRefused, match="reason_missing"):
            withdrawal.refuse_withdrawal(
                operation=op, id=request.pk, reason=" ", by=standby.kapolres, now=NOW
            )
        withdrawal.refuse_withdrawal(
            operation=op, id=request.pk, reason="tunggu pagi", by=standby.kapolres, now=NOW
        )
        assert WithdrawalRequest.objects.get().outcome == "refused" and state() == "standby"

    def test_a_step_down_is_no_order(self, op, standby):
        with pytest.raises(MoveRefused, match="move_needs_request"):
            move_posture(operation=op, desa=DESA, to="l1", by=standby.kapolres, now=NOW)
        for to in ("l3", "closed", "voting"):
            with pytest.raises(MoveRefused):
                move_posture(operation=op, desa=DESA, to=to, by=standby.kapolres, now=NOW)

    def test_level_2_may_not_skip(self, standby, level):
        with pytest.raises(MoveRefused):
            ask(standby, to="l2")
        level(1)
        assert ask(standby, to="l2").state_to == "l2"

    def test_an_unknown_class_counts_as_the_highest(self, op, standby, level):
        request = ask(standby)
        level(None)
        with pytest.raises(NotAllowed):
            withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolsek, now=NOW)
        with pytest.raises(MoveRefused) as refused:
            withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW)
        assert {g.gate for g in refused.value.shut} == {"quiet", "night"}


class TestReopening:
    def down(self, people):
        request = ask(people)
        withdrawal.approve_withdrawal(
            operation=people.kapolsek.operation, id=request.pk, by=people.kapolres, now=NOW
        )

    def incident(self, people, kind="crowd", at=NOW, **more):
        return reports.open_incident(
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
                n.kind for n in withdrawal_queries.reopenings(op, getattr(standby, who), NOW)
            }
        for who in ("petugas2", "panitia_karangjati", "auditor", "polsek_banjaragung"):
            assert withdrawal_queries.reopenings(op, getattr(standby, who), NOW) == []

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

    def test_a_waiting_request_is_outdated_and_a_new_one_may_be_made(self, op, standby, level):
        self.down(standby)
        request = ask(standby, to="l2")
        self.incident(standby)
        assert withdrawal_queries.waiting_request(op, DESA) is None
        assert not withdrawal_queries.waiting_requests(op, standby.kapolres)
        shown = {r.pk: r.outcome_now for r in withdrawal_queries.requests_of(op, DESA)}
        assert shown[request.pk] == "outdated"
        for decide in (
            lambda: withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW),
            lambda: withdrawal.refuse_withdrawal(
                operation=op, id=request.pk, reason="x", by=standby.kapolres, now=NOW
            ),
        ):
            with pytest.raises(MoveRefused, match="request_outdated"):
                decide()
        new = ask(standby)
        assert withdrawal_queries.waiting_request(op, DESA) == new

    def test_an_unnamed_trouble_that_grows_does(self, op, standby):
        self.down(standby)
        row = self.incident(standby, kind="other")
        assert state() == "l1"
        reports.escalate_incident(
            operation=op, id=row.client_id, severity="merah", by=standby.kapolsek, now=NOW
        )
        assert state() == "standby"


class TestWaivers:
    def rumour(self, people):
        return say(people, 12, "no")

    def waive(self, people, gate="12", who="kapolsek"):
        return withdrawal.request_waiver(
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
        withdrawal.second_waiver(operation=op, id=w.pk, by=standby.perencana, now=NOW)
        assert "12" in shut("l1")
        withdrawal.approve_waiver(operation=op, id=w.pk, by=standby.kapolres, now=NOW)
        assert shut("l1") == []
        withdrawal.approve_withdrawal(operation=op, id=ask(standby).pk, by=standby.kapolres, now=NOW)
        assert filtered("uji", kind="withdrawal_approved").get().payload["waivers"] == [str(w.pk)]

    def test_nobody_signs_twice(self, op, standby):
        self.rumour(standby)
        w = self.waive(standby, who="kapolres")
        with pytest.raises(NotAllowed):
            withdrawal.approve_waiver(operation=op, id=w.pk, by=standby.kapolres, now=NOW)
        with pytest.raises(NotAllowed):
            withdrawal.second_waiver(operation=op, id=w.pk, by=standby.kapolres, now=NOW)
        for who in ("kapolsek", "perencana", "camat"):
            with pytest.raises(NotAllowed):
                withdrawal.approve_waiver(operation=op, id=w.pk, by=getattr(standby, who), now=NOW)
        withdrawal.approve_waiver(operation=op, id=w.pk, by=standby.wakapolres, now=NOW)
        with pytest.raises(NotAllowed):
            withdrawal.second_waiver(operation=op, id=w.pk, by=standby.wakapolres, now=NOW)

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
            withdrawal.second_waiver(operation=op, id=w.pk, by=standby.perencana, now=NOW + HOUR / 30)

    def test_it_does_not_outlive_the_stand_by(self, op, standby):
        self.rumour(standby)
        w = self.waive(standby)
        withdrawal.second_waiver(operation=op, id=w.pk, by=standby.perencana, now=NOW)
        PostureRow.objects.filter(desa__kode=DESA).update(standby_since=NOW + HOUR)
        with pytest.raises(MoveRefused, match="waiver_outdated"):
            withdrawal.approve_waiver(operation=op, id=w.pk, by=standby.kapolres, now=NOW + 2 * HOUR)


class TestPromisesOfTheDatabase:
    def make(self, op, people, **more):
        fixed = {
            "operation": op, "number": 1, "desa": DESA, "state_from": "standby", "state_to": "l1",
            "requested_by": people.kapolsek, "requested_at": NOW, "reason": "x", "since": NOW,
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
        self.make(op, people, number=2, since=NOW + HOUR)  # the first is outdated: the village has moved

    def test_three_people_sign(self, op, people):
        base = {
            "operation": op, "desa": DESA, "move": "standby-l1", "gate": "12", "facts": ["x"], "reason": "y",
            "requested_by": people.kapolsek, "requested_at": NOW,
        }  # fmt: skip
        for wrong in ({"second_by": people.kapolsek, "second_at": NOW}, {"second_at": NOW}, {"reason": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                WaiverRow.objects.create(**(base | wrong))


def test_the_dispute_moves_step_by_step(op, people):
    with pytest.raises(MoveRefused):
        record_dispute(operation=op, desa=DESA, state="settled", source="SK", by=people.camat, now=NOW)
    record_dispute(operation=op, desa=DESA, state="open", source="Surat calon 2", by=people.camat, now=NOW)
    assert village_at(village(), NOW).situation.dispute == "open"
    with pytest.raises(MoveRefused):
        record_dispute(operation=op, desa=DESA, state="none", source="x", by=people.camat, now=NOW)
    with pytest.raises(NotAllowed):
        record_dispute(operation=op, desa=DESA, state="settled", source="x", by=people.petugas1, now=NOW)


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
