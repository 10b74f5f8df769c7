"""Types of a cell: what a planner may type, and what it becomes.

A parser gets the raw cell (``str``, ``int``, ``float``, ``bool``, ``datetime``, ``date`` or ``time``;
never ``None`` or blank) and returns the value, or raises :class:`BadCell`. Nothing is guessed: a number
that could be read in two ways is a problem, not a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kondusif.files.moments import written_day, written_moment
from kondusif.lifecycle import CODE_EXPECTED, is_code
from kondusif.places import DESA, area_code, area_codes, desa_of
from kondusif.words import N_
from kondusif_index.tables.faults import UncalculatedFormula
from kondusif_index.tables.numbers import number
from kondusif_index.tables.read import printable, text_of
from kondusif_index.tables.write import FORMULA_STARTS

YES, NO, UNKNOWN = "yes", "no", "unknown"
WORDS = {
    YES: ("ya", "y", "yes", "true", "benar"),
    NO: ("tidak", "tdk", "t", "no", "n", "false", "salah"),
    UNKNOWN: ("tidak tahu", "belum tahu", "tt", "?", "unknown"),
}
_OFFSET = re.compile(r"H\s*([-+]\s*\d+)?[\s,]+(?:(?:pukul|pkl|jam)\.?\s*)?(\d{1,2}[.:]\d{2})", re.IGNORECASE)


class BadCell(ValueError):
    """The cell cannot be read. The message, if any, replaces the type's own expectation."""


@dataclass(frozen=True, slots=True)
class CellType:
    """``expected`` completes "seharusnya ..."; ``written`` is how a value goes back into a cell."""

    name: str
    expected: str
    parse: Callable[[object], object]
    written: Callable[[object], object] = lambda value: value


def text(raw: object) -> str:
    """Text, without the apostrophe that shields a formula start."""
    if isinstance(raw, datetime | date | time | timedelta):
        raise BadCell(N_("teks (ubah format sel menjadi Teks)"))
    out = text_of(raw)
    if out.startswith("="):
        raise BadCell(UncalculatedFormula.expected)
    if printable(out) != out:
        raise BadCell(N_("teks tanpa tanda kendali yang tidak tercetak"))
    return out[1:] if out.startswith("'") and out[1:].startswith(FORMULA_STARTS) else out


def kode_operasi(raw: object) -> str:
    """The code of an operation."""
    if not is_code(value := text(raw)):
        raise BadCell
    return value


def _area(raw: object) -> str:
    try:
        return area_code(raw if not isinstance(raw, str) else text(raw))
    except ValueError as error:
        raise BadCell(*error.args) from error


def kode_desa(raw: object) -> str:
    """The Kemendagri code of a desa.

    >>> kode_desa(3514052001.0), kode_desa("35.14.05.2001"), kode_desa("35 14 05 2001")
    ('35.14.05.2001', '35.14.05.2001', '35.14.05.2001')
    """
    if not DESA.fullmatch(kode := _area(raw)):
        raise BadCell
    return kode


def kode_place(raw: object) -> str:
    """A desa code, or a TPS code: desa, hyphen, two digits.

    >>> kode_place("35.14.05.2001-3")
    '35.14.05.2001-03'
    """
    if not DESA.fullmatch(desa_of(kode := _area(raw))):
        raise BadCell
    return kode


def decimal(raw: object) -> float:
    """A number with decimal comma or point.

    >>> decimal("12,5"), decimal("1.234,5"), decimal(7)
    (12.5, 1234.5, 7.0)
    """
    if isinstance(raw, bool):
        raise BadCell
    if isinstance(raw, int | float):
        if raw != raw or raw in (float("inf"), float("-inf")):
            raise BadCell
        return float(raw)
    try:
        return number(text(raw))
    except ValueError as error:
        raise BadCell(*error.args) from None


def coordinate(raw: object) -> float:
    """Degrees; three decimals are common here, so no thousands are suspected."""
    try:
        return number(raw, ".,") if isinstance(raw, str) else decimal(raw)
    except ValueError as error:
        raise BadCell(*error.args) from None


def whole(raw: object) -> int:
    """A whole number of at least zero."""
    value = decimal(raw)
    if not value.is_integer() or value < 0:
        raise BadCell
    return int(value)


def yes_no_unknown(raw: object) -> str:
    """``yes``, ``no`` or ``unknown``; 1 and 0 count as ya and tidak."""
    if isinstance(raw, bool):
        return YES if raw else NO
    if isinstance(raw, int | float):
        if raw in (0, 1):
            return YES if raw else NO
        raise BadCell
    value = " ".join(text(raw).casefold().split())
    value = {"1": "ya", "0": "tidak"}.get(value, value)
    for word, spellings in WORDS.items():
        if value in spellings:
            return word
    raise BadCell


def yes_no(raw: object) -> bool:
    word = yes_no_unknown(raw)
    if word == UNKNOWN:
        raise BadCell
    return word == YES


