"""The pages of the rounds: who sees what, what the form takes and refuses, and that reading is logged."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.urls import reverse
from openpyxl import load_workbook

from kondusif.instrument.indicator import anchors
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.accounts.roles import PERMISSIONS
from kondusif_web.answers import actions as answers_actions
from kondusif_web.answers.models import Answer, Evidence, NotKnown, Review
from kondusif_web.answers.wording import range_of
from kondusif_web.classes import actions as classes_actions
from kondusif_web.classes import rounds as actions
from kondusif_web.pages.choices import LANGUAGE
from kondusif_web.posts.models import PostureRow
from kondusif_web.reports.actions import open_incident, submit_report
from kondusif_web.reports.queries import last_votes
from kondusif_web.situation.cards import cards
from kondusif_web.situation.villages import villages
from tests import cast
from tests.conftest import begin, enlist
from tests.web.test_answers import PNG, give, line

pytestmark = pytest.mark.django_db

PUTARAN = reverse("classes:putaran", args=["uji"])
FORM = reverse("web:jawab", args=["uji", cast.KARANGJATI])
DAY = cast.NOW.date().isoformat()


@pytest.fixture
def running(op, people):
    return actions.open_round(
        operation=op, gate="hitung", by=people.kabagops, now=cast.NOW - timedelta(hours=2)
    )


def section(kode="A", source="Berita acara panitia", **answers):
    """What a browser sends for one section."""
    out = {"bagian": kode, f"{kode}-on": DAY, f"{kode}-source": source}
    for name, value in answers.items():
        out[f"{kode}-{name.replace('__', '-')}"] = value
        out.setdefault(f"{kode}-{name.partition('__')[0]}-id", str(uuid.uuid4()))
    return out


# ---- who may


SEES = PERMISSIONS["see_answers"] | PERMISSIONS["answer_items"]


@pytest.mark.parametrize("person", [p.username for p in cast.PEOPLE])
def test_who_opens_which_page(running, as_, person):
    role = next(p.role for p in cast.PEOPLE if p.username == person)
    browser = as_(person)
    shut = 404 if role == "admin" else 403  # no member of the operation, so there is none
    assert browser.get(PUTARAN).status_code == (200 if role in SEES else shut)
    for name in ("classes:tagihan", "classes:tagihan_xlsx"):
        assert browser.get(reverse(name, args=["uji"])).status_code == (
            200 if role in PERMISSIONS["see_answers"] else shut
        )
    gate = reverse("classes:gerbang", args=["uji", "hitung"])
    assert browser.get(gate).status_code == (200 if role in PERMISSIONS["see_answers"] else shut)


@pytest.mark.parametrize(
    "person, status",
    [
        ("petugas1", 200),
        ("perencana", 200),
        ("kabagops", 200),
        ("petugas2", 403),  # another village's
        ("kapolsek", 403),
        ("camat", 403),
        ("panitia.karangjati", 403),  # RULES 20: the committee gives no answers
        ("humas", 403),
    ],
)
def test_who_opens_the_form(running, as_, person, status):
    assert as_(person).get(FORM).status_code == status
    sent = as_(person).post(FORM, section(A01="1")).status_code
    assert sent == (302 if status == 200 else 403)


def test_an_officer_sees_the_own_village_and_no_class_and_no_coverage(running, as_):
    page = as_("petugas1").get(PUTARAN).content.decode()
    assert "Karangjati" in page and "Tegalrejo" not in page
    assert "Belum dinilai" not in page and "Keterisian, bukti" not in page
    assert reverse("classes:putaran_desa", args=["uji", cast.KARANGJATI]) not in page
    assert (
        as_("petugas1").get(reverse("classes:putaran_desa", args=["uji", cast.KARANGJATI])).status_code == 403
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_rater_reads_every_anchor_of_a_rated_item_where_it_is_marked(running, as_, language):
    browser = as_("petugas1")
    browser.cookies[LANGUAGE] = language
    page = browser.get(FORM, {"semua": "1"}).content.decode()
    for item in (i for i in cast.ITEMS.values() if i.type == "likert"):
        for n, text in anchors(item, language).items():
            assert f'<option value="{n}">{n}: {text}</option>' in page


def test_a_scale_of_ones_own_shows_its_reason_openly_in_place_of_anchors():
    own = replace(cast.ITEMS["D10"], rationale="Jangkar kantor: 0 sepi sampai 4 ramai")
    assert "Jangkar kantor: 0 sepi sampai 4 ramai." in range_of(own)
    assert "sepi" not in range_of(cast.ITEMS["D10"])


def test_a_village_outside_the_areas_or_not_voting_is_not_there(running, as_):
    assert (
        as_("polsek.banjaragung")
        .get(reverse("classes:putaran_desa", args=["uji", cast.KARANGJATI]))
        .status_code
        == 403
    )
    assert as_("perencana").get(reverse("web:jawab", args=["uji", cast.QUIET])).status_code == 404
    assert (
        as_("perencana").get(reverse("web:jawab", args=["uji", f"{cast.KARANGJATI}-77"])).status_code == 404
    )
    assert as_("perencana").get(reverse("classes:gerbang", args=["uji", "pesta"])).status_code == 404


@pytest.mark.parametrize("name", ["classes:buka", "classes:tutup"])
def test_rounds_are_run_by_post_by_who_may(running, as_, name):
    door = reverse(name, args=["uji", "hitung"])
    assert as_("kabagops").get(door).status_code == 405
    assert as_("kapolsek").post(door).status_code == 403
    refused = as_("perencana").post(door)
    assert refused.status_code == 403 and "Wilayah Anda hanya sebagian" in refused.content.decode()


@pytest.mark.parametrize(
    "person, why",
    [
        ("perencana", "wilayah akun Anda mencakup sebagian"),
        ("kapolsek", "dibuka dan ditutup perencana atau Kapolres"),
    ],
)
@pytest.mark.parametrize("runs", [False, True])
def test_who_does_not_run_rounds_sees_the_button_locked_and_why(op, people, as_, person, why, runs):
    if runs:
        actions.open_round(operation=op, gate="hitung", by=people.kapolres, now=cast.NOW)
    page = as_(person).get(PUTARAN).content.decode()
    word = "Tutup" if runs else "Buka"
    assert re.search(rf'aria-disabled="true"[^>]*aria-describedby="kunci-putaran">.*?{word}<', page)
    assert why in page and "/buka/" not in page and "/tutup/" not in page
    allowed = as_("kabagops").get(PUTARAN).content.decode()
    assert (
        reverse(f"classes:{word.lower()}", args=["uji", "hitung"]) in allowed
        and "kunci-putaran" not in allowed
    )


def test_reading_is_logged(running, as_):
    browser = as_("petugas1")
    browser.get(PUTARAN)
    browser.get(FORM)
    as_("perencana").get(reverse("classes:tagihan_xlsx", args=["uji"]))
    seen = [(e.by, e.subject, e.kode_desa) for e in AccessEntry.objects.filter(kind="read").order_by("seq")]
    assert seen == [
        ("petugas1", "rounds", ""),
        ("petugas1", "rounds.form", cast.KARANGJATI),
        ("perencana", "rounds.owed", ""),
    ]


# ---- the form


def test_each_item_says_what_why_range_and_what_was_there_before(running, op, people, as_):
    old = cast.answers({"A01": 3.0}, cast.KARANGJATI)[0]
    answers_actions.take_answers(
        operation=op, answers=[old], by=people.perencana, now=cast.NOW - timedelta(hours=3)
    )
    page = as_("petugas1").get(f"{FORM}?semua=1").content.decode()
    assert "Sebelumnya: 3 keberatan" in page and "Rentang 0 sampai 5 keberatan" in page
    assert "Biasanya dari: Panitia kabupaten (DPMD); camat; BPD." in page
    owed = as_("petugas1").get(FORM).content.decode()
    assert 'name="A-A01"' not in owed and 'name="A-A02"' in owed
    assert 'name="F-F01"' not in page  # reckoned from the plan


def test_only_what_may_not_apply_offers_that(running, as_):
    page = as_("petugas1").get(FORM).content.decode()

    def offers(name):
        field = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)[0]
        return "Tidak berlaku di sini" in field

    assert offers("B-B04-kind") and not offers("A-A01-kind")


def test_values_and_every_kind_of_gap(running, as_):
    sent = section(
        "B", B01="3", B02="1", B04__kind="not_applicable", B06__kind="refused", B07__kind="not_known", B08=""
    )
    assert as_("petugas1").post(FORM, sent).status_code == 302
    told = {a.item: (a.given, a.value, a.rater, a.channel) for a in Answer.objects.all()}
    assert told == {
        "B01": ("value", 3.0, "petugas1", "formulir"),
        "B02": ("value", 1.0, "petugas1", "formulir"),
        "B04": ("not_applicable", None, "petugas1", "formulir"),
        "B06": ("refused", None, "petugas1", "formulir"),
    }
    assert NotKnown.objects.get().item == "B07"


def test_sent_again_it_is_taken_once_and_with_other_content_it_is_a_conflict(running, as_):
    sent, browser = section(A01="2"), as_("petugas1")
    assert browser.post(FORM, sent).status_code == 302
    again = browser.post(FORM, sent, follow=True)
    assert "0 isian diterima, 1 sudah ada" in again.content.decode()
    assert browser.post(FORM, sent | {"A-A01": "3"}).status_code == 409
    assert [a.value for a in Answer.objects.all()] == [2.0]


@pytest.mark.parametrize(
    "sent, said",
    [
        (section(A01="1", source="Menurut pendukung calon 2"), "pendukung calon 2"),
        (section(A01="1", A01__note="orang madura di pasar"), "orang madura"),
        (section(A01="1,5"), "bilangan bulat"),
        (section(A07="101"), "persen 0 sampai 100"),
        (section(A01="dua"), "angka"),
        (section(A01="1", A01__kind="refused"), "Pilih salah satu"),
        (section(A01="1", source=""), "seharusnya sumber jawaban"),
        (section(A01="1") | {"A-on": "2030-01-01"}, "seharusnya tanggal yang sudah lewat"),
        (section(), "Belum ada yang diisi"),
        (section(A01="1") | {"A-A01-id": "x"}, "tidak utuh"),
    ],
    ids=["banned", "banned note", "half", "percent", "word", "both", "source", "future", "empty", "id"],
)
def test_what_the_form_refuses_it_names_and_saves_nothing(running, as_, sent, said):
    answer = as_("petugas1").post(FORM, section(A02="0") | sent if "A-A01" in sent else sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Answer.objects.exists()


def test_what_was_filled_stays_when_a_word_is_refused(running, as_):
    page = as_("petugas1").post(FORM, section(A01="4", source="suku lain")).content.decode()
    assert re.search(r'name="A-A01" value="4"', page)


def test_another_raters_value_of_this_round_is_not_shown(running, op, people, as_):
    give(op, people, line("D10", 3))
    page = as_("perencana").get(FORM).content.decode()
    assert "Penilai lain sudah menjawab" in page and "tingkat 3 dari 4" not in page
    own = as_("petugas1").get(FORM).content.decode()
    assert 'name="D-D10"' not in own  # the second rating is not mine to give


def test_an_own_mistake_is_corrected_by_the_form(running, op, people, as_):
    give(op, people, line("A01", 5))
    wrong = Answer.objects.get()
    page = as_("petugas1").get(f"{FORM}?semua=1").content.decode()
    assert f'value="{wrong.client_id}"' in page
    as_("petugas1").post(FORM, section(A01="1", A01__fix=wrong.client_id))
    assert Answer.objects.get(corrects=wrong.client_id).value == 1


def test_without_a_round_answers_are_taken_all_the_same(op, as_):
    assert as_("petugas1").post(FORM, section(A01="1")).status_code == 302
    assert "Tidak ada putaran penilaian yang sedang berjalan" in as_("petugas1").get(FORM).content.decode()


def test_a_station_has_its_own_form(running, as_):
    door = reverse("web:jawab", args=["uji", f"{cast.KARANGJATI}-01"])
    page = as_("petugas1").get(door).content.decode()
    assert 'name="E-E01"' in page and 'name="A-A01"' not in page
    assert as_("petugas1").post(door, section("E", E01="35")).status_code == 302
    assert Answer.objects.get().place == f"{cast.KARANGJATI}-01"


def test_who_holds_a_station_alone_finds_its_form(running, as_, people):
    people.petugas1.prefixes = [f"{cast.KARANGJATI}-01"]
    people.petugas1.save()
    browser, door = as_("petugas1"), reverse("web:jawab", args=["uji", f"{cast.KARANGJATI}-01"])
    assert f'href="{door}"' in browser.get(PUTARAN).content.decode()
    assert browser.get(door).status_code == 200
    assert browser.get(FORM).status_code == 403


# ---- reviews, list, gates


def test_a_review_is_settled_on_the_page_of_its_village(running, op, people, as_):
    give(op, people, line("D10", 3))
    give(op, people, line("D10", 1), by="perencana")
    review = Review.objects.get()
    door, page = (
        reverse("classes:bersama", args=["uji", review.pk]),
        reverse("classes:putaran_desa", args=["uji", cast.KARANGJATI]),
    )
    assert "bukan salah satu penilainya" in as_("perencana").get(page).content.decode()
    good = {"nilai": "2", "alasan": "Dilihat bersama", "hadir": "on"}
    assert as_("perencana").post(door, good).status_code == 403
    assert as_("camat").post(door, good).status_code == 404
    assert as_("polsek.banjaragung").post(door, good).status_code == 404
    chief = as_("kapolsek")
    for wrong in ({"hadir": ""}, {"alasan": ""}, {"nilai": ""}, {"alasan": "Warga madura"}, {"nilai": "9"}):
        assert chief.post(door, good | wrong).status_code == 422
    assert chief.post(door, good).status_code == 302
    assert "Disepakati tingkat 2 dari 4" in chief.get(page).content.decode()


def test_the_owed_list_names_office_village_and_item_and_can_be_filtered(running, as_):
    browser = as_("perencana")
    page = browser.get(reverse("classes:tagihan", args=["uji"]), {"dari": "Humas"}).content.decode()
    assert "Sumberarum: Humas" in page and "Sumberarum: Panitia" not in page
    book = load_workbook(
        BytesIO(browser.get(reverse("classes:tagihan_xlsx", args=["uji"]), {"dari": "Humas"}).content)
    )
    rows = list(book["belum masuk"].iter_rows(min_row=5, values_only=True))
    assert {(r[1], r[5]) for r in rows} == {("Humas", "D09")}
    assert {r[2] for r in rows} == {"Karangjati", "Tegalrejo", "Wonosari"}


def test_a_class_of_a_thin_round_is_marked_provisional(running, op, people, as_):
    some = [a for a in cast.answers(cast.TENSE, cast.KARANGJATI) if a.item[0] in "ABC"]
    answers_actions.take_answers(operation=op, answers=some, by=people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    browser = as_("kapolres")
    for path in (PUTARAN, reverse("classes:putaran_desa", args=["uji", cast.KARANGJATI])):
        assert "sementara" in browser.get(path).content.decode()
    browser.post(reverse("classes:tutup", args=["uji", "hitung"]))
    closed = browser.get(reverse("classes:gerbang", args=["uji", "hitung"])).content.decode()
    assert "Disimpan saat ditutup" in closed and "sementara" in closed and "penerbitan 1" in closed


def test_an_overdue_round_stands_on_the_board_of_who_runs_rounds(op, people):
    def found(person):
        rows = villages(op, person, cast.NOW, {})
        shown = [c for c in cards(op, person, cast.NOW, rows, (), ()) if c.jenis == "putaran"]
        return [
            re.search(r"<h3>.*?<span>(.*?)</span>", render_to_string(c.templat, {"k": c}))[1] for c in shown
        ]

    assert found(people.kapolres) == ["Buka putaran 'Penghitungan selesai'?"]
    assert found(people.kapolsek) == [] and found(people.perencana) == []
    actions.open_round(operation=op, gate="hitung", by=people.kapolres, now=cast.NOW)
    assert found(people.kabagops) == ["Tutup putaran 'Penghitungan selesai'?"]
    actions.close_round(operation=op, gate="hitung", by=people.kapolres, now=cast.NOW)
    assert found(people.kapolres) == []


def test_a_gate_takes_its_actual_date_from_the_planner_with_its_paper(op, as_):
    door = reverse("classes:gerbang", args=["uji", "sk"])
    sent = {"pada": "2023-11-20T09:00", "sumber": "SK Bupati 188/2023"}
    assert as_("kapolsek").post(door, sent).status_code == 403
    planner = as_("perencana")
    for wrong in ({"pada": "2023-10-01T09:00"}, {"sumber": ""}, {"sumber": "suku lain"}):
        assert planner.post(door, sent | wrong).status_code == 422
    assert planner.post(door, sent).status_code == 302
    assert "Sen 20 Nov 09.00, tanggal sebenarnya" in planner.get(door).content.decode()
    assert planner.post(reverse("classes:gerbang", args=["uji", "h1"]), sent).status_code == 422


# ---- evidence


def send(browser, answer, content=PNG, name="foto.png", **more):
    sent = {
        "jawaban": answer,
        "id": str(uuid.uuid4()),
        "jenis": "foto",
        "nomor": "",
        "tanggal": "",
        "berkas": SimpleUploadedFile(name, content, content_type="image/png"),
    }
    return browser.post(reverse("answers:bukti", args=["uji"]), sent | more)


@pytest.fixture
def answered(running, op, people):
    told = line("A01", 1)
    give(op, people, told)
    return str(told.id)


def test_a_file_is_given_out_to_keep_and_never_to_show(answered, as_):
    assert send(as_("petugas1"), answered).status_code == 302
    door = reverse("answers:unduh", args=["uji", Evidence.objects.get().pk])
    browser = as_("kapolsek")
    assert browser.get(door).status_code == 405
    answer = browser.post(door)
    assert answer.content == PNG and answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith('attachment; filename="bukti-A01-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    last = AccessEntry.objects.order_by("seq").last()
    assert (last.by, last.subject, last.kode_desa) == ("kapolsek", "rounds.evidence", cast.KARANGJATI)


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"", b"PK\x03\x04" + b"0" * 30])
def test_a_file_is_judged_by_its_bytes_not_by_its_name(answered, as_, content):
    answer = send(as_("petugas1"), answered, content)
    assert answer.status_code in (302, 422) and not Evidence.objects.exists()


def test_too_large_a_file_is_refused_with_its_limit(answered, as_):
    answer = send(as_("petugas1"), answered, PNG + b"0" * (2 * 1024 * 1024))
    assert answer.status_code == 422 and "2 MB" in answer.content.decode()


@pytest.mark.parametrize("person", ["petugas2", "camat", "panitia.karangjati", "auditor"])
def test_who_gets_no_file(answered, as_, person):
    send(as_("petugas1"), answered)
    door = reverse("answers:unduh", args=["uji", Evidence.objects.get().pk])
    assert as_(person).post(door).status_code == 403
    assert send(as_(person), answered).status_code == 403


def test_the_page_warns_of_ballots_and_says_where_nothing_is_attached(answered, as_):
    page = as_("petugas1").get(FORM).content.decode()
    assert "Jangan melampirkan surat suara" in page and "tanpa bukti" in page
    assert "tanpa lokasi, perangkat, dan pemilik" in page and "PDF disimpan apa adanya" in page
    send(as_("petugas1"), answered)
    assert "tanpa bukti" not in as_("petugas1").get(FORM).content.decode()


def test_a_file_is_removed_with_a_reason_by_who_runs_rounds(answered, as_):
    send(as_("petugas1"), answered)
    row = Evidence.objects.get()
    door = reverse("answers:cabut", args=["uji", row.pk])
    assert as_("petugas1").post(door, {"alasan": "salah"}).status_code == 403
    assert as_("perencana").post(door, {"alasan": ""}).status_code == 422
    assert as_("perencana").post(door, {"alasan": "Memuat surat suara"}).status_code == 302
    page = (
        as_("kapolsek").get(reverse("classes:putaran_desa", args=["uji", cast.KARANGJATI])).content.decode()
    )
    assert "berkas dihapus" in page
    assert as_("kapolsek").post(reverse("answers:unduh", args=["uji", row.pk])).status_code == 404


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_date_in_an_impossible_year_is_refused_and_the_board_stands(running, as_, moment):
    browser = as_("perencana")
    gate = reverse("classes:gerbang", args=["uji", "pelantikan"])
    answer = browser.post(gate, {"pada": moment, "sumber": "SK 141/2023"})
    assert answer.status_code == 422 and "Tahun 2000 sampai 2099" in answer.content.decode()
    sent = section(A01="1") | {"A-on": moment[:10]}
    assert browser.post(FORM, sent).status_code == 422
    assert browser.get(reverse("situation:papan", args=["uji"])).status_code == 200


def test_a_page_of_one_operation_reaches_no_review_and_no_file_of_another(
    answered, op, people, other_people, as_
):
    give(op, people, line("D10", 3, ago=1))
    give(op, people, line("D10", 1), by="perencana")
    review = Review.objects.get()
    send(as_("petugas1"), answered)
    row = Evidence.objects.get()
    sent = {"nilai": "2", "alasan": "Dilihat bersama", "hadir": "on"}
    for name, pk, more in (
        ("classes:bersama", review.pk, sent),
        ("answers:unduh", row.pk, {}),
        ("answers:cabut", row.pk, {"alasan": "Memuat surat suara"}),
    ):
        assert as_("kabagops").post(reverse(name, args=["lain", pk]), more).status_code == 404, name
    document = {"jawaban": answered, "id": str(uuid.uuid4()), "jenis": "ba", "nomor": "BA-1"}
    assert as_("petugas1").post(reverse("answers:bukti", args=["lain"]), document).status_code == 404
    page = (
        as_("kabagops").get(reverse("classes:putaran_desa", args=["lain", cast.KARANGJATI])).content.decode()
    )
    assert str(review.pk) not in page and str(row.pk) not in page
    review.refresh_from_db(), row.refresh_from_db()
    assert review.state == "open" and row.has_file and Evidence.objects.count() == 1


# ---- what an earlier operation of the office knows


@pytest.fixture
def closed(op):
    """Operation "dulu" two years before: two attacks on record at Karangjati, a word from Tegalrejo."""
    years = timedelta(days=2 * 365)
    dulu = begin(
        cast.OPERATION | {"kode": "dulu", "vote_at": cast.VOTE_AT - years, "clock": cast.NOW - years}
    )
    then = {"operation": dulu, "by": enlist(dulu).kapolres, "now": cast.NOW - years}
    for kind in ("violence", "damage", "rumour"):
        open_incident(id=uuid.uuid4(), kind=kind, place=cast.KARANGJATI, severity="merah", **then)
    submit_report(id=uuid.uuid4(), kind="aman", place=f"{cast.TEGALREJO}-01", **then)
    for kode, dispute in ((cast.KARANGJATI, "settled"), (cast.TEGALREJO, "none")):
        PostureRow.objects.update_or_create(
            desa=dulu.desa.get(kode=kode),
            defaults={
                "operation": dulu,
                "since": cast.NOW - years,
                "dispute": dispute,
                "dispute_source": "BA" if dispute == "settled" else "",
            },
        )
    type(dulu).objects.filter(pk=dulu.pk).update(phase="closed")
    return dulu


def test_what_a_closed_operation_knows_is_offered_and_taken_only_where_it_is_ticked(
    running, closed, people, as_
):
    browser = as_("petugas1")
    page = browser.get(FORM).content.decode()
    assert "Pakai 2 kejadian, menurut operasi dulu" in page
    assert "Pakai 1 perkara, menurut operasi dulu" in page
    browser.post(FORM, section("D", D03="1"))  # sent with the offer beside it, unticked
    assert set(Answer.objects.values_list("item", flat=True)) == {"D03"}
    browser.post(FORM, section("D", D01__last="on", D02=""))
    answer = Answer.objects.get(item="D01")
    assert (answer.value, answer.source, answer.rater) == (2.0, "operasi dulu", "petugas1")
    assert not Answer.objects.filter(item="D02").exists()


def test_an_operation_of_others_is_told_by_the_day_of_its_vote(running, closed, as_):
    closed.members.filter(user__username="petugas1").update(active=False)
    browser = as_("petugas1")
    page = browser.get(FORM).content.decode()
    assert "Pakai 2 kejadian, menurut operasi 10-10-2021" in page and "operasi dulu" not in page
    browser.post(FORM, section("D", D01__last="on"))
    assert Answer.objects.get(item="D01").source == "operasi 10-10-2021"


def test_an_offer_and_an_own_value_are_not_taken_together(running, closed, as_):
    answer = as_("petugas1").post(FORM, section("D", D01="1", D01__last="on"))
    assert answer.status_code == 422 and "nilai dari operasi lalu" in answer.content.decode()
    assert not Answer.objects.exists()


def test_nothing_is_offered_that_the_office_does_not_know(op, running, closed, as_):
    """No calm from silence or from one vote of two; no votes and no deaths at all; nothing for a station."""
    tegal = last_votes(op, cast.TEGALREJO)
    assert {k: v.value for k, v in tegal.items()} == {"D02": 0.0}
    assert last_votes(op, cast.WONOSARI) == {} == last_votes(op, f"{cast.KARANGJATI}-01")
    type(closed).objects.filter(pk=closed.pk).update(phase="running")
    assert last_votes(op, cast.KARANGJATI) == {}
    assert "Pakai " not in as_("petugas1").get(FORM).content.decode()
