"""Indonesian for gates, reasons, kinds and refusals of the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kondusif_web.pages.wording import GATE_NAMES, POSTURES
from kondusif_web.words import lazy_table, speech

PARTIES = lazy_table("parties")


VALUES = lazy_table("check_values")


OUTCOMES = lazy_table("request_outcomes")


RESIDENT = lazy_table("resident")


DISPUTES = lazy_table("disputes")
DISPUTE_CHOICES = [(k, v) for k, v in DISPUTES.items() if k != "unknown"]


BOOK = {
    kind: word
    for kind, word in lazy_table("events").items()
    if kind in ("posture_moved", "village_reopened") or kind.startswith(("withdrawal_", "waiver_"))
}


def book_line(kind: str, payload: Mapping[str, Any]) -> str:
    """What a line of the history adds to its title."""
    if kind == "posture_moved":
        start, end = (POSTURES[str(payload[k])].kata for k in ("from", "to"))
        return _("Dari %(a)s ke %(b)s") % {"a": start, "b": end}
    if kind in ("withdrawal_blocked", "withdrawal_requested"):
        names = speech().gate_list(tuple(g["gate"] for g in payload.get("shut", ())))
        return _("Tertutup: %s") % names if names else ""
    if kind.startswith("waiver"):
        return str(GATE_NAMES.get(str(payload.get("gate")), ""))
    return ""
