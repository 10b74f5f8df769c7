"""Numbers as people write them: decimal comma or point, thousands parted or not, and never a guess.

``1.250`` is 1250 where commas part decimals and 1.25 where points do. What else stands in the same column may
settle it (``12,5`` does); where nothing does, whoever sent the table says so, or the cell is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import N_
from kondusif_index.tables.read import text_of

LARGEST = 1e150  # beyond it squares overflow; a filler such as -1.8e308 is no answer
ABSENT = ("", "NA", "NaN")  # texts of a cell that holds nothing
PER_CENT = N_("angka tanpa tanda %; 75 % ditulis 75")
MARKS = (",", ".")  # what may part decimals; the other one then parts thousands

_PLAIN = {
    ",": re.compile(r"[+-]?([0-9]+|[0-9]*,[0-9]+)([eE][+-]?[0-9]+)?"),
    ".": re.compile(r"[+-]?([0-9]+\.?|[0-9]*\.[0-9]+)([eE][+-]?[0-9]+)?"),
}
_GROUPED = {
    ",": re.compile(r"[+-]?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?"),
    ".": re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?"),
}
_SPACED = re.compile(r"[+-]?[1-9][0-9]{0,2}([ \u00a0\u2009\u202f'’][0-9]{3})+([.,][0-9]+)?")
_SPACES = re.compile(r"[ \u00a0\u2009\u202f'’]")

Readings = Mapping[str, float]


def readings(text: str) -> Readings:
    """What a text is by the mark that would part its decimals; empty where it is no number.

    Both marks where it holds neither, or could hold either.

    >>> readings("1.250"), readings("12,5"), readings("950")
    ({',': 1250.0, '.': 1.25}, {',': 12.5}, {',': 950.0, '.': 950.0})
    """
    value = text.strip().replace("\u2212", "-")
    if _SPACED.fullmatch(value):
        value = _SPACES.sub("", value)
        marks = [mark for mark in MARKS if mark in value] or MARKS
        return {mark: float(value.replace(",", ".")) for mark in marks}
    found = {}
    for mark, other in (MARKS, MARKS[::-1]):
        if _PLAIN[mark].fullmatch(value) or _GROUPED[mark].fullmatch(value):
            found[mark] = float(value.replace(other, "").replace(mark, "."))
    return found


def is_ambiguous(read: Readings) -> bool:
    """Whether it can be read in two ways.

    >>> [is_ambiguous(readings(x)) for x in ("1.250", "-1,250", "0.250", "1.250,5", "12.5", "950")]
    [True, True, False, False, False, False]
    """
    return len(set(read.values())) > 1


def decimal_mark(column: Iterable[Readings]) -> str:
    """The mark that parts decimals, by the cells that can be read one way only; "" where none tells, or two
    differ.

    >>> [decimal_mark(map(readings, x)) for x in (["1.250", "12,5"], ["1.250", "0.5"], ["1.250", "950"])]
    [',', '.', '']
    """
    told = {mark for read in column if len(read) == 1 for mark in read}
    return told.pop() if len(told) == 1 else ""


def number(text: str, decimal: str = "") -> float:
    """A number with decimal comma or point.

    ``decimal``: the mark that parts decimals, the only one then taken; ``".,"`` where no thousands are parted
    and either does; "" where nobody knows. Raises ``ValueError`` as ``chosen``.

    >>> number("12,5"), number("1.234,5"), number("1.234", "."), number("1.234", ","), number("1 234")
    (12.5, 1234.5, 1.234, 1234.0, 1234.0)
    """
    read = readings(text)
    if not read and text.endswith("%"):
        raise ValueError(PER_CENT)
    if is_ambiguous(read) and decimal not in ("", *MARKS):
        decimal = "," if "," in text else "."
    return chosen(read, decimal)


def chosen(read: Readings, decimal: str) -> float:
    """The reading by ``decimal``, or the only one.

    Raises ``ValueError`` where there is none, and with a message where there are two, or it has the other
    mark.
    """
    if decimal in MARKS and read and decimal not in read:
        raise ValueError(
            N_("bilangan dengan koma desimal") if decimal == "," else N_("bilangan dengan titik desimal")
        )
    if decimal not in MARKS and is_ambiguous(read):
        raise ValueError(N_("angka tanpa pemisah ribuan (1.800 dapat berarti 1800 atau 1,8)"))
    found = read.get(decimal, next(iter(read.values()), float("nan")))
    if not isfinite(found) or abs(found) > LARGEST:
        raise ValueError
    return found


def is_whole(raw: object) -> bool:
    """Whether a cell may be a code: a text, or a whole number that its type holds to the last digit.

    >>> is_whole(3514052001.0), is_whole(3514052001.5), is_whole(np.float32(3514052001))
    (True, False, False)
    """
    if raw != raw or not isinstance(raw, float | np.floating):
        return True
    return bool(raw == raw // 1 and abs(raw) < 2 ** np.finfo(type(raw)).nmant)


def column_numbers(
    cells: Sequence[Any], decimal: str = "", words: Collection[str] = ()
) -> tuple[NDArray[np.float64], dict[int, tuple[str, str]]]:
    """A column as numbers, NaN where a cell is absent or one of ``words``; and by place what is bad.

    Of a bad cell: its text, and what is expected where there is more to say than that it is no number.
    ``decimal`` as in ``number``; "" asks the other texts of the column. A cell that is a number already is
    never read in two ways.
    """
    if (plain := _plain(cells, decimal)) is not None:
        return plain, {}
    texts = {k: text_of(cell) for k, cell in enumerate(cells) if not _absent(cell)}
    read = {k: readings(text) for k, text in texts.items() if text.lower() not in words}
    mark = decimal or decimal_mark(found for k, found in read.items() if isinstance(cells[k], str))
    values, bad = np.full(len(cells), np.nan), {}
    for k, found in read.items():
        try:
            values[k] = chosen(found, mark if isinstance(cells[k], str) else ".")
        except ValueError as error:
            expected = PER_CENT if texts[k].endswith("%") else str(error)
            bad[k] = texts[k], _one_way(found) if is_ambiguous(found) else expected
    return values, bad


def _plain(cells: Sequence[Any], decimal: str) -> NDArray[np.float64] | None:
    """The whole column at once, where every cell is absent or a number with at most a decimal point."""
    try:
        plain = np.array(["nan" if _absent(cell) else cell for cell in cells], dtype=np.float64)
    except (TypeError, ValueError):
        return None
    gone = np.array([_absent(cell) for cell in cells], dtype=bool)
    odd = ((np.abs(plain) <= LARGEST) == gone).any() or any("_" in str(cell) for cell in cells)
    if odd or any(isinstance(cell, bool) for cell in cells):
        return None
    pointed = (cell for cell in cells if isinstance(cell, str) and "." in cell)
    first = next(pointed, None)
    if first is None or decimal == ".":
        return plain
    told = (not is_ambiguous(readings(cell)) for cell in chain([first], pointed))
    return plain if decimal == "" and any(told) else None


def _one_way(read: Readings) -> str:
    """What a cell should hold that can be read in two ways."""
    ways = (f"{x:.15g}".replace(".", ",") for x in sorted(read.values(), reverse=True))
    said = N_(
        "angka yang terbaca satu cara ({} atau {}?): tanpa pemisah ribuan, atau sebut --decimal , atau ."
    )
    return said.format(*ways)


def _absent(cell: object) -> bool:
    return cell is None or cell != cell or cell in ABSENT
