"""After the vote: classes against what happened, for whom it is, and past votes taken whole (method 10)."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kondusif.cli import OK, main
from kondusif.errors import ImportRefused, NotAllowed
from kondusif.files.history import read_history
from kondusif.learn import Outcome
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.answers import actions as answers_actions
from kondusif_web.calibration import facts, queries
from kondusif_web.calibration.actions import MOST, import_history
from kondusif_web.calibration.models import History
from kondusif_web.classes import actions as classes_actions
from kondusif_web.classes.models import Assessment
from kondusif_web.election.actions import set_clock
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.reports.actions import open_incident, submit_report
from kondusif_web.reports.observations import add_check
from tests import cast
from tests.conftest import begin, enlist

pytestmark = pytest.mark.django_db

BEFORE = cast.VOTE_AT - timedelta(days=1)
CLOSED = cast.VOTE_AT + timedelta(hours=6)  # 13.00 WIB
PAST = """tempat,skor,tingkat,kejadian
99.01.01.2001/2019,12.5,1,merah
99.01.01.2002/2019,31,2,tidak ada
99.01.02.2001/2019,48,3,kuning
35.14.05.2001,55,3,
35.14.05.2002,8,1,tidak ada
"""
ELSEWHERE = "tempat,skor,tingkat,kejadian\n35.14.05.2001,55,3,\n"  # in nobody's area here


def say(op, people, told, at=BEFORE):
    """Answers of that day, reckoned and published then."""
    day = at.date()
    rows = [replace(a, on=day, id=f"{a.id}/{at:%d%H}") for desa, t in told for a in cast.answers(t, desa)]
    answers_actions.take_answers(operation=op, answers=rows, by=people.kabagops, now=at)
    classes_actions.assess_operation(operation=op, by=people.kabagops, now=at)
    classes_actions.publish_assessments(operation=op, by=people.kabagops, now=at)


def speak(people, place, at=cast.NOW, kind="aman"):
    submit_report(
        operation=people.kapolres.operation,
        id=uuid.uuid4(),
        kind=kind,
        place=place,
        by=people.kapolres,
        now=at,
    )


def incident(people, place, severity="kuning", at=cast.NOW):
    return open_incident(
        operation=people.kapolres.operation,
        id=uuid.uuid4(),
        kind="other",
        place=place,
        severity=severity,
        by=people.kapolres,
        now=at,
    )


@pytest.fixture
def said(op, people):
    """Classes before the vote for Karangjati (tense), Tegalrejo and Banjaragung (calm); none for Wonosari."""
    say(op, people, [(cast.KARANGJATI, cast.TENSE), (cast.TEGALREJO, cast.CALM), (cast.OUTSIDE, cast.CALM)])
    return op


def village(user, op, kode, now=cast.NOW):
    found = queries.current_vote(op, user, now)
    return next(j for j in (*found.villages, *found.stations) if j.kode == kode)


def page(as_, username="kapolres", query=""):
    return as_(username).get(f"/o/uji/kalibrasi/{query}").content.decode()


# ---------------------------------------------------------------- what counts


def test_silence_after_the_vote_is_not_calm(said, people, as_):
    assert village(people.kapolres, said, cast.TEGALREJO).severity is None
    speak(people, f"{cast.TEGALREJO}-01", CLOSED - timedelta(minutes=1))
    assert village(people.kapolres, said, cast.TEGALREJO).severity is None, "before the poll closed"
    speak(people, f"{cast.TEGALREJO}-01", kind="tiba")
    assert village(people.kapolres, said, cast.TEGALREJO).severity is None, "arriving says nothing of calm"
    assert "Belum ada yang dapat dihitung" in page(as_)
    speak(people, f"{cast.TEGALREJO}-01")
    assert village(people.kapolres, said, cast.TEGALREJO).severity == 0
    assert village(people.kapolres, said, f"{cast.TEGALREJO}-01").severity == 0
    assert village(people.kapolres, said, f"{cast.TEGALREJO}-02").severity is None


@pytest.mark.parametrize(("value", "severity"), [("yes", 0), ("no", 0), ("unknown", None)])
def test_a_checklist_answer_on_the_situation_is_a_word_too(said, people, value, severity):
    add_check(
        operation=said,
        id=uuid.uuid4(),
        desa=cast.TEGALREJO,
        item=9,
        value=value,
        by=people.kapolsek,
        now=cast.NOW,
    )
    assert village(people.kapolres, said, cast.TEGALREJO).severity == severity


def test_the_gravest_incident_counts_verified_or_not_and_from_the_vote_day_on(said, people):
    incident(people, cast.KARANGJATI, "merah", BEFORE)
    assert village(people.kapolres, said, cast.KARANGJATI).severity is None, "before the vote day"
    incident(people, f"{cast.KARANGJATI}-02", "hijau")
    incident(people, cast.KARANGJATI, "kuning")
    found = village(people.kapolres, said, cast.KARANGJATI)
    assert (found.severity, found.incidents, found.verified) == (2, 2, 0)
    assert village(people.kapolres, said, f"{cast.KARANGJATI}-02").severity == 1
    assert village(people.kapolres, said, f"{cast.KARANGJATI}-01").severity is None


def test_the_class_is_the_last_one_published_before_the_poll_opened(said, people):
    level = village(people.kapolres, said, cast.TEGALREJO).level
    say(said, people, [(cast.TEGALREJO, cast.TENSE)], cast.NOW)
    assert Assessment.objects.filter(desa__kode=cast.TEGALREJO, number__isnull=False).count() == 2
    found = village(people.kapolres, said, cast.TEGALREJO)
    assert (found.level, level) == (1, 1)


def test_a_village_without_a_class_before_the_vote_is_listed_apart(said, people, as_):
    say(said, people, [(cast.WONOSARI, cast.CALM)], cast.NOW)
    speak(people, f"{cast.WONOSARI}-01")
    speak(people, f"{cast.TEGALREJO}-01")
    assert village(people.kapolres, said, cast.WONOSARI).outcome is None
    text = page(as_)
    apart = text[text.index("Tanpa kelas terbit sebelum pemungutan") :]
    assert "Wonosari" in apart[: apart.index("</p>")]


# ---------------------------------------------------------------- the page


def test_before_the_poll_closes_the_page_says_when_it_will_work(said, people, as_):
    type(said).objects.filter(pk=said.pk).update(clock=CLOSED - timedelta(minutes=1))
    text = page(as_)
    assert "Terbuka sesudah pemungutan ditutup" in text and "13.00" in text
    assert "Kejadian menurut kelas" not in text
    assert as_("kapolres").get("/o/uji/kalibrasi/hasil.csv").status_code == 404
    set_clock(operation=said, to=CLOSED, by=None, now=CLOSED)
    assert "Terbuka sesudah" not in page(as_)


def test_a_missed_village_stands_first_with_its_page_and_few_places_are_a_warning(said, people, as_):
    incident(people, cast.TEGALREJO, "merah")
    incident(people, cast.KARANGJATI, "kuning")
    speak(people, f"{cast.OUTSIDE}-01")
    text = page(as_)
    assert "Dari 3 desa, 1 terlewat" in text
    assert "Baru 3 desa" in text
    missed = text[text.index("Terlewat: kelas terendah") :]
    assert f'<a href="/o/uji/desa/{cast.TEGALREJO}/">Tegalrejo</a>' in missed[: missed.index("</ul>")]
    assert "Sementara: 4 desa belum ditutup" in text
    assert "Tidak ada yang diterapkan" in text and 'href="/o/uji/instrumen/"' in text


def test_the_figures_of_the_page_are_those_of_the_command_on_the_exported_file(
    said, people, as_, tmp_path, capsys
):
    incident(people, cast.TEGALREJO, "merah")
    incident(people, f"{cast.KARANGJATI}-01", "kuning")
    speak(people, f"{cast.OUTSIDE}-01")
    import_history(operation=said, text=PAST, source="Pilkades 2019", by=people.kabagops, now=cast.NOW)
    browser = as_("kapolres")
    for query, sheet in (("operasi", "desa"), ("operasi", "tps"), ("riwayat", "desa"), ("keduanya", "desa")):
        shown = browser.get(f"/o/uji/kalibrasi/?data={query}").context
        answer = browser.get(f"/o/uji/kalibrasi/hasil.csv?data={query}&tempat={sheet}")
        path = tmp_path / "hasil.csv"
        path.write_bytes(answer.content)
        capsys.readouterr()
        assert main(["learn", str(path), "--json", "--cuts", *shown["batas"].split()]) == OK
        told = json.loads(capsys.readouterr().out)
        c = next(r["c"] for r in shown["bacaan"] if r["kunci"] in (sheet, "riwayat", "gabung"))
        assert {k: told[k] for k in ("places", "brier", "brier_base", "skill", "auc", "auc_low")} == {
            k: getattr(c, k) for k in ("places", "brier", "brier_base", "skill", "auc", "auc_low")
        }
        assert [m["place"] for m in told["missed"]] == [o.place for o in c.missed]
        assert {int(k): v["hit"] for k, v in told["by_level"].items()} == {
            k: r.hit for k, r in c.by_level.items()
        }
        assert [cut["suggested"] for cut in told["cuts"]] == [cut.suggested for cut in c.cuts]


def test_a_suggestion_names_who_would_move_and_changes_nothing(said, people, as_):
    rows = [(5, 0), (10, 0), (15, 1), (22, 0), (30, 1)]
    text = "tempat,skor,tingkat,kejadian\n" + "".join(
        f"35.14.05.{2001 + k},{s},{1 + (s >= 20)},{'hijau' if b else 'tidak ada'}\n"
        for k, (s, b) in enumerate(rows)
    )
    import_history(operation=said, text=text, source="Pilkades 2019", by=people.kabagops, now=cast.NOW)
    before = list(Assessment.objects.values())
    shown = page(as_, query="?data=riwayat")
    assert "20,00 kini, 12,50 saran" in shown
    moved = shown[shown.index("Naik ke atas batas") :]
    assert "35.14.05.2003" in moved[: moved.index("</p>")]
    assert list(Assessment.objects.values()) == before
    said.refresh_from_db()
    assert said.recipe == ""


# ---------------------------------------------------------------- who, where


@pytest.mark.parametrize("username", [p.username for p in cast.PEOPLE])
def test_calibration_is_for_planner_kapolsek_and_kapolres(said, as_, username):
    role = next(p.role for p in cast.PEOPLE if p.username == username)
    browser = as_(username)
    mine = role in ("planner", "kapolsek", "kapolres")
    shut = 404 if role == "admin" else 403  # no member of the operation, so there is none
    assert browser.get("/o/uji/kalibrasi/").status_code == (200 if mine else shut)
    assert (browser.get("/o/uji/kalibrasi/hasil.csv").status_code == shut) is not mine
    planner = role == "planner"
    for path in ("/o/uji/kalibrasi/riwayat/", "/o/uji/kalibrasi/riwayat/templat.csv"):
        assert browser.get(path).status_code == (200 if planner else shut)
    answer = browser.post("/o/uji/kalibrasi/riwayat/simpan/", {"sumber": "Pilkades 2019", "isi": ELSEWHERE})
    assert answer.status_code == (302 if planner else shut)
    assert History.objects.exists() is planner
    assert ('href="/o/uji/kalibrasi/"' in browser.get("/o/uji/", follow=True).content.decode()) is mine


def test_nobody_reads_beyond_their_area(said, people, as_):
    for place in (cast.KARANGJATI, cast.OUTSIDE):
        incident(people, place)
    export = as_("kapolsek").get("/o/uji/kalibrasi/hasil.csv").content.decode()
    assert cast.KARANGJATI in export and cast.OUTSIDE not in export
    assert "Banjaragung" not in page(as_, "kapolsek") and cast.OUTSIDE not in page(as_, "kapolsek")
    other = as_("polsek.banjaragung").get("/o/uji/kalibrasi/hasil.csv").content.decode()
    assert [o.place for o in read_history(other)] == [cast.OUTSIDE]


@pytest.mark.parametrize(
    ("username", "seen"),
    [
        ("kapolres", [0, 1, 2, 3, 4]),
        ("perencana", [0, 1, 3, 4]),  # not of the kecamatan beside it
        ("kapolsek", [0, 1]),  # nor of another regency
        ("polsek.banjaragung", [2]),
    ],
)
def test_past_places_of_this_regency_follow_the_area_and_others_are_for_planner_and_kapolres(
    said, people, as_, username, seen
):
    import_history(operation=said, text=PAST, source="Pilkades 2019", by=people.kabagops, now=cast.NOW)
    every = [o.place for o in read_history(PAST)]
    text = as_(username).get("/o/uji/kalibrasi/hasil.csv?data=riwayat").content.decode()
    assert [o.place for o in read_history(text)] == [every[k] for k in seen]


def test_reading_and_keeping_are_written_down(said, people, as_):
    speak(people, f"{cast.TEGALREJO}-01")
    browser = as_("kapolres")
    browser.get("/o/uji/kalibrasi/")
    browser.get("/o/uji/kalibrasi/hasil.csv")
    read = AccessEntry.objects.filter(kind="read", by="kapolres").values_list("subject", flat=True)
    assert {"calibration", "calibration.export"} <= set(read)


# ---------------------------------------------------------------- past votes


def upload(browser, text=PAST, name="riwayat.csv", source="Pilkades 2019, catatan Bagops"):
    raw = text if isinstance(text, bytes) else text.encode()
    return browser.post(
        "/o/uji/kalibrasi/riwayat/", {"sumber": source, "berkas": SimpleUploadedFile(name, raw, "text/csv")}
    )


def test_a_file_is_shown_before_anything_is_taken(said, as_):
    browser = as_("kabagops")
    answer = upload(browser)
    assert answer.status_code == 200 and not History.objects.exists()
    shown = answer.content.decode()
    assert "Pratinjau: 5 tempat" in shown and "99.01.01.2001/2019" in shown
    form = answer.context["pratinjau"]["form"].initial
    assert browser.post("/o/uji/kalibrasi/riwayat/simpan/", form).status_code == 302
    row = History.objects.get()
    assert read_history(row.csv) == read_history(PAST)
    assert (row.number, row.places, row.by.username) == (1, 5, "kabagops")
    line = Entry.objects.get(kind="history_imported")
    assert line.payload == {"number": 1, "places": 5, "digest": row.digest}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": PAST.replace("12.5", "125")}, "2, skor"),
        ({"text": PAST.replace("merah", "ungu")}, "2, kejadian"),
        ({"text": PAST.replace(",3,kuning", ",4,kuning")}, "4, tingkat"),
        ({"text": PAST.replace("99.01.01.2001/2019", "Budi Santoso")}, "2, tempat"),
        ({"text": PAST.replace("skor", "nilai")}, "1, skor"),
        ({"text": "tempat,skor,tingkat,kejadian\né,1,1,\n".encode("latin-1")}, "2, tempat"),
        ({"text": PAST.replace("\n35", "\n\0")}, "ditolak"),
        ({"source": "Catatan agama warga"}, "sumber"),
        ({"name": "riwayat.xlsx"}, "Berkas harus .csv"),
    ],
)
def test_a_bad_file_is_refused_whole_with_row_and_column(said, as_, change, told):
    answer = upload(as_("kabagops"), **change)
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not History.objects.exists()


def test_what_comes_back_from_the_preview_is_checked_as_if_it_were_new(said, as_):
    browser = as_("kabagops")
    for form in (
        {"sumber": "Pilkades 2019", "isi": PAST.replace("12.5", "125")},
        {"sumber": "", "isi": PAST},
        {"sumber": "Pilkades 2019"},
    ):
        assert browser.post("/o/uji/kalibrasi/riwayat/simpan/", form).status_code == 422
    assert not History.objects.exists()


def test_a_planner_brings_no_place_of_this_regency_beyond_their_area(said, as_):
    answer = upload(as_("perencana"))
    assert answer.status_code == 422
    assert [(p.row, p.column) for p in answer.context["masalah"]] == [(4, "tempat")]
    form = {"sumber": "Pilkades 2019", "isi": PAST}
    assert as_("perencana").post("/o/uji/kalibrasi/riwayat/simpan/", form).status_code == 422
    assert upload(as_("perencana"), ELSEWHERE).status_code == 200
    assert not History.objects.exists()


def test_more_places_than_a_page_can_reckon_are_refused(said, people):
    head = "tempat,skor,tingkat,kejadian\n"
    text = head + "".join(f"p{k},5,1,\n" for k in range(MOST + 1))
    with pytest.raises(ImportRefused):
        import_history(operation=said, text=text, source="Pilkades 2019", by=people.kabagops, now=cast.NOW)


def test_a_newer_import_takes_the_place_of_the_older_which_stays(said, people, as_):
    take = {"operation": said, "by": people.kabagops, "now": cast.NOW}
    first = import_history(text=PAST, source="Pilkades 2019", **take)
    assert import_history(text=PAST, source="Pilkades 2019", **take).pk == first.pk, "the same again"
    one = "tempat,skor,tingkat,kejadian\n35.14.05.2009,1,1,hijau\n"
    import_history(text=one, source="Pilkades 2021", **take)
    assert list(History.objects.values_list("number", flat=True)) == [2, 1]
    assert [o.place for o in queries.past_votes(said, people.kapolres).outcomes] == ["35.14.05.2009"]
    assert Entry.objects.filter(kind="history_imported").count() == 2
    assert verify().ok
    History.objects.filter(number=1).update(csv=one)
    assert not verify().ok


def test_only_a_planner_imports(said, people):
    with pytest.raises(NotAllowed):
        import_history(operation=said, text=PAST, source="x", by=people.kapolres, now=cast.NOW)


def test_a_past_place_with_a_code_of_today_stands_once_beside_it():
    now, then = Outcome("99.01.01.2001", 5.0, 1, 0), Outcome("99.01.01.2001", 50.0, 3, 2)
    assert [o.place for o in queries.together([now], [then])] == ["99.01.01.2001", "99.01.01.2001/riwayat"]


def test_the_template_is_a_history_that_can_be_read(said, as_):
    text = as_("perencana").get("/o/uji/kalibrasi/riwayat/templat.csv").content.decode()
    assert {o.place[:3] for o in read_history(text)} == {"99."}


def test_history_works_before_the_vote(said, people, as_):
    type(said).objects.filter(pk=said.pk).update(clock=BEFORE)
    import_history(operation=said, text=PAST, source="Pilkades 2019", by=people.kabagops, now=BEFORE)
    text = page(as_)
    assert "Terbuka sesudah pemungutan ditutup" in text and "Pemungutan yang lalu" in text


# ---------------------------------------------------------------- finished operations of this office


YEARS = timedelta(days=2 * 365)


@pytest.fixture
def finished(said):
    """Operation "dulu", two years before over the same villages: Karangjati tense, Tegalrejo calm."""
    dulu = begin(
        cast.OPERATION | {"kode": "dulu", "vote_at": cast.VOTE_AT - YEARS, "clock": cast.NOW - YEARS}
    )
    then = enlist(dulu)
    say(dulu, then, [(cast.KARANGJATI, cast.TENSE), (cast.TEGALREJO, cast.CALM)], BEFORE - YEARS)
    say(dulu, then, [(cast.OUTSIDE, cast.CALM)], BEFORE - YEARS)
    incident(then, cast.KARANGJATI, "merah", cast.NOW - YEARS)
    speak(then, f"{cast.TEGALREJO}-01", cast.NOW - YEARS)
    type(dulu).objects.filter(pk=dulu.pk).update(phase="closed")
    dulu.refresh_from_db()
    return dulu


DAY = "2021-10-10"  # of the vote of "dulu"


def test_a_closed_operation_feeds_calibration_without_a_file(said, finished, people, as_):
    found = queries.past_votes(said, people.kapolres)
    assert [(o.place, o.level, o.severity) for o in found.outcomes] == [
        (f"{cast.KARANGJATI}/{DAY}", 2, 3),
        (f"{cast.TEGALREJO}/{DAY}", 1, 0),
        (f"{cast.OUTSIDE}/{DAY}", 1, None),
    ]
    text = page(as_, query="?data=riwayat")
    assert "Karangjati 2021" in text and "(dulu)" in text and "tanpa berkas" in text
    export = as_("kapolres").get("/o/uji/kalibrasi/hasil.csv?data=riwayat").content.decode()
    assert read_history(export) == found.outcomes
    both = as_("kapolres").get("/o/uji/kalibrasi/hasil.csv?data=keduanya").content.decode()
    assert {cast.KARANGJATI, f"{cast.KARANGJATI}/{DAY}"} <= {o.place for o in read_history(both)}


@pytest.mark.parametrize("phase", ["preparing", "running"])
def test_an_operation_that_is_not_closed_feeds_nothing(said, finished, people, phase):
    type(finished).objects.filter(pk=finished.pk).update(phase=phase)
    assert queries.past_votes(said, people.kapolres).outcomes == ()


def test_an_archived_operation_still_feeds_and_a_drill_feeds_no_live_one(said, finished, people):
    type(finished).objects.filter(pk=finished.pk).update(phase="archived")
    assert len(queries.past_votes(said, people.kapolres).outcomes) == 3
    type(said).objects.filter(pk=said.pk).update(drill=False, clock=None)
    said.refresh_from_db()
    assert queries.past_votes(said, people.kapolres).outcomes == ()


@pytest.mark.parametrize(
    ("username", "seen"),
    [
        ("kapolres", {cast.KARANGJATI, cast.TEGALREJO, cast.OUTSIDE}),
        ("perencana", {cast.KARANGJATI, cast.TEGALREJO}),
        ("kapolsek", {cast.KARANGJATI, cast.TEGALREJO}),
        ("polsek.banjaragung", {cast.OUTSIDE}),
    ],
)
def test_places_of_a_finished_operation_follow_the_area(said, finished, people, username, seen):
    found = queries.past_votes(said, getattr(people, username.replace(".", "_")))
    assert {queries.area_of(o.place) for o in found.outcomes} == seen


@pytest.mark.parametrize("username", ["camat", "petugas1", "humas", "auditor"])
def test_who_sees_no_calibration_sees_no_finished_operation(said, finished, people, username):
    assert queries.past_votes(said, getattr(people, username)) == queries.PastVotes()


def test_who_begins_an_operation_over_the_same_villages_reads_nothing_of_the_earlier(
    said, finished, people, as_
):
    """Only what the same person may see there, in the areas held there; each read stands in the log."""
    there = finished.members.get(user=people.kapolres.user)
    page(as_, query="?data=riwayat")
    assert [e.payload["operation"] for e in AccessEntry.objects.filter(subject="calibration")] == [
        "uji",
        "dulu",
    ]
    as_("kapolres").get("/o/uji/kalibrasi/hasil.csv?data=riwayat")
    assert AccessEntry.objects.filter(subject="calibration.export", payload__operation="dulu").count() == 1
    there.prefixes = ["99.01.01"]
    there.save()
    assert {queries.area_of(o.place) for o in queries.past_votes(said, people.kapolres).outcomes} == {
        cast.KARANGJATI,
        cast.TEGALREJO,
    }
    type(there).objects.filter(pk=there.pk).update(role="humas")
    assert queries.past_votes(said, people.kapolres) == queries.PastVotes()
    type(there).objects.filter(pk=there.pk).update(role="kapolres", active=False)
    assert queries.past_votes(said, people.kapolres) == queries.PastVotes()
    assert "dulu" not in page(as_)


def test_a_vote_counts_once_though_it_was_imported_too(said, finished, people):
    text = (
        "tempat,skor,tingkat,kejadian\n"
        f"{cast.KARANGJATI}/2021,12.5,1,merah\n{cast.KARANGJATI}/{DAY},12.5,1,merah\n"
        f"{cast.KARANGJATI}/2017,31,2,tidak ada\n{cast.WONOSARI}/2021,5,1,\n"
    )
    import_history(operation=said, text=text, source="Pilkades 2021", by=people.kabagops, now=cast.NOW)
    assert [o.place for o in queries.past_votes(said, people.kapolres).outcomes] == [
        f"{cast.KARANGJATI}/{DAY}",
        f"{cast.TEGALREJO}/{DAY}",
        f"{cast.OUTSIDE}/{DAY}",
        f"{cast.KARANGJATI}/2017",
        f"{cast.WONOSARI}/2021",  # no class was published there, so the file says more
    ]


def test_an_import_of_one_operation_is_not_read_in_another(said, other, other_people, people):
    import_history(operation=said, text=PAST, source="Pilkades 2019", by=people.kabagops, now=cast.NOW)
    assert queries.past_votes(other, other_people.kapolres) == queries.PastVotes()
    assert queries.histories(other, other_people.kabagops) == []
    incident(people, cast.KARANGJATI)
    assert queries.current_vote(other, other_people.kapolres, cast.NOW).villages[0].severity is None


# ---------------------------------------------------------------- the drill


def test_the_drill_gives_figures_at_h_plus_70(db):
    from django.test import Client

    from kondusif_web.accounts.models import User
    from kondusif_web.drill.actions import load_sample, play_until
    from kondusif_web.election.models import Operation
    from kondusif_web.election.queries import membership

    load_sample(now=cast.NOW)
    sample = Operation.objects.get()
    play_until(operation=sample, until=sample.vote_at + timedelta(days=70), by=None)
    sample.refresh_from_db()
    kapolres = User.objects.get(username="kapolres")
    found = queries.current_vote(sample, membership(kapolres, sample.kode), sample.clock)
    assert [(j.level, j.severity) for j in found.villages] == [(2, 2), (1, 0), (3, 2)]
    assert found.open_villages == 0 and len(found.stations) == 16
    assert facts.poll_closes(sample).hour == 6  # UTC
    browser = Client()
    browser.force_login(kapolres)
    text = browser.get(f"/o/{sample.kode}/kalibrasi/").content.decode()
    assert "Dari 3 desa, tidak satu pun terlewat." in text and "LATIHAN - DATA ILUSTRATIF" in text
