"""Versions of the instrument: drafted, compared, published by a second person, frozen, in force."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kondusif.errors import Conflict, ImportRefused, MoveRefused, NotAllowed, RecipeError
from kondusif.instrument import edit, pairwise
from kondusif.instrument.published import default_recipe
from kondusif_web.answers import actions as answers_actions
from kondusif_web.answers.models import Answer
from kondusif_web.classes import actions as classes_actions
from kondusif_web.classes.effect import effects
from kondusif_web.classes.models import Assessment
from kondusif_web.instrument import actions, facts, queries
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.instrument.models import Comparison, Enforcement, Instrument, Retirement
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.pages.texts import TextRefused
from kondusif_web.pages.wording import refusal
from kondusif_web.situation.replay import check_moves, replay
from tests import cast
from tests.conftest import begin, enlist
from tests.web.test_classes import CALM, TENSE, import_, told, village

pytestmark = pytest.mark.django_db

HEAVY_D = {"A": 0.1, "B": 0.1, "C": 0.1, "D": 0.5, "E": 0.1, "F": 0.1}
OWN = replace(default_recipe().by_id["A01"], id="A09", name_id="Berkas yang belum dijawab")


def start(people, by="perencana", **more):
    given = {"source": facts.OWN, "kode": "kondusif-45", "by": getattr(people, by), "now": cast.NOW} | more
    return actions.start_draft(**given)


def change(row, people, how, by="perencana", **more):
    return actions.change_draft(
        draft=row.pk, change=how, what="test", by=getattr(people, by), now=cast.NOW, **more
    )


def publish(row, people, by="kabagops", **more):
    reason = more.pop("reason", "Rapat penilai")
    return actions.publish_instrument(
        draft=row.pk, reason=reason, by=getattr(people, by), now=cast.NOW, **more
    )


def enforce(op, key, people, by="kapolres", reason="Rapat operasi"):
    return actions.enforce_instrument(
        operation=op, key=key, reason=reason, by=getattr(people, by), now=cast.NOW
    )


@pytest.fixture
def draft(op, people):
    return start(people)


@pytest.fixture
def cuts_10(draft, people):
    """A published version with cut-offs 5 and 10, drafted by perencana and published by kabagops."""
    change(draft, people, lambda r: edit.with_rules(r, cuts=(5.0, 10.0), provisional_below=0.7, near=2.0))
    return publish(draft, people)


@pytest.fixture
def measured(op, people):
    answers = village(TENSE) + village(CALM, cast.TEGALREJO)
    answers_actions.take_answers(operation=op, answers=answers, by=people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    return op


# ---- drafts


def test_a_draft_is_the_next_version_of_its_code(op, people):
    assert start(people).key == "kondusif-45/2"
    assert start(people).key == "kondusif-45/3"
    assert start(people, kode="arjasari").key == "arjasari/1"


@pytest.mark.parametrize(
    "person", ["kapolsek", "kapolres", "camat", "danramil", "humas", "auditor", "petugas1"]
)
def test_only_a_planner_drafts(op, people, person):
    with pytest.raises(NotAllowed):
        start(people, by=person)


def test_a_draft_starts_from_what_is_published(draft, people):
    with pytest.raises(MoveRefused):
        start(people, source=draft.key)
    with pytest.raises(RecipeError):
        start(people, kode="Dua Kata")


def test_a_change_the_core_refuses_saves_nothing(draft, people):
    before = Entry.objects.count()
    with pytest.raises(RecipeError):
        change(draft, people, lambda r: edit.with_weights(r, "", {**r.dimension_weights, "A": 0.9}))
    draft.refresh_from_db()
    assert draft.digest == replace(default_recipe(), version="2").digest
    assert Entry.objects.count() == before


def test_two_planners_do_not_overwrite_each_other(draft, people):
    seen = draft.text_digest
    change(draft, people, lambda r: edit.with_indicator(r, OWN, new=True), seen=seen)
    with pytest.raises(Conflict):
        change(draft, people, lambda r: edit.without_indicator(r, "B02"), by="kabagops", seen=seen)


def test_a_discarded_draft_takes_its_comparisons_with_it_and_the_book_still_agrees(draft, people):
    judge(draft, people, "A", 1.0)
    actions.discard_draft(draft=draft.pk, by=people.perencana, now=cast.NOW)
    assert not Instrument.objects.exists() and not Comparison.objects.exists()
    assert check_moves(verify()).row_findings == ()


# ---- comparing two at a time


def judge(row, people, parent, value, title="Kabag Ops", by="perencana"):
    codes = edit.codes_under(facts.recipe_in(row), parent)
    return actions.compare(
        draft=row.pk,
        parent=parent,
        judge=title,
        judgements={p: value for p in pairwise.pairs(codes)},
        by=getattr(people, by),
        now=cast.NOW,
    )


def test_judges_together_set_the_weights(draft, people):
    weights = {"A": 0.3, "B": 0.1, "C": 0.1, "D": 0.3, "E": 0.1, "F": 0.1}
    said = {(a, b): weights[a] / weights[b] for a, b in pairwise.pairs("ABCDEF")}
    for title in ("Kabag Ops", "Kasat Intelkam"):
        actions.compare(
            draft=draft.pk, parent="", judge=title, judgements=said, by=people.perencana, now=cast.NOW
        )
    actions.take_comparisons(draft=draft.pk, parent="", by=people.perencana, now=cast.NOW)
    draft.refresh_from_db()
    assert dict(facts.recipe_in(draft).dimension_weights) == pytest.approx(weights, abs=1e-4)


def test_a_judge_compares_once_and_may_think_again(draft, people):
    judge(draft, people, "A", 1.0)
    judge(draft, people, "A", 2.0)
    assert [c.judgements["A01/A02"] for c in Comparison.objects.all()] == [2.0]


def test_judgements_that_contradict_each_other_set_no_weight(draft, people):
    judge(draft, people, "A", 9.0)  # every first nine times every later: a chain that cannot be
    with pytest.raises(RecipeError) as caught:
        actions.take_comparisons(draft=draft.pk, parent="A", by=people.perencana, now=cast.NOW)
    assert caught.value.reason == "inconsistent"


def test_a_pair_left_open_is_no_comparison(draft, people):
    with pytest.raises(RecipeError) as caught:
        actions.compare(
            draft=draft.pk, parent="A", judge="Kabag Ops", judgements={}, by=people.perencana, now=cast.NOW
        )
    assert caught.value.reason == "pair_missing" and not Comparison.objects.exists()


def test_an_indicator_added_later_leaves_the_judges_incomplete(draft, people):
    judge(draft, people, "A", 1.0)
    change(draft, people, lambda r: edit.with_indicator(r, OWN, new=True))
    draft.refresh_from_db()
    found = queries.judges(draft, facts.recipe_in(draft), "A")
    assert found["together"] is None and [left for _, _, left in found["each"]] == [8]


def test_a_judge_has_a_title_that_says_nothing_of_a_person(draft, people):
    for title, why in (("", "blank"), ("kader partai", "banned")):
        with pytest.raises(TextRefused) as caught:
            judge(draft, people, "A", 1.0, title=title)
        assert caught.value.reason == why


# ---- publishing


def test_the_second_person_is_neither_the_drafter_nor_the_last_hand(draft, people):
    with pytest.raises(NotAllowed):
        publish(draft, people, by="perencana")
    change(draft, people, lambda r: edit.without_indicator(r, "B02"), by="kabagops")
    for person in ("perencana", "kabagops", "kapolsek", "camat"):
        with pytest.raises(NotAllowed):
            publish(draft, people, by=person)
    assert publish(draft, people, by="kapolres").published_by == people.kapolres.user


def test_nobody_publishes_another_draft_than_they_saw_or_without_a_reason(draft, people):
    seen = draft.text_digest
    change(draft, people, lambda r: edit.without_indicator(r, "B02"))
    with pytest.raises(Conflict):
        publish(draft, people, seen=seen)
    with pytest.raises(TextRefused):
        publish(draft, people, reason=" ")


def test_what_is_published_is_frozen(draft, people):
    judge(draft, people, "A", 1.0)
    publish(draft, people)
    for attempt in (
        lambda: change(draft, people, lambda r: edit.without_indicator(r, "B02")),
        lambda: judge(draft, people, "A", 2.0),
        lambda: actions.remove_comparison(
            comparison=Comparison.objects.get().pk, by=people.perencana, now=cast.NOW
        ),
        lambda: actions.discard_draft(draft=draft.pk, by=people.perencana, now=cast.NOW),
        lambda: publish(draft, people, by="kapolres"),
    ):
        with pytest.raises(MoveRefused):
            attempt()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda row, people: Instrument.objects.filter(pk=row.pk).update(published_by=people.perencana.user),
        lambda row, people: Instrument.objects.filter(pk=row.pk).update(reason=""),
        lambda row, people: Instrument.objects.filter(pk=row.pk).update(published_at=None),
        lambda row, people: Instrument.objects.filter(pk=row.pk).update(
            changed_at=cast.NOW + timedelta(hours=1)
        ),
        lambda row, people: Instrument.objects.create(
            pk=uuid.uuid4(),
            kode=row.kode,
            version=row.version,
            source=row.source,
            text=row.text,
            drafted_by=people.perencana.user,
            drafted_at=cast.NOW,
            changed_by=people.perencana.user,
            changed_at=cast.NOW,
        ),
    ],
    ids=["drafter", "reason", "when", "changed", "version"],
)
def test_the_database_promises(cuts_10, people, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong(cuts_10, people)


def test_an_edit_beneath_is_found(cuts_10):
    assert check_moves(verify()).ok
    Instrument.objects.filter(pk=cuts_10.pk).update(text=cuts_10.text.replace("10.0", "11.0"))
    assert [(f.what, f.table) for f in verify().row_findings] == [("edited", "instrument_instrument")]


def test_a_retired_version_does_not_come_into_force_and_one_in_force_is_not_retired(op, cuts_10, people):
    retire = {"reason": "Diganti", "by": people.kabagops, "now": cast.NOW}
    actions.retire_instrument(instrument=cuts_10.pk, **retire)
    with pytest.raises(MoveRefused):
        enforce(op, cuts_10.key, people)
    assert Retirement.objects.get().instrument == cuts_10
    other = publish(start(people), people)
    enforce(op, other.key, people)
    with pytest.raises(MoveRefused):
        actions.retire_instrument(instrument=other.pk, **retire)


# ---- in force


def test_only_the_kapolres_of_all_villages_puts_a_published_version_in_force(op, draft, people):
    with pytest.raises(MoveRefused):
        enforce(op, draft.key, people)
    publish(draft, people)
    for person in ("perencana", "kabagops", "kapolsek", "auditor"):
        with pytest.raises(NotAllowed):
            enforce(op, draft.key, people, by=person)
    people.wakapolres.prefixes = [cast.KECAMATAN]  # not the village of 99.01.02
    people.wakapolres.save()
    with pytest.raises(NotAllowed) as caught:
        enforce(op, draft.key, people, by="wakapolres")
    assert caught.value.reason == "area"
    with pytest.raises(TextRefused):
        enforce(op, draft.key, people, reason="")
    enforce(op, draft.key, people)
    op.refresh_from_db()
    assert op.recipe == draft.key and recipe_of(op.recipe).digest == draft.digest
    assert Entry.objects.filter(kind="instrument_enforced").get().payload["before"] == "kondusif-45/1"
    with pytest.raises(MoveRefused):
        enforce(op, draft.key, people)


def test_the_products_own_comes_back_into_force(op, cuts_10, people):
    enforce(op, cuts_10.key, people)
    enforce(op, "kondusif-45/1", people)
    op.refresh_from_db()
    assert recipe_of(op.recipe) is recipe_of("") and Enforcement.objects.count() == 2
    assert check_moves(verify()).ok


def test_every_spelling_of_the_products_own_is_known_and_nothing_else(db):
    assert recipe_of("") == recipe_of("kondusif-45") == recipe_of("kondusif-45/1")
    with pytest.raises(KeyError):
        recipe_of("kondusif-45/9")


def test_a_stored_recipe_is_read_once(cuts_10, django_assert_num_queries):
    facts._READ.clear()
    with django_assert_num_queries(2):
        first = recipe_of(cuts_10.key)
    with django_assert_num_queries(1):
        assert recipe_of(cuts_10.key) is first


def test_from_then_on_assessments_use_it_and_published_ones_keep_their_digest(measured, people):
    before = Assessment.objects.get(desa__kode=cast.TEGALREJO)
    row = start(people)
    change(row, people, lambda r: edit.with_rules(r, cuts=(1.0, 5.0), provisional_below=0.7, near=2.0))
    enforce(measured, publish(row, people).key, people)
    classes_actions.assess_operation(operation=measured, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=measured, by=people.perencana, now=cast.NOW)
    old, new = Assessment.objects.filter(desa__kode=cast.TEGALREJO).order_by("number")
    assert (old.recipe, old.recipe_digest) == (before.recipe, before.recipe_digest)
    assert (new.recipe, new.recipe_digest, new.level) == (row.key, facts.recipe_of(row.key).digest, 3)
    assert old.level == 1


def test_a_draft_class_made_before_another_instrument_is_not_published(measured, cuts_10, people):
    classes_actions.assess_operation(operation=measured, by=people.perencana, now=cast.NOW)
    enforce(measured, cuts_10.key, people)
    with pytest.raises(Conflict):
        classes_actions.publish_assessments(operation=measured, by=people.perencana, now=cast.NOW)


def test_another_version_of_the_product_is_put_in_force_and_old_classes_keep_theirs(
    measured, people, monkeypatch
):
    """As a release that ships ``kondusif-46/1`` beside ``kondusif-45/1``: both stand, by key."""
    next_one = replace(facts.OURS, kode="kondusif-46", cuts=(5.0, 10.0))
    monkeypatch.setitem(facts.PRODUCT, next_one.key, next_one)
    classes_actions.assess_operation(operation=measured, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=measured, by=people.perencana, now=cast.NOW)
    old = Assessment.objects.get(desa__kode=cast.TEGALREJO, number=1)
    enforce(measured, next_one.key, people)
    assert {v.key for v in queries.versions(measured, people.kapolres)} >= {facts.OWN, next_one.key}
    assert queries.version(measured, people.kapolres, "kondusif-46", "1").recipe == next_one
    classes_actions.assess_operation(operation=measured, by=people.perencana, now=cast.NOW)
    new = Assessment.objects.get(desa__kode=cast.TEGALREJO, number=None)
    assert (new.recipe, new.recipe_digest) == (next_one.key, next_one.digest)
    assert (old.recipe, old.recipe_digest) == (facts.OWN, facts.OURS.digest)
    assert recipe_of(old.recipe) == facts.OURS and recipe_of(new.recipe) == next_one


def test_a_stored_version_is_never_explained_by_a_later_one_of_the_product(cuts_10, monkeypatch):
    """An office that used the code first keeps what its classes were made with."""
    own = facts.recipe_in(cuts_10)
    monkeypatch.setitem(facts.PRODUCT, cuts_10.key, replace(facts.OURS, version=cuts_10.version))
    assert recipe_of(cuts_10.key) == own


def test_answers_follow_the_instrument_in_force(measured, people):
    row = start(people)
    change(row, people, lambda r: edit.with_indicator(r, OWN, new=True))
    change(row, people, lambda r: edit.without_indicator(r, "B02"))
    enforce(measured, publish(row, people).key, people)
    kept = Answer.objects.filter(item="B02").count()
    import_(measured, people, told("A09", 2, id="own"))
    with pytest.raises(ImportRefused) as caught:
        import_(measured, people, told("B02", 1, id="gone"))
    assert [p.column for p in caught.value.problems] == ["butir"]
    classes_actions.assess_operation(operation=measured, by=people.perencana, now=cast.NOW)
    made = Assessment.objects.get(desa__kode=cast.KARANGJATI, number=None)
    items = {i["id"]: i for i in made.results["items"]}
    assert items["A09"]["value"] == 2.0 and "B02" not in items
    assert Answer.objects.filter(item="B02").count() == kept > 0


# ---- what it does to the villages


def test_the_effect_is_what_an_assessment_would_say(measured, people):
    row = start(people)
    change(row, people, lambda r: edit.with_weights(r, "", HEAVY_D))
    after = facts.recipe_in(
        change(row, people, lambda r: edit.with_rules(r, cuts=(1.0, 5.0), provisional_below=0.7, near=2.0))
    )
    rows = effects(measured, people.perencana, recipe_of(""), after)
    assert [r["desa"].kode for r in rows][-1] == cast.WONOSARI  # nothing answered, nothing moves
    by_desa = {r["desa"].kode: r for r in rows}
    calm = by_desa[cast.TEGALREJO]
    assert (calm["before"], calm["after"], calm["effect"].moved) == (1, 3, True)
    assert calm["effect"].points == pytest.approx(sum(s.points for s in calm["effect"].shifts))
    enforce(measured, publish(row, people).key, people)
    classes_actions.assess_operation(operation=measured, by=people.perencana, now=cast.NOW)
    drafts = {a.desa.kode: a for a in Assessment.objects.filter(number=None)}
    for kode, effect_row in by_desa.items():
        assert drafts[kode].level == effect_row["after"]
        assert drafts[kode].results["total"] == effect_row["total_after"]


def test_the_effect_shows_only_villages_of_the_areas(measured, people):
    ours = {r["desa"].kode for r in effects(measured, people.perencana, recipe_of(""), recipe_of(""))}
    assert ours == {cast.KARANGJATI, cast.TEGALREJO, cast.WONOSARI}
    assert (
        effects(measured, people.polsek_banjaragung, recipe_of(""), recipe_of(""))[0]["desa"].kode
        == cast.OUTSIDE
    )


def test_the_replay_finds_a_drafter_who_published_and_a_version_that_slipped_into_force(op, cuts_10, people):
    enforce(op, cuts_10.key, people)
    lines, office = (
        [row.entry() for row in Entry.objects.filter(operation=kode).order_by("seq")] for kode in ("uji", "")
    )
    assert list(replay("uji", lines, office)) == list(replay("", office, office)) == []
    forged = [replace(e, by="perencana") if e.kind == "instrument_published" else e for e in office]
    assert [said for said in replay("", forged, forged) if "perancangnya" in said]
    unpublished = [e for e in office if e.kind != "instrument_published"]
    assert [said for said in replay("uji", lines, unpublished) if "tanpa pernah" in said]
    type(op).objects.filter(pk=op.pk).update(recipe="")
    assert [said for said in replay("uji", lines, office) if said.startswith("uji: instrumen kondusif-45/1")]


def test_nobody_publishes_a_change_of_their_own_however_many_changed_it_since(op, people):
    draft = actions.start_draft(source="", kode="kondusif-45", by=people.perencana, now=cast.NOW)
    for near, by in ((1.0, people.kabagops), (1.5, people.perencana)):
        actions.change_draft(
            draft=draft.pk,
            change=lambda r, near=near: edit.with_rules(r, cuts=(10, 40), provisional_below=0.7, near=near),
            what="rules",
            by=by,
            now=cast.NOW,
        )
    for by in (people.kabagops, people.perencana):
        with pytest.raises(NotAllowed):
            actions.publish_instrument(draft=draft.pk, reason="Rapat", by=by, now=cast.NOW)
    assert actions.publish_instrument(draft=draft.pk, reason="Rapat", by=people.kapolres, now=cast.NOW)


def test_a_discarded_number_is_never_given_out_again_and_binds_nobody(op, people):
    first = actions.start_draft(source="", kode="kondusif-45", by=people.kabagops, now=cast.NOW)
    actions.discard_draft(draft=first.pk, by=people.kabagops, now=cast.NOW)
    second = actions.start_draft(source="", kode="kondusif-45", by=people.perencana, now=cast.NOW)
    assert (first.key, second.key) == ("kondusif-45/2", "kondusif-45/3")
    assert actions.publish_instrument(draft=second.pk, reason="Rapat", by=people.kabagops, now=cast.NOW)


# ---- two operations in one office


def test_two_persons_are_two_accounts_whichever_operation_each_works_in(op, other, people, other_people):
    draft = start(people)
    with pytest.raises(NotAllowed) as caught:
        publish(draft, other_people, by="perencana")
    assert caught.value.reason == "same"
    change(draft, other_people, lambda r: edit.without_indicator(r, "B02"), by="kabagops")
    with pytest.raises(NotAllowed):
        publish(draft, people, by="kabagops")
    made = publish(draft, other_people, by="kapolres")
    assert made.published_by == people.kapolres.user


def test_versions_are_the_offices_and_what_is_in_force_is_the_operations(
    op, other, cuts_10, people, other_people
):
    enforce(other, cuts_10.key, other_people)
    op.refresh_from_db(), other.refresh_from_db()
    assert (op.recipe, other.recipe) == ("", cuts_10.key)
    assert [v.in_force for v in queries.versions(op, people.perencana)] == [False, True]
    assert [e.key for e in queries.history(other)] == [cuts_10.key] and not queries.history(op)
    told = dict(Entry.objects.filter(kind__startswith="instrument_").values_list("kind", "operation"))
    assert told == {
        "instrument_drafted": "",
        "instrument_changed": "",
        "instrument_published": "",
        "instrument_enforced": "lain",
    }
    assert check_moves(verify()).ok


def test_nobody_puts_a_version_in_force_in_an_operation_of_others(op, other, cuts_10, people):
    with pytest.raises(Conflict):
        enforce(other, cuts_10.key, people)
    other.refresh_from_db()
    assert other.recipe == ""


# ---- a drill and a live operation in one office


@pytest.fixture
def live(db):
    """A live operation "nyata" over the same places."""
    return begin(cast.OPERATION | {"kode": "nyata", "drill": False, "illustrative": False, "clock": None})


@pytest.fixture
def live_people(live):
    """The accounts of the cast in "nyata"."""
    return enlist(live)


KINDS = pytest.mark.parametrize(("by", "of"), [("people", "live_people"), ("live_people", "people")])


@KINDS
def test_a_draft_is_moved_only_from_operations_of_its_own_kind(op, live, people, live_people, by, of):
    there = {"people": people, "live_people": live_people}
    row, others = start(there[of]), there[by]
    comparison = judge(row, there[of], "", 3.0)
    given = {"by": others.perencana, "now": cast.NOW}
    for move in (
        lambda: change(row, others, lambda r: edit.without_indicator(r, "B02")),
        lambda: judge(row, others, "", 3.0),
        lambda: actions.remove_comparison(comparison=comparison.pk, **given),
        lambda: actions.take_comparisons(draft=row.pk, parent="", **given),
        lambda: actions.discard_draft(draft=row.pk, **given),
        lambda: publish(row, others),
        lambda: actions.retire_instrument(instrument=publish(row, there[of]).pk, reason="Rapat", **given),
    ):
        with pytest.raises(Instrument.DoesNotExist), transaction.atomic():
            move()
    row.refresh_from_db()
    assert row.draft and Comparison.objects.count() == 1 and not Retirement.objects.exists()


def test_a_live_operation_knows_nothing_of_what_drills_made(live, cuts_10, people, live_people):
    made = queries.versions(live, live_people.perencana)
    assert [v.key for v in made] == [facts.OWN]
    with pytest.raises(MoveRefused) as unknown:
        enforce(live, "kondusif-45/9", live_people)
    with pytest.raises(MoveRefused) as caught:
        enforce(live, cuts_10.key, live_people)
    assert caught.value.code == unknown.value.code
    with pytest.raises(MoveRefused):
        start(live_people, source=cuts_10.key)


def test_a_drill_uses_what_live_operations_published_and_binds_them_to_nothing(op, live, people, live_people):
    draft = start(live_people)
    assert [v.key for v in queries.versions(op, people.perencana)] == [facts.OWN]
    publish(draft, live_people)
    assert [v.key for v in queries.versions(op, people.perencana)] == [draft.key, facts.OWN]
    enforce(op, draft.key, people)
    assert start(people, source=draft.key).drill
    given = {"reason": "Rapat", "by": live_people.kabagops, "now": cast.NOW}
    assert actions.retire_instrument(instrument=draft.pk, **given)  # though in force in the drill


def test_a_refused_retirement_says_no_more_than_that_it_is_used(op, other, cuts_10, people, other_people):
    enforce(other, cuts_10.key, other_people)
    given = {"instrument": cuts_10.pk, "reason": "Rapat", "by": people.kabagops, "now": cast.NOW}
    with pytest.raises(MoveRefused) as elsewhere:
        actions.retire_instrument(**given)
    enforce(op, cuts_10.key, people)
    with pytest.raises(MoveRefused) as here:
        actions.retire_instrument(**given)
    assert str(elsewhere.value) == str(here.value) and elsewhere.value.code == here.value.code
    assert refusal(here.value) == refusal(elsewhere.value) == "Versi ini masih dipakai."


def test_the_offices_line_names_the_operation_it_was_done_from(op, live, people, live_people):
    start(people), start(live_people)
    rows = Entry.objects.filter(kind="instrument_drafted").order_by("seq")
    assert [(e.operation, e.payload["operation"], e.payload["drill"]) for e in rows] == [
        ("", "uji", True),
        ("", "nyata", False),
    ]


def test_items_made_in_a_drill_take_no_id_from_live_ones(op, live, draft, people):
    change(draft, people, lambda r: edit.with_indicator(r, OWN, new=True))
    assert OWN.id in queries.known_items(op) and OWN.id not in queries.known_items(live)
