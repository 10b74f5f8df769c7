"""An operation of any size in the office, in the afternoon after the vote: for counts of SQL and of bytes.

Nothing in it is true (regency 99). Classes, plan and postings come from the core; rows are written in bulk,
since their actions are tried elsewhere and would take minutes here. The same numbers give the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import transaction

from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.answers.answer import Given, answers_digest
from kondusif.deploy import postings_of
from kondusif.forces import Force, Unit
from kondusif.places import Point
from kondusif.plan import PATTERN_SETS, ExtraPosts, plan_to_json, waiting_places
from kondusif.plan.solve import plan_for
from kondusif_web.accounts.actions import create_account
from kondusif_web.accounts.models import User
from kondusif_web.answers.models import Answer, Round
from kondusif_web.classes import facts as classes_facts
from kondusif_web.classes import queries as classes
from kondusif_web.classes.models import Assessment
from kondusif_web.dialogue.models import Commitment, Meeting, Pledge, Question, QuestionPart, Visit
from kondusif_web.election.actions import open_operation
from kondusif_web.election.cells import cells
from kondusif_web.election.facts import desa_of, election_of, tps_of
from kondusif_web.election.members import add_member
from kondusif_web.election.models import Calon, Desa, Operation, Tps
from kondusif_web.logbook.actions import record
from kondusif_web.mitigation.models import Mitigation, RiskFactor
from kondusif_web.planning.models import PlanRow
from kondusif_web.planning.queries import extra_to_json
from kondusif_web.posts.models import ForceUnit, PostingRow, PostureRow
from kondusif_web.posts.queries import units
from kondusif_web.reports.models import GateCheck, Incident, Report
from kondusif_web.withdrawal.models import WaiverRow, WithdrawalRequest
from tests import cast
from tests.journeys.regency31 import FIRST, LAST, near

AREA = "99.20"
OF_KECAMATAN = 12  # villages
PEOPLE = (
    ("perencana", "planner"),
    ("kapolsek", "kapolsek"),
    ("kapolres", "kapolres"),
    ("petugas1", "petugas"),
    ("camat", "camat"),
    ("danramil", "danramil"),
    ("panitia", "panitia"),
    ("humas", "humas"),
    ("auditor", "auditor"),
)
NOW = cast.NOW
AGAIN = ("", " Lor", " Kidul", " Wetan", " Kulon", " Tengah")
STAGE = "masa_tenang"
MOODS = (0.05, 0.25, 0.45)
CHANNEL = {"channel": "web", "digest": "0" * 64, "received_at": NOW, "recorded_at": NOW}


def regency(villages: int, stations: int = 8, kode: str = "besar") -> SimpleNamespace:
    """The operation with its people: ``.operation``, ``.people`` by name (an administrator among them)."""
    operation = open_operation(**cast.OPERATION | {"kode": kode, "recipe": "kondusif-45/1"}, by=None, now=NOW)
    desa = _places(operation, villages, stations)
    people = _people(operation, desa)
    _answers(operation, desa, people)
    _classes(operation, desa, people)
    _plan(operation, people)
    _field(operation, desa, people)
    _office(operation, desa, people)
    return SimpleNamespace(operation=operation, people=SimpleNamespace(**people), desa=desa)


def _id(kind: str, *parts: object) -> UUID:
    return UUID(int=Random(f"{kind} {parts}").getrandbits(128), version=4)  # the same each time


def _places(operation: Operation, villages: int, stations: int) -> list[Desa]:
    rows = []
    for n in range(villages):
        k = n // OF_KECAMATAN
        rows.append(
            Desa(
                operation=operation,
                kode=f"{AREA}.{k + 1:02d}.{2001 + n % OF_KECAMATAN}",
                nama=FIRST[n % 6] + LAST[n // 6 % 5] + AGAIN[n // 30],
                kecamatan=f"Kecamatan {k + 1}",
                kabupaten="Arjasari",
                lat=-7.5 - 0.03 * (n // 11),
                lng=112.5 + 0.03 * (n % 11),
                memilih=True,
            )
        )
    outlines = cells({d.kode: Point(d.lat, d.lng) for d in rows})
    for row in rows:
        row.cell = outlines.get(row.kode, [])
    Desa.objects.bulk_create(rows)
    rng = Random(99)
    Tps.objects.bulk_create(
        Tps(
            operation=operation,
            desa=d,
            kode=f"{d.kode}-{i:02d}",
            nomor=i,
            nama=f"Balai dusun {i}",
            pemilih=rng.randint(280, 500),
            lat=d.lat + rng.uniform(-0.008, 0.008),
            lng=d.lng + rng.uniform(-0.008, 0.008),
        )
        for d in rows
        for i in range(1, stations + 1)
    )
    Calon.objects.bulk_create(Calon(desa=d, nomor=i) for d in rows for i in (1, 2))
    return rows


def _account(**fields: Any) -> User:
    """The account of that name, for a second operation too."""
    there = User.objects.filter(username=fields["username"]).first()
    return there or create_account(password=cast.PASSWORD, must_change=False, by=None, now=NOW, **fields)


def _people(operation: Operation, desa: list[Desa]) -> dict[str, Any]:
    first = desa[0].kode
    own = {"petugas": (first,), "panitia": (first,)}
    made: dict[str, Any] = {}
    for name, role in PEOPLE:
        office = role if role in ("auditor", "planner") else ""
        user = _account(
            username=name,
            role=office,
            jabatan=name.title(),
        )
        post = f"{first}-01" if role == "petugas" else ""
        made[name] = add_member(
            operation=operation,
            user=user,
            role=role,
            jabatan=name.title(),
            prefixes=own.get(role, (AREA,)),
            post=post,
            by=None,
            now=NOW,
        )
    made["admin"] = _account(
        username="admin",
        role="admin",
        jabatan="Admin",
    )
    for n, d in enumerate(desa):
        user = _account(
            username=f"petugas.{n}",
            role="",
            jabatan=f"Padal {d.nama}",
        )
        add_member(
            operation=operation,
            user=user,
            role="petugas",
            jabatan=f"Padal {d.nama}",
            prefixes=(d.kode,),
            post=f"{d.kode}-02",
            by=None,
            now=NOW,
        )
    return made


def _said(desa: Desa, n: int) -> Iterator[CoreAnswer]:
    """Every item of a village but two, and the items of its stations."""
    day, rng = NOW.date(), Random(31 + n)
    given = ("", Given.VALUE, day, "Berita acara panitia", "petugas1")
    for item in cast.ITEMS.values():
        if item.id in ("B02", "C02"):
            continue
        calm = item.id in ("D05", "D06")
        value = 0.0 if calm else near(item, MOODS[n % 3] * rng.uniform(0.8, 1.2))
        yield CoreAnswer(f"{desa.kode}/{item.id}", desa.kode, item.id, value, *given)
    for kode in desa.tps.order_by("nomor").values_list("kode", flat=True):
        for item in cast.ITEMS.values():
            if item.level == "tps":
                value = near(item, MOODS[n % 3])
                yield CoreAnswer(f"{kode}/{item.id}", kode, item.id, value, *given)


def _answers(operation: Operation, desa: list[Desa], people: dict[str, Any]) -> None:
    rows = [a for n, d in enumerate(desa) for a in _said(d, n % 3)]
    Answer.objects.bulk_create(
        Answer(
            client_id=a.id,
            operation=operation,
            place=a.place,
            item=a.item,
            value=a.value,
            given=a.given.value,
            on=a.on,
            source=a.source,
            rater=a.rater,
            channel="web",
            occurred_at=NOW - timedelta(hours=9),
            recorded_at=NOW,
            by=people["perencana"],
        )
        for a in rows
    )
    Round.objects.create(
        operation=operation,
        gate="hitung",
        stage=STAGE,
        opened_at=NOW - timedelta(days=1),
        opened_by=people["perencana"],
    )


def _classes(operation: Operation, desa: list[Desa], people: dict[str, Any]) -> None:
    """Three villages assessed by the core, the others as one of them under their own codes."""
    recipe, made, rows = cast.RECIPE, {}, []
    for n, d in enumerate(desa):
        if n < 3:
            said = list(_said(d, n))
            found, results = classes_facts.assess_desa(
                recipe, said, d.kode, [t.kode for t in d.tps.all()], NOW.date(), STAGE, None, {}
            )
            made[n] = (d.kode, found, json.dumps(results), sorted(found.answer_ids), answers_digest(said))
        like, found, results, ids, digest = made[n % 3]
        rows.append(
            Assessment(
                operation=operation,
                desa=d,
                on=NOW.date(),
                stage=STAGE,
                level=found.level,
                force_level=found.force_level,
                results=json.loads(results.replace(like, d.kode)),
                recipe="kondusif-45/1",
                recipe_digest=found.recipe_digest,
                answers_digest=digest,
                answer_ids=[i.replace(like, d.kode) for i in ids],
                code_version="0",
                made_at=NOW,
                made_by=people["perencana"],
                number=1,
                published_at=NOW,
                published_by=people["kapolres"],
            )
        )
    Assessment.objects.bulk_create(rows, batch_size=20)


def _plan(operation: Operation, people: dict[str, Any]) -> None:
    levels, sizing = classes.levels(operation, NOW), classes.force_levels(operation, NOW)
    desa = [desa_of(d) for d in operation.desa.all()]
    tps = [tps_of(t) for t in operation.tps.all()]
    rows = []
    for n, d in enumerate(desa):
        own = sum(t.desa == d.kode for t in tps)
        rows.append(
            Unit(
                f"linmas-{n}",
                f"Linmas {d.nama}",
                Force.LINMAS,
                "linmas",
                6 * own,
                d.at,
                d.nama,
                only_desa=d.kode,
            )
        )
        if n % OF_KECAMATAN == 0:
            rows.append(
                Unit(f"polsek-{n}", f"Polsek {d.kecamatan}", Force.POLRI, "polsek", 36 * own, d.at, "Polsek")
            )
            rows.append(
                Unit(
                    f"koramil-{n}", f"Koramil {d.kecamatan}", Force.TNI, "koramil", 10 * own, d.at, "Koramil"
                )
            )
    ForceUnit.objects.bulk_create(
        ForceUnit(
            operation=operation,
            kode=u.kode,
            nama=u.nama,
            force=u.force.value,
            function=u.function,
            strength=u.strength,
            base_lat=u.base.lat,
            base_lng=u.base.lng,
            base_nama=u.base_nama,
            only_desa=u.only_desa or "",
        )
        for u in rows
        if u.base
    )
    given = units(operation)
    extra = ExtraPosts(bases=waiting_places(tuple(desa), given))
    plan = plan_for(
        election_of(operation),
        desa,
        tps,
        given,
        levels=levels,
        force_levels=sizing,
        patterns=PATTERN_SETS[operation.pattern_set],
        extra=extra,
    )
    row = PlanRow.objects.create(
        operation=operation,
        version=1,
        state="approved",
        pattern_set=operation.pattern_set,
        inputs_digest="0" * 64,
        plan_digest=plan.digest,
        body=plan_to_json(plan),
        extra=extra_to_json(extra),
        scope=[d.kode for d in desa],
        made_by=people["perencana"],
        made_at=NOW - timedelta(days=5),
        approved_by=people["kapolres"],
        approved_at=NOW - timedelta(days=4),
    )
    jenis = {p.kode: p.jenis for p in plan.posts}
    by_code = {u.kode: u for u in ForceUnit.objects.filter(operation=operation)}
    waiting = ("on_post", "on_post", "on_post", "ordered", "returning")
    out = []
    for n, p in enumerate(postings_of(plan)):
        state = waiting[n % 5]
        counted = {} if state == "ordered" else {"out": p.heads, "equipment_out": p.heads}
        moved = (
            {}
            if state == "ordered"
            else {"moved_by": people["kapolsek"], "moved_at": NOW - timedelta(days=1)}
        )
        out.append(
            PostingRow(
                operation=operation,
                plan=row.pk,
                unit=by_code[p.unit],
                post=p.post,
                jenis=jenis[p.post],
                place=p.place,
                desa=p.desa or "",
                force=p.force.value,
                heads=p.heads,
                start=p.start,
                state=state,
                **counted,
                **moved,
            )
        )
    PostingRow.objects.bulk_create(out)


def _field(operation: Operation, desa: list[Desa], people: dict[str, Any]) -> None:
    """After the vote: postures, reports of nine stations in ten, checks, incidents, requests, waivers."""
    since, observer = NOW - timedelta(hours=20), people["petugas1"]
    PostureRow.objects.bulk_create(
        PostureRow(operation=operation, desa=d, state="standby", since=since, standby_since=since)
        for d in desa
    )
    stations = list(operation.tps.order_by("kode").values_list("kode", "desa__kode"))
    Report.objects.bulk_create(
        Report(
            operation=operation,
            client_id=_id("report", kode, k),
            desa=of,
            place=kode,
            observer=observer,
            kind="aman",
            occurred_at=NOW - timedelta(minutes=(10 if n % 10 else 100) + 60 * k),
            **CHANNEL,
        )
        for n, (kode, of) in enumerate(stations)
        for k in range(3)
    )
    GateCheck.objects.bulk_create(
        GateCheck(
            operation=operation,
            client_id=_id("check", kode, item),
            desa=of,
            place=kode,
            observer=observer,
            item=item,
            value="yes",
            occurred_at=NOW - timedelta(hours=2),
            **CHANNEL,
        )
        for kode, of in stations
        for item in (1, 4)
    )
    Incident.objects.bulk_create(
        Incident(
            operation=operation,
            client_id=_id("incident", d.kode, k),
            desa=d.kode,
            place=f"{d.kode}-01",
            observer=observer,
            kind="crowd",
            severity=("merah", "kuning", "hijau")[n % 3],
            note="30 orang di depan balai",
            occurred_at=NOW - timedelta(hours=k + 1),
            **CHANNEL,
            **(
                {
                    "closed_by": people["kapolsek"],
                    "closed_at": NOW,
                    "ended_at": NOW,
                    "closing_reason": "bubar",
                }
                if k
                else {}
            ),
        )
        for n, d in enumerate(desa)
        for k in range(2)
    )
    WithdrawalRequest.objects.bulk_create(
        WithdrawalRequest(
            operation=operation,
            number=n + 1,
            desa=d.kode,
            state_from="standby",
            since=since,
            state_to="l1",
            requested_by=people["kapolsek"],
            requested_at=NOW,
            reason="penghitungan selesai",
        )
        for n, d in enumerate(desa)
    )
    WaiverRow.objects.bulk_create(
        WaiverRow(
            operation=operation,
            desa=d.kode,
            move="standby-l1",
            gate="12",
            facts=[],
            reason="jalan lain",
            requested_by=people["kapolsek"],
            requested_at=NOW,
        )
        for d in desa
    )


def _office(operation: Operation, desa: list[Desa], people: dict[str, Any]) -> None:
    """Dialogue, commitments, actions, the book."""
    by = {"recorded_by": people["perencana"], "recorded_at": NOW}
    for n, d in enumerate(desa):
        meeting = Meeting.objects.create(
            operation=operation,
            client_id=_id("meeting", n),
            kode=f"R{n}",
            title=f"Silaturahmi {d.nama}",
            at=NOW,
            place=d.nama,
            **by,
        )
        meeting.desa.add(d)
        asked = Question.objects.create(
            operation=operation,
            client_id=_id("question", n),
            meeting=meeting,
            kode="Q1",
            desa=d,
            role="Tokoh pemuda",
            text="Kapan pengamanan mulai?",
            asked_at=NOW,
            **by,
        )
        for k in (1, 2):
            QuestionPart.objects.create(question=asked, kode=f"Q1.{k}", topic="start", text="Kapan mulai")
        Commitment.objects.create(
            operation=operation,
            client_id=_id("commitment", n),
            kode=f"K{n}",
            meeting=meeting,
            text="Patroli malam",
            topic="stay",
            due=NOW - timedelta(days=1),
            owner="Kapolsek",
            status="owned",
            **by,
        )
        action = Mitigation.objects.create(
            operation=operation,
            client_id=_id("action", n),
            kode=f"T{n}",
            text="Temui dua kubu",
            owner="Kapolsek",
            due=NOW - timedelta(days=1),
            status="owned",
            **by,
        )
        RiskFactor.objects.create(mitigation=action, desa=d, item="A01")
        Visit.objects.create(
            operation=operation,
            client_id=_id("visit", n),
            desa=d,
            at=NOW,
            role="Bhabinkamtibmas",
            place="Balai desa",
            topic="Tenang",
            **by,
        )
        Pledge.objects.create(desa=d, nomor=1, state="signed", on=NOW.date(), **by)
    with transaction.atomic():
        for d in desa:
            for _ in range(4):
                said = {"id": str(_id("line", d.kode)), "kind": "aman", "place": d.kode}
                record(
                    "report_received",
                    by=people["petugas1"],
                    now=NOW,
                    operation=operation,
                    kode_desa=d.kode,
                    subject=d.kode,
                    payload=said,
                )
