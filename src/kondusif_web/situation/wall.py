"""The wall: decisions and figures stand, the part beside them turns its pages and cuts nothing.

Nobody touches it: each page names the next, and the browser asks for it (with or without script).
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zlib import crc32

from django.utils.translation import gettext as _

from kondusif_web.pages.map_cells import in_cells, north_to_south
from kondusif_web.pages.map_layout import MapCell
from kondusif_web.reports.queries import SilentPost
from kondusif_web.situation.board import Board
from kondusif_web.situation.card import Card
from kondusif_web.situation.villages import VillageStatus

SECONDS = 20  # a page stands (LOOK, Wall)
HOLD = timedelta(seconds=60)  # that a new decision keeps the first page
CARDS = 3  # decisions that always stand, whole at 1440x900
CELLS = 36  # villages on one part of the map
BESIDE_MAP = 3  # silent posts, and as many incidents
ROWS = 11  # silent posts, and as many incidents, on a page of their own
LINES = 9  # further decisions on a page
VILLAGES = 8  # on a page, at 1440x900 and 1920x1080


@dataclass(frozen=True, slots=True)
class WallPage:
    """What the turning part shows at once; ``judul`` names it on the page before."""

    judul: str
    peta: Sequence[MapCell] = ()
    diam: Sequence[SilentPost] = ()
    insiden: Sequence[Any] = ()
    desa: Sequence[VillageStatus] = ()
    kartu: Sequence[Card] = ()


def wall_pages(board: Board, incidents: Sequence[Any]) -> tuple[WallPage, ...]:
    """The map with who is silent and what happened, the rest of these, villages, further decisions.

    Every silent post, incident and voting village stands in one list, and every decision in one or
    among the ``CARDS`` that stay.
    """
    silent, rest = board.diam or (), board.kartu[CARDS:]
    first, *maps = _maps(board.bidang)
    marked_first = sorted(board.memilih, key=lambda v: not any(v.marks.values()))
    return (
        WallPage(_("peta, pos diam, insiden"), first, silent[:BESIDE_MAP], incidents[:BESIDE_MAP]),
        *(WallPage(_("peta, lanjutan"), part) for part in maps),
        *_more(silent[BESIDE_MAP:], incidents[BESIDE_MAP:]),
        *(WallPage(_("desa %s") % _span(n, part), desa=part) for n, part in _parts(marked_first, VILLAGES)),
        *(WallPage(_("putusan lain"), kartu=part) for _n, part in _parts(rest, LINES)),
    )


def _maps(cells: Sequence[MapCell]) -> list[Sequence[MapCell]]:
    """The map at once, or of many villages in parts of about the same size, from north to south."""
    if not in_cells(cells):
        return [cells]
    ordered = [cell for _name, own in north_to_south(cells) for cell in own]
    per = ceil(len(ordered) / ceil(len(ordered) / CELLS))
    return [part for _n, part in _parts(ordered, per)]


def _more(silent: Sequence[SilentPost], incidents: Sequence[Any]) -> Iterator[WallPage]:
    for n in range(0, max(len(silent), len(incidents)), ROWS):
        yield WallPage(
            _("pos diam dan insiden lain"), diam=silent[n : n + ROWS], insiden=incidents[n : n + ROWS]
        )


def _span(before: int, part: Sequence[Any]) -> str:
    """``9–16``, or ``31`` of one alone."""
    first, last = before + 1, before + len(part)
    return f"{first}–{last}" if last > first else str(first)


def _parts(rows: Sequence[Any], per: int) -> Iterator[tuple[int, Sequence[Any]]]:
    return ((n, rows[n : n + per]) for n in range(0, len(rows), per))


def number_of(asked: str | None, pages: int, *, held: bool) -> int:
    """The page to show, from 1: the first while it is held, or where the address names none that exists."""
    if held or asked is None or not asked.isascii() or not asked.isdigit() or len(asked) > 6:
        return 1
    return int(asked) if 1 <= int(asked) <= pages else 1


def held(session: MutableMapping[str, Any], key: str, cards: Sequence[Card], now: datetime) -> bool:
    """Whether a decision is new to this wall, or was less than ``HOLD`` ago. ``now``: the server's, since the
    clock of a drill may stand. The session keeps what was shown; it changes only when the decisions do.
    """
    shown = sorted(crc32(f"{card.jenis} {card.url}".encode()) for card in cards)
    before = session.get(key)
    until = before["sampai"] if before else 0.0
    if before is None or before["kartu"] != shown:
        if before is not None and not set(shown) <= set(before["kartu"]):
            until = (now + HOLD).timestamp()
        session[key] = {"kartu": shown, "sampai": until}
    return now.timestamp() < until
