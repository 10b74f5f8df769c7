"""What the marks on a page say: class, firmness, posture, gate state; dates, numbers, texts of the core."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.formats import get_format
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext

from kondusif import sentences
from kondusif.errors import KondusifError, Problem
from kondusif.instrument.catalogue import DIMENSIONS
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif.withdraw import GateState, GateStatus
from kondusif_web.words import lazy_table, speech

LABELS: Mapping[int, object] = {int(level): word for level, word in lazy_table("levels").items()}

Labels = Mapping[Any, Any]  # an operation's word for each level; JSON keeps its keys as text

FIRMNESS: Mapping[str, object] = lazy_table("firmness")

FAULTS: Mapping[str, object] = lazy_table("answer_faults")


class Rupa(NamedTuple):
    """Icon, word and ladder number of a posture or posting state."""

    ikon: str
    kata: object
    nomor: str = ""


def chips(table: str) -> dict[str, tuple[str, object, str]]:
    """Code to what the tag ``cip`` takes, class, word and icon; the words are those of the same table."""
    words = lazy_table(table)
    with Path(__file__).with_name("chips.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["table"] == table]
    return {row["code"]: (row["class"], words[row["code"]], row["icon"]) for row in rows}


_LADDER = lazy_table("ladder")
_IKON = {
    "preparation": "persiapan",
    "moved_in": "bergeser",
    "voting": "pungut",
    "counting": "hitung",
    "box_escort": "kawal",
    "standby": "siaga",
    "l1": "surut",
    "l2": "surut",
    "l3": "surut",
    "l4": "surut",
    "closed": "pulang",
}
POSTURES: Mapping[str, Rupa] = {
    code: Rupa(_IKON[code], word, "" if code == "closed" else _LADDER.get(code, ""))
    for code, word in lazy_table("postures").items()
}

GATE_NAMES: Mapping[str, object] = {
    code: format_lazy("{}. {}", code, word) if code.isdigit() else word
    for code, word in lazy_table("gates").items()
}
_GATES = lazy_table("gate_states")
GATES: Mapping[str, tuple[str, object]] = {
    "open": ("buka", _GATES["open"]),
    "shut": ("tutup", _GATES["shut"]),
    "waived": ("kecuali", _GATES["waived"]),
}
UNSURE: Mapping[str, object] = lazy_table("gate_unsure")

PHASES: Mapping[str, object] = lazy_table("phases")

HARI_PANJANG = tuple(lazy_table("days_long").values())
BULAN = tuple(lazy_table("months").values())
BULAN_PANJANG = tuple(lazy_table("months_long").values())


def label_of(level: int, labels: Labels | None = None) -> object:
    """The operation's word for a level; JSON keeps its keys as text."""
    own = labels or {}
    return own.get(level) or own.get(str(level)) or LABELS.get(level, str(level))


def firmness_of(firmness: object) -> object:
    """The words after the comma. A sentence that is already made passes through."""
    text = str(getattr(firmness, "value", firmness) or "")
    return FIRMNESS.get(text.lower(), text)


def jam(at: datetime) -> str:
    """``14.05``, as the language writes it; of the moment as given."""
    return at.strftime(gettext("%H.%M"))


def koma_desimal() -> str:
    """What stands before the decimals: a comma in Indonesian, a point in English."""
    return str(get_format("DECIMAL_SEPARATOR"))


def dua_bahasa(own: str, english: str) -> str:
    """Of a text that carries both, the one of the page. What was typed in one language stays as typed."""
    return english if get_language() == "en" and english else own


def nama_butir(indicator: Indicator) -> str:
    """The question of an indicator."""
    return dua_bahasa(indicator.name_id, indicator.name_en)


def nama_dimensi(recipe: Recipe, kode: str) -> str:
    """Its name: of the catalogue in the language of the page, or as an instrument of one's own names it."""
    known, name = DIMENSIONS.get(kode), recipe.name_of(kode)
    return dua_bahasa(*known) if known and name == known[0] else name


def nama_pendamping(recipe: Recipe, kode: str) -> str:
    """The yes-or-no question beside a count; its code where the instrument has it no more."""
    found = recipe.companions.get(kode)
    return dua_bahasa(found.name_id, found.name_en) if found else kode


NUMBER = r"(?:(?<=\s)-)?\d+(?:[.,]\d+)*"  # a minus belongs to it after a space, not in H-7


def kata_inti(text: str) -> str:
    """A text of the core in the language of the page; its numbers stay (``{}`` in the catalogue).

    A text that the catalogue does not know, such as one that somebody typed, comes back as it is.
    """
    if not text or (found := gettext(text)) != text:
        return found if text else ""
    numbers = re.findall(NUMBER, text)
    pattern = re.sub(NUMBER, "{}", text)
    found = gettext(pattern) if numbers else text
    return found.format(*numbers) if found != pattern else text


def gate_words(g: GateState) -> dict[str, str]:
    """What one gate is called, why it is shut, what opens it, and that it was waived."""
    said = speech()
    return {
        "judul": str(GATE_NAMES.get(g.gate, g.gate)),
        "kenapa": said.why(g),
        "buka_dengan": said.opens_with(g),
        "catatan": said.say("waived") if g.state is GateStatus.WAIVED else "",
    }


def refusal(error: KondusifError) -> str:
    """Why something was refused, in the language of the page."""
    return sentences.refusal(error, speech())


def refusal_title(error: KondusifError) -> str:
    """The same in a few words."""
    return sentences.refusal_title(error, speech())


def masalah(problem: Problem) -> str:
    """A problem of a file as one line: where, what was found, what is expected."""
    where = [problem.file]
    if problem.sheet:
        where.append(gettext("lembar %s") % problem.sheet)
    if problem.row is not None:
        where.append(gettext("baris %s") % problem.row)
    if problem.column:
        where.append(gettext("kolom %s") % problem.column)
    return gettext("%(di)s: ditemukan %(apa)s; seharusnya %(mestinya)s") % {
        "di": ", ".join(where),
        "apa": kata_inti(problem.found),
        "mestinya": mestinya(problem),
    }


def mestinya(problem: Problem) -> object:
    """What is expected where a file has a problem."""
    return FAULTS[problem.code] if problem.code else kata_inti(problem.expected)


def hari_h(days: int) -> str:
    """Days from the vote: ``H-63``, ``H``, ``H+1``."""
    return "H" if days == 0 else f"H{days:+d}"
