"""The example measures as an office does, and no class moves by it: rounds, raters, actions, past votes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from kondusif.files import load_sample as sample_file
from kondusif.files.as_of import AsOf
from kondusif.learn import calibrate
from kondusif.mitigation import MitigationStatus
from kondusif_web.answers.models import Evidence, Review, Round
from kondusif_web.calibration import queries as past_votes
from kondusif_web.classes.effect import effects
from kondusif_web.classes.models import Assessment
from kondusif_web.drill.actions import load_sample, play_until
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument import facts as instruments
from kondusif_web.instrument.models import Instrument
from kondusif_web.logbook.verify import verify
from kondusif_web.mitigation import queries as mitigations
from kondusif_web.situation.replay import check_moves

SERVER = datetime(2026, 1, 5, 3, tzinfo=UTC)
DEMO = datetime.fromisoformat("2023-10-11T14:05:00+07:00")
NGANTUNGAN, LEMAHBANG = "35.14.05.2001", "35.14.05.2014"
AT_FIRST = (
    "/o/pasrepan-2023/putaran/",
    "/o/pasrepan-2023/instrumen/",
    "/o/pasrepan-2023/instrumen/kondusif-45/2/",
    "/o/pasrepan-2023/kalibrasi/",
    "/o/pasrepan-2023/tindakan/",
)


@pytest.fixture
def sample(db) -> Operation:
    load_sample(now=SERVER)
    return Operation.objects.get()


@pytest.fixture
def told(sample) -> Operation:
    """The example on the afternoon after the vote."""
    play_until(operation=sample, until=DEMO, by=None)
    sample.refresh_from_db()
    return sample


def member(username: str) -> Membership:
    return Membership.objects.select_related("operation", "user").get(user__username=username)


def test_the_office_publishes_what_the_command_line_reckons(told):
    """Three publications of three villages: what the office measures besides moves none of them."""
    rows = list(Assessment.objects.filter(number__isnull=False).select_related("desa").order_by("number"))
    assert len(rows) == 9
    moments = sorted({row.published_at for row in rows})
    reckoned = [AsOf.at(sample_file(), moment).assessments for moment in moments]
    for row in rows:
        a = reckoned[moments.index(row.published_at)][row.desa.kode]
        assert row.results["total"] == pytest.approx(a.score.total, abs=1e-12)
        assert (row.level, row.force_level) == (a.level, a.force_level)
        assert {k: c["level"] for k, c in row.results["tps"].items()} == {
            k: c.level for k, c in a.tps.items()
        }


def test_a_stranger_finds_a_round_a_draft_and_past_votes_on_the_first_day(sample):
    browser = Client()
    browser.force_login(member("perencana").user)
    pages = {path: browser.get(path) for path in AT_FIRST}
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(AT_FIRST, 200)
    assert "DPT ditetapkan" in pages["/o/pasrepan-2023/putaran/"].content.decode()
    assert "54" in pages["/o/pasrepan-2023/kalibrasi/"].content.decode()
    assert all("LATIHAN - DATA ILUSTRATIF" in page.content.decode() for page in pages.values())


def test_rounds_close_with_answers_owed_and_one_runs_late_after_the_vote(told):
    rounds = {r.gate: r for r in Round.objects.all()}
    assert list(rounds) == ["dpt", "calon", "kampanye", "h1", "hitung"]
    assert [gate for gate, r in rounds.items() if r.closed_at is None] == ["hitung"]
    assert rounds["hitung"].due_at < told.clock
    owed = {gate: sum(f.owed for f in r.frozen.all()) for gate, r in rounds.items() if r.closed_at}
    assert owed["dpt"] > owed["h1"] > 0  # even on the eve something was never asked
    assert all(f.within for f in rounds["h1"].frozen.all())


def test_two_raters_differ_and_settle_it_on_the_riskier_value(told):
    settled, waits = Review.objects.order_by("opened_at")
    assert (settled.place, settled.item, settled.state) == (NGANTUNGAN, "D10", "settled")
    assert settled.raters == ["bhabin-ngantungan", "kasi-trantib"]
    assert settled.ended_by.username not in settled.raters
    assert (waits.place, waits.item, waits.state) == (LEMAHBANG, "D10", "open")
    assert waits.raters == ["petugas2", "perencana"]  # the riskier first
    play_until(operation=told, until=DEMO + timedelta(hours=4), by=None)
    waits.refresh_from_db()
    assert waits.state == "settled"


def test_evidence_is_a_document_and_a_picture(told):
    papers, pictures = Evidence.objects.exclude(kind="foto"), Evidence.objects.filter(kind="foto")
    assert all(e.number and not e.has_file for e in papers)
    [picture] = pictures
    assert (picture.type, picture.answer.item, picture.answer.place) == ("image/png", "D10", NGANTUNGAN)
    frozen = {f.desa.kode: f.evidence for f in Round.objects.get(gate="h1").frozen.all()}
    assert frozen[LEMAHBANG] > frozen[NGANTUNGAN] > 0


def test_one_action_is_seen_after_one_is_late_one_is_nobodys(told):
    lines = mitigations.lines(told, member("perencana"))
    by_item = {line.factors[0].row.item: line for line in lines}
    done, late, new = by_item["C02"], by_item["F04"], by_item["D09"]
    [factor] = done.factors
    assert (done.row.status, done.row.owner) == (MitigationStatus.DONE, "Camat Pasrepan")
    assert factor.seen.remeasured and factor.seen.delta < 0
    assert (factor.seen.before.value, factor.seen.after.value, factor.row.target) == (3, 2, 1)
    assert (late.row.status, late.late) == (MitigationStatus.OWNED, True)
    assert (new.row.status, new.row.owner, new.late) == (MitigationStatus.OFFERED, "", False)


def test_past_votes_calibrate_before_this_vote_is_held(sample):
    past = past_votes.past_votes(sample, member("kapolres")).outcomes
    assert len(past) == 54 and {o.place[:2] for o in past} == {"99"}
    found = calibrate(past, past_votes.cuts(sample))
    assert found.auc is not None and found.auc > 0.5
    assert any(o.severity is None for o in past)  # silence stays silence


def test_the_draft_waits_for_a_second_person(sample):
    draft = Instrument.objects.get()
    recipe = instruments.recipe_in(draft)
    assert (draft.draft, draft.drafted_by.username) == (True, "perencana")
    assert (recipe.by_id["D09"].weight, recipe.cuts) == (2.0, (20.0, 38.0))
    assert sample.recipe == ""  # nothing is in force but what was


def test_what_the_draft_would_do_is_seen_in_the_village_that_stands_under_its_cut_off(told):
    rows = effects(
        told, member("perencana"), instruments.OURS, instruments.recipe_in(Instrument.objects.get())
    )
    moved = {row["desa"].kode: (row["before"], row["after"]) for row in rows if row["effect"].moved}
    assert moved == {NGANTUNGAN: (2, 3)}


def test_at_the_end_nothing_runs_or_waits_and_the_book_verifies(told):
    play_until(operation=told, until=told.vote_at + timedelta(days=70), by=None)
    assert not Round.objects.filter(closed_at__isnull=True).exists()
    assert not Review.objects.filter(state="open").exists()
    assert {line.row.status for line in mitigations.lines(told, member("perencana"))} == {
        MitigationStatus.DONE
    }
    assert check_moves(verify(told.kode)).ok
