"""Plain Indonesian for the terminal: codes and facts of the core become sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from errno import errorcode
from math import isnan

from kondusif.classes.classify import Classification
from kondusif.dialogue import PartAnswer
from kondusif.errors import KondusifError
from kondusif.places import Desa
from kondusif.sentences import PartSpeech, Speech, refusal, refusal_title
from kondusif.withdraw import GateState, Reason
from kondusif.words import clause, table

LABELS = {int(level): word for level, word in table("levels").items()}
FORCES = table("forces")
SAYS_NO_TIME = (Reason.QUIET_RUNNING, Reason.NIGHT)  # a clock opens these, and the reason does not say when


def koma(value: float | None, digits: int = 2) -> str:
    """A number with a decimal comma; unknown stays a word.

    >>> koma(38.287), koma(None), koma(float("nan"))
    ('38,29', 'belum diketahui', 'belum diketahui')
    """
    return "belum diketahui" if value is None or isnan(value) else Speech(UTC).decimal(value, digits)


def kelas(level: int | None) -> str:
    return "belum ada kelas" if level is None else f"{LABELS[level]} (tingkat {level})"


def because(c: Classification) -> str:
    """Why the class is what it is, and how firm."""
    parts = [part for code in c.because for part in _carrier(c, code)]
    if c.distance is not None and c.nearest_cut is not None:
        parts.append(clause(Speech(UTC).distance(c.distance, koma(c.nearest_cut, 0), c.direction)))
    chance = f" (peluang kelas ini {100 * c.chance[c.level - 1]:.0f} %)" if c.chance and c.level else ""
    parts.append(table("firmness")[c.firmness] + chance)
    return "; ".join(parts)


def _carrier(c: Classification, code: str) -> Iterable[str]:
    """What carries the class: floors each by name, else the words of the code."""
    if code == "lantai":
        names = table("floors")  # of those that ship with the product; another is told by its code
        named = [clause(names.get(f.id, f.id)) for f in c.floors if f.level == c.level]
        return ["kelas minimum: " + ", ".join(dict.fromkeys(named))]
    return [clause(table("class_reasons")[code])]


def gate_line(g: GateState, speech: Speech) -> str:
    """A gate with why it is shut, when it opens by itself, and whether it may be waived."""
    said = [f"{speech.gate_name(g.gate)}:", speech.why(g)]
    if g.opens_by == "clock" and g.reason in SAYS_NO_TIME:
        said.append(f"{speech.opens_with(g)}.")
    if g.waivable:
        said.append(speech.say("waivable"))
    return " ".join(said)


def part_answer(a: PartAnswer, desa: Mapping[str, Desa], speech: Speech) -> str:
    """How a part of a question stands, with the dates of each village where there are any (RULES 10)."""
    said = PartSpeech(speech, {kode: d.nama for kode, d in desa.items()}, table("levels"))
    dates = "; ".join(f"{nama} {text}" for nama, text in said.dates(a)) if a.code == "starts" else ""
    return f"{said.sentence(a)} {dates}".strip()


def refused(error: KondusifError) -> str:
    """An error as a sentence, with every rule that was broken; problems of files carry their own."""
    speech = Speech(UTC)
    lines = [f"{refusal_title(error, speech)}: {refusal(error, speech)}"]
    rules = table("plan_rules")
    for broken in getattr(error, "violations", ()):
        lines.append("  - " + rules.get(broken.rule, f"%(where)s: {broken.rule}") % {"where": broken.where})
    return "\n".join(lines)


def file_trouble(error: OSError | UnicodeDecodeError) -> str:
    """What the system says of a file, by its name."""
    if isinstance(error, UnicodeDecodeError):
        return table("file_troubles")["encoding"]
    told = table("file_troubles").get(errorcode.get(error.errno or 0, ""), error.strerror or str(error))
    return f"{error.filename}: {told}" if error.filename else told
