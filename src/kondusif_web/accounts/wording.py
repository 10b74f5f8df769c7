"""Indonesian for accounts and the access log."""

from __future__ import annotations

from kondusif_web.words import lazy_table

ACCESS_KINDS = lazy_table("access_kinds")
# What was read, by the name that ``log_read`` is given.
READ = lazy_table("access_read")
