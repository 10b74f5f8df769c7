"""Forces, postings and their count: who may what, where, and what is refused."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction

from kondusif.errors import ImportRefused, MoveRefused, NotAllowed
from kondusif.forces import Force, Unit
from kondusif_web.logbook.digests import row_digest, row_key
from kondusif_web.logbook.queries import lines
from kondusif_web.planning.models import PlanRow
from kondusif_web.posts import actions as posts_actions
from kondusif_web.posts import queries as posts_queries
from kondusif_web.posts.models import ForceUnit, PostingRow
from tests import cast
from tests.web.planned import (
    UNITS,
    arrive,
    classes,
    forces,
    in_force,
    proposed,
    some_posting,
)

__all__ = ["classes", "forces", "in_force", "proposed"]
pytestmark = pytest.mark.django_db


def test_forces_are_added_and_replaced_by_code(op, people, forces):
    again = [Unit("polsek", "Polsek Sumberarum", Force.POLRI, "polsek", 25)]
    posts_actions.import_forces(operation=op, units=again, by=people.perencana, now=cast.NOW)
    assert ForceUnit.objects.count() == len(UNITS)
    unit = next(u for u in posts_queries.units(op) if u.kode == "polsek")
    assert (unit.strength, unit.base) == (25, None)  # a base that is gone is unknown, not kept


def test_a_bad_list_of_forces_names_every_problem_and_takes_nothing(op, people, classes):
    bad = [
        Unit("a", "A", Force.POLRI, "x", -1),
        Unit("a", "A", Force.POLRI, "x", 1, only_desa="99.09.09.2001"),
        Unit("b", "B", Force.POLRI, "x", 1, not_at=("11.11",)),
    ]
    with pytest.raises(ImportRefused) as refused:
        posts_actions.import_forces(operation=op, units=bad, by=people.perencana, now=cast.NOW)
    assert {p.column for p in refused.value.problems} == {"kode", "jumlah", "khusus_desa", "bukan_di"}
    assert not ForceUnit.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"state": "on_post"},
        {"state": "home"},
        {"state": "gone"},
        {"out": 1},
        {"heads": 0},
        {"moved_at": cast.NOW},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_refuses_a_posting_that_contradicts_itself(in_force, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        PostingRow.objects.filter(pk=some_posting().pk).update(**change)


def test_arrival_is_counted_and_never_above_the_order(op, people, in_force):
    row = some_posting()
    for out in (0, row.heads + 1):
        with pytest.raises(MoveRefused):
            posts_actions.check_in(operation=op, posting=row.pk, out=out, by=people.kapolsek, now=cast.NOW)
    row = arrive(row, people.kapolsek, out=1)
    assert (row.state, row.out, row.moved_by) == ("on_post", 1, people.kapolsek)
    with pytest.raises(MoveRefused):
        arrive(row, people.kapolsek)


def test_a_field_officer_musters_only_their_own_post(people, in_force):
    arrive(some_posting(f"{cast.KARANGJATI}-01"), people.petugas1)
    for post in (f"{cast.KARANGJATI}-02", f"{cast.TEGALREJO}-01"):
        with pytest.raises(NotAllowed):
            arrive(some_posting(post), people.petugas1)


@pytest.mark.parametrize(
    "who", ["camat", "danramil", "panitia_karangjati", "humas", "auditor", "polsek_banjaragung"]
)
def test_nobody_else_musters(people, in_force, who):
    with pytest.raises(NotAllowed):
        arrive(some_posting(), getattr(people, who))


def test_the_ladder_lets_go_step_by_step(op, people, in_force):
    """L1: BKO and TNI; L2: stations and hall; L3: patrol; L4: command and reserve, when all are gone."""
    for row in PostingRow.objects.all():
        arrive(row, people.kapolsek)

    def down(desa, posture):
        rows = posts_actions.recall_postings(
            operation=op, desa=desa, posture=posture, by=people.kapolres, now=cast.NOW
        )
        return {(r.jenis, r.force, r.unit.bko) for r in rows}

    assert down(cast.KARANGJATI, "standby") == set()
    assert {(f, bko) for _, f, bko in down(cast.KARANGJATI, "l1")} <= {("polri", True), ("tni", False)}
    assert {j for j, _, _ in down(cast.KARANGJATI, "l2")} <= {"tps", "balai_desa"}
    assert {j for j, _, _ in down(cast.KARANGJATI, "l3")} == {"patroli"}
    for desa in (cast.TEGALREJO, cast.WONOSARI):
        assert not {"posko", "cadangan"} & {j for j, _, _ in down(desa, "l3")}
    assert {j for j, _, _ in down(cast.WONOSARI, "l4")} == {"posko", "cadangan"}
    assert set(PostingRow.objects.values_list("state", flat=True)) == {"returning"}


def test_release_needs_the_permission_and_the_area(op, people, in_force):
    for by in (people.camat, people.petugas1, people.polsek_banjaragung):
        with pytest.raises(NotAllowed):
            posts_actions.recall_postings(
                operation=op, desa=cast.KARANGJATI, posture="l2", by=by, now=cast.NOW
            )


@pytest.fixture
def returning(op, people, in_force):
    row = arrive(some_posting(), people.kapolsek)
    posts_actions.recall_postings(
        operation=op, desa=cast.KARANGJATI, posture="l2", by=people.kapolres, now=cast.NOW
    )
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(
    "back, equipment, home",
    [(None, None, False), (-1, 0, False), (0, -1, False), (0, 0, True), (1, 0, False)],
    ids=["not counted", "one short", "equipment short", "complete", "one too many"],
)
def test_home_only_when_out_equals_back(op, people, returning, back, equipment, home):
    if back is not None:
        posts_actions.count_back(
            operation=op,
            posting=returning.pk,
            back=returning.out + back,
            equipment_back=returning.equipment_out + equipment,
            by=people.kapolsek,
            now=cast.NOW,
        )
    if home:
        row = posts_actions.send_home(operation=op, posting=returning.pk, by=people.kapolsek, now=cast.NOW)
        assert row.state == "home"
    else:
        with pytest.raises(MoveRefused) as refused:
            posts_actions.send_home(operation=op, posting=returning.pk, by=people.kapolsek, now=cast.NOW)
        assert [g.gate for g in refused.value.shut] == ["15"]
        with pytest.raises(IntegrityError), transaction.atomic():
            PostingRow.objects.filter(pk=returning.pk).update(state="home")
    returning.refresh_from_db()
    assert returning.state == ("home" if home else "returning")


def test_a_short_count_is_kept_although_nobody_is_home(op, people, returning):
    """A missing officer is on the record at once, not lost with the refusal."""
    posts_actions.count_back(
        operation=op, posting=returning.pk, back=0, equipment_back=2, by=people.kapolsek, now=cast.NOW
    )
    returning.refresh_from_db()
    assert (returning.out, returning.back) == (returning.heads, 0)


def test_bad_news_turns_back_those_on_the_road(op, people, returning):
    rows = posts_actions.turn_back(operation=op, desa=cast.KARANGJATI, by=people.petugas1, now=cast.NOW)
    assert [r.pk for r in rows] == [returning.pk]
    returning.refresh_from_db()
    assert (returning.state, returning.back) == ("on_post", None)


def test_an_order_is_taken_back_only_by_the_kapolres_and_only_before_arrival(op, people, in_force):
    row = some_posting()
    with pytest.raises(NotAllowed):
        posts_actions.cancel_posting(operation=op, posting=row.pk, by=people.kapolsek, now=cast.NOW)
    assert (
        posts_actions.cancel_posting(operation=op, posting=row.pk, by=people.kapolres, now=cast.NOW).state
        == "cancelled"
    )
    other = arrive(some_posting(f"{cast.WONOSARI}-01"), people.kapolsek)
    with pytest.raises(MoveRefused):
        posts_actions.cancel_posting(operation=op, posting=other.pk, by=people.kapolres, now=cast.NOW)


def counted(op):
    return posts_queries.posting_counts(op, [cast.KARANGJATI])[cast.KARANGJATI]


def test_counts_for_the_gates_of_a_village(op, people, in_force, returning):
    counts = {c.posting: c for c in counted(op)}
    assert counts[str(returning.pk)].state == "returning"
    assert counts[str(returning.pk)].back is None
    posts_actions.cancel_posting(
        operation=op, posting=some_posting(f"{cast.KARANGJATI}-02").pk, by=people.kapolres, now=cast.NOW
    )
    assert len(counted(op)) == len(counts) - 1


def test_every_row_stands_in_the_book_as_it_is(op, people, returning):
    """Edits beneath are found because the newest line about a row holds its digest."""
    posts_actions.count_back(
        operation=op, posting=returning.pk, back=1, equipment_back=0, by=people.kapolsek, now=cast.NOW
    )
    said: dict[str, str] = {}
    for line in lines("uji"):
        said |= json.loads(line)["rows"]
    for model in (ForceUnit, PlanRow, PostingRow):
        for row in model.objects.all():
            assert said[row_key(row)] == row_digest(row)


def test_a_field_officer_sees_only_their_own_post(as_, in_force):
    text = as_("petugas1").get("/o/uji/rencana/apel/").content.decode()
    assert "Balai dusun" in text or "TPS 01" in text
    assert "SD negeri" not in text
    assert "Tegalrejo" not in text


def test_muster_by_page(as_, op, people, in_force):
    row = some_posting()
    officer = as_("petugas1")
    assert officer.post(f"/o/uji/rencana/apel/{row.pk}/hadir/", {"out": ""}).status_code == 422
    data = {"out": row.heads, "equipment_out": 1}
    assert officer.post(f"/o/uji/rencana/apel/{row.pk}/hadir/", data).status_code == 302
    assert officer.post(f"/o/uji/rencana/apel/{row.pk}/pulang/").status_code == 409
    posts_actions.recall_postings(
        operation=op, desa=cast.KARANGJATI, posture="l2", by=people.kapolres, now=cast.NOW
    )
    short = {"back": row.heads - 1, "equipment_back": 1}
    assert officer.post(f"/o/uji/rencana/apel/{row.pk}/hitung/", short).status_code == 302
    refused = officer.post(f"/o/uji/rencana/apel/{row.pk}/pulang/")
    assert refused.status_code == 409
    assert "Tidak dapat dikecualikan" in refused.content.decode()
    full = {"back": row.heads, "equipment_back": 1}
    assert officer.post(f"/o/uji/rencana/apel/{row.pk}/hitung/", full).status_code == 302
    assert officer.post(f"/o/uji/rencana/apel/{row.pk}/pulang/").status_code == 302
    row.refresh_from_db()
    assert row.state == "home"


def test_a_posting_outside_the_area_is_not_found(as_, in_force):
    row = some_posting()
    data = {"out": 1, "equipment_out": 0}
    assert as_("polsek.banjaragung").post(f"/o/uji/rencana/apel/{row.pk}/hadir/", data).status_code == 404
    assert as_("petugas2").post(f"/o/uji/rencana/apel/{row.pk}/hadir/", data).status_code == 404
    assert as_("camat").post(f"/o/uji/rencana/apel/{row.pk}/hadir/", data).status_code == 403


# ---- muster by unit: one tap for all, then only the exceptions


def of_unit(kode="polsek", state=None):
    rows = PostingRow.objects.filter(unit__kode=kode).order_by("post")
    return list(rows.filter(state=state) if state else rows)


def test_all_present_counts_each_posting_of_the_unit_but_for_the_exceptions(op, people, in_force, as_):
    first, *rest = of_unit()
    sent = {"unit": "polsek", "equipment_each": "2", f"orang-{first.pk}": str(first.heads - 1)}
    assert as_("kapolsek").post("/o/uji/rencana/apel/satuan/hadir/", sent).status_code == 302
    assert [r.state for r in of_unit()] == ["on_post"] * (len(rest) + 1)
    first.refresh_from_db()
    assert (first.out, first.equipment_out) == (first.heads - 1, 2 * (first.heads - 1))
    assert all(r.out == r.heads and r.equipment_out == 2 * r.heads for r in of_unit()[1:])


def test_nobody_at_a_post_leaves_its_order_and_more_than_ordered_moves_nothing(op, people, in_force, as_):
    first = of_unit()[0]
    sent = {"unit": "polsek", "equipment_each": "1"}
    kapolsek = as_("kapolsek")
    more = kapolsek.post("/o/uji/rencana/apel/satuan/hadir/", sent | {f"orang-{first.pk}": "99"})
    assert more.status_code == 409 and {r.state for r in of_unit()} == {"ordered"}
    kapolsek.post("/o/uji/rencana/apel/satuan/hadir/", sent | {f"orang-{first.pk}": "0"})
    assert [r.pk for r in of_unit(state="ordered")] == [first.pk]


@pytest.mark.parametrize("sent", [{}, {"equipment_each": ""}, {"equipment_each": "-1"}, {"orang-x": "1"}])
def test_equipment_is_counted_never_assumed(op, people, in_force, as_, sent):
    answer = as_("kapolsek").post("/o/uji/rencana/apel/satuan/hadir/", {"unit": "polsek"} | sent)
    assert answer.status_code == 422 and {r.state for r in of_unit()} == {"ordered"}


def test_a_posting_that_does_not_balance_holds_only_itself(op, people, in_force, as_):
    for row in of_unit():
        arrive(row, people.kapolsek)
    PostingRow.objects.filter(unit__kode="polsek").update(state="returning")
    first, *rest = of_unit()
    sent = {"unit": "polsek", f"orang-{first.pk}": str(first.out - 1)}
    assert as_("kapolsek").post("/o/uji/rencana/apel/satuan/kembali/", sent).status_code == 302
    assert [r.state for r in of_unit()] == ["returning"] + ["home"] * len(rest)


@pytest.mark.parametrize("who", ["petugas1", "camat", "humas"])
def test_who_musters_no_unit_moves_none(op, people, in_force, as_, who):
    before = {r.pk: r.state for r in PostingRow.objects.all()}
    as_(who).post("/o/uji/rencana/apel/satuan/hadir/", {"unit": "linmas-1", "equipment_each": "1"})
    moved = [r for r in PostingRow.objects.all() if r.state != before[r.pk]]
    assert all(r.post == getattr(getattr(people, who), "post", "") for r in moved)


def test_the_muster_decodes_no_plan(op, people, in_force, as_, monkeypatch):
    def decoded(raw):
        raise AssertionError("the muster read a plan")

    monkeypatch.setattr("kondusif_web.planning.queries.plan_from_json", decoded)
    assert as_("kapolsek").get("/o/uji/rencana/apel/").status_code == 200
