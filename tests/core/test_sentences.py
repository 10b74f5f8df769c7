"""One sentence for command line and office, in the language and on the clock of the reader."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kondusif import dialogue, withdraw
from kondusif.dialogue import AnswerStatus, Part, PartAnswer, Topic
from kondusif.forces import Force
from kondusif.sentences import PartSpeech, Speech
from kondusif.standby import Posture
from kondusif.withdraw import ITEMS, OPEN, SHUT, EarliestMove, GateState, Hindrance, Reason
from kondusif.words import clause, table

AT = datetime(2023, 10, 12, 6, tzinfo=UTC)  # 13.00 WIB
OWN, ENGLISH = Speech(ZoneInfo("Asia/Jakarta")), Speech(ZoneInfo("Asia/Jakarta"), "en")


@pytest.mark.parametrize("speech, said", [(OWN, "Kam 12 Okt 13.00"), (ENGLISH, "Thu 12 Oct 13:00")])
def test_a_moment_is_told_on_the_local_clock(speech, said):
    assert speech.when(AT) == said


def test_what_is_missing_is_a_dash_and_never_zero():
    assert OWN.when(None) == OWN.decimal(None) == OWN.percent(None) == "–"


@pytest.mark.parametrize(
    "value, digits, own, english",
    [(38.587, 2, "38,59", "38.59"), (2880, 0, "2.880", "2,880"), (-1.5, 1, "-1,5", "-1.5")],
)
def test_numbers(value, digits, own, english):
    assert (OWN.decimal(value, digits), ENGLISH.decimal(value, digits)) == (own, english)


@pytest.mark.parametrize(
    "minutes, said",
    [
        (0, "0 menit"),
        (59, "59 menit"),
        (60, "1 jam"),
        (65, "1 jam 5 menit"),
        (47 * 60 + 59, "47 jam 59 menit"),
        (48 * 60, "2 hari"),
        (50 * 60 + 7, "2 hari 2 jam"),
    ],
)
def test_lengths_of_time(minutes, said):
    assert OWN.duration(timedelta(minutes=minutes)) == said


def test_a_list_of_gates_names_numbers_first():
    assert OWN.gate_list(("4", "quiet", "12")) == "gerbang 4, 12 dan jam tenang"
    assert OWN.gate_list(("4", "12", "13")) == "gerbang 4, 12 dan 13"
    assert OWN.gate_list(()) == ""


def shut(gate, reason, **facts):
    return GateState(gate, SHUT, reason, facts, opens_by="check")


def test_a_shut_gate_names_the_places_that_lack_and_counts_the_rest():
    places = {"99.01.01.2001-01": "unknown", "99.01.01.2001-02": "met", "99.01.01.2001-03": "met"}
    said = OWN.why(shut("4", Reason.UNKNOWN, places=places))
    assert said == "Belum ada yang menyatakan. TPS 01: belum ada. 2 lain lengkap."


def test_places_that_all_lack_the_same_are_not_listed():
    places = dict.fromkeys(("99.01.01.2001-01", "99.01.01.2001-02"), "unknown")
    assert OWN.why(shut("4", Reason.UNKNOWN, places=places)) == "Belum ada yang menyatakan."


def test_parties_go_by_their_title():
    places = {"camat": "met", "danramil": "party_missing", "kapolsek": "met", "warga": "met"}
    assert "Danramil: belum menjawab" in OWN.why(shut("13", Reason.PARTY_MISSING, places=places))


def test_an_open_gate_tells_until_when():
    state = GateState("9", OPEN, Reason.MET, {"seen_at": AT}, valid_until=AT + timedelta(hours=6))
    assert OWN.why(state) == "Kam 12 Okt 13.00, berlaku s.d. Kam 12 Okt 19.00"


def test_a_gate_that_a_clock_opens_says_when():
    state = GateState("quiet", SHUT, Reason.QUIET_RUNNING, opens_by="clock", opens_at=AT)
    assert OWN.opens_with(state) == "Terbuka sendiri: Kam 12 Okt 13.00, bila tetap tenang"
    assert OWN.opens_with(GateState("quiet", SHUT, Reason.SILENT, opens_by="clock")) == ""


def test_the_earliest_time_names_its_conditions():
    assert OWN.earliest(EarliestMove(AT)) == "Paling cepat Kam 12 Okt 13.00, bila tetap tenang."
    assert OWN.earliest(EarliestMove(None, ("home",))).startswith(
        "Waktu paling cepat belum terhitung, setelah"
    )


def test_what_must_happen_first_gives_bad_news_no_number():
    """One event may stand as an incident and as a bad look; the board counts incidents alone."""
    before = (Hindrance("news", ("incident", "look")), Hindrance("denied", ("9",)))
    assert OWN.earliest(EarliestMove(None, before=before)) == (
        "Belum ada waktu paling cepat. Lebih dulu: kabar buruk berakhir dan gerbang 9 terpenuhi."
    )


@pytest.mark.parametrize(
    "posture, said",
    [(Posture.VOTING, "Pemungutan"), (Posture.STANDBY, "Siaga (L0)"), (Posture.CLOSED, "Ditutup")],
)
def test_a_posture_carries_its_number_on_the_ladder(posture, said):
    assert OWN.posture(posture) == said


def test_whatever_opens_a_gate_has_its_word():
    """The third argument of ``_shut`` in the clocks, and what opens a line of the checklist."""
    tree = ast.parse((Path(withdraw.__file__).parent / "clocks.py").read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "_shut"]
    opens = [part for call in calls for part in ast.walk(call.args[2])]
    by_clock = {part.value for part in opens if isinstance(part, ast.Constant)}
    by_fact = {i.opens_by for i in ITEMS.values()} | {"incident_closed", "second_observer", "minutes"}
    assert (by_clock | by_fact) - {"clock"} == set(table("opens_by"))


def test_a_sentence_becomes_a_clause():
    assert clause("Belum ada pos.") == "belum ada pos"
    assert clause("TPS belum dibuka.") == "TPS belum dibuka"


def part(code, **more):
    return PartAnswer(
        "q1", Part("p1", Topic.STAY, "bertahan", more.pop("force", None)), AnswerStatus.OPEN, code, **more
    )


PARTS = PartSpeech(OWN, {"99.01.01.2001": "Karangjati", "99.01.01.2002": "Tegalrejo"}, table("levels"))


@pytest.mark.parametrize(
    "answer, said",
    [
        (
            part("stays", levels=(2, 3), by=("Kapolres",)),
            "Kapolres: bertahan sampai keadaan dinilai aman, untuk desa Rawan dan Sangat Rawan.",
        ),
        (
            part("stays", by=("Kapolres", "rencana")),
            "Kapolres dan rencana pengamanan yang disahkan: "
            "bertahan sampai keadaan dinilai aman, untuk semua kelas.",
        ),
        (part("no_owner", force=Force.TNI), "Belum ada pihak yang menyanggupi untuk TNI."),
        (part("no_owner"), "Belum ada pihak yang menyanggupi untuk petugas."),
        (
            part("starts", missing=("99.01.01.2002",)),
            "Sebelum hari H, menurut rencana pengamanan yang disahkan. Belum ada tanggal untuk Tegalrejo.",
        ),
        (part("said"), ""),
        (part("something new"), "Belum dijawab."),
    ],
)
def test_what_may_be_said_of_a_part(answer, said):
    assert PARTS.sentence(answer) == said


def test_one_start_for_all_is_the_latest():
    dates = {"99.01.01.2001": AT, "99.01.01.2002": AT + timedelta(days=1)}
    said = PARTS.sentence(part("starts", dates=dates), same_for_all=True)
    assert said == "Di semua desa paling lambat sejak Jumat 13 Okt 13.00, lebih awal bila diperlukan."


def test_a_village_has_its_own_start_and_earlier_stations_stand_beside_it():
    early = {"99.01.01.2001-02": AT - timedelta(days=1)}
    assert PARTS.dates(part("starts", dates={"99.01.01.2001": AT}, earlier=early)) == [
        ("Karangjati", "Kamis 12 Okt 13.00; TPS 02 sejak Rabu 11 Okt 13.00")
    ]


def test_every_code_of_an_answer_has_its_sentence():
    tree = ast.parse((Path(dialogue.__file__).parent / "answers.py").read_text(encoding="utf-8"))
    codes = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    spoken = {c for c in table("part_answers") if not c.endswith(("_for_all", "_not_everywhere"))}
    assert spoken <= codes
