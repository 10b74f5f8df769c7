"""Stages and deadlines: working days, calendar days, holidays, rule packs.

The rules of a village-head election change (PP 43/2014 gave way to PP 16/2026) and local orders change the
rest, so lengths are data in a :class:`RulePack` that names its regulation. Numbers marked [P] in RULES are
proposals of the pack or the operation; the election carries its own start offsets (RULES 9).

Read ``days``, ``packs``, ``election`` (starts and deadlines), ``schedule``, ``postures``. Every moment is
timezone-aware and returned in the election's local time. Method: docs/method/4-stages.md.
"""

from kondusif.stages.days import add_working_days, is_working_day, local_day, working_days_between
from kondusif.stages.election import (
    FIRST_YEAR,
    LAST_YEAR,
    LEVELS,
    ZONES,
    Deadlines,
    Election,
    VillageStart,
    deadlines,
    h,
    place_starts,
    reachable,
    stage_at,
    start_for_all,
    starts,
    village_start,
)
from kondusif.stages.packs import PACKS, PP_16_2026, PP_43_2014, START_OFFSETS, RulePack, StagesError
from kondusif.stages.postures import PlannedPosture, timeline
from kondusif.stages.schedule import Stage, calendar, current_stage

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "LEVELS",
    "PACKS",
    "PP_16_2026",
    "PP_43_2014",
    "START_OFFSETS",
    "ZONES",
    "Deadlines",
    "Election",
    "PlannedPosture",
    "RulePack",
    "Stage",
    "StagesError",
    "VillageStart",
    "add_working_days",
    "calendar",
    "current_stage",
    "deadlines",
    "h",
    "is_working_day",
    "local_day",
    "place_starts",
    "reachable",
    "stage_at",
    "start_for_all",
    "starts",
    "timeline",
    "village_start",
    "working_days_between",
]
