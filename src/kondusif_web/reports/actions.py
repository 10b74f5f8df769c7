"""Reports and incidents.

The same id with the same content is accepted once and answered the same; with other content it is a conflict
(RULES 26). Bad news re-opens a village in the same transaction (RULES 14).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from kondusif.errors import MoveRefused
from kondusif.incidents import (
    Severity,
    check_closing,
    check_escalating,
    check_verifying,
    escalates,
    kind_of,
    severity_of,
)
from kondusif.withdraw.silence import GAPS, check_confirming
from kondusif.withdraw.statements import SITUATION, said_by
from kondusif_web.accounts.roles import require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import refuse_banned
from kondusif_web.posts.posture import desa_row, lock_village, reopen_if_bad, require_row
from kondusif_web.reports.models import GateCheck, Incident, Report
from kondusif_web.reports.queries import check_of, news_of
from kondusif_web.reports.submissions import (
    check_correction,
    content_of,
    find_sent,
    keep,
    place_of,
    submission,
)

CHECK_IDS = UUID("0f6f3a0e-8e0a-5b1e-9f64-8a3f4d7f7a01")  # names the checks that a report answers

OF_THE_REPORT = (
    "operation", "desa", "place", "observer", "occurred_at", "received_at", "recorded_at", "digest",
)  # fmt: skip


@transaction.atomic
def submit_report(
    *,
    operation: Operation,
    id: UUID,
    kind: str,
    place: str,
    by: Membership,
    now: datetime,
    payload: Mapping[str, str] | None = None,
    note: str = "",
    occurred_at: datetime | None = None,
    channel: str = "web",
    corrects: UUID | None = None,
    gap: str = "",
    seen: Sequence[str] = (),
) -> Report:
    """One report from a post. The answers of a situation report are observations of items 9 to 11.

    ``id`` is the sender's, once in the operation; by which ``channel`` it came is not part of its content.
    "Aman" says only that the post speaks: it breaks the silence and opens no gate. ``gap``: what it says of
    the silence before it. ``seen``: other posts of the village that its sender has just seen; each is heard.
    """
    require(by, "report", place)
    refuse_banned(note=note)
    own: dict[str, Any] = {"kind": kind, "payload": _situation(kind, payload or {}) | _gap(gap), "note": note}
    if seen:
        own["seen"] = _seen(operation, place, seen, by)
    content = content_of(own | {"place": place, "occurred_at": occurred_at, "corrects": corrects}, by)
    if (row := find_sent(Report, operation, id, content)) is not None:
        return row
    desa = place_of(operation, place)
    lock_village(desa, by=by, now=now)
    check_correction(Report, operation, corrects, place, by)
    sent = {"id": id, "place": place, "channel": channel, "occurred_at": occurred_at, "corrects": corrects}
    row = submission(Report, desa, own, by=by, now=now, digest=content, **sent)
    if (kept := keep(row)) is not row:
        return kept
    checks = [_answered(row, item, value) for item, value in said_by(row.payload)]
    record(
        "report_received",
        row,
        by=by,
        now=now,
        occurred_at=row.occurred_at,
        subject=row.client_id,
        payload={"id": str(id), "kind": kind, "place": place, "answers": row.payload},
        rows=checks,
        corrects=corrects or "",
    )
    for check in checks:
        reopen_if_bad(desa, check_of(check), by=by, now=now)
    return row


def _situation(kind: str, payload: Mapping[str, str]) -> dict[str, str]:
    """Known answers only. Raises MoveRefused for a question or answer outside the form."""
    wrong = {k: v for k, v in payload.items() if v not in SITUATION.get(k, {})}
    if wrong or (payload and kind != "situasi") or kind not in Report.Kind.values:
        raise MoveRefused("report_unknown", kind=kind, found=wrong)
    return dict(sorted(payload.items()))


def _gap(said: str) -> dict[str, str]:
    if said and said not in GAPS:
        raise MoveRefused("report_unknown", found=said)
    return {"gap": said} if said else {}


def _seen(operation: Operation, place: str, seen: Sequence[str], by: Membership) -> list[str]:
    """Stations of the same village, named by somebody who goes round: not by who stands at one of them."""
    desa = place_of(operation, place)
    stations = set(desa.tps.values_list("kode", flat=True))
    for kode in seen:
        require(by, "report", kode)
    if not set(seen) <= stations or by.post in stations:
        raise MoveRefused("seen_elsewhere", found=sorted(set(seen) - stations) or by.post)
    return sorted(set(seen) - {place})


@transaction.atomic
def confirm_gap(*, operation: Operation, id: UUID, how: str, by: Membership, now: datetime) -> Report:
    """A second person says too that nothing happened while the post of this report was silent (RULES 13)."""
    found = Report.objects.filter(operation=operation, client_id=id).first()
    found = require_row(found, by, "incident_manage", "place")
    lock_village(desa_row(operation, found.desa), by=by, now=now)
    row = Report.objects.select_for_update().select_related("operation").get(pk=found.pk)
    check_confirming(
        gap=row.payload.get("gap", ""),
        reporter=row.observer.username,
        second=by.username,
        how=how,
        confirmed=row.confirmed_at is not None,
    )
    row.confirmed_by, row.confirmed_at, row.confirmed_how = by, now, how
    row.save()
    record("gap_confirmed", row, by=by, now=now, subject=row.client_id, payload={"id": str(id), "how": how})
    return row


def _answered(report: Report, item: int, value: str) -> GateCheck:
    """The checklist answer that a situation report gives; a corrected report corrects its answers."""
    same = GateCheck.objects.filter(operation=report.operation, item=item)
    old = report.corrects and same.filter(report__client_id=report.corrects).first()
    return GateCheck.objects.create(
        client_id=uuid5(CHECK_IDS, f"{report.client_id}/{item}"),
        channel="laporan",
        corrects=old.client_id if old else None,
        item=item,
        value=value,
        report=report,
        **{name: getattr(report, name) for name in OF_THE_REPORT},
    )


@transaction.atomic
def open_incident(
    *,
    operation: Operation,
    id: UUID,
    kind: str,
    place: str,
    by: Membership,
    now: datetime,
    help: str = "none",
    note: str = "",
    severity: str = "",
    occurred_at: datetime | None = None,
    channel: str = "web",
) -> Incident:
    """An incident begins. Severity follows kind and help asked for; given, it can only be higher."""
    require(by, "report", place)
    refuse_banned(note=note)
    known = kind_of(kind)
    least = severity_of(known.code, help)
    graded = Severity(severity) if severity and escalates(least, severity) else least
    own = {"kind": known.code, "help": help, "note": note, "severity": severity}
    content = content_of(own | {"place": place, "occurred_at": occurred_at}, by)
    if (row := find_sent(Incident, operation, id, content)) is not None:
        return row
    desa = place_of(operation, place)
    lock_village(desa, by=by, now=now)
    sent = {"id": id, "place": place, "channel": channel, "occurred_at": occurred_at}
    own["severity"] = graded.value
    row = submission(Incident, desa, own, by=by, now=now, digest=content, **sent)
    if (kept := keep(row)) is not row:
        return kept
    payload = {"kind": row.kind, "severity": row.severity, "place": place}
    _incident_line("incident_opened", row, by, now, at=row.occurred_at, **payload)
    reopen_if_bad(desa, news_of(row), by=by, now=now)
    return row


def _incident(operation: Operation, id_: UUID, by: Membership, now: datetime) -> Incident:
    """The operation's incident, locked after its village, for somebody who manages incidents there."""
    found = Incident.objects.filter(operation=operation, client_id=id_).first()
    found = require_row(found, by, "incident_manage", "place")
    lock_village(desa_row(operation, found.desa), by=by, now=now)
    return Incident.objects.select_for_update().select_related("operation").get(pk=found.pk)


