"""What visits, pledges and commitments say of F04, F05 and F06 (RULES 7, method 7.6)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from kondusif.answers.answer import Answer, Given
from kondusif.dialogue.questions import DialogueError
from kondusif.words import N_

VISITS, PLEDGES, COMMITMENTS = "F04", "F05", "F06"
WINDOW = timedelta(days=30)  # of F04, as the indicator asks
RATER = "sistem"
SOURCE_LIMIT = 240  # characters a source may have
DIALOGUE_IDS = uuid.UUID("5f0f7c0e-7a39-5f5d-9c53-5d1a0a4b7f06")  # names answers taken from the dialogue

PledgeWord = Literal["signed", "unsigned", "broken"]
PLEDGE_WORDS: Mapping[str, str] = {"signed": "ya", "unsigned": "belum", "broken": "dilanggar"}


@dataclass(frozen=True, slots=True)
class DueCommitment:
    """A commitment that speaks of the village. ``kept_at`` None: nobody recorded it kept; ``due`` None: it
    is never due. A moved commitment carries its new ``due``."""

    kode: str
    due: datetime | None
    kept_at: datetime | None = None
    broken: bool = False

    def __post_init__(self) -> None:
        if any(at is not None and at.utcoffset() is None for at in (self.due, self.kept_at)):
            raise DialogueError("no_zone", commitment=self.kode)

    def due_by(self, now: datetime) -> bool:
        """Its moment has passed, or it was broken: then nothing will be kept any more."""
        return self.broken or (self.due is not None and self.due <= now)

    @property
    def on_time(self) -> bool:
        """Kept not later than due. Broken, kept late, still open and ownerless are not."""
        if self.broken or self.due is None or self.kept_at is None:
            return False
        return self.kept_at <= self.due


@dataclass(frozen=True, slots=True)
class DerivedValue:
    """What a register says of an item: ``value`` in the item's unit, None where it does not apply.

    ``source`` names the rows it rests on. ``used`` False: the register is empty, so it says "not applicable"
    only where the field has said nothing itself.
    """

    item: str
    value: float | None
    source: str
    used: bool = True


NO_VISIT = N_("Tidak ada kunjungan tercatat dalam 30 hari")
NO_CANDIDATE = N_("Belum ada calon")
NOTHING_DUE = N_("Belum ada komitmen yang jatuh tempo")


def visits_made(days: Iterable[date], *, in_use: bool, on: date) -> DerivedValue | None:
    """F04: visits in the village in the 30 days that end with ``on``, that day counted.

    ``in_use``: at least one visit of the operation is recorded; else None, and the field's own answer stands.

    >>> visits_made([date(2023, 9, 9), date(2023, 9, 10)], in_use=True, on=date(2023, 10, 9)).value
    1.0
    """
    if not in_use:
        return None
    seen = sorted(day for day in days if on - WINDOW < day <= on)
    listed = ", ".join(day.isoformat() for day in seen)
    text = f"Kunjungan {listed}" if seen else NO_VISIT
    return DerivedValue(VISITS, float(len(seen)), _short(text))


def pledges_signed(pledges: Mapping[int, PledgeWord | None]) -> DerivedValue | None:
    """F05: 100 x candidates who signed and did not break / candidates, in per cent.

    ``pledges``: candidate number to what is known of the pledge, None where nothing is. None while any is
    unknown; not applicable while there is no candidate.

    >>> pledges_signed({1: "signed", 2: "broken"}).value
    50.0
    """
    if not pledges:
        return DerivedValue(PLEDGES, None, NO_CANDIDATE, used=False)
    known = {number: word for number, word in pledges.items() if word is not None}
    if len(known) < len(pledges):
        return None
    text = ", ".join(f"calon {number} {PLEDGE_WORDS[word]}" for number, word in sorted(known.items()))
    share = 100 * sum(word == "signed" for word in known.values()) / len(known)
    return DerivedValue(PLEDGES, share, _short(f"Ikrar {text}"))


def commitments_kept(promises: Iterable[DueCommitment], *, now: datetime, in_use: bool) -> DerivedValue:
    """F06: 100 x due commitments kept on time / due commitments, in per cent; none due: not applicable.

    ``in_use``: the operation has at least one commitment.
    """
    due = sorted((p for p in promises if p.due_by(now)), key=lambda p: p.kode)
    if not due:
        return DerivedValue(COMMITMENTS, None, NOTHING_DUE, used=in_use)
    text = ", ".join(f"{p.kode} {'tepat waktu' if p.on_time else 'tidak'}" for p in due)
    share = 100 * sum(p.on_time for p in due) / len(due)
    return DerivedValue(COMMITMENTS, share, _short(f"Komitmen {text}"))


def _short(text: str) -> str:
    return text if len(text) <= SOURCE_LIMIT else text[: SOURCE_LIMIT - 1] + "…"


def without_empty_registers(
    found: Iterable[DerivedValue | None], answered: Collection[str]
) -> tuple[DerivedValue, ...]:
    """What is derived: an empty register does not outvote the field.

    ``answered``: items that the field answered with a value itself.
    """
    return tuple(m for m in found if m is not None and (m.used or m.item not in answered))


def derived_answers(desa: str, found: Iterable[DerivedValue], on: date) -> tuple[Answer, ...]:
    """Answers of the day ``on``, with ids made from what they say."""
    return tuple(
        Answer(
            id=str(uuid.uuid5(DIALOGUE_IDS, f"{desa}/{m.item}/{on.isoformat()}/{m.value}/{m.source}")),
            place=desa,
            item=m.item,
            value=m.value,
            word="",
            given=Given.NOT_APPLICABLE if m.value is None else Given.VALUE,
            on=on,
            source=m.source,
            rater=RATER,
        )
        for m in found
    )


def replace_field_answers(answers: Iterable[Answer], derived: Collection[Answer]) -> tuple[Answer, ...]:
    """All of them, without what the field said of the same place and item on the same day.

    Two answers of a day stand by the greater risk (method 1.2); the register is no second opinion but what
    the item asks for.
    """
    said = {(a.place, a.item, a.on) for a in derived}
    return (*(a for a in answers if (a.place, a.item, a.on) not in said), *derived)
