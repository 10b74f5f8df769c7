"""Indonesian for gates, reasons, kinds and refusals of the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from kondusif.withdraw import GateState, Reason, State
from kondusif_web.look.templatetags.kondusif import kapan, lama
from kondusif_web.look.wording import POSTURES
from kondusif_web.words import lazy_table

GATES = {
    code: format_lazy("{}. {}", code, word) if code.isdigit() else word
    for code, word in lazy_table("gates").items()
}
REASONS = lazy_table("gate_reasons")
OPENS_BY = lazy_table("opens_by")
PLACES = lazy_table("place_states")
PARTIES = lazy_table("parties")
FORCES = lazy_table("forces")
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
VALUES = lazy_table("check_values")
OUTCOMES = lazy_table("request_outcomes")
RESIDENT = lazy_table("resident")
DISPUTES = lazy_table("disputes")
BOOK = {
    kind: word
    for kind, word in lazy_table("events").items()
    if kind in ("posture_moved", "village_reopened") or kind.startswith(("withdrawal_", "waiver_"))
}

REFUSALS = lazy_table("field_refusals")


def refusal(code: str) -> str:
    """The sentence of a refused write."""
    return str(REFUSALS.get(code, _l("Tidak dapat dikerjakan.")))


def place_name(kode: str) -> str:
    """A station by its number within the village, a party by its title, else the whole village."""
    if kode in PARTIES:
        return str(PARTIES[kode])
    return _("TPS %s") % kode[-2:] if "-" in kode else _("Seluruh desa")


def why(g: GateState) -> str:
    """One or two sentences: why the gate stands as it does, with places and times."""
    facts: Mapping[str, Any] = g.facts
    if g.gate == "quiet" and g.reason is Reason.QUIET_RUNNING:
        text = _("Baru %(lama)s dari %(jam)s jam, sejak %(sejak)s.") % {
            "lama": lama(facts["passed"]),
            "jam": facts["hours"],
            "sejak": kapan(facts["since"]),
        }
        if facts.get("after_news"):
            text += _(" Dihitung dari akhir kabar buruk.")
        return text + _(" Dipakai %(jam)s jam karena tingkat %(t)s.") % {
            "jam": facts["hours"],
            "t": facts["level"],
        }
    if g.reason in (Reason.WINDOW_OPEN, Reason.DISPUTE_OPEN, Reason.INAUGURATION_AHEAD):
        return _("Belum lewat: %s.") % kapan(g.opens_at)
    if not g.shut and g.state is not State.WAIVED:
        return _met(g)
    text = str(REASONS.get(g.reason, ""))
    return f"{text} {_places(facts)}".strip()


def _met(g: GateState) -> str:
    parts = []
    if isinstance(at := g.facts.get("seen_at"), datetime):
        parts.append(kapan(at))
    if g.gate == "quiet":
        parts.append(_("%(lama)s tanpa kabar buruk") % {"lama": lama(g.facts["passed"])})
    if g.gate == "night":
        parts.append(_("siang hari") if g.facts.get("guarded") else _("hanya untuk tingkat 3"))
    if g.valid_until:
        parts.append(_("berlaku s.d. %s") % kapan(g.valid_until))
    return ", ".join(parts)


def _places(facts: Mapping[str, Any]) -> str:
    """Which stations or parties are missing; the complete ones are only counted."""
    places = facts.get("places")
    if not isinstance(places, Mapping) or len(places) < 2:
        return ""
    bad = [f"{place_name(k)}: {PLACES.get(v, v)}" for k, v in places.items() if v != "met"]
    if len(bad) == len(places) and len(set(places.values())) == 1:
        return ""  # the same everywhere: the reason says it
    good = len(places) - len(bad)
    told = "; ".join(bad) + "."
    return told + (_(" %(n)d lain lengkap.") % {"n": good} if good else "")


def opens_with(g: GateState) -> str:
    """What opens a shut gate, or when it opens by itself."""
    if g.opens_at is not None and g.opens_by == "clock":
        return _("Terbuka sendiri: %s, bila tetap tenang") % kapan(g.opens_at)
    words = OPENS_BY.get(g.opens_by)
    return _("Buka dengan: %s") % words if words else ""


def gate_words(g: GateState, **more: str) -> dict[str, str]:
    """The words of one gate row, as the look's ``gerbang`` tag takes them."""
    return {
        "judul": str(GATES.get(g.gate, g.gate)),
        "kenapa": why(g),
        "buka_dengan": opens_with(g),
        "catatan": _("Dikecualikan; tandanya tetap di buku.") if g.state is State.WAIVED else "",
        **more,
    }


def gate_list(names: tuple[str, ...]) -> str:
    """``gerbang 4, 12, 13 dan jam tenang`` for the sentence of the earliest time."""
    numbers = [n for n in names if n.isdigit()]
    words = [str(GATES[n]).lower() for n in names if not n.isdigit()]
    if numbers:
        words.insert(0, _("gerbang %s") % _and(numbers, closed=not words))
    return _and(words)


def _and(words: list[str], closed: bool = True) -> str:
    """The words with commas, and "dan" before the last when the list ends there."""
    if len(words) < 2 or not closed:
        return ", ".join(words)
    return ", ".join(words[:-1]) + _(" dan ") + words[-1]


def book_line(kind: str, payload: Mapping[str, Any]) -> str:
    """What a line of the history adds to its title."""
    if kind == "posture_moved":
        start, end = (POSTURES[str(payload[k])].kata for k in ("from", "to"))
        return _("Dari %(a)s ke %(b)s") % {"a": start, "b": end}
    if kind in ("withdrawal_blocked", "withdrawal_requested"):
        names = gate_list(tuple(g["gate"] for g in payload.get("shut", ())))
        return _("Tertutup: %s") % names if names else ""
    if kind.startswith("waiver"):
        return str(GATES.get(str(payload.get("gate")), ""))
    return ""
