"""Plain Indonesian for the terminal: codes and facts of the core become sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from kondusif.classify import Classification
from kondusif.dialogue import PartAnswer
from kondusif.errors import KondusifError
from kondusif.places import Desa, desa_of
from kondusif.standby import Posture
from kondusif.withdraw import GateState
from kondusif.words import clause, table

LABELS = {int(level): word for level, word in table("levels").items()}
DAYS, MONTHS = tuple(table("days").values()), tuple(table("months").values())
FORCES, GATES, PARTIES = table("forces"), table("gates"), table("parties")


def koma(value: float | None, digits: int = 2) -> str:
    """A number with a decimal comma; unknown stays a word.

    >>> koma(38.287), koma(None)
    ('38,29', 'belum diketahui')
    """
    return "belum diketahui" if value is None else f"{value:.{digits}f}".replace(".", ",")


def waktu(at: datetime | None, zone: ZoneInfo) -> str:
    """Day, date and time on the local clock: "Kam 12 Okt 13.00"."""
    if at is None:
        return "belum dapat dihitung"
    at = at.astimezone(zone)
    return f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at:%H.%M}"


def kelas(level: int | None) -> str:
    return "belum ada kelas" if level is None else f"{LABELS[level]} (tingkat {level})"


def posture(at: Posture) -> str:
    """The posture with its number on the ladder: "Surut 1 (L1)"."""
    word, number = table("postures")[at], table("ladder").get(at, "")
    return word if at is Posture.CLOSED or not number else f"{word} ({number})"


def answered(status: str) -> str:
    return clause(table("answered")[status])


def unmet(why: str) -> str:
    """Why nobody fills a need."""
    return clause(table("unmet")[why])


def because(c: Classification) -> str:
    """Why the class is what it is, and how firm."""
    parts = [part for code in c.because for part in _carrier(c, code)]
    if c.distance is not None and c.nearest_cut is not None:
        side = "di bawah" if c.direction == "naik" else "di atas"
        parts.append(f"{koma(c.distance)} {side} batas {koma(c.nearest_cut, 0)}")
    chance = f" (peluang kelas ini {100 * c.chance[c.level - 1]:.0f} %)" if c.chance and c.level else ""
    parts.append(table("firmness")[c.firmness] + chance)
    return "; ".join(parts)


def _carrier(c: Classification, code: str) -> Iterable[str]:
    """What carries the class: floors each by name, else the words of the code."""
    if code == "lantai":
        named = [clause(floor_name(f.id)) for f in c.floors if f.level == c.level]
        return ["lantai: " + ", ".join(dict.fromkeys(named))]
    return [clause(table("class_reasons")[code])]


def floor_name(code: str) -> str:
    """The name of a floor that ships with the product, else its code."""
    return table("floors").get(code, code)


def gate_name(gate: str) -> str:
    return f"{gate}. {GATES[gate]}" if gate.isdigit() else GATES[gate]


def gate_reason(g: GateState, zone: ZoneInfo) -> str:
    """Why a gate is shut, which places it concerns, when it opens by itself."""
    text = clause(table("gate_reasons")[g.reason])
    places = g.facts.get("places")
    if isinstance(places, Mapping):
        bad = [p for p, state in places.items() if state != "met"]
        if set(places) <= set(PARTIES):
            text = "menunggu " + ", ".join(PARTIES[p] for p in bad)
        elif 0 < len(bad) < len(places):
            text += ": TPS " + ", ".join(p.rpartition("-")[2] for p in bad)
    if g.gate == "quiet" and g.facts.get("hours"):
        text += f" ({g.facts['hours']} jam)"
    if g.opens_at is not None:
        text += f"; terbuka sendiri {waktu(g.opens_at, zone)} bila tetap tenang"
    if g.waivable:
        text += "; dapat dikecualikan Kapolres"
    return text


def part_answer(a: PartAnswer, desa: Mapping[str, Desa], zone: ZoneInfo) -> str:
    """One line on how a part of a question stands (RULES 10)."""
    levels = " dan ".join(str(n) for n in a.levels)
    scope = f"tingkat {levels}: " if levels else ""
    by = ", ".join(b for b in a.by if b != "rencana")
    if a.code == "starts":
        return "; ".join(f"{desa[k].nama} {waktu(at, zone)}" for k, at in sorted(a.dates.items()))
    if a.code == "tps_posts":
        posts: dict[str, list[str]] = {}
        for tps in a.dates:
            posts.setdefault(desa_of(tps), []).append(tps.rpartition("-")[2])
        return "pos di " + ", ".join(f"{len(n)} TPS {desa[k].nama}" for k, n in posts.items())
    return scope + table("part_answers").get(a.code, a.code) % {"by": by}


def refusal(error: KondusifError) -> str:
    """An error as a sentence, with every rule that was broken; problems of files carry their own."""
    head = table("refusal_titles").get(error.code, error.code)
    lines = [f"{head}: {table('plan_refusals').get(str(error), error)}"]
    rules = table("plan_rules")
    for broken in getattr(error, "violations", ()):
        lines.append("  - " + rules.get(broken.rule, f"%(where)s: {broken.rule}") % {"where": broken.where})
    return "\n".join(lines)
