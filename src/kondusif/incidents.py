"""What happened that should not have: kinds, severity, escalation, closing.

A kind says which indicator it is a fact of (D05 weapon, D06 threat or violence, D07 crowd) and which items of
the all-clear checklist it denies while it is open. Method: docs/method/5-standby.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from kondusif.answers.answer import Answer
from kondusif.errors import MoveRefused
from kondusif.words import N_


class Severity(StrEnum):
    """Green is written down, yellow is watched and prepared for, red needs people now."""

    HIJAU = "hijau"
    KUNING = "kuning"
    MERAH = "merah"

    @property
    def rank(self) -> int:
        return tuple(Severity).index(self)


class Help(StrEnum):
    """What the reporter asks for."""

    NOW = "now"
    PREPARE = "prepare"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class IncidentKind:
    """One kind. ``items``: checklist items it denies; ``bad``: bad news of itself (RULES 14).

    ``word`` is that of the file and the form; ``least`` the lowest severity it can have.
    """

    code: str
    word: str
    least: Severity
    indicator: str = ""
    items: tuple[int, ...] = ()
    bad: bool = True


_H, _K, _M = Severity
INCIDENT_KINDS: Mapping[str, IncidentKind] = MappingProxyType(
    {
        k.code: k
        for k in (
            IncidentKind("crowd", N_("massa"), _K, "D07", (9,)),
            IncidentKind("threat", N_("ancaman"), _K, "D06", (10,)),
            IncidentKind("violence", N_("kekerasan"), _M, "D06", (10,)),
            IncidentKind("weapon", N_("senjata"), _M, "D05", (10,)),
            IncidentKind("damage", N_("kerusakan"), _K, "", (10,)),
            IncidentKind("road", N_("jalan"), _K, "", (11,)),
            IncidentKind("box", N_("kotak suara"), _K, "", (4,), bad=False),
            IncidentKind("rumour", N_("kabar"), _H, "", (12,), bad=False),
            IncidentKind("other", N_("lainnya"), _H, "", (), bad=False),
        )
    }
)

# What a new answer to an indicator reports: of its kinds the least grave.
KIND_OF_INDICATOR: Mapping[str, IncidentKind] = MappingProxyType(
    {k.indicator: k for k in reversed(tuple(INCIDENT_KINDS.values())) if k.indicator}
)


def kind_of(word: str) -> IncidentKind:
    """A kind by its code or its Indonesian word; what nobody knows is ``other``.

    >>> kind_of("massa").code, kind_of("hujan").code
    ('crowd', 'other')
    """
    word = word.strip().lower()
    return next((k for k in INCIDENT_KINDS.values() if word in (k.code, k.word)), INCIDENT_KINDS["other"])


def severity_of(kind: str, help_asked: Help | str) -> Severity:
    """The severity a report starts with: at least the kind's own; help needed now is red (method 5.5)."""
    least = kind_of(kind).least
    asked = {Help.NOW: _M, Help.PREPARE: _K, Help.NONE: _H}[Help(help_asked)]
    return max(least, asked, key=lambda severity: severity.rank)


def is_bad(kind: str, severity: Severity | str = _K) -> bool:
    """Whether it breaks the quiet hours and re-opens a village (RULES 13, 14).

    D05-D07 and items 9-11 always; another kind from yellow upwards, since an unnamed trouble is not calm.
    A box problem and a rumour deny their own item instead.
    """
    known = kind_of(kind)
    return known.bad or (known.code == "other" and Severity(severity) is not _H)


def news(known: Iterable[Answer], coming: Iterable[Answer]) -> Answer | None:
    """The first coming answer that reports more of weapons, threats or crowds (D05 to D07) than was known of
    the same place and item before: bad news of itself (RULES 14). ``known``: answers of the village."""
    here = tuple(known)
    ids = {a.id for a in here}
    for a in coming:
        if a.item not in KIND_OF_INDICATOR or a.id in ids or not a.value:
            continue
        said = [b for b in here if (b.place, b.item) == (a.place, a.item)]
        values = [(b.on, b.value) for b in said if b.value is not None]
        if a.value > max(values, default=(a.on, 0.0))[1]:
            return a
    return None


def escalates(before: Severity | str, after: Severity | str) -> bool:
    """Whether severity rises, so that more people must hear of it."""
    return Severity(after).rank > Severity(before).rank


def check_verifying(*, reporter: str, verifier: str, verified: bool) -> None:
    """Raises :class:`MoveRefused` unless a second pair of eyes confirms it, once (method 5.6)."""
    if reporter == verifier:
        raise MoveRefused("verify_own_report")
    if verified:
        raise MoveRefused("verified_already")


def check_escalating(*, before: Severity | str, after: str, open: bool) -> None:
    """Raises :class:`MoveRefused` unless an open incident becomes graver; it is never lowered."""
    if after not in Severity.__members__.values() or not open or not escalates(before, after):
        raise MoveRefused("severity_not_higher", state=str(before), to=after)


def check_closing(
    *, opened_at: datetime, ended_at: datetime | None, reason: str, closer: str, now: datetime
) -> None:
    """Raises :class:`MoveRefused` unless a named person gives a reason and a possible end (method 5.6)."""
    if not closer.strip():
        raise MoveRefused("incident_closer_missing")
    if not reason.strip():
        raise MoveRefused("incident_reason_missing")
    if ended_at is None or ended_at < opened_at or ended_at > now:
        raise MoveRefused("incident_end_impossible", opened_at=opened_at, ended_at=ended_at)
