"""Gates 1 to 14: the all-clear checklist of domain 4.3 (method 6.1 to 6.7).

A gate is judged place by place and is as good as its worst place. Anything that nobody has said, that was
said too long ago, or that lacks its second observer or the number of its minutes, shuts and stays unwaived.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kondusif.incidents import kind_of
from kondusif.standby import AGREEMENT_HOURS, QUIET_HOURS
from kondusif.withdraw.facts import OPEN, PARTIES, SHUT, Check, GateState, IncidentFact, Reason, Situation
from kondusif.withdraw.items import ITEMS, WAIVABLE, ChecklistItem

KNOWN_BAD = frozenset({Reason.NO, Reason.INCIDENT_OPEN})  # only a known bad fact can be waived, never a gap


AGREEMENT_LIFE = timedelta(hours=AGREEMENT_HOURS)
RESIDENT = "warga"  # of the parties the only one that is no official

# Worst first: the reason a gate shows when its places differ.
WORST = (
    Reason.INCIDENT_OPEN,
    Reason.NO,
    Reason.UNKNOWN,
    Reason.PARTY_MISSING,
    Reason.SEEN_BEFORE_INCIDENT,
    Reason.EXPIRED,
    Reason.NA,
    Reason.MINUTES_MISSING,
    Reason.SECOND_MISSING,
    Reason.SAME_PERSON,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one place (or one party of item 13) says: None means met."""

    place: str
    reason: Reason | None
    ids: tuple[str, ...] = ()
    seen_at: datetime | None = None
    until: datetime | None = None


def current_checks(s: Situation, item: int, now: datetime) -> tuple[Check, ...]:
    """Checks of this item that count at ``now``, oldest first (method 6.2).

    A correction removes what it corrects only when the same observer mends their own check; anyone else's
    is simply a later observation. Good news dated in the future is not yet known; bad news is.
    """
    mine = [c for c in s.checks if c.desa == s.desa and c.item == item]
    own = {c.id: c for c in mine}
    mended = {c.corrects for c in mine if c.corrects in own and own[c.corrects].by == c.by and c.at <= now}
    keep = (c for c in mine if c.id not in mended and (c.at <= now or c.value in ("no", "unknown")))
    return tuple(sorted(keep, key=lambda c: (c.at, not affirms(c), c.id)))


def affirms(c: Check) -> bool:
    return c.value == "yes" or (c.value == "na" and ITEMS[c.item].na)


def _refusal(c: Check) -> Reason:
    return {"no": Reason.NO, "na": Reason.NA}.get(c.value, Reason.UNKNOWN)


def _hours(s: Situation) -> int:
    """Quiet hours of the village; the longest while its level is unknown."""
    table = s.quiet_hours or QUIET_HOURS
    return max(table.values()) if s.level is None else table[s.level]


def _last(checks: Sequence[Check]) -> Check | None:
    return checks[-1] if checks else None


def incidents_on(s: Situation, item: int) -> tuple[IncidentFact, ...]:
    """Incidents that deny this item, open or ended."""
    return tuple(n for n in s.incidents if n.desa == s.desa and item in kind_of(n.kind).items)


def _at_place(s: Situation, item: ChecklistItem, place: str, now: datetime) -> Verdict:
    """The verdict of one TPS (or of the village, where no TPS is known) on one item (method 6.3).

    ``own`` are checks of this TPS, ``wide`` those of the whole village, each oldest first.
    """
    news = [n for n in incidents_on(s, item.number) if n.tps in ("", place) or n.tps not in s.tps]
    checks = current_checks(s, item.number, now)
    own = [c for c in checks if c.tps and c.tps == place]
    wide = [c for c in checks if not c.tps]
    life = timedelta(hours=_hours(s)) if item.ages else None
    return (
        _denied_by_news(place, news, _last(own), _last(wide), now)
        or _denied_by_word(place, _last(own), _last(wide))
        or _affirmed(item, place, _since_last_refusal(own, wide), news, life, now)
    )


def _denied_by_news(
    place: str, news: Sequence[IncidentFact], own: Check | None, wide: Check | None, now: datetime
) -> Verdict | None:
    """An incident goes on. It is a known bad fact only while nobody has said "unknown" beside it."""
    going_on = [n.id for n in news if n.end(now) is None]
    if not going_on:
        return None
    denied = [c for c in (own, wide) if c and not affirms(c)]
    known = all(_refusal(c) is Reason.NO for c in denied)
    reason = Reason.INCIDENT_OPEN if known else Reason.UNKNOWN
    return Verdict(place, reason, (*going_on, *(c.id for c in denied)))


def _denied_by_word(place: str, own: Check | None, wide: Check | None) -> Verdict | None:
    """The last word of the place refuses, or that of the village, where it is not older."""
    if own and not affirms(own):
        return Verdict(place, _refusal(own), (own.id,), own.at)
    if wide and not affirms(wide) and (own is None or wide.at >= own.at):
        return Verdict(place, _refusal(wide), (wide.id,), wide.at)
    return None


