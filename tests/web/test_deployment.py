"""Forces, plans with two people, postings and their count: who may what, where, and what is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction

from kondusif.errors import ImportRefused, MoveRefused, NotAllowed, PlanRefused
from kondusif.forces import Force, Unit
from kondusif.places import Point
from kondusif.plan import verify
from kondusif_web.classes import queries as vulnerability
from kondusif_web.logbook.digests import row_digest, row_key
from kondusif_web.logbook.queries import lines
from kondusif_web.planning import actions as planning_actions
from kondusif_web.planning import queries as planning_queries
from kondusif_web.planning.facts import plan_of
from kondusif_web.planning.models import PlanRow
from kondusif_web.posts import actions as posts_actions
from kondusif_web.posts import muster as posts_muster
from kondusif_web.posts import queries as posts_queries
from kondusif_web.posts.models import ForceUnit, PostingRow
from tests import cast

pytestmark = pytest.mark.django_db

POLSEK = Point(-7.71, 112.91)
UNITS = (
    Unit("polsek", "Polsek Sumberarum", Force.POLRI, "polsek", 20, base=POLSEK, base_nama="Polsek"),
    Unit("brimob", "=Brimob BKO", Force.POLRI, "brimob", 12, base=Point(-7.8, 112.8), bko=True),
    Unit("koramil", "Koramil", Force.TNI, "koramil", 2, base=POLSEK, not_at=(cast.TEGALREJO,)),
    *(
        Unit(f"linmas-{kode[-1]}", f"Linmas {kode}", Force.LINMAS, "linmas", 14, only_desa=kode)
        for kode in (cast.KARANGJATI, cast.TEGALREJO, cast.WONOSARI)
    ),
)
LEVELS = {
    cast.KARANGJATI: 2,
    f"{cast.KARANGJATI}-01": 2,
    f"{cast.KARANGJATI}-02": 3,
    f"{cast.KARANGJATI}-03": 2,
    cast.TEGALREJO: 1,
    f"{cast.TEGALREJO}-01": 1,
    f"{cast.TEGALREJO}-02": 1,
    cast.WONOSARI: 1,
    f"{cast.WONOSARI}-01": 1,
    f"{cast.WONOSARI}-02": 1,
}


@pytest.fixture
def classes(monkeypatch):
    """Published classes of the three villages, as a dict a test may change."""
    levels = dict(LEVELS)
    monkeypatch.setattr(vulnerability, "levels", lambda operation, now=None: dict(levels))
    monkeypatch.setattr(vulnerability, "force_levels", lambda operation, now=None: dict(levels))
    return levels


@pytest.fixture
def forces(op, people, classes):
    return posts_actions.import_forces(operation=op, units=UNITS, by=people.perencana, now=cast.NOW)


def make(op, people):
    return planning_actions.make_plan(operation=op, by=people.perencana, now=cast.NOW)


@pytest.fixture
def proposed(op, people, forces):
    return planning_actions.propose_plan(
        operation=op, plan=make(op, people), by=people.perencana, now=cast.NOW
    )


@pytest.fixture
def in_force(op, proposed, people):
    return planning_actions.approve_plan(operation=op, plan=proposed, by=people.kapolres, now=cast.NOW)


def posting(unit="polsek", post=f"{cast.KARANGJATI}-01"):
    return PostingRow.objects.get(unit__kode=unit, post=post)


def some_posting(post=f"{cast.KARANGJATI}-01", force="polri"):
    return PostingRow.objects.filter(post=post, force=force).first()


def arrive(row, by, out=None, equipment=2):
    return posts_muster.check_in(
        operation=by.operation,
        posting=row.pk,
        out=out or row.heads,
        equipment_out=equipment,
        by=by,
        now=cast.NOW,
    )


# ---- forces


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


# ---- plans


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
    assert refused.value.facts["why"] == "same_person"
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
    assert refused.value.facts["why"] == "area"


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
    from tests.web.test_vulnerability import CALM, TENSE, village

    posts_actions.import_forces(operation=op, units=UNITS, by=people.perencana, now=cast.NOW)
    with pytest.raises(PlanRefused):
        make(op, people)
    answers = village(TENSE) + village(CALM, cast.TEGALREJO) + village(CALM, cast.WONOSARI)
    answers_actions.import_answers(operation=op, answers=answers, by=people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    with pytest.raises(PlanRefused) as refused:  # reckoned, but not published
        make(op, people)
    assert {v.rule for v in refused.value.violations} == {"class_published"}
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    row = planning_actions.propose_plan(
        operation=op, plan=make(op, people), by=people.perencana, now=cast.NOW
    )
    row = planning_actions.approve_plan(operation=op, plan=row, by=people.kapolres, now=cast.NOW)
    before = vulnerability.force_levels(op)
    assert plan_of(row).levels == {k: n for k, n in before.items() if not k.startswith(cast.OUTSIDE)}
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    assert vulnerability.force_levels(op) == before


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
    assert set(in_force.postings.values_list("state", flat=True)) == {"cancelled"}
    assert set(second.postings.values_list("state", flat=True)) == {"ordered"}


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


# ---- postings


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
            posts_muster.check_in(operation=op, posting=row.pk, out=out, by=people.kapolsek, now=cast.NOW)
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
        rows = posts_muster.release(
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


def test_release_needs_the_deed_and_the_area(op, people, in_force):
    for by in (people.camat, people.petugas1, people.polsek_banjaragung):
        with pytest.raises(NotAllowed):
            posts_muster.release(operation=op, desa=cast.KARANGJATI, posture="l2", by=by, now=cast.NOW)


@pytest.fixture
def returning(op, people, in_force):
    row = arrive(some_posting(), people.kapolsek)
    posts_muster.release(operation=op, desa=cast.KARANGJATI, posture="l2", by=people.kapolres, now=cast.NOW)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(
    "back, equipment, home",
    [(None, None, False), (-1, 0, False), (0, -1, False), (0, 0, True), (1, 0, False)],
    ids=["not counted", "one short", "equipment short", "complete", "one too many"],
)
def test_home_only_when_out_equals_back(op, people, returning, back, equipment, home):
    if back is not None:
        posts_muster.count_back(
            operation=op,
            posting=returning.pk,
            back=returning.out + back,
            equipment_back=returning.equipment_out + equipment,
            by=people.kapolsek,
            now=cast.NOW,
        )
    if home:
        row = posts_muster.send_home(operation=op, posting=returning.pk, by=people.kapolsek, now=cast.NOW)
        assert row.state == "home"
    else:
        with pytest.raises(MoveRefused) as refused:
            posts_muster.send_home(operation=op, posting=returning.pk, by=people.kapolsek, now=cast.NOW)
        assert [g.gate for g in refused.value.shut] == ["15"]
        with pytest.raises(IntegrityError), transaction.atomic():
            PostingRow.objects.filter(pk=returning.pk).update(state="home")
    returning.refresh_from_db()
    assert returning.state == ("home" if home else "returning")


def test_a_short_count_is_kept_although_nobody_is_home(op, people, returning):
    """A missing officer is on the record at once, not lost with the refusal."""
    posts_muster.count_back(
        operation=op, posting=returning.pk, back=0, equipment_back=2, by=people.kapolsek, now=cast.NOW
    )
    returning.refresh_from_db()
    assert (returning.out, returning.back) == (returning.heads, 0)


def test_bad_news_turns_back_those_on_the_road(op, people, returning):
    rows = posts_muster.turn_back(operation=op, desa=cast.KARANGJATI, by=people.petugas1, now=cast.NOW)
    assert [r.pk for r in rows] == [returning.pk]
    returning.refresh_from_db()
    assert (returning.state, returning.back) == ("on_post", None)


def test_an_order_is_taken_back_only_by_the_kapolres_and_only_before_arrival(op, people, in_force):
    row = some_posting()
    with pytest.raises(NotAllowed):
        posts_muster.cancel(operation=op, posting=row.pk, by=people.kapolsek, now=cast.NOW)
    assert (
        posts_muster.cancel(operation=op, posting=row.pk, by=people.kapolres, now=cast.NOW).state
        == "cancelled"
    )
    other = arrive(some_posting(f"{cast.WONOSARI}-01"), people.kapolsek)
    with pytest.raises(MoveRefused):
        posts_muster.cancel(operation=op, posting=other.pk, by=people.kapolres, now=cast.NOW)


def test_counts_for_the_gates_of_a_village(op, people, in_force, returning):
    counts = {c.posting: c for c in posts_queries.posting_counts(op, cast.KARANGJATI)}
    assert counts[str(returning.pk)].state == "returning"
    assert counts[str(returning.pk)].back is None
    posts_muster.cancel(
        operation=op, posting=some_posting(f"{cast.KARANGJATI}-02").pk, by=people.kapolres, now=cast.NOW
    )
    assert len(posts_queries.posting_counts(op, cast.KARANGJATI)) == len(counts) - 1


def test_every_row_stands_in_the_book_as_it_is(op, people, returning):
    """Edits beneath are found because the newest line about a row holds its digest."""
    posts_muster.count_back(
        operation=op, posting=returning.pk, back=1, equipment_back=0, by=people.kapolsek, now=cast.NOW
    )
    said: dict[str, str] = {}
    for line in lines("uji"):
        said |= json.loads(line)["rows"]
    for model in (ForceUnit, PlanRow, PostingRow):
        for row in model.objects.all():
            assert said[row_key(row)] == row_digest(row)


# ---- pages


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


def test_a_field_officer_sees_only_their_own_post(as_, in_force):
    text = as_("petugas1").get("/o/uji/rencana/apel/").content.decode()
    assert "Balai dusun" in text or "TPS 01" in text
    assert "SD negeri" not in text
    assert "Tegalrejo" not in text


def test_the_plan_page_before_any_plan(as_, op, classes, people):
    classes.pop(cast.WONOSARI)
    text = as_("perencana").get("/o/uji/rencana/").content.decode()
    assert "Belum ada rencana" in text
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
    assert "Rencana v1 disahkan" in text
    assert "Usulan [P]" in text  # the pattern set names its source
    assert "style=" not in text and "<script>" not in text


def test_versions_stay_to_be_seen(as_, op, people, in_force):
    make(op, people)
    text = as_("kapolsek").get("/o/uji/rencana/").content.decode()
    assert "Rencana v2 belum disahkan" in text and "Yang berlaku tetap rencana v1" in text
    assert "Versi rencana" in text and "Disahkan" in text and "Konsep" in text


def test_a_refused_plan_shows_every_reason(as_, op, people, forces, classes):
    del classes[cast.WONOSARI], classes[f"{cast.TEGALREJO}-01"]
    answer = as_("perencana").post("/o/uji/rencana/susun/", {"pattern_set": "jatim-2021-2023"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Wonosari belum punya kelas" in text and "TPS 01 Tegalrejo belum punya kelas" in text
    assert as_("perencana").post("/o/uji/rencana/susun/", {"pattern_set": "2-4-8"}).status_code == 400


def test_muster_by_page(as_, op, people, in_force):
    row = some_posting()
    officer = as_("petugas1")
    assert officer.post(f"/o/uji/rencana/apel/{row.pk}/hadir/", {"out": ""}).status_code == 400
    data = {"out": row.heads, "equipment_out": 1}
    assert officer.post(f"/o/uji/rencana/apel/{row.pk}/hadir/", data).status_code == 302
    assert officer.post(f"/o/uji/rencana/apel/{row.pk}/pulang/").status_code == 409
    posts_muster.release(operation=op, desa=cast.KARANGJATI, posture="l2", by=people.kapolres, now=cast.NOW)
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


def test_a_page_changes_nothing_when_only_read(as_, in_force):
    for name in ("susun/", f"{in_force.pk}/ajukan/", f"{in_force.pk}/sahkan/"):
        assert as_("kapolres").get(f"/o/uji/rencana/{name}").status_code == 405


def test_every_code_has_its_words():
    from kondusif.deploy import PostingState
    from kondusif.plan.answer import WHY
    from kondusif.plan.problem import JENIS
    from kondusif_web.planning import wording as planning_wording
    from kondusif_web.planning.models import PlanState
    from kondusif_web.posts import wording as posts_wording

    assert set(planning_wording.WHY) == set(WHY)
    assert set(posts_wording.JENIS) == set(JENIS)
    assert set(posts_wording.POSTING_STATES) == set(PostingState)
    assert set(planning_wording.PLAN_STATES) == set(PlanState)
    assert set(posts_wording.FORCES) == set(Force)


# ---- the list


def sheet(answer):
    from openpyxl import load_workbook

    assert "no-store" in answer["Cache-Control"]
    return load_workbook(BytesIO(answer.content)).active


def test_the_plotting_list(as_, in_force):
    page = sheet(as_("kapolres").get("/o/uji/rencana/plotting.xlsx"))
    rows = list(page.iter_rows(values_only=True))
    assert "disahkan" in rows[0][0] and "kepala buku" in rows[0][0]
    assert "LATIHAN - DATA ILUSTRATIF" in rows[1][0]
    assert "Ditempatkan" in rows[2][0] and "Pengesah" in rows[2][0]
    at = rows.index(next(r for r in rows if r[0] == "No"))
    table = [dict(zip(rows[at], r, strict=True)) for r in rows[at + 1 :]]
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
