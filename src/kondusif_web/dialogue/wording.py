"""Indonesian for how a part stands, what was promised, and which refusals a form meets."""

from __future__ import annotations

from collections.abc import Mapping

from kondusif.dialogue import AnswerStatus, CommitmentState, Topic
from kondusif.sentences import PartSpeech
from kondusif_web.dialogue.models import PledgeState
from kondusif_web.words import lazy_table, speech

_ANSWERED = lazy_table("answered")
_STANDING = lazy_table("commitment_standing")
_PLEDGES = lazy_table("pledges")
STATUS = {
    AnswerStatus.ANSWERED: ("buka", "centang", _ANSWERED["answered"]),
    AnswerStatus.PARTLY: ("kuning", "jam", _ANSWERED["partly"]),
    AnswerStatus.OPEN: ("belum", "tanya", _ANSWERED["open"]),
}
BAGIAN = {AnswerStatus.ANSWERED: "", AnswerStatus.PARTLY: "sebagian", AnswerStatus.OPEN: "terbuka"}
STANDING = {
    CommitmentState.OWNERLESS: ("tutup", "orang", _STANDING["ownerless"]),
    CommitmentState.RUNNING: ("biasa", "jam", _STANDING["running"]),
    CommitmentState.OVERDUE: ("tutup", "jam", _STANDING["overdue"]),
    CommitmentState.KEPT: ("buka", "centang", _STANDING["kept"]),
    CommitmentState.BROKEN: ("tutup", "peringatan", _STANDING["broken"]),
}
COMMITMENT = lazy_table("commitment_status")
TOPICS = {Topic(code): word for code, word in lazy_table("topics").items()}
FORCES = lazy_table("forces")
PLEDGE = {
    PledgeState.SIGNED: ("buka", "centang", _PLEDGES["signed"]),
    PledgeState.UNSIGNED: ("kuning", "jam", _PLEDGES["unsigned"]),
    PledgeState.BROKEN: ("tutup", "peringatan", _PLEDGES["broken"]),
}
PLEDGE_UNKNOWN = ("belum", "tanya", _PLEDGES["unknown"])


def parts(names: Mapping[str, str], labels: Mapping[str, str]) -> PartSpeech:
    """What may be said of a part to the reader of this page."""
    return PartSpeech(speech(), names, labels)
