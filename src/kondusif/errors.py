"""Everything that can go wrong, drawn as a tree.

::

    KondusifError                 anything this package refuses; catch this at the door
    ├── ImportRefused             a file has problems; nothing was taken from it
    ├── RecipeError               a recipe contradicts itself
    ├── TableError                a table that comes with the program cannot be read
    ├── MissingAnswers            a score was asked for where nothing was answered
    ├── Conflict                  same id, other content
    ├── NotAllowed                this person may not do this
    ├── MoveRefused               a posture or posting may not move; carries every shut gate
    ├── PlanRefused               a plan breaks a rule; carries every violation
    └── ExtraMissing              an optional package is not installed; says how to install it

The core gives codes and facts. The sentence an officer reads stands in the table ``refusals`` of
:mod:`kondusif.words`, and :func:`kondusif.sentences.refusal` finds it, for the command and the office alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from kondusif_index.errors import (
    ExtraMissing,
    ImportRefused,
    KondusifError,
    MissingAnswers,
    Problem,
    RecipeError,
)

__all__ = [
    "Conflict",
    "ExtraMissing",
    "ImportRefused",
    "KondusifError",
    "MissingAnswers",
    "MoveRefused",
    "NotAllowed",
    "PlanRefused",
    "Problem",
    "RecipeError",
    "TableError",
]


class TableError(KondusifError):
    """A table that comes with the program cannot be read. The message speaks to whoever edits the file."""

    code = "table_error"


class Conflict(KondusifError):
    """The same id arrived before with other content (RULES 26)."""

    code = "conflict"


class NotAllowed(KondusifError):
    """This person may not do this here."""

    code = "not_allowed"


class MoveRefused(KondusifError):
    """A move is not in the table, or gates are shut. ``shut`` holds every one of them."""

    code = "move_refused"

    def __init__(self, reason: str = "", shut: Sequence[object] = (), /, **facts: object) -> None:
        super().__init__(reason, **facts)
        self.shut = tuple(shut)


class PlanRefused(KondusifError):
    """A plan breaks rules. ``violations`` holds every one of them."""

    code = "plan_refused"

    def __init__(self, reason: str = "", violations: Sequence[object] = (), /, **facts: object) -> None:
        super().__init__(reason, **facts)
        self.violations = tuple(violations)
