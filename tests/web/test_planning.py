"""Plans with two people: who may what, where, and what is refused; the page and the plotting list."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction

from kondusif.errors import MoveRefused, NotAllowed, PlanRefused
from kondusif.forces import Force
from kondusif.plan import verify
from kondusif_web.classes import queries as classes_queries
from kondusif_web.planning import actions as planning_actions
from kondusif_web.planning import queries as planning_queries
from kondusif_web.planning.models import PlanRow
from kondusif_web.planning.queries import plan_of
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
    make,
    proposed,
    some_posting,
)

__all__ = ["classes", "forces", "in_force", "proposed"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "who", ["kapolsek", "kapolres", "petugas1", "camat", "panitia_karangjati", "auditor"]
)
def test_only_a_planner_imports_and_makes(op, people, classes, who):
    by = getattr(people, who)
    for do in (
        lambda: posts_actions.import_forces(operation=op, units=UNITS, by=by, now=cast.NOW),
        lambda: planning_actions.make_plan(operation=op, by=by, now=cast.NOW),
    ):
        with pytest.raises(NotAllowed):
            do()


def test_a_plan_covers_the_planners_villages_and_says_what_is_unmet(op, people, forces):
    row = make(op, people)
    plan = plan_of(row)
    assert row.scope == [cast.KARANGJATI, cast.TEGALREJO, cast.WONOSARI]
    assert {p.desa for p in plan.posts if p.desa} == set(row.scope)
    assert [(u.post, u.force, u.missing, u.why) for u in plan.unmet] == [
        (f"{cast.KARANGJATI}-02", Force.TNI, 1, "no_strength")
    ]
    assert verify(plan, plan.posts, posts_queries.units(op)) == ()
    assert plan.digest == row.plan_digest


@pytest.mark.parametrize("gone", [cast.WONOSARI, f"{cast.TEGALREJO}-02"])
def test_a_place_without_a_published_class_stops_the_plan(op, people, forces, classes, gone):
    del classes[gone]
    with pytest.raises(PlanRefused) as refused:
        make(op, people)
    assert [(v.rule, v.where) for v in refused.value.violations] == [("class_published", gone)]
    assert not PlanRow.objects.exists()


def test_a_pattern_set_without_a_pattern_for_a_class_stops_the_plan(op, people, forces):
    with pytest.raises(PlanRefused) as refused:
        planning_actions.make_plan(
            operation=op, by=people.perencana, now=cast.NOW, pattern_set="mojokerto-2019"
        )
    assert {v.rule for v in refused.value.violations} == {"pattern_for_level"}
    with pytest.raises(PlanRefused):
        planning_actions.make_plan(operation=op, by=people.perencana, now=cast.NOW, pattern_set="2-4-8")


def test_a_new_draft_replaces_the_open_one(op, people, forces):
    first, second = make(op, people), make(op, people)
    first.refresh_from_db()
    assert (first.state, second.state, second.version) == ("superseded", "draft", 2)
    assert planning_queries.open_plan(op) == second


def test_who_made_a_plan_does_not_approve_it(op, people, forces):
    """The database refuses the same, should anyone go around the action."""
    row = make(op, people)
    with pytest.raises(NotAllowed):
        planning_actions.approve_plan(operation=op, plan=row, by=people.perencana, now=cast.NOW)
    PlanRow.objects.filter(pk=row.pk).update(made_by=people.kapolres, state="proposed")
    with pytest.raises(NotAllowed) as refused:
        planning_actions.approve_plan(operation=op, plan=row, by=people.kapolres, now=cast.NOW)
    assert refused.value.reason == "same_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanRow.objects.filter(pk=row.pk).update(approved_by=people.kapolres, approved_at=cast.NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"approved_at": cast.NOW},
        {"state": "approved"},
    ],
)
def test_an_approval_without_who_and_when_is_refused_by_the_database(op, people, forces, change):
    row = make(op, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanRow.objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize("who", ["kapolsek", "kabagops", "perencana", "polsek_banjaragung", "camat", "humas"])
def test_only_the_kapolres_approves(op, proposed, people, who):
    with pytest.raises(NotAllowed):
        planning_actions.approve_plan(operation=op, plan=proposed, by=getattr(people, who), now=cast.NOW)


def test_a_kapolres_of_elsewhere_does_not_approve(op, proposed, people):
    people.wakapolres.prefixes = ["99.01.02"]
    people.wakapolres.save()
    with pytest.raises(NotAllowed) as refused:
        planning_actions.approve_plan(operation=op, plan=proposed, by=people.wakapolres, now=cast.NOW)
    assert refused.value.reason == "area"


def test_only_a_proposed_plan_is_approved_and_only_a_draft_proposed(op, people, forces, proposed):
    with pytest.raises(MoveRefused):
        planning_actions.propose_plan(operation=op, plan=proposed, by=people.perencana, now=cast.NOW)
    draft = make(op, people)
    with pytest.raises(MoveRefused):
        planning_actions.approve_plan(operation=op, plan=draft, by=people.kapolres, now=cast.NOW)


def test_approval_makes_postings_and_starts(op, in_force):
    plan = plan_of(in_force)
    assert PostingRow.objects.count() == len(plan.assigned)
    assert sum(p.heads for p in PostingRow.objects.all()) == plan.posted.total
    starts = planning_queries.plan_starts(op)
    assert starts[cast.KARANGJATI] - starts[f"{cast.KARANGJATI}-02"] == timedelta(days=1)
    assert planning_queries.approved_plan(op) == in_force


def test_before_approval_nothing_begins_and_nothing_is_ready(op, proposed):
    assert planning_queries.plan_starts(op) == {}
    assert planning_queries.readiness(op) == ()
    assert not PostingRow.objects.exists()


def test_readiness_comes_from_the_plan_in_force(op, in_force):
    ready = {r.desa: r for r in planning_queries.readiness(op)}
    assert set(ready) == {cast.KARANGJATI, cast.TEGALREJO, cast.WONOSARI}
    assert ready[cast.KARANGJATI].shortfall > 0 == ready[cast.WONOSARI].shortfall
    assert all(r.reserve_minutes and r.reserve_minutes > 0 for r in ready.values())


def test_approval_gives_the_next_assessment_its_readiness(op, in_force):
    """RULES 5: F01 and F03 come from the last approved plan, never from one that waits."""
    from kondusif_web.answers.models import Answer

    said = {(a.place, a.item): a.value for a in Answer.objects.filter(operation=op)}
    ready = {r.desa: r for r in planning_queries.readiness(op)}
    assert said == {
        **{(kode, "F01"): r.shortfall for kode, r in ready.items()},
        **{(kode, "F03"): r.reserve_minutes for kode, r in ready.items()},
    }


def test_a_plan_from_classes_that_were_really_published(op, people):
    """No stand-in for the classes: answers, assessment, publication, plan, approval, and no circle."""
    from kondusif_web.answers import actions as answers_actions
    from kondusif_web.classes import actions as classes_actions
    from tests.web.test_classes import CALM, TENSE, village

    posts_actions.import_forces(operation=op, units=UNITS, by=people.perencana, now=cast.NOW)
    with pytest.raises(PlanRefused):
        make(op, people)
    answers = village(TENSE) + village(CALM, cast.TEGALREJO) + village(CALM, cast.WONOSARI)
    answers_actions.take_answers(operation=op, answers=answers, by=people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    with pytest.raises(PlanRefused) as refused:  # reckoned, but not published
        make(op, people)
    assert {v.rule for v in refused.value.violations} == {"class_published"}
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    row = planning_actions.propose_plan(
        operation=op, plan=make(op, people), by=people.perencana, now=cast.NOW
    )
    row = planning_actions.approve_plan(operation=op, plan=row, by=people.kapolres, now=cast.NOW)
    before = classes_queries.force_levels(op)
    assert plan_of(row).levels == {k: n for k, n in before.items() if not k.startswith(cast.OUTSIDE)}
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    assert classes_queries.force_levels(op) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda classes: classes.update({f"{cast.WONOSARI}-01": 3}),
        lambda classes: classes.pop(cast.WONOSARI),
        lambda classes: ForceUnit.objects.filter(kode="polsek").update(strength=1),
        lambda classes: ForceUnit.objects.filter(kode="linmas-1").update(strength=99),
        lambda classes: ForceUnit.objects.filter(kode="polsek").update(not_at=[cast.KARANGJATI]),
        lambda classes: ForceUnit.objects.filter(kode="brimob").delete(),
    ],
    ids=["class rose", "class gone", "weaker", "stronger", "conflict declared", "unit gone"],
)
def test_a_plan_of_yesterday_is_not_approved(op, proposed, people, classes, change):
    change(classes)
    with pytest.raises(PlanRefused) as refused:
        planning_actions.approve_plan(operation=op, plan=proposed, by=people.kapolres, now=cast.NOW)
    assert refused.value.violations


def test_a_plan_edited_beneath_is_not_approved(op, proposed, people):
    body = json.loads(json.dumps(proposed.body))
    body["assigned"][0][3] += 5
    PlanRow.objects.filter(pk=proposed.pk).update(body=body)
    with pytest.raises(PlanRefused) as refused:
        planning_actions.approve_plan(operation=op, plan=proposed, by=people.kapolres, now=cast.NOW)
    assert {"plan_as_made", "never_padded"} <= {v.rule for v in refused.value.violations}


def test_a_second_plan_takes_over_while_nobody_is_out(op, people, in_force, classes):
    classes[f"{cast.WONOSARI}-01"] = 2
    second = planning_actions.propose_plan(
        operation=op, plan=make(op, people), by=people.perencana, now=cast.NOW
    )
    assert planning_queries.approved_plan(op) == in_force  # until the Kapolres decides
    planning_actions.approve_plan(operation=op, plan=second, by=people.kapolres, now=cast.NOW)
    in_force.refresh_from_db()
    assert in_force.state == "superseded"
    assert set(PostingRow.objects.filter(plan=in_force.pk).values_list("state", flat=True)) == {"cancelled"}
    assert set(PostingRow.objects.filter(plan=second.pk).values_list("state", flat=True)) == {"ordered"}


def test_a_second_plan_waits_while_people_of_the_first_are_out(op, people, in_force):
    arrive(some_posting(), people.kapolsek)
    second = planning_actions.propose_plan(
        operation=op, plan=make(op, people), by=people.perencana, now=cast.NOW
    )
    with pytest.raises(PlanRefused) as refused:
        planning_actions.approve_plan(operation=op, plan=second, by=people.kapolres, now=cast.NOW)
    assert {v.rule for v in refused.value.violations} == {"everyone_home"}


def test_a_planner_of_one_kecamatan_cannot_drop_the_villages_of_another(op, people, in_force):
    people.perencana.prefixes = [cast.WONOSARI]
    people.perencana.save()
    with pytest.raises(PlanRefused) as refused:
        make(op, people)
    assert {v.where for v in refused.value.violations} == {cast.KARANGJATI, cast.TEGALREJO}


SEES_PLAN = {"perencana", "kabagops", "kapolsek", "kapolres", "wakapolres", "polsek.banjaragung"}
MUSTERS = SEES_PLAN | {"petugas1", "petugas2"}


@pytest.mark.parametrize("person", cast.PEOPLE, ids=lambda p: p.username)
def test_who_sees_which_page(as_, in_force, person):
    browser = as_(person.username)
    shut = 404 if person.role == "admin" else 403  # no member: the address is not there
    plan = 200 if person.username in SEES_PLAN else shut
    assert browser.get("/o/uji/rencana/").status_code == plan
    assert browser.get("/o/uji/rencana/apel/").status_code == (200 if person.username in MUSTERS else shut)
    assert browser.get("/o/uji/rencana/plotting.xlsx").status_code == plan


def test_nobody_without_signing_in(client, in_force):
    for path in ("/o/uji/rencana/", "/o/uji/rencana/apel/", "/o/uji/rencana/plotting.xlsx"):
        assert client.get(path).status_code == 302


def test_every_read_is_in_the_access_log(as_, in_force):
    from kondusif_web.accounts.models import AccessEntry

    browser = as_("kapolsek")
    for path in ("/o/uji/rencana/", "/o/uji/rencana/apel/", "/o/uji/rencana/plotting.xlsx"):
        browser.get(path)
    read = AccessEntry.objects.filter(kind="read", by="kapolsek").values_list("subject", flat=True)
    assert set(read) == {"plan.page", "plan.muster", "plan.plotting"}


def test_what_lies_outside_the_area_is_not_there(as_, in_force):
    text = as_("polsek.banjaragung").get("/o/uji/rencana/").content.decode()
    assert "Tegalrejo" not in text
    assert "Linmas 99" not in text and "Polsek Sumberarum" not in text
    assert b"Polsek Sumberarum" not in as_("polsek.banjaragung").get("/o/uji/rencana/apel/").content


def test_the_plan_page_before_any_plan(as_, op, classes, people):
    classes.pop(cast.WONOSARI)
    text = as_("perencana").get("/o/uji/rencana/").content.decode()
    assert "Belum ada rencana pengamanan" in text
    assert "Wonosari" in text and "aria-disabled" in text


def test_from_the_page_to_a_plan_in_force(as_, op, people, forces):
    planner, chief = as_("perencana"), as_("kapolres")
    assert planner.post("/o/uji/rencana/susun/", {"pattern_set": "jatim-2021-2023"}).status_code == 302
    row = PlanRow.objects.get()
    text = chief.get("/o/uji/rencana/").content.decode()
    assert "belum disahkan" in text and "Belum diajukan" in text
    assert chief.post(f"/o/uji/rencana/{row.pk}/sahkan/").status_code == 409
    assert planner.post(f"/o/uji/rencana/{row.pk}/ajukan/").status_code == 302
    text = planner.get("/o/uji/rencana/").content.decode()
    assert "Hanya Kapolres yang mengesahkan" in text
    assert planner.post(f"/o/uji/rencana/{row.pk}/sahkan/").status_code == 403
    assert "Tambahan terkecil" in text and "Kurang 1 TNI" in text
    assert chief.post(f"/o/uji/rencana/{row.pk}/sahkan/").status_code == 302
    text = chief.get("/o/uji/rencana/").content.decode()
    assert "Rencana pengamanan v1 disahkan" in text
    assert "Usulan [P]" in text  # the pattern set names its source
    assert "style=" not in text and "<script>" not in text


def test_versions_stay_to_be_seen(as_, op, people, in_force):
    make(op, people)
    text = as_("kapolsek").get("/o/uji/rencana/").content.decode()
    assert "Rencana pengamanan v2 belum disahkan" in text and "Yang berlaku tetap rencana v1" in text
    assert "Versi rencana pengamanan" in text and "Disahkan" in text and "Konsep" in text


def test_a_refused_plan_shows_every_reason(as_, op, people, forces, classes):
    del classes[cast.WONOSARI], classes[f"{cast.TEGALREJO}-01"]
    answer = as_("perencana").post("/o/uji/rencana/susun/", {"pattern_set": "jatim-2021-2023"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Wonosari belum punya kelas" in text and "TPS 01 Tegalrejo belum punya kelas" in text
    assert as_("perencana").post("/o/uji/rencana/susun/", {"pattern_set": "2-4-8"}).status_code == 422


def test_a_page_changes_nothing_when_only_read(as_, in_force):
    for name in ("susun/", f"{in_force.pk}/ajukan/", f"{in_force.pk}/sahkan/"):
        assert as_("kapolres").get(f"/o/uji/rencana/{name}").status_code == 405


def test_every_code_has_its_words():
    from kondusif.deploy import PostingState
    from kondusif.plan.answer import UNMET_REASONS
    from kondusif_web.planning import wording as planning_wording
    from kondusif_web.planning.models import PlanState
    from kondusif_web.posts import wording as posts_wording

    assert set(planning_wording.UNMET) == set(UNMET_REASONS)
    assert set(posts_wording.POSTING_STATES) == set(PostingState)
    assert set(planning_wording.PLAN_STATES) == set(PlanState)
    assert set(posts_wording.FORCES) == set(Force)


def sheet(answer):
    from openpyxl import load_workbook

    assert "no-store" in answer["Cache-Control"]
    return load_workbook(BytesIO(answer.content)).active


def test_the_plotting_list(as_, in_force):
    page = sheet(as_("kapolres").get("/o/uji/rencana/plotting.xlsx"))
    rows = list(page.iter_rows(values_only=True))
    assert "disahkan" in rows[0][0] and "kode pemeriksa" in rows[0][0]
    assert "LATIHAN - DATA ILUSTRATIF" in rows[1][0]
    assert "Ditempatkan" in rows[2][0] and "Pengesah" in rows[2][0]
    at = rows.index(next(r for r in rows if r[0] == "No"))
    end = next(n for n, r in enumerate(rows[at:], at) if not any(r))  # below it is the room to sign
    table = [dict(zip(rows[at], r, strict=True)) for r in rows[at + 1 : end]]
    assert any("Mengetahui" in str(r[0]) for r in rows[end:])
    plan = plan_of(in_force)
    assert sum(r["Jumlah"] for r in table) == plan.posted.total
    gaps = [r["Keterangan"] for r in table if r["Jumlah"] == 0]
    assert len(gaps) == len(plan.unmet) and all("BELUM TERPENUHI" in g for g in gaps)
    first = next(r for r in table if r["Kode pos"] == f"{cast.KARANGJATI}-02")
    assert (first["Mulai"].day, first["Mulai"].hour) == (7, 7)  # H-3 07.00 local time
    assert {r["Kelas"] for r in table} <= {"", "Kurang Rawan", "Rawan", "Sangat Rawan"}
    assert page.page_setup.paperSize == int(page.PAPERSIZE_A4)


def test_no_cell_of_the_list_is_a_formula(as_, in_force):
    page = sheet(as_("kapolres").get("/o/uji/rencana/plotting.xlsx"))
    cells = [c for row in page.iter_rows() for c in row]
    assert any("Brimob" in str(c.value) for c in cells)
    assert all(c.data_type != "f" for c in cells)
    assert not any(str(c.value).startswith("=") for c in cells)


def test_a_draft_says_on_its_paper_that_it_is_one(as_, proposed):
    page = sheet(as_("kapolres").get("/o/uji/rencana/plotting.xlsx"))
    assert "BELUM DISAHKAN" in page["A1"].value


def test_without_a_plan_there_is_no_list(as_, op, classes, people):
    assert as_("kapolres").get("/o/uji/rencana/plotting.xlsx").status_code == 404
