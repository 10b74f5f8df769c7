"""Every text has its English: what the sources show, what the core says, what stands in tables."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from kondusif.classes.rounds import milestones
from kondusif.incidents import INCIDENT_KINDS, Severity
from kondusif.instrument.catalogue import DIMENSIONS, catalogue
from kondusif.instrument.indicator import ASKED
from kondusif.plan.pola import PATTERN_SETS
from kondusif.stages import PACKS, Election, calendar
from kondusif.standby import GATES, POSTING_GATES, Posture
from kondusif.withdraw import Reason
from kondusif.words import rows, table
from tests import cast
from tests.test_house import OFFICE, code, short
from words import PLACES, ROOT, SRC, by_text, first, lacking, messages, places
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


# What stood in the pages once, and what an office says (GLOSSARY); codes may keep the old word.
RETIRED = {
    "id": {
        r"lantai": "kelas minimum",
        r"di?tagih\w*|tagihan": "jawaban yang belum masuk",
        r"resep(nya)?": "instrumen",
        r"butir(nya)?": "indikator; of the checklist: syarat",
        r"sidik": "kode pemeriksa",
        r"derajat [A-D%]": "mutu bukti",
        r"surut": "penarikan tahap 1",
        r"postur": "status pengamanan",
        r"buka jalan": "lengkapi syarat",
        r"(halaman )?ukur": "pemetaan kerawanan",
        r"luput": "terlewat",
        r"digoyang": "diubah acak",
        r"(kelas|hitungan) mesin": "kelas hasil hitungan",
        r"ujung buku|kepala buku": "kode pemeriksa terakhir",
        r"putaran(?! penilaian| ini|.? '|.?$)": "putaran penilaian, or putaran 'its milestone'",
    },
    "en": {
        r"floors?": "minimum class",
        r"owed|owes": "not yet in",
        r"recipes?": "instrument",
        r"fingerprints?": "check code",
        r"drawdown": "withdrawal stage 1",
        r"postures?": "security status",
        r"clear the way": "complete the conditions",
        r"shaken": "varied at random",
    },
}
FROZEN = ("kondusif/instrument/catalogue.csv", "kondusif/instrument/published/")  # under a digest


def _told() -> Iterator[tuple[str, str, str]]:
    english = by_text(kept("en"))
    for key, message in by_text(messages()).items():
        files = [file for file, _line in message.locations]
        if all(file.startswith(FROZEN) for file in files):
            continue
        yield "id", files[0], first(message)
        said = english[key].string
        yield from (("en", files[0], text) for text in ([said] if isinstance(said, str) else said))
    for row in rows():
        languages = ("id",) if row["table"] == "engine" else ("id", "en")  # the literature's words stay there
        yield from ((language, f"{row['table']}.{row['code']}", row[language]) for language in languages)
    for name in ("files/sheets.csv", "files/decisions.csv", "cli/options.csv", "cli/commands.csv"):
        with (SRC / "kondusif" / name).open(encoding="utf-8", newline="") as file:
            for cells in csv.reader(file):
                yield "id", name, cells[-1]  # the text stands last
    for path in code():
        yield from (("id", short(path), text) for text in _sentences(path))


def _sentences(path: Path) -> Iterator[str]:
    """Texts in code, marked or not: words with a capital or a stop; no docstring, markup or columns."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    statements = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    docstrings = {id(value) for value in statements if isinstance(value, ast.Constant)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docstrings else None
        if (
            isinstance(text, str)
            and re.search(r"[A-Z.;:,%]", text)
            and " " in text
            and not set("<_") & set(text)
        ):
            yield text


@cache
def told() -> tuple[tuple[str, str, str], ...]:
    """Language, place and text of whatever a person reads: pages, tables of codes, terminal, workbook."""
    return tuple((of, place, re.sub(PLACES, "", text)) for of, place, text in _told())


@pytest.mark.parametrize(
    "language, word", [(language, word) for language, words in RETIRED.items() for word in words]
)
def test_no_text_for_people_has_a_retired_word(language: str, word: str) -> None:
    """One name for one thing, the one an office uses: see GLOSSARY for what the old word became."""
    found = [
        f"{place}: {text}"
        for of, place, text in told()
        if of == language and re.search(rf"\b({word})\b", text, re.IGNORECASE)
    ]
    assert found == [], RETIRED[language][word]


def test_every_retired_word_stands_in_the_glossary_with_its_heir() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    for old in (
        "lantai",
        "tagihan",
        "resep",
        "butir",
        "ukur",
        "sidik",
        "derajat",
        "surut",
        "postur",
        "gugur",
    ):
        assert f"(formerly {old})" in glossary, old
