"""Words for forces and states of a posting."""

from __future__ import annotations

from kondusif_web.pages.wording import chips
from kondusif_web.words import lazy_table

FORCES = lazy_table("forces")

POSTING_STATES = chips("posting_states")
