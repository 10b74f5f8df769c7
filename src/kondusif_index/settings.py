"""Reads one table of a recipe into its frozen dataclass, refusing what is unknown or of a wrong kind."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields
from math import isfinite
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from kondusif_index.errors import RecipeError

T = TypeVar("T")


def read(kind: type[T], plain: object, where: str) -> T:
    """``kind`` from a TOML table. Raises ``RecipeError`` naming the key, what was found and what is expected.

    Fields are ``bool``, ``int``, ``float``, ``str``, ``tuple[X, ...]``, ``Mapping[str, X]``, another such
    dataclass, or one of several (``X | Y``).
    """
    if not isinstance(plain, Mapping):
        raise RecipeError(f"{where}: found {plain!r}, expected a table", key=where)
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(plain) - set(known)):
        names = ", ".join(f"{where}.{k}" if where else k for k in unknown)
        raise RecipeError(f"unknown keys: {names}; known: {', '.join(known)}", keys=unknown, where=where)
    hints = get_type_hints(kind)
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


def value(hint: Any, found: object, where: str) -> Any:
    """One value of the kind that ``hint`` names."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        tables = [h for h in inner if is_table(h)]
        written = [h for h in inner if hasattr(h, "parse")]
        if written and isinstance(found, str):
            return written[0].parse(found) if found else None
        if isinstance(found, Mapping) and len(tables) == 1:  # so that an error names the key inside
            return read(tables[0], found, where)
        for one in inner:
            if one is type(None):
                continue
            try:
                return value(one, found, where)
            except RecipeError:
                continue
        raise _wrong(where, found, hint)
    if origin is tuple and isinstance(found, list | tuple):
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(value(inner[0], x, f"{where}[{k}]") for k, x in enumerate(found))
        if len(found) == len(inner):
            return tuple(
                value(h, x, f"{where}[{k}]") for k, (h, x) in enumerate(zip(inner, found, strict=True))
            )
    if origin is not None and origin is not tuple and isinstance(found, Mapping):
        return {str(k): value(inner[1], x, f"{where}.{k}") for k, x in found.items()}
    if hint is bool and isinstance(found, bool):
        return found
    if hint is int and isinstance(found, int) and not isinstance(found, bool):
        return found
    if hint is float and isinstance(found, int | float) and not isinstance(found, bool) and isfinite(found):
        return float(found)
    if hint is str and isinstance(found, str):
        return found
    if is_table(hint) and isinstance(found, Mapping):
        return read(hint, found, where)
    raise _wrong(where, found, hint)


_WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def _wrong(where: str, found: object, hint: Any) -> RecipeError:
    return RecipeError(f"{where}: found {found!r}, expected {_word(hint)}", key=where)


def _word(hint: Any) -> str:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(_word(h) for h in inner if h is not type(None))
    if origin is tuple:
        return f"a list of {_word(inner[0]).removeprefix('a ')}s"
    if origin is not None or is_table(hint):
        return "a table"
    return _WORDS.get(hint, "a text")


def is_table(hint: Any) -> bool:
    """Whether settings of this kind are a table of their own; a class that parses a text is none."""
    return hasattr(hint, "__dataclass_fields__") and not hasattr(hint, "parse")
