"""What was said before a vote and what came of it, one CSV row per place, for calibration (method 10)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kondusif.errors import ImportRefused, Problem
from kondusif.learn import Outcome
from kondusif.places import official
from kondusif.words import N_
from kondusif_index.tables.columns import read_columns
from kondusif_index.tables.numbers import decimal_mark, number, readings
from kondusif_index.tables.read import refused
from kondusif_index.tables.write import csv_text

KEJADIAN = {"tidak ada": 0, "hijau": 1, "kuning": 2, "merah": 3, "": None}  # empty: nobody reported
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")  # a code, so that nobody's name fits in
EXPECTED = N_("tidak ada, hijau, kuning, merah, atau kosong bila tidak ada laporan")
COLUMNS = {  # what a history takes
    "tempat": "kode, satu baris tiap tempat",
    "skor": "0 sampai 100",
    "tingkat": "1, 2 atau 3",
    "kejadian": EXPECTED,
}


def read_history(source: Path | str | bytes, name: str = "") -> tuple[Outcome, ...]:
    """Outcomes of a file, of its bytes, or of CSV text. Raises ``ImportRefused`` with every problem.

    ``tempat`` is any code, each once (``99.01.01.2001/2019`` tells one vote from another); ``skor`` 0 to 100;
    ``tingkat`` 1 to 3; ``kejadian`` the gravest thing that happened.
    """
    return tuple(outcomes_by_line(source, name).values())


def outcomes_by_line(source: Path | str | bytes, name: str = "") -> dict[int, Outcome]:
    """As ``read_history``, each outcome under the line it stands on, for who has more to ask of a row."""
    name = name or (source.name if isinstance(source, Path) else "riwayat")
    given = source.encode() if isinstance(source, str) else source
    table = read_columns(given, whole=False, name=name, limited=True)
    if lacking := [column for column in COLUMNS if column not in table.header]:
        there = ", ".join(filter(None, table.header)) or "kosong"
        raise ImportRefused([Problem(name, "", 1, c, there, f"kolom {c}: {COLUMNS[c]}") for c in lacking])
    rows = table.rows()
    mark = decimal_mark(readings(row["skor"]) for row in rows) or ".,"  # 1.250 is no score, 1,25 is
    found: dict[int, Outcome] = {}
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    for line, row in zip(table.lines, rows, strict=True):
        head, slash, vote = row["tempat"].partition("/")
        row["tempat"] = official(head) + slash + vote
        score = _score(row["skor"], mark)
        bad = list(_problems(name, line, row, score, seen))
        problems += bad
        seen.setdefault(row["tempat"], line)
        if not bad:
            severity = KEJADIAN[row["kejadian"].lower()]
            found[line] = Outcome(row["tempat"], score, int(row["tingkat"]), severity)
    if not rows:
        raise refused(name, N_("sedikitnya satu tempat"), N_("tidak ada baris"))
    if problems:
        raise ImportRefused(problems)
    return found


def _problems(
    name: str, line: int, row: dict[str, str], score: float, seen: dict[str, int]
) -> Iterator[Problem]:
    def problem(column: str, expected: str) -> Problem:
        return Problem(name, "", line, column, row[column] or "kosong", expected)

    place = row["tempat"]
    if not CODE.fullmatch(place):
        yield problem("tempat", N_("kode: huruf, angka, titik, garis; paling panjang 40"))
    elif place in seen:
        yield problem("tempat", N_("satu baris tiap tempat (juga baris {})").format(seen[place]))
    if not 0 <= score <= 100:
        yield problem("skor", N_("bilangan 0 sampai 100"))
    if row["tingkat"] not in ("1", "2", "3"):
        yield problem("tingkat", N_("1, 2 atau 3"))
    if row["kejadian"].lower() not in KEJADIAN:
        yield problem("kejadian", EXPECTED)


def _score(text: str, mark: str) -> float:
    """A number with this decimal mark; -1 where it is none, which no score is."""
    try:
        return number(text, mark)
    except ValueError:
        return -1.0


def history_csv(outcomes: Iterable[Outcome]) -> str:
    """The same table; ``read_history`` gives it back."""
    words = {severity: word for word, severity in KEJADIAN.items()}
    return csv_text(tuple(COLUMNS), ((o.place, o.score, o.level, words[o.severity]) for o in outcomes))
