"""Reporting, incidents and withdrawal as pages: what each role sees, sends, and is refused."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from kondusif_web.election.actions import set_clock
from kondusif_web.posts.models import PostureRow
from kondusif_web.reports import actions as reports
from kondusif_web.reports.models import GateCheck, Incident, Report
from kondusif_web.withdrawal import actions as withdrawal
from kondusif_web.withdrawal import queries, residents
from kondusif_web.withdrawal.actions import move_posture
from kondusif_web.withdrawal.models import ResidentCode, WithdrawalRequest
from kondusif_web.withdrawal.queries import village_at
from tests import cast
from tests.web.karangjati import DESA, HOUR, NOW, ORDER, TPS, all_clear, publish_level, say, village

pytestmark = pytest.mark.django_db
PAGE = f"/o/uji/penarikan/{DESA}/"


@pytest.fixture
def level(monkeypatch):
    def publish(n):
        publish_level(monkeypatch, n)

    publish(2)
    return publish


@pytest.fixture
def standby(op, people, level):
    for to in ORDER:
        move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=NOW - 20 * HOUR)
    return all_clear(people)


def text(response):
    html = response.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


class TestReporting:
    def test_two_taps_and_the_list(self, op, people, as_):
        browser = as_("petugas1")
        first = browser.get("/o/uji/lapor/")
        assert "Aman" in text(first) and "TPS 01 Karangjati" in text(first)
        second = browser.get(f"/o/uji/lapor/aman/?pos={TPS}")
        assert "Ketukan kedua mengirim" in text(second)
        sent = browser.post("/o/uji/lapor/aman/", {"id": hidden(second, "id"), "pos": TPS}, follow=True)
        assert "Diterima" in text(sent) and Report.objects.get().place == TPS

    def test_a_double_tap_is_one_report(self, op, people, as_):
        browser, data = as_("petugas1"), {"id": uuid4(), "pos": TPS}
        for _ in (1, 2):
            assert browser.post("/o/uji/lapor/aman/", data).status_code == 302
        assert Report.objects.count() == 1

    def test_the_same_id_for_something_else_is_409(self, op, people, as_):
        browser, data = as_("petugas1"), {"id": uuid4(), "pos": TPS}
        browser.post("/o/uji/lapor/aman/", data)
        more = data | {"people": "none", "mood": "usual", "road": "open"}
        answer = browser.post("/o/uji/lapor/situasi/", more)
        assert answer.status_code == 409 and Report.objects.count() == 1

    def test_arriving(self, op, people, as_):
        as_("petugas1").post("/o/uji/lapor/tiba/", {"id": uuid4(), "pos": TPS})
        assert Report.objects.get().kind == "tiba"

    def test_nothing_is_chosen_for_anyone(self, op, people, as_):
        for url in ("/o/uji/lapor/situasi/", "/o/uji/lapor/insiden/"):
            html = as_("petugas1").get(f"{url}?pos={TPS}").content.decode()
            assert 'type="radio"' in html and "checked" not in html

    def test_an_empty_form_is_not_sent(self, op, people, as_):
        answer = as_("petugas1").post("/o/uji/lapor/situasi/", {"id": uuid4(), "pos": TPS})
        assert answer.status_code == 422 and not Report.objects.exists()

    def test_a_refused_text_stays_and_can_be_mended(self, op, people, as_):
        data = {"id": uuid4(), "pos": TPS, "kind": "crowd", "help": "none", "note": "agama calon"}
        answer = as_("petugas1").post("/o/uji/lapor/insiden/", data)
        assert answer.status_code == 422 and "agama calon" in answer.content.decode()
        assert not Incident.objects.exists()
        assert as_("petugas1").post("/o/uji/lapor/insiden/", data | {"note": ""}).status_code == 302

    def test_the_photo_warning_stands(self, op, people, as_):
        assert "Jangan memotret surat suara" in text(as_("petugas1").get(f"/o/uji/lapor/insiden/?pos={TPS}"))

    def test_police_choose_a_post_first(self, op, people, as_):
        page = as_("kapolsek").get("/o/uji/lapor/")
        assert "Lapor untuk pos mana?" in text(page) and f"?pos={TPS}" in page.content.decode()

    @pytest.mark.parametrize("who", ["camat", "panitia.karangjati", "humas", "auditor", "admin"])
    def test_who_may_not(self, op, people, as_, who):
        status = 404 if who == "admin" else 403  # no member: the address is not there
        assert as_(who).get("/o/uji/lapor/").status_code == status
        assert as_(who).post("/o/uji/lapor/aman/", {"id": uuid4(), "pos": TPS}).status_code == status

    def test_not_for_another_village(self, op, people, as_):
        answer = as_("petugas1").post("/o/uji/lapor/aman/", {"id": uuid4(), "pos": f"{cast.TEGALREJO}-01"})
        assert answer.status_code == 403 and not Report.objects.exists()

    def test_no_form_asks_for_a_number(self, op, people, as_, standby):
        for who in ("petugas1", "panitia.karangjati", "camat"):
            html = as_(who).get(PAGE).content.decode()
            assert 'type="number"' not in html
            assert "Angka perolehan suara tidak disimpan" in html or who == "petugas1"


class TestIncidentPage:
    @pytest.fixture
    def incident(self, op, people):
        return reports.open_incident(
            operation=op,
            id=uuid4(),
            kind="crowd",
            place=TPS,
            by=people.petugas1,
            now=NOW - HOUR,
            note="di balai desa",
        )

    def test_who_sees_it(self, incident, as_):
        url = reverse("reports:insiden", args=["uji", incident.client_id])
        for who in ("kapolsek", "kapolres", "perencana", "camat", "petugas1"):
            assert "Massa berkumpul" in text(as_(who).get(url))
        for who in ("petugas2", "panitia.karangjati", "auditor", "humas", "admin", "polsek.banjaragung"):
            assert as_(who).get(url).status_code == 404

    def test_verify_raise_close(self, incident, as_):
        url = reverse("reports:insiden", args=["uji", incident.client_id])
        browser = as_("kapolsek")
        assert browser.post(url, {"action": "periksa"}).status_code == 302
        assert browser.post(url, {"action": "periksa"}).status_code == 409
        assert browser.post(url, {"action": "naikkan", "severity": "hijau"}).status_code == 409
        assert browser.post(url, {"action": "naikkan", "severity": "merah"}).status_code == 302
        assert browser.post(url, {"action": "tutup", "reason": ""}).status_code == 422
        assert browser.post(url, {"action": "tutup", "reason": "bubar"}).status_code == 302
        incident.refresh_from_db()
        assert incident.ended_at == NOW and "Tutup insiden" not in text(browser.get(url))

    def test_only_police_manage(self, incident, as_):
        url = reverse("reports:insiden", args=["uji", incident.client_id])
        for who in ("camat", "petugas1"):
            assert as_(who).post(url, {"action": "tutup", "reason": "x"}).status_code == 403


class TestWithdrawalPage:
    def test_the_verdict_and_every_shut_gate(self, op, people, level, as_):
        for to in ORDER:
            move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=NOW - HOUR)
        page = text(as_("kapolres").get(PAGE))
        assert "Penarikan Karangjati belum dapat disetujui" in page
        assert "11 gerbang masih tertutup" in page and "Belum diketahui" in page
        assert "Tidak dapat dikecualikan" in page and "Terkunci: belum ada permintaan" in page

    def test_withdrawing_early_is_refused_by_the_page(self, op, people, level, as_):
        for to in ORDER:
            move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=NOW - HOUR)
        as_("kapolsek").post(f"{PAGE}minta/", {"to": "l1", "reason": "lelah"})
        row = WithdrawalRequest.objects.get()
        browser = as_("kapolres")
        assert "Terkunci: 11 gerbang tertutup" in text(browser.get(PAGE))
        answer = browser.post(f"{PAGE}putuskan/{row.pk}/", {"action": "setujui"})
        assert answer.status_code == 409
        page = text(answer)
        assert "upaya ini dicatat" in page
        assert all(w in page for w in ("1. Penghitungan", "13. Tiga pilar", "Jam tenang"))
        assert PostureRow.objects.get(desa__kode=DESA).state == "standby"

    def test_request_and_second_person(self, standby, as_):
        kapolsek, kapolres = as_("kapolsek"), as_("kapolres")
        assert "dapat diminta" in text(kapolsek.get(PAGE))
        kapolsek.post(f"{PAGE}minta/", {"to": "l1", "reason": "selesai"})
        row = WithdrawalRequest.objects.get()
        assert "pemohon tidak dapat menyetujui" in text(kapolsek.get(PAGE))
        assert "Terkunci: diputuskan Kapolres" in text(as_("perencana").get(PAGE))
        assert kapolsek.post(f"{PAGE}putuskan/{row.pk}/", {"action": "setujui"}).status_code == 403
        assert "dapat disetujui" in text(kapolres.get(PAGE))
        done = kapolres.post(f"{PAGE}putuskan/{row.pk}/", {"action": "setujui"}, follow=True)
        assert "Permintaan nomor 01 disetujui" in text(done)
        assert PostureRow.objects.get(desa__kode=DESA).state == "l1"
        late = kapolres.post(f"{PAGE}putuskan/{row.pk}/", {"action": "setujui"})
        assert late.status_code == 409 and "sudah diputuskan" in text(late)

    def test_the_requester_sees_why_it_is_locked(self, standby, as_):
        as_("kapolres").post(f"{PAGE}minta/", {"to": "l1", "reason": "selesai"})
        assert "pemohon tidak dapat menyetujui" in text(as_("kapolres").get(PAGE))

    def test_a_fact_opens_its_gate(self, standby, people, as_):
        say(people, 11, "no", at=NOW - HOUR / 2)
        browser = as_("petugas1")
        assert browser.post(f"{PAGE}fakta/", {"id": uuid4(), "item": 11, "value": "yes"}).status_code == 302
        gate = next(g for g in village_at(village(), NOW).step().gates if g.gate == "11")
        assert not gate.shut

    def test_expired_and_waived_are_said(self, op, standby, people, as_):
        GateCheck.objects.filter(item=9).update(occurred_at=NOW - 13 * HOUR)
        say(people, 12, "no")
        browser = as_("kapolsek")
        page = text(browser.get(PAGE))
        assert "Kedaluwarsa" in page and "Dapat dikecualikan Kapolres" in page
        browser.post(f"{PAGE}kecualikan/", {"gate": "12", "to": "l1", "reason": "sudah dijawab"})
        w = queries.waivers_of(op, DESA).get()
        for who, action in (("perencana", "kedua"), ("kapolres", "setujui")):
            assert as_(who).post(f"{PAGE}tanda/{w.pk}/", {"action": action}).status_code == 302
        page = text(browser.get(PAGE))
        assert "1 dikecualikan" in page and "tandanya tetap di buku mutasi" in page

    def test_reopening_is_said(self, op, standby, people, as_):
        row = withdrawal.request_withdrawal(
            operation=op, desa=DESA, to="l1", reason="x", by=people.kapolsek, now=NOW
        )
        withdrawal.approve_withdrawal(operation=op, id=row.pk, by=people.kapolres, now=NOW)
        data = {"id": uuid4(), "pos": TPS, "kind": "crowd", "help": "now"}
        as_("petugas1").post("/o/uji/lapor/insiden/", data)
        assert "Dibuka kembali" in text(as_("kapolres").get(PAGE))
        assert "kembali siaga" in text(as_("petugas1").get("/o/uji/lapor/"))

    def test_earliest_with_its_conditions(self, standby, people, as_):
        say(people, 12, "unknown")
        PostureRow.objects.filter(desa__kode=DESA).update(standby_since=NOW - 2 * HOUR)
        page = text(as_("kapolres").get(PAGE))
        assert "Kamis 12 Oktober 2023, 00.05" in page and "Bila gerbang 12 terbuka lebih dulu" in page
        assert "Pengecualian tidak memajukan jam ini" in page

    def test_no_earliest_time_on_any_page_while_a_gate_is_denied_or_a_post_is_silent(
        self, op, standby, people, as_
    ):
        say(people, 12, "no")
        pages = (PAGE, "/o/uji/penarikan/", "/o/uji/", f"/o/uji/desa/{DESA}/")
        for url in pages:
            page = text(as_("kapolres").get(url))
            assert not re.search(r"[Pp]aling cepat (Rab|Kam|Jum) \d", page), url
            assert "gerbang 12 terpenuhi" in page, url
        say(people, 12, "yes")
        set_clock(operation=op, to=NOW + HOUR / 2, by=people.perencana, now=NOW)
        for url in pages:
            page = text(as_("kapolres").get(url))
            assert "TPS 01, TPS 02 dan TPS 03 melapor" in page, url

    def test_by_order_until_stand_by(self, op, people, level, as_):
        browser = as_("kapolsek")
        for to in ORDER:
            assert browser.post(f"{PAGE}postur/", {"to": to}).status_code == 302
        assert browser.post(f"{PAGE}postur/", {"to": "l1"}).status_code == 409

    def test_level_one_sees_both_steps(self, standby, level, as_):
        level(1)
        assert "?ke=l2" in as_("kapolsek").get(PAGE).content.decode()


class TestRoles:
    def test_the_forum_sees_gates_of_its_own_kecamatan_and_no_forces(self, standby, as_):
        for who in ("camat", "danramil"):
            page = text(as_(who).get(PAGE))
            assert "13. Tiga pilar" in page and "Yang pindah dan yang tinggal" not in page
            assert as_(who).get(f"/o/uji/penarikan/{cast.OUTSIDE}/").status_code == 403

    def test_the_committee_sees_its_own_statements_only(self, standby, as_):
        page = text(as_("panitia.karangjati").get(PAGE))
        assert "Bukti gerbang Karangjati" in page and "3. Pemilih hadir" in page
        for secret in ("Paling cepat", "9. Tidak ada kerumunan", "Siaga", "Rawan", "gerbang masih tertutup"):
            assert secret not in page
        assert as_("panitia.karangjati").get(f"/o/uji/penarikan/{cast.TEGALREJO}/").status_code == 403

    def test_the_committee_states_with_its_minutes(self, op, people, as_):
        browser = as_("panitia.karangjati")
        data = {"id": uuid4(), "item": 3, "value": "yes", "minutes": "BA 05"}
        assert browser.post(f"{PAGE}fakta/", data | {"minutes": ""}).status_code == 409
        assert browser.post(f"{PAGE}fakta/", data).status_code == 302
        assert browser.post(f"{PAGE}fakta/", data | {"item": 9, "id": uuid4()}).status_code == 403

    @pytest.mark.parametrize("who", ["humas", "auditor", "admin"])
    def test_others_see_nothing(self, op, people, as_, who):
        status = 404 if who == "admin" else 403  # no member: the address is not there
        assert as_(who).get("/o/uji/penarikan/").status_code == status
        assert as_(who).get(PAGE).status_code == status

    @pytest.mark.parametrize("who", ["kapolsek", "camat", "petugas1", "panitia.karangjati"])
    def test_the_list_opens(self, standby, as_, who):
        assert as_(who).get("/o/uji/penarikan/", follow=True).status_code == 200

    def test_reading_gates_is_logged(self, standby, as_):
        from kondusif_web.accounts.models import AccessEntry

        as_("camat").get(PAGE)
        assert AccessEntry.objects.filter(subject="field.gates", by="camat", kode_desa=DESA).exists()

    def test_nobody_comes_in_without_signing_in(self, op, client):
        for url in ("/o/uji/lapor/", "/o/uji/penarikan/", PAGE, f"/o/uji/insiden/{uuid4()}/"):
            assert client.get(url).status_code == 302


class TestResident:
    def test_confirming_by_code(self, op, people, client, as_):
        shown = as_("petugas1").post(f"{PAGE}kode-warga/", {"action": "buat"})
        code = re.search(r"/k/([A-Z2-9]+)/", shown.content.decode())[1]
        assert "sudah tenang?" in text(client.get(f"/o/uji/k/{code}/"))
        assert "diterima" in text(client.post(f"/o/uji/k/{code}/", {"jawab": "ya"}))
        assert ResidentCode.objects.get().state == "confirmed"
        assert GateCheck.objects.get().party == "warga"

    def test_not_yet_shuts_and_is_no_public_mark(self, op, people, client):
        _row, code = residents.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        client.post(f"/o/uji/k/{code}/", {"jawab": "belum"})
        assert GateCheck.objects.get().value == "no"
        assert GateCheck.objects.get().observer == people.petugas1  # who gave the code, not who used it

    @pytest.mark.parametrize("data", [{}, {"jawab": "tidak jelas"}])
    def test_a_post_that_says_neither_is_nobodys_word(self, op, people, client, data):
        _row, code = residents.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        assert "sudah tenang?" in text(client.post(f"/o/uji/k/{code}/", data))
        assert ResidentCode.objects.get().state == "not_reached" and not GateCheck.objects.exists()

    def test_an_unknown_code(self, op, client):
        answer = client.get("/o/uji/k/TIDAKADA22/")
        assert answer.status_code == 404 and "tidak dikenal" in text(answer)

    def test_two_tries_are_logged(self, op, people, as_):
        row, _ = residents.make_resident_code(operation=op, desa=DESA, by=people.petugas1, now=NOW)
        for _ in (1, 2):
            as_("camat").post(f"{PAGE}kode-warga/", {"action": "upaya", "id": row.pk})
        row.refresh_from_db()
        assert row.attempts == 2
        assert "sebagai Warga" in text(as_("camat").get(PAGE))


def test_no_inline_script_or_style(standby, as_):
    pages = [
        "/o/uji/lapor/",
        "/o/uji/penarikan/",
        PAGE,
        f"/o/uji/lapor/aman/?pos={TPS}",
        f"/o/uji/lapor/insiden/?pos={TPS}",
    ]
    for url in pages:
        html = as_("kapolsek").get(url).content.decode()
        assert " style=" not in html and not re.search(r"<script(?![^>]*\bsrc=)", html), url


NOBODY = "00000000-0000-4000-8000-000000000000"  # a fixed id: workers must name their tests alike


@pytest.mark.parametrize(
    "path, data, status",
    [
        ("?ke=pulang", None, 200),
        ("minta/", {"to": "pulang", "reason": "x"}, 409),
        ("minta/", {"to": "l1"}, 422),
        ("postur/", {"to": "'; drop"}, 409),
        ("fakta/", {"id": "bukan-uuid", "item": 5, "value": "yes"}, 422),
        ("fakta/", {"item": 99, "value": "yes", "id": str(uuid4())}, 422),
        ("fakta/", {"item": 13, "value": "yes", "id": str(uuid4())}, 409),
        ("fakta/", {"item": 5, "value": "yes", "party": "camat", "id": str(uuid4())}, 409),
        ("fakta/", {"item": 5, "value": "yes", "tps": "99.01.01.2002-01", "id": str(uuid4())}, 403),
        ("kecualikan/", {"gate": "99", "to": "l1", "reason": "x"}, 409),
        ("kode-warga/", {"action": "upaya", "id": "bukan"}, 404),
        ("sengketa/", {"state": "unknown", "source": "x"}, 422),
        (f"putuskan/{NOBODY}/", {"action": "setujui"}, 403),
        (f"tanda/{NOBODY}/", {"action": "kedua"}, 403),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(standby, as_, path, data, status):
    browser = as_("kapolsek")
    before = GateCheck.objects.count(), PostureRow.objects.get(desa__kode=DESA).state
    answer = browser.get(PAGE + path) if data is None else browser.post(PAGE + path, data)
    assert answer.status_code == status
    assert (GateCheck.objects.count(), PostureRow.objects.get(desa__kode=DESA).state) == before


def test_an_incident_grade_that_is_none(op, people, as_):
    row = reports.open_incident(
        operation=op, id=uuid4(), kind="crowd", place=TPS, by=people.petugas1, now=NOW
    )
    url = reverse("reports:insiden", args=["uji", row.client_id])
    assert as_("kapolsek").post(url, {"action": "naikkan", "severity": "ungu"}).status_code == 409
    assert (
        as_("kapolsek").post(url, {"action": "tutup", "reason": "x", "ended_at": "kemarin"}).status_code
        == 422
    )
    assert as_("kapolsek").post(url, {}).status_code == 400
