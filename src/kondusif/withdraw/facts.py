"""What the gates look at, as frozen values. No vote figure has a place here (RULES 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from kondusif.incidents import is_bad
from kondusif.stages import Deadlines
from kondusif.standby import QUIET_HOURS, Posture
from kondusif.withdraw.items import ITEMS
from kondusif.withdraw.silence import WatchedPost

Value = Literal["yes", "no", "na", "unknown"]
VALUES = ("yes", "no", "na", "unknown")
PARTIES = ("camat", "danramil", "kapolsek", "warga")  # item 13
Dispute = Literal["open", "settled", "none", "unknown"]


def _aware(at: datetime | None, name: str) -> None:
    if at is not None and at.utcoffset() is None:
        raise ValueError(f"{name} has no time zone")


@dataclass(frozen=True, slots=True)
class Check:
    """One answer to one checklist item (domain 4.3), as observed ``at``.

    ``second`` is another observer of the same thing; ``minutes`` the number of the committee's minutes;
    ``party`` who speaks under item 13. Without ``tps`` it speaks for the whole village.
    """

    id: str
    desa: str
    item: int
    value: Value
    at: datetime
    by: str
    second: str = ""
    tps: str = ""
    minutes: str = ""
    party: str = ""
    note: str = ""
    corrects: str = ""

    def __post_init__(self) -> None:
        _aware(self.at, "at")
        if self.value not in VALUES:
            raise ValueError(f"check value {self.value!r}")
        if self.item not in ITEMS:
            raise ValueError(f"checklist item {self.item}")
        if (self.item == 13) != bool(self.party) or (self.party and self.party not in PARTIES):
            raise ValueError(f"item {self.item} with party {self.party!r}")


@dataclass(frozen=True, slots=True)
class IncidentFact:
    """An incident as the gates see it. Not open and without an end counts as open: nobody knows."""

    id: str
    kind: str
    at: datetime
    ended_at: datetime | None
    desa: str
    tps: str = ""
    open: bool = True
    severity: str = "kuning"

    def __post_init__(self) -> None:
        _aware(self.at, "at")
        _aware(self.ended_at, "ended_at")

    @property
    def bad(self) -> bool:
        return is_bad(self.kind, self.severity)

    def end(self, now: datetime) -> datetime | None:
        """When it ended; None while it goes on."""
        if self.open or self.ended_at is None or self.ended_at > now:
            return None
        return max(self.at, self.ended_at)


@dataclass(frozen=True, slots=True)
class PostingCount:
    """A posting and its count. None: not yet counted, which is never taken for zero."""

    posting: str
    state: str
    out: int
    back: int | None = None
    equipment_out: int = 0
    equipment_back: int | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """A gate let pass by name (RULES 15). It covers only the ``facts`` it was given for, on one move."""

    id: str
    desa: str
    move: str
    gate: str
    facts: frozenset[str]
    reason: str
    requested_by: str
    approved_by: str
    second_by: str
    at: datetime

    @property
    def valid(self) -> bool:
        """A written reason and three different people: who asked, the Kapolres, and a second person."""
        people = (self.requested_by, self.approved_by, self.second_by)
        return bool(self.reason.strip()) and all(people) and len(set(people)) == 3


@dataclass(frozen=True, slots=True)
class Situation:
    """One village as far as its gates are concerned. ``level``: the higher of village and TPS, or unknown.

    ``standby_since`` is when the present stand-by began: re-opening sets it anew, which voids older waivers.
    ``last_report_at`` is the field time of the latest report of any kind from the village; ``watched`` are
    the posts whose word is expected in its posture, each with its last.
    """

    desa: str
    level: int | None
    posture: Posture
    tps: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    incidents: tuple[IncidentFact, ...] = ()
    last_report_at: datetime | None = None
    watched: tuple[WatchedPost, ...] = ()
    standby_since: datetime | None = None
    deadlines: Deadlines | None = None
    dispute: Dispute = "unknown"
    postings: tuple[PostingCount, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    quiet_hours: Mapping[int, int] = field(default_factory=lambda: QUIET_HOURS)
    tz: str = "Asia/Jakarta"


class GateStatus(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    WAIVED = "waived"


OPEN, SHUT, WAIVED = GateStatus


class Reason(StrEnum):
    """Why a gate stands as it does; ``wording.py`` makes the sentence."""

    MET = "met"
    UNKNOWN = "unknown"  # nobody has said anything that counts
    EXPIRED = "expired"  # said too long ago
    NO = "no"  # someone has said no
    NA = "na_refused"  # "not applicable" is no answer to this item
    MINUTES_MISSING = "minutes_missing"
    SECOND_MISSING = "second_missing"
    INCIDENT_OPEN = "incident_open"
    SEEN_BEFORE_INCIDENT = "seen_before_incident"
    PARTY_MISSING = "party_missing"
    SAME_PERSON = "same_person"
    LEVEL_UNKNOWN = "level_unknown"
    NOT_STANDBY = "not_standby"
    NO_REPORT = "no_report"
    SILENT = "silent"
    QUIET_RUNNING = "quiet_running"
    POST_SILENT = "post_silent"
    GAP_UNSTATED = "gap_unstated"  # a post was silent, and no report says that nothing happened meanwhile
    GAP_UNCONFIRMED = "gap_unconfirmed"  # it says so, and no second person does
    NIGHT = "night"
    WINDOW_OPEN = "window_open"
    DISPUTE_OPEN = "dispute_open"
    INAUGURATION_UNKNOWN = "inauguration_unknown"
    INAUGURATION_AHEAD = "inauguration_ahead"
    NOT_HOME = "not_home"
    NOT_COUNTED = "not_counted"
    COUNT_DIFFERS = "count_differs"


@dataclass(frozen=True, slots=True)
class GateState:
    """One gate, judged. ``fact_ids`` are the facts that decided it; a waiver must name the shutting ones.

    ``opens_by`` is the code of what would open it; ``opens_at`` when it opens by itself, if it does.
    ``valid_until``: an open gate shuts then unless the observation is renewed.
    """

    gate: str
    state: GateStatus
    reason: Reason
    facts: Mapping[str, object] = field(default_factory=dict)
    waivable: bool = False
    opens_by: str = ""
    opens_at: datetime | None = None
    fact_ids: tuple[str, ...] = ()
    valid_until: datetime | None = None
    waiver: str = ""

    @property
    def shut(self) -> bool:
        return self.state is SHUT
