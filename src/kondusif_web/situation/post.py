"""What the page of one post shows: its last word, who stands there, whom to call."""

from __future__ import annotations

from datetime import datetime

from kondusif.places import desa_of, within
from kondusif.standby import Posture
from kondusif.withdraw.silence import REPORTS_DUE, WatchedPost, is_silent, report_due
from kondusif_web.accounts.roles import Role, may
from kondusif_web.election.models import Membership, Operation
from kondusif_web.pages import Context
from kondusif_web.posts import queries as posts
from kondusif_web.posts.models import PostingRow
from kondusif_web.posts.wording import POSTING_STATES
from kondusif_web.reports import queries as reports
from kondusif_web.reports.wording import REPORTS


def post_page(operation: Operation, user: Membership, kode: str, now: datetime) -> Context | None:
    """Context of ``situation/pos.html`` for a TPS or a village; None where there is no such TPS.

    Who stands there only for who sees the plan. The contact is a title: the office keeps no numbers.
    """
    desa = operation.desa.get(kode=desa_of(kode))
    tps = desa.tps.filter(kode=kode).first()
    if tps is None and kode != desa.kode:
        return None
    row = posts.postures(operation, [desa.kode]).get(desa.kode)
    posture = Posture(row.state) if row else Posture.PREPARATION
    watched = {p.place: p for p in reports.watched(operation, now, [desa.kode])[desa.kode]}
    post, rule = watched.get(kode), REPORTS_DUE.get(posture)
    due = report_due(posture, post.since, post.last_at, operation.tz) if post else None
    said = reports.reports_at(operation, kode, now)[:5]
    return {
        "desa": desa,
        "pos_kode": kode,
        "nama": reports.post_name(kode, desa.nama),
        "tps": tps,
        "posture": posture if row else None,
        "diawasi": post is not None,
        "batas": due,
        "tenggang": rule.grace if rule else None,
        "diam": _silent(post, posture, now, operation),
        "lama": now - (post.last_at or post.since) if post else None,
        "terakhir": reports.last_words(operation, now, [desa.kode]).get(kode),
        "laporan": [(r, REPORTS[r.kind]) for r in said],
        "sela": reports.gaps_at(operation, kode, now) if not _silent(post, posture, now, operation) else (),
        "pernyataan": reports.unconfirmed(operation, kode, now),
        "berdiri": _standing(operation, user, kode) if may(user, "see_plan") else None,
        "hubungi": _contacts(operation, kode),
    }


def _silent(post: WatchedPost | None, posture: Posture, now: datetime, operation: Operation) -> bool:
    return post is not None and is_silent(posture, post, now, operation.tz)


def _standing(operation: Operation, user: Membership, kode: str) -> list[tuple[PostingRow, object]]:
    """Postings at the station, or in the village as a whole, that were not cancelled."""
    rows = posts.postings_visible_to(operation, user).exclude(state="cancelled")
    rows = rows.filter(post=kode) if "-" in kode else rows.filter(desa=kode).exclude(jenis="tps")
    return [(row, POSTING_STATES[row.state][1]) for row in rows]


def _contacts(operation: Operation, kode: str) -> list[str]:
    """Titles of who may be called, the nearest first: who reports from here, then the Kapolsek."""
    people = [m for m in operation.members.select_related("user") if m.role in (Role.PETUGAS, Role.KAPOLSEK)]
    here = [m for m in people if within(kode, tuple(m.prefixes)) or m.post == kode]
    here.sort(key=lambda m: (m.post != kode, m.role == Role.KAPOLSEK, str(m)))
    return list(dict.fromkeys(str(m) for m in here))[:4]