def _since_last_refusal(own: Sequence[Check], wide: Sequence[Check]) -> list[Check]:
    """Good checks that no refusal follows."""
    refused = max((c.at for c in (*own, *wide) if not affirms(c)), default=None)
    return [c for c in (*own, *wide) if affirms(c) and (refused is None or c.at > refused)]


def _affirmed(
    item: ChecklistItem,
    place: str,
    good: Sequence[Check],
    news: Sequence[IncidentFact],
    life: timedelta | None,
    now: datetime,
) -> Verdict:
    """Good checks count while they are fresh, after the last incident, and with the number of the minutes."""
    if not good:
        return Verdict(place, Reason.UNKNOWN)
    fresh = [c for c in good if life is None or now - c.at <= life]
    if not fresh:
        return Verdict(place, Reason.EXPIRED, _names(good), max(c.at for c in good))
    ended = max((n.end(now) or now for n in news), default=None)
    after = [c for c in fresh if ended is None or c.at >= ended]
    if not after:
        return Verdict(place, Reason.SEEN_BEFORE_INCIDENT, _names(fresh))
    counted = [c for c in after if c.minutes.strip() or not item.minutes]
    if not counted:
        return Verdict(place, Reason.MINUTES_MISSING, _names(fresh))
    return _observed(item, place, counted, life)


def _observed(item: ChecklistItem, place: str, checks: Sequence[Check], life: timedelta | None) -> Verdict:
    """Met, by two different observers where the item is starred; until the older of their looks expires."""
    looks = sorted(checks, key=lambda c: c.at)
    last_seen = {who: c.at for c in looks for who in (c.by, c.second) if who}
    if item.starred and len(last_seen) < 2:
        return Verdict(place, Reason.SECOND_MISSING, _names(checks))
    times = sorted(last_seen.values(), reverse=True)
    needed = times[1] if item.starred else times[0]
    return Verdict(place, None, _names(checks), times[0], needed + life if life is not None else None)


def _names(checks: Iterable[Check]) -> tuple[str, ...]:
    return tuple(c.id for c in checks)


def checklist(item: ChecklistItem) -> Callable[[Situation, datetime], GateState]:
    """The gate of one item: every TPS covered by its own check or by one for the whole village."""

    def gate(s: Situation, now: datetime) -> GateState:
        return _worst(item, [_at_place(s, item, place, now) for place in s.tps or ("",)])

    gate.__doc__ = item.text
    return gate


def agreement(s: Situation, now: datetime) -> GateState:
    """Camat, Danramil and Kapolsek, three different people, and a resident agree, each within 24 h [P]."""
    verdicts: list[Verdict] = []
    officials: set[str] = set()
    for party in PARTIES:
        last = _last([c for c in current_checks(s, 13, now) if c.party == party])
        if last is None:
            verdicts.append(Verdict(party, Reason.PARTY_MISSING))
            continue
        reason, until = _disagreement(last, officials, now), last.at + AGREEMENT_LIFE
        if reason is None and party != RESIDENT:
            officials.add(last.by)
        verdicts.append(Verdict(party, reason, (last.id,), last.at, None if reason else until))
    return _worst(ITEMS[13], verdicts)


def _disagreement(last: Check, officials: Collection[str], now: datetime) -> Reason | None:
    """Why the last word of a party is no agreement; no official may speak for a second one."""
    if last.value != "yes":
        return _refusal(last)
    if now - last.at > AGREEMENT_LIFE:
        return Reason.EXPIRED
    if last.party != RESIDENT and last.by in officials:
        return Reason.SAME_PERSON
    return None


def _worst(item: ChecklistItem, verdicts: Iterable[Verdict]) -> GateState:
    """As good as its worst place; can be waived only when every shut place is known to be bad."""
    verdicts = tuple(verdicts)
    bad = [v for v in verdicts if v.reason is not None]
    places = {v.place: v.reason.value if v.reason else "met" for v in verdicts}
    facts: dict[str, object] = {"places": places, "good": len(verdicts) - len(bad), "of": len(verdicts)}
    if seen := max((v.seen_at for v in verdicts if v.seen_at), default=None):
        facts["seen_at"] = seen
    gate = str(item.number)
    if not bad:
        return GateState(
            gate,
            OPEN,
            Reason.MET,
            facts,
            fact_ids=_ids(verdicts),
            valid_until=min((v.until for v in verdicts if v.until), default=None),
        )
    reasons = {v.reason for v in bad}
    return GateState(
        gate,
        SHUT,
        next(r for r in WORST if r in reasons),
        facts,
        waivable=gate in WAIVABLE and reasons <= KNOWN_BAD,
        opens_by=_opens_by(item, reasons),
        fact_ids=_ids(bad),
    )


def _opens_by(item: ChecklistItem, reasons: set[Reason | None]) -> str:
    if Reason.INCIDENT_OPEN in reasons:
        return "incident_closed"
    if reasons == {Reason.SECOND_MISSING}:
        return "second_observer"
    return "minutes" if reasons == {Reason.MINUTES_MISSING} else item.opens_by


def _ids(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    return tuple(sorted({i for v in verdicts for i in v.ids}))
