"""One function per command: read, ask the core, print. Each returns its exit code."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kondusif.cli import documents, plotting, report
from kondusif.cli.terminal import OK, REFUSED, Usage, say, show
from kondusif.errors import ImportRefused, MoveRefused, Problem

if TYPE_CHECKING:
    from kondusif.files.as_of import AsOf
    from kondusif.operation import OperationAt
    from kondusif.plan.answer import Plan


def _state(options: Namespace) -> AsOf:
    """The operation file of the command line as it stood at ``--at``."""
    from kondusif.demo import DEMO_AT
    from kondusif.files import load_sample, read_workbook
    from kondusif.files.as_of import AsOf
    from kondusif.files.cells import BadCell, moment

    if options.source is None:
        file, at = load_sample(), options.at or DEMO_AT
    elif options.at is None:
        raise Usage("sebutkan --at, waktu yang dinilai")
    else:
        file, at = read_workbook(options.source), options.at
    missing = [s for s in ("operasi", "desa", "tps") if not file[s]]
    if missing:
        name = str(options.source or "contoh")
        raise ImportRefused(
            [Problem(name, s, None, "", "lembar tidak ada", "lembar yang berisi") for s in missing]
        )
    try:
        now = moment(at).replace(tzinfo=file.zone)
    except BadCell:
        raise Usage(f"--at {at}: tulis seperti '2023-10-11 14.05'") from None
    if options.command == "measure" and options.recipe:
        from kondusif.instrument.recipe import Recipe

        return AsOf.at(file, now, Recipe.from_toml(options.recipe.read_text(encoding="utf-8")))
    return AsOf.at(file, now)


def demo(options: Namespace) -> int:
    """Writes the office's workbook from the sample, reads it back as users do, and runs the whole path."""
    from kondusif.demo import as_of_demo

    options.out.mkdir(parents=True, exist_ok=True)
    book = options.out / "masukan.xlsx"
    found = as_of_demo(book, say)
    say("Mengukur, menetapkan kelas, menyusun rencana ...")
    state = found.operation
    document = documents.as_json(state)
    if state.plan is not None:
        _plotting(state, state.plan, options.out / "plotting.xlsx")
    result = options.out / "hasil.json"
    result.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    show(options, document, lambda: report.lines(report.whole(state)))
    say(f"Ditulis: {book}, {options.out / 'plotting.xlsx'}, {result}")
    return OK


def _plotting(state: OperationAt, made: Plan, path: Path) -> None:
    from kondusif.cli.wording import LABELS
    from kondusif.files.write import write_plotting
    from kondusif.plan.plotting import PlottingStyle, plotting_rows, plotting_table, plotting_totals

    listed = plotting_rows(made, state.desa, state.tps, state.units)
    rows = plotting_table(listed, PlottingStyle(LABELS, state.election.zone))
    note = ". ".join(plotting_totals(made)) + "."
    write_plotting(path, rows, f"Daftar plotting, {state.nama}", state.mark, note)


def template(options: Namespace) -> int:
    from kondusif.files.write import write_template

    write_template(options.file)
    show(options, {"file": str(options.file)}, lambda: f"Ditulis: {options.file}")
    return OK


def measure(options: Namespace) -> int:
    if options.data or options.meta or options.out or options.last:
        return _measure_tables(options)
    read = _state(options)
    state = read.operation
    found = {kode: read.assess(kode, state.now, None, state.plan) for kode in state.villages}
    document = {"mark": state.mark, "villages": {k: documents.class_json(a) for k, a in found.items()}}
    show(options, document, lambda: report.lines(report.scores(state, found)))
    return OK


def _measure_tables(options: Namespace) -> int:
    from kondusif.instrument.catalogue import catalogue
    from kondusif_index.run import run_files

    if not (options.data and options.recipe and options.out):
        raise Usage(
            "indeks dari tabel memerlukan --data, --recipe dan --out bersama-sama, biasanya juga --meta"
        )
    built = run_files(
        options.data,
        options.meta,
        options.recipe,
        options.out,
        last=options.last,
        indicators=catalogue(),
        progress=lambda s: say(f"{s} ..."),
    )
    for warning in built.warnings:
        say(f"perhatikan: {warning}")
    document = built.manifest | {"out": str(options.out)}
    show(options, document, lambda: f"{len(built.units)} satuan dihitung: {options.out}")
    return OK


