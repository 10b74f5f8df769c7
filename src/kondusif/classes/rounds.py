"""Assessment rounds at milestones of the stages: which is due, who owes what, what ages (method 9.1, 9.2).

A round asks every village and station for the items due at the stage of its milestone. Dates come from
``kondusif.stages``; an actual date, with its paper, replaces a computed one. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import fsum
from types import MappingProxyType

from kondusif.answers.answer import UNKNOWN, Answer, AnswerLog
from kondusif.classes.score import ABSENT, ANSWERED, GAPS, NOT_APPLICABLE, ItemScore, score_place
from kondusif.instrument.indicator import Indicator, parent_of
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif.stages import Election, add_working_days, deadlines, stage_at
from kondusif.stages.days import local_day, require_zone
from kondusif.stages.election import local
from kondusif.words import N_

SECOND = "second"  # answered once where two raters are asked for
FIXED_AFTER = 25  # [P] working days from registration to the decision on candidates (method 4.8)
EVE_CLOSES = time(20)  # [P] of H-1: the boxes have left the kecamatan

# Milestone to (days before it that the round opens [P], name). In the order of the stages.
ROUND_MILESTONES: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "dpt": (14, N_("DPT ditetapkan")),
        "calon": (7, N_("Calon ditetapkan")),
        "kampanye": (3, N_("Kampanye mulai")),
        "h1": (2, N_("H-1")),
        "hitung": (0, N_("Penghitungan selesai")),
        "keberatan": (2, N_("Keberatan ditutup")),
        "sk": (7, N_("Keputusan bupati")),
        "pelantikan": (3, N_("Pelantikan")),
    }
)


@dataclass(frozen=True, slots=True)
class Milestone:
    """A moment by which a round is due. ``at`` None while unknown; ``stage``: whose items are due."""

    code: str
    name: str
    opens: datetime | None
    at: datetime | None
    stage: str
    source: str


def milestones(election: Election, dated: Mapping[str, datetime] | None = None) -> tuple[Milestone, ...]:
    """The eight milestones in order (method 9.1). ``dated``: milestone to its actual moment."""
    pack, dl, day = election.pack, deadlines(election), election.day
    campaign = day - timedelta(days=pack.quiet_days + pack.campaign_days)
    leave = pack.collective_leave
    candidacy = add_working_days(campaign, -pack.candidacy_wd, collective_leave=leave)
    fixed = add_working_days(candidacy, min(FIXED_AFTER, pack.candidacy_wd) - 1, collective_leave=leave)
    hours = timedelta(hours=pack.poll_hours + pack.counting_hours)

    def ends(d: date) -> datetime:
        return local(election, d, pack.day_ends)

    computed: dict[str, tuple[datetime | None, str]] = {
        "dpt": (ends(candidacy - timedelta(days=1)), N_("sebelum pencalonan dibuka (usulan)")),
        "calon": (ends(fixed), N_("{} hari kerja sejak pendaftaran (usulan)").format(FIXED_AFTER)),
        "kampanye": (local(election, campaign), N_("{} hari sebelum masa tenang").format(pack.campaign_days)),
        "h1": (local(election, day - timedelta(days=1), EVE_CLOSES), N_("H-1 pukul 20.00 (usulan)")),
        "hitung": (
            election.vote_at.astimezone(election.zone) + hours,
            N_("rencana pungut dan hitung (usulan)"),
        ),
        "keberatan": (dl.objection_shut_at, N_("{} hari kerja").format(pack.objection_wd)),
        "sk": (
            dl.dispute_limit_at,
            N_("paling lambat: {} hari kerja sejak laporan BPD").format(pack.dispute_wd),
        ),
        "pelantikan": (dl.inauguration_at, N_("menurut keputusan bupati")),
    }
    out = []
    for kode, (lead, nama) in ROUND_MILESTONES.items():
        at, source = computed[kode]
        if dated and kode in dated:
            at, source = require_zone(dated[kode]).astimezone(election.zone), N_("tanggal sebenarnya")
        opens = at - timedelta(days=lead) if at else None
        # an inauguration of unknown date lies after the vote, when everything is due
        stage = stage_at(election, at or election.vote_at)
        out.append(Milestone(kode, nama, opens, at, stage, source))
    return tuple(out)


ASSESSMENT_DAYS = 7  # [P] days after which a class is shown with the day of its assessment


def fresh_since(dated: Iterable[Milestone], election: Election, now: datetime) -> date:
    """The local day since when an assessment is of today's picture; an older one is shown with its day.

    The later of ``ASSESSMENT_DAYS`` ago and the last milestone whose round was due.
    """
    due = [local_day(g.at, election.zone) for g in dated if g.at is not None and g.at <= require_zone(now)]
    return max([local_day(now, election.zone) - timedelta(days=ASSESSMENT_DAYS), *due])


BEFORE_VOTE = ("dpt", "calon", "kampanye")  # h1 follows from the vote itself


def datable(milestone: str, at: datetime, election: Election) -> bool:
    """Whether a milestone may be given this date: on its own side of the vote."""
    if milestone not in ROUND_MILESTONES or milestone == "h1":
        return False
    return (
        require_zone(at) < election.vote_at
        if milestone in BEFORE_VOTE
        else require_zone(at) > election.vote_at
    )


class RoundState(StrEnum):
    """Where a round stands."""

    LATER = "later"
    DUE = "due"  # should be open now
    RUNNING = "running"
    OVERDUE = "overdue"  # its milestone has passed and it is not closed
    MISSED = "missed"  # never opened, and a later milestone has come
    CLOSED = "closed"
    UNDATED = "undated"


def round_states(
    dated: Collection[Milestone], *, opened: Collection[str], closed: Collection[str], now: datetime
) -> Mapping[str, RoundState]:
    """State of each milestone's round (method 9.1). ``opened`` and ``closed``: those of rounds so far."""
    begun = [g for g in dated if g.opens and g.opens <= require_zone(now)]
    newest = max(begun, key=lambda g: (g.opens or now, g.code), default=None)

    def state(g: Milestone) -> RoundState:
        passed = g.at is not None and now >= g.at
        if g.code in closed:
            return RoundState.CLOSED
        if g.code in opened:
            return RoundState.OVERDUE if passed else RoundState.RUNNING
        if g.at is None:
            return RoundState.UNDATED
        if g not in begun:
            return RoundState.LATER
        if not passed:
            return RoundState.DUE
        return RoundState.OVERDUE if g is newest else RoundState.MISSED

    return {g.code: state(g) for g in dated}


