"""Every number of the village page leads to where it came from; time and neighbours stand beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from kondusif.instrument import edit
from kondusif.instrument.published import default_recipe
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.answers import actions as answers_actions
from kondusif_web.classes import actions as classes_actions
from kondusif_web.classes import queries
from kondusif_web.classes.provenance import formula
from kondusif_web.instrument import actions as instruments
from kondusif_web.intake.tables import measure_export
from kondusif_web.mitigation.actions import Factor, finish_mitigation, offer_mitigation
from tests import cast
from tests.web.test_classes import CALM, TENSE, import_, told, village

pytestmark = pytest.mark.django_db

WIDE = replace(default_recipe().by_id["A01"], name_id="Keberatan yang lain sama sekali", hi=77.0, weight=9.0)


@pytest.fixture
def published(op, people):
    answers = village(TENSE) + village(CALM, cast.TEGALREJO)
    answers_actions.take_answers(operation=op, answers=answers, by=people.perencana, now=cast.NOW)
    return again(op, people, cast.NOW)


def again(op, people, now):
    classes_actions.assess_operation(operation=op, by=people.perencana, now=now)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=now)
    return op


def page_of(as_, who, number=1, kode=cast.KARANGJATI):
    return as_(who).get(reverse("classes:asal", args=["uji", kode, number]))


def test_points_of_items_sum_to_dimensions_and_those_to_the_score(published, people):
    got = queries.origin_of(published, people.perencana, cast.KARANGJATI, 1)
    for d in got["dimensi"]:
        assert sum(b["poin"] for b in d["butir"] if b["poin"] is not None) == pytest.approx(d["poin"])
        for b in d["butir"]:
            if b["poin"] is not None:
                assert 100 * d["bobot"] * b["bagian"] * b["risiko"] == pytest.approx(b["poin"])
    assert sum(d["poin"] for d in got["dimensi"]) == pytest.approx(got["total"])
    assert round(got["total"], 2) == 38.59


def test_every_number_links_to_an_anchor_that_is_there(published, as_):
    page = as_("perencana").get(reverse("situation:desa", args=["uji", cast.KARANGJATI])).content.decode()
    origin = page_of(as_, "perencana").content.decode()
    targets = set(re.findall(r'/asal/1/#([\w-]+)"', page))
    assert {"skor", "peluang", "keterisian", "dimensi-A", "D10"} <= targets
    assert len(targets) > len(cast.ITEMS)
    assert targets - set(re.findall(r'id="([\w-]+)"', origin)) == set()


def test_the_answer_beneath_a_number_is_named_with_the_ones_it_replaced(published, people, as_):
    import_(published, people, told("C03", 700, id="later"))
    again(published, people, cast.NOW + timedelta(minutes=1))
    item = next(
        b
        for d in queries.origin_of(published, people.perencana, cast.KARANGJATI, 2)["dimensi"]
        for b in d["butir"]
        if b["kode"] == "C03"
    )
    assert [s["berdiri"] for s in item["riwayat"]].count(True) == 1 and len(item["riwayat"]) == 2
    assert next(s for s in item["riwayat"] if s["berdiri"])["kode"] == "later"
    first = queries.origin_of(published, people.perencana, cast.KARANGJATI, 1)
    old = next(b for d in first["dimensi"] for b in d["butir"] if b["kode"] == "C03")
    assert "later" not in [s["kode"] for s in old["riwayat"] if s["berdiri"]]


def test_the_page_keeps_to_who_may_see_answers_and_is_logged(published, as_):
    assert page_of(as_, "camat").status_code == 403
    assert page_of(as_, "panitia.karangjati").status_code == 403
    assert page_of(as_, "perencana", number=9).status_code == 404
    assert page_of(as_, "polsek.banjaragung").status_code in (403, 404)
    before = AccessEntry.objects.count()
    assert page_of(as_, "kapolsek").status_code == 200
    assert AccessEntry.objects.count() == before + 1


def test_what_moved_the_score_sums_to_the_difference(published, people):
    import_(published, people, told("C03", 780, id="more"), told("D10", 4, id="tenser"))
    again(published, people, cast.NOW + timedelta(hours=1))
    sheet = queries.desa_sheet(published, people.perencana, cast.KARANGJATI)
    moved = sheet["sejak"]
    assert sum(b["poin"] for b in moved["butir"]) + moved["sisa"][1] == pytest.approx(moved["beda"])
    assert moved["ke"] == pytest.approx(sheet["total"])
    assert {"C03", "D10"} <= {b["kode"] for b in moved["butir"]}
    assert "menjadi 780" in next(b["sebab"] for b in moved["butir"] if b["kode"] == "C03")
    assert [p["nomor"] for p in sheet["garis"]["titik"]] == [1, 2]


def test_one_assessment_draws_no_line(published, people):
    sheet = queries.desa_sheet(published, people.perencana, cast.KARANGJATI)
    assert sheet["garis"] is None and sheet["sejak"] is None


def test_neighbours_are_those_of_the_kecamatan_that_a_person_may_see(published, people):
    shown = queries.desa_sheet(published, people.kapolsek, cast.KARANGJATI)["tetangga"]
    assert cast.KARANGJATI in [n["desa"].kode for n in shown]
    assert {n["desa"].kecamatan for n in shown} == {"Sumberarum"}
    levels = [n["level"] or 0 for n in shown]
    assert levels == sorted(levels, reverse=True)
    forum = queries.desa_sheet(published, people.camat, cast.KARANGJATI)["tetangga"]
    assert all(n["total"] is None and n["beda"] is None for n in forum)


@pytest.mark.parametrize(
    "item, value, text",
    [("C03", 550.0, "(550 − 300) / (800 − 300)"), ("A06", 1.0, "ya → 0; tidak → 1"), ("C03", None, "")],
)
def test_the_rule_stands_with_its_numbers(item, value, text):
    from kondusif.instrument.published import default_recipe

    assert formula(default_recipe().by_id[item], value) == text


def test_a_number_is_explained_by_the_instrument_it_was_made_with_whatever_is_in_force(
    published, people, as_
):
    before = queries.origin_of(published, people.perencana, cast.KARANGJATI, 1)["dimensi"]
    draft = instruments.start_draft(source="", kode="kondusif-45", by=people.perencana, now=cast.NOW)
    own, wide = default_recipe().by_id["A01"], WIDE
    instruments.change_draft(
        draft=draft.pk,
        change=lambda r: edit.with_indicator(r, wide, new=False),
        what="A01",
        by=people.perencana,
        now=cast.NOW,
    )
    instruments.publish_instrument(draft=draft.pk, reason="Rapat", by=people.kapolres, now=cast.NOW)
    instruments.enforce_instrument(
        operation=published, key=draft.key, reason="Rapat", by=people.kapolres, now=cast.NOW
    )
    published.refresh_from_db()
    assert queries.origin_of(published, people.perencana, cast.KARANGJATI, 1)["dimensi"] == before
    assert wide.name_id not in page_of(as_, "perencana").content.decode()
    table = next(
        t for t in measure_export(published, people.perencana, cast.NOW).tables if t.name == "sumbangan"
    )
    assert {row[4] for row in table.rows if row[3] == "A01"} == {own.name_id}


def enforced(published, people, change):
    """Another instrument in force, made by ``change``."""
    draft = instruments.start_draft(source="", kode="kondusif-45", by=people.perencana, now=cast.NOW)
    instruments.change_draft(draft=draft.pk, change=change, what="x", by=people.perencana, now=cast.NOW)
    instruments.publish_instrument(draft=draft.pk, reason="Rapat", by=people.kapolres, now=cast.NOW)
    instruments.enforce_instrument(
        operation=published, key=draft.key, reason="Rapat", by=people.kapolres, now=cast.NOW
    )
    published.refresh_from_db()


def test_a_page_keeps_its_numbers_when_another_instrument_comes_into_force(published, people, as_):
    def shown():
        sheet = queries.desa_sheet(published, people.perencana, cast.KARANGJATI)
        page = page_of(as_, "perencana").content.decode()
        return sheet, page[page.index("<main") : page.index("</main>")]

    before = shown()
    enforced(
        published,
        people,
        lambda r: edit.with_rules(
            edit.without_indicator(edit.with_indicator(r, WIDE, new=False), "B02"),
            cuts=(5.0, 10.0),
            provisional_below=0.9,
            near=1.0,
        ),
    )
    assert shown() == before


def test_what_moved_is_told_of_each_side_by_the_instrument_it_was_made_with(published, people):
    """D10 was tingkat 3 of 4; the new version asks for it on another scale and no longer for B02."""
    of = default_recipe().by_id["D10"]
    longer = replace(of, hi=8.0, name_id="Ketegangan, skala baru")
    enforced(
        published,
        people,
        lambda r: edit.without_indicator(edit.with_indicator(r, longer, new=False), "B02"),
    )
    import_(published, people, told("D10", 8, id="tenser"))
    again(published, people, cast.NOW + timedelta(hours=1))
    moved = {
        b["kode"]: b
        for b in queries.desa_sheet(published, people.perencana, cast.KARANGJATI)["sejak"]["butir"]
    }
    assert moved["D10"]["sebab"] == "tingkat 3 dari 4 menjadi tingkat 8 dari 8"
    assert moved["B02"]["nama"] == default_recipe().by_id["B02"].name_id


def read(as_, door):
    return as_("perencana").get(door).content.decode()


def test_what_an_action_was_followed_by_stays_told_when_its_item_is_no_longer_asked(published, people, as_):
    day = timedelta(days=1)
    row = offer_mitigation(
        operation=published,
        villages=[published.desa.get(kode=cast.KARANGJATI)],
        factors=(Factor("C01", "nama ganda", 2.0),),
        text="Cocokkan daftar pemilih",
        due=cast.NOW + 2 * day,
        mine=True,
        by=people.kapolsek,
        now=cast.NOW,
    )
    finish_mitigation(operation=published, mitigation=row, by=people.kapolsek, now=cast.NOW)
    lower = replace(told("C01", 2, id="lower"), on=(cast.NOW + day).date())
    answers_actions.take_answers(
        operation=published, answers=[lower], by=people.perencana, now=cast.NOW + day
    )
    again(published, people, cast.NOW + day)
    type(published).objects.filter(pk=published.pk).update(clock=cast.NOW + day)
    door = f"/o/uji/tindakan/{row.pk}/"
    said = re.search(r"Jawaban sebelumnya 12 [^<]*, sesudahnya 2 [^<]*", page := read(as_, door))
    assert said, page
    enforced(published, people, lambda r: edit.without_indicator(r, "C01"))
    assert said[0] in read(as_, door)


def test_the_export_counts_answers_of_items_that_a_class_was_made_with(published, people):
    def counted():
        tables = measure_export(published, people.perencana, cast.NOW).tables
        return {row[0]: row[1:] for row in next(t for t in tables if t.name == "keterisian").rows}

    before = counted()
    enforced(published, people, lambda r: edit.without_indicator(r, "B02"))
    assert counted() == before and before["B02"][1] > 0
