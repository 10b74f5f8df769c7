"""Approved facts into items. What this module cannot see, no public byte can tell (RULES 22).

:class:`Facts` has no class of a village, no posting, no place of a force and no start of one village: only
what is the same for all. The counts per class come in as counts, and only from ten villages up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kondusif.dialogue import AnswerStatus, Commitment, Part
from kondusif.forces import Force
from kondusif.release import (
    levels_promised,
    promises_to_stay,
    public_answer,
    public_commitment_state,
    public_counts,
)
from kondusif.stages import LEVELS, local_day
from kondusif_web.pages.wording import BULAN, BULAN_PANJANG, HARI_PANJANG, hari_h, jam
from kondusif_web.public.models import PublicKind
from kondusif_web.words import lazy_table, speech

OTHERS = "bahasa"  # key of a body: language to what is other in it
SEQUENCE, CHANGED = "urutan", "diubah"  # of a stage: how often it changed after it came out, and when
Body = dict[str, Any]


STAGES = lazy_table("public_stages")
ANSWERS = lazy_table("public_answers")
STANDING = lazy_table("public_standing")


@dataclass(frozen=True, slots=True)
class PublicStage:
    """A stage as the public reads it. ``until`` for a window of days."""

    kode: str
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublicQuestion:
    """A question with its parts; ``promised`` names titles that answer parts on other topics."""

    text: str
    role: str
    desa: str
    parts: tuple[Part, ...]
    promised: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a public text may rest on."""

    nama: str
    kecamatan: str
    kabupaten: str
    desa: tuple[str, ...]
    polres: str
    drill: bool
    illustrative: bool
    at: datetime
    head: str
    tz: str
    vote_at: datetime
    latest_start: datetime  # of any class
    terms_at: datetime  # when the terms will be announced, while no plan is approved
    planned: bool
    every_tps_posted: bool
    stages: tuple[PublicStage, ...]
    questions: tuple[PublicQuestion, ...]
    commitments: tuple[Commitment, ...]
    last_left_at: datetime | None
    counts: Mapping[str, int]  # label of a class to its number of villages
    labels: Mapping[str, str] = field(default_factory=dict)  # level, as text, to its word


def items(facts: Facts) -> tuple[tuple[PublicKind, int, Body], ...]:
    """PublicKind, number within it, body. The same facts give the same bytes.

    Whoever publishes, in whatever language: a body is in Indonesian, and carries under ``bahasa`` what
    differs in each other language of the office.
    """
    with translation.override(settings.LANGUAGE_CODE):
        out = _items(facts)
    for language, _name in settings.LANGUAGES:
        if language == settings.LANGUAGE_CODE:
            continue
        with translation.override(language):
            for (_kind, _number, body), (_k, _n, other) in zip(out, _items(facts), strict=True):
                own = {key: value for key, value in other.items() if body[key] != value}
                body.setdefault(OTHERS, {})[language] = own
    return tuple(out)


def in_language(body: Body, language: str) -> Body:
    """A published body as its reader gets it; what was published before that language was there stays."""
    others: dict[str, Body] = body.get(OTHERS, {})
    return {k: v for k, v in body.items() if k != OTHERS} | others.get(language, {})


def revised(body: Body, before: Iterable[Body], now: datetime) -> Body:
    """A stage with the count of its changes, and when it last changed, from what was published ``before``."""
    for old in before:
        if old.get("kode") == body["kode"]:
            [plain] = without_revision([old])
            times = ("mulai", "sampai", "teks", OTHERS)
            if all(plain.get(key) == body.get(key) for key in times):
                return body | {key: old[key] for key in (SEQUENCE, CHANGED) if key in old}
            return body | {SEQUENCE: old.get(SEQUENCE, 0) + 1, CHANGED: now.isoformat()}
    return body | {SEQUENCE: 0, CHANGED: now.isoformat()}


def without_revision(bodies: Iterable[Body]) -> list[Body]:
    """Published bodies as they would be built anew."""
    return [{k: v for k, v in body.items() if k not in (SEQUENCE, CHANGED)} for body in bodies]


def _items(facts: Facts) -> list[tuple[PublicKind, int, Body]]:
    out: list[tuple[PublicKind, int, Body]] = [
        (PublicKind.HEADER, 0, _header(facts)),
        (PublicKind.SECURITY, 0, _security(facts)),
    ]
    out += [(PublicKind.STAGE, n, body) for n, body in enumerate(_stages(facts))]
    out += [(PublicKind.QUESTION, n, _question(facts, q)) for n, q in enumerate(facts.questions)]
    out += [(PublicKind.COMMITMENT, n, _commitment(facts, c)) for n, c in enumerate(facts.commitments)]
    if counts := public_counts(facts.counts):
        out.append((PublicKind.COUNTS, 0, {"jumlah": [[label, n] for label, n in counts.items()]}))
    out.append((PublicKind.HELP, 0, _help(facts)))
    return out


# ---- wording: one text for all villages


def _here(facts: Facts, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(facts.tz))


def _moment(facts: Facts, at: datetime) -> str:
    here = _here(facts, at)
    return _("%(hari)s %(tgl)d %(bulan)s, pukul %(jam)s") % {
        "hari": str(HARI_PANJANG[here.weekday()]),
        "tgl": here.day,
        "bulan": str(BULAN_PANJANG[here.month - 1]),
        "jam": jam(here),
    }


def _date(facts: Facts, at: datetime) -> date:
    return local_day(at, ZoneInfo(facts.tz))


