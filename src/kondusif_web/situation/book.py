"""The words for every kind the book may say; a test holds them against ``kondusif.events``."""

from __future__ import annotations

from kondusif_web.words import lazy_table

KINDS = lazy_table("events")
