"""Settings of a recipe: reads a table into its frozen dataclass and checks every field by its own type.

A choice is a ``Literal``, a limit of numbers an annotation (``Share``, ``Positive`` ...); ``Settings``
refuses anything else when it is made.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from difflib import get_close_matches
from functools import cache
from math import isfinite
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from kondusif_index.errors import RecipeError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limit:
    """Which numbers a field takes, and how an error says so."""

    holds: Callable[[Any], bool]
    expected: str


def at_least(least: float) -> Limit:
    """Finite numbers from ``least`` on."""
    return Limit(lambda x: isfinite(x) and x >= least, f"{least:g} or more")


def between(low: float, high: float, expected: str = "") -> Limit:
    """Numbers from ``low`` to ``high``, both included."""
    return Limit(lambda x: low <= x <= high, expected or f"{low:g} to {high:g}")


Share = Annotated[float, between(0, 1, "a share from 0 to 1")]
UpToOne = Annotated[float, between(0, 1)]
Positive = Annotated[float, Limit(lambda x: isfinite(x) and x > 0, "a number above 0")]
NotNegative = Annotated[float, at_least(0)]
Finite = Annotated[float, Limit(isfinite, "a number")]
Whole = Annotated[int, at_least(0)]
Count = Annotated[int, at_least(1)]
Several = Annotated[int, at_least(2)]
Ends = Annotated[
    tuple[float, float],
    Limit(lambda pair: pair[0] < pair[1] and all(map(isfinite, pair)), "a low end and a higher one"),
]


class Settings:
    """Base of a frozen dataclass of settings, whose fields are checked by their types when it is made.

    Raises ``RecipeError`` naming the field, what was found and what is expected; None is a setting left open.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        check(self)


def check(settings: Any) -> None:
    """What ``Settings`` does first, for a class that has more to check afterwards."""
    for name, hint in _hints(type(settings)).items():  # type: ignore[arg-type]
        _check(name, hint, getattr(settings, name))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _check(name: str, hint: Any, found: Any) -> None:
    origin, inner = get_origin(hint), get_args(hint)
    if found is None or origin is None:
        return
    if origin is Literal and found not in inner:
        raise RecipeError(f"{name}: found {found!r}, expected one of {', '.join(inner)}", key=name)
    if origin is Annotated and not hint.__metadata__[0].holds(found):
        raise RecipeError(f"{name}: found {found}, expected {hint.__metadata__[0].expected}", key=name)
    if origin in (Union, types.UnionType):
        for one in inner:
            _check(name, one, found)
    elif isinstance(found, Mapping) and origin is not tuple:
        for key, one in found.items():
            _check(f"{name}.{key}", inner[1], one)
    elif origin is tuple and inner[-1] is Ellipsis and isinstance(found, tuple):
        for one in found:
            _check(name, inner[0], one)


def filled(own: T, shared: object) -> T:
    """Settings of one column; what they leave open (None) is taken from those that all columns share."""
    names = [f.name for f in fields(own)]  # type: ignore[arg-type]
    given = {name: getattr(shared, name) for name in names if getattr(own, name) is None}
    return replace(own, **given)  # type: ignore[type-var]


def refuse_unknown(where: str, given: Iterable[str], known: Iterable[str], what: str = "indicator") -> None:
    """Raises ``RecipeError`` naming what is ``given`` and not ``known``."""
    if unknown := sorted(set(given) - set(known)):
        raise RecipeError(f"{where}: no such {what}: {', '.join(unknown)}", codes=unknown)


