"""Everything that can go wrong, drawn as a tree.

::

    KondusifError                 anything this package refuses; catch this at the door
    ├── ImportRefused             a file has problems; nothing was taken from it
    ├── RecipeError               a recipe contradicts itself
    ├── MissingAnswers            a score was asked for where nothing was answered
    ├── Conflict                  same id, other content
    ├── NotAllowed                this person may not do this
    ├── MoveRefused               a posture or posting may not move; carries every shut gate
    ├── PlanRefused               a plan breaks a rule; carries every violation
    ├── BookBroken                the logbook does not verify; carries every finding
    └── ExtraMissing              an optional package is not installed; says how to install it

The core gives codes and facts. The sentence an officer reads stands in the table ``refusals`` of
:mod:`kondusif.words`, and :func:`kondusif.sentences.refusal` finds it, for the command and the office alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class KondusifError(Exception):
    """Base of every refusal. ``code`` is its kind, ``reason`` why, ``facts`` fill the sentence.

    ``reason`` is a code: the table ``refusals`` has the row ``code.reason``, or ``code`` without a reason.
    """

    code: str = "kondusif_error"

    def __init__(self, reason: str = "", /, **facts: object) -> None:
        super().__init__(reason or self.code)
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file: where it is, what was found, what is expected there.

    ``code``: of the table ``answer_faults``, whose words are expected; "" where the text says it all.
    """

    file: str
    sheet: str
    row: int | None
    column: str
    found: str
    expected: str
    code: str = ""

    def __str__(self) -> str:
        where = f"{self.file}, lembar {self.sheet}" if self.sheet else self.file
        if self.row is not None:
            where += f", baris {self.row}"
        if self.column:
            where += f", kolom {self.column}"
        return f"{where}: ditemukan {self.found}; seharusnya {self.expected}"


class ImportRefused(KondusifError):
    """A file has problems. All are listed at once and nothing was imported."""

    code = "import_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class RecipeError(KondusifError):
    """A recipe contradicts itself: unknown indicator, bad weight, bad goalposts.

    The message speaks to whoever writes the file; ``why`` is the reason where a page may meet it.
    """

    code = "recipe_error"

    def __init__(self, message: str = "", /, *, why: str = "", **facts: object) -> None:
        super().__init__(message, **facts)
        self.reason = why


class MissingAnswers(KondusifError):
    """Nothing to score: not one due indicator is answered."""

    code = "missing_answers"


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


class BookBroken(KondusifError):
    """The logbook does not verify. ``findings`` holds every break."""

    code = "book_broken"

    def __init__(self, reason: str = "", findings: Sequence[object] = (), /, **facts: object) -> None:
        super().__init__(reason, **facts)
        self.findings = tuple(findings)


class ExtraMissing(KondusifError):
    """Something asked for needs an optional package, as in ``pip install kondusif[plot]``.

    ``facts``: ``extra``, and of a file format ``format`` and the ``command`` to run.
    """

    code = "extra_missing"

    def __str__(self) -> str:
        return f"needs an optional package: pip install kondusif[{self.facts['extra']}]"
