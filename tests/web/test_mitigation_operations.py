"""Actions against a risk of two operations with the same places: none is read or moved from the other."""

import uuid

import pytest
from django.urls import reverse

from kondusif.errors import Conflict, NotAllowed
from kondusif_web.dialogue.actions import record_visit
from kondusif_web.logbook.queries import head
from kondusif_web.logbook.verify import verify
from kondusif_web.mitigation import actions, queries
from kondusif_web.mitigation.actions import Factor
from kondusif_web.mitigation.edits import Owner, change_mitigation
from kondusif_web.mitigation.models import Mitigation, Revision
from kondusif_web.mitigation.page import register
from tests import cast
from tests.web.bare import bare
from tests.web.test_mitigation import DAY, NOW

pytestmark = pytest.mark.django_db


def offer(by, **more):
    """An action at Karangjati, late already, in the operation of who writes it."""
    fixed = {"text": "Cocokkan daftar pemilih", "due": NOW - DAY, "factors": (Factor("C01"),), "now": NOW}
    desa = [by.operation.desa.get(kode=cast.KARANGJATI)]
    return actions.offer_mitigation(**{"operation": by.operation, "villages": desa, "by": by} | fixed | more)


def edit(operation, row, by, **more):
    fixed = {"text": "Lewat RT", "due": row.due, "factors": (Factor("C01"),), "owner": Owner.KEEP, "seen": 0}
    return change_mitigation(operation=operation, mitigation=row, by=by, now=NOW, **fixed | more)


@pytest.fixture
def elsewhere(other_people):
    return offer(other_people.kapolsek)


def test_one_id_of_a_form_serves_in_each_operation(op, other, people, other_people):
    key, again = uuid.uuid4(), uuid.uuid4()
    for who in (people.kapolsek, other_people.kapolsek):
        row = offer(who, id=key)
        assert row == offer(who, id=key) and row.operation == who.operation
        with pytest.raises(Conflict):
            offer(who, id=key, text="Lain")
        edit(who.operation, row, who, id=again)
        edit(who.operation, row, who, id=again)
    assert Mitigation.objects.count() == Revision.objects.count() == 2
    assert verify().ok


def test_nothing_of_another_operation_is_read(op, people, elsewhere):
    who = people.kapolsek
    assert queries.lines(op, who) == () == queries.lines(op, who, key=elsewhere.pk)
    assert queries.lines(op, who, desa=cast.KARANGJATI) == ()
    assert queries.overdue(op, who, NOW) == () and register(op, who)["pemilik"] == []


def test_no_action_takes_one_of_another_operation(op, people, other_people, elsewhere):
    place = elsewhere.operation.desa.get(kode=cast.KARANGJATI)
    visit = record_visit(
        operation=elsewhere.operation,
        desa=place,
        at=NOW,
        place="Balai",
        topic="Daftar",
        by=other_people.kapolsek,
        now=NOW,
    )
    before = head("uji"), head("lain")
    mine = {"operation": op, "by": people.kapolsek, "now": NOW}
    for action in (
        lambda: actions.own_mitigation(mitigation=elsewhere, **mine),
        lambda: actions.finish_mitigation(mitigation=elsewhere, **mine),
        lambda: actions.drop_mitigation(mitigation=elsewhere, reason="x", **mine),
        lambda: actions.link_visit(mitigation=elsewhere, visit=visit, **mine),
        lambda: edit(op, elsewhere, people.kapolsek),
        lambda: offer(people.kapolsek, villages=[place]),
    ):
        with pytest.raises(NotAllowed):
            action()
    assert (head("uji"), head("lain")) == before


def test_a_visit_of_another_operation_is_no_activity_of_an_action_here(op, people, other_people):
    visit = record_visit(
        operation=other_people.kapolsek.operation,
        desa=other_people.kapolsek.operation.desa.get(kode=cast.KARANGJATI),
        at=NOW,
        place="Balai",
        topic="Daftar",
        by=other_people.kapolsek,
        now=NOW,
    )
    row = offer(people.kapolsek)
    [line] = queries.lines(op, people.kapolsek)
    assert not queries.linkable(op, people.kapolsek, line)
    with pytest.raises(actions.core.MitigationError):
        actions.link_visit(operation=op, mitigation=row, visit=visit, by=people.kapolsek, now=NOW)


def test_a_member_of_another_operation_writes_nothing_here(op, people, other_people):
    row = offer(people.kapolsek)
    desa = [op.desa.get(kode=cast.KARANGJATI)]
    for action in (
        lambda by: offer(by, operation=op, villages=desa),
        lambda by: actions.own_mitigation(operation=op, mitigation=row, by=by, now=NOW),
        lambda by: edit(op, row, by),
    ):
        with pytest.raises(Conflict):
            action(other_people.kapolsek)
    row.refresh_from_db()
    assert row.owner == "" and Mitigation.objects.count() == 1


def test_no_page_shows_or_takes_one_of_another_operation(op, people, other_people, as_):
    browser, register = as_("kapolsek"), reverse("mitigation:daftar", args=["uji"])
    empty = bare(browser.get(register))
    row = offer(other_people.kapolsek)
    assert bare(browser.get(register)) == empty
    before = head("lain")
    for key in (row.pk, row.client_id, uuid.uuid4()):
        assert browser.get(reverse("mitigation:tindakan", args=["uji", key])).status_code == 404
        assert browser.get(reverse("mitigation:sunting", args=["uji", key])).status_code == 404
        own = reverse("mitigation:ubah", args=["uji", key, "tanggung"])
        assert browser.post(own).status_code == 404
    foreign = row.operation.desa.get(kode=cast.KARANGJATI).pk
    form = {"id": uuid.uuid4(), "text": "x", "due": "2023-10-13T08:00", "butir_1": "C01", "villages": foreign}
    assert browser.post(reverse("mitigation:baru", args=["uji"]), form).status_code == 422
    assert head("lain") == before and Mitigation.objects.get() == row
