"""A place entered by mistake is retired and never deleted: when it may go, what it leaves, what stays."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from kondusif.errors import Conflict, ImportRefused, MoveRefused, NotAllowed, PlanRefused
from kondusif_web.answers import actions as answers_actions
from kondusif_web.answers import ledgers
from kondusif_web.answers.models import Answer
from kondusif_web.classes import actions as classes_actions
from kondusif_web.classes import queries as measures
from kondusif_web.dialogue.actions import record_visit
from kondusif_web.election.models import Desa, Retired, Tps
from kondusif_web.election.queries import boundaries
from kondusif_web.election.retire import restore_place
from kondusif_web.intake.dependents import retire_unused
from kondusif_web.intake.tables import measure_export
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.mitigation.actions import Factor, offer_mitigation
from kondusif_web.planning.actions import approve_plan, make_plan
from kondusif_web.posts.models import PostingRow
from kondusif_web.reports.actions import open_incident
from kondusif_web.withdrawal.actions import move_posture
from tests import cast
from tests.web.planned import classes, forces, proposed  # noqa: F401 - fixtures
from tests.web.test_intake import book, take, upload

pytestmark = pytest.mark.django_db

WONOSARI, STATION = cast.WONOSARI, f"{cast.WONOSARI}-02"
DAY = timedelta(days=1)
TEMPAT = reverse("intake:tempat", args=["uji"])


def retire(op, people, kode=WONOSARI, reason="Kode keliru", by="perencana"):
    return retire_unused(operation=op, kode=kode, reason=reason, by=getattr(people, by), now=cast.NOW)


def restore(op, people, kode=WONOSARI):
    return restore_place(operation=op, kode=kode, by=people.perencana, now=cast.NOW)


def publish(op, people, *answers):
    answers_actions.take_answers(operation=op, answers=answers, by=people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)


def own_answer(place, item="E01", value=40.0):
    return [a for a in cast.answers(cast.CALM, place) if a.item == item]


# ---- classes


def test_a_draft_from_before_a_station_went_is_not_published(op, people):
    answers_actions.take_answers(
        operation=op, answers=cast.answers(cast.CALM, WONOSARI), by=people.perencana, now=cast.NOW
    )
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    retire(op, people, STATION)
    with pytest.raises(Conflict):
        classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)


def test_nobody_sets_the_class_of_a_retired_station(op, people):
    publish(op, people, *cast.answers(cast.CALM, WONOSARI))
    retire(op, people, STATION)
    with pytest.raises(MoveRefused):
        classes_actions.override_class(
            operation=op,
            place=STATION,
            human=3,
            reason="Naik",
            until=cast.NOW + DAY,
            by=people.kapolres,
            now=cast.NOW,
        )


# ---- what it leaves, and what stays


def test_a_village_goes_with_its_stations_and_is_never_deleted(op, people):
    rows = retire(op, people)
    assert [r.kode for r in rows] == [WONOSARI, f"{WONOSARI}-01", STATION]
    assert [r.along for r in rows] == ["", WONOSARI, WONOSARI]
    assert (
        not Desa.objects.filter(kode=WONOSARI).exists()
        and not Tps.objects.filter(desa__kode=WONOSARI).exists()
    )
    assert Desa._base_manager.filter(kode=WONOSARI).exists()
    assert op.desa.count() == 4 and op.tps.count() == 6


def test_a_station_goes_alone(op, people):
    retire(op, people, STATION)
    assert list(Tps.objects.filter(desa__kode=WONOSARI).values_list("kode", flat=True)) == [f"{WONOSARI}-01"]
    assert Desa.objects.filter(kode=WONOSARI).exists()


def test_it_is_in_no_list_sum_or_export_any_more(op, people, as_):
    stray = own_answer(WONOSARI)
    answers_actions.take_answers(operation=op, answers=stray, by=people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    retire(op, people)
    assert WONOSARI not in {r["desa"].kode for r in measures.measure_rows(op, people.kapolres)}
    assert WONOSARI not in {r.desa.kode for r in measures.drafts_visible_to(op, people.kapolres)}
    assert WONOSARI not in {v.desa.kode for v in ledgers.villages(op, cast.NOW, stage="masa_tenang")}
    tables = measure_export(op, None, cast.NOW).tables
    assert WONOSARI not in str([t.rows for t in tables])
    chief = as_("kapolres")
    for page in ("situation:papan", "situation:desa_list", "classes:ukur", "classes:putaran"):
        assert "Wonosari" not in chief.get(reverse(page, args=["uji"])).content.decode()
    assert chief.get(reverse("situation:desa", args=["uji", WONOSARI])).status_code == 404
    assert as_("perencana").get(reverse("web:jawab", args=["uji", WONOSARI])).status_code == 404


def test_its_answers_stay_and_no_new_ones_come(op, people):
    answers_actions.take_answers(
        operation=op, answers=own_answer(WONOSARI), by=people.perencana, now=cast.NOW
    )
    retire(op, people)
    assert Answer.objects.filter(place=WONOSARI).count() == 1
    with pytest.raises(ImportRefused, match="desa atau TPS dalam operasi"):
        late = own_answer(WONOSARI, "A01")
        answers_actions.take_answers(operation=op, answers=late, by=people.perencana, now=cast.NOW)


def test_a_plan_made_after_it_has_no_post_there_and_one_made_before_is_not_approved(op, people, proposed):  # noqa: F811
    retire(op, people, STATION)
    with pytest.raises(PlanRefused):
        approve_plan(operation=op, plan=proposed, by=people.kapolres, now=cast.NOW)
    after = make_plan(operation=op, by=people.perencana, now=cast.NOW)
    assert STATION in str(proposed.body) and STATION not in str(after.body)


def test_the_schematic_map_closes_the_gap(op, people):
    before = {d.kode: d.cell for d in op.desa.all()}
    retire(op, people)
    assert any(d.cell != before[d.kode] for d in op.desa.all()) and verify().ok
    assert WONOSARI not in boundaries(op)


def test_the_operation_is_named_by_the_villages_that_are_left(op, people):
    stray = Desa.objects.get(kode=WONOSARI)
    stray.kecamatan = "Keliru"
    stray.save()
    retire(op, people, cast.OUTSIDE, by="kabagops")
    op.refresh_from_db()
    assert op.kecamatan == ""  # two names are left
    retire(op, people)
    op.refresh_from_db()
    assert op.kecamatan == "Sumberarum"
    restore(op, people)
    op.refresh_from_db()
    assert op.kecamatan == ""


def test_an_old_publication_still_shows_a_station_retired_since(op, people, as_):
    publish(op, people, *cast.answers(cast.CALM, WONOSARI))  # the station inherits: nothing of its own
    retire(op, people, STATION)
    page = reverse("classes:asal", args=["uji", WONOSARI, 1])
    assert 'id="tps-2"' in as_("perencana").get(page).content.decode()
    assert STATION not in measures.levels(op, cast.NOW)
    assert f"{WONOSARI}-01" in measures.levels(op, cast.NOW)


def test_the_book_tells_it_with_the_reason_and_agrees(op, people, as_):
    retire(op, people, reason="Kode keliru, yang benar 99.01.01.2005")
    line = Entry.objects.get(kind="place_retired")
    assert line.payload["places"] == [WONOSARI, f"{WONOSARI}-01", STATION]
    assert line.payload["reason"].startswith("Kode keliru") and verify().ok
    page = as_("kapolres").get(reverse("situation:buku", args=["uji"])).content.decode()
    assert "Desa atau TPS dipensiunkan" in page and "Wonosari" in page
    Retired.objects.update(reason="Lain")
    assert {f.table for f in verify().row_findings} == {"election_retired"}


def test_a_place_of_the_same_code_in_another_operation_stays(op, other, people, other_people, as_):
    retire(op, people)
    assert Desa.objects.filter(operation=other, kode=WONOSARI).exists()
    assert Tps.objects.filter(operation=other, desa__kode=WONOSARI).count() == 2
    with pytest.raises(MoveRefused, match="place_not_retired"):
        restore(other, other_people)
    browser = as_("perencana")
    assert "Kode keliru" not in browser.get(reverse("intake:tempat", args=["lain"])).content.decode()
    browser.post(reverse("intake:pulihkan", args=["lain", WONOSARI]))
    assert not Desa.objects.filter(operation=op, kode=WONOSARI).exists()
    assert verify().ok


def test_a_member_of_another_operation_retires_nothing_here(op, other, people, other_people):
    with pytest.raises(Conflict):
        retire(op, other_people)
    assert not Retired.objects.exists()


def test_what_rests_on_the_same_code_in_another_operation_holds_nothing_here(op, other, people, other_people):
    for hang in HANGS:
        hang(other, other_people)
    retire(op, people)
    with pytest.raises(MoveRefused):
        retire(other, other_people)


# ---- what holds it


def hang_class(op, people):
    publish(op, people, *cast.answers(cast.CALM, WONOSARI))


def hang_incident(op, people):
    open_incident(
        operation=op,
        id=uuid.uuid4(),
        kind="kabar",
        place=STATION,
        by=people.kapolsek,
        now=cast.NOW,
        note="Kabar",
    )


def hang_posture(op, people):
    move_posture(operation=op, desa=WONOSARI, to="moved_in", by=people.kapolsek, now=cast.NOW)


def hang_visit(op, people):
    desa = Desa.objects.get(operation=op, kode=WONOSARI)
    record_visit(
        operation=op, desa=desa, at=cast.NOW, place="Balai", topic="Daftar", by=people.kapolsek, now=cast.NOW
    )


def hang_action(op, people):
    offer_mitigation(
        operation=op,
        text="Cocokkan daftar",
        villages=[Desa.objects.get(operation=op, kode=WONOSARI)],
        factors=[Factor("C01")],
        due=cast.NOW,
        by=people.kapolsek,
        now=cast.NOW,
    )


HANGS = (hang_class, hang_incident, hang_posture, hang_visit, hang_action)


@pytest.mark.parametrize(
    "hang, named",
    [
        (hang_class, "1 kelas terbit"),
        (hang_incident, "1 insiden"),
        (hang_posture, "1 status pengamanan"),
        (hang_visit, "1 kunjungan"),
        (hang_action, "1 faktor risiko tindakan"),
    ],
)
def test_what_rests_on_a_village_is_named_and_holds_it(op, people, hang, named):
    hang(op, people)
    with pytest.raises(MoveRefused) as refused:
        retire(op, people)
    assert named in refused.value.facts["dependents"]
    assert not Retired.objects.exists() and Desa.objects.filter(kode=WONOSARI).exists()


def test_a_posting_holds_its_station_and_its_village(op, people, proposed):  # noqa: F811
    approve_plan(operation=op, plan=proposed, by=people.kapolres, now=cast.NOW)
    kode = PostingRow.objects.filter(desa=WONOSARI, post__contains="-").first().post
    for place in (kode, WONOSARI):
        with pytest.raises(MoveRefused) as refused:
            retire(op, people, place)
        assert any("penugasan" in rests for rests in refused.value.facts["dependents"])


def test_an_account_whose_post_it_is_holds_a_station(op, people):
    with pytest.raises(MoveRefused) as refused:
        retire(op, people, f"{cast.KARANGJATI}-01")
    assert refused.value.facts["dependents"] == ("1 akun berpos di sini",)


def test_an_own_answer_in_a_publication_holds_a_station(op, people):
    publish(op, people, *cast.answers(cast.CALM, WONOSARI), *own_answer(STATION))
    with pytest.raises(MoveRefused) as refused:
        retire(op, people, STATION)
    assert refused.value.facts["dependents"] == ("1 kelas terbit",)


# ---- who, and why


@pytest.mark.parametrize("who", ["kapolsek", "kapolres", "camat", "auditor", "polsek_banjaragung"])
def test_only_a_planner_retires(op, people, who):
    with pytest.raises(NotAllowed):
        retire(op, people, by=who)


def test_a_planner_retires_in_the_own_area_only(op, people):
    with pytest.raises(NotAllowed):
        retire(op, people, cast.OUTSIDE)
    retire(op, people, cast.OUTSIDE, by="kabagops")


@pytest.mark.parametrize("reason", ["", "  ", "Warga suku lain"])
def test_no_reason_and_words_never_kept_are_refused(op, people, reason):
    with pytest.raises(ImportRefused):
        retire(op, people, reason=reason)


def test_an_unknown_place_and_one_retired_already_are_refused(op, people):
    retire(op, people)
    for kode in (WONOSARI, STATION, f"{cast.KARANGJATI}-77"):
        with pytest.raises(MoveRefused, match="place_unknown"):
            retire(op, people, kode)


# ---- mending a code, and coming back


def test_a_wrong_code_is_mended_by_retiring_and_adding(op, people, as_):
    retire(op, people)
    right = {"kode": "99.01.01.2005", "nama": "Wonosari", "kecamatan": "Sumberarum", "memilih": True}
    assert take(as_("perencana"), book(desa=[right]), "desa.xlsx").status_code == 302
    assert Desa.objects.get(nama="Wonosari").kode == "99.01.01.2005"


@pytest.mark.parametrize(
    "sheet, row",
    [
        ("desa", {"kode": WONOSARI, "nama": "Wonosari", "kecamatan": "Sumberarum", "memilih": True}),
        ("tps", {"desa": cast.TEGALREJO, "nomor": 2, "pemilih": 100}),
    ],
)
def test_a_file_does_not_bring_a_retired_place_back(op, people, as_, sheet, row):
    retire(op, people)
    retire(op, people, f"{cast.TEGALREJO}-02")
    answer = upload(as_("perencana"), book(**{sheet: [row]}), "tempat.xlsx")
    assert answer.status_code == 422 and "dipensiunkan" in answer.content.decode()


def test_restored_it_counts_again_with_the_stations_that_went_along(op, people):
    retire(op, people, STATION)
    retire(op, people)
    with pytest.raises(MoveRefused, match="place_of_retired"):
        restore(op, people, STATION)
    restore(op, people)
    assert Tps.objects.filter(desa__kode=WONOSARI).count() == 1  # the one retired before stays so
    restore(op, people, STATION)
    assert Tps.objects.filter(desa__kode=WONOSARI).count() == 2
    assert Retired.objects.filter(restored_at__isnull=True).count() == 0 and Retired.objects.count() == 3
    assert verify().ok
    retire(op, people)  # and may go again


# ---- pages


def test_the_page_shows_the_form_and_what_was_retired_with_who_and_why(op, people, as_):
    planner = as_("perencana")
    door = reverse("intake:pensiunkan", args=["uji", WONOSARI])
    assert f'href="{door}"' in planner.get(TEMPAT).content.decode()
    assert planner.post(door, {"alasan": ""}).status_code == 422
    assert planner.post(door, {"alasan": "Warga suku lain"}).status_code == 422
    assert planner.post(door, {"alasan": "Kode keliru"}).status_code == 302
    page = planner.get(TEMPAT).content.decode()
    assert "Kode keliru" in page and "Perwira perencana" in page and f'href="{door}"' not in page
    assert planner.get(door).status_code == 404
    assert planner.post(reverse("intake:pulihkan", args=["uji", WONOSARI])).status_code == 302
    assert f'href="{door}"' in planner.get(TEMPAT).content.decode()


def test_what_hangs_is_listed_and_the_button_is_locked(op, people, as_):
    hang_visit(op, people)
    planner, door = as_("perencana"), reverse("intake:pensiunkan", args=["uji", WONOSARI])
    page = planner.get(door).content.decode()
    assert "1 kunjungan" in page and 'aria-disabled="true"' in page and 'name="alasan"' not in page
    assert planner.post(door, {"alasan": "Kode keliru"}).status_code == 409
    assert not Retired.objects.exists()


@pytest.mark.parametrize("who", ["kapolsek", "kapolres", "auditor", "camat"])
def test_who_has_no_door(op, as_, who):
    browser = as_(who)
    assert browser.get(TEMPAT).status_code == 403
    assert browser.get(reverse("intake:pensiunkan", args=["uji", WONOSARI])).status_code == 403
    assert browser.post(reverse("intake:pulihkan", args=["uji", WONOSARI])).status_code == 403
