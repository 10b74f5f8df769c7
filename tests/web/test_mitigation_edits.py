"""An open action is edited by who writes it; what stood before stays readable, and what is over stays."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from kondusif.errors import Conflict, MoveRefused, NotAllowed
from kondusif.mitigation import MitigationError
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.mitigation import actions
from kondusif_web.mitigation.actions import Factor
from kondusif_web.mitigation.edits import Owner, change_mitigation
from kondusif_web.mitigation.models import Revision
from kondusif_web.pages.texts import TextRefused
from tests import cast
from tests.web.test_mitigation import DAY, NOW, desa, offer, published  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def edit(row, by, *factors, **change):
    row.refresh_from_db()
    content = {
        "text": row.text,
        "due": row.due,
        "factors": factors
        or list({f.item: Factor(f.item, f.words, f.target) for f in row.factors.all()}.values()),
        "owner": Owner.KEEP,
        "seen": row.revisions.count(),
    }
    return change_mitigation(operation=by.operation, mitigation=row, by=by, now=NOW + DAY, **content | change)


@pytest.fixture
def row(published, people, desa):  # noqa: F811
    """One factor, C01 from 12 to 2, nobody's yet."""
    return offer(desa, people.kapolsek)


def said(row):
    return [(c["what"], c["item"]) for c in row.revisions.last().changes]


# ---- what an edit does


def test_words_and_moment_change_and_the_old_ones_stay_with_who_and_when(row, people):
    before = (row.text, row.due)
    edit(row, people.perencana, text="Cocokkan bersama RT", due=row.due + DAY)
    row.refresh_from_db()
    kept = row.revisions.get()
    assert row.text == "Cocokkan bersama RT" and row.due == before[1] + DAY
    assert said(row) == [("text", ""), ("due", "")] and kept.changes[0]["from"] == before[0]
    assert (kept.number, kept.recorded_by, kept.recorded_at) == (1, people.perencana, NOW + DAY)


def test_a_form_sent_again_with_other_content_is_refused_and_not_taken_for_the_first(row, people, desa):  # noqa: F811
    key = uuid.uuid4()
    edit(row, people.kapolsek, text="Pertama", id=key)
    edit(row, people.kapolsek, text="Pertama", id=key)  # sent twice
    with pytest.raises(Conflict):
        edit(row, people.kapolsek, text="Kedua", id=key)
    with pytest.raises(Conflict):
        edit(offer(desa, people.kapolsek, Factor("A05")), people.kapolsek, text="Lain", id=key)
    assert row.revisions.count() == 1 and row.text == "Pertama"


def test_a_new_target_is_reckoned_anew_and_the_old_reckoning_stays_in_the_history(row, people):
    edit(row, people.kapolsek, Factor("C01", "nama ganda", 6.0))
    factor = row.factors.get()
    assert (factor.before, factor.target, round(factor.delta, 2)) == (12, 6, -0.9)
    left = row.revisions.get().changes[0]["from"]
    assert left["target"] == 2 and round(left["expected"][cast.KARANGJATI]["delta"], 2) == -1.5


def test_other_words_for_a_factor_leave_what_was_expected_as_it_was_reckoned_then(row, people):
    edit(row, people.kapolsek, Factor("C01", "nama ganda di RT 3", 2.0))
    factor = row.factors.get()
    assert factor.words == "nama ganda di RT 3" and factor.on == NOW.date()


def test_a_factor_is_added_at_every_village_and_another_taken_away(published, people, desa):  # noqa: F811
    row = offer(desa, people.perencana, Factor("C01"), at=(cast.KARANGJATI, cast.TEGALREJO))
    edit(row, people.perencana, Factor("A05"))
    assert {(f.desa.kode, f.item) for f in row.factors.all()} == {
        (cast.KARANGJATI, "A05"),
        (cast.TEGALREJO, "A05"),
    }
    assert said(row) == [("factor", "C01"), ("factor", "A05")]


def test_the_book_has_its_line_and_agrees_with_every_row(row, people):
    edit(row, people.kapolsek, Factor("A05"), text="Lain", owner=Owner.MINE)
    line = Entry.objects.get(kind="mitigation_changed")
    assert line.payload["fields"] == ["text", "owner", "C01", "A05"] and line.payload["number"] == 1
    assert verify().ok
    Revision.objects.update(changes=[])
    assert [f.table for f in verify().row_findings] == ["mitigation_revision"]


def test_the_same_form_sent_twice_is_one_edit(row, people):
    key = uuid.uuid4()
    edit(row, people.kapolsek, text="Lain", id=key, seen=0)
    edit(row, people.kapolsek, text="Lain", id=key, seen=0)
    assert row.revisions.count() == 1


# ---- who, and until when


@pytest.mark.parametrize("who", ["danramil", "petugas1", "panitia_karangjati", "humas", "polsek_banjaragung"])
def test_only_who_writes_actions_there_edits_them(row, people, who):
    with pytest.raises(NotAllowed):
        edit(row, getattr(people, who), text="Lain")


def test_who_writes_in_one_of_two_villages_does_not_edit_for_both(published, people, desa):  # noqa: F811
    row = offer(desa, people.kabagops, Factor("C01"), at=(cast.KARANGJATI, cast.OUTSIDE))
    with pytest.raises(NotAllowed):
        edit(row, people.kapolsek, text="Lain")
    edit(row, people.kapolres, text="Lain")


