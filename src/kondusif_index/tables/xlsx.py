"""The values of an Open XML workbook, read tag by tag; of its looks only the number formats count (ADR 18).

No part is held whole but the texts that cells share. Blank cells and rows, however many and however styled,
are passed over before they are parsed.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property, lru_cache
from math import isfinite
from typing import Any

from kondusif_index.errors import N_
from kondusif_index.tables.faults import FailedFormula, UncalculatedFormula
from kondusif_index.tables.tags import Attributes, CellText, Tags, leave, part_parser, pass_by, pieces

MAX_PART = 20_000_000  # of a part that lists sheets or number formats
MAX_TAGS = 200_000  # of those that count in such a part; Excel makes at most 65,430 styles
KEPT = {"Relationship", "workbookPr", "calcPr", "sheet", "numFmt", "cellXfs", "xf"}
LAST_COLUMN = 16_384  # XFD
DAY = 86_400  # seconds; no part of one is shown
WITHOUT_CELLS = ("/chartsheet", "/dialogsheet")  # kinds of sheets
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml"

Row = tuple[int, tuple[object, ...]]

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ZONE = re.compile(r"\b(?:WIB|WITA|WIT)\b")  # in a number format: the clock that its hours are of
_AHEAD = {"WIB": 7, "WITA": 8, "WIT": 9}  # of UTC, hours
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')  # of a number format: what is no sign of it


class BadWorkbook(ValueError):
    """What the workbook should be instead."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def unescaped(text: str) -> str:
    """Text of a workbook as it was typed: a mark that XML cannot hold is kept as ``_xHHHH_``.

    >>> unescaped("a_x0041_ _x005F_x0041_")
    'aA _x0041_'
    """
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class XlsxWorkbook:
    """A workbook that lies whole in memory, packed. A broken part raises what unpacks or parses it."""

    def __init__(self, raw: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(raw))
        self._names = {n.replace("\\", "/").lstrip("/").lower(): n for n in self._archive.namelist()}
        roots = [part for kind, part in self._related("").values() if kind.endswith("/officeDocument")]
        main = roots[0] if roots else "xl/workbook.xml"
        tags = self._tags(main)
        if any(space.startswith(STRICT) for space in tags[0][1].values()):
            raise BadWorkbook(N_("buku kerja biasa, bukan Strict: Simpan Sebagai, Excel Workbook (.xlsx)"))
        self._parts = self._related(main)
        about = dict(tags)
        self._since_1904 = _on(about.get("workbookPr", {}).get("date1904"))
        self._scripted = _on(about.get("calcPr", {}).get("fullCalcOnLoad"))
        self.sheets = tuple(self._sheet(attributes) for tag, attributes in tags if tag == "sheet")

    def _sheet(self, attributes: Attributes) -> XlsxSheet:
        key = next(value for name, value in attributes.items() if name.rpartition(":")[2] == "id")
        kind, part = self._parts[key]
        hidden = attributes.get("state", "visible") != "visible"
        part = "" if kind.endswith(WITHOUT_CELLS) else part
        return XlsxSheet(self, unescaped(attributes["name"]), part, hidden)

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """By its id: kind and name of each part that a part points at."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed.lower() not in self._names:
            return {}
        found = {}
        for tag, at in self._tags(listed):
            if tag == "Relationship":
                target = posixpath.normpath(posixpath.join("/", folder, at["Target"]))
                found[at["Id"]] = (at["Type"], target.lstrip("/"))
        return found

    def _tags(self, part: str) -> list[tuple[str, Attributes]]:
        """The tags of a small part in their order, each with its attributes."""
        if self._archive.getinfo(self._names[part.lower()]).file_size > MAX_PART:
            raise BadWorkbook(N_("isi paling besar {} MB setelah dibuka").format(MAX_PART // 1_000_000))
        found: list[tuple[str, Attributes]] = []

        def keep(tag: str, at: Attributes) -> None:
            name = tag.rpartition(":")[2]
            if name in KEPT or not found:
                found.append((name, at))
            if len(found) > MAX_TAGS:
                raise ValueError(name)

        parser = part_parser(keep, leave)
        parser.Parse(self._archive.read(self._names[part.lower()]), True)
        return found

    def parsed(self, part: str, starts: Tags, ends: Tags, text: Callable[[str], None]) -> Iterator[None]:
        """Calls back for tags by their names without prefix; gives way after each piece of the part."""
        parser = part_parser(
            lambda tag, at: (starts.get(tag) or starts.get(tag.rpartition(":")[2], pass_by))(at),
            lambda tag: (ends.get(tag) or ends.get(tag.rpartition(":")[2], pass_by))({}),
        )
        parser.CharacterDataHandler = text
        with self._archive.open(self._names[part.lower()]) as stream:
            for piece in pieces(stream):
                parser.Parse(piece, False)
                yield
        parser.Parse(b"", True)
        yield

    def _one(self, kind: str) -> str:
        """The part of a kind, "" where the workbook has none."""
        found = [part for of, part in self._parts.values() if of.endswith(kind)]
        return found[0] if found and found[0].lower() in self._names else ""

    @cached_property
    def strings(self) -> list[str]:
        """The texts that cells share."""
        found: list[str] = []
        if part := self._one("/sharedStrings"):
            text = CellText()
            ends = {**text.ends, "si": lambda _: found.append(unescaped(text.take()))}
            for _ in self.parsed(part, text.starts, ends, text.add):
                pass
        return found

    @cached_property
    def _looks(self) -> list[str]:
        """Of each style ``date``, the zone that a date is shown with, ``span``, ``percent`` or ""."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        formats = {str(number): form for number, form in BUILTIN_FORMATS.items()}
        found: list[str] = []
        part = self._one("/styles")
        for tag, at in self._tags(part) if part else ():
            if tag == "numFmt":
                formats.setdefault(at["numFmtId"], at.get("formatCode", ""))
            elif tag == "cellXfs":
                found = []  # what came before are looks that cells do not point at
            elif tag == "xf":
                found.append(_look(formats.get(at.get("numFmtId", "0"), "")))
        return found

    def _look_of(self, style: str) -> str:
        at = int(style or 0)
        return self._looks[at] if at < len(self._looks) else ""

    def number(self, text: str, style: str) -> object:
        """A number as its format shows it: a day, an hour, hours beyond a day; 0.75 as 75 % is 75."""
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        value = int(text) if text.lstrip("-").isdecimal() else float(text)
        if not isfinite(value):
            raise ValueError(text)
        look = self._look_of(style)
        if look == "percent":
            return float(f"{value * 100:.15g}")
        if not look:
            return value
        epoch = MAC_EPOCH if self._since_1904 else WINDOWS_EPOCH
        try:
            moment: object = from_excel(round(value * DAY) / DAY, epoch, timedelta=look == "span")
        except OverflowError:
            return value  # Excel shows it as ####
        if look in _AHEAD and isinstance(moment, datetime):
            return moment.replace(tzinfo=timezone(timedelta(hours=_AHEAD[look])))
        return moment

    def uncalculated(self, result: str) -> bool:
        """Whether the result beside a formula is none; a script puts 0 there and asks for a calculation."""
        return not result or (result == "0" and self._scripted)


