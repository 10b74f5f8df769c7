"""Files in: refused with every cell named, shown before anything changes, applied exactly as shown."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from kondusif.errors import ImportRefused
from kondusif.files.operation import OperationFile
from kondusif.files.write import write_workbook
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.answers.models import Answer
from kondusif_web.classes.actions import assess_operation, publish_assessments
from kondusif_web.election.models import Calon, Desa, Operation, StageDate, Tps
from kondusif_web.intake import actions
from kondusif_web.intake.dependents import dependents
from kondusif_web.intake.models import Pending
from kondusif_web.intake.preview import preview_file
from kondusif_web.logbook.clock import server_now
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.posts.models import ForceUnit
from tests import cast
from tests.conftest import enlist
from tests.core.test_file_kinds import KINDS, damaged
from tests.web.test_classes import DAY, TENSE, import_, told, village

pytestmark = pytest.mark.django_db

WIB = ZoneInfo("Asia/Jakarta")
HEAD = "id,tempat,butir,nilai,keadaan,tanggal,sumber,penilai,mengoreksi\n"
BERKAS, OPERASI = reverse("intake:berkas", args=["uji"]), reverse("intake:operasi", args=["uji"])


def row(id="a1", place=cast.KARANGJATI, item="A01", value="2", source="Berita acara"):
    return f"{id},{place},{item},{value},,{DAY},{source},petugas1,\n"


def upload(browser, content, name="jawaban.csv"):
    raw = content.encode() if isinstance(content, str) else content
    return browser.post(reverse("intake:unggah", args=["uji"]), {"berkas": SimpleUploadedFile(name, raw)})


def preview(browser, content, name="jawaban.csv"):
    """The page after a good upload, and what its button sends."""
    answer = upload(browser, content, name)
    assert answer.status_code == 302, answer.content.decode()
    page = browser.get(answer.url)
    assert page.status_code == 200
    text = page.content.decode()
    sent = {n: re.search(f'name="{n}" value="([^"]+)"', text)[1] for n in ("berkas", "segel")}
    return text, sent


def confirm(browser, sent):
    return browser.post(reverse("intake:terapkan", args=["uji"]), sent)


def take(browser, content, name="jawaban.csv"):
    return confirm(browser, preview(browser, content, name)[1])


def book(**sheets):
    """A workbook of our own template."""
    out = BytesIO()
    write_workbook(out, OperationFile.of({name: tuple(rows) for name, rows in sheets.items()}))
    return out.getvalue()


def desa(kode="99.01.01.2009", nama="Randualas", **more):
    return {
        "kode": kode,
        "nama": nama,
        "kecamatan": "Sumberarum",
        "lat": -7.73,
        "lng": 112.94,
        "memilih": True,
    } | more


def tps(desa=cast.KARANGJATI, nomor=4, pemilih=400, **more):
    return {"desa": desa, "nomor": nomor, "pemilih": pemilih} | more


# ---- who may


@pytest.mark.parametrize("name", ["intake:operasi", "intake:berkas", "intake:batas"])
def test_only_the_planner_comes_in(op, as_, name):
    for person in ("kapolres", "kapolsek", "camat", "petugas1", "humas", "auditor"):
        if (person, name) != ("kapolres", "intake:operasi"):  # the Kapolres runs, closes and archives
            assert as_(person).get(reverse(name, args=["uji"])).status_code == 403
    assert as_("admin").get(reverse(name, args=["uji"])).status_code == 404  # no member
    assert as_("perencana").get(reverse(name, args=["uji"])).status_code == 200


@pytest.mark.parametrize(
    "name", ["intake:unggah", "intake:terapkan", "intake:buang", "intake:batas_terapkan"]
)
def test_writes_are_posts_of_the_planner(op, as_, client, name):
    assert client.post(reverse(name, args=["uji"])).status_code == 302
    assert as_("perencana").get(reverse(name, args=["uji"])).status_code == 405
    assert as_("kapolres").post(reverse(name, args=["uji"])).status_code == 403


# ---- answers


def test_nothing_changes_before_the_confirmation(op, as_):
    browser = as_("perencana")
    text, sent = preview(browser, HEAD + row() + row("a2", item="D06_threat", value="tidak"))
    assert not Answer.objects.exists()
    assert "Karangjati" in text and "Belum ada yang diubah" in text
    answer = confirm(browser, sent)
    assert (answer.status_code, answer.url) == (302, reverse("classes:ukur", args=["uji"]))
    assert Answer.objects.count() == 2 and not Pending.objects.exists()
    assert "2 jawaban baru diterima" in browser.get(answer.url).content.decode()
    assert Entry.objects.get(kind="answers_taken").by == "perencana"


def test_every_problem_of_a_bad_file_is_listed_and_nothing_taken(op, as_):
    text = HEAD + row(value="banyak") + row("a2", place="99.01.01.2099") + row("a3", item="Z99")
    answer = upload(as_("perencana"), text)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(w in page for w in ("banyak", "99.01.01.2099", "Z99", "tidak ada yang diambil"))
    assert not Answer.objects.exists() and not Pending.objects.exists()


def test_banned_words_are_named_with_their_cell(op, as_):
    answer = upload(as_("perencana"), HEAD + row() + row("a2", source="kader partai"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "jawaban, 3, sumber" in page and "partai" in page


def test_same_id_with_other_content_is_409_and_names_its_row(op, as_):
    browser = as_("perencana")
    assert take(browser, HEAD + row()).status_code == 302
    answer = upload(browser, HEAD + row() + row("a2"))
    assert answer.status_code == 302  # one the same, one new
    clash = upload(browser, HEAD + row(value="3"))
    assert clash.status_code == 409 and "jawaban, 2, id" in clash.content.decode()
    assert Answer.objects.get().value == 2


def test_a_place_outside_the_areas_is_a_problem_of_its_row(op, as_):
    answer = upload(as_("perencana"), HEAD + row(place=cast.OUTSIDE))
    assert answer.status_code == 422 and "wilayah akun Anda" in answer.content.decode()


def test_a_preview_tells_nothing_of_a_place_outside_the_areas(op, as_, people):
    """Neither that an answer is there, nor what stands: else an upload would be a way to read."""
    import_(op, people, told("A01", 7, id="secret", place=cast.OUTSIDE), by="kabagops")
    page = upload(as_("perencana"), HEAD + row(id="a9", place=cast.OUTSIDE, value="2")).content.decode()
    assert "wilayah akun Anda" in page and "7 →" not in page and "menggantikan" not in page
    clash = upload(as_("perencana"), HEAD + row(id="secret", place=cast.OUTSIDE)).content.decode()
    assert "isi lain" not in clash


def test_corrections_that_point_elsewhere_are_named(op, as_):
    browser = as_("perencana")
    take(browser, HEAD + row())
    wrong = HEAD + f"a2,{cast.TEGALREJO},A01,3,,{DAY},Berita acara,petugas1,a1\n"
    answer = upload(browser, wrong)
    assert answer.status_code == 422 and "mengoreksi" in answer.content.decode()


def test_what_is_stale_or_far_out_is_shown_and_may_be_applied(op, as_):
    old = (cast.NOW - timedelta(days=300)).date()
    text = (
        HEAD
        + f"a1,{cast.KARANGJATI},A01,2,,{old},Berita acara,petugas1,\n"
        + row("a2", item="A02", value="9000")
    )
    page, sent = preview(as_("perencana"), text)
    assert "kedaluwarsa" in page and "jauh di luar rentang" in page
    assert confirm(as_("perencana"), sent).status_code == 302


def test_a_file_that_holds_nothing_new_offers_no_button(op, as_):
    browser = as_("perencana")
    take(browser, HEAD + row())
    answer = browser.get(upload(browser, HEAD + row()).url)
    assert "sudah ada" in answer.content.decode() and 'name="segel"' not in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "raw"), [("jawaban.pdf", b"x"), ("jawaban.csv", b""), ("jawaban.xlsx", b"not a zip")]
)
def test_a_file_that_is_none_is_422(op, as_, name, raw):
    assert upload(as_("perencana"), raw, name).status_code == 422


# ---- within the operation


@pytest.fixture
def planner_of_both(op, other, as_):
    enlist(other)
    return as_("perencana")


def hidden(raw, name="desa", row=None, column=""):
    """The workbook with a row, a column or its sheet hidden."""
    made, out = load_workbook(BytesIO(raw)), BytesIO()
    if row:
        made[name].row_dimensions[row].hidden = True
    elif column:
        made[name].column_dimensions[column].hidden = True
    else:
        made[name].sheet_state = "hidden"
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "what, told",
    [
        ({"row": 4}, "1 baris tersembunyi, mulai baris 4"),
        ({"column": "B"}, "1 kolom tersembunyi, mulai B"),
        ({}, "lembar tersembunyi"),
    ],
    ids=["row", "column", "sheet"],
)
def test_what_is_hidden_in_a_workbook_is_pointed_out_before_it_is_confirmed(op, as_, what, told):
    text, _ = preview(as_("perencana"), hidden(book(desa=[desa()]), **what), "desa.xlsx")
    assert told in " ".join(re.sub("<[^>]+>", "", text).split())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=damaged())
def test_no_damaged_file_ends_in_a_fault_of_the_page(op, as_, raw):
    answer = upload(as_("perencana"), raw, "desa.xlsx")
    assert answer.status_code in (302, 422)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_another_kind_is_named_on_the_page(op, as_, kind):
    answer = upload(as_("perencana"), KINDS[kind], "desa.xls")
    assert answer.status_code == 422
    assert kind.strip("()") in answer.content.decode()


def test_a_file_waits_in_the_operation_it_was_sent_to(planner_of_both):
    _, sent = preview(planner_of_both, HEAD + row())
    there = {"periksa": sent["berkas"]}
    assert planner_of_both.get("/o/lain/berkas/", there).status_code == 409
    assert "jawaban.csv" not in planner_of_both.get("/o/lain/berkas/").content.decode()
    assert planner_of_both.post("/o/lain/berkas/terapkan/", sent).status_code == 409
    planner_of_both.post("/o/lain/berkas/buang/", sent)
    assert Pending.objects.count() == 1 and not Answer.objects.exists()
    assert confirm(planner_of_both, sent).status_code == 302
    assert Answer.objects.get().operation.kode == "uji"


def test_the_same_ids_in_two_operations_are_two_answers(planner_of_both):
    take(planner_of_both, HEAD + row())
    file = SimpleUploadedFile("jawaban.csv", (HEAD + row(value="3")).encode())
    shown = planner_of_both.post("/o/lain/berkas/unggah/", {"berkas": file})
    text = planner_of_both.get(shown.url).content.decode()
    sent = {n: re.search(f'name="{n}" value="([^"]+)"', text)[1] for n in ("berkas", "segel")}
    assert "menggantikan" not in text  # what the other operation knows is not known here
    assert planner_of_both.post("/o/lain/berkas/terapkan/", sent).status_code == 302
    assert dict(Answer.objects.values_list("operation__kode", "value")) == {"uji": 2, "lain": 3}
    assert verify().ok


def test_a_workbook_of_another_operation_is_refused(op, as_):
    operasi = {
        "kode": "lain",
        "nama": "Pilkades",
        "polres": "Polres Arjasari",
        "waktu_pemungutan": cast.VOTE_AT.astimezone(WIB),
        "zona_waktu": "WIB",
        "paket_aturan": "pp-43-2014",
        "pola": "jatim-2021-2023",
        "latihan": True,
    }
    answer = upload(as_("perencana"), book(operasi=[operasi]), "a.xlsx")
    assert answer.status_code == 422
    assert re.search(r"operasi, \d+, kode", answer.content.decode())


def test_a_correction_of_a_place_stays_in_its_operation(planner_of_both):
    take(planner_of_both, book(tps=[tps(nomor=1, pemilih=481)]), "betul.xlsx")
    rows = Tps.objects.filter(kode=f"{cast.KARANGJATI}-01")
    assert dict(rows.values_list("operation__kode", "pemilih")) == {"uji": 481, "lain": 480}


def test_what_rests_on_a_place_elsewhere_holds_nothing_back_here(op, other, people, as_):
    there = enlist(other)
    import_(other, there, *village(TENSE))
    assess_operation(operation=other, by=there.perencana, now=cast.NOW)
    publish_assessments(operation=other, by=there.perencana, now=cast.NOW)
    people.petugas1.active = False
    people.petugas1.save()
    assert dependents(op, [f"{cast.KARANGJATI}-01"]) == () != dependents(other, [f"{cast.KARANGJATI}-01"])
    assert dependents(op, [cast.KARANGJATI]) == () != dependents(other, [cast.KARANGJATI])


# ---- what was shown is what is applied


def test_a_file_whose_effect_changed_meanwhile_is_shown_again(op, as_, people):
    browser = as_("perencana")
    _, sent = preview(browser, HEAD + row() + row("a2", item="A02", value="1"))
    take(as_("kabagops"), HEAD + row())  # somebody else brings one of the two
    answer = confirm(browser, sent)
    page = answer.content.decode()
    assert answer.status_code == 409 and "isi kantor berubah" in page
    assert Answer.objects.count() == 1
    again = {n: re.search(f'name="{n}" value="([^"]+)"', page)[1] for n in ("berkas", "segel")}
    assert again["segel"] != sent["segel"]
    assert confirm(browser, again).status_code == 302
    assert Answer.objects.count() == 2


def test_a_row_that_is_refused_by_now_is_not_applied(op, as_):
    browser = as_("perencana")
    _, sent = preview(browser, HEAD + row())
    take(as_("kabagops"), HEAD + row(value="3"))
    answer = confirm(browser, sent)
    assert answer.status_code == 409 and "isi lain" in answer.content.decode()
    assert Answer.objects.get().value == 3


def test_another_seal_is_not_what_was_shown(op, as_):
    browser = as_("perencana")
    _, sent = preview(browser, HEAD + row())
    assert confirm(browser, sent | {"segel": "0" * 64}).status_code == 409
    assert not Answer.objects.exists()


def test_a_waiting_file_is_of_its_person_and_for_two_hours(op, as_):
    _, sent = preview(as_("perencana"), HEAD + row())
    assert confirm(as_("kabagops"), sent).status_code == 409
    assert as_("kabagops").get(f"{BERKAS}?periksa={sent['berkas']}").status_code == 409
    Pending.objects.update(expires_at=server_now())
    assert confirm(as_("perencana"), sent).status_code == 409
    assert as_("perencana").get(f"{BERKAS}?periksa=x").status_code == 409
    assert not Answer.objects.exists()


def test_what_expired_is_removed_and_few_wait_at_once(op, people):
    now = server_now()
    for n in range(6):
        at = now + timedelta(minutes=n)
        actions.keep(kind="berkas", name=f"{n}.csv", raw=b"x", by=people.perencana, now=at)
    assert set(Pending.objects.values_list("name", flat=True)) == {"2.csv", "3.csv", "4.csv", "5.csv"}
    actions.forget(now=now + timedelta(hours=2, minutes=3))
    assert set(Pending.objects.values_list("name", flat=True)) == {"4.csv", "5.csv"}


def test_a_waiting_file_can_be_dropped_by_its_person_only(op, as_):
    _, sent = preview(as_("perencana"), HEAD + row())
    as_("kabagops").post(reverse("intake:buang", args=["uji"]), {"berkas": sent["berkas"]})
    assert Pending.objects.count() == 1
    as_("perencana").post(reverse("intake:buang", args=["uji"]), {"berkas": sent["berkas"]})
    assert not Pending.objects.exists()


def test_looking_at_a_waiting_file_is_logged(op, as_):
    preview(as_("perencana"), HEAD + row())
    assert ("read", "perencana", "intake") in [(e.kind, e.by, e.subject) for e in AccessEntry.objects.all()]


# ---- an operation grows


def test_a_forgotten_station_and_a_village_come_by_file(op, as_):
    browser = as_("perencana")
    raw = book(
        desa=[desa()],
        tps=[tps(), tps("99.01.01.2009", 1)],
        calon=[{"desa": "99.01.01.2009", "nomor": 1, "ikrar": "unknown"}],
    )
    page, sent = preview(browser, raw, "tambah.xlsx")
    assert "Randualas" in page and not Desa.objects.filter(kode="99.01.01.2009").exists()
    assert confirm(browser, sent).url == OPERASI
    assert Tps.objects.get(kode=f"{cast.KARANGJATI}-04").pemilih == 400
    assert Calon.objects.filter(desa__kode="99.01.01.2009").count() == 1
    assert len(Desa.objects.get(kode="99.01.01.2009").cell) > 3  # drawn, and its neighbours again
    line = Entry.objects.filter(kind="places_imported").order_by("-seq").first()
    assert line.payload["desa"] == ["99.01.01.2009"] and f"{cast.KARANGJATI}-04" in line.payload["tps"]
    assert verify().ok


def test_a_correction_has_a_line_of_its_own_with_numbers_and_no_names(op, as_):
    raw = book(
        desa=[desa(cast.KARANGJATI, "Karang Jati", lat=-7.7, lng=112.9)], tps=[tps(nomor=1, pemilih=481)]
    )
    page, sent = preview(as_("perencana"), raw, "betul.xlsx")
    assert "480" in page and "481" in page and "Karang Jati" in page
    confirm(as_("perencana"), sent)
    assert Desa.objects.get(kode=cast.KARANGJATI).nama == "Karang Jati"
    lines = {e.subject: e for e in Entry.objects.filter(kind="place_changed")}
    assert lines[cast.KARANGJATI].payload["fields"] == ["nama"]
    assert lines[f"{cast.KARANGJATI}-01"].payload["pemilih"] == [480, 481]
    assert "Karang Jati" not in str([e.payload for e in lines.values()])
    assert lines[cast.KARANGJATI].kode_desa == cast.KARANGJATI
    assert verify().ok


def test_an_empty_cell_leaves_what_is_known(op, as_):
    row_ = {k: v for k, v in desa(cast.KARANGJATI, "Karangjati").items() if k not in ("lat", "lng")}
    answer = as_("perencana").get(upload(as_("perencana"), book(desa=[row_]), "a.xlsx").url)
    assert "sudah ada" in answer.content.decode()


def test_a_village_in_use_does_not_stop_voting_by_file(op, as_):
    answer = upload(
        as_("perencana"), book(desa=[desa(cast.KARANGJATI, "Karangjati", memilih=False)]), "a.xlsx"
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "tidak dihapus lewat berkas" in page
    assert 'name="segel"' not in page and not Pending.objects.exists()


def test_after_a_class_is_out_the_moment_of_the_vote_stays(op, as_, people):
    operasi = {
        "kode": "uji",
        "nama": "Pilkades serentak",
        "polres": "Polres Arjasari",
        "waktu_pemungutan": (cast.VOTE_AT + timedelta(days=2)).astimezone(WIB),
        "zona_waktu": "WIB",
        "paket_aturan": "pp-43-2014",
        "pola": "jatim-2021-2023",
        "latihan": True,
    }
    assert take(as_("perencana"), book(operasi=[operasi]), "a.xlsx").status_code == 302
    changed = Operation.objects.get()
    assert changed.vote_at == cast.VOTE_AT + timedelta(days=2) and changed.nama == "Pilkades serentak"
    assert Entry.objects.get(kind="operation_changed").payload["fields"] == ["nama", "vote_at"]
    import_(op, people, *village(TENSE))
    assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    late = operasi | {"waktu_pemungutan": cast.VOTE_AT.astimezone(WIB)}
    answer = upload(as_("perencana"), book(operasi=[late]), "a.xlsx")
    assert answer.status_code == 422 and "kelas yang terbit" in answer.content.decode()


def test_forces_and_the_date_of_a_decree_come_by_file(op, as_):
    raw = book(
        kantor=[{"kode": "K1", "nama": "Polsek", "jenis": "polsek", "lat": -7.71, "lng": 112.91}],
        kekuatan=[
            {
                "kode": "U1",
                "nama": "Polsek",
                "unsur": "polri",
                "fungsi": "polsek",
                "jumlah": 20,
                "kantor": "K1",
            }
        ],
        tahap=[{"tahap": "pelantikan", "waktu": cast.VOTE_AT + timedelta(days=60), "sumber": "SK 1"}],
    )
    assert take(as_("perencana"), raw, "a.xlsx").status_code == 302
    assert ForceUnit.objects.get().base_lat == -7.71
    assert StageDate.objects.get().kode == "inauguration"
    answer = as_("perencana").get(upload(as_("perencana"), raw, "a.xlsx").url)
    assert "sudah ada" in answer.content.decode()  # the same file again changes nothing
    assert verify().ok


def test_the_date_of_a_rounds_gate_comes_by_file_and_has_its_name_on_the_page(op, as_):
    stage = {"tahap": "dpt", "waktu": cast.VOTE_AT - timedelta(days=40), "sumber": "BA DPT 1"}
    assert take(as_("perencana"), book(tahap=[stage]), "a.xlsx").status_code == 302
    assert StageDate.objects.get().kode == "dpt"
    assert "DPT ditetapkan" in as_("perencana").get(OPERASI).content.decode()


def test_accounts_come_by_no_file(op, as_):
    raw = book(orang=[{"pengguna": "baru", "peran": "kapolres", "jabatan": "x"}])
    answer = upload(as_("perencana"), raw, "a.xlsx")
    assert answer.status_code == 422 and "halaman Akun" in answer.content.decode()


def test_places_and_answers_of_one_file_are_taken_together(op, as_):
    answers = [
        {
            "tempat": "99.01.01.2009",
            "butir": "A01",
            "nilai": 2.0,
            "tanggal": cast.NOW.date(),
            "sumber": "Panitia",
            "penilai": "P01",
        }
    ]
    raw = book(desa=[desa()], tps=[tps("99.01.01.2009", 1)], jawaban=answers)
    assert take(as_("perencana"), raw, "a.xlsx").status_code == 302
    assert Answer.objects.get().place == "99.01.01.2009"


def test_a_plan_with_a_problem_is_never_applied(op, people):
    raw = book(desa=[desa(cast.KARANGJATI, "Karangjati", memilih=False)])
    preview = preview_file(raw, "a.xlsx", operation=op, by=people.perencana, now=cast.NOW)
    with pytest.raises(ImportRefused):
        actions.apply_preview(operation=op, preview=preview, by=people.perencana, now=cast.NOW)


def test_invented_rows_mark_a_drill_for_good_and_never_enter_a_real_operation(op, as_):
    Operation.objects.update(illustrative=False)
    page, sent = preview(as_("perencana"), book(tps=[tps(ilustratif=True)]), "a.xlsx")
    assert "DATA ILUSTRATIF" in page
    confirm(as_("perencana"), sent)
    assert Operation.objects.get().illustrative
    Operation.objects.update(drill=False, clock=None, illustrative=False)
    answer = upload(as_("perencana"), book(tps=[tps(nomor=5, ilustratif=True)]), "a.xlsx")
    assert answer.status_code == 422 and "hanya untuk operasi latihan" in answer.content.decode()


@pytest.mark.parametrize("sheet", ["desa", "tps", "calon"])
def test_the_same_file_again_changes_nothing(op, as_, sheet):
    rows = {
        "desa": desa(),
        "tps": tps(nama="Balai", lat=-7.70123, lng=112.90321),
        "calon": {"desa": cast.KARANGJATI, "nomor": 9, "ikrar": "unknown"},
    }
    raw = book(**{sheet: [rows[sheet]]})
    take(as_("perencana"), raw, "a.xlsx")
    lines = Entry.objects.count()
    answer = as_("perencana").get(upload(as_("perencana"), raw, "a.xlsx").url)
    assert "sudah ada" in answer.content.decode() and Entry.objects.count() == lines


def test_a_preview_is_paged_and_every_row_can_be_found_and_is_applied(op, as_):
    """Rows of places, answers to look at twice and all answers each stand a page at a time."""
    many = [desa(kode=f"99.01.01.{2100 + n}", nama=f"Baru {n:02d}") for n in range(60)]
    answers = "".join(
        row(f"b{n}", item=i, value="1") for n, i in enumerate(("A01", "A02", "A03", "A05") * 15)
    )
    for sent, content, last in (
        ("a.xlsx", book(desa=many), "perubahan"),
        ("jawaban.csv", HEAD + answers, "jawaban"),
    ):
        first, waiting = preview(as_("perencana"), content, sent)
        look = f"{BERKAS}?periksa={waiting['berkas']}"
        assert "Halaman 1 dari 3" in first and len(first) < 100_000
        again = as_("perencana").get(f"{look}&{last}-halaman=3").content.decode()
        assert "Halaman 3 dari 3" in again and f"periksa={waiting['berkas']}" in again
        assert as_("perencana").get(f"{look}&{last}-halaman=x&{last}-cari=%00").status_code == 200
        found = as_("perencana").get(f"{look}&{last}-cari=zzz").content.decode()
        assert f'href="?periksa={waiting["berkas"]}"' in found  # back to all of this file
        changed = confirm(as_("perencana"), waiting | {"segel": "x"})
        assert changed.status_code == 409 and "Lihat semua baris" in changed.content.decode()
        assert confirm(as_("perencana"), waiting).status_code == 302
    assert Desa.objects.filter(nama__startswith="Baru").count() == len(many)
    assert Answer.objects.count() == 60


def test_a_hostile_name_of_a_place_is_shown_and_not_run(op, as_):
    page, _ = preview(as_("perencana"), book(desa=[desa(nama="<script>alert(1)</script>")]), "a.xlsx")
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_text_that_the_office_has_no_room_for_is_named_before_anything_waits(op, as_):
    browser = as_("perencana")
    head = "kode,nama,kecamatan,kabupaten,lat,lng,memilih\n"
    long_name = upload(
        browser, f"{head}99.01.01.2009,{'D' * 81},Sumberarum,Arjasari,-7.7,112.9,ya\n", "desa.csv"
    )
    long_id = upload(browser, HEAD + row(id="q" * 61))
    for answer, column in ((long_name, "nama"), (long_id, "id")):
        assert answer.status_code == 422
        assert column in answer.content.decode() and "paling banyak" in answer.content.decode()
    assert not Pending.objects.exists()


def test_a_file_in_the_name_of_the_office_is_refused_with_its_row(op, as_):
    answer = upload(as_("perencana"), HEAD + row().replace("petugas1", "sistem"))
    assert answer.status_code == 422 and "hanya ditulis oleh kantor" in answer.content.decode()
    assert not Pending.objects.exists()


def test_a_refusal_in_a_file_corrects_nothing(op, as_):
    browser = as_("perencana")
    take(browser, HEAD + row())
    answer = upload(browser, f"{HEAD}a2,{cast.KARANGJATI},A01,,menolak,{DAY},Panitia,petugas1,a1\n")
    assert answer.status_code == 422 and "bukan pembetulan" in answer.content.decode()
    assert not Pending.objects.exists()


def test_codes_without_points_are_pointed_out_before_anybody_confirms(op, people, as_):
    head = "kode,nama,kecamatan,lat,lng,memilih\n"
    text, sent = preview(
        as_("perencana"), head + "9901012009,Randualas,Sumberarum,-7.73,112.94,ya\n", "desa.csv"
    )
    shown = " ".join(re.sub(r"<[^>]+>", " ", text).split())
    assert "1 kode sepuluh angka tanpa titik, mulai baris 2 kode Kemendagri; cocokkan" in shown
    assert confirm(as_("perencana"), sent).status_code == 302
    assert op.desa.filter(kode="99.01.01.2009").exists()
