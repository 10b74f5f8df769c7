"""Every text has its English: what the sources show, what the core says, what stands in tables."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, timedelta

import pytest

from kondusif.classes.rounds import milestones
from kondusif.incidents import INCIDENT_KINDS, Severity
from kondusif.instrument.catalogue import DIMENSIONS, catalogue
from kondusif.instrument.indicator import ASKED
from kondusif.plan.pola import PATTERN_SETS
from kondusif.stages import PACKS, Election, calendar
from kondusif.standby import GATES, POSTING_GATES, Posture
from kondusif.withdraw import Reason
from kondusif.words import table
from tests import cast
from tests.test_house import OFFICE, code, short
from words import by_text, lacking, messages, places
from words import catalogue as kept

EAGER = {"gettext", "ngettext", "pgettext"}
LAZY = {f"{name}_lazy" for name in EAGER}


def test_the_english_catalogue_is_whole() -> None:
    assert lacking("en") == []


@pytest.mark.parametrize(
    "text, found",
    [
        ("%(nama)s dari %(n)d", {"%(nama)s", "%(n)d"}),
        ("Sambungan terputus {menit} menit", {"{menit}"}),
        ("{} hari kerja", {"{}"}),
        ("%s, 10 %% dari 20", {"%s", "%%"}),
        ("% suara sah", set()),
    ],
)
def test_placeholders_are_seen(text: str, found: set[str]) -> None:
    assert places(text) == found


def test_a_text_of_a_template_and_of_a_module_are_both_found() -> None:
    found = by_text(messages())
    assert (None, "Langsung ke isi") in found  # {% translate %}
    assert (None, "Masuk sebagai %(siapa)s") in found  # {% blocktranslate %}
    assert (None, "Nama akun") in found  # gettext_lazy as _
    assert (None, "Jenis jawaban") in found  # gettext_lazy as _l
    assert (None, "Pemetaan kerawanan dan kelas") in found  # N_, in the core


def core_texts() -> set[str]:
    """What the core says and a page repeats; numbers as the catalogue has them."""
    election = Election(
        vote_at=cast.VOTE_AT, tz="WIB", pack=PACKS["pp-43-2014"], inauguration_at=cast.VOTE_AT + timedelta(60)
    )
    dated = {"dpt": datetime(2023, 8, 1, tzinfo=UTC)}
    stages, rounds = calendar(election), [*milestones(election), *milestones(election, dated)]
    said = {s.nama for s in stages} | {s.source for s in stages}
    said |= {g.name for g in rounds} | {g.source for g in rounds} | set(ASKED)
    said |= {x for p in PATTERN_SETS.values() for x in (p.nama, p.source)}
    said |= {x for p in PACKS.values() for x in (p.nama, p.regulation)} | {
        k.word for k in INCIDENT_KINDS.values()
    }
    said |= {x for i in catalogue().values() for x in (i.unit, i.source, i.rationale) if x}
    return said


SAME = {"BPBD", "Satpol PP", "PP 16/2026"}  # names, in every language


def test_what_the_core_says_is_in_the_catalogue() -> None:
    known = {key[1] for key in by_text(kept("en"))}
    unknown = {text for text in core_texts() - SAME if not {text, re.sub(r"\d+", "{}", text)} & known}
    assert sorted(unknown) == []


def test_what_carries_both_languages_does() -> None:
    assert [i.id for i in catalogue().values() if not i.name_en or i.name_en == i.name_id] == []
    companions = [(c.name_id, c.name_en) for i in catalogue().values() for c in i.companions]
    for own, english in [*DIMENSIONS.values(), *companions]:
        assert english and english != own


def test_every_code_that_is_shown_has_its_word() -> None:
    gates_of_moves = {g for row in (GATES, POSTING_GATES) for names in row.values() for g in names}
    assert set(table("gates")) == gates_of_moves
    assert set(table("gate_reasons")) == set(Reason) - {Reason.MET}
    assert set(table("postures")) == set(Posture)
    assert set(table("severities")) == set(Severity)
    assert set(table("incident_kinds")) == set(INCIDENT_KINDS)


def test_a_text_without_the_language_of_the_page_is_indonesian() -> None:
    assert table("gates", "jv") == table("gates")


def test_no_text_is_translated_when_a_module_is_read() -> None:
    """It would speak the language of that moment for ever: at the top of a module a text is lazy.

    Adding to a lazy text, or filling it in, reads it: there ``format_lazy`` does that later.
    """
    early = []
    for path in code(under=OFFICE):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            (name.asname or name.name): name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
            for name in node.names
        }
        waiting: list[ast.AST] = [tree]
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                waiting += [d for d in [*node.args.defaults, *node.args.kw_defaults] if d is not None]
                continue
            reads = isinstance(node, ast.BinOp | ast.JoinedStr)
            for part in ast.walk(node) if reads else [node]:
                call = names.get(getattr(part.func, "id", ""), "") if isinstance(part, ast.Call) else ""
                if call in EAGER or (reads and call in LAZY):
                    early.append(f"{short(path)}:{part.lineno}")
            waiting += ast.iter_child_nodes(node)
    assert early == []
