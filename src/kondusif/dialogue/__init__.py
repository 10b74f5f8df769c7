"""Questions in parts, answers, commitments: what was asked, what is still open, who promised what by when.

Nothing here invents an answer. From the record of a meeting alone, "when does security begin" stays open,
because no date was said; "stay until it is safe" is answered by whoever promised it, for the levels they
named, and for nobody else. An approved plan answers with dates per village, and answers for level 1 too,
since gates bind every level. It does not speak for the TNI: only a commitment that Koramil owns does.

Source: RULES 10; method: docs/method/7-dialogue.md. Askers are kept by role and desa, never by name.
"""

from kondusif.dialogue.answers import AnswerStatus, PartAnswer, Reply, answer_parts
from kondusif.dialogue.commitments import (
    COMMITMENT_MOVES,
    OWNED_STATUSES,
    Commitment,
    CommitmentState,
    CommitmentStatus,
    check_commitment_move,
    commitment_state,
    force_of,
)
from kondusif.dialogue.questions import (
    TOPIC_WORDS,
    DialogueError,
    Meeting,
    Part,
    Question,
    Topic,
    topic_of,
    topic_word,
)

__all__ = [
    "COMMITMENT_MOVES",
    "OWNED_STATUSES",
    "TOPIC_WORDS",
    "AnswerStatus",
    "Commitment",
    "CommitmentState",
    "CommitmentStatus",
    "DialogueError",
    "Meeting",
    "Part",
    "PartAnswer",
    "Question",
    "Reply",
    "Topic",
    "answer_parts",
    "check_commitment_move",
    "commitment_state",
    "force_of",
    "topic_of",
    "topic_word",
]
