"""Days are local: before dawn there, the server's day is still yesterday's."""

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from kondusif.stages import ZONES
from kondusif_web.answers import ledgers
from kondusif_web.answers.facts import start_of, today
from kondusif_web.dialogue import actions as dialogue
from kondusif_web.election.models import Operation
from kondusif_web.intake.tables import measure_export
from kondusif_web.logbook.queries import filtered
from kondusif_web.mitigation.forms import LinkVisitForm
from kondusif_web.reports.queries import _vote
from kondusif_web.terminal import named
from tests import cast
from tests.core.test_files_cases import CASES
from tests.web.test_drill import sample, signed_in
from tests.web.test_export_page import published
from tests.web.test_intake import take, upload

__all__ = ["published", "sample"]
pytestmark = pytest.mark.django_db
DAWN = [0, 1, 299, 419, 420, 479, 480, 539, 540, 1439]  # minutes of a day, about each zone's midnight in UTC


@pytest.fixture(params=ZONES.values())
def there(op, request):
    """The operation in each zone of Indonesia."""
    op.tz = request.param
    op.save()
    return op


def moments(op, on=date(2023, 10, 9)):
    return [datetime.combine(on, time(), op.zone) + timedelta(minutes=n) for n in DAWN]


def test_today_is_the_day_of_the_place_at_every_minute(there):
    for at in moments(there):
        assert today(there, at.astimezone(UTC)) == date(2023, 10, 9)
        assert start_of(there, today(there, at.astimezone(UTC))) <= at


def test_a_pledge_before_dawn_is_of_its_local_day(there, people):
    desa = there.desa.get(kode=cast.KARANGJATI)
    for at in moments(there):
        row = dialogue.sign_pledge(
            operation=there, desa=desa, nomor=1, state="signed", by=people.perencana, now=at.astimezone(UTC)
        )
        assert row.on == date(2023, 10, 9)


def test_a_meeting_without_a_code_is_named_by_its_local_hour(there, people):
    at = datetime(2023, 9, 1, 5, 30, tzinfo=there.zone)
    row = dialogue.record_meeting(
        operation=there, title="Dialog", at=at.astimezone(UTC), place="Balai", villages=[],
        participants=["warga"], by=people.kapolres, now=cast.NOW,
    )  # fmt: skip
    assert row.kode == "dialog-20230901-0530"


def test_a_visit_is_listed_by_its_local_day(there, people):
    desa = there.desa.get(kode=cast.KARANGJATI)
    at = datetime(2023, 9, 1, 5, 30, tzinfo=there.zone).astimezone(UTC)
    visit = dialogue.record_visit(
        operation=there, desa=desa, at=at, place="Balai", topic="Ronda", by=people.perencana, now=cast.NOW
    )
    with timezone.override(there.zone):
        label = LinkVisitForm(visits=type(visit).objects.all()).fields["visit"].label_from_instance(visit)
    assert label.startswith("Jum 1 Sep")


def test_the_book_is_filtered_by_the_local_day(there, people, as_):
    desa = there.desa.get(kode=cast.KARANGJATI)
    for at in moments(there):
        dialogue.record_visit(
            operation=there, desa=desa, at=at, place="Balai", topic="Ronda", by=people.perencana, now=cast.NOW
        )
    with timezone.override(there.zone):
        found = [
            filtered("uji", kind="visit_recorded", day=f"2023-10-{day:02d}").count() for day in (8, 9, 10)
        ]
    assert found == [0, len(DAWN), 0]
    for day in ("9999-12-31", "0001-01-01", "besok"):
        assert as_("kapolres").get(reverse("situation:buku", args=["uji"]), {"hari": day}).status_code == 200


def test_what_stays_fresh_is_asked_of_the_local_day_of_the_next_milestone(there, people, monkeypatch):
    asked = []
    monkeypatch.setattr(ledgers, "ledger", lambda *a, next_at, **more: asked.append(next_at))
    at = datetime(2023, 10, 8, 5, tzinfo=there.zone)
    there.stage_dates.create(kode="kampanye", at=at, source="SK 1")
    ledgers.villages(there, at - timedelta(days=2), stage="kampanye")
    assert set(asked) == {date(2023, 10, 8)}


