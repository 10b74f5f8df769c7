"""What the engine refuses; ``kondusif.errors`` draws the whole tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


def N_(text: str) -> str:  # noqa: N802  the name that readers of catalogues know
    """The text itself, marked for translation. ``{}`` is a number that is filled in at once."""
    return text


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

    @property
    def cell(self) -> tuple[str, ...]:
        """Where it is, for a cell of a list: the sheet, else the file; the row and the column where known."""
        row = "" if self.row is None else str(self.row)
        return tuple(part for part in (self.sheet or self.file, row, self.column) if part)

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


class ExtraMissing(KondusifError):
    """Something asked for needs an optional package, as in ``pip install kondusif[plot]``.

    ``facts``: ``extra``, and of a file format ``format`` and the ``command`` to run.
    """

    code = "extra_missing"

    def __str__(self) -> str:
        return f"needs an optional package: pip install kondusif[{self.facts['extra']}]"


class MissingAnswers(KondusifError):
    """Nothing to score: not one due indicator is answered."""

    code = "missing_answers"
