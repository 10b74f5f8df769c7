"""F04, F05 and F06 of an assessment come from visits, pledges and commitments (RULES 7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from kondusif.answers.answer import Answer, Given
from kondusif.classes.score import answer_log
from kondusif.dialogue import Topic
from kondusif.errors import NotAllowed
from kondusif.files import load_sample as sample_file
from kondusif.files.as_of import AsOf
from kondusif.instrument.published import default_recipe
from kondusif_web.answers import queries as answers_queries
from kondusif_web.answers.actions import take_answers
from kondusif_web.answers.models import Answer as Row
from kondusif_web.classes import queries as classes_queries
from kondusif_web.classes.actions import publish_assessments
from kondusif_web.classes.models import Assessment
from kondusif_web.dialogue import actions, commitments
from kondusif_web.dialogue.measuring import LAPSED, take_dialogue
from kondusif_web.dialogue.models import PledgeState
from kondusif_web.drill.actions import load_sample, play_until
from kondusif_web.election.models import Calon, Desa, Operation
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from tests import cast

pytestmark = pytest.mark.django_db
NOW, DAY = cast.NOW, timedelta(days=1)


@pytest.fixture
def desa(op):
    return {row.kode: row for row in Desa.objects.filter(operation=op)}


def take(op, people, now=NOW):
    return take_dialogue(operation=op, by=people.perencana, now=now)


def stands(op, kode=cast.KARANGJATI, now=NOW):
    """Item to value of what stands in the village's book, not applicable as None."""
    day = now.astimezone(ZoneInfo(op.tz)).date()
    book = answer_log(default_recipe(), answers_queries.answers(op, kode, day), day)
    found = {item: book.latest(kode, item) for item in ("F04", "F05", "F06")}
    return {item: a.value for item, a in found.items() if a}


def sign(people, desa, *states, kode=cast.KARANGJATI, now=NOW):
    for nomor, state in enumerate(states, 1):
        actions.sign_pledge(
            operation=people.kapolsek.operation,
            desa=desa[kode],
            nomor=nomor,
            state=state,
            by=people.kapolsek,
            now=now,
        )


def visit(people, desa, at, kode=cast.KARANGJATI):
    return actions.record_visit(
        operation=people.kapolsek.operation,
        desa=desa[kode],
        at=at,
        place="Balai desa",
        topic="Menjaga ketenangan",
        by=people.kapolsek,
        now=NOW,
    )


def promise(people, due, owner="Kapolsek Sumberarum", kode="k1"):
    return commitments.offer_commitment(
        operation=people.kapolsek.operation,
        kode=kode,
        text="Patroli malam",
        topic=Topic.OTHER,
        owner=owner,
        due=due,
        by=people.kapolsek,
        now=NOW,
    )


def typed(op, people, item, value, on=None, kode=cast.KARANGJATI):
    on = on or NOW.date()
    answer = Answer(f"{kode}/{item}/{on}", kode, item, value, "", Given.VALUE, on, "Rekap", "petugas1")
    take_answers(operation=op, answers=[answer], by=people.perencana, now=NOW)


def test_nothing_recorded_leaves_the_field_its_own(op, people, desa):
    for item, value in (("F04", 2), ("F05", 50), ("F06", 50)):
        typed(op, people, item, value)
    assert take(op, people).new == 2  # the two other villages have no typed F06
    assert stands(op) == {"F04": 2, "F05": 50, "F06": 50}


def test_a_visit_anywhere_puts_the_register_in_use(op, people, desa):
    typed(op, people, "F04", 6)
    visit(people, desa, NOW - 2 * DAY, kode=cast.TEGALREJO)
    take(op, people)
    assert stands(op)["F04"] == 0  # over the field's own of that day, though it is the riskier as well
    assert stands(op, cast.TEGALREJO)["F04"] == 1


def test_the_register_stands_over_a_riskier_typed_answer_of_the_day(op, people, desa):
    typed(op, people, "F05", 0)
    sign(people, desa, PledgeState.SIGNED, PledgeState.SIGNED)
    take(op, people)
    assert stands(op)["F05"] == 100


def test_a_broken_pledge_counts_as_none(op, people, desa):
    sign(people, desa, PledgeState.SIGNED, PledgeState.BROKEN)
    take(op, people)
    assert stands(op)["F05"] == 50


def test_commitments_due_are_kept_on_time_or_not(op, people, desa):
    kept = promise(people, NOW + DAY)
    promise(people, NOW + DAY, owner="", kode="k2")
    commitments.keep_commitment(operation=op, commitment=kept, by=people.kapolsek, now=NOW + DAY / 2)
    take(op, people)
    assert stands(op)["F06"] is None
    take(op, people, NOW + 2 * DAY)
    assert stands(op, now=NOW + 2 * DAY)["F06"] == 50


def test_a_moved_commitment_counts_by_its_new_moment(op, people, desa):
    row = promise(people, NOW + DAY)
    commitments.move_commitment(
        operation=op,
        commitment=row,
        due=NOW + 3 * DAY,
        reason="Menunggu hujan reda",
        by=people.kapolsek,
        now=NOW,
    )
    take(op, people, NOW + 2 * DAY)
    assert stands(op, now=NOW + 2 * DAY)["F06"] is None


