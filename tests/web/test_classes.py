"""Answers, assessments, publication, overrides: the actions and what the database itself refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kondusif import logbook
from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.answers.answer import Given
from kondusif.errors import Conflict, ImportRefused, MoveRefused, NotAllowed
from kondusif.instrument.indicator import is_companion
from kondusif.plan.readiness import Readiness
from kondusif_web.answers import actions as answers_actions
from kondusif_web.answers import queries as answers_queries
from kondusif_web.answers.models import Answer
from kondusif_web.classes import actions as classes_actions
from kondusif_web.classes import queries as classes_queries
from kondusif_web.classes.models import Assessment, Override
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.queries import head, lines
from kondusif_web.pages.texts import TextRefused
from kondusif_web.planning.actions import take_readiness
from tests import cast

pytestmark = pytest.mark.django_db

DAY = cast.NOW.date()
TENSE, CALM, KARANGJATI = cast.TENSE, cast.CALM, cast.KARANGJATI


def told(item, value, place=cast.KARANGJATI, ago=0, id="", **more):
    named = is_companion(item)
    on = DAY - timedelta(ago)
    return CoreAnswer(
        id or f"{place}/{item}/{on}",
        place,
        item,
        None if named else float(value),
        value if named else "",
        Given.VALUE,
        on,
        more.pop("source", "Berita acara panitia"),
        more.pop("rater", "petugas1"),
        **more,
    )


def village(values, place=cast.KARANGJATI, ago=0):
    return [told(i, x, place, ago) for i, x in values.items()]


@pytest.fixture
def taken(op, people):
    """The tense village and the calm one, answered in full; the third not at all."""
    answers = village(TENSE) + village(CALM, cast.TEGALREJO)
    answers_actions.take_answers(operation=op, answers=answers, by=people.perencana, now=cast.NOW)
    return op


@pytest.fixture
def published(taken, people):
    classes_actions.assess_operation(operation=taken, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=taken, by=people.perencana, now=cast.NOW)
    return taken


def import_(op, people, *answers, by="perencana"):
    return answers_actions.take_answers(operation=op, answers=answers, by=getattr(people, by), now=cast.NOW)


# ---- answers


def test_same_id_and_content_is_accepted_once(op, people):
    assert import_(op, people, told("A01", 2)) == answers_actions.Receipt(1, 0)
    assert import_(op, people, told("A01", 2), told("A02", 1)) == answers_actions.Receipt(1, 1)
    assert Answer.objects.count() == 2


def test_same_id_other_content_is_a_conflict_and_takes_nothing(op, people):
    import_(op, people, told("A01", 2, id="x"))
    with pytest.raises(Conflict):
        import_(op, people, told("A02", 1), told("A01", 3, id="x"))
    assert list(Answer.objects.values_list("item", "value")) == [("A01", 2.0)]


def test_corrections_that_go_round_are_a_conflict(op, people):
    with pytest.raises(Conflict):
        import_(op, people, told("A01", 1, id="a", corrects="b"), told("A01", 2, id="b", corrects="a"))
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "wrong, column",
    [
        ({"place": "99.01.01.2099"}, "tempat"),
        ({"place": f"{cast.KARANGJATI}-09"}, "tempat"),
        ({"item": "Z01"}, "butir"),
        ({"on": DAY + timedelta(1)}, "tanggal"),
        ({"source": "warga suku tertentu"}, "sumber"),
        ({"rater": "kader partai"}, "penilai"),
        ({"given": Given.NOT_APPLICABLE, "value": None}, "keadaan"),
    ],
)
def test_every_problem_is_named_and_nothing_taken(op, people, wrong, column):
    bad = [replace(told("A01", 1), **wrong), told("A02", 1, source="pendukung calon 1", id="second")]
    with pytest.raises(ImportRefused) as caught:
        import_(op, people, *bad)
    assert {p.column for p in caught.value.problems} == {column, "sumber"}
    assert not Answer.objects.exists()


def test_answers_outside_the_areas_are_refused(op, people):
    with pytest.raises(NotAllowed):
        import_(op, people, told("A01", 1, cast.OUTSIDE))


def test_nobody_voids_an_answer_of_a_place_outside_their_areas(op, people):
    outside = told("D05", 1, cast.OUTSIDE, id="weapon")
    answers_actions.take_answers(operation=op, answers=[outside], by=None, now=cast.NOW)
    with pytest.raises(Conflict):
        import_(op, people, told("D05", 0, corrects="weapon"))


@pytest.mark.parametrize("who", ["kapolsek", "camat", "panitia_karangjati", "petugas1", "humas", "auditor"])
def test_only_the_planner_imports(op, people, who):
    with pytest.raises(NotAllowed):
        import_(op, people, told("A01", 1), by=who)


def test_an_answer_says_one_thing(op, people):
    import_(op, people, told("A01", 2), told("D06_threat", "yes"))
    for change in ({"word": "yes"}, {"value": None}, {"given": "refused"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.filter(item="A01").update(**change)


# ---- assessments


def test_drafts_for_every_voting_village_in_the_areas(taken, people):
    drafts = classes_actions.assess_operation(operation=taken, by=people.perencana, now=cast.NOW)
    got = {d.desa.kode: (d.level, d.force_level) for d in drafts}
    assert got == {cast.KARANGJATI: (2, 2), cast.TEGALREJO: (1, 1), cast.WONOSARI: (None, None)}
    assert round(drafts[0].results["total"], 2) == 38.59
    assert sum(i["points"] or 0 for i in drafts[0].results["items"]) == pytest.approx(
        drafts[0].results["total"], abs=1e-9
    )


def test_a_new_draft_takes_the_place_of_the_old_one(taken, people):
    for _ in range(2):
        classes_actions.assess_operation(operation=taken, by=people.perencana, now=cast.NOW)
    assert Assessment.objects.count() == 3
    assert logbook.verify_lines(lines("uji"), head("uji"), "uji") == ()


def test_what_has_no_class_stays_a_draft(published):
    assert set(classes_queries.latest(published)) == {cast.KARANGJATI, cast.TEGALREJO}
    assert Assessment.objects.get(number__isnull=True).desa.kode == cast.WONOSARI


def test_a_draft_older_than_its_answers_is_not_published(taken, people):
    classes_actions.assess_operation(operation=taken, by=people.perencana, now=cast.NOW)
    import_(taken, people, told("D05", 1, id="new"))
    with pytest.raises(Conflict):
        classes_actions.publish_assessments(operation=taken, by=people.perencana, now=cast.NOW)
    assert not classes_queries.latest(taken)


def test_a_draft_of_yesterday_is_not_published(taken, people):
    classes_actions.assess_operation(operation=taken, by=people.perencana, now=cast.NOW)
    with pytest.raises(Conflict):
        classes_actions.publish_assessments(
            operation=taken, by=people.perencana, now=cast.NOW + timedelta(days=1)
        )


def test_nothing_to_publish_is_refused(op, people):
    with pytest.raises(MoveRefused):
        classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)


@pytest.mark.parametrize("who", ["camat", "danramil", "panitia_karangjati", "petugas1", "humas", "auditor"])
def test_who_may_not_assess_nor_publish(taken, people, who):
    by = getattr(people, who)
    for action in (classes_actions.assess_operation, classes_actions.publish_assessments):
        with pytest.raises(NotAllowed):
            action(operation=taken, by=by, now=cast.NOW)


def test_missing_never_calms_over_publications(published, people):
    """Ninety days of silence and one calm answer: the class of Karangjati stays where it was."""
    later = cast.NOW + timedelta(days=90)
    calm = replace(told("C05", 0, id="later"), on=later.date())
    answers_actions.take_answers(operation=published, answers=[calm], by=people.perencana, now=later)
    classes_actions.assess_operation(operation=published, by=people.perencana, now=later)
    rows = classes_actions.publish_assessments(operation=published, by=people.perencana, now=later)
    row = next(r for r in rows if r.desa.kode == cast.KARANGJATI)
    assert (row.number, row.level) == (2, 2)


def test_levels_of_desa_and_stations(published, people):
    levels = classes_queries.levels(published)
    assert levels[cast.KARANGJATI] == levels[f"{cast.KARANGJATI}-03"] == 2
    assert levels[cast.TEGALREJO] == 1
    assert cast.WONOSARI not in levels
    assert classes_queries.force_levels(published) == levels


def test_a_station_that_came_later_takes_the_level_of_its_desa(published, people):
    from kondusif_web.election.models import Desa, Tps

    desa = Desa.objects.get(kode=cast.KARANGJATI)
    Tps.objects.create(operation=published, desa=desa, kode=f"{cast.KARANGJATI}-09", nomor=9)
    override(people, 3)
    assert classes_queries.levels(published)[f"{cast.KARANGJATI}-09"] == 3
    assert (
        classes_queries.desa_sheet(published, people.kapolsek, cast.KARANGJATI)["tps"][-1]["level"] is None
    )  # said as it is


def test_a_station_stands_higher_by_its_own_values(published, people):
    own = [told(i, x, f"{cast.KARANGJATI}-03") for i, x in (("E05", 3), ("E03", 100), ("E06", 100))]
    import_(published, people, *own)
    classes_actions.assess_operation(operation=published, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=published, by=people.perencana, now=cast.NOW)
    levels = classes_queries.levels(published)
    assert (levels[cast.KARANGJATI], levels[f"{cast.KARANGJATI}-03"]) == (2, 3)


def test_readiness_of_the_plan_is_taken_once_and_stands(op, people):
    """F01 is fresh for a day, yet the plan still stands a week later (RULES 5)."""
    old = [a for a in village(TENSE, ago=9) if a.item not in ("F01", "F03")]
    import_(op, people, *old)
    ready = [(cast.KARANGJATI, 0.0, 10.0), (cast.TEGALREJO, 12.5, None)]
    earlier = cast.NOW - timedelta(days=7)
    for expected in (3, 0):
        done = take_readiness(
            operation=op, plan="p1", found=[Readiness(*r) for r in ready], by=people.kapolres, now=earlier
        )
        assert done.new == expected
    assert f01(op, people)["value"] == 0.0
    force = draft_of(op).results["force_total"]
    take_readiness(
        operation=op, plan="p2", found=[Readiness(KARANGJATI, 30.0, 10.0)], by=people.kapolres, now=earlier
    )
    assert f01(op, people)["value"] == 30.0  # the newer plan took the place of the one before
    take_readiness(
        operation=op, plan="p3", found=[Readiness(KARANGJATI, 5.0, 10.0)], by=people.kapolres, now=earlier
    )
    assert f01(op, people)["value"] == 5.0  # also when it is the better one, on the same day
    assert draft_of(op).results["force_total"] == force  # no circle with the plan


def draft_of(op):
    return Assessment.objects.get(operation=op, desa__kode=cast.KARANGJATI, number__isnull=True)


def f01(op, people):
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    return next(i for i in draft_of(op).results["items"] if i["id"] == "F01")


def test_a_published_class_is_numbered_once(published):
    row = classes_queries.published(published, cast.KARANGJATI)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=row.pk).update(published_at=None)


# ---- overrides


def override(
    people, human, by="kapolres", place=cast.KARANGJATI, hours=48, reason="Massa berkumpul di batas desa"
):
    member = getattr(people, by)
    return classes_actions.override_class(
        operation=member.operation,
        place=place,
        human=human,
        reason=reason,
        until=cast.NOW + timedelta(hours=hours),
        by=member,
        now=cast.NOW,
    )


def test_upward_counts_at_once_for_gates_and_force(published, people):
    override(people, 3)
    assert classes_queries.levels(published)[cast.KARANGJATI] == 3
    assert classes_queries.levels(published)[f"{cast.KARANGJATI}-01"] == 3
    assert classes_queries.force_levels(published)[cast.KARANGJATI] == 3
    assert classes_queries.published(published, cast.KARANGJATI).level == 2  # the machine's stays


def test_downward_waits_for_another_person(published, people):
    made = override(people, 1, by="kapolsek")
    assert classes_queries.levels(published)[cast.KARANGJATI] == 2
    assert [o.pk for o in classes_queries.waiting_overrides(published, people.kapolres)] == [made.pk]
    with pytest.raises(NotAllowed):
        classes_actions.confirm_override(
            operation=published, override=made.pk, by=people.kapolsek, now=cast.NOW
        )
    with pytest.raises(NotAllowed):
        classes_actions.confirm_override(operation=published, override=made.pk, by=people.camat, now=cast.NOW)
    classes_actions.confirm_override(operation=published, override=made.pk, by=people.kapolres, now=cast.NOW)
    assert classes_queries.levels(published)[cast.KARANGJATI] == 1
    assert classes_queries.levels(published)[f"{cast.KARANGJATI}-01"] == 1
    with pytest.raises(MoveRefused):
        classes_actions.confirm_override(
            operation=published, override=made.pk, by=people.wakapolres, now=cast.NOW
        )


def test_nobody_lowers_alone_what_another_raised(published, people):
    """RULES 7: a smaller raise after a greater one steps down, and waits like any other."""
    override(people, 3, place=cast.TEGALREJO)
    later = cast.NOW + timedelta(minutes=1)
    smaller = classes_actions.override_class(
        operation=published,
        place=cast.TEGALREJO,
        human=2,
        reason="Massa bubar",
        until=later + timedelta(hours=1),
        by=people.kapolsek,
        now=later,
    )
    assert classes_queries.levels(published, later)[cast.TEGALREJO] == 3
    assert classes_queries.override_state(smaller, later) == "menunggu"
    assert classes_queries.current_override(smaller.assessment, cast.TEGALREJO, later).human == 3
    with pytest.raises(NotAllowed):
        classes_actions.confirm_override(
            operation=published, override=smaller.pk, by=people.kapolsek, now=later
        )
    smaller = classes_actions.confirm_override(
        operation=published, override=smaller.pk, by=people.perencana, now=later
    )
    assert classes_queries.levels(published, later)[cast.TEGALREJO] == 2
    assert classes_queries.override_state(smaller, later) == "berlaku"
    assert classes_queries.current_override(smaller.assessment, cast.TEGALREJO, later).human == 2


def test_an_override_expires(published, people):
    override(people, 3, hours=1)
    assert classes_queries.levels(published, cast.NOW + timedelta(minutes=59))[cast.KARANGJATI] == 3
    assert classes_queries.levels(published, cast.NOW + timedelta(minutes=60))[cast.KARANGJATI] == 2


def test_an_override_of_one_station(published, people):
    override(people, 3, place=f"{cast.KARANGJATI}-02")
    levels = classes_queries.levels(published)
    assert levels[f"{cast.KARANGJATI}-02"] == 3
    assert levels[cast.KARANGJATI] == levels[f"{cast.KARANGJATI}-01"] == 2


@pytest.mark.parametrize("who", ["perencana", "camat", "petugas1", "panitia_karangjati", "auditor"])
def test_only_command_overrides(published, people, who):
    with pytest.raises(NotAllowed):
        override(people, 3, by=who)


def test_an_override_outside_the_areas_is_refused(published, people):
    with pytest.raises(NotAllowed):
        override(people, 3, by="polsek_banjaragung")


@pytest.mark.parametrize(
    "change, error",
    [
        ({"human": 2}, MoveRefused),  # the machine says so already
        ({"human": 3, "hours": 0}, MoveRefused),
        ({"human": 3, "reason": "  "}, TextRefused),
        ({"human": 3, "reason": "basis pendukung calon 2"}, TextRefused),
        ({"human": 3, "place": cast.WONOSARI}, MoveRefused),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(published, people, change, error):
    with pytest.raises(error):
        override(people, **change)
    assert not Override.objects.exists()


def test_the_database_wants_two_persons(published, people):
    made = override(people, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.filter(pk=made.pk).update(second=made.by, second_at=cast.NOW)


# ---- the book


def test_every_write_has_its_line(published, people):
    made = override(people, 1, by="kapolsek")
    classes_actions.confirm_override(operation=published, override=made.pk, by=people.kapolres, now=cast.NOW)
    kinds = list(Entry.objects.filter(operation="uji").order_by("seq").values_list("kind", flat=True))
    assert kinds[-8:] == [
        "answers_taken",
        *["class_assessed"] * 3,
        *["class_published"] * 2,
        "class_overridden",
        "override_confirmed",
    ]
    assert logbook.verify_lines(lines("uji"), head("uji"), "uji") == ()


def test_every_row_is_covered_by_its_latest_line(published, people):
    from kondusif_web.logbook.digests import row_digest, row_key

    made = override(people, 1, by="kapolsek")
    classes_actions.confirm_override(operation=published, override=made.pk, by=people.kapolres, now=cast.NOW)
    last = {}
    for entry in Entry.objects.filter(operation="uji").order_by("seq"):
        last |= entry.rows
    for model in (Answer, Assessment, Override):
        for row in model.objects.all():
            assert last[row_key(row)] == row_digest(row)


# ---- two operations in one office


@pytest.fixture
def elsewhere(other, other_people):
    """Operation "lain" with answers of its own under the ids of operation "uji", assessed and published."""
    swapped = village(CALM) + village(TENSE, cast.TEGALREJO)
    answers_actions.take_answers(operation=other, answers=swapped, by=other_people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=other, by=other_people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=other, by=other_people.perencana, now=cast.NOW)
    return other


def test_one_id_holds_one_content_in_each_operation(published, elsewhere, people, other_people):
    ids = {a.id for a in village(TENSE)}
    assert {a.client_id for a in Answer.objects.filter(operation=published)} >= ids
    assert {a.client_id for a in Answer.objects.filter(operation=elsewhere)} >= ids
    again = village(TENSE)
    assert import_(published, people, *again) == answers_actions.Receipt(0, len(again))
    with pytest.raises(Conflict):
        import_(elsewhere, other_people, *again)


def test_each_operation_has_its_own_classes(published, elsewhere, people, other_people):
    assert (
        classes_queries.levels(published)[cast.KARANGJATI]
        == 2
        == classes_queries.levels(elsewhere)[cast.TEGALREJO]
    )
    assert (
        classes_queries.levels(published)[cast.TEGALREJO]
        == 1
        == classes_queries.levels(elsewhere)[cast.KARANGJATI]
    )
    assert classes_queries.published(published, cast.KARANGJATI).number == 1
    assert classes_queries.published(elsewhere, cast.KARANGJATI).number == 1
    for op_, who in ((published, people), (elsewhere, other_people)):
        shown = classes_queries.visible_to(op_, who.kapolres)
        assert {row.operation for row in shown} == {op_} and len(shown) == 2
        assert {a.operation for a in answers_queries.answers_visible_to(op_, who.kapolres)} == {op_}


def test_what_is_done_in_one_operation_changes_no_line_of_the_other(published, elsewhere, people):
    before = head("lain"), list(Assessment.objects.filter(operation=elsewhere).values())
    override(people, 3)
    import_(published, people, told("D05", 1, id="new"))
    classes_actions.assess_operation(operation=published, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=published, by=people.perencana, now=cast.NOW)
    assert before == (head("lain"), list(Assessment.objects.filter(operation=elsewhere).values()))
    assert classes_queries.levels(elsewhere)[cast.KARANGJATI] == 1


def test_a_correction_names_an_answer_of_its_own_operation(op, other, people, other_people):
    """The other operation's answer is as unknown as one that was never there."""
    import_(other, other_people, told("A01", 3, id="theirs"))
    import_(op, people, told("A01", 1, id="ours", corrects="theirs"))
    assert [a.value for a in answers_queries.answers(other)] == [3.0]
    row = answers_queries.answers_by_id(op, ["theirs", "ours"])
    assert list(row) == ["ours"]


def test_an_override_of_another_operation_is_not_there(published, elsewhere, people, other_people):
    made = override(people, 1, by="kapolsek")
    with pytest.raises(Override.DoesNotExist):
        classes_actions.confirm_override(
            operation=elsewhere, override=made.pk, by=other_people.kapolres, now=cast.NOW
        )
    with pytest.raises(Conflict):  # a member of one writes nothing into the other
        classes_actions.confirm_override(
            operation=published, override=made.pk, by=other_people.kapolres, now=cast.NOW
        )
    made.refresh_from_db()
    assert made.second is None


def test_a_new_readiness_replaces_only_that_of_its_own_operation(op, other, people, other_people):
    for at, who, missing in ((op, people, 0.0), (other, other_people, 30.0)):
        take_readiness(
            operation=at,
            plan=f"plan {at.kode}",
            found=[Readiness(cast.KARANGJATI, missing, None)],
            by=who.kapolres,
            now=cast.NOW,
        )
    assert [a.value for a in answers_queries.answers(op)] == [0.0]
    assert [a.value for a in answers_queries.answers(other)] == [30.0]
    assert not Answer.objects.exclude(corrects="").exists()