def day(raw: object) -> date:
    """A date, of an Excel cell or as :func:`written_day` reads it; with a zone written, that moment.

    A moment becomes its day where the operation is when the file is put together.

    >>> day("08/10/2023"), day("8 AGUSTUS 2023")
    (datetime.date(2023, 10, 8), datetime.date(2023, 8, 8))
    """
    if isinstance(raw, datetime):
        return raw if raw.utcoffset() is not None else date(raw.year, raw.month, raw.day)
    if isinstance(raw, date):
        return raw
    value = _of_calendar(raw)
    try:
        return written_day(value)
    except ValueError as error:
        if error.args:
            raise BadCell(*error.args) from error
    try:
        at = written_moment(value)
    except ValueError as error:
        raise BadCell from error
    return at if at.utcoffset() is not None else date(at.year, at.month, at.day)


def moment(raw: object) -> datetime:
    """A date and time, naive unless a zone is written: ``moments.located`` puts it on the operation's clock.

    >>> moment("10/10/2023 07.00"), moment("2023-10-10T07:00")
    (datetime.datetime(2023, 10, 10, 7, 0), datetime.datetime(2023, 10, 10, 7, 0))
    """
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        raise BadCell
    try:
        return written_moment(_of_calendar(raw))
    except ValueError as error:
        raise BadCell(*error.args) from error


def _of_calendar(raw: object) -> str:
    """The text of a cell in which a date was typed."""
    if isinstance(raw, time | timedelta):
        raise BadCell(N_("tanggal; sel ini hanya jam"))
    if isinstance(raw, bool | int | float):
        raise BadCell(N_("tanggal; sel ini angka (ubah format sel menjadi Tanggal)"))
    return text(raw)


def offset(raw: object) -> tuple[int, time]:
    """Days before the vote and a local time (RULES 9).

    >>> offset("H-2 07.00")
    (2, datetime.time(7, 0))
    """
    match = _OFFSET.fullmatch(text(raw))
    if not match:
        raise BadCell
    days = int((match[1] or "0").replace(" ", ""))
    h, m = (int(p) for p in re.split(r"[.:]", match[2]))
    if days > 0 or h > 23 or m > 59:
        raise BadCell
    return -days, time(h, m)


def listed(raw: object) -> tuple[str, ...]:
    """Parts divided by semicolons."""
    return tuple(part.strip() for part in text(raw).split(";") if part.strip())


def listed_codes(raw: object) -> tuple[str, ...]:
    """Codes of areas, villages or TPS (``places.area_codes``).

    >>> listed_codes(9901012001), listed_codes("99.01; 9901012001")
    (('99.01.01.2001',), ('99.01', '99.01.01.2001'))
    """
    try:
        return area_codes(raw if not isinstance(raw, str) else text(raw))
    except ValueError as error:
        raise BadCell(*error.args) from error


def answer_value(raw: object) -> float | str:
    """A number, or ya / tidak / tidak tahu."""
    try:
        return decimal(raw)
    except BadCell as bad:
        try:
            return yes_no_unknown(raw)
        except BadCell:
            raise bad from None


def _say_word(value: object) -> object:
    if isinstance(value, bool):
        value = YES if value else NO
    return WORDS[str(value)][0] if value in WORDS else value


def _say_moment(value: object) -> object:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _say_offset(value: object) -> object:
    assert isinstance(value, tuple)
    return f"H-{value[0]} {value[1]:%H.%M}"


def _say_list(value: object) -> object:
    return "; ".join(value)  # type: ignore[arg-type]


TEXT = CellType("teks", "teks", text)
OPERATION_CODE = CellType(N_("kode operasi"), CODE_EXPECTED, kode_operasi)
DESA_CODE = CellType(N_("kode desa"), N_("kode desa seperti 35.14.05.2001"), kode_desa)
PLACE_CODE = CellType(N_("kode tempat"), N_("kode desa atau TPS seperti 35.14.05.2001-03"), kode_place)
COORDINATE = CellType("koordinat", "derajat desimal, misalnya -7,7993", coordinate)
WHOLE = CellType("bilangan", N_("bilangan bulat nol atau lebih"), whole)
YES_NO = CellType("ya/tidak", N_("ya atau tidak"), yes_no, _say_word)
YES_NO_UNKNOWN = CellType(
    N_("ya/tidak/tidak tahu"), N_("ya, tidak atau tidak tahu"), yes_no_unknown, _say_word
)
DATE = CellType("tanggal", N_("tanggal seperti 2023-10-08 atau 08/10/2023"), day)
MOMENT = CellType("waktu", N_("tanggal dan jam seperti 2023-10-10 07.00"), moment, _say_moment)
OFFSET = CellType("mulai", N_("hari dan jam seperti H-2 07.00"), offset, _say_offset)
LIST = CellType("daftar", N_("daftar yang dipisah titik koma"), listed, _say_list)
CODES = CellType(
    "daftar kode", N_("kode wilayah seperti 35.14.05, dipisah titik koma"), listed_codes, _say_list
)
VALUE = CellType("nilai", N_("angka, atau ya / tidak / tidak tahu"), answer_value, _say_word)
TYPES = {
    kind.name: kind
    for kind in (
        TEXT, OPERATION_CODE, DESA_CODE, PLACE_CODE, COORDINATE, WHOLE, YES_NO, YES_NO_UNKNOWN, DATE, MOMENT,
        OFFSET, LIST, CODES, VALUE,
    )
}  # fmt: skip
