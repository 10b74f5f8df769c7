"""A village over time and beside its neighbours: every published score, what moved it, what one
person calmed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from kondusif.answers.agreement import ReceivedAnswer, downgraded_by_one
from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.answers.answer import Given
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers import queries
from kondusif_web.answers import wording as answers_wording
from kondusif_web.answers.models import Answer
from kondusif_web.classes import wording as classes_wording
from kondusif_web.classes.models import Assessment
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages.wording import label_of, nama_butir, nama_pendamping

WIDTH, HEIGHT, LEFT = 600, 160, 44  # of the drawn line, in its own units


MOVED = 6  # items named one by one


@dataclass(frozen=True, slots=True)
class Point:
    """A published assessment on the line; coordinates as text, so that no locale puts a comma into them."""

    nomor: int
    at: datetime
    total: float | None
    level: int | None
    coverage: float
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One item's part in the change since the assessment before; ``sebab`` in words."""

    kode: str
    nama: str
    poin: float
    sebab: str


@dataclass(frozen=True, slots=True)
class Since:
    """What moved the score since the assessment before; points of shown items and rest sum to ``beda``."""

    dari: float
    ke: float
    beda: float
    kelas_dari: int | None
    kelas_ke: int | None
    butir: tuple[Moved, ...]
    sisa: tuple[int, float]
    resep_lain: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The line over time: points oldest first, the path through them, the cut-offs as they are now."""

    titik: tuple[Point, ...]
    jalan: str
    batas: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A village of the same kecamatan. ``total`` None for who sees classes and no figures."""

    desa: Desa
    level: int | None
    yakin: object
    total: float | None
    beda: float | None
    sendiri: bool
    nomor: int | None  # of its publication, to lead to where its score came from


def line(rows: Sequence[Assessment]) -> Line | None:
    """Published assessments of one village as a line; None while there is at most one."""
    rows = sorted(rows, key=lambda row: row.number or 0)
    if len(rows) < 2:
        return None
    first, last = rows[0].published_at, rows[-1].published_at
    assert first and last
    span = (last - first).total_seconds() or 1.0
    cuts = rows[-1].results["cuts"]
    most = min(100.0, 10 + max([*cuts, *(row.results["total"] or 0.0 for row in rows)]))
    points = []
    for row in rows:
        assert row.published_at and row.number
        total = row.results["total"]
        x = LEFT + (WIDTH - LEFT - 12) * (row.published_at - first).total_seconds() / span
        points.append(
            Point(
                row.number,
                row.published_at,
                total,
                row.level,
                row.results["coverage_due"],
                f"{x:.1f}",
                _y(total, most) if total is not None else "",
            )
        )
    steps = [f"{'L' if k else 'M'}{p.x} {p.y}" for k, p in enumerate(p for p in points if p.y)]
    return Line(
        tuple(points),
        " ".join(steps),
        tuple((_y(cut, most), answers_wording.number(cut)) for cut in cuts),
    )


def _y(total: float, most: float) -> str:
    """Zero stands on the ground line, so that a small change looks small."""
    return f"{HEIGHT - 12 - (HEIGHT - 24) * total / most:.1f}"


def since(before: Assessment | None, now: Assessment) -> Since | None:
    """What moved the score: points of each item now less before, to the two decimals that are printed."""
    if before is None or before.results["total"] is None or now.results["total"] is None:
        return None
    former, recipe = recipe_of(before.recipe), recipe_of(now.recipe)  # each by the one it was made with
    names = {**former.by_id, **recipe.by_id}
    was = {i["id"]: i for i in before.results["items"]}
    rows = []
    for i in now.results["items"]:
        old = was.pop(i["id"], None)
        delta = (i["points"] or 0.0) - ((old or {}).get("points") or 0.0)
        rows.append((i["id"], delta, _why(former, recipe, old, i)))
    rows += [(code, -(old["points"] or 0.0), _("tidak lagi ditanyakan")) for code, old in was.items()]
    rows.sort(key=lambda row: (-abs(row[1]), row[0]))
    shown = [
        Moved(code, nama_butir(names[code]) if code in names else code, round(delta, 2), why)
        for code, delta, why in rows[:MOVED]
        if abs(delta) >= 0.005
    ]
    rest = [row for row in rows[len(shown) :] if abs(row[1]) > 1e-12]
    # Of the scores as they are printed, so that the sum on the page adds up to the last digit.
    printed = round(now.results["total"], 2) - round(before.results["total"], 2)
    return Since(
        dari=before.results["total"],
        ke=now.results["total"],
        beda=round(printed, 2),
        kelas_dari=before.level,
        kelas_ke=now.level,
        butir=tuple(shown),
        sisa=(len(rest), round(printed - sum(b.poin for b in shown), 2)),
        resep_lain=before.recipe_digest != now.recipe_digest,
    )


