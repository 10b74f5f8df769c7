"""What may be said now of a part of a question, in the language and on the clock of the reader (RULES 10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kondusif.dialogue import PartAnswer
from kondusif.dialogue.answers import PLAN
from kondusif.places import TPS_KODE, desa_of
from kondusif.sentences.speech import Speech
from kondusif.stages import village_start
from kondusif.words import table


@dataclass(frozen=True, slots=True)
class PartSpeech:
    """The sentences of one reader. ``names``: desa code to name; ``labels``: level, as text, to its word."""

    speech: Speech
    names: Mapping[str, str]
    labels: Mapping[str, str]

    def sentence(self, a: PartAnswer, *, same_for_all: bool = False) -> str:
        """No more than is known. ``same_for_all``: for who may not see a class, so one start for all."""
        if a.code == "said":
            return ""  # the words themselves are shown
        said = [self._say(_code(a, same_for_all), a)]
        lacks_dates = a.code == "starts" and not same_for_all
        lacks_posts = a.code == "at_the_place" and bool(a.dates)
        if a.missing and (lacks_dates or lacks_posts):
            said.append(self._say(f"{a.code}_not_everywhere", a))
        return " ".join(said)

    def dates(self, a: PartAnswer) -> list[tuple[str, str]]:
        """Village, and its start with the stations that begin earlier beside it (RULES 9)."""
        starts = {**a.dates, **a.earlier}
        villages = sorted({desa_of(kode) for kode in a.dates})
        return [(self._name(kode), self.speech.begins(village_start(kode, starts))) for kode in villages]

    def levels(self, levels: tuple[int, ...]) -> str:
        """``Rawan dan Sangat Rawan``; every level is ``semua kelas``."""
        if not levels:
            return self.speech.word("part_words", "every_level")
        return self._joined(self.labels.get(str(n), str(n)) for n in levels)

    def _say(self, code: str, a: PartAnswer) -> str:
        force, word = a.part.force, self.speech.word
        answered_by = [word("part_words", "the_plan") if by == PLAN else by for by in a.by]
        whose = word("forces", force) if force else word("part_words", "officers")
        stations = [kode for kode in a.dates if TPS_KODE.fullmatch(kode)]
        facts = {
            "siapa": self._joined(answered_by),
            "kelas": self.levels(a.levels),
            "pihak": whose,
            "desa": ", ".join(map(self._name, a.missing)),
            "n": len(stations),
            "kapan": self.speech.long_when(max(a.dates.values(), default=None)),
        }
        return word("part_answers", code) % facts

    def _name(self, kode: str) -> str:
        return self.names.get(kode, kode)

    def _joined(self, words: Iterable[str]) -> str:
        return self.speech.say("and").join(words)


def _code(a: PartAnswer, same_for_all: bool) -> str:
    """The code of the sentence: of two forms the one that fits."""
    if a.code == "starts" and same_for_all:
        return "starts_for_all"
    if a.code == "stays" and not a.levels:
        return "stays_for_all"
    return a.code if a.code in table("part_answers") else "no_answer"
