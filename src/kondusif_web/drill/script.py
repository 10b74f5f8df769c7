"""The story as steps: an operation file's rows, in the order of their times.

Nothing is added to what the sheets say; only the order of rows of one moment is settled here, as they would
happen: what is observed before what is decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from kondusif.files import OperationFile
from kondusif.stages import Election

DIALOGUE_HOUR = time(10)  # the record of the meeting has no hour
EVENING = time(17)  # answers of a day arrive in the evening of that day

ORDER = (
    "dialog",
    "ikrar",
    "jawaban",
    "insiden",
    "laporan",
    "pemeriksaan",
    "keputusan",
)

# Code, days from H, local hour. The codes have their words in ``wording.MARKS``.
MARKS: tuple[tuple[str, int, time], ...] = (
    ("ukur", -21, time(18)),
    ("rencana", -7, time(12)),
    ("geser-3", -3, time(8)),
    ("geser", -1, time(19)),
    ("pungut", 0, time(7, 30)),
    ("siaga", 0, time(23)),
    ("tegang", 1, time(14, 5)),
    ("tenang", 2, time(17)),
    ("keberatan", 4, time(12)),
    ("pelantikan", 59, time(17)),
    ("tutup", 70, time(12)),
)


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One action of the story: which sheet it comes from, when, and its rows (one, or a day of answers)."""

    at: datetime
    sheet: str
    key: str
    rows: tuple[Any, ...]

    @property
    def row(self) -> Any:
        return self.rows[0]


def script(file: OperationFile) -> tuple[StoryStep, ...]:
    """Every step of the file, in order."""
    return tuple(sorted(_steps(file), key=lambda s: (s.at, ORDER.index(s.sheet), s.key)))


def _steps(file: OperationFile) -> Iterator[StoryStep]:
    zone = file.zone
    for row in file["pertemuan"]:
        at = datetime.combine(row["tanggal"], DIALOGUE_HOUR, tzinfo=zone)
        yield StoryStep(at, "dialog", row["kode"], (row,))
    signing = max((r["tanggal_ikrar"] for r in file["calon"] if r.get("tanggal_ikrar")), default=None)
    for row in file["calon"]:
        day = row.get("tanggal_ikrar") or signing  # who did not sign is known on the day that others did
        if row["ikrar"] == "unknown" or day is None:
            continue
        at = datetime.combine(day, EVENING, tzinfo=zone)
        yield StoryStep(at, "ikrar", f"{row['desa']}/{row['nomor']}", (row,))
    for day in sorted({a.on for a in file.jawaban}):
        answers = tuple(a for a in file.jawaban if a.on == day)
        yield StoryStep(datetime.combine(day, EVENING, tzinfo=zone), "jawaban", day.isoformat(), answers)
    for sheet in ("insiden", "laporan", "pemeriksaan", "keputusan"):
        for row in file[sheet]:
            yield StoryStep(row["waktu"], sheet, row["id"], (row,))


def begins(file: OperationFile) -> datetime:
    """Morning of the first day of the story: the first meeting, else nine weeks before the vote."""
    nine_weeks = file.election.day - timedelta(days=63)
    first = min((r["tanggal"] for r in file["pertemuan"]), default=nine_weeks)
    return datetime.combine(first, time(8), tzinfo=file.zone)


def marks(election: Election) -> dict[str, datetime]:
    """Every moment of this vote that a button moves to, by its code, in order."""
    days = {code: election.day + timedelta(days=day) for code, day, _hour in MARKS}
    return {code: datetime.combine(days[code], hour, tzinfo=election.zone) for code, _day, hour in MARKS}
