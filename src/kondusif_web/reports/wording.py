"""Words for reports and incidents."""

from __future__ import annotations

from kondusif_web.words import lazy_table

KINDS = lazy_table("incident_kinds")


SEVERITY = lazy_table("severities")


HELP = lazy_table("help")


GAPS = lazy_table("gaps")
GAP_PROOFS = lazy_table("gap_proofs")
REPORTS = lazy_table("report_kinds")


_ANSWERS = lazy_table("situation_answers")
SITUATION = {
    question: (
        title,
        {key.partition(".")[2]: word for key, word in _ANSWERS.items() if key.startswith(f"{question}.")},
    )
    for question, title in lazy_table("situation").items()
}
