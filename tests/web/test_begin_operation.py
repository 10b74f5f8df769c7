"""An operation begins on a page of the office, beside those that are there, with people of earlier ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from kondusif.errors import Conflict, NotAllowed
from kondusif_web.election.members import first_member, take_over
from kondusif_web.election.models import Membership, Operation
from kondusif_web.intake import actions
from kondusif_web.logbook.clock import server_now
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.queries import head
from kondusif_web.logbook.verify import verify
from tests import cast
from tests.conftest import enlist

pytestmark = pytest.mark.django_db

BEGIN = reverse("begin_operation")
NEW = {
    "nama": "Pilkades serentak Arjasari 2026",
    "kode": "pilkades-99",
    "polres": "Polres Arjasari",
    "waktu": "2026-10-10T07:00",
    "zona": "WITA",
    "paket": "pp-16-2026",
    "pola": "jatim-2021-2023",
    "label_1": "Aman",
    "label_2": "Rawan",
    "label_3": "Sangat Rawan",
    "jenis": "latihan",
    "mulai": "2026-09-20T08:00",
    "wilayah": "99.01.01, 99.01.02",
}


def begun() -> Operation:
    return Operation.objects.get(kode="pilkades-99")


def roles(operation) -> dict[str, str]:
    return dict(operation.members.values_list("user__username", "role"))


def test_a_planner_begins_it_and_is_its_first_member(op, as_):
    browser, before = as_("perencana"), head("uji")
    assert browser.post(BEGIN, NEW).url == "/o/pilkades-99/berkas/"
    made = begun()
    assert (made.drill, made.labels["1"], made.phase) == (True, "Aman", "preparing")
    assert made.vote_at.isoformat() == "2026-10-09T23:00:00+00:00"  # 07.00 WITA
    assert made.clock.isoformat() == "2026-09-20T00:00:00+00:00"
    member = made.members.get()
    assert (member.username, member.role, member.prefixes) == (
        "perencana",
        "planner",
        ["99.01.01", "99.01.02"],
    )
    lines = Entry.objects.filter(operation="pilkades-99")
    assert [(e.seq, e.kind, e.by) for e in lines] == [
        (1, "operation_opened", "perencana"),
        (2, "member_added", "perencana"),
        (3, "clock_set", "perencana"),
    ]
    assert head("uji") == before and verify().ok
    assert browser.get("/o/pilkades-99/operasi/").status_code == 200


def test_it_begins_in_an_office_without_any(db):
    from django.test import Client

    from kondusif_web.accounts.actions import create_account

    planner = create_account(
        username="awal", role="planner", password=cast.PASSWORD, must_change=False, by=None, now=cast.NOW
    )
    browser = Client()
    browser.force_login(planner)
    page = browser.get(BEGIN).content.decode()
    assert 'name="kode"' in page and 'name="anggota"' not in page
    assert browser.post(BEGIN, NEW).status_code == 302
    assert roles(begun()) == {"awal": "planner"}


def test_the_same_places_under_the_same_codes_stand_beside_the_earlier_ones(op, as_):
    from kondusif_web.election.actions import add_places

    as_("perencana").post(BEGIN, NEW)
    before = head("uji")
    add_places(operation=begun(), desa=cast.DESA, tps=cast.TPS, calon=cast.CALON, by=None, now=cast.NOW)
    assert begun().desa.count() == op.desa.count() and head("uji") == before
    assert verify().ok


def test_a_code_that_is_taken_is_said_beside_its_field(op, as_):
    answer = as_("perencana").post(BEGIN, NEW | {"kode": "uji"})
    assert answer.status_code == 422 and "sudah dipakai" in answer.content.decode()
    assert Operation.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"kode": "Pilkades 99"},
        {"kode": "UJI"},  # no two codes differ by capitals alone
        {"kode": "kantor"},
        {"kode": "a"},
        {"kode": "-a"},
        {"kode": "warga-madura"},
        {"jenis": ""},
        {"jenis": "nyata"},  # a real operation has no clock of its own
        {"waktu": "besok"},
        {"waktu": "9999-12-31T23:59"},
        {"waktu": "0001-01-01T00:00"},
        {"mulai": "9999-12-31T23:59"},
        {"label_2": "Aman"},
        {"nama": "Pilkades umat Islam"},
        {"zona": "GMT"},
        {"wilayah": ""},
        {"wilayah": "99.0"},
        {"anggota": ["lain/kapolres"]},  # of an operation that is not the planner's own
    ],
)
def test_an_operation_that_makes_no_sense_is_422(op, other, as_, change):
    assert as_("perencana").post(BEGIN, NEW | change).status_code == 422
    assert Operation.objects.count() == 2


def test_who_may_not_begin(op, as_, people):
    for who in ("kapolres", "auditor", "admin", "petugas1"):
        assert as_(who).get(BEGIN).status_code == 403
        assert as_(who).post(BEGIN, NEW).status_code == 403
    with pytest.raises(NotAllowed):
        actions.begin_operation(
            by=people.kapolres.user, now=server_now(), kode="x", prefixes=(), vote_at=cast.VOTE_AT
        )
    with pytest.raises(NotAllowed):  # what one is in an operation gives nothing in the office
        actions.begin_operation(
            by=people.perencana, now=server_now(), kode="x", prefixes=(), vote_at=cast.VOTE_AT
        )


# ---- people of an earlier operation


def test_people_come_along_as_they_are_there(op, people, as_):
    browser = as_("perencana")
    page = browser.get(BEGIN).content.decode()
    assert (
        'value="uji/kapolsek"' in page
        and "Kapolsek Sumberarum (Kapolsek) · 99.01.01 · LATIHAN Pilkades" in page
    )
    assert "<legend>Anggota yang ikut" in page
    assert 'value="uji/perencana"' not in page  # comes anyway
    browser.post(BEGIN, NEW | {"anggota": ["uji/kapolsek", "uji/petugas1"]})
    made = begun()
    assert roles(made) == {"perencana": "planner", "kapolsek": "kapolsek", "petugas1": "petugas"}
    came = made.members.get(user__username="petugas1")
    for name in ("jabatan", "prefixes", "post", "role"):
        assert getattr(came, name) == getattr(people.petugas1, name)
    told = Entry.objects.filter(operation="pilkades-99", kind="member_added")
    assert {e.subject: e.by for e in told} == dict.fromkeys(roles(made), "perencana")
    assert as_("kapolsek").get("/o/pilkades-99/").status_code == 200
    assert verify().ok


def test_who_stands_in_two_operations_comes_once(op, other, people, as_):
    enlist(other)
    Membership.objects.filter(operation=other, user__username="kapolsek").update(prefixes=["99.01.02"])
    as_("perencana").post(BEGIN, NEW | {"anggota": ["uji/kapolsek", "lain/kapolsek", "lain/humas"]})
    made = begun()
    assert roles(made) == {"perencana": "planner", "kapolsek": "kapolsek", "humas": "humas"}
    assert made.members.get(user__username="kapolsek").prefixes == ["99.01.01"]  # as in the first


def test_only_people_of_an_operation_of_ones_own_and_who_work_there(op, other, people, as_):
    Membership.objects.filter(user__username="camat").update(active=False)
    people.danramil.user.is_active = False
    people.danramil.user.save()
    page = as_("perencana").get(BEGIN).content.decode()
    assert 'value="uji/kapolres"' in page
    assert "lain/" not in page and 'value="uji/camat"' not in page and 'value="uji/danramil"' not in page


def test_the_action_itself_brings_nobody_from_elsewhere_nor_later(op, other, people):
    there, planner = enlist(other), people.perencana.user
    named = {"kode": "baru", "nama": "Baru", "polres": "P", "vote_at": cast.VOTE_AT, "drill": True}
    new = actions.begin_operation(by=planner, now=cast.NOW, prefixes=["99.01"], **named)
    there.perencana.active = False
    there.perencana.save()
    for members in ([there.kapolres], [people.kapolres, there.kapolsek]):
        with pytest.raises(NotAllowed):
            take_over(operation=new, members=members, by=planner, now=cast.NOW)
    take_over(operation=new, members=[people.kapolres], by=planner, now=cast.NOW)
    with pytest.raises(NotAllowed):  # once others work in it, the administrator adds people
        take_over(operation=new, members=[people.kapolsek], by=planner, now=cast.NOW)
    with pytest.raises(Conflict):
        first_member(operation=new, prefixes=["99"], by=people.kabagops.user, now=cast.NOW)


LIVE = {"drill": False, "illustrative": False, "clock": None}


def test_into_a_live_operation_come_only_people_of_live_ones_and_nobody_who_signs_above(op, people, as_):
    there, planner = enlist(later("nyata", **LIVE)), people.perencana.user
    named = {"nama": "Baru", "polres": "P", "vote_at": cast.VOTE_AT, "by": planner, "now": cast.NOW}
    named |= {"prefixes": ["99.01"], "drill": False}
    for who in (people.humas, people.kapolres, there.kapolres, there.kapolsek):
        with pytest.raises(NotAllowed):
            actions.begin_operation(kode="baru", people=[who], **named)
    assert not Operation.objects.filter(kode="baru").exists()
    made = actions.begin_operation(kode="baru", people=[there.humas, there.kabagops], **named)
    assert roles(made) == {"perencana": "planner", "humas": "humas", "kabagops": there.kabagops.role}
    drill = actions.begin_operation(
        kode="main", people=[there.kapolres, people.humas], **named | {"drill": True}
    )
    assert {"kapolres", "humas"} < set(roles(drill))


def test_the_page_says_who_does_not_come_into_a_live_operation(op, people, as_):
    enlist(later("nyata", **LIVE))
    live = NEW | {"jenis": "nyata", "mulai": ""}
    for key in ("uji/humas", "nyata/kapolres"):
        page = as_("perencana").post(BEGIN, live | {"anggota": [key]})
        assert page.status_code == 422 and "ditambahkan administrator" in page.content.decode(), key
    assert as_("perencana").post(BEGIN, live | {"anggota": ["nyata/humas"]}).status_code == 302
    assert roles(begun()) == {"perencana": "planner", "humas": "humas"}


# ---- earlier operations


def later(kode="baru", **change):
    from tests.conftest import begin

    return begin(
        cast.OPERATION
        | {"kode": kode, "vote_at": cast.VOTE_AT + timedelta(days=900), "clock": None, "drill": True}
        | change
    )


def test_finished_operations_of_the_same_villages_newest_first(op, other, people):
    from kondusif_web.election.queries import finished

    new = later()
    assert finished(new) == []
    Operation.objects.filter(kode="uji").update(phase="closed")
    Operation.objects.filter(kode="lain").update(
        phase="archived", vote_at=cast.VOTE_AT - timedelta(days=1), drill=True
    )
    assert [o.kode for o in finished(new)] == ["uji", "lain"]
    assert [o.kode for o in finished(op)] == ["lain"]
    far = later("jauh")
    for desa in far.desa.all():
        type(desa).objects.filter(pk=desa.pk).update(kode=desa.kode.replace("99.01", "98.01"))
    assert finished(far) == []
    assert finished(later("nyata", drill=False, illustrative=False)) == []  # a drill is no earlier vote


def test_a_finished_operation_is_known_to_who_is_something_with_that_right_in_it(op, people):
    from kondusif_web.election.queries import finished_with

    new = later()
    Operation.objects.filter(kode="uji").update(phase="closed")
    there = enlist(new)

    def told(member):
        return [m.operation.kode for m in finished_with(new, member, "see_calibration")]

    assert told(there.kapolres) == told(there.kapolsek) == ["uji"]
    assert told(there.humas) == []  # no such right there
    op.members.filter(user=there.kapolres.user).update(active=False)
    assert told(there.kapolres) == []
    op.members.filter(user=there.kapolsek.user).delete()
    assert told(there.kapolsek) == []
