"""Assessment rounds at milestones of the stages: which is due, who owes what, what ages (method 9.1, 9.2).

A round asks every village and station for the items due at the stage of its milestone. Dates come from
``kondusif.stages``; an actual date, with its paper, replaces a computed one. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import fsum
from types import MappingProxyType

from kondusif.answers.answer import UNKNOWN, Answer, AnswerLog
from kondusif.classes.score import ABSENT, ANSWERED, REFUSED, STALE, ItemScore, score_book
from kondusif.instrument.indicator import Indicator, parent_of
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif.stages import Election, add_working_days, deadlines, stage_at
from kondusif.stages.election import aware, local
from kondusif.words import N_

SECOND = "second"  # answered once where two raters are asked for
FIXED_AFTER = (
    25  # [P] working days from registration to the decision on candidates: 9 + 2 + 10 + 4 (method 4.8)
)
EVE_CLOSES = time(20)  # [P] of H-1: the boxes have left the kecamatan

# Gate to (days before it that the round opens [P], name). In the order of the stages.
MILESTONES: Mapping[str, tuple[int, str]] = MappingProxyType(
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

    kode: str
    nama: str
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
    for kode, (lead, nama) in MILESTONES.items():
        at, source = computed[kode]
        if dated and kode in dated:
            at, source = aware(dated[kode]).astimezone(election.zone), N_("tanggal sebenarnya")
        opens = at - timedelta(days=lead) if at else None
        # an inauguration of unknown date lies after the vote, when everything is due
        stage = stage_at(election, at or election.vote_at)
        out.append(Milestone(kode, nama, opens, at, stage, source))
    return tuple(out)


BEFORE_VOTE = ("dpt", "calon", "kampanye")  # h1 follows from the vote itself


def datable(milestone: str, at: datetime, election: Election) -> bool:
    """Whether a milestone may be given this date: on its own side of the vote."""
    if milestone not in MILESTONES or milestone == "h1":
        return False
    return aware(at) < election.vote_at if milestone in BEFORE_VOTE else aware(at) > election.vote_at


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
    begun = [g for g in dated if g.opens and g.opens <= aware(now)]
    newest = max(begun, key=lambda g: (g.opens or now, g.kode), default=None)

    def state(g: Milestone) -> RoundState:
        if g.kode in closed:
            return RoundState.CLOSED
        if g.at is None:
            return RoundState.RUNNING if g.kode in opened else RoundState.UNDATED
        if g.kode in opened:
            return RoundState.OVERDUE if now >= g.at else RoundState.RUNNING
        if g not in begun:
            return RoundState.LATER
        if g is not newest:
            return RoundState.MISSED if now >= g.at else RoundState.DUE
        return RoundState.OVERDUE if now >= g.at else RoundState.DUE

    return MappingProxyType({g.kode: state(g) for g in dated})


def next_milestone(dated: Collection[Milestone], after: datetime) -> Milestone | None:
    """The first milestone with a date after a moment."""
    coming = [g for g in dated if g.at and g.at > aware(after)]
    return min(coming, key=lambda g: (g.at or after, g.kode), default=None)


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
class FreshAnswer:
    """An answer that counts. ``days_left`` after today on which it still does; ``ends`` the last such day."""

    item: str
    answer: Answer
    days_left: int
    ends: date
    before_next: bool  # stale before the next milestone


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one place has and owes at a stage. Coverage is a village's: a station has a part of the items."""

    place: str
    stage: str
    debts: tuple[OwedAnswer, ...]
    fresh: tuple[FreshAnswer, ...]
    asked: int
    coverage_due: float | None
    coverage_all: float | None
    provisional: bool
    evidence: float | None  # weighted share of the answers due that carry evidence; None without answers

    @property
    def grade(self) -> str:
        """Grade of evidence, which stands beside coverage (method 9.5)."""
        return evidence_grade(self.evidence)

    def of(self, *why: str) -> tuple[OwedAnswer, ...]:
        return tuple(d for d in self.debts if d.why in why)

    @property
    def ending(self) -> tuple[FreshAnswer, ...]:
        """Answers that go stale before the next milestone, the soonest first."""
        return tuple(sorted((f for f in self.fresh if f.before_next), key=lambda f: (f.ends, f.item)))


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
    reckoned = score_book(recipe, log, place, stage=stage)
    station = place != desa_of(place)
    asked = [s for s in reckoned.items if not station or s.id in recipe.tps_items]
    debts: list[OwedAnswer] = []
    fresh: list[FreshAnswer] = []
    for s in asked:
        indicator = recipe.by_id[s.id]
        if s.state in (ABSENT, STALE, REFUSED):
            if indicator.due(stage):
                debts.append(OwedAnswer(place, s.id, s.state, indicator.asked_of, s.answer))
            continue
        if s.answer is None:
            continue
        fresh.append(_fresh(s, indicator, log.on, next_at))
        if indicator.two_raters and raters is not None and len(raters.get(s.id, ())) < 2:
            debts.append(OwedAnswer(place, s.id, SECOND, indicator.asked_of, s.answer))
    if not station:
        debts += _companions(recipe, log, place, asked)
    return Ledger(
        place=place,
        stage=stage,
        debts=tuple(debts),
        fresh=tuple(fresh),
        asked=sum(recipe.by_id[s.id].due(stage) and s.state != "not_applicable" for s in asked),
        coverage_due=None if station else reckoned.coverage_due,
        coverage_all=None if station else reckoned.coverage_all,
        provisional=not station and reckoned.coverage_due < recipe.provisional_below,
        evidence=_evidence(recipe, [s for s in asked if recipe.by_id[s.id].due(stage)], evidenced),
    )


def _evidence(recipe: Recipe, asked: Collection[ItemScore], evidenced: Collection[str]) -> float | None:
    answered = [s for s in asked if s.state == ANSWERED and s.answer is not None]
    whole = fsum(recipe.shares[s.id] for s in answered)
    shown = fsum(recipe.shares[s.id] for s in answered if s.answer and s.answer.id in evidenced)
    return shown / whole if whole else None


def _fresh(s: ItemScore, indicator: Indicator, on: date, next_at: date | None) -> FreshAnswer:
    assert s.answer is not None
    ends = s.answer.on + timedelta(days=indicator.fresh_days)
    return FreshAnswer(s.id, s.answer, (ends - on).days, ends, next_at is not None and ends < next_at)


def _companions(recipe: Recipe, log: AnswerLog, place: str, asked: Collection[ItemScore]) -> list[OwedAnswer]:
    """The yes or no beside a count that is above nought: without it a floor cannot be told (RULES 3)."""
    counts = {s.id: s.value for s in asked if s.state == ANSWERED}
    out = []
    for name in recipe.companions:
        parent = parent_of(name)
        said = log.latest(place, name)
        if counts.get(parent) and (said is None or said.word in ("", UNKNOWN)):
            out.append(OwedAnswer(place, name, ABSENT, recipe.by_id[parent].asked_of, said))
    return out
