"""Gates that must be open before anyone leaves, and the drawdown ladder (RULES 12 to 18).

::

    facts      what the gates look at: Check, IncidentFact, PostingCount, Waiver, Situation -> GateState
    items      the lines of the checklist and what each needs
    checklist  gates 1-14, place by place
    silence    how often whoever stands there speaks, who is silent
    clocks     quiet hours, night, deadlines, counting home
    ladder     all gates of a move, waivers, the earliest time, re-opening
    statements what is said from the field: situation reports, the resident, the dispute

Nothing here knows a clock: ``now`` is passed in. Method: docs/method/6-withdraw.md.
"""

from kondusif.withdraw.clocks import headcount_gate
from kondusif.withdraw.facts import (
    OPEN,
    PARTIES,
    SHUT,
    WAIVED,
    Check,
    GateState,
    GateStatus,
    IncidentFact,
    PostingCount,
    Reason,
    Situation,
    Waiver,
)
from kondusif.withdraw.items import ITEMS, UNREST, WAIVABLE, ChecklistItem
from kondusif.withdraw.ladder import (
    GATE_RULES,
    EarliestMove,
    Hindrance,
    blockers,
    check_home,
    check_withdrawal,
    earliest,
    gates,
    gates_markdown,
    may_waive,
    reopens,
)

__all__ = [
    "GATE_RULES",
    "ITEMS",
    "OPEN",
    "PARTIES",
    "SHUT",
    "UNREST",
    "WAIVABLE",
    "WAIVED",
    "Check",
    "ChecklistItem",
    "EarliestMove",
    "GateState",
    "GateStatus",
    "Hindrance",
    "IncidentFact",
    "PostingCount",
    "Reason",
    "Situation",
    "Waiver",
    "blockers",
    "check_home",
    "check_withdrawal",
    "earliest",
    "gates",
    "gates_markdown",
    "headcount_gate",
    "may_waive",
    "reopens",
]
