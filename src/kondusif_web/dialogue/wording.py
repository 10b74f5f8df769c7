"""Indonesian for how a part stands, what was promised, and which refusals a form meets."""

from __future__ import annotations

from collections.abc import Mapping

from kondusif.sentences import PartSpeech
from kondusif_web.pages.wording import chips
from kondusif_web.words import lazy_table, speech

ANSWERED = chips("answered")
STANDING = chips("commitment_standing")
PLEDGES = chips("pledges")
TOPICS = lazy_table("topics")
FACTS = lazy_table("dialogue_facts")
QUESTION_TOPICS = lazy_table("question_topics")
LEVELS_NAMED = lazy_table("levels_named")


def parts(names: Mapping[str, str], labels: Mapping[str, str]) -> PartSpeech:
    """What may be said of a part to the reader of this page."""
    return PartSpeech(speech(), names, labels)
