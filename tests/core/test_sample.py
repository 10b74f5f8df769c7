"""The Pasrepan example tells the story it is there to tell, and invents no fact about a real place."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from kondusif.files import OperationFile, load_sample, sample_dir
from kondusif.files.as_of import AsOf
from kondusif.standby import Posture, approvers
from kondusif.withdraw import blockers
from tests.cast import RECIPE

NGANTUNGAN, MANGGUAN, LEMAHBANG = "35.14.05.2001", "35.14.05.2006", "35.14.05.2014"
ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("KONDUSIF_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="module")
def file() -> OperationFile:
    return load_sample()


@pytest.fixture(scope="module")
def demo(file) -> AsOf:
    return AsOf.at(file, datetime(2023, 10, 11, 14, 5, tzinfo=file.zone))


def test_facts_and_inventions_are_apart():
    for path in sample_dir().glob("*/**/*.csv"):
        with path.open(encoding="utf-8") as lines:
            said = {row["ilustratif"] for row in csv.DictReader(lines)}
        part = path.relative_to(sample_dir()).parts[0]
        assert said == {"ya" if part == "illustrative" else "tidak"}, path.name


def test_the_real_places(file):
    assert len(file.desa) == 17
    assert {d.kode for d in file.voting} == {NGANTUNGAN, MANGGUAN, LEMAHBANG}
    assert file.election.vote_at.isoformat() == "2023-10-10T07:00:00+07:00"
    official = SHARED / "geo" / "pasrepan_codes.csv"
    if official.is_file():
        with official.open(encoding="utf-8") as lines:
            codes = {r["kemendagri"]: (float(r["lat"]), float(r["lng"])) for r in csv.DictReader(lines)}
        assert {d.kode: (d.at.lat, d.at.lng) for d in file.desa if d.at} == codes


def test_stations_hold_at_most_500_voters(file):
    assert len(file.tps) == 16
    assert max(t.pemilih or 0 for t in file.tps) <= 500


def test_all_items_are_answered_but_those_the_plan_and_the_dialogue_answer(file):
    """F01 and F03 come from the plan (RULES 5), F05 and F06 from pledges and commitments (RULES 7)."""
    assert {a.item for a in file.jawaban} == set(RECIPE.items) - {"F01", "F03", "F05", "F06"}


def test_pledges_and_commitments_answer_in_place_of_the_field(demo):
    items = {i.id: i for i in demo.assessments[LEMAHBANG].score.items}
    assert (items["F05"].value, items["F05"].answer.source) == (50, "Ikrar calon 1 ya, calon 2 belum")
    assert items["F06"].state == "not_applicable"  # the only dated promise is due on the day of the vote


def test_nobody_is_named(file):
    for person in file["orang"]:
        assert set(person) <= {"pengguna", "peran", "jabatan", "wilayah", "pos", "ilustratif"}
    assert {r["peran"] for r in file["pertanyaan"]} == {"Ketua panitia", "Perwakilan masyarakat"}


def test_the_three_classes(demo):
    ngantungan, mangguan, lemahbang = (demo.assessments[k] for k in (NGANTUNGAN, MANGGUAN, LEMAHBANG))
    assert (ngantungan.level, mangguan.level, lemahbang.level) == (2, 1, 3)
    assert 38 < ngantungan.score.total < 40 and ngantungan.classification.firmness == "di_ambang_naik"
    assert [k for k, c in ngantungan.tps.items() if c.level == 3] == [f"{NGANTUNGAN}-03"]
    assert lemahbang.classification.by_score == 2 and lemahbang.classification.floors
    assert [i.id for i in ngantungan.score.items if i.state == "stale"] == ["D10"]
    assert [i.id for i in lemahbang.score.items if i.state == "absent"] == ["B06"]


def test_the_assessments_differ_by_date(file):
    totals = []
    for day in (datetime(2023, 9, 19, 16), datetime(2023, 10, 3, 12), datetime(2023, 10, 9, 19)):
        state = AsOf.at(file, day.replace(tzinfo=file.zone))
        totals.append([state.assessments[k].score.total for k in (NGANTUNGAN, LEMAHBANG)])
        if day.month == 9:
            assert state.assessments[LEMAHBANG].level == 2 and state.plan is None
    assert len({t for pair in totals for t in pair}) == 6


def test_an_unmet_need_is_real(demo):
    assert demo.plan.missing.tni == 6 and demo.plan.missing.total == 6


def test_what_keeps_people_there_at_the_demo_time(demo):
    villages = demo.operation.villages
    shut = {kode: [g.gate for g in v.gates() if g.shut] for kode, v in villages.items()}
    assert shut[NGANTUNGAN] == ["4", "12", "13", "quiet"]
    assert shut[LEMAHBANG] == ["4", "9", "13", "quiet"]
    assert shut[MANGGUAN] == ["objection_window", "14"]
    assert villages[MANGGUAN].posture is Posture.L1
    assert villages[MANGGUAN].earliest().at.isoformat() == "2023-10-13T23:59:00+07:00"


def test_no_earliest_time_while_a_post_is_silent_or_a_gate_is_denied(demo):
    villages = demo.operation.villages
    early = {kode: villages[kode].earliest() for kode in (NGANTUNGAN, LEMAHBANG)}
    assert [e.at for e in early.values()] == [None, None]
    said = {kode: {h.kind: h.about for h in e.before} for kode, e in early.items()}
    assert said[NGANTUNGAN] == {"silent": (f"{NGANTUNGAN}-02",), "denied": ("12",)}
    assert set(said[LEMAHBANG]) == {"news", "denied"}


def test_a_gate_level_names_the_station_that_makes_it(demo):
    found = {kode: v.governs for kode, v in demo.operation.villages.items()}
    assert {kode: g.level for kode, g in found.items()} == {NGANTUNGAN: 3, MANGGUAN: 1, LEMAHBANG: 3}
    assert found[NGANTUNGAN].places == (f"{NGANTUNGAN}-03",) and found[LEMAHBANG].places == (LEMAHBANG,)


def test_both_questions_as_rules_10_says(demo):
    [meeting] = demo.file.meetings
    before = [
        (a.part.kode, a.status.value, a.levels) for a in demo.operation.answers(meeting, before_plan=True)
    ]
    assert before == [
        ("p1-mulai", "open", ()),
        ("p2-polri", "answered", (2, 3)),
        ("p2-polri", "open", (1,)),
        ("p2-tni", "open", ()),
        ("p2-tps", "partly", ()),
    ]
    after = {(a.part.kode, a.levels): a for a in demo.operation.answers(meeting)}
    assert {a.status.value for k, a in after.items() if k[0] != "p2-tni"} == {"answered"}
    assert after["p2-tni", ()].status == "open"
    starts = {k: f"{at:%d %H.%M}" for k, at in after["p1-mulai", ()].dates.items()}
    assert starts == {NGANTUNGAN: "08 07.00", MANGGUAN: "09 07.00", LEMAHBANG: "07 07.00"}
    assert {k[-2:]: f"{at:%d %H.%M}" for k, at in after["p1-mulai", ()].earlier.items()} == {"03": "07 07.00"}


def test_the_whole_story_passes_its_gates(file):
    """Every withdrawal of the script has all gates open or waived, two people, and the right approver."""
    asked: dict[str, str] = {}
    roles = {r["pengguna"]: r["peran"] for r in file["orang"]}
    for row in sorted(file["keputusan"], key=lambda r: (r["waktu"], r["id"])):
        if row["tindakan"] == "minta penarikan":
            asked[row["tempat"]] = row["oleh"]
        if row["tindakan"] != "setujui penarikan":
            continue
        earlier = tuple(r for r in file["keputusan"] if r["id"] < row["id"])
        state = replace(
            AsOf.at(file, row["waktu"]), file=OperationFile.of({**file.rows, "keputusan": earlier})
        )
        desa = row["tempat"]
        assert blockers(state.situation(desa), Posture(row["ke"]), row["waktu"]) == (), row["id"]
        assert row["oleh"] != asked[desa]
        assert roles[row["oleh"]] in approvers(state.situation(desa).level)
    end = AsOf.at(file, datetime(2023, 12, 19, 12, tzinfo=file.zone))
    assert {end.posture(d.kode)[0] for d in file.voting} == {Posture.CLOSED}


def test_one_objection_one_rumour_one_pledge_one_tight_margin(file):
    assert sum(r["tindakan"] == "catat keberatan" for r in file["keputusan"]) == 1
    assert sum(r["jenis"] == "kabar" for r in file["insiden"]) == 1
    assert sum(r["ikrar"] != "yes" for r in file["calon"]) == 1
    assert [r["desa"] for r in file["pemeriksaan"] if r["butir"] == 7 and r["nilai"] == "tidak"] == [
        NGANTUNGAN
    ]
