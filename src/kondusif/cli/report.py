"""What the terminal shows of an operation as it stood at a moment: 80 columns, no colour needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap

from kondusif.classify import DesaAssessment
from kondusif.cli.wording import (
    DAYS,
    FORCES,
    LABELS,
    MONTHS,
    answered,
    because,
    gate_name,
    gate_reason,
    kelas,
    koma,
    part_answer,
    posture,
    unmet,
    waktu,
)
from kondusif.demo import AsOf
from kondusif.forces import Strength
from kondusif.places import Desa
from kondusif.plan.answer import Plan
from kondusif.plan.plotting import heads_in_words
from kondusif.stages import h, village_start
from kondusif.standby import Posture
from kondusif.withdraw import Earliest
from kondusif.words import clause, table

POSTURES, ITEM_STATES = table("postures"), table("item_states")
NOBODY = "tidak ada"
WIDTH = 80
FIRST = 6  # items named before the rest is only counted


def rule(mark: str = "-") -> str:
    return mark * WIDTH


def field(name: str, text: str, indent: int = 2) -> list[str]:
    """A named line, wrapped under itself."""
    lead = " " * indent + f"{name:<11}"
    return wrap(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead)) or [lead.rstrip()]


def heading(state: AsOf, title: str) -> Iterator[str]:
    operasi = state.file.operasi or {}
    if state.file.mark:
        yield f"*** {state.file.mark} ***"
    yield title
    yield f"{operasi['nama']} · {operasi['polres']}"
    days = h(state.file.election, state.now)
    now = state.now.astimezone(state.file.zone)
    date = f"{DAYS[now.weekday()]} {now.day} {MONTHS[now.month - 1]} {now.year}"
    yield f"Data per {date}, {now:%H.%M} ({f'H{days:+d}' if days else 'hari H'})"


def classes(state: AsOf) -> Iterator[str]:
    """Score, class, reason, firmness, coverage and the stations above their village."""
    for desa in state.file.voting:
        yield from _class(state, desa)


def _class(state: AsOf, desa: Desa) -> Iterator[str]:
    yield ""
    yield f"{desa.nama.upper()}, Kec. {desa.kecamatan} ({desa.kode})"
    a = state.assessments.get(desa.kode)
    if a is None:
        yield from field("Kelas", "belum ditetapkan; belum diukur tidak berarti aman")
        return
    c = a.classification
    on = f"{a.on.day} {MONTHS[a.on.month - 1]}"
    yield from field("Kelas", kelas(a.level))
    if a.score.total is None:
        yield from field("Skor", f"belum diketahui, diperiksa {on}; belum dijawab tidak berarti aman")
    else:
        yield from field("Skor", f"{koma(a.score.total)} dari 100, diukur {on}")
        yield from field("Sebab", because(c))
    coverage = f"{koma(a.score.coverage_due * 100, 0)} % butir tahap ini"
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


def force(state: AsOf, plan: Plan) -> Iterator[str]:
    """Need, posted and unmet per village, and when security begins."""
    for desa in state.file.voting:
        yield ""
        yield f"{desa.nama.upper()}, Kec. {desa.kecamatan} ({desa.kode})"
        yield from _force(state, desa, plan)
    shared = [p for p in plan.posts if p.desa is None]
    if shared:
        yield ""
        yield "POSKO DAN CADANGAN"
    for post in shared:
        yield from field("", f"{post.nama}: {heads_in_words(plan.strength_at(post.kode)) or NOBODY}")


def _force(state: AsOf, desa: Desa, plan: Plan | None) -> Iterator[str]:
    if plan is None:
        yield from field("Kekuatan", "rencana belum disetujui")
        return
    need = Strength.sum(p.need for p in plan.posts if p.desa == desa.kode)
    missing = plan.missing_in(desa.kode)
    yield from field("Kebutuhan", f"{need.total} orang: {heads_in_words(need) or NOBODY}")
    yield from field("Ditugaskan", f"{plan.strength_in(desa.kode).total} orang")
    posts = {p.kode: p for p in plan.posts if p.desa == desa.kode}
    lacks = [
        f"{u.missing} {FORCES[u.force]} di {posts[u.post].nama} ({unmet(u.why)})"
        for u in plan.unmet
        if u.post in posts
    ]
    yield from field("Kurang", "; ".join(lacks) if missing.total else "tidak ada")
    start = village_start(desa.kode, plan.starts)
    first = [k.rpartition("-")[2] for k, at in plan.starts.items() if k in state.file.tps_of(desa.kode)]
    late = [
        f"TPS {k.rpartition('-')[2]}"
        for k in state.file.tps_of(desa.kode)
        if plan.starts[k] == start and len(first) > 1
    ]
    own = plan.starts.get(desa.kode)
    text = waktu(start, state.file.zone)
    if own is not None and own != start:
        text = f"{waktu(own, state.file.zone)}; lebih dulu {', '.join(late)}: {text}"
    yield from field("Mulai", text)


def gates(state: AsOf, desa: Desa) -> Iterator[str]:
    """Posture and every shut gate of the next move, in words."""
    at, since = state.posture(desa.kode)
    text = posture(at)
    yield from field("Postur", text + (f" sejak {waktu(since, state.file.zone)}" if since else ""))
    to = state.next_move(desa.kode)
    if to is None:
        return
    judged = state.gates(desa.kode, to)
    shut = [g for g in judged if g.shut]
    yield from field(
        "Langkah", f"{posture(to)}: {len(judged) - len(shut)} dari {len(judged)} gerbang terbuka"
    )
    if not shut:
        yield from field("", "semua gerbang terbuka; menunggu permintaan dan persetujuan dua orang")
    for g in shut:
        lines = f"x {gate_name(g.gate)}: {gate_reason(g, state.file.zone)}"
        yield from wrap(lines, WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 6)
    when = state.earliest(desa.kode, to)
    if when is not None and shut:
        yield from field("Tercepat", soonest(state, when))


def soonest(state: AsOf, when: Earliest) -> str:
    """The earliest time with the gates that no clock opens."""
    text = waktu(when.at, state.file.zone) if when.at else "belum dapat dihitung"
    names = [gate_name(g).split(".")[0] if g.isdigit() else gate_name(g).lower() for g in when.conditions]
    if names:
        text += ", bila gerbang " + ", ".join(names) + " terbuka lebih dulu"
    return text + " dan keadaan tetap tenang"


def dialogue(state: AsOf) -> Iterator[str]:
    """Both questions, part by part: from the record alone, and now (RULES 10)."""
    desa = {d.kode: d for d in state.file.desa}
    if not state.file.meetings:
        yield "Belum ada pertemuan yang tercatat."
    for meeting in state.file.meetings:
        yield f"{meeting.title}, {meeting.at.day}/{meeting.at.month}/{meeting.at.year}, {meeting.place}"
        for n, q in enumerate(meeting.questions, 1):
            yield ""
            yield from wrap(f"{n}. {q.role} {desa[q.desa].nama}: {q.text}", WIDTH, subsequent_indent="   ")
            for title, before in (("dari catatan pertemuan", True), ("setelah rencana disetujui", False)):
                if not before and state.plan is None:
                    continue
                yield f"   {title}:"
                for a in state.answers(meeting, before_plan=before):
                    if a.question == q.kode:
                        text = (
                            f"[{answered(a.status)}] {a.part.text}: {part_answer(a, desa, state.file.zone)}"
                        )
                        yield from wrap(text, WIDTH, initial_indent=" " * 5, subsequent_indent=" " * 7)
        yield ""
        yield "Komitmen:"
        for k in state.file.komitmen:
            owner = k.owner or "belum ada pemilik"
            yield from wrap(f"- {k.text} ({owner})", WIDTH, initial_indent="  ", subsequent_indent="    ")


def whole(state: AsOf) -> Iterator[str]:
    """The demo: every village from score to gates, then the dialogue."""
    yield rule("=")
    yield from heading(state, "KONDUSIF: dari indeks kerawanan sampai petugas terakhir pulang")
    yield rule("=")
    yield from summary(state)
    for desa in state.file.voting:
        yield from _class(state, desa)
        yield from _force(state, desa, state.plan)
        yield from gates(state, desa)
    yield ""
    yield rule()
    yield from dialogue(state)
    yield rule()
    if state.file.mark:
        yield f"*** {state.file.mark} ***"
    yield from wrap("Batas 20 dan 40, pola, dan jam adalah usulan; cocokkan dengan daerah Anda.", WIDTH)


def summary(state: AsOf) -> Iterator[str]:
    """One row per village; the mark stands in the table itself (RULES 24)."""
    row = "{:<12}{:<14}{:>6}  {:>5}{:>5}{:>7}  {:<10}{:<10}{:>7}"
    yield row.format("Desa", "Kelas", "Skor", "Butuh", "Ada", "Kurang", "Mulai", "Postur", "Gerbang").rstrip()
    for desa in state.file.voting:
        a, plan = state.assessments.get(desa.kode), state.plan
        need = sum(p.need.total for p in plan.posts if p.desa == desa.kode) if plan else None
        missing = plan.missing_in(desa.kode).total if plan else None
        start = village_start(desa.kode, plan.starts) if plan else None
        judged = state.gates(desa.kode)
        cells = [
            desa.nama[:11],
            LABELS[a.level] if a and a.level else "belum ada",
            koma(a.score.total) if a else "-",
            "-" if need is None else need,
            "-" if need is None or missing is None else need - missing,
            "-" if missing is None else missing,
            waktu(start, state.file.zone).rpartition(" ")[0] if start else "-",
            POSTURES[state.posture(desa.kode)[0]][:9],
            f"{sum(not g.shut for g in judged)}/{len(judged)}" if judged else "-",
        ]
        yield row.format(*cells).rstrip()
    if state.file.mark:
        yield state.file.mark.center(WIDTH).rstrip()
    yield rule("=")


def status(state: AsOf) -> Iterator[str]:
    yield from heading(state, "STATUS")
    for desa in state.file.voting:
        yield ""
        level = state.level(desa.kode)
        yield f"{desa.nama.upper()}, Kec. {desa.kecamatan} ({desa.kode})"
        yield from field("Kelas", kelas(state.levels.get(desa.kode)))
        if level != state.levels.get(desa.kode):
            yield from field("", f"gerbang memakai tingkat {level} karena ada TPS di atasnya")
        yield from gates(state, desa)


def lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def scores(state: AsOf, found: Mapping[str, DesaAssessment]) -> Iterator[str]:
    """Score with its dimensions and largest contributions, as measured at the moment asked for."""
    yield from heading(state, "SKOR")
    for desa in state.file.voting:
        a = found[desa.kode]
        yield ""
        yield f"{desa.nama.upper()}, Kec. {desa.kecamatan} ({desa.kode})"
        stage = a.stage.replace("_", " ")
        if a.score.total is None:
            yield from field("Skor", f"belum diketahui: belum ada jawaban, tahap {stage}")
            continue
        yield from field("Skor", f"{koma(a.score.total)} dari 100, tahap {stage}")
        share = f"{koma(a.score.coverage_due * 100, 0)} % butir tahap ini"
        yield from field("Keterisian", f"{share}, {koma(a.score.coverage_all * 100, 0)} % dari semua butir")
        dims = [f"{d} {koma(x, 1)}" for d, x in a.score.dimensions.items()]
        yield from field("Dimensi", "  ".join(dims))
        top = sorted(a.score.contributions.items(), key=lambda kv: -kv[1])[:6]
        yield from field("Terbesar", ", ".join(f"{item} {koma(points)}" for item, points in top))


def withdrawal(state: AsOf, desa: Desa, to: Posture) -> Iterator[str]:
    """Every gate of one move, shut ones with their reason, and the earliest time."""
    judged = state.gates(desa.kode, to)
    shut = [g for g in judged if g.shut]
    yield from heading(state, f"PENARIKAN {desa.nama}, Kec. {desa.kecamatan}: ke {posture(to)}")
    verdict = f"TERTUTUP: {len(shut)} dari {len(judged)} gerbang" if shut else "TERBUKA: semua gerbang"
    yield verdict
    for g in judged:
        mark = {"shut": "x", "waived": "~", "open": "v"}[g.state.value]
        why = f": {gate_reason(g, state.file.zone)}" if g.shut else ""
        why = ": dikecualikan, tanda ini tetap di buku" if g.state.value == "waived" else why
        text = f"{mark} {gate_name(g.gate)}{why}"
        yield from wrap(text, WIDTH, initial_indent="  ", subsequent_indent="      ")
    when = state.earliest(desa.kode, to)
    if shut and when is not None:
        yield from wrap(f"Paling cepat: {soonest(state, when)}", WIDTH, subsequent_indent="  ")


def no_such_move(state: AsOf, desa: Desa, to: Posture) -> str:
    at = state.posture(desa.kode)[0]
    return f"Tidak ada perpindahan {desa.nama} dari {posture(at)} ke {posture(to)}."