class XlsxSheet:
    """One sheet; what is hidden, filtered and merged in it is known once its rows were read."""

    def __init__(self, book: XlsxWorkbook, name: str, part: str, hidden: bool) -> None:
        self.name = name
        self.hidden = hidden
        self.hidden_rows: list[int] = []  # those that hold something
        self.hidden_columns: set[int] = set()  # positions of those that hold something
        self.filtered = False
        self.merged: list[str] = []  # ranges of cells, as A2:A5
        self.row = 0
        self._book = book
        self._part = part
        self._ready: list[tuple[int, list[tuple[int, Any]]]] = []  # rows with the places of their cells
        self._cells: list[tuple[int, Any]] = []
        self._row_hidden = False
        self._columns_hidden: list[range] = []
        self._column = -1
        self._kind = self._style = ""
        self._text = CellText()
        self._formula: CellText | None = None  # while one is read
        self._formula_text: str | None = None

    def rows(self) -> Iterator[Row]:
        """Number and cells of each row that holds something; nothing for a sheet of charts."""
        if not self._part:
            return
        starts = {
            **self._text.starts,
            "col": self._on_column,
            "row": self._on_row,
            "c": self._on_cell,
            "v": self._text.begin,
            "f": self._on_formula,
            "autoFilter": self._on_filter,
            "mergeCell": lambda at: self.merged.append(at["ref"]),
        }
        ends = {
            **self._text.ends,
            "row": self._end_row,
            "c": self._end_cell,
            "v": self._text.end,
            "f": self._end_formula,
        }
        for _ in self._book.parsed(self._part, starts, ends, self._add):
            for number, cells in self._ready:
                row = [None] * (cells[-1][0] + 1)
                for at, value in cells:
                    row[at] = value
                yield number, tuple(row)
            self._ready.clear()

    def _add(self, text: str) -> None:
        (self._formula or self._text).add(text)

    def _on_column(self, at: Attributes) -> None:
        if _on(at.get("hidden")) or at.get("width") == "0":
            self._columns_hidden.append(range(int(at["min"]) - 1, int(at["max"])))

    def _on_filter(self, at: Attributes) -> None:
        self.filtered = True

    def _on_row(self, at: Attributes) -> None:
        self.row = int(at.get("r", self.row + 1))
        self._row_hidden = _on(at.get("hidden")) or at.get("ht") == "0"
        self._column = -1
        self._cells = []

    def _on_cell(self, at: Attributes) -> None:
        place = at.get("r", "").rstrip("0123456789")
        self._column = _position(place) if place else self._column + 1
        self._kind = at.get("t", "n")
        self._style = at.get("s", "")
        self._formula_text = None

    def _on_formula(self, at: Attributes) -> None:
        self._formula = CellText()
        self._formula.begin(at)

    def _end_formula(self, at: Attributes) -> None:
        assert self._formula is not None
        self._formula_text = self._formula.take()
        self._formula = None

    def _end_cell(self, at: Attributes) -> None:
        value = self._value(self._text.take())
        if value is None or value == "":
            return
        if self._cells and self._cells[-1][0] >= self._column:
            raise ValueError(self._column)
        self._cells.append((self._column, value))
        if any(self._column in hidden for hidden in self._columns_hidden):
            self.hidden_columns.add(self._column)

    def _end_row(self, at: Attributes) -> None:
        if self._cells:
            self._ready.append((self.row, self._cells))
            if self._row_hidden:
                self.hidden_rows.append(self.row)

    def _value(self, text: str) -> object:
        if self._formula_text is not None and self._kind != "str" and self._book.uncalculated(text):
            return UncalculatedFormula(f"={self._formula_text}")
        if self._kind in ("str", "inlineStr"):
            return unescaped(text)
        if not text and self._kind != "e":
            return None
        if self._kind == "n":
            return self._book.number(text, self._style)
        if self._kind == "s":
            return self._book.strings[int(text)]
        return _READ[self._kind](text)