def test_a_past_vote_is_named_by_its_local_day(there):
    there.vote_at = datetime(2023, 10, 10, 5, tzinfo=there.zone)
    there.save()
    assert _vote(there, cast.KARANGJATI, by_day=True).operation == "10-10-2023"


def test_moments_of_an_export_are_on_the_clock_of_the_place(published):
    published.tz = "Asia/Jayapura"
    published.save()
    export = measure_export(published, None, cast.NOW)
    found = [v for t in export.tables for row in t.rows for v in row if isinstance(v, datetime)]
    assert found and {v.utcoffset() for v in found} == {timedelta(hours=9)}
    about = dict(export.tables[0].rows)
    assert about["pemungutan suara"].endswith("+09:00") and about["dibuat"].endswith("+09:00")


def test_the_terminal_speaks_on_the_clock_of_the_operation_it_names(there):
    with timezone.override(None):
        assert named("uji").zone == timezone.get_current_timezone() == ZoneInfo(there.tz)


@pytest.mark.parametrize("hour", [0, 6, 8])
def test_an_answer_of_today_is_uploaded_and_applied_before_dawn(there, people, as_, hour):
    there.clock = datetime(2023, 10, 10, hour, tzinfo=there.zone).astimezone(UTC)
    there.save()
    head = "tempat,butir,nilai,tanggal,sumber,penilai\n"
    line = f"{cast.KARANGJATI},A01,2,2023-10-10,berkas,bhabin\n"
    assert take(as_("perencana"), head + line).status_code == 302
    assert [a.on for a in there.answers.all()] == [date(2023, 10, 10)]
    refused = upload(as_("perencana"), head + line.replace("10-10", "10-11"))
    assert refused.status_code == 422 and "tanggal yang sudah lewat" in refused.content.decode()


@pytest.mark.parametrize("hour", [0, 6])
def test_the_file_of_the_day_is_taken_in_the_drill_before_dawn(sample, hour):
    """On the day of the vote, when the server's day is the one before."""
    at = datetime(2023, 10, 10, hour, tzinfo=sample.zone).astimezone(UTC)
    Operation.objects.filter(pk=sample.pk).update(clock=at)
    raw = (CASES / "19-pasrepan.xlsx").read_bytes()
    upload_at, apply_at = (reverse(f"intake:{name}", args=[sample.kode]) for name in ("unggah", "terapkan"))
    browser = signed_in("perencana")
    answer = browser.post(upload_at, {"berkas": SimpleUploadedFile("pasrepan.xlsx", raw)})
    assert answer.status_code == 302, answer.content.decode()
    text = browser.get(answer.url).content.decode()
    sent = {n: re.search(f'name="{n}" value="([^"]+)"', text)[1] for n in ("berkas", "segel")}
    assert browser.post(apply_at, sent).status_code == 302
    assert sample.answers.get(place="35.14.05.2001", item="A01", on=date(2023, 10, 10)).value == 2


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00", "1899-12-31T00:00", "2500-01-01T00:00", "9999-12-31T23:59"]
)
@pytest.mark.parametrize(
    "page, field, more",
    [
        ("dialogue:pertemuan", "at", {"title": "Dialog", "place": "Balai", "participants": "camat"}),
        ("dialogue:kunjungan", "at", {"place": "Balai", "topic": "Ronda"}),
        ("dialogue:komitmen", "due", {"text": "Siaga"}),
        ("dialogue:ikrar", "on", {"nomor": "1"}),
        ("mitigation:baru", "due", {"text": "Ronda", "butir_1": "A01"}),
    ],
)
def test_no_form_takes_a_moment_beyond_the_calendar(there, as_, page, field, more, at):
    villages = {"desa": there.desa.first().pk, "villages": there.desa.first().pk}
    sent = {"id": uuid4(), field: at[:10] if field == "on" else at} | villages | more
    answer = as_("perencana").post(reverse(page, args=["uji"]), sent)
    assert answer.status_code == 422 and "Tahun 2000 sampai 2099" in answer.content.decode()