def _incident_line(
    kind: str, row: Incident, by: Membership, now: datetime, /, at: datetime | None = None, **payload: Any
) -> None:
    payload = {"id": str(row.client_id), **payload}
    record(kind, row, by=by, now=now, occurred_at=at, subject=row.client_id, payload=payload)


@transaction.atomic
def verify_incident(*, operation: Operation, id: UUID, by: Membership, now: datetime) -> Incident:
    """A second pair of eyes has confirmed it. Refused to the reporter, and when done already."""
    row = _incident(operation, id, by, now)
    reporter = row.observer.username
    check_verifying(reporter=reporter, verifier=by.username, verified=row.verified_at is not None)
    row.verified_by, row.verified_at = by, now
    row.save()
    _incident_line("incident_verified", row, by, now)
    return row


@transaction.atomic
def escalate_incident(
    *, operation: Operation, id: UUID, severity: str, by: Membership, now: datetime
) -> Incident:
    """Raise the severity; it is never lowered, only closed. May re-open the village (an unnamed trouble)."""
    row = _incident(operation, id, by, now)
    check_escalating(before=row.severity, after=severity, open=row.open)
    before, row.severity = row.severity, Severity(severity).value
    row.save()
    _incident_line("incident_escalated", row, by, now, **{"from": before, "to": row.severity})
    reopen_if_bad(desa_row(operation, row.desa), news_of(row), by=by, now=now)
    return row


@transaction.atomic
def close_incident(
    *,
    operation: Operation,
    id: UUID,
    reason: str,
    by: Membership,
    now: datetime,
    ended_at: datetime | None = None,
) -> Incident:
    """It is over, since ``ended_at``. The quiet hours run from there."""
    row = _incident(operation, id, by, now)
    refuse_banned(reason=reason)
    if not row.open:
        raise MoveRefused("incident_closed_already", id=str(id))
    end = ended_at or now
    check_closing(opened_at=row.occurred_at, ended_at=end, reason=reason, closer=by.username, now=now)
    row.ended_at, row.closed_by, row.closed_at, row.closing_reason = end, by, now, reason.strip()
    row.save()
    _incident_line("incident_closed", row, by, now, ended_at=end, reason=row.closing_reason)
    return row
