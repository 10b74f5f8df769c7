"""What an account is in each operation: given, changed, ended by the administrator alone (RULES 20, 36)."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kondusif.errors import Conflict, NotAllowed
from kondusif.lifecycle import Phase
from kondusif_web.accounts.actions import create_account
from kondusif_web.election import members
from kondusif_web.election.actions import move_operation
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.situation.replay import check_moves
from tests import cast

pytestmark = pytest.mark.django_db

JOIN = {
    "action": "join",
    "role": "petugas",
    "jabatan": "Padal TPS 02",
    "prefixes": cast.TEGALREJO,
    "post": "",
}


def add(operation, user, by, **change):
    given = {"role": "petugas", "prefixes": [cast.TEGALREJO]} | change
    return members.add_member(operation=operation, user=user, by=by, now=cast.NOW, **given)


@pytest.fixture
def newcomer(db):
    return create_account(username="petugas9", jabatan="Padal", by=None, now=cast.NOW)


# ---------------------------------------------------------------- pages


def test_an_account_gets_a_place_in_an_operation_and_the_line_stands_in_its_chain(op, other, as_, newcomer):
    answer = as_("admin").post("/akun/petugas9/", JOIN | {"operation": other.pk})
    assert answer.status_code == 302
    member = Membership.objects.get(user=newcomer)
    assert (member.operation, member.role, member.jabatan) == (other, "petugas", "Padal TPS 02")
    assert member.prefixes == [cast.TEGALREJO]
    line = Entry.objects.get(kind="member_added", by="admin")
    assert (line.operation, line.subject) == ("lain", "petugas9")
    assert verify().ok


def test_the_page_of_an_account_tells_what_it_is_in_each_operation(op, other, people, other_people, as_):
    html = as_("admin").get("/akun/kapolsek/").content.decode()
    for kode, nama in (("uji", cast.OPERATION["nama"]), ("lain", cast.OTHER["nama"])):
        assert f'href="/akun/kapolsek/{kode}/"' in html and nama in html
    assert "Kapolsek Sumberarum" in html and cast.KECAMATAN in html


def test_a_place_is_changed_in_one_operation_and_stays_in_the_other(op, other, people, other_people, as_):
    given = {"role": "humas", "jabatan": "Humas", "prefixes": "99.01", "post": "", "active": "on"}
    assert as_("admin").post("/akun/kapolsek/lain/", given).status_code == 302
    here, there = Membership.objects.filter(user__username="kapolsek").order_by("operation__kode")
    assert (here.role, here.prefixes, there.role) == ("humas", ["99.01"], "kapolsek")


def test_a_place_is_ended_and_may_be_given_again(op, people, as_):
    browser, url = as_("admin"), "/akun/petugas1/uji/"
    given = {"role": "petugas", "jabatan": "Padal", "prefixes": cast.KARANGJATI, "post": ""}
    browser.post(url, given)
    assert not Membership.objects.get(user__username="petugas1").active
    assert "Berakhir" in browser.get("/akun/petugas1/").content.decode()
    browser.post(url, given | {"active": "on"})
    assert Membership.objects.get(user__username="petugas1").active


@pytest.mark.parametrize(
    "wrong", [{"prefixes": "35.1"}, {"prefixes": "jawa"}, {"role": "admin"}, {"role": "raja"}, {"role": ""}]
)
def test_a_bad_place_is_refused_with_its_field(op, as_, newcomer, wrong):
    answer = as_("admin").post("/akun/petugas9/", JOIN | {"operation": op.pk} | wrong)
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.context["baru"].errors
    assert not newcomer.memberships.exists()


@pytest.mark.parametrize(
    "typed, areas",
    [
        ("9901", ["99.01"]),
        ("99.01.01, 990102", ["99.01.01", "99.01.02"]),
        ("99.01.01 99.01.02", ["99.01.01", "99.01.02"]),
        ("9901012001; 99 01 01 2002", ["99.01.01.2001", "99.01.01.2002"]),
        ("'99.01.01.2001-3", ["99.01.01.2001-03"]),
    ],
)
def test_an_area_is_typed_in_any_spelling(op, as_, newcomer, typed, areas):
    given = JOIN | {"operation": op.pk, "prefixes": typed, "post": "9901012001-1"}
    as_("admin").post("/akun/petugas9/", given)
    place = newcomer.memberships.get()
    assert (place.prefixes, place.post) == (areas, "99.01.01.2001-01")


def test_an_area_that_lost_its_zeros_is_refused_with_advice(op, as_, newcomer):
    answer = as_("admin").post("/akun/petugas9/", JOIN | {"operation": op.pk, "prefixes": "99.1"})
    assert "semua nolnya" in answer.content.decode() and not newcomer.memberships.exists()


def test_an_area_given_by_file_or_terminal_is_kept_in_its_official_spelling(op, other, newcomer):
    place = add(op, newcomer, None, prefixes=["9901012001"], post="9901012001-1")
    assert (place.prefixes, place.post) == (["99.01.01.2001"], "99.01.01.2001-01")
    with pytest.raises(ValidationError):
        add(other, newcomer, None, prefixes=["jawa"])


def test_no_place_is_given_in_an_archive_nor_twice(op, other, people, as_):
    Operation.objects.filter(pk=other.pk).update(phase="archived")
    for operation in (op, other):
        answer = as_("admin").post("/akun/petugas1/", JOIN | {"operation": operation.pk})
        assert answer.status_code == 422
        assert "operation" in answer.context["baru"].errors
    assert people.petugas1.user.memberships.count() == 1


def test_an_archive_changes_no_more(op, people, as_):
    Operation.objects.filter(pk=op.pk).update(phase="closed")
    move_operation(
        operation=op, to=Phase.ARCHIVED, postures={}, reason="Selesai", by=people.kapolres, now=cast.NOW
    )
    assert "hanya dibaca" in as_("admin").get("/akun/petugas1/uji/").content.decode()
    given = {"role": "humas", "jabatan": "", "prefixes": "", "post": "", "active": "on"}
    assert as_("admin").post("/akun/petugas1/uji/", given).status_code == 409
    assert Membership.objects.get(pk=people.petugas1.pk).role == "petugas"


def test_a_place_in_an_archive_is_ended_and_nothing_else(op, people, as_):
    Operation.objects.filter(pk=op.pk).update(phase="closed")
    with pytest.raises(Conflict):  # ended as anywhere while it is not archived
        members.end_member(operation=op, username="petugas1", by=people.admin, now=cast.NOW)
    move_operation(
        operation=op, to=Phase.ARCHIVED, postures={}, reason="Selesai", by=people.kapolres, now=cast.NOW
    )
    admin, url = as_("admin"), "/akun/petugas1/uji/"
    assert "Akhiri tempat ini" in admin.get(url).content.decode()
    assert as_("petugas1").get("/o/uji/").status_code == 200
    assert admin.post(url, {"action": "end"})["Location"] == "/akun/petugas1/"
    assert as_("petugas1").get("/o/uji/").status_code == 404
    line = Entry.objects.filter(operation="uji").last()
    assert (line.kind, line.subject, line.by) == ("member_ended", "petugas1", "admin")
    lines = Entry.objects.count()
    assert "Akhiri tempat ini" not in admin.get(url).content.decode()
    back = {"role": "petugas", "jabatan": "", "prefixes": "", "post": "", "active": "on"}
    for sent in ({"action": "end"}, back, back | {"role": "humas"}):
        assert admin.post(url, sent).status_code == 409
    assert not Membership.objects.get(pk=people.petugas1.pk).active and Entry.objects.count() == lines
    with pytest.raises(NotAllowed):
        members.end_member(operation=op, username="humas", by=people.kapolres.user, now=cast.NOW)
    members.end_member(operation=op, username="humas", by=people.admin, now=cast.NOW)  # a second one too
    report = check_moves(verify())
    found = [finding for finding in report.row_findings if finding.table != "election_operation"]
    assert not found and not report.book("uji").found
    assert [m for m in report.book("uji").moves if "sesudah" in m] == []


@pytest.mark.parametrize(
    "path", ["/akun/petugas1/lain/", "/akun/tidak-ada/uji/", "/akun/petugas1/tidak-ada/"]
)
def test_a_place_that_is_not_there(op, other, as_, path):
    assert as_("admin").get(path).status_code == 404


@pytest.mark.parametrize("who", ["perencana", "kapolres", "auditor"])
def test_only_the_administrator(op, as_, people, who):
    for path in ("/akun/petugas1/", "/akun/petugas1/uji/"):
        assert as_(who).get(path).status_code == 403
    with pytest.raises(NotAllowed):
        members.change_member(
            operation=op,
            username="petugas1",
            role="humas",
            jabatan="",
            prefixes=[],
            post="",
            by=getattr(people, who).user,
            now=cast.NOW,
        )


# ---------------------------------------------------------------- actions


def test_an_administrator_gets_no_place_and_nobody_gives_one_to_oneself(op, people):
    with pytest.raises(Conflict) as refused:
        add(op, people.admin, None)
    assert refused.value.reason == "administrator"
    with pytest.raises(Conflict):
        add(op, people.admin, people.admin)
    assert not Membership.objects.filter(user=people.admin).exists()


@pytest.mark.parametrize("change", [{"prefixes": ["99.0"]}, {"prefixes": "99.01"}, {"role": "admin"}])
def test_a_place_that_makes_no_sense_is_refused_whole(op, newcomer, change):
    with pytest.raises(ValidationError):
        add(op, newcomer, None, **change)
    assert not newcomer.memberships.exists() and not Entry.objects.filter(subject="petugas9", operation="uji")
