"""The parts of an Open XML file as tags, one after the other, whatever somebody put into them."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any
from xml.parsers import expat

BROKEN: tuple[type[Exception], ...] = (  # what a part that is cut, forged or packed in an odd way raises
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, expat.ExpatError, EOFError, LookupError,
    NotImplementedError, OSError, RuntimeError, StopIteration, ValueError,
)  # fmt: skip
PIECE = 1 << 20
DEEPEST = 100  # tags within tags; a sheet has about eight

Attributes = Mapping[str, str]
Tags = Mapping[str, Callable[[Attributes], None]]

_BLANK = re.compile(  # only before what has an address of its own: else the next is counted from it
    rb'<c r="[^<>]*/>(?=<c r="|</row>)'
    rb'|<row r="[^<>]*(?:/>|>(?:<c r="[^<>]*/>)*+</row>)(?=<row r="|</sheetData>)'
)


def pass_by(_: Attributes) -> None:
    """A tag that says nothing about values."""


def leave(_: str) -> None:
    """An end that says nothing."""


def part_parser(start: Callable[[str, Attributes], None], end: Callable[[str], None]) -> Any:
    """A parser that refuses tags within tags without end, which would fill the memory."""
    depth = 0

    def deeper(tag: str, at: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise ValueError(tag)
        start(tag, at)

    def back(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = deeper
    parser.EndElementHandler = back
    return parser


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """A part in pieces, without its blank cells and rows."""
    rest = b""
    while chunk := stream.read(PIECE):
        head, mark, rest = (rest + chunk).rpartition(b">")
        if not mark:
            head, rest = rest, b""
        yield _BLANK.sub(b"", head + mark)
    yield rest


class CellText:
    """Gathers the characters of a cell; not those of a reading aid above them (``rPh``)."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._open = self._aside = False
        self.starts: Tags = {"t": self.begin, "rPh": self._leave}
        self.ends: Tags = {"t": self.end, "rPh": self._back}

    def begin(self, _: Attributes) -> None:
        self._open = not self._aside

    def end(self, _: Attributes) -> None:
        self._open = False

    def _leave(self, _: Attributes) -> None:
        self._aside = True

    def _back(self, _: Attributes) -> None:
        self._aside = False

    def add(self, text: str) -> None:
        if self._open:
            self._found.append(text)

    def take(self) -> str:
        found = "".join(self._found)
        self._found.clear()
        return found