def _on(value: str | None) -> bool:
    return value in ("1", "true", "on")


@lru_cache(maxsize=1_000)
def _look(form: str) -> str:
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format

    if is_timedelta_format(form):
        return "span"
    if is_date_format(form):
        zone = _ZONE.search(re.sub(r'["\\]', "", form))
        return zone[0] if zone else "date"
    return "percent" if "%" in _LITERAL.sub("", form) else ""


@lru_cache(maxsize=LAST_COLUMN)
def _position(letters: str) -> int:
    """Position of a column, A is 0. Raises ``ValueError`` beyond XFD."""
    at = 0
    for letter in letters:
        at = at * 26 + int(letter, 36) - 9
    if not 0 < at <= LAST_COLUMN:
        raise ValueError(letters)
    return at - 1


def letters(position: int) -> str:
    """The letters of a column as a spreadsheet shows them.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(position + 1))


def _moment(text: str) -> datetime | date | time:
    """A date cell of ISO 8601, with its zone where it has one."""
    if "T" in text and "-" in text:
        return datetime.fromisoformat(text)
    return time.fromisoformat(text.lstrip("T")) if ":" in text else date.fromisoformat(text)


_READ: Mapping[str, Callable[[str], object]] = {
    "b": lambda text: {"1": True, "true": True, "0": False, "false": False}[text.strip().lower()],
    "e": lambda text: FailedFormula(text or "#VALUE!"),
    "d": _moment,
}