def _why(former: Recipe, recipe: Recipe, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> str:
    indicator = recipe.by_id.get(new["id"])
    if old is None or indicator is None:
        return _("butir baru dalam resep")
    if old["risk"] is None and new["risk"] is not None:
        return _("kini terjawab: %(nilai)s") % {
            "nilai": answers_wording.value_in_words(indicator, new["value"])
        }
    if new["risk"] is None and old["risk"] is not None:
        return _("tidak lagi terhitung (%(kata)s); bobotnya pindah ke butir lain") % {
            "kata": str(classes_wording.STATES[new["state"]]).lower()
        }
    if old["value"] != new["value"]:
        return _("%(dari)s menjadi %(ke)s") % {
            "dari": answers_wording.value_in_words(former.by_id.get(new["id"], indicator), old["value"]),
            "ke": answers_wording.value_in_words(indicator, new["value"]),
        }
    if old["risk"] != new["risk"]:
        return _("jawaban tetap, aturannya berubah")
    return _("jawaban tetap, bobot berlakunya bergeser")


def neighbours(
    desa: Desa,
    others: Iterable[Desa],
    latest: Mapping[str, Assessment],
    levels: Mapping[str, int],
    labels: Mapping[Any, Any],
    answers: bool,
) -> tuple[Neighbour, ...]:
    """``others`` of the same kecamatan, highest class and score first, this one among them."""
    own = latest.get(desa.kode)
    here = own.results["total"] if own else None
    out = []
    for other in others:
        row = latest.get(other.kode)
        total = row.results["total"] if row else None
        level = levels.get(other.kode)
        firm = classes_wording.firmness(row.results["class"], labels) if row and row.level == level else ""
        out.append(
            Neighbour(
                desa=other,
                level=level,
                yakin=firm,
                total=total if answers else None,
                beda=None if not answers or total is None or here is None else total - here,
                sendiri=other.pk == desa.pk,
                nomor=row.number if row else None,
            )
        )
    return tuple(sorted(out, key=lambda n: (-(n.level or 0), -(n.total or 0.0), n.desa.kode)))


def class_step(s: Since, labels: Mapping[Any, Any]) -> str:
    """``Rawan menjadi Sangat Rawan``; blank where the class stayed."""
    if s.kelas_dari == s.kelas_ke or s.kelas_dari is None or s.kelas_ke is None:
        return ""
    words = {"dari": label_of(s.kelas_dari, labels), "ke": label_of(s.kelas_ke, labels)}
    return _("%(dari)s menjadi %(ke)s") % words


BY_OFFICE = (
    answers_facts.PLAN_CHANNEL,
    answers_facts.DIALOGUE_CHANNEL,
)  # counted from a plan or a register, nobody's word


COMPANION_WORDS = {"yes": answers_wording.YES, "no": answers_wording.NO}


@dataclass(frozen=True, slots=True)
class CalmedRow:
    """One line: where, which item, from what to what, who and when. ``tps``: two digits, blank for a desa."""

    kode: str
    nama: str
    tps: str
    dari: str
    ke: str
    siapa: str
    kapan: datetime
    sumber: str


def calmed_by_desa(
    rows: Iterable[Answer], recipe: Recipe, day: date, *, known: Collection[str] = ()
) -> dict[str, list[CalmedRow]]:
    """Calmed answers among ``rows`` (``by__user`` at hand) by desa; those in ``known`` were seen before."""
    rows = [row for row in rows if row.channel not in BY_OFFICE]
    who = {row.client_id: str(row.by) if row.by else _("baris perintah") for row in rows}
    brought = (
        ReceivedAnswer(
            answers_facts.answer_of(row),
            row.recorded_at,
            row.by.username if row.by else "",
            row.channel == answers_facts.JOINT,
        )
        for row in rows
    )
    out: dict[str, list[CalmedRow]] = {}
    for c in downgraded_by_one(brought, recipe.by_id, day):
        a = c.after.answer
        if a.id in known:
            continue
        desa = desa_of(a.place)
        out.setdefault(desa, []).append(
            CalmedRow(
                kode=a.item,
                nama=_item(recipe, a.item),
                tps=a.place.rpartition("-")[2] if a.place != desa else "",
                dari=_said(recipe, c.before.answer),
                ke=_said(recipe, a),
                siapa=who[a.id],
                kapan=c.after.at,
                sumber=a.source,
            )
        )
    return out


def _item(recipe: Recipe, item: str) -> str:
    if item in recipe.by_id:
        return nama_butir(recipe.by_id[item])
    return nama_pendamping(recipe, item)


def _said(recipe: Recipe, answer: CoreAnswer) -> str:
    if answer.given is not Given.VALUE:
        return str(answers_wording.GIVEN[answer.given.value])
    if answer.word:
        return str(COMPANION_WORDS.get(answer.word, answer.word))
    indicator = recipe.by_id.get(answer.item)
    return (
        answers_wording.value_in_words(indicator, answer.value)
        if indicator
        else answers_wording.number(answer.value)
    )


def calmed_in(
    operation: Operation,
    member: Membership,
    rows: Iterable[Assessment],
    before: Mapping[str, Assessment] = MappingProxyType({}),
) -> dict[str, list[CalmedRow]]:
    """By desa, what one person calmed among the answers that assessments rest on (method 9.7).

    ``before``: what was published last, by desa, to leave out what was calm by then. Nothing for who may not
    see answers there. One read of the answers.
    """
    rows = list(rows)
    ids = {key: row for row in rows for key in row.answer_ids}
    said = queries.answers_visible_to(operation, member).select_related("by__user")
    said = said.order_by("recorded_at", "client_id")
    by_row: dict[str, list[Answer]] = {}
    for answer in said:
        if answer.client_id in ids:
            by_row.setdefault(ids[answer.client_id].desa.kode, []).append(answer)
    out: dict[str, list[CalmedRow]] = {}
    for row in rows:
        old = before.get(row.desa.kode)
        out |= calmed_by_desa(
            by_row.get(row.desa.kode, ()),
            recipe_of(row.recipe),
            row.on,
            known=frozenset(old.answer_ids) if old else frozenset(),
        )
    return out