def _day(facts: Facts, at: datetime) -> str:
    here = _date(facts, at)
    return f"{here.day} {BULAN[here.month - 1]}"


def _terms(facts: Facts) -> str:
    day = _day(facts, facts.terms_at)
    if facts.at > facts.terms_at:
        return _("Ketentuan pengamanan belum diumumkan; semestinya paling lambat %s.") % day
    return _("Ketentuan pengamanan diumumkan paling lambat %s, sama untuk semua desa.") % day


def _header(facts: Facts) -> Body:
    here = _here(facts, facts.at)
    return {
        "nama": facts.nama,
        "kecamatan": facts.kecamatan,
        "kabupaten": facts.kabupaten,
        "desa": list(facts.desa),
        "polres": facts.polres,
        "latihan": facts.drill or facts.illustrative,
        "ilustratif": facts.illustrative,
        "per": f"{here.day} {BULAN[here.month - 1]} {here.year}, {jam(here)}",
        "jam": jam(here),
        "kepala": facts.head,
    }


def _security(facts: Facts) -> Body:
    if not facts.planned:
        return {
            "mulai": _terms(facts),
            "sampai": _as_said(facts, None) or _("Diumumkan bersama ketentuan itu."),
            "catatan": _(
                "Kerawanan dipetakan lebih dulu. "
                "Jawaban dengan tanggal menyusul setelah rencana pengamanan disahkan."
            ),
        }
    return {
        "mulai": str(ANSWERS["starts"]) % _moment(facts, facts.latest_start),
        "sampai": _("Sampai keadaan dinilai aman, bukan sampai tanggal tertentu."),
        "catatan": _(
            "Petugas baru ditarik setelah semua syarat aman terpenuhi dan disetujui dua orang pejabat. "
            "Berlaku sama untuk semua desa."
        ),
    }


def _stages(facts: Facts) -> list[Body]:
    """The terms are announced with the plan, and when officers are ready stands in it."""
    hidden = "ketentuan" if facts.planned else "siap"
    return [_stage(facts, stage) for stage in facts.stages if stage.kode != hidden]


def _stage(facts: Facts, stage: PublicStage) -> Body:
    text, until = str(STAGES[stage.kode]), stage.until or stage.at
    begins, ends = _date(facts, stage.at), _date(facts, until)
    days, h = _day(facts, stage.at), _from_vote(facts, begins)
    if ends > begins:
        days = f"{begins.day}–{_day(facts, until)}"
        h = _("%(a)s s.d. %(b)s") % {"a": h, "b": _from_vote(facts, ends)}
    return {
        "kode": stage.kode,
        "tanggal": days,
        "h": h,
        "teks": text % jam(_here(facts, stage.at)) if "%s" in text else text,
        "kini": begins <= _date(facts, facts.at) <= ends,
        "mulai": _here(facts, stage.at).isoformat(),
        "sampai": _here(facts, until).isoformat(),
    }


def _from_vote(facts: Facts, day: date) -> str:
    return hari_h((day - _date(facts, facts.vote_at)).days)


def _question(facts: Facts, asked: PublicQuestion) -> Body:
    return {
        "teks": asked.text,
        "peran": asked.role,
        "desa": asked.desa,
        "bagian": [_part(facts, part, asked) for part in asked.parts],
    }


def _part(facts: Facts, part: Part, asked: PublicQuestion) -> Body:
    status, text = _part_answer(facts, part, asked)
    siapa = {Force.POLRI: "Polri", Force.TNI: "TNI"}.get(part.force, "") if part.force else ""
    return {"pokok": part.text, "siapa": siapa, "status": status.value, "teks": text}


def _part_answer(facts: Facts, part: Part, asked: PublicQuestion) -> tuple[AnswerStatus, str]:
    """Method 7.5: uniform sentences."""
    by = asked.promised.get(part.kode, ())
    status, code = public_answer(
        part,
        facts.commitments,
        planned=facts.planned,
        every_tps_posted=facts.every_tps_posted,
        promised=bool(by),
    )
    if code == "terms":
        return status, _terms(facts)
    if code == "as_said":
        return status, f"{_as_said(facts, part.force)} {_terms(facts)}"
    text = str(ANSWERS[code])
    if code == "starts":
        return status, text % _moment(facts, facts.latest_start)
    return status, text % ", ".join(by) if code == "promised" else text


def _as_said(facts: Facts, force: Force | None) -> str:
    """Who promised in public to stay, for which levels: a policy, of no place; "" where nobody did."""
    stands = promises_to_stay(facts.commitments, force)
    if not stands:
        return ""
    levels = levels_promised(stands)
    labels = [str(facts.labels.get(str(n), n)) for n in levels]
    owners = speech().listed(tuple(dict.fromkeys(c.owner for c in stands)))
    code = "as_said_for_all" if levels == LEVELS else "as_said"
    return str(ANSWERS[code]) % {"siapa": owners, "kelas": speech().listed(labels)}


def _commitment(facts: Facts, commitment: Commitment) -> Body:
    found = public_commitment_state(commitment, now=facts.at, last_left_at=facts.last_left_at)
    return {
        "teks": commitment.text,
        "pemilik": commitment.owner,
        "status": found.value,
        "kata": str(STANDING[found]),
    }


def _help(facts: Facts) -> Body:
    window = next((s for s in facts.stages if s.kode == "keberatan"), None)
    days = f"{_here(facts, window.at).day}–{_day(facts, window.until)}" if window and window.until else ""
    return {"keberatan": days, "darurat": "110"}