def classify(options: Namespace) -> int:
    state = _state(options).operation
    made = {k: v.assessment for k, v in state.villages.items() if v.assessment}
    document = {"mark": state.mark, "villages": {k: documents.class_json(a) for k, a in made.items()}}
    show(options, document, lambda: report.lines((*report.heading(state, "KELAS"), *report.classes(state))))
    return OK


def plan(options: Namespace) -> int:
    from kondusif.plan.answer import plan_to_json

    read = _state(options)
    state = read.operation
    approved = state.plan is not None
    made = state.plan or read.plan_of(read.assessments)
    if not approved:
        say("Belum ada rencana yang disetujui; dihitung dari kelas sekarang.")
    if options.xlsx:
        _plotting(state, made, options.xlsx)
        say(f"Ditulis: {options.xlsx}")
    document = {"mark": state.mark, "approved": approved} | plan_to_json(made)
    title = "RENCANA" if approved else "RENCANA, BELUM DISETUJUI"
    show(options, document, lambda: report.lines((*report.heading(state, title), *report.force(state, made))))
    return OK


def status(options: Namespace) -> int:
    state = _state(options).operation
    show(options, documents.as_json(state), lambda: report.lines(report.status(state)))
    return OK


def answer(options: Namespace) -> int:
    state = _state(options).operation
    document = {"mark": state.mark, "answers": documents.as_json(state)["dialogue"]}
    show(
        options,
        document,
        lambda: report.lines((*report.heading(state, "DIALOG"), "", *report.dialogue(state))),
    )
    return OK


def withdraw_check(options: Namespace) -> int:
    from kondusif.standby import Posture, check_move

    state = _state(options).operation
    village = state.villages.get(options.desa)
    if village is None:
        codes = ", ".join(f"{kode} {v.desa.nama}" for kode, v in state.villages.items())
        raise Usage(f"--desa {options.desa}: bukan desa yang memilih; pilih {codes}")
    to = Posture(options.to)
    try:
        check_move(village.posture, to, village.gate_level)
    except MoveRefused as error:
        document = {"desa": options.desa, "to": to.value, "allowed": False, "reason": "move_unknown"}
        show(options, document | error.facts, lambda: report.no_such_move(village, to))
        return REFUSED
    judged, when = village.gates(to), village.earliest(to)
    shut = [g for g in judged if g.shut]
    document = {
        "mark": state.mark,
        "desa": options.desa,
        "to": to.value,
        "allowed": not shut,
        "gates": [documents.gate_json(g) for g in judged],
        "earliest": when and when.at and when.at.isoformat(),
        "conditions": list(when.conditions) if when else [],
    }
    show(options, document, lambda: report.lines(report.withdrawal(state, village, to)))
    return REFUSED if shut else OK


def logbook(options: Namespace) -> int:
    from kondusif.logbook import verify_lines

    with options.book.open(encoding="utf-8") as lines:
        body = [line.rstrip("\n") for line in lines if line.strip()]
    findings = verify_lines(body, options.head, options.operation)
    document = {"lines": len(body), "whole": not findings, "findings": [str(f) for f in findings]}

    def text() -> str:
        if not findings:
            against = f" dan memuat kepala {options.head}" if options.head else ""
            return f"Buku utuh: {len(body)} baris berantai{against}."
        return "\n".join(["Buku rusak:", *(f"  - {f}" for f in findings)])

    show(options, document, text)
    return REFUSED if findings else OK


def compare(options: Namespace) -> int:
    from kondusif.cli import folders

    return folders.compare_folders(options)


def roll_up(options: Namespace) -> int:
    from kondusif.cli import folders

    return folders.roll_up_folder(options)


def learn(options: Namespace) -> int:
    from kondusif.cli import learning

    return learning.learn(options)


COMMANDS: Mapping[str, Callable[[Namespace], int]] = {
    "demo": demo,
    "template": template,
    "measure": measure,
    "classify": classify,
    "plan": plan,
    "status": status,
    "answer": answer,
    "withdraw-check": withdraw_check,
    "compare": compare,
    "roll-up": roll_up,
    "learn": learn,
    "plot": plotting.plot,
    "logbook": logbook,
}
