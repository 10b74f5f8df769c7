"""How one reader is addressed: numbers, times, gates, postures and distances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, TypeVar

from kondusif.places import desa_of
from kondusif.stages import VillageStart
from kondusif.standby import Posture
from kondusif.withdraw import PARTIES, EarliestMove, GateState, GateStatus, Hindrance, Reason
from kondusif.withdraw.level import GateLevel
from kondusif.words import OWN, table

MISSING = "–"
Moment = TypeVar("Moment", date, datetime)


@dataclass(frozen=True, slots=True)
class Speech:
    """How one reader is addressed: the clock of the operation and a language of the tables."""

    zone: tzinfo
    language: str = OWN

    def word(self, family: str, code: str) -> str:
        """The word of a code; the code itself where the family does not know it."""
        return table(family, self.language).get(code, code)

    def say(self, code: str, facts: object = ()) -> str:
        """A sentence with its facts filled in: a mapping by name, or the one value it has."""
        return table("sentences", self.language)[code] % facts

    # ------------------------------------------------------------ numbers and times

    def decimal(self, value: float | None, digits: int = 2) -> str:
        """``38,59`` (in English ``38.59``), thousands apart; a dash where missing, never zero."""
        if value is None:
            return MISSING
        text = f"{value:,.{digits}f}"
        english = table("sentences", self.language)["decimal_mark"] == "."
        return text if english else text.translate(str.maketrans(",.", ".,"))

    def percent(self, value: float | None, digits: int = 0) -> str:
        """``70 %`` from 0.7; a dash where missing."""
        return MISSING if value is None else self.say("percent", {"n": self.decimal(value * 100, digits)})

    def clock(self, at: datetime) -> str:
        """``14.05`` (in English ``14:05``) on the reader's clock; a moment without a zone stays as it is."""
        return self._here(at).strftime(table("sentences", self.language)["clock"])

    def day(self, at: date) -> str:
        """``Kam 12 Okt``."""
        return f"{self._weekday('days', at)} {self.short_date(at)}"

    def short_date(self, at: date) -> str:
        """``12 Okt``."""
        here = self._here(at)
        return f"{here.day} {self.word('months', str(here.month))}"

    def _weekday(self, family: str, at: date) -> str:
        return self.word(family, str(self._here(at).isoweekday()))

    def when(self, at: datetime | None) -> str:
        """``Kam 12 Okt 13.00``; a dash where unknown."""
        return MISSING if at is None else f"{self.day(at)} {self.clock(at)}"

    def long_when(self, at: datetime | None) -> str:
        """``Minggu 8 Okt 07.00``; a dash where unknown."""
        if at is None:
            return MISSING
        return f"{self._weekday('days_long', at)} {self.short_date(at)} {self.clock(at)}"

    def begins(self, start: VillageStart | None) -> str:
        """The start of a village, the same words wherever a class may be seen (RULES 9):
        ``Minggu 8 Okt 07.00; TPS 03 sejak Sabtu 7 Okt 07.00``; a dash where nothing is planned."""
        if start is None:
            return MISSING
        said = [self.long_when(start.at)]
        for at in dict.fromkeys(start.earlier.values()):
            tps = [kode.rpartition("-")[2] for kode, when in start.earlier.items() if when == at]
            facts = {"tps": ", ".join(tps), "kapan": self.long_when(at)}
            said.append(self.word("part_words", "earlier_stations") % facts)
        return "; ".join(said)

    def duration(self, length: timedelta) -> str:
        """``53 menit``, ``1 jam 5 menit``, ``3 hari 2 jam``: days, without minutes, from two days up."""
        minutes = int(length.total_seconds() // 60)
        hours, rest = divmod(minutes, 60)
        if minutes < 60:
            return self.say("minutes", {"n": minutes})
        if hours < 48:
            return self.say("hours_minutes" if rest else "hours", {"j": hours, "n": rest})
        days, left = divmod(hours, 24)
        return self.say("days_hours" if left else "days", {"d": days, "j": left})

    def listed(self, words: Sequence[str]) -> str:
        """``A, B dan C``."""
        if len(words) < 2:
            return "".join(words)
        return ", ".join(words[:-1]) + self.say("and") + words[-1]

    def _here(self, at: Moment) -> Moment:
        """On the reader's clock; a day, or a moment without a zone, as it is."""
        return at.astimezone(self.zone) if isinstance(at, datetime) and at.utcoffset() is not None else at

    # ------------------------------------------------------------ gates

    def gate_name(self, gate: str) -> str:
        """``4. Kotak suara disegel dan diterima``, ``Jam tenang``."""
        word = self.word("gates", gate)
        return f"{gate}. {word}" if gate.isdigit() else word

    def gate_list(self, gates: Sequence[str]) -> str:
        """``gerbang 4, 12, 13 dan jam tenang``."""
        numbers = [g for g in gates if g.isdigit()]
        words = [self.word("gates", g).lower() for g in gates if not g.isdigit()]
        if numbers:
            words.insert(0, self.say("gates", ", ".join(numbers) if words else self.listed(numbers)))
        return self.listed(words)

    def why(self, g: GateState) -> str:
        """One or two sentences: why the gate stands as it does, with places and times."""
        if g.reason is Reason.QUIET_RUNNING:
            return self._quiet_running(g.facts)
        if g.reason in (Reason.WINDOW_OPEN, Reason.DISPUTE_OPEN, Reason.INAUGURATION_AHEAD):
            return self.say("not_passed", self.when(g.opens_at))
        if g.state is GateStatus.OPEN:
            return self._met(g)
        if g.reason is Reason.POST_SILENT:
            return self._silent(g.facts)
        if g.reason in (Reason.GAP_UNSTATED, Reason.GAP_UNCONFIRMED):
            return f"{self.word('gate_reasons', g.reason)} {self._gaps(g.facts)}"
        return f"{self.word('gate_reasons', g.reason)} {self._places(g.facts)}".strip()

    def opens_with(self, g: GateState) -> str:
        """What opens a shut gate, or when it opens by itself; "" where nothing is known to."""
        if g.opens_at is not None and g.opens_by == "clock":
            return self.say("opens_itself", self.when(g.opens_at))
        by = table("opens_by", self.language).get(g.opens_by)
        return self.say("opens_with", by) if by else ""

    def place(self, kode: str) -> str:
        """A station by its number within the village, a party by its title, else the whole village."""
        if kode in PARTIES:
            return self.word("parties", kode)
        return self.say("station", kode[-2:]) if "-" in kode else self.say("whole_village")

    def _quiet_running(self, facts: Mapping[str, Any]) -> str:
        so_far = {
            "lama": self.duration(facts["passed"]),
            "jam": facts["hours"],
            "sejak": self.when(facts["since"]),
        }
        said = [self.say("quiet_so_far", so_far)]
        if facts.get("after_news"):
            said.append(self.say("quiet_after_news"))
        return " ".join([*said, self.say("quiet_by_level", {"jam": facts["hours"], "t": facts["level"]})])

    def _met(self, g: GateState) -> str:
        said = []
        if isinstance(at := g.facts.get("seen_at"), datetime):
            said.append(self.when(at))
        if isinstance(passed := g.facts.get("passed"), timedelta):
            said.append(self.say("without_news", {"lama": self.duration(passed)}))
        if "guarded" in g.facts:
            said.append(self.say("by_day" if g.facts["guarded"] else "guarded_level"))
        if g.valid_until:
            said.append(self.say("valid_until", self.when(g.valid_until)))
        return ", ".join(said)

    def _places(self, facts: Mapping[str, Any]) -> str:
        """Which stations or parties are missing; the complete ones are only counted."""
        places = facts.get("places")
        if not isinstance(places, Mapping) or len(places) < 2:
            return ""
        bad = {k: state for k, state in places.items() if state != "met"}
        if len(bad) == len(places) and len(set(bad.values())) == 1:
            return ""  # the same everywhere: the reason says it
        named = [f"{self.place(k)}: {self.word('place_states', state)}" for k, state in bad.items()]
        told = "; ".join(named) + "."
        good = len(places) - len(bad)
        return f"{told} {self.say('others_complete', {'n': good})}" if good else told

    def earliest(self, e: EarliestMove) -> str:
        """``Paling cepat Kam 12 Okt 13.00, bila tetap tenang``, with the gates that must open before."""
        if e.before:
            return self.say("earliest_not_yet", self.before(e))
        said = self.say("earliest", self.when(e.at)) if e.at else self.say("earliest_unknown")
        if e.conditions:
            said += ", " + self.say("conditions", self.gate_list(e.conditions))
        return said + "."

    def before(self, e: EarliestMove) -> str:
        """What must happen before a clock can start; "" where nothing must."""
        return self.listed([self._hindrance(h) for h in e.before])

    def _hindrance(self, h: Hindrance) -> str:
        """What must happen first. Bad news without a number: an incident may be a bad look too."""
        if h.kind == "news":
            return self.say("before_news")
        about = (
            self.gate_list(h.about) if h.kind == "denied" else self.listed([self._post(k) for k in h.about])
        )
        return self.say(f"before_{h.kind}", about)

    def _post(self, kode: str) -> str:
        """A post that owes its word: a station, or whoever speaks for the village."""
        return self.place(kode) if "-" in kode else self.say("village_post")

    def _gaps(self, facts: Mapping[str, Any]) -> str:
        """Which posts were silent, each from when until when."""
        told = {
            self._post(kode): (self.when(since), self.when(until)) for kode, since, until in facts["gaps"]
        }
        named = [self.say("gap", {"pos": p, "sejak": a, "hingga": b}) for p, (a, b) in told.items()]
        return f"{self.listed(named)}."

    def _silent(self, facts: Mapping[str, Any]) -> str:
        """Which posts are silent, each with its last word."""
        named = [
            self.say("silent_since", {"pos": self._post(kode), "jam": self.when(at)})
            if at
            else self.say("silent_ever", self._post(kode))
            for kode, at in facts["silent"].items()
        ]
        return self.say("silent_posts", self.listed(named))

    # ------------------------------------------------------------ posture and class

    def gate_level(self, governs: GateLevel | None, own: int | None, labels: Mapping[Any, str]) -> str:
        """Why gates follow another class than the village's: the station, or the publication and its day.

        ``own``: the level shown as the village's. ``labels``: the word of a level, by number or
        its text. "" where the gates follow just that.
        """
        if governs is None or (governs.places[0] == desa_of(governs.places[0]) and governs.level == own):
            return ""
        source = governs.source
        label = labels.get(governs.level) or labels[str(governs.level)]
        by_village = source.place == desa_of(source.place)
        who = self.say("its_village") if by_village else self.listed([self.place(k) for k in governs.places])
        said = {"siapa": who, "kelas": label, "hari": self.day(self._here(source.at))}
        if governs.in_force and not by_village:
            return self.say("gates_follow_station", said)
        return self.say(f"gates_follow_{source.source}", said)

    def posture(self, at: Posture) -> str:
        """The posture with its number on the ladder: ``Penarikan tahap 1 (L1)``."""
        word, number = self.word("postures", at), table("ladder").get(at, "")
        return word if at is Posture.CLOSED or not number else f"{word} ({number})"

    def distance(self, points: float, cut: str, direction: str | None) -> str:
        """How far the nearest cut-off is: ``Kurang 1,79 dari batas 40.``"""
        facts = {"jarak": self.decimal(points), "batas": cut}
        return self.say("below_cut" if direction == "naik" else "above_cut", facts)
