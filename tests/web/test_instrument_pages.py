"""The instrument pages: who sees them, what a planner can do there without a script, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from kondusif.instrument import edit
from kondusif.instrument.recipe import Recipe
from kondusif_web.accounts.actions import create_account
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.accounts.roles import PERMISSIONS
from kondusif_web.answers.models import Answer
from kondusif_web.election.members import add_member
from kondusif_web.instrument import facts
from kondusif_web.instrument.actions import publish_instrument, start_draft
from kondusif_web.instrument.models import Comparison, Instrument
from kondusif_web.logbook.clock import server_now
from tests import cast
from tests.conftest import begin, enlist
from tests.web.test_instrument import change, enforce, judge, measured, publish, start
from tests.web.test_intake import HEAD, take

__all__ = ["measured"]
pytestmark = pytest.mark.django_db

V2 = ("kondusif-45", 2)
LIST = reverse("instrument:daftar", args=["uji"])


def door(name, *more):
    space = "classes" if name.startswith("akibat") else "instrument"
    return reverse(f"{space}:{name}", args=("uji", *V2, *more))


READ = [
    ("versi", ()),
    ("toml", ()),
    ("akibat", ()),
    ("akibat_xlsx", ()),
]
EDIT = [
    ("tambah", ()),
    ("butir", ("A01",)),
    ("batas", ()),
    ("lantai_baru", ()),
    ("lantai", ("D05_senjata",)),
    ("dimensi_baru", ()),
    ("dimensi", ("A",)),
    ("peran", ()),
    ("bobot", ("dimensi",)),
    ("bobot", ("A",)),
    ("banding", ("dimensi",)),
    ("banding", ("A",)),
]
WRITE = [
    ("buang", ()),
    ("terbitkan", ()),
    ("pensiun", ()),
    ("berlakukan", ()),
    ("cabut", ("A01",)),
    ("hapus_lantai", ("D05_senjata",)),
    ("cabut_dimensi", ("B",)),
    ("jumlah", ("A",)),
    ("pakai", ("A",)),
    ("periksa", ("A",)),
]


@pytest.fixture
def draft(op, people):
    return start(people)


def butir(**more):
    given = {
        "dimension": "A",
        "name_id": "Berkas yang belum dijawab",
        "name_en": "Files without an answer",
        "subdimension": "Kepatuhan tahapan",
        "type": "count",
        "unit": "berkas",
        "transform": "linear_clamp",
        "lo": "0",
        "hi": "7,5",
        "level": "desa",
        "first_stage": "persiapan",
        "fresh_days": "30",
        "weight": "1,5",
        "asked_of": "Panitia",
        "changeable": "on",
        "source": "Panitia",
    }
    return given | more


# ---- who may


@pytest.mark.parametrize("person", [p.username for p in cast.PEOPLE])
def test_who_sees_the_instrument_and_who_edits_it(draft, as_, person):
    role = next(p.role for p in cast.PEOPLE if p.username == person)
    browser = as_(person)
    sees, edits = role in PERMISSIONS["see_instrument"], role in PERMISSIONS["draft_instrument"]
    shut = 404 if role == "admin" else 403  # no member of the operation, so there is none
    assert browser.get(LIST).status_code == (200 if sees else shut)
    for name, more in READ:
        assert browser.get(door(name, *more)).status_code == (200 if sees else shut), name
    for name, more in EDIT:
        assert browser.get(door(name, *more)).status_code == (200 if edits else shut), name
    assert (f'href="{LIST}"' in browser.get("/o/uji/", follow=True).content.decode()) == sees


@pytest.mark.parametrize("name, more", [("mulai", None), *WRITE])
def test_writes_by_get_are_refused(draft, as_, name, more):
    path = reverse("instrument:mulai", args=["uji"]) if more is None else door(name, *more)
    assert as_("perencana").get(path).status_code == 405


@pytest.mark.parametrize("name, more", WRITE)
@pytest.mark.parametrize("person", ["camat", "humas", "auditor", "panitia.karangjati"])
def test_nobody_else_writes(draft, as_, name, more, person):
    assert as_(person).post(door(name, *more)).status_code in (403, 404)
    assert Instrument.objects.get().draft


def test_reading_is_logged(draft, as_):
    browser = as_("perencana")
    browser.get(LIST)
    browser.get(door("akibat"))
    subjects = AccessEntry.objects.order_by("seq").values_list("subject", flat=True)
    assert list(subjects) == ["instrument", "instrument.effect"]


def test_a_version_that_is_not_there_is_no_page(op, as_):
    assert as_("perencana").get(door("versi")).status_code == 404
    assert (
        as_("perencana").get(reverse("instrument:batas", args=("uji", "kondusif-45", 1))).status_code == 404
    )
    effect = reverse("classes:akibat", args=("uji", "kondusif-45", 1))
    assert as_("perencana").get(effect).status_code == 200
    assert as_("perencana").get(f"{effect}?dengan=x").status_code == 404


# ---- a draft by hand


def test_from_a_start_to_a_version_in_force(op, as_):
    planner, second, chief = as_("perencana"), as_("kabagops"), as_("kapolres")
    answer = planner.post(
        reverse("instrument:mulai", args=["uji"]), {"sumber": facts.OWN, "kode": "kondusif-45"}
    )
    assert answer.url == door("versi")
    row = Instrument.objects.get()
    assert "bukan perancangnya" in planner.get(door("versi")).content.decode()
    given = {"alasan": "Rapat penilai", "dilihat": row.text_digest}
    refused = planner.post(door("terbitkan"), given)
    assert refused.status_code == 403 and "Harus orang kedua" in refused.content.decode()
    assert second.post(door("terbitkan"), given | {"dilihat": "x"}).status_code == 409
    assert second.post(door("terbitkan"), given | {"alasan": ""}, follow=True).status_code == 200
    row.refresh_from_db()
    assert row.draft
    second.post(door("terbitkan"), given)
    assert "tidak dapat diubah lagi" in second.get(door("versi")).content.decode()
    assert planner.get(door("batas")).status_code == 404
    assert second.post(door("berlakukan"), {"alasan": "Rapat operasi"}).status_code == 403
    chief.post(door("berlakukan"), {"alasan": "Rapat operasi"})
    op.refresh_from_db()
    assert op.recipe == row.key
    page = planner.get(LIST).content.decode()
    assert "kondusif-45/1 → kondusif-45/2" in page and row.digest[:12] in page


def test_an_own_indicator_is_added_changed_and_retired(draft, as_):
    browser = as_("perencana")
    assert browser.post(door("tambah"), butir()).status_code == 302
    draft.refresh_from_db()
    made = facts.recipe_in(draft).by_id["A09"]
    assert (made.hi, made.weight, made.direction) == (7.5, 1.5, "higher_is_riskier")
    browser.post(
        door("butir", "A09"), butir(transform="map", point_1="1", risk_1="0,2", point_2="2", risk_2="1")
    )
    draft.refresh_from_db()
    assert str(facts.recipe_in(draft).by_id["A09"].transform) == "map{1:0.2,2:1.0}"
    browser.post(door("cabut", "A09"))
    draft.refresh_from_db()
    assert "A09" not in facts.recipe_in(draft).by_id
    said = browser.post(door("cabut", "D05"), follow=True).content.decode()
    assert "D05_senjata" in said and "kelas minimumnya dulu" in said


def test_every_indicator_saved_unchanged_stays_as_it_is(draft, as_):
    browser = as_("perencana")
    for indicator in facts.recipe_in(draft).indicators:
        form = browser.get(door("butir", indicator.id)).context["form"]
        given = {name: form[name].value() for name in form.fields}
        given = {k: v for k, v in given.items() if v is not False and v is not None}
        assert browser.post(door("butir", indicator.id), given).status_code == 302, indicator.id
    draft.refresh_from_db()
    assert draft.changed_at == draft.drafted_at and draft.digest == draft.digest


@pytest.mark.parametrize(
    "wrong, field, words",
    [
        ({"lo": "9", "hi": "3"}, "lo", "lebih kecil"),
        ({"weight": "0"}, "weight", "di atas 0"),
        ({"weight": "banyak"}, "weight", "angka"),
        ({"hi": "1e999"}, "hi", "angka"),
        ({"name_id": "Warga suku X"}, "name_id", "suku"),
        ({"transform": "map"}, "point_1", "jawaban dan risikonya"),
        ({"point_1": "1", "risk_1": "0,5"}, "point_1", "jawaban dan risikonya"),
        ({"transform": "map", "point_1": "1", "risk_1": "2"}, "point_1", "antara 0 dan 1"),
        ({"transform": "map", "point_2": "1"}, "point_1", "jawaban dan risikonya"),
        ({"transform": "boolean"}, "transform", "ya atau tidak"),
        ({"transform": "log_clamp"}, "lo", "di atas 0"),
    ],
)
def test_what_the_core_refuses_stands_beside_its_field_and_nothing_is_saved(draft, as_, wrong, field, words):
    answer = as_("perencana").post(door("tambah"), butir(**wrong))
    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    draft.refresh_from_db()
    assert "A09" not in facts.recipe_in(draft).by_id


def test_cut_offs_and_floors(draft, as_):
    browser = as_("perencana")
    given = {"bawah": "15", "atas": "37,5", "provisional_below": "65", "near": "1"}
    assert browser.post(door("batas"), given | {"atas": "10"}).status_code == 422
    browser.post(door("batas"), given)
    floor = {"id": "E07_logistik", "item": "E07", "cara": "above", "at": "50", "level": "2"}
    browser.post(door("lantai_baru"), floor)
    assert browser.post(door("lantai_baru"), floor).status_code == 422  # its code is taken
    browser.post(door("lantai", "E07_logistik"), floor | {"level": "3", "from_stage": "masa_tenang"})
    browser.post(door("hapus_lantai", "D06_kejadian"))
    draft.refresh_from_db()
    recipe = facts.recipe_in(draft)
    assert (recipe.cuts, recipe.provisional_below, recipe.near) == ((15.0, 37.5), 0.65, 1.0)
    floors = {f.id: f for f in recipe.floors}
    assert (floors["E07_logistik"].level, floors["E07_logistik"].above) == (3, True)
    assert "D06_kejadian" not in floors


def test_a_form_opened_before_somebody_elses_change_saves_nothing(draft, as_, people):
    old = draft.text_digest
    change(draft, people, lambda r: edit.without_indicator(r, "B02"), by="kabagops")
    given = {"bawah": "15", "atas": "35", "provisional_below": "65", "near": "1", "dilihat": old}
    answer = as_("perencana").post(door("batas"), given)
    assert answer.status_code == 409 and "Draf sudah berubah" in answer.content.decode()


# ---- dimensions, roles, and looking before saving


def dimensi(**more):
    given = {k: v for k, v in butir().items() if k != "dimension"}
    return given | {"name": "Penyeberangan dan pulau", "share": "0,1"} | more


def recipe_of(draft):
    draft.refresh_from_db()
    return facts.recipe_in(draft)


def test_an_own_dimension_is_added_named_weighed_and_taken_out(draft, as_):
    browser = as_("perencana")
    page = browser.post(door("dimensi_baru"), dimensi(), follow=True).content.decode()
    assert "Dimensi G ditambahkan dengan indikator G01" in page and "Penyeberangan dan pulau" in page
    recipe = recipe_of(draft)
    assert recipe.dimension_weights["G"] == 0.1 and recipe.by_id["G01"].name_id.startswith("Berkas")
    browser.post(door("dimensi", "G"), {"name": "Desa pulau"})
    assert recipe_of(draft).name_of("G") == "Desa pulau"
    assert "Desa pulau" in browser.get(door("akibat")).content.decode()
    browser.post(door("cabut_dimensi", "G"))
    assert "G" not in recipe_of(draft).dimension_weights
    # the letter of a version that somebody published is never given again; a draft's own is free
    browser.post(door("dimensi_baru"), dimensi())
    assert "G01" in recipe_of(draft).by_id


def test_questions_of_an_own_dimension_are_asked_and_shown(op, as_, people):
    row = start(people)
    change(row, people, lambda r: edit.with_dimension(r, own_first(), name="Desa pulau", weight=0.2))
    publish(row, people)
    enforce(op, "kondusif-45/2", people)
    page = as_("perencana").get(reverse("web:jawab", args=("uji", cast.KARANGJATI))).content.decode()
    assert "Desa pulau" in page and "G01" in page


def own_first():
    return replace(facts.OURS.by_id["A01"], id="G01", dimension="G", name_id="Perahu yang siap")


@pytest.mark.parametrize(
    "wrong, field, words",
    [
        ({"name": " "}, "name", "tidak boleh kosong"),
        ({"name": "Suku pendatang"}, "name", "suku"),
        ({"share": "1"}, "share", "antara 0 dan 1"),
        ({"lo": "9"}, "lo", "lebih kecil"),
    ],
)
def test_a_dimension_the_core_refuses_names_its_field(draft, as_, wrong, field, words):
    answer = as_("perencana").post(door("dimensi_baru"), dimensi(**wrong))
    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[field])
    assert "G" not in recipe_of(draft).dimension_weights


def test_a_dimension_that_carries_a_floor_stays_and_says_which(draft, as_):
    browser = as_("perencana")
    page = browser.get(door("dimensi", "D")).content.decode()
    assert "Menjadi dasar kelas minimum: D05_senjata" in page and "Yang berubah bila dicabut" not in page
    assert "Yang berubah bila dicabut" in browser.get(door("dimensi", "F")).content.decode()
    page = browser.post(door("cabut_dimensi", "D"), follow=True).content.decode()
    assert "menjadi dasar kelas minimum D05_senjata" in page
    assert "D" in recipe_of(draft).dimension_weights


def test_the_catalogues_own_names_stay(draft, as_):
    assert as_("perencana").post(door("dimensi", "A"), {"name": "Lain"}).status_code == 404


def test_roles_are_ticked_and_what_the_plan_tells_never_sizes_it(draft, as_):
    browser = as_("perencana")
    page = browser.get(door("peran")).content.decode()
    assert 'value="A08" checked' in page and "selalu: dihitung dari rencana" in page
    browser.post(door("peran"), {"tps_items": ["F02", "A08"], "force_without": ["F04"]})
    recipe = recipe_of(draft)
    assert (recipe.tps_items, recipe.force_without) == (("A08", "F02"), ("F01", "F03", "F04"))
    wrong = browser.post(door("peran"), {"tps_items": ["A01"], "force_without": []})
    assert wrong.status_code == 422 and "A01 tidak ditanyakan per TPS" in wrong.content.decode()
    assert recipe_of(draft).tps_items == ("A08", "F02")


@pytest.mark.parametrize(
    "name, given, told",
    [
        (("batas",), {"bawah": "15", "atas": "37,5", "provisional_below": "70", "near": "2"}, "15, 37,5"),
        (("tambah",), butir(), "Berkas yang belum dijawab"),
        (("dimensi_baru",), dimensi(), "G01"),
        (("peran",), {"tps_items": ["A08"]}, "Indikator dengan nilai TPS sendiri"),
        (
            ("lantai_baru",),
            {"id": "E07_logistik", "item": "E07", "cara": "at", "at": "50", "level": "2"},
            "E07",
        ),
    ],
)
def test_a_form_shows_what_would_differ_and_saves_nothing(draft, as_, name, given, told):
    before, browser = draft.text_digest, as_("perencana")
    page = browser.post(door(*name), given | {"pratinjau": "1"})
    part = browser.post(door(*name), given | {"pratinjau": "1"}, headers={"HX-Request": "true"})
    assert page.status_code == part.status_code == 200
    assert "Yang berubah bila disimpan" in page.content.decode() and told in part.content.decode()
    assert "<html" not in part.content.decode()
    draft.refresh_from_db()
    assert draft.text_digest == before


def test_a_look_at_an_indicator_keeps_the_way_to_take_it_out(draft, as_):
    item = butir(name_id="Keberatan tertulis", unit="keberatan", lo="0", hi="6")
    page = as_("perencana").post(door("butir", "A01"), item | {"pratinjau": "1"}).content.decode()
    assert "Yang berubah bila disimpan" in page and f'action="{door("cabut", "A01")}"' in page


def test_a_look_at_what_is_wrong_says_which_field(draft, as_):
    given = {"bawah": "50", "atas": "40", "provisional_below": "70", "near": "2", "pratinjau": "1"}
    part = as_("perencana").post(door("batas"), given, headers={"HX-Request": "true"})
    assert "Belum dapat disimpan" in part.content.decode() and "harus naik" in part.content.decode()


# ---- weights


def weights(**more):
    return {"A": "0,2", "B": "0,15", "C": "0,15", "D": "0,25", "E": "0,15", "F": "0,1"} | more


def test_weights_as_numbers_show_their_sum_and_shares(draft, as_):
    browser = as_("perencana")
    live = browser.post(door("jumlah", "dimensi"), weights(A="0,3")).content.decode()
    assert "1,1" in live and "harus 1" in live and "<html" not in live
    assert "pas 1" in browser.post(door("jumlah", "dimensi"), weights()).content.decode()
    answer = browser.post(door("bobot", "dimensi"), weights(A="0,3"))
    assert answer.status_code == 422 and "1,1" in answer.content.decode()
    browser.post(door("bobot", "dimensi"), weights(A="0,1", D="0,35"))
    draft.refresh_from_db()
    assert facts.recipe_in(draft).dimension_weights["D"] == 0.35
    zero = dict.fromkeys(edit.codes_under(facts.recipe_in(draft), "F"), "1") | {"F02": "0"}
    answer = browser.post(door("bobot", "F"), zero)
    assert "F02" in answer.context["form"].errors


def steps(codes, step="1"):
    return {f"{a}/{b}": step for n, a in enumerate(codes) for b in codes[n + 1 :]}


def test_a_judge_sees_consistency_before_saving(draft, as_):
    browser = as_("perencana")
    given = {"hakim": "Kasat Intelkam"} | steps("ABCDEF")
    assert "0,000" in browser.post(door("periksa", "dimensi"), given).content.decode()
    open_pairs = browser.post(door("periksa", "dimensi"), given | {"A/B": ""}).content.decode()
    assert "1 dari 15 pasangan" in open_pairs
    stray = given | {"A/F": "9", "A/B": "-9"}
    page = browser.post(door("banding", "dimensi"), stray | {"periksa": "1"})  # without a script
    assert page.status_code == 200 and "Yang paling menyimpang" in page.content.decode()
    assert not Comparison.objects.exists()
    assert browser.post(door("banding", "dimensi"), given | {"A/B": ""}).status_code == 422
    assert browser.post(door("banding", "dimensi"), given | {"hakim": "kader partai"}).status_code == 422
    browser.post(door("banding", "dimensi"), given | {"A/B": "-3"})
    assert Comparison.objects.get().judgements["A/B"] == pytest.approx(1 / 3)
    again = browser.get(door("banding", "dimensi") + "?hakim=Kasat+Intelkam").context["form"]
    assert again["A/B"].value() == "-3" and again["hakim"].value() == "Kasat Intelkam"


def test_several_judges_become_weights_and_one_may_be_taken_out(draft, as_, people):
    browser = as_("perencana")
    judge(draft, people, "", 1.0)
    judge(draft, people, "", 9.0, title="Penilai lain")
    page = browser.get(door("bobot", "dimensi")).content.decode()
    assert "2 penilai bersama" in page and "Belum dapat dipakai" in page
    assert "saling bertentangan" in browser.post(door("pakai", "dimensi"), follow=True).content.decode()
    other = Comparison.objects.get(judge="Penilai lain")
    browser.post(door("hapus_banding", other.pk))
    browser.post(door("pakai", "dimensi"))
    draft.refresh_from_db()
    assert sorted(facts.recipe_in(draft).dimension_weights.values()) == pytest.approx([1 / 6] * 6, abs=1e-4)


# ---- effect


def test_the_effect_names_the_village_that_moves_first_and_why(measured, as_, people):
    row = start(people)
    change(row, people, lambda r: edit.with_rules(r, cuts=(1.0, 5.0), provisional_below=0.7, near=2.0))
    change(row, people, lambda r: edit.with_weights(r, "", {**r.dimension_weights, "A": 0.1, "E": 0.25}))
    page = as_("perencana").get(door("akibat"))
    text = page.content.decode()
    assert "kondusif-45/2 dibanding kondusif-45/1" in text
    assert next(r["desa"].kode for r in page.context["baris"] if r["effect"].moved) == cast.TEGALREJO
    because = page.context["baris"][0]["reasons"]
    assert because[0].startswith("Batas kelas berubah; nilai lama")  # alone it moves the village
    assert "menjadi" in because[1]
    assert "20, 40" in text and "1, 5" in text and "Bobot dimensi" in text
    answer = as_("perencana").get(door("akibat_xlsx") + "?dengan=kondusif-45/1")
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["desa", "butir", "perbedaan"]
    rows = [[c.value for c in line] for line in book["desa"].iter_rows(min_row=4)]
    first = dict(zip(rows[0], rows[1], strict=True))
    assert (first["desa"], first["berubah"]) == ("Tegalrejo", "ya")
    assert first["kelas dengan versi ini"] == "3 Sangat Rawan"
    assert "LATIHAN - DATA ILUSTRATIF" in book["desa"]["A2"].value


def test_the_effect_of_another_area_is_not_shown(measured, as_, people):
    start(people)
    text = as_("polsek.banjaragung").get(door("akibat")).content.decode()
    assert "Tegalrejo" not in text


def test_pages_show_a_village_with_the_instrument_its_class_was_made_with(measured, as_, people):
    """Published with B02 in it; the one in force no longer asks it."""
    row = start(people)
    change(row, people, lambda r: edit.without_indicator(r, "B02"))
    enforce(measured, publish(row, people).key, people)
    browser = as_("perencana")
    assert "B02" in browser.get(f"/o/uji/desa/{cast.KARANGJATI}/").content.decode()
    browser.post(reverse("web:hitung", args=["uji"]))
    assert browser.get(reverse("classes:ukur", args=["uji"])).status_code == 200


def test_template_and_file_follow_the_instrument_in_force(op, as_, people):
    row = start(people)
    browser = as_("perencana")
    browser.post(door("tambah"), butir())
    row = publish_instrument(draft=row.pk, reason="Rapat", by=people.kabagops, now=server_now())
    enforce(op, row.key, people)
    book = load_workbook(BytesIO(browser.get(reverse("classes:templat", args=["uji"])).content))
    assert "A09" in [c.value for c in book["#Indikator"]["A"]]
    line = f"x1,{cast.KARANGJATI},A09,3,nilai,{cast.NOW.date()},Panitia,petugas1,\n"
    take(browser, HEAD + line)
    assert Answer.objects.get().item == "A09"


def test_the_recipe_can_be_taken_away_and_read_again(draft, as_):
    text = as_("perencana").get(door("toml")).content.decode()
    assert Recipe.from_toml(text).digest == draft.digest


# ---- two operations in one office


@pytest.fixture
def stranger(other):
    """A planner of operation "lain" alone, whose account and place name it by their titles."""
    accounts = {"jabatan": "Kasat Wilayah Lain", "by": None, "now": cast.NOW}
    user = create_account(
        username="orang.lain", role="", password=cast.PASSWORD, must_change=False, **accounts
    )
    return add_member(
        operation=other,
        user=user,
        role="planner",
        prefixes=["99.01"],
        jabatan="Perencana Lain Sekali",
        by=None,
        now=cast.NOW,
    )


def test_who_worked_on_a_version_elsewhere_is_told_as_the_office(op, as_, stranger, people):
    row = start_draft(source=facts.OWN, kode="kondusif-45", by=stranger, now=cast.NOW)
    for path in (LIST, door("versi")):
        text = as_("kabagops").get(path).content.decode()
        assert "Kantor, " in text
        for secret in ("orang.lain", "Kasat Wilayah Lain", "Perencana Lain Sekali", "/o/lain/"):
            assert secret not in text, (path, secret)
    publish(row, people)
    text = as_("perencana").get(door("versi")).content.decode()
    assert "Kantor, " in text and str(people.kabagops) in text


def test_a_draft_looked_at_from_one_operation_moves_villages_of_that_one(measured, other, other_people, as_):
    """ "uji" has answers and classes, "lain" none: its page of the same draft tells nothing of either."""
    row = start(other_people)
    change(row, other_people, lambda r: edit.with_rules(r, cuts=(1.0, 5.0), provisional_below=0.7, near=2.0))
    path = door("akibat")
    assert "3 Sangat Rawan" not in as_("perencana").get(path.replace("/uji/", "/lain/")).content.decode()
    ours = as_("perencana").get(path).context["baris"]
    theirs = as_("perencana").get(path.replace("/uji/", "/lain/")).context["baris"]
    assert [r["desa"].operation.kode for r in theirs] == ["lain"] * len(ours)
    assert any(r["effect"].moved for r in ours) and not any(r["effect"].moved for r in theirs)
    assert all(r["total_before"] is None for r in theirs)


def test_what_is_in_force_elsewhere_is_not_told(op, other, other_people, people, as_):
    row = publish(start(people), people)
    enforce(other, row.key, other_people, reason="Rapat operasi lain")
    for path in (LIST, door("versi")):
        text = as_("perencana").get(path).content.decode()
        assert "Rapat operasi lain" not in text
    assert "Rapat operasi lain" in as_("perencana").get(LIST.replace("/uji/", "/lain/")).content.decode()
    assert as_("perencana").get(LIST).context["berlaku"].key == facts.OWN


def test_the_second_person_publishes_from_an_operation_whose_clock_stands_elsewhere(
    op, other, other_people, as_
):
    type(op).objects.filter(pk=op.pk).update(clock=server_now() + timedelta(days=400))
    as_("perencana").post(
        reverse("instrument:mulai", args=["uji"]), {"sumber": facts.OWN, "kode": "kondusif-45"}
    )
    lain = door("terbitkan").replace("/uji/", "/lain/")
    row = Instrument.objects.get()
    sent = {"alasan": "Rapat", "dilihat": row.text_digest}
    assert as_("perencana").post(lain, sent).status_code == 403  # the first person, there as well
    assert as_("kabagops").post(lain, sent).status_code == 302
    row.refresh_from_db()
    assert row.published_by == other_people.kabagops.user


def test_a_version_of_a_drill_is_no_page_of_a_live_operation_and_bears_its_mark(op, draft, as_, people):
    live = begin(cast.OPERATION | {"kode": "nyata", "drill": False, "illustrative": False, "clock": None})
    enlist(live)
    browser = as_("perencana")
    assert "<strong>LATIHAN</strong>" in browser.get(door("versi")).content.decode()
    for name in ("versi", "toml", "batas", "akibat"):
        assert browser.get(door(name).replace("/uji/", "/nyata/")).status_code == 404, name
    for name in ("buang", "terbitkan", "pensiun"):
        path = door(name).replace("/uji/", "/nyata/")
        assert as_("kabagops").post(path, {"alasan": "Rapat"}).status_code == 404, name
    assert draft.key not in browser.get(LIST.replace("/uji/", "/nyata/")).content.decode()


def test_a_published_live_version_is_read_and_put_in_force_in_a_drill_and_no_more(op, as_, people):
    live = begin(cast.OPERATION | {"kode": "nyata", "drill": False, "illustrative": False, "clock": None})
    there = enlist(live)
    row = start(there)
    assert as_("perencana").get(door("versi")).status_code == 404  # a live draft
    publish(row, there)
    page = as_("kabagops").get(door("versi")).content.decode()
    assert "<strong>LATIHAN</strong>" not in page and door("pensiun") not in page
    assert as_("kabagops").post(door("pensiun"), {"alasan": "Rapat"}).status_code == 404
    assert as_("kapolres").post(door("berlakukan"), {"alasan": "Rapat"}).status_code == 302
    op.refresh_from_db()
    assert op.recipe == row.key
