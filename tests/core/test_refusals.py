"""Every refusal that the sources raise has its sentence, found by kind and reason, never by its message."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

import kondusif
from kondusif.dialogue import DialogueError
from kondusif.errors import (
    Conflict,
    ExtraMissing,
    KondusifError,
    MissingAnswers,
    MoveRefused,
    NotAllowed,
    PlanRefused,
    RecipeError,
)
from kondusif.mitigation import MitigationError
from kondusif.sentences import Speech, refusal, refusal_title
from kondusif.stages import StagesError
from kondusif.words import rows as word_rows
from kondusif.words import table

SRC = Path(kondusif.__file__).parents[1]
BY_CODE = (
    Conflict,
    DialogueError,
    ExtraMissing,
    MissingAnswers,
    MitigationError,
    MoveRefused,
    NotAllowed,
    PlanRefused,
    StagesError,
)
KINDS = {kind.__name__: kind.code for kind in BY_CODE}
TABLES = ("kondusif/tables.py", "kondusif/instrument/published/")  # speak to who edits those files
GENERAL = {"other_content", "role"}  # said by the sentence of their kind
SPEECH = Speech(UTC)


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(SRC.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(SRC)}:{node.lineno}", node


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def reasons(value: ast.expr) -> list[str]:
    """Codes an argument can be; a name is followed nowhere, so refusals are raised with literals."""
    if isinstance(value, ast.IfExp):
        return reasons(value.body) + reasons(value.orelse)
    return [value.value] if isinstance(value, ast.Constant) and isinstance(value.value, str) else []


def raised() -> list[tuple[str, str, str]]:
    """Where, kind and reason of every refusal by code."""
    out = []
    for where, call in calls():
        kind = KINDS.get(name_of(call))
        if kind is None or not call.args or isinstance(call.args[0], ast.Starred):
            continue
        out += [(where, kind, reason) for reason in reasons(call.args[0]) or ["?"]]
    return out


def test_every_reason_has_its_sentence():
    known = table("refusals")
    unknown = [
        (where, f"{kind}.{reason}")
        for where, kind, reason in raised()
        if reason and reason not in GENERAL and f"{kind}.{reason}" not in known
    ]
    assert unknown == []
    assert len(raised()) > 100


def test_every_reason_of_a_recipe_error_has_its_sentence():
    """``why`` is what a page may meet; a message without one speaks to whoever writes the file."""
    known, unknown = table("refusals"), []
    for where, call in calls():
        if name_of(call) == "RecipeError" and not where.startswith(TABLES):
            given = [k.value for k in call.keywords if k.arg == "why"]
            codes = [code for value in given for code in reasons(value)]
            unknown += [(where, code) for code in codes if f"recipe_error.{code}" not in known]
    assert unknown == []


def test_no_reason_is_given_as_a_fact():
    found = [
        where
        for where, call in calls()
        if name_of(call) in KINDS and any(k.arg == "why" for k in call.keywords)
    ]
    assert found == []


def test_no_sentence_is_looked_up_by_a_message():
    """``str(error)`` is for logs; sentences are found by ``reason``."""
    lookup = re.compile(
        r"\.get\(\s*str\((?:error|err|refused|why|exc)\)|\[str\((?:error|err|refused|why)\)\]"
    )
    doors = [SRC / "kondusif_web", SRC / "kondusif" / "cli"]
    found = [p for door in doors for p in door.rglob("*.py") if lookup.search(p.read_text(encoding="utf-8"))]
    assert found == []


def test_every_sentence_and_title_is_of_a_kind_that_exists():
    kinds = {KondusifError.code, RecipeError.code, "import_refused", "text_refused", "unknown_event"}
    kinds |= set(KINDS.values())
    told = {row["code"] for row in word_rows() if row["table"] in ("refusals", "refusal_titles")}
    assert {code.partition(".")[0] for code in told} == kinds


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_sentence_takes_its_facts_and_misses_none(language):
    speech = Speech(UTC, language)
    for code in table("refusals", language):
        kind, _, reason = code.partition(".")
        error = KondusifError(reason)
        error.code = kind
        assert refusal(error, speech) and "%(" not in refusal(error, speech)
        assert refusal_title(error, speech)


def test_facts_are_said_as_a_person_reads_them():
    facts = {"state": "returning", "to": "home"}
    assert refusal(MoveRefused("posting_move_unknown", **facts), SPEECH) == (
        "Penugasan ini tidak dapat berpindah dari kembali ke pangkalan ke pulang, lengkap."
    )
    out = refusal(MitigationError("range", found=1800.0, lo=0.05, hi=12.0), SPEECH)
    assert out == "1.800 di luar rentang 0,05 sampai 12 indikator ini."
    assert "belum dihitung" in refusal(MoveRefused("posting_count_wrong", found=None, expected=1), SPEECH)


def test_an_unknown_reason_is_said_by_its_kind_and_an_unknown_kind_as_any_refusal():
    assert refusal(Conflict("something"), SPEECH) == table("refusals")["conflict"]
    assert refusal(KondusifError("something"), SPEECH) == table("refusals")["kondusif_error"]
    assert refusal_title(NotAllowed("area"), SPEECH) == "Di luar wilayah Anda"
    assert refusal(RecipeError("no such column: x"), SPEECH) == "kolom ini tidak ada: x"
