"""One sentence about a change of score, or about what would change the class; numbers as the language writes
them.
"""

from __future__ import annotations

from collections.abc import Mapping

from kondusif_index.explain.change import Kind, Part, Since
from kondusif_index.explain.counterfactual import Reason, Smallest

PARTS = 3  # reasons named; the others are summed up

WORDS: dict[str, dict[str, str]] = {
    "id": {
        "since": "Nilai {way} {points} poin, dari {before} menjadi {after}",
        "up": "naik",
        "down": "turun",
        "same": "Nilai tetap {after}.",
        "because": ", karena {reasons}.",
        "others": "{count} sebab lain ({points})",
        "and": " dan ",
        Kind.VALUE: "{name} dari {before} menjadi {after} ({points})",
        Kind.SCALE: "skala {name} berubah ({points})",
        Kind.ANSWERED: "{name} kini terjawab: {after} ({points})",
        Kind.LOST: "{name} tidak lagi terjawab ({points})",
        Kind.COUNTED: "{name} kini ikut dihitung ({points})",
        Kind.DROPPED: "{name} tidak lagi ikut dihitung ({points})",
        Kind.WEIGHT: "bobot {name} berubah ({points})",
        Kind.METHOD: "cara menghitung {name} berubah ({points})",
        Kind.ADDED: "{name} indikator baru ({points})",
        Kind.REMOVED: "{name} tidak lagi dipakai ({points})",
        Reason.FOUND: "Kelas menjadi {level} (nilai {after}) bila {steps}.",
        "step": "{name} dari {before} menjadi {after}",
        Reason.NO_SCORE: "Belum ada nilai, jadi belum ada kelas.",
        Reason.NO_CLASS: "Tidak ada kelas ke arah itu.",
        Reason.OUT_OF_REACH: "Tidak ada perubahan yang mungkin yang cukup untuk kelas {target}.",
    },
    "en": {
        "since": "The score {way} {points} points, from {before} to {after}",
        "up": "rose",
        "down": "fell",
        "same": "The score stays {after}.",
        "because": ", because of {reasons}.",
        "others": "{count} other reasons ({points})",
        "and": " and ",
        Kind.VALUE: "{name} from {before} to {after} ({points})",
        Kind.SCALE: "the scale of {name} ({points})",
        Kind.ANSWERED: "{name}, now answered: {after} ({points})",
        Kind.LOST: "{name}, no longer answered ({points})",
        Kind.COUNTED: "{name}, now counted ({points})",
        Kind.DROPPED: "{name}, no longer counted ({points})",
        Kind.WEIGHT: "the weight of {name} ({points})",
        Kind.METHOD: "the method of {name} ({points})",
        Kind.ADDED: "{name}, a new indicator ({points})",
        Kind.REMOVED: "{name}, no longer used ({points})",
        Reason.FOUND: "The class becomes {level} (score {after}) if {steps}.",
        "step": "{name} goes from {before} to {after}",
        Reason.NO_SCORE: "There is no score yet, so there is no class.",
        Reason.NO_CLASS: "There is no class in that direction.",
        Reason.OUT_OF_REACH: "No change that is possible is enough for class {target}.",
    },
}


def sentence(
    change: Since | Smallest, names: Mapping[str, str], lang: str = "id", labels: tuple[str, ...] = ()
) -> str:
    """``names`` by code (the code itself where one is lacking); ``labels`` name the classes from the lowest
    up.
    """
    words = WORDS[lang]
    return (
        _since(change, names, words, lang)
        if isinstance(change, Since)
        else _set(change, names, words, lang, labels)
    )


def _since(change: Since, names: Mapping[str, str], words: Mapping[str, str], lang: str) -> str:
    def told(part: Part) -> str:
        return words[part.kind].format(
            name=names.get(part.code, part.code),
            before=_number(part.before, lang),
            after=_number(part.after, lang),
            points=_signed(part.points, lang),
        )

    felt = [p for p in change.parts if abs(p.points) >= 0.005]
    if abs(change.difference) < 0.005 and not felt:
        return words["same"].format(after=_number(change.after, lang))
    head = words["since"].format(
        way=words["up" if change.difference > 0 else "down"],
        points=_number(abs(change.difference), lang),
        before=_number(change.before, lang),
        after=_number(change.after, lang),
    )
    reasons = [told(p) for p in felt[:PARTS]]
    if rest := felt[PARTS:]:
        points = _signed(sum(p.points for p in rest), lang)
        reasons.append(words["others"].format(count=len(rest), points=points))
    return head + (words["because"].format(reasons=_listed(reasons, words)) if reasons else ".")


def _set(
    change: Smallest, names: Mapping[str, str], words: Mapping[str, str], lang: str, labels: tuple[str, ...]
) -> str:
    steps = [
        words["step"].format(
            name=names.get(s.code, s.code), before=_number(s.before, lang), after=_number(s.after, lang)
        )
        for s in change.steps or ()
    ]
    level, target = (labels[k - 1] if 0 < k <= len(labels) else str(k) for k in (change.level, change.target))
    return words[change.reason].format(
        level=level, target=target, after=_number(change.after, lang), steps=_listed(steps, words)
    )


def _listed(told: list[str], words: Mapping[str, str]) -> str:
    return words["and"].join(filter(None, ["; ".join(told[:-1]), *told[-1:]]))


def _number(x: float | None, lang: str) -> str:
    """At most two digits; the comma in Indonesian."""
    if x is None:
        return "-"
    text = f"{x:.2f}".rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return text.replace(".", ",") if lang == "id" else text


def _signed(x: float, lang: str) -> str:
    return ("+" if x > 0 else "") + _number(x, lang)
