"""An operation is run, closed, opened again and archived; an archive is read and verified, never written."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kondusif import logbook
from kondusif.errors import Conflict, MoveRefused
from kondusif.lifecycle import Phase
from kondusif.standby import Posture
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.drill.actions import advance
from kondusif_web.election.actions import move_operation
from kondusif_web.election.models import Operation
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.posts.models import PostureRow
from kondusif_web.situation.replay import check_moves, replay
from kondusif_web.withdrawal.models import ResidentCode
from kondusif_web.withdrawal.residents import make_resident_code
from tests import cast
from tests.conftest import enlist
from tests.web.test_operations import paths_in_an_operation

pytestmark = pytest.mark.django_db

PAGE, MOVE = reverse("intake:operasi", args=["uji"]), reverse("intake:gerak", args=["uji"])

CODE = "ABCD2345"


def close_villages(operation):
    for desa in operation.desa.filter(memilih=True):
        row = PostureRow(operation=operation, desa=desa, state="closed", since=cast.NOW)
        row.save()
        record(
            "posture_set",
            by=None,
            now=cast.NOW,
            operation=operation,
            kode_desa=desa.kode,
            payload={"state": "closed", "since": cast.NOW, "why": ""},
            rows=[row],
        )


def move(browser, to, reason="Surat perintah 7"):
    return browser.post(MOVE, {"ke": to, "alasan": reason})


@pytest.fixture
def archived(op, people):
    postures = {d.kode: Posture.CLOSED for d in op.desa.filter(memilih=True)}
    close_villages(op)
    make_resident_code(operation=op, desa=cast.KARANGJATI, by=people.kapolsek, now=cast.NOW, code=CODE)
    for to in (Phase.RUNNING, Phase.CLOSED, Phase.ARCHIVED):
        op = move_operation(
            operation=op, to=to, postures=postures, reason="selesai", by=people.kapolres, now=cast.NOW
        )
    return op


def test_the_whole_way_with_its_reasons(op, as_):
    browser = as_("kapolres")
    assert "Jalankan operasi" in browser.get(PAGE).content.decode()
    assert move(browser, "running").url == PAGE
    assert "Tutup operasi" in browser.get(PAGE).content.decode()
    close_villages(op)
    assert move(browser, "closed").status_code == 302
    page = browser.get(PAGE).content.decode()
    assert "Buka lagi" in page and "Arsipkan" in page
    assert move(browser, "running").status_code == 302
    assert move(browser, "closed").status_code == 302
    assert move(browser, "archived").status_code == 302
    page = browser.get(PAGE).content.decode()
    assert "hanya dapat dibaca" in page and 'name="alasan"' not in page
    told = Entry.objects.filter(operation="uji", kind="operation_moved")
    assert [(e.payload["from"], e.payload["to"]) for e in told] == [
        ("preparing", "running"),
        ("running", "closed"),
        ("closed", "running"),
        ("running", "closed"),
    ]
    assert {e.payload["reason"] for e in told} == {"Surat perintah 7"}
    assert Entry.objects.filter(operation="uji").last().kind == "operation_archived"
    assert check_moves(verify()).ok


def test_it_is_not_closed_before_its_villages_and_they_are_named(op, as_):
    browser = as_("kapolres")
    move(browser, "running")
    close_villages(op)
    PostureRow.objects.filter(desa__kode=cast.TEGALREJO).update(state="l4")
    PostureRow.objects.filter(desa__kode=cast.WONOSARI).delete()  # nobody moved it: in preparation
    answer = move(browser, "closed")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<li>Tegalrejo</li><li>Wonosari</li>" in page and "<li>Karangjati</li>" not in page
    assert Operation.objects.get().phase == "running"


@pytest.mark.parametrize(
    ("to", "reason", "status"),
    [("closed", "x", 409), ("archived", "x", 409), ("running", " ", 422), ("nowhere", "x", 422)],
)
def test_a_step_that_is_none_or_without_a_reason(op, as_, to, reason, status):
    assert move(as_("kapolres"), to, reason).status_code == status
    assert Operation.objects.get().phase == "preparing"


def test_an_operation_without_a_village_does_not_run(op, as_):
    op.desa.update(memilih=False)
    answer = move(as_("kapolres"), "running")
    assert answer.status_code == 409 and "Belum ada desa yang memilih" in answer.content.decode()


def test_who_may_move_it(op, as_):
    for who in ("kapolsek", "auditor", "humas", "camat", "petugas1"):
        assert move(as_(who), "running").status_code == 403
    assert move(as_("perencana"), "running").status_code == 403  # areas hold a part of it only
    assert "Jalankan operasi" not in as_("perencana").get(PAGE).content.decode()
    assert as_("kapolres").get(MOVE).status_code == 405
    assert move(as_("kabagops"), "running").status_code == 302


def test_the_kapolres_moves_it_and_uploads_nothing(op, as_):
    assert f'href="{PAGE}"' in as_("kapolres").get("/o/uji/dialog/").content.decode()
    page = as_("kapolres").get(PAGE).content.decode()
    assert "/o/uji/berkas/" not in page and 'action="/o/uji/operasi/gerak/"' in page


def test_one_operation_is_moved_and_the_other_stays(op, other, people, as_):
    enlist(other)
    move(as_("kapolres"), "running")
    assert dict(Operation.objects.values_list("kode", "phase")) == {"uji": "running", "lain": "preparing"}
    assert not Entry.objects.filter(operation="lain", kind="operation_moved").exists()


# ---- an archive


def test_every_write_into_an_archive_is_a_plain_page(archived, as_):
    lines = Entry.objects.count()
    for who, path, sent in (
        ("kapolres", "operasi/gerak/", {"ke": "running", "alasan": "x"}),
        ("perencana", "berkas/unggah/", {}),
        ("petugas1", "lapor/", {}),
        ("kapolsek", "dialog/", {}),
    ):
        answer = as_(who).post(f"/o/uji/{path}", sent)
        assert answer.status_code == 409, path
        assert "sudah diarsipkan dan hanya dapat dibaca" in answer.content.decode()
    assert Entry.objects.count() == lines


def test_no_action_writes_past_the_pages(archived, people):
    from kondusif_web.election.actions import date_stage

    stale = Operation.objects.get()
    stale.phase = "running"  # read before it was archived
    for operation in (archived, stale):
        with pytest.raises(Conflict) as refused:
            date_stage(
                operation=operation, kode="inauguration", at=cast.NOW, source="SK", by=None, now=cast.NOW
            )
        assert refused.value.reason == "archived"
    with pytest.raises(MoveRefused):
        move_operation(
            operation=archived, to=Phase.RUNNING, postures={}, reason="x", by=people.kapolres, now=cast.NOW
        )


def test_a_code_given_to_a_resident_is_answered_no_more(archived, client):
    path = reverse("withdrawal:kode", args=["uji", CODE])
    page = client.get(path)
    assert page.status_code == 200 and "sudah diarsipkan" in page.content.decode()
    assert 'name="jawab"' not in page.content.decode()
    answer = client.post(path, {"jawab": "ya"})
    assert answer.status_code == 409 and "hanya dapat dibaca" in answer.content.decode()
    assert ResidentCode.objects.get().state == "not_reached"


def test_an_archive_is_read_and_reading_is_logged(archived, as_):
    lines, reads = Entry.objects.count(), AccessEntry.objects.count()
    for who, path in (
        ("kapolres", ""),
        ("kapolres", "operasi/"),
        ("kapolres", "desa/"),
        ("kapolres", f"desa/{cast.KARANGJATI}/"),
        ("kapolres", "buku/"),
        ("kapolres", "rencana/"),
        ("kapolres", "dialog/"),
        ("kapolres", "ekspor/csv/"),
        ("perencana", "berkas/"),
        ("auditor", "buku/"),
    ):
        assert as_(who).get(f"/o/uji/{path}").status_code == 200, path
    assert Entry.objects.count() == lines and AccessEntry.objects.count() > reads
    assert check_moves(verify()).ok


def test_no_page_of_an_archive_writes_in_its_book_nor_fails(archived, as_):
    lines = Entry.objects.count()
    for who in ("kapolres", "perencana", "petugas1", "humas"):
        browser = as_(who)
        for path in paths_in_an_operation():
            assert browser.get(f"/o/uji/{path}").status_code in (200, 302, 403, 404, 405), path
            assert browser.post(f"/o/uji/{path}").status_code == 409, path
    assert Entry.objects.count() == lines


def test_the_clock_of_an_archived_drill_stands_still_and_says_why(archived):
    with pytest.raises(Conflict) as refused:
        advance(operation=archived, until=cast.NOW, by=None)
    assert refused.value.reason == "archived"


def test_a_line_after_the_archive_is_found(archived):
    lines = [e.entry() for e in Entry.objects.filter(operation="uji")]
    after = logbook.chain(lines[-1], logbook.Entry("place_changed", cast.NOW, cast.NOW, operation="uji"))
    assert list(replay("uji", lines, [])) == []
    assert ["sesudah operasi diarsipkan" in found for found in replay("uji", [*lines, after], [])] == [True]


def test_a_phase_that_the_book_does_not_tell_is_found(op, people):
    assert list(replay("uji", [e.entry() for e in Entry.objects.filter(operation="uji")], [])) == []
    Operation.objects.update(phase="closed")
    lines = [e.entry() for e in Entry.objects.filter(operation="uji")]
    assert list(replay("uji", lines, [])) == ["uji: operasi closed, menurut buku preparing"]
    told = {"from": "preparing", "to": "closed", "reason": "x"}
    record("operation_moved", by=people.kapolres, now=cast.NOW, operation=op, payload=told)
    lines = [e.entry() for e in Entry.objects.filter(operation="uji")]
    assert ["tabel gerak operasi" in found for found in replay("uji", lines, [])] == [True]
