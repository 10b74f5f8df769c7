"""The ways through the house: which modules of ours some requests enter, and whether they turn back.

A module is **entered** when a function written in it is called. Reading a constant or a table, making a
dataclass and importing are no entries: run the requests once before recording, so that imports inside
functions are done. Caches of our modules are emptied before each step, so that what an earlier test asked
for cannot hide a module.

The **rooms** are the packages: ``kondusif_web.<context>``, ``kondusif.<package>``, ``kondusif_index``. The
**stations** of a way are the contexts of the work. Not stations are what every page stands on
(``FOUNDATION``: the book, accounts, the operation, the frame of a page) and the core, which is asked and
knows no context. A context asks another by calling it and waits for the answer, which is no leaving: the
answer comes back and nothing is entered. A way **enters a room it left** when

- *callback*: a context is called while it waits, beneath another context: A calls B, and B calls A;
- *door*: one request came to context A, the next to B, a later one to A again;
- *again*: one context, at one visit, asks B, then C, then B once more: it asks B in two places.

The first two are refused; the third is told, for a page that lists things of many contexts asks by its order.
An iterator that A makes and B reads is data handed over and no callback. Two calls of B with none of another
context between are one visit. Asking the same context from two different ones is no turning back: it is read
twice, and nothing is decided there.

``python -m tests.ways`` writes the ways into ARCHITECTURE.md.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
PACKAGES = ("kondusif", "kondusif_index", "kondusif_web")
ENGINE = ("kondusif_index",)
FOUNDATION = {"logbook", "accounts", "election", "pages", "words"}
PAGE = ROOT / "ARCHITECTURE.md"
BEGIN, END = "<!-- ways: written by python -m tests.ways -->", "<!-- end of ways -->"


@cache
def module_of(filename: str) -> str:
    """Dotted name of one of our modules by its file, "" for any other."""
    path = Path(filename)
    if not path.is_relative_to(SRC):
        return ""
    parts = path.relative_to(SRC).with_suffix("").parts
    if parts[0] not in PACKAGES:
        return ""
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """The room of a module: its package and the first package or module below it; the engine is one room."""
    first, _, rest = module.partition(".")
    if within(module, ENGINE):
        return next(name for name in ENGINE if within(module, [name]))
    return ".".join([first, *rest.split(".")[:1]]) if rest else first


@cache
def station_of(module: str) -> str:
    """The context of the work a module belongs to, "" for the core, a foundation or a single module."""
    parts = module.split(".")
    if parts[0] != "kondusif_web" or len(parts) < 2 or parts[1] in FOUNDATION:
        return ""
    return parts[1] if (SRC / "kondusif_web" / parts[1]).is_dir() else ""


def kind_of(module: str) -> str:
    if within(module, ENGINE):
        return "engine"
    if station_of(module):
        return "contexts"
    return "foundation" if within(module, ["kondusif_web"]) else "core"


def within(module: str, packages: Iterable[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in packages)


@dataclass(frozen=True, slots=True)
class Return:
    """One turning back: its kind, and the functions it goes through."""

    kind: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind}: {' > '.join(self.path)}"


@dataclass(slots=True)
class Visit:
    """One stay in a station, and where it asked, in order: (station, function), no station twice running."""

    station: str
    asked: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Call:
    frame: FrameType
    function: str
    visit: Visit


@dataclass(slots=True)
class Step:
    """One request of a way: what it is, modules first entered in it, stations in order of entry."""

    name: str
    modules: list[str] = field(default_factory=list)
    stations: list[str] = field(default_factory=list)


class Way:
    """Records the steps of one way: ``with way.step("The officer sends the form"): browser.post(...)``."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.steps: list[Step] = []
        self.edges: dict[tuple[str, str], None] = {}  # caller and called function, across modules
        self._entered: dict[str, None] = {}
        self._returns: dict[Return, None] = {}
        self._root = Visit("")
        self._calls: list[Call] = []
        self._iterators: dict[FrameType, Visit] = {}  # begun iterators and whose work they do

    def modules(self) -> tuple[str, ...]:
        """Every module of ours entered, in order of first entry."""
        return tuple(self._entered)

    def without_engine(self) -> tuple[str, ...]:
        return tuple(m for m in self._entered if not within(m, ENGINE))

    def kinds(self) -> dict[str, int]:
        """How many of them are of contexts, of the foundation, of the core, of the engine."""
        return dict(Counter(kind_of(module) for module in self._entered))

    def rooms(self) -> tuple[tuple[str, ...], ...]:
        """For each step the stations in order of entry."""
        return tuple(tuple(step.stations) for step in self.steps)

    def returns(self, *kinds: str) -> tuple[Return, ...]:
        """Where the way enters a room it left, each once; of these kinds, or of all."""
        return tuple(r for r in self._returns if not kinds or r.kind in kinds)

    def callers(self, *functions: str) -> tuple[str, ...]:
        """Functions of other modules that called any of these."""
        return tuple(dict.fromkeys(caller for caller, called in self.edges if called in functions))

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        assert sys.getprofile() is None, "one recorder at a time"
        forget()
        self.steps.append(Step(name))
        self._calls, self._iterators = [], {}
        sys.setprofile(self._event)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _event(self, frame: FrameType, event: str, arg: Any) -> None:
        if event == "call":
            module = module_of(frame.f_code.co_filename)
            if module and frame.f_code.co_flags & inspect.CO_OPTIMIZED:  # neither a module nor a class body
                self._call(frame, module)
        elif event == "return":
            self._return(frame)

    def _call(self, frame: FrameType, module: str) -> None:
        function = f"{module}.{frame.f_code.co_qualname}"
        above = self._calls[-1] if self._calls else None
        if module not in self._entered:
            self._entered[module] = None
            self.steps[-1].modules.append(module)
        if above and module_of(above.frame.f_code.co_filename) != module:
            self.edges[above.function, function] = None
        visit = self._visit(frame, station_of(module), function, above.visit if above else self._root)
        self._calls.append(Call(frame, function, visit))

    def _visit(self, frame: FrameType, station: str, function: str, asking: Visit) -> Visit:
        """The stay this call belongs to: the asking one, that of the iterator's maker, or a new one."""
        if not station or station == asking.station:
            return asking
        if frame in self._iterators:
            return self._iterators[frame]
        waiting = [c for c in self._calls if c.visit.station == station]
        if not frame.f_code.co_flags & inspect.CO_GENERATOR:
            return self._enter(station, function, asking, waiting)
        visit = waiting[-1].visit if waiting else self._enter(station, function, asking, waiting)
        self._iterators[frame] = visit
        return visit

    def _enter(self, station: str, function: str, asking: Visit, waiting: list[Call]) -> Visit:
        stations = self.steps[-1].stations
        if not stations or stations[-1] != station:
            stations.append(station)
        if waiting:
            between = next(c for c in reversed(self._calls) if c.visit is asking)
            self._returns[Return("callback", (waiting[-1].function, between.function, function))] = None
        elif asking.asked and asking.asked[-1][0] != station:
            self._look_back(station, function, asking)
        if not asking.asked or asking.asked[-1][0] != station:
            asking.asked.append((station, function))
        return Visit(station)

    def _look_back(self, station: str, function: str, asking: Visit) -> None:
        before = [at for at, (name, _) in enumerate(asking.asked) if name == station]
        if before:
            kind = "again" if asking.station else "door"
            path = (asking.asked[before[-1]][1], asking.asked[before[-1] + 1][1], function)
            self._returns[Return(kind, path)] = None

    def _return(self, frame: FrameType) -> None:
        for at in range(len(self._calls) - 1, -1, -1):
            if self._calls[at].frame is frame:
                del self._calls[at:]
                return


