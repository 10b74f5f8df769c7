"""Words for plans: what is unmet and why, states, broken rules, what is printed."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from kondusif.plan import Plan, Violation
from kondusif.plan.plotting import plotting_totals
from kondusif_web.pages.templatetags.kondusif import kapan
from kondusif_web.planning.models import PlanRow
from kondusif_web.words import language, lazy_table

UNMET = lazy_table("unmet")


PLAN_STATES = lazy_table("plan_states")


_RULES = lazy_table("plan_rules")


LOCKED = lazy_table("plan_locked")


def violation(v: Violation, names: Mapping[str, str]) -> str:
    """One broken rule as a sentence; ``names``: place code to what people call it."""
    sentence = _RULES.get(v.rule)
    where = names.get(v.where, v.where)
    if sentence is None:
        return _("%(where)s melanggar aturan %(rule)s.") % {"where": where, "rule": v.rule}
    return str(sentence) % {"where": where}


def plotting_note(plan: Plan, row: PlanRow) -> str:
    """Totals of the part that is printed, and who made and approved the plan."""
    said = plotting_totals(plan, language())
    said.append(_("Penyusun %(siapa)s, %(kapan)s") % {"siapa": row.made_by, "kapan": kapan(row.made_at)})
    if row.approved_by:
        approved = {"siapa": row.approved_by, "kapan": kapan(row.approved_at)}
        said.append(_("Pengesah %(siapa)s, %(kapan)s") % approved)
    return ". ".join(said) + "."
