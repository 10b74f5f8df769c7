"""What the terminal shows of an operation as it stood at a moment: 80 columns, no colour needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from textwrap import wrap

from kondusif.classes.classify import DesaAssessment
from kondusif.classes.rounds import fresh_since, milestones
from kondusif.cli.wording import (
    FORCES,
    LABELS,
    because,
    gate_line,
    kelas,
    koma,
    part_answer,
)
from kondusif.dialogue import Meeting, Question
from kondusif.operation import OperationAt, VillageAt, VillageForce
from kondusif.places import Desa
from kondusif.plan.answer import Plan
from kondusif.plan.plotting import heads_in_words
from kondusif.sentences import Speech
from kondusif.stages import h
from kondusif.standby import Posture
from kondusif.withdraw import GateState, GateStatus
from kondusif.words import clause, table

POSTURES, ITEM_STATES = table("postures"), table("item_states")
UNMET, ANSWERED = table("unmet"), table("answered")
NOBODY = "tidak ada"
WIDTH = 80
FIRST = 6  # items named before the rest is only counted


def rule(mark: str = "-") -> str:
    return mark * WIDTH


def field(name: str, text: str, indent: int = 2) -> list[str]:
    """A named line, wrapped under itself."""
    lead = " " * indent + f"{name:<11}"
    return wrap(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead)) or [lead.rstrip()]


def heading(state: OperationAt, title: str) -> Iterator[str]:
    if state.mark:
        yield f"*** {state.mark} ***"
    yield title
    yield f"{state.nama} · {state.polres}"
    days = h(state.election, state.now)
    now, speech = state.now.astimezone(state.election.zone), Speech(state.election.zone)
    stage = f"H{days:+d}" if days else "hari H"
    yield f"Data per {speech.day(now)} {now.year}, {speech.clock(now)} ({stage})"


def classes(state: OperationAt) -> Iterator[str]:
    """Score, class, reason, firmness, coverage and the stations above their village."""
    yield from heading(state, "KELAS")
    for village in state.villages.values():
        yield from _class(village, _fresh_since(state))


def _fresh_since(state: OperationAt) -> date:
    return fresh_since(milestones(state.election), state.election, state.now)


def _name(desa: Desa) -> Iterator[str]:
    yield ""
    yield f"{desa.nama.upper()}, Kec. {desa.kecamatan} ({desa.kode})"


def _class(village: VillageAt, since: date) -> Iterator[str]:
    """``since``: an assessment of before it is shown with its day."""
    yield from _name(village.desa)
    a = village.assessment
    if a is None:
        yield from field("Kelas", "belum ditetapkan; belum diukur tidak berarti aman")
        return
    c = a.classification
    on = Speech(village.zone).short_date(a.on)
    yield from field("Kelas", kelas(a.level))
    if a.score.total is None:
        yield from field("Skor", f"belum diketahui, diperiksa {on}; belum dijawab tidak berarti aman")
    else:
        yield from field("Skor", f"{koma(a.score.total)} dari 100, diukur {on}")
        old = a.on < since
        yield from field("Sebab", because(c) + (f", per {on}, belum dinilai ulang" if old else ""))
    coverage = f"{koma(a.score.coverage_due * 100, 0)} % indikator tahap ini"
    yield from field("Keterisian", "; ".join([coverage, *_gaps(a)]))
    if a.level is None:
        return
    above = [
        f"TPS {kode.rpartition('-')[2]} {LABELS[t.level]}, nilai {koma(t.total)}"
        for kode, t in a.tps.items()
        if t.level is not None and a.level is not None and t.level > a.level
    ]
    yield from field("TPS", "; ".join(above) or "tidak ada TPS di atas kelas desanya")


def _gaps(a: DesaAssessment) -> Iterator[str]:
    """What is missing from the score, by kind; the first few items by code."""
    for state in ("stale", "absent", "refused"):
        word = clause(ITEM_STATES[state])
        items = [i.id for i in a.score.items if i.state == state]
        if items:
            more = ", ..." if len(items) > FIRST else ""
            yield f"{len(items)} {word}: {', '.join(items[:FIRST])}{more}"


def force(state: OperationAt, plan: Plan, *, approved: bool) -> Iterator[str]:
    """Need, posted and unmet per village, and when security begins."""
    yield from heading(state, "RENCANA" if approved else "RENCANA, BELUM DISETUJUI")
    for village in state.villages.values():
        yield from _name(village.desa)
        yield from _force(village, VillageForce.of(plan, village.desa.kode))
    shared = [p for p in plan.posts if p.desa is None]
    if shared:
        yield ""
        yield "POSKO DAN CADANGAN"
    for post in shared:
        yield from field("", f"{post.nama}: {heads_in_words(plan.strength_at(post.kode)) or NOBODY}")


def _force(village: VillageAt, given: VillageForce | None) -> Iterator[str]:
    if given is None:
        yield from field("Kekuatan", "rencana belum disetujui")
        return
    yield from field("Kebutuhan", f"{given.need.total} orang: {heads_in_words(given.need) or NOBODY}")
    yield from field("Ditugaskan", f"{given.posted.total} orang")
    lacks = [f"{u.missing} {FORCES[u.force]} di {post} ({clause(UNMET[u.why])})" for u, post in given.unmet]
    yield from field("Kurang", "; ".join(lacks) if given.missing.total else "tidak ada")
    yield from field("Mulai", Speech(village.zone).begins(given.start(village.desa.kode)))


def gates(village: VillageAt) -> Iterator[str]:
    """Posture and every shut gate of the next move, in words."""
    speech, to = Speech(village.zone), village.next_step
    text = speech.posture(village.posture)
    yield from field("Status", text + (f" sejak {speech.when(village.since)}" if village.since else ""))
    if follows := speech.gate_level(village.governs, village.level, LABELS):
        yield from field("Gerbang", follows)
    if to is None:
        return
    judged = village.gates()
    shut = [g for g in judged if g.shut]
    open_ones = f"{len(judged) - len(shut)} dari {len(judged)} gerbang terbuka"
    yield from field("Langkah", f"{speech.posture(to)}: {open_ones}")
    if not shut:
        yield from field("", "semua gerbang terbuka; menunggu permintaan dan persetujuan dua orang")
    for g in shut:
        yield from wrap(f"x {gate_line(g, speech)}", WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 6)
    when = village.earliest()
    if when is not None and shut:
        yield from field("Kapan", speech.earliest(when))


def answers(state: OperationAt) -> Iterator[str]:
    yield from heading(state, "DIALOG")
    yield ""
    yield from _dialogue(state)


def _dialogue(state: OperationAt) -> Iterator[str]:
    """Both questions, part by part: from the record alone, and now (RULES 10)."""
    if not state.meetings:
        yield "Belum ada pertemuan yang tercatat."
    for meeting in state.meetings:
        yield f"{meeting.title}, {meeting.at.day}/{meeting.at.month}/{meeting.at.year}, {meeting.place}"
        for n, question in enumerate(meeting.questions, 1):
            yield from _question(state, meeting, n, question)
        yield ""
        yield "Komitmen:"
        for k in state.commitments:
            owner = k.owner or "belum ada pemilik"
            yield from wrap(f"- {k.text} ({owner})", WIDTH, initial_indent="  ", subsequent_indent="    ")


def _question(state: OperationAt, meeting: Meeting, n: int, question: Question) -> Iterator[str]:
    desa = {d.kode: d for d in state.desa}
    yield ""
    asked = f"{n}. {question.role} {desa[question.desa].nama}: {question.text}"
    yield from wrap(asked, WIDTH, subsequent_indent="   ")
    views = {"dari catatan pertemuan": True}
    if state.plan is not None:
        views["setelah rencana disetujui"] = False
    for title, before in views.items():
        yield f"   {title}:"
        for a in state.answers(meeting, before_plan=before):
            if a.question == question.kode:
                said = part_answer(a, desa, Speech(state.election.zone))
                text = f"[{clause(ANSWERED[a.status])}] {a.part.text}: {said}"
                yield from wrap(text, WIDTH, initial_indent=" " * 5, subsequent_indent=" " * 7)


def whole(state: OperationAt) -> Iterator[str]:
    """The demo: every village from score to gates, then the dialogue."""
    yield rule("=")
    yield from heading(state, "KONDUSIF: dari indeks kerawanan sampai petugas terakhir pulang")
    yield rule("=")
    yield from summary(state)
    for village in state.villages.values():
        yield from _class(village, _fresh_since(state))
        yield from _force(village, village.force)
        yield from gates(village)
    yield ""
    yield rule()
    yield from _dialogue(state)
    yield rule()
    if state.mark:
        yield f"*** {state.mark} ***"
    yield from wrap("Batas kelas, pola, dan jam adalah usulan; cocokkan dengan daerah Anda.", WIDTH)


def summary(state: OperationAt) -> Iterator[str]:
    """One row per village; the mark stands in the table itself (RULES 24)."""
    row = "{:<12}{:<13}{:>6} {:>5}{:>5}{:>7}  {:<12}{:<10}{:>7}"
    yield row.format("Desa", "Kelas", "Skor", "Butuh", "Ada", "Kurang", "Mulai", "Status", "Gerbang").rstrip()
    for village in state.villages.values():
        yield row.format(*_cells(village)).rstrip()
    for village in state.villages.values():
        start = village.force.start(village.desa.kode) if village.force else None
        if start and start.earlier:
            yield from wrap(f"* {village.desa.nama}: {Speech(village.zone).begins(start)}", WIDTH)
    if state.mark:
        yield state.mark.center(WIDTH).rstrip()
    yield rule("=")


def _cells(village: VillageAt) -> list[object]:
    """What the row of a village holds; a dash where nothing is known or planned yet."""
    a, given, judged = village.assessment, village.force, village.gates()
    level, score, begins, opened = "belum ada", "-", "-", "-"
    heads: list[object] = ["-", "-", "-"]
    if a:
        level, score = LABELS.get(a.level or 0, level), koma(a.score.total)
    if given:
        heads = [given.need.total, given.need.total - given.missing.total, given.missing.total]
    if given and (start := given.start(village.desa.kode)):
        begins = Speech(village.zone).day(start.at) + ("*" if start.earlier else "")
    if judged:
        opened = f"{sum(not g.shut for g in judged)}/{len(judged)}"
    return [village.desa.nama[:11], level, score, *heads, begins, POSTURES[village.posture][:9], opened]


def status(state: OperationAt) -> Iterator[str]:
    yield from heading(state, "STATUS")
    for village in state.villages.values():
        yield from _name(village.desa)
        yield from field("Kelas", kelas(village.level))
        yield from gates(village)


def scores(state: OperationAt, found: Mapping[str, DesaAssessment]) -> Iterator[str]:
    """Score with its dimensions and largest contributions, as measured at the moment asked for."""
    yield from heading(state, "SKOR")
    for village in state.villages.values():
        a = found[village.desa.kode]
        yield from _name(village.desa)
        stage = a.stage.replace("_", " ")
        if a.score.total is None:
            yield from field("Skor", f"belum diketahui: belum ada jawaban, tahap {stage}")
            continue
        yield from field("Skor", f"{koma(a.score.total)} dari 100, tahap {stage}")
        share = f"{koma(a.score.coverage_due * 100, 0)} % indikator tahap ini"
        yield from field(
            "Keterisian", f"{share}, {koma(a.score.coverage_all * 100, 0)} % dari semua indikator"
        )
        dims = [f"{d} {koma(x, 1)}" for d, x in a.score.dimensions.items()]
        yield from field("Dimensi", "  ".join(dims))
        top = sorted(a.score.contributions.items(), key=lambda kv: -kv[1])[:6]
        yield from field("Terbesar", ", ".join(f"{item} {koma(points)}" for item, points in top))


def withdrawal(state: OperationAt, village: VillageAt, to: Posture) -> Iterator[str]:
    """Every gate of one move, shut ones with their reason, and the earliest time."""
    desa, judged, speech = village.desa, village.gates(to), Speech(village.zone)
    shut = [g for g in judged if g.shut]
    yield from heading(state, f"PENARIKAN {desa.nama}, Kec. {desa.kecamatan}: ke {speech.posture(to)}")
    if follows := speech.gate_level(village.governs, village.level, LABELS):
        yield from wrap(follows, WIDTH, subsequent_indent="  ")
    yield f"TERTUTUP: {len(shut)} dari {len(judged)} gerbang" if shut else "TERBUKA: semua gerbang"
    for g in judged:
        yield from wrap(_judged(g, speech), WIDTH, initial_indent="  ", subsequent_indent="      ")
    when = village.earliest(to)
    if shut and when is not None:
        yield from wrap(speech.earliest(when), WIDTH, subsequent_indent="  ")


def _judged(g: GateState, speech: Speech) -> str:
    """A gate with its mark: x shut, ~ waived, v open."""
    if g.shut:
        return f"x {gate_line(g, speech)}"
    if g.state is GateStatus.WAIVED:
        return f"~ {speech.gate_name(g.gate)}: {speech.say('waived')}"
    return f"v {speech.gate_name(g.gate)}"


def no_such_move(village: VillageAt, to: Posture) -> str:
    speech = Speech(village.zone)
    between = f"dari {speech.posture(village.posture)} ke {speech.posture(to)}"
    return f"Tidak ada perpindahan {village.desa.nama} {between}."
