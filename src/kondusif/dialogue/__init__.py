"""Questions in parts, answers, commitments: what was asked, what is still open, who promised what by when.

Nothing here invents an answer. From the record of a meeting alone, "when does security begin" stays open,
because no date was said; "stay until it is safe" is answered by whoever promised it, for the levels they
named, and for nobody else. An approved plan answers with dates per village, and answers for level 1 too,
since gates bind every level. It does not speak for the TNI: only a commitment that Koramil owns does.

Source: RULES 10; method: docs/method/7-dialogue.md. Askers are kept by role and desa, never by name.
"""

from kondusif.dialogue.answered import Answered, PartAnswer, Said, answers, open_first
from kondusif.dialogue.asked import TOPIC_WORDS, DialogueError, Meeting, Part, Question, Topic, topic_of
from kondusif.dialogue.promised import (
    COMMITMENT_MOVES,
    LEVELS,
    STANDS,
    Commitment,
    Standing,
    Status,
    check_commitment_move,
    force_of,
    standing,
)

__all__ = [
    "COMMITMENT_MOVES",
    "LEVELS",
    "STANDS",
    "TOPIC_WORDS",
    "Answered",
    "Commitment",
    "DialogueError",
    "Meeting",
    "Part",
    "PartAnswer",
    "Question",
    "Said",
    "Standing",
    "Status",
    "Topic",
    "answers",
    "check_commitment_move",
    "force_of",
    "open_first",
    "standing",
    "topic_of",
]
