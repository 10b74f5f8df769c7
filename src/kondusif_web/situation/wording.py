"""Indonesian for the board: cards, stages, who decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from kondusif.incidents import Severity, kind_of
from kondusif.places import desa_of
from kondusif_web.accounts.models import User
from kondusif_web.election.models import Operation
from kondusif_web.pages.wording import kata_inti
from kondusif_web.words import lazy_table

NEXT = lazy_table("ladder")
DECIDES = {int(level): who for level, who in lazy_table("approvers").items()}

KINDS = lazy_table("events")  # of every line that the book may hold
SEVERITY = lazy_table("severities")
CHIP = {Severity.HIJAU: "biasa", Severity.KUNING: "kuning", Severity.MERAH: "merah"}


def incident_name(kind: str) -> str:
    """``Massa``, ``Kabar``: the word of the form."""
    return kata_inti(kind_of(kind).word).capitalize()


def place_name(kode: str, names: Mapping[str, str]) -> str:
    """``TPS 02 Tegalrejo``, ``Tegalrejo``; the code where the village has no name here."""
    desa = desa_of(kode)
    name = names.get(desa, desa)
    number = kode.partition("-")[2]
    return f"TPS {number} {name}" if number.isdigit() else name


def subject_name(subject: str, names: Mapping[str, str], who: Mapping[str, str]) -> str:
    """What a line of the book is about: a place by its name, an account by its title, else as written."""
    return place_name(subject, names) if desa_of(subject) in names else who.get(subject, subject)


def decides(level: int | None) -> str:
    """Who approves a withdrawal; an unknown class counts as the highest (RULES 16)."""
    return str(DECIDES[level or 3])


def listed(names: Iterable[str], most: int = 3) -> str:
    """``A, B, C dan 4 lagi``."""
    items = list(names)
    head = ", ".join(items[:most])
    return head if len(items) <= most else _("%(a)s dan %(n)d lagi") % {"a": head, "n": len(items) - most}


def writers(operation: Operation) -> dict[str, str]:
    """Username to title in the operation; of who is none of its people, the title in the office."""
    members = operation.members.select_related("user")
    return User.objects.titles() | {member.username: str(member) for member in members}
