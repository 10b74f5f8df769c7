"""Writes ``docs/reference/recipe.md`` from the settings of every step and the list of files."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from kondusif_index.output import FILES
from kondusif_index.recipe import IndexRecipe
from kondusif_index.settings import is_table

HEAD = """# Recipe of an index

Written by code from `src/kondusif_index/`; do not edit. How to use it: `docs/how-to/index.md`.

A recipe is one TOML file. A step whose table is absent is not run; normalise, weigh and aggregate always
run. Every key has the default that is shown; an unknown key, or a value of another kind, is refused with
its name.
"""


def recipe_markdown() -> str:
    """Every table and key of a recipe, with kind, default and meaning; then every file that is written."""
    parts = [HEAD, "## The file itself\n", _text(IndexRecipe)]
    hints = get_type_hints(IndexRecipe)
    plain = [f for f in fields(IndexRecipe) if not _kinds(hints[f.name])]
    parts.append(_keys(plain, hints))
    for f in fields(IndexRecipe):
        for kind in _kinds(hints[f.name]):
            listed = get_origin(hints[f.name]) is tuple
            name = f"[[{f.name}]]" if listed else f"[{f.name}]"
            run = "" if f.default is not None else " Absent: the step is not run."
            parts += [f"## `{name}`\n", f"`{kind.__module__}`.{run}\n", *_section(kind)]
    parts.append("## Files written\n")
    parts.append("CSV in UTF-8, first row the header, every digit of a double, an empty cell is missing.\n")
    rows = [f"| `{name}` | {file.when} | {file.meaning} |" for name, file in FILES.items()]
    parts.append("\n".join(["| File | When | Holds |", "|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _section(kind: type) -> Iterator[str]:
    hints = get_type_hints(kind)
    yield _text(kind)
    yield _keys(fields(kind), hints)
    for inner in dict.fromkeys(k for f in fields(kind) for k in _kinds(hints[f.name])):
        yield f"### `{inner.__name__}`\n"
        yield from _section(inner)


def _text(kind: type) -> str:
    return f"```text\n{inspect.getdoc(kind)}\n```\n"


def _keys(known: Any, hints: dict[str, Any]) -> str:
    rows = [f"| `{f.name}` | {_word(hints[f.name])} | {_default(f)} |" for f in known]
    return "\n".join(["| Key | Kind | Default |", "|---|---|---|", *rows]) + "\n"


def _kinds(hint: Any) -> tuple[type, ...]:
    """Settings classes inside a hint."""
    if is_table(hint):
        return (hint,)
    return tuple(k for inner in get_args(hint) for k in _kinds(inner))


def _word(hint: Any) -> str:
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        return "text"
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_word(h) for h in inner if h is not type(None)))
    if origin is tuple:
        return f"list of {_word(inner[0])}"
    if origin is not None:
        return f"table: code = {_word(inner[1])}"
    if is_table(hint):
        return f"`{hint.__name__}`"
    return {bool: "true or false", int: "whole number", float: "number"}.get(hint, "text")


def _default(f: Field[Any]) -> str:
    if f.default is MISSING and f.default_factory is MISSING:
        return "must be given"
    found = f.default_factory() if f.default_factory is not MISSING else f.default
    if found is None or found == () or found == {}:
        return "none"
    if is_dataclass(found):
        return "defaults"
    if isinstance(found, tuple):
        return f"`[{', '.join(map(_shown, found))}]`"
    return f"`{_shown(found)}`"


def _shown(found: Any) -> str:
    if isinstance(found, bool):
        return str(found).lower()
    return (
        f'"{found}"' if isinstance(found, str) else f"{found:.6g}" if isinstance(found, float) else str(found)
    )
