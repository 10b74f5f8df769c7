"""Indonesian for classes: floors, overrides, rounds, where a number came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif_web.answers.wording import number, value_in_words
from kondusif_web.classes.models import Assessment, Results
from kondusif_web.instrument.wording import FLOORS
from kondusif_web.pages import Context
from kondusif_web.pages.templatetags.kondusif import koma, persen, tanggal
from kondusif_web.pages.wording import Labels, firmness_of, label_of, nama_butir
from kondusif_web.words import lazy_table, speech

STATES = lazy_table("item_states")
STAGES = lazy_table("measuring_stages")
CARRIED_BY = lazy_table("class_reasons")
UNTOLD = lazy_table("floors_unknown")
REACH = lazy_table("reach")


def item(indicator: Indicator, i: Results) -> Context:
    """An item of an assessment: what was answered and what it added."""
    return {
        "kode": indicator.id,
        "nama": nama_butir(indicator),
        "keadaan": i["state"],
        "kata": STATES[i["state"]],
        "jawaban": value_in_words(indicator, i["value"]),
        "poin": i["points"],
    }


def own_answers(c: Results, recipe: Recipe) -> list[str]:
    """A station's own answers, which stand in the place of its village's."""
    own = [(recipe.by_id[o["item"]], o["value"]) for o in c["own"] if o["item"] in recipe.by_id]
    return [f"{nama_butir(indicator)}: {value_in_words(indicator, value)}" for indicator, value in own]


def unknown_floors(c: Results) -> list[str]:
    """Floors of which nobody knows whether they fire."""
    return [str(UNTOLD.get(floor, floor)) for floor in c["unknown_floors"]]


def firmness_in_force(row: Assessment | None, level: int | None, labels: Labels, since: date) -> object:
    """The firmness of a published class, blank while another class than the machine's is in force."""
    if row is None or row.level != level:
        return ""
    return dated_firmness(row, row.results["class"], labels, since)


def dated_firmness(row: Assessment, c: Results, labels: Labels, since: date) -> object:
    """The firmness, with the day of the assessment where XX."""
    word = firmness(c, labels)
    if not word or row.on >= since:
        return word
    return _("%(yakin)s per %(hari)s") % {"yakin": firmness_of(word), "hari": tanggal(row.on)}


def firmness(c: Results, labels: Labels | None) -> object:
    """What stands after the comma of a class badge. Codes of one word are put into words by the badge."""
    level = c["level"]
    if level is None:
        return ""
    if c["held"]:
        return _("ditahan")
    if c["firmness"] == "di_ambang_naik" and level < 3:
        return _("di ambang %(kelas)s") % {"kelas": label_of(level + 1, labels)}
    if c["firmness"] == "di_ambang_turun" and level > 1:
        return _("di ambang %(kelas)s") % {"kelas": label_of(level - 1, labels)}
    return c["firmness"]


def other_chances(c: Results, labels: Labels | None) -> str:
    """P of the other classes, the likelier first; blank where there is none."""
    if not c.get("chance") or c["level"] is None:
        return ""
    others = {k: p for k, p in enumerate(c["chance"], 1) if k != c["level"] and p >= 0.005}
    return " ".join(
        _("%(kelas)s %(p)s.") % {"kelas": label_of(k, labels), "p": persen(others[k])}
        for k in sorted(others, key=lambda k: -others[k])
    )


def reach(found: Results | None, by_id: Mapping[str, Indicator], labels: Labels | None) -> str:
    """The fewest things to put right so that the class falls, in one sentence; blank where none is needed."""
    if not found:
        return ""
    if found["why"] != "found":
        return str(REACH.get(found["why"], ""))
    steps = "; ".join(
        _("%(butir)s dari %(dari)s menjadi %(ke)s")
        % {
            "butir": nama_butir(by_id[s["item"]]),
            "dari": value_in_words(by_id[s["item"]], s["before"]),
            "ke": value_in_words(by_id[s["item"]], s["after"]),
        }
        for s in found["steps"]
        if s["item"] in by_id
    )
    facts = {"kelas": label_of(found["level"], labels), "nilai": koma(found["total"]), "langkah": steps}
    return (
        _("Kelas menjadi %(kelas)s (nilai %(nilai)s) bila: %(langkah)s.") % facts
        + " "
        + _("Yang sudah terjadi tidak ikut.")
    )


def distance(c: Results) -> str:
    """How far the nearest cut-off is, as one sentence; blank without a score."""
    if c["distance"] is None:
        return ""
    return speech().distance(c["distance"], number(c["nearest_cut"]), c["direction"])


def reasons(c: Results, cuts: Sequence[float] = (), *, inherits: bool = False) -> list[str]:
    """Why this class, one sentence each: floor, score, desa, or held.

    ``cuts`` blank: no figure is said. ``inherits``: a station without a value of its own, whose
    score is its desa's and says nothing more.
    """
    out = []
    for code in c["because"]:
        if code == "ditahan":
            out.append(str(CARRIED_BY["ditahan"]))
        elif code == "lantai":
            out += [_floor(f, bool(cuts)) for f in c["floors"] if f["level"] == c["level"]]
        elif code == "skor" and not inherits and c["total"] is not None:
            out.append(_place_of(c["total"], cuts) if cuts else _by_score(c))
        elif code == "desa":
            out.append(str(CARRIED_BY["desa"]))
    return out


def _floor(f: Results, figures: bool) -> str:
    """The floor that fired, with its count and day for who may see answers."""
    name = str(FLOORS.get(f["id"]) or _("Kelas minimum %s") % f["id"])
    if not figures or f["value"] is None or f["on"] is None:
        return name
    facts = {"butir": f["item"], "n": number(f["value"]), "kapan": tanggal(date.fromisoformat(f["on"]))}
    return f"{name} " + _("(%(butir)s: %(n)s, diamati %(kapan)s)") % facts


def _by_score(c: Results) -> str:
    """For who sees classes and no figures; ``inherited`` only a station has."""
    return _("Menurut nilai indeks desa") if c["inherited"] is None else _("Menurut nilai TPS ini sendiri")


def _place_of(total: float, cuts: Sequence[float]) -> str:
    """Where a score lies between the cut-offs."""
    below = [cut for cut in cuts if cut <= total]
    above = [cut for cut in cuts if cut > total]
    words = {
        "nilai": koma(total),
        "dari": number(below[-1]) if below else "",
        "ke": number(above[0]) if above else "",
    }
    if not below:
        return _("Nilai %(nilai)s, di bawah %(ke)s") % words
    if not above:
        return _("Nilai %(nilai)s, mulai %(dari)s ke atas") % words
    return _("Nilai %(nilai)s, antara %(dari)s dan %(ke)s") % words


def change(
    indicator: Indicator,
    c: Results,
    labels: Labels | None,
    total: float,
    cuts: Sequence[float],
) -> dict[str, str]:
    """A row of "what would change it": what, by how much, into what. A floor is named as one."""
    by_score = 1 + sum(total + c["delta"] >= cut for cut in cuts)
    sign = "+" if c["delta"] >= 0 else "−"
    return {
        "kode": indicator.id,
        "sasaran": repr(float(c["after"])),
        "butir": nama_butir(indicator),
        "dari": value_in_words(indicator, c["before"]),
        "ke": value_in_words(indicator, c["after"]),
        "poin": _("kelas minimum %(n)s") % {"n": c["level"]}
        if c["level"] > by_score
        else f"{sign}{koma(abs(c['delta']))}",
        "menjadi": str(label_of(c["level"], labels)),
    }
