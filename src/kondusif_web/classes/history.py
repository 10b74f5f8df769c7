"""A village over time and beside its neighbours: every published score, what moved it, which answers one
person lowered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from django.utils.translation import gettext as _

from kondusif.answers.agreement import ReceivedAnswer, downgraded_by_one
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif_web.answers import facts, queries
from kondusif_web.answers.models import Answer
from kondusif_web.answers.wording import NOT_ASKED, answer_in_words, name_of, number, value_in_words
from kondusif_web.classes import wording
from kondusif_web.classes.models import Assessment, Results
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages import Context
from kondusif_web.pages.wording import Labels, label_of

WIDTH, HEIGHT, LEFT = 600, 160, 44  # of the drawn line, in its own units
MOVED = 6  # items named one by one
SEEN = 0.005  # points; what two decimals do not show has not moved
COUNTED = (facts.PLAN_CHANNEL, facts.DIALOGUE_CHANNEL)  # from a plan or a register, nobody's word


def line(rows: Iterable[Assessment]) -> Context | None:
    """Published assessments of one village as a line: ``titik`` (oldest first), ``jalan``, ``batas``.

    None while there is at most one. Coordinates are text, so that no locale puts a comma into them.
    """
    rows = sorted(rows, key=lambda row: row.number)
    if len(rows) < 2:
        return None
    first, last = rows[0].published_at, rows[-1].published_at
    span = (last - first).total_seconds() or 1.0
    cuts = rows[-1].results["cuts"]
    most = min(100.0, 10 + max([*cuts, *(row.results["total"] or 0.0 for row in rows)]))
    points = []
    for row in rows:
        x = LEFT + (WIDTH - LEFT - 12) * (row.published_at - first).total_seconds() / span
        total = row.results["total"]
        points.append(
            {
                "nomor": row.number,
                "at": row.published_at,
                "total": total,
                "level": row.level,
                "coverage": row.results["coverage_due"],
                "x": f"{x:.1f}",
                "y": "" if total is None else _y(total, most),
            }
        )
    path = " L".join(f"{p['x']} {p['y']}" for p in points if p["y"])
    return {
        "titik": points,
        "jalan": f"M{path}" if path else "",
        "batas": [(_y(cut, most), number(cut)) for cut in cuts],
    }


def _y(total: float, most: float) -> str:
    """Zero stands on the ground line, so that a small change looks small."""
    return f"{HEIGHT - 12 - (HEIGHT - 24) * total / most:.1f}"


def shifts(before: Assessment, now: Assessment) -> list[Context]:
    """Every item of either assessment, the most moved first: its points in both, and why in words.

    An item that the instrument no longer asks for lost all its points.
    """
    former, recipe = recipe_of(before.recipe), recipe_of(now.recipe)  # each by the one it was made with
    was = {i["id"]: i for i in before.results["items"]}
    pairs = [(i["id"], was.pop(i["id"], {}), i) for i in now.results["items"]]
    pairs += [(code, old, {}) for code, old in was.items()]
    rows = [
        {
            "kode": code,
            "nama": name_of(recipe if code in recipe.by_id else former, code),
            "dari": old.get("points"),
            "ke": new.get("points"),
            "geser": (new.get("points") or 0.0) - (old.get("points") or 0.0),
            "kata": wording.STATES.get(new.get("state", ""), NOT_ASKED),
            "sebab": _why(former, recipe, old, new),
        }
        for code, old, new in pairs
    ]
    return sorted(rows, key=lambda row: (-abs(row["geser"]), row["kode"]))


def _why(former: Recipe, recipe: Recipe, old: Results, new: Results) -> str:
    if not new:
        return _("tidak lagi ditanyakan")
    indicator = recipe.by_id.get(new["id"])
    if not old or indicator is None:
        return _("indikator baru dalam instrumen")
    now = value_in_words(indicator, new["value"])
    if old["risk"] is None and new["risk"] is not None:
        return _("kini terjawab: %(nilai)s") % {"nilai": now}
    if new["risk"] is None and old["risk"] is not None:
        return _("tidak lagi terhitung (%(kata)s); bobotnya pindah ke indikator lain") % {
            "kata": str(wording.STATES[new["state"]]).lower()
        }
    if old["value"] != new["value"]:
        before = value_in_words(former.by_id.get(new["id"], indicator), old["value"])
        return _("%(dari)s menjadi %(ke)s") % {"dari": before, "ke": now}
    if old["risk"] != new["risk"]:
        return _("jawaban tetap, aturannya berubah")
    return _("jawaban tetap, bobot berlakunya bergeser")


def since(before: Assessment | None, now: Assessment, labels: Labels) -> Context | None:
    """What moved the score since the assessment before, to the two decimals that are printed.

    Points of the items shown (``butir``) and of the rest (``sisa``) sum to ``beda``.
    """
    if before is None or before.results["total"] is None or now.results["total"] is None:
        return None
    rows = shifts(before, now)
    shown = [row | {"poin": round(row["geser"], 2)} for row in rows[:MOVED] if abs(row["geser"]) >= SEEN]
    rest = [row for row in rows[len(shown) :] if abs(row["geser"]) > 1e-12]
    # Of the scores as they are printed, so that the sum on the page adds up to the last digit.
    printed = round(now.results["total"], 2) - round(before.results["total"], 2)
    return {
        "dari": before.results["total"],
        "ke": now.results["total"],
        "beda": round(printed, 2),
        "kelas": _class_step(before.level, now.level, labels),
        "butir": shown,
        "sisa": (len(rest), round(printed - sum(row["poin"] for row in shown), 2)),
        "resep_lain": before.recipe_digest != now.recipe_digest,
    }


def _class_step(before: int | None, now: int | None, labels: Labels) -> str:
    """``Rawan menjadi Sangat Rawan``; blank where the class stayed."""
    if before == now or before is None or now is None:
        return ""
    return _("%(dari)s menjadi %(ke)s") % {"dari": label_of(before, labels), "ke": label_of(now, labels)}


def neighbours(
    desa: Desa,
    others: Iterable[Desa],
    latest: Mapping[str, Assessment],
    levels: Mapping[str, int],
    labels: Labels,
    answers: bool,
    since: date,
) -> list[Context]:
    """``others`` of the same kecamatan, highest class and score first, this one among them.

    Without ``answers`` their classes and no figures; ``nomor`` of the publication leads to where its score
    came from.
    """
    totals = {kode: row.results["total"] for kode, row in latest.items() if answers}
    here = totals.get(desa.kode)
    rows = []
    for other in others:
        row, total, level = latest.get(other.kode), totals.get(other.kode), levels.get(other.kode)
        rows.append(
            {
                "desa": other,
                "level": level,
                "yakin": wording.firmness_in_force(row, level, labels, since),
                "total": total,
                "beda": None if total is None or here is None else total - here,
                "sendiri": other.pk == desa.pk,
                "nomor": row.number if row else None,
            }
        )
    return sorted(rows, key=lambda n: (-(n["level"] or 0), -(n["total"] or 0.0), n["desa"].kode))


def downgraded_by_desa(
    rows: Iterable[Answer], recipe: Recipe, day: date, *, known: Collection[str] = ()
) -> dict[str, list[Context]]:
    """Answers among ``rows`` (``by__user`` at hand) that one person lowered, by desa; those in ``known`` were
    seen before. ``tps``: two digits, blank for a desa."""
    rows = {row.client_id: row for row in rows if row.channel not in COUNTED}
    received = [
        ReceivedAnswer(
            facts.answer_of(row),
            row.recorded_at,
            row.by.username if row.by else "",
            row.channel == facts.JOINT,
        )
        for row in rows.values()
    ]
    out: dict[str, list[Context]] = {}
    for found in downgraded_by_one(received, recipe.by_id, day):
        answer = found.after.answer
        if answer.id in known:
            continue
        out.setdefault(desa_of(answer.place), []).append(
            {
                "kode": answer.item,
                "nama": name_of(recipe, answer.item),
                "tps": answer.place.partition("-")[2],
                "dari": answer_in_words(recipe, found.before.answer),
                "ke": answer_in_words(recipe, answer),
                "siapa": str(rows[answer.id].by or _("baris perintah")),
                "kapan": found.after.at,
                "sumber": answer.source,
            }
        )
    return out


def downgraded_in(
    operation: Operation,
    member: Membership,
    rows: Sequence[Assessment],
    before: Mapping[str, Assessment] = MappingProxyType({}),
) -> dict[str, list[Context]]:
    """By desa, what one person lowered among the answers that assessments rest on (method 9.7).

    ``before``: what was published last, by desa, to leave out what was low by then. Nothing for who may not
    see answers there. One read of the answers.
    """
    desa_of_answer = {key: row.desa.kode for row in rows for key in row.answer_ids}
    by_desa: dict[str, list[Answer]] = {}
    visible = queries.answers_visible_to(operation, member).select_related("by__user")
    for answer in visible.order_by("recorded_at", "client_id"):
        if answer.client_id in desa_of_answer:
            by_desa.setdefault(desa_of_answer[answer.client_id], []).append(answer)
    out: dict[str, list[Context]] = {}
    for row in rows:
        kode = row.desa.kode
        known = frozenset(before[kode].answer_ids) if kode in before else frozenset()
        out |= downgraded_by_desa(by_desa.get(kode, ()), recipe_of(row.recipe), row.on, known=known)
    return out
