"""The measuring pages and the village's sheet: who sees what, and each state looks like itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from kondusif_web.accounts.models import AccessEntry
from kondusif_web.accounts.roles import PERMISSIONS
from kondusif_web.answers import actions as answers_actions
from kondusif_web.classes import actions as classes_actions
from kondusif_web.classes import queries
from kondusif_web.classes.models import Override
from kondusif_web.classes.sheet import parts
from tests import cast
from tests.web.test_classes import CALM, TENSE, import_, override, told, village

pytestmark = pytest.mark.django_db

UKUR = reverse("classes:ukur", args=["uji"])


@pytest.fixture
def published(op, people):
    answers_actions.take_answers(
        operation=op,
        answers=village(TENSE) + village(CALM, cast.TEGALREJO),
        by=people.perencana,
        now=cast.NOW,
    )
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    return op


def partials(sheet, *names):
    return "\n".join(
        render_to_string(
            f"classes/{name}.html",
            {"lembar": sheet, "boleh_penetapan": True, "operasi": sheet["desa"].operation},
        )
        for name in names or ("_fakta", "_kelas", "_tps", "_ubah", "_penetapan")
    )


# ---- who may


@pytest.mark.parametrize("person", [p.username for p in cast.PEOPLE])
def test_who_sees_the_measuring_page(published, as_, person):
    role = next(p.role for p in cast.PEOPLE if p.username == person)
    status = as_(person).get(UKUR).status_code
    # the administrator is a member of no operation and learns of none
    assert status == (404 if role == "admin" else 200 if role in PERMISSIONS["see_answers"] else 403)


def test_nobody_comes_in_without_signing_in(published, client):
    assert client.get(UKUR).status_code == 302


def test_reading_is_logged_and_so_is_a_refusal(published, as_):
    as_("perencana").get(UKUR)
    as_("camat").get(UKUR)
    kinds = [(e.kind, e.by, e.subject) for e in AccessEntry.objects.order_by("seq")]
    assert kinds == [("read", "perencana", "answers"), ("denied", "camat", "see_answers")]


@pytest.mark.parametrize("name", ["intake:unggah", "web:hitung", "web:terbitkan"])
def test_writes_by_get_are_refused(published, as_, name):
    assert as_("perencana").get(reverse(name, args=["uji"])).status_code == 405


@pytest.mark.parametrize("person", ["camat", "petugas1", "panitia.karangjati", "humas", "auditor", "admin"])
@pytest.mark.parametrize("name", ["intake:unggah", "web:hitung", "web:terbitkan"])
def test_who_may_not_write(published, as_, person, name):
    expected = 404 if person == "admin" else 403
    assert as_(person).post(reverse(name, args=["uji"])).status_code == expected


def test_a_village_outside_the_areas_is_not_there(published, as_, people):
    page = as_("polsek.banjaragung").get(UKUR).content.decode()
    assert cast.KARANGJATI not in page and "Tegalrejo" not in page
    assert queries.desa_sheet(published, people.polsek_banjaragung, cast.KARANGJATI) is None
    place = reverse("classes:penetapan", args=["uji", cast.KARANGJATI])
    assert as_("polsek.banjaragung").get(place).status_code == 403


# ---- the page in its states


def test_an_office_without_answers_says_so(op, as_):
    page = as_("perencana").get(UKUR).content.decode()
    assert "Belum dinilai" in page and "belum ada" in page
    assert "0,00" not in page  # missing is not zero


def test_coverage_drafts_and_publication(op, as_, people):
    import_(op, people, *village(TENSE))
    browser = as_("perencana")
    assert "38,59" in browser.get(UKUR).content.decode()
    assert browser.post(reverse("web:hitung", args=["uji"])).status_code == 302
    page = browser.get(UKUR).content.decode()
    assert "kelas pertama" in page and "Kurang 1,41 dari batas 40." in page
    assert "Belum ada jawaban yang berlaku" in page  # the other villages
    assert publish(browser, page).status_code == 302
    assert queries.levels(op)[cast.KARANGJATI] == 2
    assert publish(browser, page).status_code == 409  # nothing left


def test_the_template_is_where_the_file_is_asked_for(op, as_):
    from kondusif.files import read_workbook

    browser = as_("perencana")
    door = reverse("classes:templat", args=["uji"])
    assert f'href="{door}"' in browser.get(UKUR).content.decode()
    answer = browser.get(door)
    assert "templat-kondusif.xlsx" in answer["Content-Disposition"]
    assert not any(read_workbook(answer.content, "t.xlsx").rows.values())
    assert as_("camat").get(door).status_code == 403


def publish(browser, page):
    """Press "Terbitkan" on a page as it was seen."""
    seen = re.findall(r'name="draf" value="([^"]+)"', page)
    return browser.post(reverse("web:terbitkan", args=["uji"]), {"draf": seen})


def test_nobody_publishes_what_they_have_not_seen(op, as_, people):
    import_(op, people, *village(TENSE))
    browser = as_("perencana")
    browser.post(reverse("web:hitung", args=["uji"]))
    page = browser.get(UKUR).content.decode()
    browser.post(reverse("web:hitung", args=["uji"]))  # someone reckons again
    again = publish(browser, page)
    assert again.status_code == 409 and "Tidak diterbitkan" in again.content.decode()
    page = browser.get(UKUR).content.decode()
    import_(op, people, told("D05", 1, id="new"))
    assert publish(browser, page).status_code == 409
    assert not queries.levels(op)


def test_a_draft_shows_the_class_before_and_after(published, as_, people):
    import_(published, people, told("D05", 1, id="new"))
    browser = as_("perencana")
    browser.post(reverse("web:hitung", args=["uji"]))
    page = browser.get(UKUR).content.decode()
    assert "berubah" in page and "Senjata ditemukan pada kegiatan tahapan" in page


def test_answers_that_came_later_are_counted(published, as_, people):
    import_(published, people, told("D05", 1, id="new"))
    assert "1 sesudah kelas terbit" in as_("perencana").get(UKUR).content.decode()


# ---- overrides


def test_override_by_form_and_second_person(published, as_):
    url = reverse("classes:penetapan", args=["uji", cast.KARANGJATI])
    browser = as_("kapolsek")
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"kelas": 2, "alasan": "Tetap", "jam": 4}).status_code == 422  # no change
    assert browser.post(url, {"kelas": 1, "alasan": "", "jam": 4}).status_code == 422
    banned = browser.post(url, {"kelas": 1, "alasan": "basis pendukung calon 2", "jam": 4})
    assert banned.status_code == 422 and "pendukung calon 2" in banned.content.decode()
    sent = browser.post(url, {"kelas": 1, "alasan": "Dialog semalam selesai", "jam": 4})
    assert sent.status_code == 302
    made = Override.objects.get()
    assert made.until - made.at == timedelta(hours=4)
    assert "Menunggu orang kedua" in browser.get(UKUR).content.decode()
    agree = reverse("classes:setuju", args=["uji", made.pk])
    assert browser.post(agree).status_code == 403
    assert as_("camat").post(agree).status_code == 403
    assert as_("kapolres").post(agree).status_code == 302
    assert queries.levels(published)[cast.KARANGJATI] == 1
    assert "Berlaku" in browser.get(UKUR).content.decode()


def test_the_state_of_an_override(published, people):
    later = cast.NOW + timedelta(hours=1)
    up, down = override(people, 3), override(people, 1, by="kapolsek")
    assert queries.override_state(up, later) == "berlaku"
    assert queries.override_state(down, later) == "menunggu"
    assert queries.override_state(up, cast.NOW + timedelta(hours=48)) == "berakhir"
    down = classes_actions.confirm_override(
        operation=published, override=down.pk, by=people.kapolres, now=cast.NOW
    )
    assert queries.override_state(down, later) == "berlaku"
    import_(published, people, told("D05", 1, id="weapon"))
    classes_actions.assess_operation(operation=published, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=published, by=people.perencana, now=cast.NOW)
    assert queries.override_state(down, later) == "tidak berlaku lagi"
    assert queries.levels(published)[cast.KARANGJATI] == 3


@pytest.mark.parametrize("person", ["perencana", "camat", "petugas1", "panitia.karangjati"])
def test_who_may_not_open_the_override_form(published, as_, person):
    url = reverse("classes:penetapan", args=["uji", cast.KARANGJATI])
    assert as_(person).get(url).status_code == 403


def test_no_override_where_nothing_is_published(published, as_):
    url = reverse("classes:penetapan", args=["uji", cast.WONOSARI])
    assert as_("kapolres").get(url).status_code == 404


# ---- the village's sheet


def test_the_dimension_table_adds_up_as_shown(published, people):
    sheet = queries.desa_sheet(published, people.perencana, cast.KARANGJATI)
    assert round(sum(d["poin"] for d in sheet["dimensi"]), 2) == round(sheet["total"], 2) == 38.59
    shown = [round(b["poin"], 2) for b in sheet["terbesar"]] + [sheet["sisa"][1]]
    assert round(sum(shown), 2) == 38.59
    assert sum(len(rows) for _, _, rows in sheet["butir"]) == len(cast.ITEMS)


def test_the_sheet_shows_why_and_what_would_change_it(published, people):
    page = partials(queries.desa_sheet(published, people.kapolsek, cast.KARANGJATI))
    for text in (
        "hampir pasti",
        "Kurang 1,41 dari batas 40.",
        "35,36",
        "Senjata tajam/api",
        "100 %",
    ):
        assert text in page
    assert 'd="M240.0 22V54"' in page  # no comma inside a drawing
    assert not re.search(r'(?:x|width|y)="\d+,\d', page)


def test_the_forum_sees_the_class_and_no_answers(published, people):
    sheet = queries.desa_sheet(published, people.camat, cast.KARANGJATI)
    page = partials(sheet)
    assert "Rawan" in page and sheet["level"] == 2
    assert "Menurut nilai indeks desa" in page
    for secret in ("38,59", "1,41", "35,36", "Berita acara panitia", "skala"):
        assert secret not in page


@pytest.mark.parametrize("who", ["panitia_karangjati", "petugas1", "humas", "auditor"])
def test_who_sees_no_class_at_all(published, people, who):
    assert queries.desa_sheet(published, getattr(people, who), cast.KARANGJATI) is None
    assert not queries.visible_to(published, getattr(people, who)).exists()


def test_a_village_without_a_class_is_unknown_not_calm(published, people):
    page = partials(queries.desa_sheet(published, people.kapolsek, cast.WONOSARI))
    assert "Belum dinilai" in page and "Belum dinilai bukan berarti aman" in page
    assert "Kurang Rawan" not in page


def test_a_stale_sheet_says_what_came_and_what_aged(published, people):
    import_(published, people, told("D05", 1, id="new"))
    type(published).objects.filter(pk=published.pk).update(clock=cast.NOW + timedelta(days=20))
    published.refresh_from_db()
    sheet = queries.desa_sheet(published, people.kapolsek, cast.KARANGJATI)
    assert sheet["baru"] == 1 and sheet["basi"] > 5
    page = partials(sheet)
    assert "1 jawaban masuk sesudah kelas ini terbit" in page
    assert "kedaluwarsa sejak terbit" in page


def test_a_provisional_class_says_so(op, people):
    few = [a for a in village(TENSE) if a.item[0] in "ABC"]
    import_(op, people, *few)
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    sheet = queries.desa_sheet(op, people.kapolsek, cast.KARANGJATI)
    page = partials(sheet)
    assert sheet["yakin"] == "sementara" and "sementara" in page and "belum ada jawaban" in page
    assert round(sum(d["poin"] for d in sheet["dimensi"] if d["poin"] is not None), 2) == round(
        sheet["total"], 2
    )


def test_an_override_stands_beside_the_machine(published, people):
    override(people, 3)
    sheet = queries.desa_sheet(published, people.kapolsek, cast.KARANGJATI)
    page = partials(sheet)
    assert (sheet["level"], sheet["machine"]) == (3, 2)
    assert "Ditetapkan Kapolres Arjasari" in page and "Kelas hasil hitungan" in page
    assert all(t["level"] == 3 and t["ditetapkan"] for t in sheet["tps"])


def test_unknown_companions_are_named(published, people):
    page = partials(queries.desa_sheet(published, people.kapolsek, cast.KARANGJATI), "_kelas")
    assert "belum dijawab apakah disertai massa" in page


def test_a_later_published_class_replaces_the_sheet(published, people):
    later = cast.NOW + timedelta(hours=1)
    new = [replace(a, id=f"n{a.id}") for a in village(TENSE)] + [told("D05", 1, id="weapon")]
    answers_actions.take_answers(operation=published, answers=new, by=people.perencana, now=later)
    classes_actions.assess_operation(operation=published, by=people.perencana, now=later)
    classes_actions.publish_assessments(operation=published, by=people.perencana, now=later)
    sheet = queries.desa_sheet(published, people.kapolsek, cast.KARANGJATI)
    assert sheet["level"] == 3 and sheet["baru"] == 0
    assert "Senjata ditemukan pada kegiatan tahapan (D05: 1, diamati Rab 11 Okt)" in partials(sheet, "_kelas")
    forum = partials(queries.desa_sheet(published, people.camat, cast.KARANGJATI), "_kelas")
    assert "Senjata ditemukan" in forum and "D05" not in forum


@pytest.mark.parametrize(
    "values, total, shown",
    [
        ([0.005, 0.005], 0.01, [0.01, 0.0]),
        ([], 0.0, []),
        ([33.333, 33.333, 33.334], 100.0, [33.33, 33.33, 33.34]),
    ],
)
def test_rounded_parts_sum_to_the_rounded_total(values, total, shown):
    assert parts(values, total) == shown


# ---- what one person calmed


@pytest.fixture
def calmed(published, people):
    """D10 of Karangjati falls from 3 to 1 by the planner alone; D06 was no violence after all."""
    lower = [told("D10", 1, ago=0, id="kini", source="Pasar tenang", rater="perencana")]
    later = cast.NOW + timedelta(days=1)
    lower = [replace(a, on=later.date()) for a in lower]
    answers_actions.take_answers(operation=published, answers=lower, by=people.perencana, now=later)
    classes_actions.assess_operation(operation=published, by=people.perencana, now=later)
    published.clock = later
    published.save()
    return published


def test_before_publishing_it_is_said_what_one_person_calmed(calmed, as_):
    page = as_("kapolsek").get(UKUR).content.decode()
    assert "1 jawaban turun oleh satu orang" in page
    line = re.search(r"D10.*?Pasar tenang", page, re.DOTALL)[0]
    assert "tingkat 3 dari 4 → tingkat 1 dari 4" in line and "Perwira perencana, Kam 12 Okt" in line


def test_a_second_person_who_sees_the_same_takes_the_mark_away(calmed, people, as_):
    later = cast.NOW + timedelta(days=1)
    same = replace(told("D10", 1, id="dua", rater="kabagops"), on=later.date())
    answers_actions.take_answers(operation=calmed, answers=[same], by=people.kabagops, now=later)
    classes_actions.assess_operation(operation=calmed, by=people.perencana, now=later)
    assert "turun oleh satu orang" not in as_("kapolsek").get(UKUR).content.decode()


def test_the_village_page_says_it_before_publication_and_after(calmed, people, as_):
    page = reverse("situation:desa", args=["uji", cast.KARANGJATI])
    assert "1 jawaban turun oleh satu orang" in as_("kapolsek").get(page).content.decode()
    later = cast.NOW + timedelta(days=1)
    classes_actions.publish_assessments(operation=calmed, by=people.kapolsek, now=later)
    assert "1 jawaban turun oleh satu orang" in as_("kapolsek").get(page).content.decode()
    assert "turun oleh satu orang" not in as_("camat").get(page).content.decode()  # sees no answers
    classes_actions.assess_operation(operation=calmed, by=people.perencana, now=later)
    assert "turun oleh satu orang" not in as_("kapolsek").get(UKUR).content.decode()  # seen at the last one


# ---- two operations in one office


@pytest.fixture
def elsewhere(other, other_people):
    """Operation "lain", where the planner of "uji" works too and the tense village is Tegalrejo."""
    answers = village(CALM) + village(TENSE, cast.TEGALREJO)
    answers_actions.take_answers(operation=other, answers=answers, by=other_people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=other, by=other_people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=other, by=other_people.perencana, now=cast.NOW)
    return other


def test_each_page_shows_its_own_operation(published, elsewhere, people, as_):
    browser = as_("perencana")
    assert "38,59" in browser.get("/o/uji/desa/99.01.01.2001/asal/1/").content.decode()
    assert "38,59" not in browser.get("/o/lain/desa/99.01.01.2001/asal/1/").content.decode()
    tense = queries.desa_sheet(elsewhere, people.perencana, cast.TEGALREJO)
    assert (tense["level"], tense["row"].operation) == (2, elsewhere)


def test_nothing_of_an_operation_is_reached_through_another(published, elsewhere, people, as_):
    """A waiting override and a second publication of "uji" are, from "lain", as unknown as if never made."""
    made = override(people, 1, by="kapolsek")
    import_(published, people, told("D05", 1, id="new"))
    classes_actions.assess_operation(operation=published, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=published, by=people.perencana, now=cast.NOW)
    assert as_("kapolres").post(f"/o/lain/ukur/penetapan/{made.pk}/setuju/").status_code == 404
    assert as_("perencana").get(f"/o/lain/desa/{cast.KARANGJATI}/asal/2/").status_code == 404
    assert as_("perencana").get(f"/o/uji/desa/{cast.KARANGJATI}/asal/2/").status_code == 200
    made.refresh_from_db()
    assert made.second is None
    assert "Menunggu orang kedua" not in as_("kapolres").get("/o/lain/ukur/").content.decode()


def test_drafts_seen_in_one_operation_publish_nothing_in_another(published, elsewhere, people, as_):
    for op_ in (published, elsewhere):
        classes_actions.assess_operation(operation=op_, by=None, now=cast.NOW)
    page = as_("perencana").get(UKUR).content.decode()
    seen = re.findall(r'name="draf" value="([^"]+)"', page)
    assert seen
    door = reverse("web:terbitkan", args=["lain"])
    assert as_("perencana").post(door, {"draf": seen}).status_code == 409
    assert all(row.number == 1 for row in queries.latest(elsewhere).values())
