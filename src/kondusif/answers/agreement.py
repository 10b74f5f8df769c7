"""Two raters of one item: when they differ too far, and how far they differ at all (method 9.3, 9.4).

Nothing here says who is right. A disagreement is settled by people together (``rounds``); what is measured
here feeds the noise of the uncertainty model: how far an answer may be off because another person gave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from math import fsum, sqrt

from kondusif.answers.answer import NO, UNKNOWN, YES, Answer, AnswerLog, Given, by_day_and_risk, distinct
from kondusif.instrument.indicator import Indicator, is_companion, item_ids

SYSTEM = "sistem"  # taken from a plan or held by the office: nobody's rating
LEAST_UNITS = 5  # [P] below so many places rated twice, a spread is an anecdote


# [P] How far two raters may be apart, by type of the catalogue: counts, yes or no and words must be the same,
# shares and minutes may differ by a tenth of the range; marks on an anchored scale differ from one step on.
TOLERATED_SHARE: Mapping[str, float] = {"count": 0.0, "boolean": 0.0, "ratio": 0.10}
STEP_APART = 1.0


def disagree(a: Answer, b: Answer, indicator: Indicator | None) -> bool:
    """Whether two ratings of one item are beyond its tolerance. ``indicator`` None for a companion.

    A value against "not applicable" is a disagreement; a refusal and "unknown" rate nothing.
    """
    if not (_rates(a) and _rates(b)):
        return False
    if a.given is not b.given or indicator is None:
        return (a.given, a.word) != (b.given, b.word)
    if a.value is None or b.value is None:
        return False
    apart = abs(a.value - b.value)
    if indicator.type == "likert":
        return apart >= STEP_APART
    width = indicator.hi - indicator.lo
    return apart > (TOLERATED_SHARE[indicator.type] + 1e-12) * width  # 0,1 x 90 is not above 9


def _rates(a: Answer) -> bool:
    return a.given is not Given.REFUSED and a.word in ("", YES, NO)


@dataclass(frozen=True, slots=True)
class RatedItem:
    """One place and item with the last rating of every rater, the riskiest first.

    ``settled``: some of them is corrected already by an answer of people together.
    """

    place: str
    item: str
    answers: tuple[Answer, ...]
    settled: bool = False


def ratings(answers: Iterable[Answer], indicators: Mapping[str, Indicator]) -> tuple[RatedItem, ...]:
    """Every place and item that somebody rated, ordered by place and item; row order never matters.

    A rating that its own rater corrected is out. A correction of somebody else's answer is a settlement and
    no rating, and what it corrects counts as settled. Answers of the system are nobody's.
    """
    known = {a.id: a for a in distinct(answers)}
    mended = [(a, known[a.corrects]) for a in known.values() if a.corrects in known]
    withdrawn = {before.id for a, before in mended if a.rater == before.rater}
    settled = {before.id for a, before in mended if a.rater != before.rater}
    left_out = withdrawn | {a.id for a, before in mended if a.rater != before.rater}
    last: dict[tuple[str, str], dict[str, Answer]] = {}
    for a in known.values():
        if a.id in left_out or a.rater == SYSTEM or not _rates(a):
            continue
        of_rater = last.setdefault((a.place, a.item), {})
        there = of_rater.get(a.rater)
        if there is None or by_day_and_risk(a, indicators) > by_day_and_risk(there, indicators):
            of_rater[a.rater] = a
    return tuple(
        RatedItem(
            place,
            item,
            tuple(sorted(found.values(), key=lambda a: (-risk_of(a, indicators.get(a.item)), a.rater))),
            settled=not settled.isdisjoint(a.id for a in found.values()),
        )
        for (place, item), found in sorted(last.items())
    )


def risk_of(a: Answer, indicator: Indicator | None) -> float:
    """0 to 1; what does not apply risks nothing, a word risks all or nothing."""
    if a.given is not Given.VALUE:
        return -1.0
    if is_companion(a.item) or indicator is None or a.value is None:
        return 1.0 if a.word == YES else 0.0
    return indicator.risk(a.value)


def contested(answers: Iterable[Answer], indicators: Mapping[str, Indicator]) -> tuple[RatedItem, ...]:
    """Items of a place on which raters differ beyond the tolerance and which nobody settled (method 9.3).

    Pass the answers of one round. The first answer of each is the riskiest: it stands meanwhile.
    """
    return tuple(
        found
        for found in ratings(answers, indicators)
        if not found.settled
        and any(disagree(a, b, indicators.get(found.item)) for a, b in combinations(found.answers, 2))
    )


# ---------------------------------------------------------------- a lower answer with nobody else behind it


@dataclass(frozen=True, slots=True)
class ReceivedAnswer:
    """An answer with the account that brought it in and when. ``together``: agreed in a joint review."""

    answer: Answer
    at: datetime
    account: str
    together: bool = False


@dataclass(frozen=True, slots=True)
class DowngradedByOne:
    """What stood, and the calmer one that stands now by one account's word."""

    before: ReceivedAnswer
    after: ReceivedAnswer


def downgraded_by_one(
    brought: Iterable[ReceivedAnswer], indicators: Mapping[str, Indicator], on: date
) -> tuple[DowngradedByOne, ...]:
    """Every place and item lowered by one account, ordered by place and item, as answers stand on a day.

    A second account whose answer since then is as low or lower stands behind it, and so does a joint
    review. A refusal or "unknown" lowers nothing (RULES 2). What arrived in one moment is one step.
    """
    groups: dict[tuple[str, str], list[ReceivedAnswer]] = {}
    for b in brought:
        groups.setdefault((b.answer.place, b.answer.item), []).append(b)
    found = (_downgraded(group, indicators, on) for _, group in sorted(groups.items()))
    return tuple(c for c in found if c is not None)


