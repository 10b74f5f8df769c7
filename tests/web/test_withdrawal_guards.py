"""Who may ask, sign, refuse and take back a step down, and that nobody signs for two (RULES 15, 16, 20)."""

import pytest

from kondusif.errors import MoveRefused, NotAllowed
from kondusif_web.pages.texts import TextRefused
from kondusif_web.posts.models import PostureRow
from kondusif_web.withdrawal import actions
from kondusif_web.withdrawal.models import WaiverRow, WithdrawalRequest
from tests.web.karangjati import DESA, NOW, ask, level, say, shut, standby, state

__all__ = ["level", "standby"]
pytestmark = pytest.mark.django_db
NEVER = ("camat", "danramil", "petugas1", "panitia_karangjati", "humas", "auditor", "admin")
ELSEWHERE = "polsek_banjaragung"


def waive(people, who="kapolsek", **more):
    fixed = {"desa": DESA, "to": "l1", "gate": "12", "reason": "Humas sudah bicara", "now": NOW}
    return actions.request_waiver(
        operation=people.kapolsek.operation, by=getattr(people, who), **(fixed | more)
    )


@pytest.fixture
def rumour(standby):
    say(standby, 12, "no")
    return standby


class TestRequests:
    def test_only_the_police_of_the_area_ask(self, standby):
        for who in (*NEVER, ELSEWHERE):
            with pytest.raises(NotAllowed):
                ask(standby, who=who)
        assert not WithdrawalRequest.objects.exists()

    def test_a_request_carries_a_reason_without_words_about_persons(self, op, standby):
        for reason, refusal in (("  ", MoveRefused), ("agama calon nomor dua", TextRefused)):
            with pytest.raises(refusal):
                actions.request_withdrawal(
                    operation=op, desa=DESA, to="l1", reason=reason, by=standby.kapolsek, now=NOW
                )

    def test_what_passes_no_gate_is_not_asked_for(self, op, standby):
        actions.approve_withdrawal(operation=op, id=ask(standby).pk, by=standby.kapolres, now=NOW)
        with pytest.raises(MoveRefused, match="move_unknown"):
            ask(standby, to="standby")

    def test_a_request_from_where_the_village_no_longer_stands_is_outdated(self, op, standby):
        request = ask(standby)
        PostureRow.objects.filter(desa__kode=DESA).update(state="l1")
        with pytest.raises(MoveRefused, match="request_outdated"):
            actions.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW)

    def test_who_may_not_approve_may_not_refuse(self, op, standby):
        request = ask(standby, who="kabagops")
        for who in (*NEVER, ELSEWHERE, "perencana", "kapolsek"):
            with pytest.raises(NotAllowed):
                actions.refuse_withdrawal(
                    operation=op, id=request.pk, reason="tunggu", by=getattr(standby, who), now=NOW
                )
        assert WithdrawalRequest.objects.get().outcome == "waiting"

    def test_the_requester_takes_it_back(self, op, standby):
        request = ask(standby, who="perencana")
        actions.refuse_withdrawal(operation=op, id=request.pk, reason="keliru", by=standby.perencana, now=NOW)
        assert (WithdrawalRequest.objects.get().outcome, state()) == ("refused", "standby")

    def test_a_step_down_lets_its_postings_go_and_bad_news_turns_them_back(self, op, standby, monkeypatch):
        told = []
        for name, where in (("recall_postings", "withdrawal.actions"), ("turn_back", "posts.posture")):

            def spy(name=name, **call):
                told.append((name, call["desa"], call.get("posture"), call["by"].username))

            monkeypatch.setattr(f"kondusif_web.{where}.{name}", spy)
        request = ask(standby)
        assert told == []
        actions.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW)
        say(standby, 9, "no")
        assert told == [("recall_postings", DESA, "l1", "kapolres"), ("turn_back", DESA, None, "petugas1")]

    def test_a_refusal_holds_no_words_about_persons(self, op, standby):
        request = ask(standby)
        with pytest.raises(TextRefused):
            actions.refuse_withdrawal(
                operation=op, id=request.pk, reason="agama calon nomor dua", by=standby.kapolres, now=NOW
            )

    def test_a_request_that_nobody_made_is_refused_like_one_that_may_not_be_seen(self, op, standby):
        unknown = WithdrawalRequest(operation_id=1).pk
        for act in (
            lambda: actions.approve_withdrawal(operation=op, id=unknown, by=standby.kapolres, now=NOW),
            lambda: actions.refuse_withdrawal(
                operation=op, id=unknown, reason="x", by=standby.kapolres, now=NOW
            ),
        ):
            with pytest.raises(NotAllowed):
                act()


class TestWaivers:
    def test_only_the_police_of_the_area_ask(self, rumour):
        for who in (*NEVER, ELSEWHERE):
            with pytest.raises(NotAllowed):
                waive(rumour, who)
        assert not WaiverRow.objects.exists()

    def test_a_waiver_carries_a_reason_without_words_about_persons(self, rumour):
        for reason, refusal in ((" ", MoveRefused), ("agama calon nomor dua", TextRefused)):
            with pytest.raises(refusal):
                waive(rumour, reason=reason)

    def test_the_second_person_is_police_of_the_area_and_not_the_requester(self, op, rumour):
        w = waive(rumour)
        for who in (*NEVER, ELSEWHERE, "kapolsek"):
            with pytest.raises(NotAllowed):
                actions.second_waiver(operation=op, id=w.pk, by=getattr(rumour, who), now=NOW)

    def test_nobody_but_the_kapolres_approves(self, op, rumour):
        w = waive(rumour)
        for who in (*NEVER, ELSEWHERE, "kapolsek", "perencana", "kabagops"):
            with pytest.raises(NotAllowed):
                actions.approve_waiver(operation=op, id=w.pk, by=getattr(rumour, who), now=NOW)
        assert "12" in shut("l1")

    def test_the_second_person_does_not_approve(self, op, rumour):
        w = waive(rumour)
        actions.second_waiver(operation=op, id=w.pk, by=rumour.wakapolres, now=NOW)
        with pytest.raises(NotAllowed):
            actions.approve_waiver(operation=op, id=w.pk, by=rumour.wakapolres, now=NOW)
        assert "12" in shut("l1")

    def test_each_place_is_signed_once(self, op, rumour):
        one, two = waive(rumour), waive(rumour)
        actions.second_waiver(operation=op, id=one.pk, by=rumour.perencana, now=NOW)
        with pytest.raises(MoveRefused, match="waiver_seconded_already"):
            actions.second_waiver(operation=op, id=one.pk, by=rumour.kabagops, now=NOW)
        actions.approve_waiver(operation=op, id=two.pk, by=rumour.kapolres, now=NOW)
        with pytest.raises(MoveRefused, match="waiver_approved_already"):
            actions.approve_waiver(operation=op, id=two.pk, by=rumour.wakapolres, now=NOW)
        assert WaiverRow.objects.get(pk=one.pk).second_by == rumour.perencana
        assert WaiverRow.objects.get(pk=two.pk).approved_by == rumour.kapolres

    def test_it_is_for_the_move_from_where_the_village_stands(self, op, rumour):
        w = waive(rumour)
        PostureRow.objects.filter(desa__kode=DESA).update(state="l1")
        with pytest.raises(MoveRefused, match="waiver_outdated"):
            actions.second_waiver(operation=op, id=w.pk, by=rumour.perencana, now=NOW)