@pytest.mark.parametrize("end", ["done", "dropped"])
def test_what_is_over_is_not_edited(op, row, people, end):
    row = actions.own_mitigation(operation=op, mitigation=row, by=people.kapolsek, now=NOW)
    if end == "done":
        row = actions.finish_mitigation(operation=op, mitigation=row, by=people.kapolsek, now=NOW)
    else:
        row = actions.drop_mitigation(
            operation=op, mitigation=row, reason="Hujan", by=people.kapolsek, now=NOW
        )
    with pytest.raises(MoveRefused):
        edit(row, people.kapolsek, text="Lain")


def test_nobody_overwrites_an_edit_they_have_not_seen(row, people):
    edit(row, people.kapolsek, text="Pertama")
    with pytest.raises(Conflict):
        edit(row, people.perencana, text="Kedua", seen=0)


@pytest.mark.parametrize(
    "change, error",
    [
        ({}, MitigationError),  # nothing would change
        ({"text": " "}, MitigationError),
        ({"factors": [Factor("Z99")]}, MitigationError),
        ({"factors": [Factor("C01"), Factor("C01")]}, MitigationError),
        ({"factors": [Factor("C01", target=5000.0)]}, MitigationError),
        ({"text": "Datangi warga suku lain"}, TextRefused),
    ],
)
def test_an_edit_that_contradicts_itself_changes_nothing(row, people, change, error):
    with pytest.raises(error):
        edit(row, people.kapolsek, **change)
    assert not Revision.objects.exists() and row.factors.get().target == 2


def test_the_camat_edits_words_without_seeing_or_losing_a_target(row, people):
    with pytest.raises(NotAllowed):
        edit(row, people.camat, Factor("C01", "", 5.0))
    edit(row, people.camat, Factor("C01", "nama ganda", 2.0), text="Lewat RT")
    assert row.factors.get().target == 2


# ---- owner


def test_it_is_taken_given_back_and_taken_by_another_body(row, people):
    edit(row, people.kapolsek, owner=Owner.MINE)
    row.refresh_from_db()
    assert (row.owner, row.status) == ("Kapolsek Sumberarum", "owned")
    with pytest.raises(NotAllowed):
        edit(row, people.camat, owner=Owner.MINE)  # it is somebody's
    with pytest.raises(NotAllowed):
        edit(row, people.camat, owner=Owner.NONE)  # not theirs to give back
    edit(row, people.perencana, owner=Owner.NONE)  # the same side
    row.refresh_from_db()
    assert (row.owner, row.status) == ("", "offered")
    edit(row, people.camat, owner=Owner.MINE)
    row.refresh_from_db()
    assert row.owner.startswith("Camat")


# ---- pages


def sent(row, **fields):
    return {
        "id": str(uuid.uuid4()),
        "dilihat": row.revisions.count(),
        "text": row.text,
        "due": "2023-10-13T14:05",
        "butir_1": "C01",
        "kata_1": "nama ganda",
        "sasaran_1": "2",
        "owner": "keep",
    } | fields


def test_the_page_has_the_form_filled_and_shows_the_history(row, as_):
    door, page = (reverse(f"mitigation:{n}", args=["uji", row.pk]) for n in ("sunting", "tindakan"))
    browser = as_("kapolsek")
    assert f'href="{door}"' in browser.get(page).content.decode()
    form = browser.get(door).content.decode()
    assert row.text in form and 'value="2023-10-13T14:05"' in form and 'value="2"' in form
    assert browser.post(door, sent(row, text="Lewat RT", sasaran_1="6")).status_code == 302
    told = browser.get(page).content.decode()
    assert "Riwayat suntingan" in told and "Kapolsek Sumberarum" in told
    assert "sasaran 2 per 1.000" in told and "sasaran 6 per 1.000" in told
    seen = as_("camat").get(page).content.decode()
    assert "Riwayat suntingan" in seen and "sasaran 2" not in seen and "sasarannya diubah" in seen


def test_nothing_changed_comes_back_as_said_and_a_late_form_as_a_message(row, people, as_):
    door = reverse("mitigation:sunting", args=["uji", row.pk])
    same = as_("kapolsek").post(door, sent(row))
    assert same.status_code == 422 and "Tidak ada yang berubah" in same.content.decode()
    late = sent(row, text="Terlambat")
    edit(row, people.perencana, text="Pertama")
    answer = as_("kapolsek").post(door, late, follow=True)
    assert "orang lain menyuntingnya" in answer.content.decode()


def test_the_camat_keeps_the_target_through_the_form(row, as_):
    door = reverse("mitigation:sunting", args=["uji", row.pk])
    browser = as_("camat")
    assert "sasaran_1" not in browser.get(door).content.decode()
    without = {k: v for k, v in sent(row, text="Lewat RT").items() if k != "sasaran_1"}
    assert browser.post(door, without).status_code == 302
    assert row.factors.get().target == 2


@pytest.mark.parametrize(
    "who, status", [("danramil", 403), ("panitia.karangjati", 403), ("polsek.banjaragung", 404)]
)
def test_who_has_no_door_to_it(row, as_, who, status):
    assert as_(who).get(reverse("mitigation:sunting", args=["uji", row.pk])).status_code == status
    assert as_(who).post(reverse("mitigation:sunting", args=["uji", row.pk]), sent(row)).status_code == status


def test_a_done_action_has_no_edit_button_and_its_door_is_shut(op, row, people, as_):
    row = actions.own_mitigation(operation=op, mitigation=row, by=people.kapolsek, now=NOW)
    actions.finish_mitigation(operation=op, mitigation=row, by=people.kapolsek, now=NOW)
    door = reverse("mitigation:sunting", args=["uji", row.pk])
    page = as_("kapolsek").get(reverse("mitigation:tindakan", args=["uji", row.pk])).content.decode()
    assert door not in page and "Batalkan tindakan" in page
    assert as_("kapolsek").get(door).status_code == 409
