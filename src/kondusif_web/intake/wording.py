"""Indonesian for what a file would do."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext as _g

from kondusif.answers.answer import Answer
from kondusif.files.changes import RowState
from kondusif_index.tables.read import show
from kondusif_web.pages.wording import jam, koma_desimal
from kondusif_web.words import lazy_table

SHEETS = lazy_table("intake_sheets")
_STATES = lazy_table("change_states")
STATES = {
    RowState.NEW: ("buka", _STATES["new"]),
    RowState.CHANGED: ("kuning", _STATES["changed"]),
    RowState.SAME: ("biasa", _STATES["same"]),
    RowState.REFUSED: ("tutup", _STATES["refused"]),
}
NOTES = lazy_table("answer_notes")
REMARKS = lazy_table("boundary_remarks")
MOVE = lazy_table("phase_moves")  # by the phase it leaves and the one it reaches
MOVE_HELP = lazy_table("phase_help")
MOVED = lazy_table("phase_reached")


def said(value: object) -> str:
    """A cell as a person reads it."""
    if isinstance(value, bool):
        return _g("ya") if value else _g("tidak")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d} {jam(value)}"
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], time):
        return f"H-{value[0]} {value[1].strftime(_g('%H.%M'))}"
    if isinstance(value, float):
        return f"{value:.6g}".replace(".", koma_desimal())
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value)) or _g("kosong")
    return show(value)


GIVEN = lazy_table("given")
WORDS = lazy_table("answer_words")


def answer_words(answer: Answer) -> str:
    """What an answer says, without its unit."""
    if answer.given in GIVEN:
        return str(GIVEN[answer.given])
    if answer.word:
        return str(WORDS[answer.word])
    return f"{answer.value:g}".replace(".", koma_desimal())