def read(kind: type[T], plain: object, where: str) -> T:
    """``kind`` from a TOML table. Raises ``RecipeError`` naming the key, what was found and what is expected.

    Fields are ``bool``, ``int``, ``float``, ``str``, ``tuple[X, ...]``, ``Mapping[str, X]``, another such
    dataclass, one that parses a text, or one of several (``X | Y``).
    """
    if not isinstance(plain, Mapping):
        raise RecipeError(f"{where}: found {plain!r}, expected a table", key=where)
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(plain) - set(known)):
        names = ", ".join(_unknown_key(f"{where}.{k}" if where else k, k, known) for k in unknown)
        raise RecipeError(f"unknown keys: {names}; known: {', '.join(known)}", keys=unknown, where=where)
    hints = _hints(kind)  # type: ignore[arg-type]
    given = {k: value(hints[k], v, f"{where}.{k}" if where else k) for k, v in plain.items()}
    lacking = [
        n
        for n, f in known.items()
        if n not in given and f.default is MISSING and f.default_factory is MISSING
    ]
    if lacking:
        raise RecipeError(f"{where}: {', '.join(lacking)} must be given", keys=lacking, where=where)
    try:
        return kind(**given)
    except RecipeError as error:
        message = str(error)
        if where and not message.startswith(where):
            joint = "." if message.partition(":")[0] in known else ": "
            message = f"{where}{joint}{message}"
        raise RecipeError(message, why=error.reason, **error.facts) from None


def _unknown_key(place: str, key: str, known: Iterable[str]) -> str:
    """The key, with the one that was likely meant."""
    near = get_close_matches(key, known, 1)
    return f"{place} (did you mean {near[0]}?)" if near else place


def value(hint: Any, found: object, where: str) -> Any:
    """One value of the kind that ``hint`` names."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return value(inner[0], found, where)
    if origin in (Union, types.UnionType):
        return _one_of(hint, found, where)
    if origin is tuple and isinstance(found, list | tuple):
        kinds = inner[:1] * len(found) if inner[-1] is Ellipsis else inner
        if len(kinds) == len(found):
            return tuple(
                value(kind, x, f"{where}[{k}]") for k, (kind, x) in enumerate(zip(kinds, found, strict=True))
            )
    elif isinstance(found, Mapping) and is_table(hint):
        return read(hint, found, where)
    elif isinstance(found, Mapping) and origin is not None:
        return {str(k): value(inner[1], x, f"{where}.{k}") for k, x in found.items()}
    return _plain(hint, found, where)


def _one_of(hint: Any, found: object, where: str) -> Any:
    """A value of one of several kinds, or none."""
    inner = [one for one in get_args(hint) if one is not type(None)]
    tables = [one for one in inner if is_table(one)]
    if isinstance(found, Mapping) and len(tables) == 1:  # so that an error names the key inside
        return read(tables[0], found, where)
    if isinstance(found, str) and hasattr(inner[0], "parse"):
        return inner[0].parse(found) if found else None
    for one in inner:
        try:
            return value(one, found, where)
        except RecipeError:
            continue
    raise _wrong(where, found, hint)


def _plain(hint: Any, found: object, where: str) -> object:
    """A number, a text or a yes and no; a choice among texts is checked when its table is made."""
    if isinstance(found, str) and hasattr(hint, "parse"):
        return hint.parse(found)
    kind = str if get_origin(hint) is Literal else hint
    if kind is float and isinstance(found, int | float) and not isinstance(found, bool) and isfinite(found):
        return float(found)
    if kind in (bool, int, str) and type(found) is kind:
        return found
    raise _wrong(where, found, hint)


_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def _wrong(where: str, found: object, hint: Any) -> RecipeError:
    return RecipeError(f"{where}: found {found!r}, expected {_word(hint)}", key=where)


def _word(hint: Any) -> str:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(_word(h) for h in inner if h is not type(None))
    if origin is Annotated:
        return _word(inner[0])
    if origin is tuple:
        return f"a list of {_word(inner[0]).removeprefix('a ')}s"
    if origin not in (None, Literal) or is_table(hint):
        return "a table"
    return _WORDS.get(hint, "a text")


def is_table(hint: Any) -> bool:
    """Whether settings of this kind are a table of their own; a class that parses a text is none."""
    return hasattr(hint, "__dataclass_fields__") and not hasattr(hint, "parse")
