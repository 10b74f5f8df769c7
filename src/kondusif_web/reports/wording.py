"""Words for reports and incidents."""

from __future__ import annotations

from kondusif_web.words import lazy_table, speech

KINDS = lazy_table("incident_kinds")


SEVERITY = lazy_table("severities")


HELP = lazy_table("help")


REPORTS = lazy_table("report_kinds")


_ANSWERS = lazy_table("situation_answers")
SITUATION = {
    question: (
        title,
        {key.partition(".")[2]: word for key, word in _ANSWERS.items() if key.startswith(f"{question}.")},
    )
    for question, title in lazy_table("situation").items()
}


def place_name(kode: str) -> str:
    """A station by its number within the village, a party by its title, else the whole village."""
    return speech().place(kode)
