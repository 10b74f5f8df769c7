"""What was said before a vote and what came of it, one CSV row per place, for calibration (method 10)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import StringIO
from math import isfinite
from pathlib import Path

from kondusif.errors import ImportRefused, Problem
from kondusif.learn import Outcome
from kondusif.words import N_

COLUMNS = ("tempat", "skor", "tingkat", "kejadian")
KEJADIAN = {"tidak ada": 0, "hijau": 1, "kuning": 2, "merah": 3, "": None}  # empty: nobody reported
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")  # a code, so that nobody's name fits in
EXPECTED = N_("tidak ada, hijau, kuning, merah, atau kosong bila tidak ada laporan")


def read_history(source: Path | str, name: str = "") -> tuple[Outcome, ...]:
    """Outcomes of a file, or of CSV text with its ``name``. Raises ``ImportRefused`` with every problem.

    ``tempat`` is any code, each once (``99.01.01.2001/2019`` tells one vote from another); ``skor`` 0 to 100;
    ``tingkat`` 1 to 3; ``kejadian`` the gravest thing that happened. Columns are parted by comma, or by
    semicolon as spreadsheets with a decimal comma do.
    """
    name = name or (source.name if isinstance(source, Path) else "riwayat")
    text = decoded(source.read_bytes(), name) if isinstance(source, Path) else source
    return tuple(outcomes_by_line(text, name).values())


def outcomes_by_line(text: str, name: str) -> dict[int, Outcome]:
    """As ``read_history``, each outcome under the line it stands on, for who has more to ask of a row."""
    try:
        return _read(text, name)
    except csv.Error as error:
        raise ImportRefused([Problem(name, "", None, "", str(error), "CSV")]) from None


def decoded(raw: bytes, name: str) -> str:
    """The text of a CSV file. Raises ``ImportRefused`` where it is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ImportRefused([Problem(name, "", line, "", N_("bukan UTF-8"), "CSV UTF-8")]) from None


def _read(text: str, name: str) -> dict[int, Outcome]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(StringIO(text, newline=""), restval="", delimiter=";" if ";" in first else ",")
    header = [h.strip() for h in reader.fieldnames or ()]
    problems = [
        Problem(name, "", 1, c, f"{n} kali" if n else N_("tidak ada"), f"kolom {c}")
        for c in COLUMNS
        if (n := header.count(c)) != 1
    ]
    if problems:
        raise ImportRefused(problems)
    reader.fieldnames = header
    found: dict[int, Outcome] = {}
    seen: dict[str, int] = {}
    for row in reader:
        line = reader.line_num
        cells = {c: str(row[c] or "").strip() for c in COLUMNS}
        if not any(cells.values()):
            continue
        bad = _problems(name, line, cells, seen)
        if None in row:  # a decimal comma without quotes moves every cell after it
            bad.append(Problem(name, "", line, "", N_("sel lebih"), N_("{} sel").format(len(header))))
        problems += bad
        seen.setdefault(cells["tempat"], line)
        if not bad:
            severity = KEJADIAN[cells["kejadian"].lower()]
            score = _number(cells["skor"])
            found[line] = Outcome(cells["tempat"], score, int(cells["tingkat"]), severity)
    if not found and not problems:
        problems.append(Problem(name, "", None, "", N_("tidak ada baris"), N_("sedikitnya satu tempat")))
    if problems:
        raise ImportRefused(problems)
    return found


def _problems(name: str, line: int, cells: dict[str, str], seen: dict[str, int]) -> list[Problem]:
    def problem(column: str, expected: str) -> Problem:
        return Problem(name, "", line, column, cells[column] or "kosong", expected)

    found = []
    if not CODE.fullmatch(cells["tempat"]):
        found.append(problem("tempat", N_("kode: huruf, angka, titik, garis; paling panjang 40")))
    elif cells["tempat"] in seen:
        found.append(
            problem("tempat", N_("satu baris tiap tempat (juga baris {})").format(seen[cells["tempat"]]))
        )
    if not 0 <= _number(cells["skor"]) <= 100:
        found.append(problem("skor", N_("bilangan 0 sampai 100")))
    if cells["tingkat"] not in ("1", "2", "3"):
        found.append(problem("tingkat", N_("1, 2 atau 3")))
    if cells["kejadian"].lower() not in KEJADIAN:
        found.append(problem("kejadian", EXPECTED))
    return found


def _number(text: str) -> float:
    """A number with point or comma; -1 where it is none, which no score is."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return -1.0
    return value if isfinite(value) else -1.0


def history_csv(outcomes: Iterable[Outcome]) -> str:
    """The same table; ``read_history`` gives it back."""
    words = {severity: word for word, severity in KEJADIAN.items()}
    lines = [",".join(COLUMNS)]
    lines += [f"{o.place},{o.score!r},{o.level},{words[o.severity]}" for o in outcomes]
    return "\n".join(lines) + "\n"