CACHED = type(module_of)  # what functools makes of a function that remembers


def forget() -> None:
    """Empty every cache that a function of ours keeps."""
    for name, module in list(sys.modules.items()):
        if within(name, PACKAGES):
            for value in list(vars(module).values()):
                if isinstance(value, CACHED):
                    value.cache_clear()


# ---------------------------------------------------------------- drawn


def drawn(ways: Iterable[Way]) -> str:
    """The ways as Markdown: their steps, the stations of each once, the modules first entered there."""
    lines = [BEGIN]
    for way in ways:
        kinds = ", ".join(f"{number} of {kind}" for kind, number in counted(way))
        lines += ["", f"**{way.name}.** {len(way.modules())} modules: {kinds}.", ""]
        for number, step in enumerate(way.steps, 1):
            lines.append(f"{number}. {step.name}: {' → '.join(dict.fromkeys(step.stations))}")
            lines += [f"   - `{room}`{names}" for room, names in by_room(step.modules)]
    return "\n".join([*lines, "", END])


def counted(way: Way) -> list[tuple[str, int]]:
    names = {
        "contexts": "the contexts",
        "foundation": "the foundation",
        "core": "the core",
        "engine": "the engine",
    }
    kinds = way.kinds()
    return [(name, kinds[kind]) for kind, name in names.items() if kind in kinds]


def by_room(modules: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each room in order of first entry with the names of its modules below it."""
    rooms: dict[str, list[str]] = {}
    for module in modules:
        below = module.removeprefix(room_of(module)).lstrip(".")
        rooms.setdefault(room_of(module), []).append(below)
    for room, names in rooms.items():
        inner = ", ".join(name for name in names if name)
        yield room, f": {inner}" if inner else ""


def section(text: str) -> str:
    """What ARCHITECTURE.md says between the two marks, both included; "" when it has none."""
    begin, end = text.find(BEGIN), text.find(END)
    return text[begin : end + len(END)] if -1 < begin < end else ""


def write(ways: Iterable[Way]) -> None:
    """Put the drawing where the old one stood, or at the end of the page."""
    text = PAGE.read_text(encoding="utf-8")
    new, old = drawn(ways), section(text)
    text = text.replace(old, new) if old else f"{text.rstrip()}\n\n## The ways through the house\n\n{new}\n"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    import pytest

    os.environ["KONDUSIF_WRITE_WAYS"] = "1"  # the people and places of the ways are fixtures of the tests
    raise SystemExit(
        pytest.main([str(ROOT / "tests" / "test_ways.py"), "-s", "-k", "drawn", "-p", "no:xdist"])
    )