def test_what_stands_is_written_once_and_corrected_when_it_changes(op, people, desa):
    visit(people, desa, NOW - DAY)
    first = take(op, people)
    assert first.new and take(op, people, NOW + timedelta(hours=1)).new == 0
    assert take(op, people, NOW + DAY).new == 0  # a day later the registers say the same
    visit(people, desa, NOW - timedelta(hours=1))
    assert take(op, people, NOW + DAY).new == 1
    old, new = Row.objects.filter(place=cast.KARANGJATI, item="F04").order_by("recorded_at")
    assert (new.corrects, new.value, new.channel, new.rater) == (old.client_id, 2, "dialog", "sistem")
    lines = Entry.objects.filter(kind="answers_taken")
    assert [line.payload["count"] for line in lines] == [first.new, 1]
    assert verify().ok


def test_what_can_no_longer_be_derived_falls_back_to_the_field(op, people, desa):
    typed(op, people, "F05", 25, on=(NOW - 5 * DAY).date())
    sign(people, desa, PledgeState.SIGNED, PledgeState.SIGNED)
    take(op, people)
    assert stands(op)["F05"] == 100
    Calon.objects.create(desa=desa[cast.KARANGJATI], nomor=3)  # whose pledge nobody knows
    take(op, people, NOW + DAY)
    assert stands(op, now=NOW + DAY)["F05"] == 25
    assert Row.objects.filter(source=LAPSED).count() == 1
    assert take(op, people, NOW + DAY).new == 0
    sign(people, desa, PledgeState.SIGNED, PledgeState.SIGNED, PledgeState.UNSIGNED)
    take(op, people, NOW + 2 * DAY)
    assert stands(op, now=NOW + 2 * DAY)["F05"] == pytest.approx(200 / 3)


def test_nobody_corrects_the_register_by_a_typed_answer(op, people, desa):
    sign(people, desa, PledgeState.SIGNED, PledgeState.SIGNED)
    take(op, people)
    row = Row.objects.get(place=cast.KARANGJATI, item="F05")
    over = Answer(
        "x", cast.KARANGJATI, "F05", 0, "", Given.VALUE, row.on, "Rekap", "petugas1", corrects=row.client_id
    )
    take_answers(operation=op, answers=[over], by=people.perencana, now=NOW)
    take(op, people)
    assert stands(op)["F05"] == 100


def test_only_who_may_publish_takes_it(op, people):
    with pytest.raises(NotAllowed):
        take_dialogue(operation=op, by=people.camat, now=NOW)


def test_the_button_takes_it_and_publishing_finds_the_same_answers(op, people, desa, as_):
    take_answers(
        operation=op, answers=cast.answers(cast.TENSE, cast.KARANGJATI), by=people.perencana, now=NOW
    )
    sign(people, desa, PledgeState.SIGNED, PledgeState.SIGNED)
    browser = as_("perencana")
    assert browser.post(reverse("web:hitung", args=[op.kode])).status_code == 302
    publish_assessments(operation=op, by=people.perencana, now=NOW)
    row = Assessment.objects.get(desa__kode=cast.KARANGJATI, number=1)
    [f05] = [i for i in row.results["items"] if i["id"] == "F05"]
    assert (f05["value"], f05["source"]) == (100, "Ikrar calon 1 ya, calon 2 ya")
    page = browser.get(reverse("classes:asal", args=[op.kode, cast.KARANGJATI, 1])).content.decode()
    assert "Ikrar calon 1 ya, calon 2 ya" in page and "dari catatan dialog" in page
    assert classes_queries.desa_sheet(op, people.perencana, cast.KARANGJATI)["baru"] == 0


def test_nobody_publishes_a_draft_that_a_visit_has_overtaken(op, people, desa, as_):
    take_answers(
        operation=op, answers=cast.answers(cast.TENSE, cast.KARANGJATI), by=people.perencana, now=NOW
    )
    browser = as_("perencana")
    browser.post(reverse("web:hitung", args=[op.kode]))
    seen = [str(pk) for pk in Assessment.objects.values_list("pk", flat=True)]
    visit(people, desa, NOW - DAY)
    assert browser.post(reverse("web:terbitkan", args=[op.kode]), {"draf": seen}).status_code == 409
    assert not Row.objects.filter(item="F04", channel="dialog").exists()  # nothing is taken by a refusal
    browser.post(reverse("web:hitung", args=[op.kode]))
    seen = [str(pk) for pk in Assessment.objects.values_list("pk", flat=True)]
    assert browser.post(reverse("web:terbitkan", args=[op.kode]), {"draf": seen}).status_code == 302


def test_command_line_and_office_agree_on_the_sample(db):
    """Same file, same moments, same totals and items, from two ways of keeping it."""
    load_sample(now=datetime(2026, 1, 5, 3, tzinfo=UTC))
    operation, file = Operation.objects.get(), sample_file()
    last = max(r["waktu"] for r in file["keputusan"] if r["tindakan"] == "tetapkan kelas")
    play_until(operation=operation, until=last, by=None)
    published = Assessment.objects.filter(number__isnull=False).select_related("desa")
    assert published.count() == 9
    for row in published:
        made = AsOf.at(file, row.published_at).assessments[row.desa.kode]
        assert row.results["total"] == pytest.approx(made.score.total, abs=1e-12)
        theirs = {i.id: (i.state, i.value) for i in made.score.items}
        assert {i["id"]: (i["state"], i["value"]) for i in row.results["items"]} == theirs
