"""Who should stand where, and when?

In order: ``pola`` (today's patterns), ``problem`` (posts and their need), ``rules`` and ``goals``, ``solve``,
``verify`` (re-checks without the solver), ``explain`` (what is unmet, and what would cure it), ``readiness``,
``plotting``. ``kondusif.plan.solve`` is not imported here: it alone needs a solver.
"""

from kondusif.plan.answer import Assignment, Plan, UnmetNeed, plan_from_json, plan_to_json
from kondusif.plan.explain import smallest_extra, unmet_first
from kondusif.plan.plotting import PlottingRow, plotting_rows
from kondusif.plan.pola import EAST_JAVA_2021_2023, LAMONGAN_2019, MOJOKERTO_2019, PATTERN_SETS
from kondusif.plan.problem import NO_EXTRA, ExtraPosts, Post, Violation, demand, waiting_places
from kondusif.plan.readiness import Readiness, readiness
from kondusif.plan.verify import verify

__all__ = [
    "EAST_JAVA_2021_2023",
    "LAMONGAN_2019",
    "MOJOKERTO_2019",
    "NO_EXTRA",
    "PATTERN_SETS",
    "Assignment",
    "ExtraPosts",
    "Plan",
    "PlottingRow",
    "Post",
    "Readiness",
    "UnmetNeed",
    "Violation",
    "demand",
    "plan_from_json",
    "plan_to_json",
    "plotting_rows",
    "readiness",
    "smallest_extra",
    "unmet_first",
    "verify",
    "waiting_places",
]
