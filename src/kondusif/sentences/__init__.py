"""Codes and facts of the core as sentences, in the language and on the clock of whoever reads them.

The command line speaks Indonesian; the office speaks the language of the page. Both say the same sentence,
since it is made here, from the tables of ``kondusif.words``.
"""

from kondusif.sentences.parts import PartSpeech
from kondusif.sentences.refusals import refusal, refusal_title
from kondusif.sentences.speech import Speech

__all__ = ["PartSpeech", "Speech", "refusal", "refusal_title"]