def _downgraded(
    group: list[ReceivedAnswer], indicators: Mapping[str, Indicator], on: date
) -> DowngradedByOne | None:
    current = _as_they_stood(group, indicators, on)
    if not current:
        return None
    risk = {b.answer.id: risk_of(b.answer, indicators.get(b.answer.item)) for b in group}
    after = current[-1][1]
    least = risk[after.answer.id]
    riskier = [(at, b) for at, b in current if risk[b.answer.id] > least]
    if not riskier or after.together:
        return None
    since, before = riskier[-1]
    behind = [b for b in group if b.at > since and _says(b.answer) and risk[b.answer.id] <= least]
    if any(b.together for b in behind) or len({b.account for b in behind}) > 1:
        return None
    return DowngradedByOne(before, after)


def _as_they_stood(
    group: list[ReceivedAnswer], indicators: Mapping[str, Indicator], on: date
) -> list[tuple[datetime, ReceivedAnswer]]:
    """Moments at which answers to one item arrived, each with the answer that stood from then on."""
    known = {b.answer.id: b for b in group}
    place, item = group[0].answer.place, group[0].answer.item
    found = []
    for at in sorted({b.at for b in group}):
        latest = AnswerLog([b.answer for b in group if b.at <= at], on, indicators).latest(place, item)
        if latest is not None and _says(latest):
            found.append((at, known[latest.id]))
    return found


def _says(answer: Answer) -> bool:
    return answer.given is not Given.REFUSED and answer.word != UNKNOWN


# ---------------------------------------------------------------- how far raters differ at all


@dataclass(frozen=True, slots=True)
class ItemAgreement:
    """Agreement of raters on one item. ``units``: places rated by two or more.

    ``share`` of units within tolerance, 0..1; ``alpha`` Krippendorff's, 1 = perfect, 0 = chance, None where
    nothing varies; ``sd`` of one rating in the item's unit, None for words and where nobody pairs.
    """

    item: str
    units: int
    share: float | None
    alpha: float | None
    sd: float | None


def agreement(
    rounds: Iterable[Iterable[Answer]], indicators: Mapping[str, Indicator]
) -> Mapping[str, ItemAgreement]:
    """Per item rated twice somewhere, in the order of the instrument (method 9.4).

    ``rounds``: the answers of each round; the same place in another round is another unit. Settled ratings
    count as they were given.
    """
    units: dict[str, list[tuple[Answer, ...]]] = {}
    for answers in rounds:
        for found in ratings(answers, indicators):
            if len(found.answers) > 1:
                units.setdefault(found.item, []).append(found.answers)
    order = item_ids(indicators.values())
    known = [*(i for i in order if i in units), *(i for i in units if i not in order)]
    return {item: _of_item(item, units[item], indicators.get(item)) for item in known}


def _of_item(item: str, units: Sequence[tuple[Answer, ...]], indicator: Indicator | None) -> ItemAgreement:
    apart = sum(any(disagree(a, b, indicator) for a, b in combinations(unit, 2)) for unit in units)
    numbers = [[_number(a) for a in unit if a.given is Given.VALUE] for unit in units]
    nominal = indicator is None or indicator.type == "boolean"
    return ItemAgreement(
        item=item,
        units=len(units),
        share=1 - apart / len(units),
        alpha=krippendorff(numbers, nominal=nominal),
        sd=None if indicator is None else rater_sd(numbers),
    )


def _number(a: Answer) -> float:
    return a.value if a.value is not None else float(a.word == YES)


def krippendorff(units: Sequence[Sequence[float]], *, nominal: bool = False) -> float | None:
    """Krippendorff's alpha: one minus observed over expected disagreement (method 9.4).

    ``units``: per unit the values of its raters, in any order; a unit with one value pairs with nothing and
    is left out. Interval metric (squared difference), or ``nominal`` (same or not). None below two pairable
    values or where all are the same, because then chance cannot be distinguished from agreement.
    Krippendorff, Content Analysis, 2004, ch. 11.

    >>> krippendorff([[1, 1], [2, 3]])
    0.7272727272727273
    """
    pairable = [list(unit) for unit in units if len(unit) > 1]
    values = [v for unit in pairable for v in unit]
    n = len(values)
    if n < 2:
        return None
    expected = _apart(values, nominal) / (n - 1)
    if expected == 0:
        return None
    observed = fsum(_apart(unit, nominal) / (len(unit) - 1) for unit in pairable)
    return 1 - observed / expected


def _apart(values: Sequence[float], nominal: bool) -> float:
    """Sum of the metric over ordered pairs of values."""
    n = len(values)
    if nominal:
        counts = [values.count(v) for v in set(values)]
        return float(n * n - sum(c * c for c in counts))
    mean = fsum(values) / n
    return 2 * n * fsum((v - mean) ** 2 for v in values)


def rater_sd(units: Sequence[Sequence[float]]) -> float | None:
    """Standard deviation of one rating around what raters of the same place say, in their unit (method 9.4).

    Pooled within units; with two raters it is Dahlberg's ``sqrt(sum d^2 / 2n)`` of the paired differences d.

    >>> rater_sd([[1, 1], [2, 3]])
    0.5
    """
    pairable = [unit for unit in units if len(unit) > 1]
    if not pairable:
        return None
    squares = fsum(_apart(unit, nominal=False) / (2 * len(unit)) for unit in pairable)
    return sqrt(squares / sum(len(unit) - 1 for unit in pairable))


def noise(found: Mapping[str, ItemAgreement], least: int = LEAST_UNITS) -> Mapping[str, float]:
    """Answer noise for the uncertainty model: item to sd in its unit, from ``least`` units on."""
    return {item: a.sd for item, a in found.items() if a.sd is not None and a.units >= least}
