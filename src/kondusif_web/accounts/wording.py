"""Indonesian for accounts, the access log, and refusals of people and files."""

from __future__ import annotations

from kondusif_web.words import lazy_table

ACCESS_KINDS = lazy_table("access_kinds")
# What was read, by the name that ``log_read`` is given.
READ = lazy_table("access_read")

# By the code of the error, then by its own ``why`` where it has one: title and sentence.
_SENTENCES = lazy_table("refusals")
REFUSALS = {code: (title, _SENTENCES.get(code, "")) for code, title in lazy_table("refusal_titles").items()}


def refusal(code: str, why: str = "") -> tuple[object, object]:
    """Title and sentence for a refusal."""
    return REFUSALS.get(f"{code}.{why}") or REFUSALS.get(code) or REFUSALS["kondusif_error"]
