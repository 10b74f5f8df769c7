"""Answers of a file before they are taken: new, here already, in conflict; and what to look at twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kondusif.answers.answer import Answer, Given
from kondusif.files.changes import RowState
from kondusif.instrument.indicator import Indicator

FAR = 1.0  # ranges beyond a goalpost from which a possible value is pointed out
STALE, OUT, OLDER, MOVES = "stale", "far", "older", "moves"


@dataclass(frozen=True, slots=True)
class IncomingAnswer:
    """One answer of a file. ``state`` REFUSED: the id is here with other content (RULES 26).

    ``notes``: ``stale`` counts as unanswered at once (older than the item stays fresh); ``far`` lies more
    than a whole range outside the goalposts; ``older`` is seen before what stands already; ``moves`` takes
    the place of another value. ``before`` is what stands at this place now.
    """

    answer: Answer
    state: RowState
    at: tuple[str, int]
    notes: tuple[str, ...] = ()
    before: Answer | None = None

    @property
    def plain(self) -> list[object]:
        """What is decided here, as JSON."""
        before = self.before.id if self.before else ""
        return [self.answer.id, self.state.value, list(self.notes), before]


def sort_answers(
    known: Iterable[Answer],
    coming: Sequence[Answer],
    at: Sequence[tuple[str, int]],
    indicators: Mapping[str, Indicator],
    on: date,
) -> tuple[IncomingAnswer, ...]:
    """Each answer of a file, in its order, against those known.

    ``at``: file and row of each; ``indicators``: of the operation's recipe; ``on``: today, where the
    operation is. The same answer twice in one file is new once.
    """
    here: dict[str, Answer] = {}
    latest: dict[tuple[str, str], Answer] = {}
    for answer in known:
        here[answer.id] = answer
        key = answer.place, answer.item
        if key not in latest or (latest[key].on, latest[key].id) < (answer.on, answer.id):
            latest[key] = answer
    corrected = {a.corrects for a in here.values() if a.corrects}
    out = []
    for answer, where in zip(coming, at, strict=True):
        other = here.get(answer.id)
        if other is not None:
            state = RowState.SAME if other == answer else RowState.REFUSED
            out.append(IncomingAnswer(answer, state, where, (), other))
            continue
        here[answer.id] = answer  # a repetition in the file is the same answer
        standing = latest.get((answer.place, answer.item))
        if standing is not None and standing.id in corrected:
            standing = None
        notes = tuple(_notes(answer, standing, indicators.get(answer.item), on))
        out.append(IncomingAnswer(answer, RowState.NEW, where, notes, standing))
    return tuple(out)


def _notes(answer: Answer, standing: Answer | None, indicator: Indicator | None, on: date) -> Iterable[str]:
    if indicator is not None and (on - answer.on).days > indicator.fresh_days:
        yield STALE
    if indicator is not None and answer.given is Given.VALUE and answer.value is not None:
        span = (indicator.hi - indicator.lo) * FAR
        if not indicator.lo - span <= answer.value <= indicator.hi + span:
            yield OUT
    if standing is None:
        return
    if standing.on > answer.on and standing.id != answer.corrects:
        yield OLDER
    elif (standing.value, standing.word, standing.given) != (answer.value, answer.word, answer.given):
        yield MOVES
