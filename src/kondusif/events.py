"""Everything the book may say: one table of kinds, each with its version and the payload it must carry.

Payloads hold codes, numbers and moments, never names or telephone numbers: personal data stays where it
can be removed. A kind is never edited once a book carries it; a changed payload is the same kind with the
next version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kondusif.errors import KondusifError


class UnknownEvent(KondusifError):
    """A kind that is not in the table, or a payload without what its kind must carry."""

    code = "unknown_event"


@dataclass(frozen=True, slots=True)
class EventKind:
    """``needs`` are the payload keys that must be there; others may be."""

    kind: str
    needs: tuple[str, ...] = ()
    version: int = 1


def _kinds(*kinds: EventKind) -> dict[str, EventKind]:
    out = {k.kind: k for k in kinds}
    assert len(out) == len(kinds), "a kind stands twice"
    return out


LAST = "operation_archived"
AFTER_LAST = frozenset({"member_ended"})  # all that may follow it in the chain, and nowhere else

# Each context has its own block. Add a line to yours: EventKind("verb_in_past_tense", ("payload", "keys")).

ACCOUNTS = _kinds(
    EventKind("account_created", ("role",)),
    EventKind("account_changed", ("role",)),
    EventKind("account_closed"),
    EventKind("account_opened"),
    EventKind("password_changed"),
    EventKind("password_reset"),
)

ELECTION = _kinds(
    EventKind("operation_opened", ("kode", "vote_at", "drill")),
    EventKind("operation_changed", ("fields",)),
    EventKind("operation_moved", ("from", "to", "reason")),
    EventKind("operation_archived", ("reason",)),
    EventKind("member_added", ("role", "prefixes")),
    EventKind("member_changed", ("role", "prefixes", "active")),
    EventKind("member_ended", ("role", "prefixes")),  # in an archived operation
    EventKind("operation_entered", ("kode", "drill", "head")),  # in the office's chain: opened, beginning so
    EventKind("operation_left", ("kode", "drill", "head")),  # there too: archived, its chain ending so
    EventKind("places_imported", ("desa", "tps")),
    EventKind("place_changed", ("kode", "fields")),  # a correction by file; voters before and after
    EventKind("place_retired", ("kode", "places", "reason")),  # entered by mistake; nothing hung on it
    EventKind("place_restored", ("kode", "places")),
    EventKind("boundaries_imported", ("desa", "source", "digest")),
    EventKind("stage_dated", ("stage", "at", "source")),
    EventKind("clock_set", ("to",)),  # drill only
)

INSTRUMENT = _kinds(
    EventKind("instrument_drafted", ("key", "source", "digest")),
    EventKind("instrument_changed", ("key", "what", "digest")),
    EventKind("instrument_compared", ("key", "parent", "pairs")),  # one judge compares two at a time
    EventKind("comparison_removed", ("key", "parent")),
    EventKind("instrument_discarded", ("key",)),
    EventKind("instrument_published", ("key", "digest", "text_digest")),
    EventKind("instrument_retired", ("key",)),
    EventKind("instrument_enforced", ("key", "digest", "before")),
)

VULNERABILITY = _kinds(
    EventKind("answers_taken", ("count", "places", "items", "not_known", "channel")),  # whatever their way
    EventKind("class_assessed", ("on", "stage", "level", "recipe", "answers")),
    EventKind("class_published", ("number", "level", "before")),
    EventKind("class_overridden", ("machine", "human", "until")),
    EventKind("override_confirmed", ("machine", "human")),
)

ROUNDS = _kinds(
    EventKind("round_opened", ("gate", "stage")),
    EventKind("round_closed", ("gate", "villages", "provisional", "owed")),
    EventKind("review_opened", ("place", "item", "answers")),
    EventKind("review_settled", ("place", "item", "agreed")),
    EventKind("review_lapsed", ("place", "item")),
    EventKind("evidence_attached", ("answer", "sha256")),
    EventKind("evidence_removed", ("answer", "sha256")),
)

DEPLOYMENT = _kinds(
    EventKind("forces_imported", ("units",)),
    EventKind("plan_made", ("version", "digest", "unmet")),
    EventKind("plan_proposed", ("version", "digest")),
    EventKind("plan_approved", ("version", "digest", "postings", "unmet")),
    EventKind("posting_on_post", ("out", "equipment_out")),
    EventKind("posting_recalled", ("posture",)),
    EventKind("posting_turned_back"),
    EventKind("posting_counted_back", ("out", "back", "equipment_out", "equipment_back")),
    EventKind("posting_home", ("out", "back")),
    EventKind("posting_cancelled"),
)

DIALOGUE = _kinds(
    EventKind("meeting_recorded", ("kode", "at", "desa")),
    EventKind("question_asked", ("kode", "parts")),
    EventKind("part_answered", ("part", "closes")),
    EventKind("commitment_offered", ("kode", "topic")),
    EventKind("commitment_owned", ("kode", "owner")),
    EventKind("commitment_kept", ("kode",)),
    EventKind("commitment_moved", ("kode", "due")),
    EventKind("commitment_broken", ("kode",)),
    EventKind("pledge_recorded", ("calon", "state")),
    EventKind("visit_recorded", ("role", "topic")),
)

MITIGATION = _kinds(
    EventKind("mitigation_offered", ("kode", "desa", "items")),
    EventKind("mitigation_owned", ("kode", "owner")),
    EventKind("mitigation_changed", ("kode", "number", "fields")),
    EventKind("mitigation_done", ("kode",)),
    EventKind("mitigation_dropped", ("kode", "reason")),
    EventKind("mitigation_visited", ("kode", "visit")),
)

FIELD = _kinds(
    EventKind("report_received", ("id", "kind", "place")),
    EventKind("incident_opened", ("id", "kind", "severity", "place")),
    EventKind("incident_verified", ("id",)),
    EventKind("incident_escalated", ("id", "from", "to")),
    EventKind("incident_closed", ("id", "ended_at", "reason")),
    EventKind("check_recorded", ("id", "item", "value")),
    EventKind("dispute_recorded", ("state", "source")),
    EventKind("posture_set", ("state",)),
    EventKind("posture_moved", ("from", "to", "why")),
    EventKind("village_reopened", ("from", "because", "tell")),
    EventKind("withdrawal_requested", ("number", "from", "to", "shut")),
    EventKind("withdrawal_blocked", ("number", "why", "shut")),
    EventKind("withdrawal_approved", ("number", "from", "to", "gates", "waivers")),
    EventKind("withdrawal_refused", ("number", "reason")),
    EventKind("waiver_requested", ("gate", "move", "facts", "reason")),
    EventKind("waiver_seconded", ("gate", "move")),
    EventKind("waiver_approved", ("gate", "move", "facts")),
    EventKind("resident_code_made", ("id",)),
    EventKind("resident_attempted", ("id", "attempts")),
    EventKind("resident_answered", ("id", "state")),
)

CALIBRATION = _kinds(
    EventKind("history_imported", ("number", "places", "digest")),
)

PUBLIC = _kinds(
    EventKind("public_published", ("items", "withdrawn")),
)

# The second chain: who read what that is restricted, and who came in (RULES 21).
ACCESS = _kinds(
    EventKind("read", ("what",)),
    EventKind("signed_in"),
    EventKind("signed_out"),
    EventKind("sign_in_refused", ("why",)),
    EventKind("denied", ("what",)),
)

BLOCKS = (
    ACCOUNTS,
    ELECTION,
    INSTRUMENT,
    VULNERABILITY,
    ROUNDS,
    DEPLOYMENT,
    DIALOGUE,
    MITIGATION,
    FIELD,
    CALIBRATION,
    PUBLIC,
    ACCESS,
)
EVENT_KINDS: dict[str, EventKind] = {kind: event for block in BLOCKS for kind, event in block.items()}
assert len(EVENT_KINDS) == sum(map(len, BLOCKS)), "a kind stands in two blocks"


def check(kind: str, payload: Mapping[str, Any]) -> EventKind:
    """The kind with its version. Raises :class:`UnknownEvent` naming what is missing."""
    known = EVENT_KINDS.get(kind)
    if known is None:
        raise UnknownEvent(f"no event of kind {kind!r} in kondusif.events", kind=kind)
    if missing := [key for key in known.needs if key not in payload]:
        raise UnknownEvent(f"{kind} must carry {', '.join(missing)}", kind=kind, missing=tuple(missing))
    return known