def next_milestone(dated: Collection[Milestone], after: datetime) -> Milestone | None:
    """The first milestone with a date after a moment."""
    coming = [g for g in dated if g.at and g.at > require_zone(after)]
    return min(coming, key=lambda g: (g.at or after, g.code), default=None)


# ---------------------------------------------------------------- who owes what


EVIDENCE_GRADES = ((0.80, "A"), (0.50, "B"), (0.20, "C"))  # [P] from this share on; below the last, D


def evidence_grade(share: float | None) -> str:
    """A to D by the weighted share of answers that carry evidence (method 9.5); nothing without answers.

    >>> evidence_grade(0.5), evidence_grade(0.1), evidence_grade(None)
    ('B', 'D', '')
    """
    if share is None:
        return ""
    return next((grade for least, grade in EVIDENCE_GRADES if share >= least), "D")


@dataclass(frozen=True, slots=True)
class OwedAnswer:
    """An answer that a place owes. ``why``: absent, stale, refused or second; ``answer`` what is there."""

    place: str
    item: str
    why: str
    owner: str
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class EndingAnswer:
    """An answer that goes stale before the next milestone: ``ends`` the last day on which it counts."""

    item: str
    ends: date
    days_left: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one place has and owes at a stage. Coverage is a village's: a station has a part of the items.

    ``ending``: answers that go stale before the next milestone, the soonest first; ``evidence``: weighted
    share of the answers due that carry evidence, None without answers.
    """

    place: str
    debts: tuple[OwedAnswer, ...]
    ending: tuple[EndingAnswer, ...]
    asked: int
    coverage_due: float | None
    provisional: bool
    evidence: float | None

    @property
    def grade(self) -> str:
        """Grade of evidence, which stands beside coverage (method 9.5)."""
        return evidence_grade(self.evidence)


def ledger(
    recipe: Recipe,
    log: AnswerLog,
    place: str,
    *,
    stage: str,
    next_at: date | None = None,
    raters: Mapping[str, Collection[str]] | None = None,
    evidenced: Collection[str] = (),
) -> Ledger:
    """What ``place`` (desa or TPS) has and owes on the log's day at ``stage`` (method 9.2).

    ``next_at``: day of the next milestone. ``raters``: item to who rated it here in this round, for the
    items that two are asked for; ``evidenced``: ids of answers with evidence. A station owes the items that
    stand in place of its village's (RULES 4).
    """
    now = score_place(recipe, log, place, stage=stage)
    station = place != desa_of(place)
    asked = [s for s in now.items if not station or s.id in recipe.tps_items]
    due = [s for s in asked if recipe.by_id[s.id].due(stage)]
    owed = [
        OwedAnswer(place, s.id, why, recipe.by_id[s.id].asked_of, s.answer)
        for s in asked
        if (why := _why_owed(s, recipe.by_id[s.id], stage, raters))
    ]
    if not station:
        owed += _companions(recipe, log, place, asked)
    return Ledger(
        place=place,
        debts=tuple(owed),
        ending=_ending(recipe, asked, log.on, next_at) if next_at else (),
        asked=sum(s.state != NOT_APPLICABLE for s in due),
        coverage_due=None if station else now.coverage_due,
        provisional=not station and recipe.provisional(now.coverage_due),
        evidence=_evidence(recipe, due, evidenced),
    )


def _why_owed(
    s: ItemScore, indicator: Indicator, stage: str, raters: Mapping[str, Collection[str]] | None
) -> str:
    """Why an item is owed, "" when it is not: no usable answer, or one rater where two are asked for."""
    if s.state in GAPS:
        return s.state if indicator.due(stage) else ""
    if s.answer is None or raters is None or not indicator.two_raters:
        return ""
    return SECOND if len(raters.get(s.id, ())) < 2 else ""


def _evidence(recipe: Recipe, due: Collection[ItemScore], evidenced: Collection[str]) -> float | None:
    answered = [(recipe.shares[s.id], s.answer.id) for s in due if s.state == ANSWERED and s.answer]
    whole = fsum(share for share, _ in answered)
    return fsum(share for share, answer in answered if answer in evidenced) / whole if whole else None


def _ending(recipe: Recipe, asked: Iterable[ItemScore], on: date, before: date) -> tuple[EndingAnswer, ...]:
    usable = [(s.id, s.answer.on) for s in asked if s.state not in GAPS and s.answer]
    last = {item: since + timedelta(days=recipe.by_id[item].fresh_days) for item, since in usable}
    found = [EndingAnswer(item, ends, (ends - on).days) for item, ends in last.items() if ends < before]
    return tuple(sorted(found, key=lambda f: (f.ends, f.item)))


def _companions(recipe: Recipe, log: AnswerLog, place: str, asked: Collection[ItemScore]) -> list[OwedAnswer]:
    """The yes or no beside a count that is above nought: without it a floor stays unknown (RULES 3)."""
    counts = {s.id: s.value for s in asked if s.state == ANSWERED}
    out = []
    for name in recipe.companions:
        parent = parent_of(name)
        said = log.latest(place, name)
        if counts.get(parent) and (said is None or said.word in ("", UNKNOWN)):
            out.append(OwedAnswer(place, name, ABSENT, recipe.by_id[parent].asked_of, said))
    return out
