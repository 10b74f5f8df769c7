"""One function per command: read, ask the core, give the result."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from kondusif.cli import documents, report
from kondusif.cli.folders import roll_up_folder
from kondusif.cli.learning import learn
from kondusif.cli.measuring import measure_tables
from kondusif.cli.plotting import plot
from kondusif.cli.terminal import OK, REFUSED, Result, UsageError, progress
from kondusif.cli.unit import unit_report
from kondusif.cli.versions import compare_versions
from kondusif.cli.wording import LABELS
from kondusif.errors import ImportRefused, MoveRefused, Problem
from kondusif.files import OperationFile, load_sample, read_workbook
from kondusif.files.as_of import AsOf
from kondusif.files.cells import BadCell, moment
from kondusif.files.moments import located
from kondusif.files.write import write_plotting, write_template, write_workbook
from kondusif.instrument.recipe import Recipe
from kondusif.logbook import verify_lines
from kondusif.operation import OperationAt
from kondusif.places import official
from kondusif.plan.answer import Plan, plan_to_json
from kondusif.plan.plotting import PlottingStyle, plotting_rows, plotting_table, plotting_totals
from kondusif.standby import Posture, check_move

SAMPLE_AT = "2023-10-11 14.05"  # H+1: one village has stepped down, two may not yet


def _as_of(options: Namespace, recipe: Path | None = None) -> AsOf:
    """The operation file of the command line as it stood at ``--at``."""
    if options.source is None:
        file, at = load_sample(), options.at or SAMPLE_AT
    elif options.at is None:
        raise UsageError("sebutkan --at, waktu yang dinilai")
    else:
        file, at = read_workbook(options.source), options.at
    name = str(options.source or "contoh")
    problems = [
        Problem(name, sheet, None, "", "lembar tidak ada", "lembar yang berisi")
        for sheet in ("operasi", "desa", "tps")
        if not file[sheet]
    ]
    if problems:
        raise ImportRefused(problems)
    try:
        now = _moment(file, at)
    except BadCell:
        raise UsageError(f"--at {at}: tulis seperti '2023-10-11 14.05'") from None
    if recipe is None:
        return AsOf.at(file, now)
    return AsOf.at(file, now, Recipe.from_toml(recipe.read_text(encoding="utf-8")))


def _moment(file: OperationFile, at: str) -> datetime:
    return located(moment(at), file.zone)


def demo(options: Namespace) -> Result:
    """Writes the office's workbook from the sample, reads it back as users do, and runs the whole path.

    What an import would lose, the demo loses too.
    """
    options.out.mkdir(parents=True, exist_ok=True)
    book, plotting, result = (options.out / n for n in ("masukan.xlsx", "plotting.xlsx", "hasil.json"))
    progress(f"Menulis {book} dari contoh ...")
    write_workbook(book, load_sample())
    progress(f"Mengimpor {book} ...")
    file = read_workbook(book)
    progress("Mengukur, menetapkan kelas, menyusun rencana ...")
    state = AsOf.at(file, _moment(file, SAMPLE_AT)).operation
    document = documents.as_json(state)
    if state.plan is not None:
        _write_plotting(state, state.plan, plotting)
    result.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    progress(f"Ditulis: {book}, {plotting}, {result}")
    return Result(document, report.whole(state))


def _write_plotting(state: OperationAt, plan: Plan, path: Path) -> None:
    listed = plotting_rows(plan, state.desa, state.tps, state.units)
    rows = plotting_table(listed, PlottingStyle(LABELS, state.election.zone))
    note = ". ".join(plotting_totals(plan)) + "."
    write_plotting(path, rows, f"Daftar plotting, {state.nama}", state.mark, note)


def template(options: Namespace) -> Result:
    write_template(options.file)
    return Result({"file": str(options.file)}, [f"Ditulis: {options.file}"])


def measure(options: Namespace) -> Result:
    if options.data or options.meta or options.out or options.last:
        return measure_tables(options)
    read = _as_of(options, options.recipe)
    state = read.operation
    found = {kode: read.assess(kode, state.now, None, state.plan) for kode in state.villages}
    return Result(documents.classes_json(state, found), report.scores(state, found))


def classify(options: Namespace) -> Result:
    state = _as_of(options).operation
    made = {k: v.assessment for k, v in state.villages.items() if v.assessment}
    return Result(documents.classes_json(state, made), report.classes(state))


def plan(options: Namespace) -> Result:
    read = _as_of(options)
    state = read.operation
    approved = state.plan is not None
    made = state.plan or read.plan_of(read.assessments)
    if not approved:
        progress("Belum ada rencana pengamanan yang disahkan; dihitung dari kelas sekarang.")
    if options.xlsx:
        _write_plotting(state, made, options.xlsx)
        progress(f"Ditulis: {options.xlsx}")
    document = {"mark": state.mark, "approved": approved} | plan_to_json(made)
    return Result(document, report.force(state, made, approved=approved))


def status(options: Namespace) -> Result:
    state = _as_of(options).operation
    return Result(documents.as_json(state), report.status(state))


def answer(options: Namespace) -> Result:
    state = _as_of(options).operation
    document = {"mark": state.mark, "answers": documents.dialogue_json(state)}
    return Result(document, report.answers(state))


def withdraw_check(options: Namespace) -> Result:
    state = _as_of(options).operation
    options.desa = official(options.desa)
    village = state.villages.get(options.desa)
    if village is None:
        codes = ", ".join(f"{kode} {v.desa.nama}" for kode, v in state.villages.items())
        raise UsageError(f"--desa {options.desa}: bukan desa yang memilih; pilih {codes}")
    to = Posture(options.to)
    try:
        check_move(village.posture, to, village.gate_level)
    except MoveRefused as error:
        document = {"desa": options.desa, "to": to.value, "allowed": False, "reason": "move_unknown"}
        return Result(document | error.facts, [report.no_such_move(village, to)], REFUSED)
    judged = village.gates(to)
    shut = any(g.shut for g in judged)
    document = {
        "mark": state.mark,
        "desa": options.desa,
        "to": to.value,
        "allowed": not shut,
        "gates": [documents.gate_json(g) for g in judged],
        **documents.earliest_json(village.earliest(to)),
    }
    return Result(document, report.withdrawal(state, village, to), REFUSED if shut else OK)


def logbook(options: Namespace) -> Result:
    with options.book.open(encoding="utf-8") as lines:
        body = [line.rstrip("\n") for line in lines if line.strip()]
    findings = [str(f) for f in verify_lines(body, options.head, options.operation)]
    document = {"lines": len(body), "whole": not findings, "findings": findings}
    if findings:
        return Result(document, ["Buku rusak:", *(f"  - {f}" for f in findings)], REFUSED)
    against = f" dan memuat kepala {options.head}" if options.head else ""
    return Result(document, [f"Buku utuh: {len(body)} baris berantai{against}."])


COMMANDS: Mapping[str, Callable[[Namespace], Result]] = {
    "demo": demo,
    "template": template,
    "measure": measure,
    "classify": classify,
    "plan": plan,
    "status": status,
    "answer": answer,
    "withdraw-check": withdraw_check,
    "unit": unit_report,
    "compare": compare_versions,
    "roll-up": roll_up_folder,
    "learn": learn,
    "plot": plot,
    "logbook": logbook,
}
