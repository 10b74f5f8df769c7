"""Indonesian for the steps of a story and the marks of its clock."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kondusif.errors import KondusifError, NotAllowed
from kondusif.places import desa_of
from kondusif_web.drill.script import StoryStep
from kondusif_web.pages.wording import GATE_NAMES, refusal
from kondusif_web.words import lazy_table

ACTIONS = lazy_table("story_decisions")
SHEETS = lazy_table("story_sheets")
MARKS = lazy_table("story_marks")


def action(step: StoryStep, names: Mapping[str, str]) -> str:
    """What a step does, and where."""
    if step.sheet == "jawaban":
        n = len(step.rows)
        return ngettext("%(n)d jawaban diimpor", "%(n)d jawaban diimpor", n) % {"n": n}
    title: object
    if step.sheet == "pemeriksaan":
        title = _("%(butir)s, diperiksa") % {"butir": GATE_NAMES[str(step.row["butir"])]}
    elif step.sheet == "keputusan":
        title = ACTIONS[step.row["tindakan"]]
    else:
        title = SHEETS[step.sheet]
    at = place(step)
    if not at or desa_of(at) not in names:
        return str(title)
    tps = at.partition("-")[2]
    where = names[desa_of(at)] + (f", TPS {tps}" if tps else "")
    return _("%(apa)s: %(di_mana)s") % {"apa": title, "di_mana": where}


def place(step: StoryStep) -> str:
    """Code of the desa or TPS that a step is about; "" for none."""
    if step.sheet == "jawaban":
        return ""
    found = step.row.get("tempat") or step.row.get("tps") or step.row.get("desa")
    return found if isinstance(found, str) else ""


def refused(step: StoryStep, names: Mapping[str, str]) -> str:
    """What the clock stopped at."""
    return _('Langkah cerita "%(langkah)s" ditolak oleh aturan.') % {"langkah": action(step, names)}


def reason(why: Exception) -> str:
    """Why a step was refused, as the page of the action itself would say it."""
    if isinstance(why, NotAllowed) and why.reason not in ("same_person", "account_closed"):
        return _("Akun yang menjalankannya tidak lagi berwenang.")
    if isinstance(why, ObjectDoesNotExist):
        return _("Yang akan diputuskan sudah tidak ada: sudah diputuskan dengan tangan.")
    if isinstance(why, KondusifError) and why.reason:
        return refusal(why)
    return _("Keadaan sudah diubah dengan tangan.")
