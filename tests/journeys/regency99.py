"""Run by office.py in a process of its own: ``regency99.py [standby [afternoon]] [beside]``, a made-up
regency as a drill.

Alone it stands at H-5, nothing measured; the answers that a planner brings are written beside the database as
``jawaban.csv``: Karangjati tense and weapons found, Tegalrejo in between, Wonosari calm. With ``standby`` the
answers are in, the plan is in force, everybody is on post, and the evening of the vote has come: all villages
stand by since 18.00. With ``afternoon`` it is H+1, 14.05: reports came from all posts but one, an incident is
open, and a village waits for its withdrawal. With ``beside`` a live operation
"nyata" of the same places and people stands beside the drill, its vote tomorrow.

Prints the passwords as JSON.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import django

from kondusif.forces import Force, Unit
from kondusif.instrument.indicator import Indicator
from kondusif.places import Point
from tests import cast

START = cast.VOTE_AT - timedelta(days=5)
NOON = cast.VOTE_AT + timedelta(hours=30)  # H+1 13.00 WIB
MOOD = {cast.KARANGJATI: 0.42, cast.TEGALREJO: 0.27, cast.WONOSARI: 0.08}  # risk of every item, 0..1
OURS = [d for d in cast.DESA if d.kode.startswith(cast.KECAMATAN)]
POLSEK, POLRES = Point(-7.72, 112.91), Point(-7.80, 112.95)
UNITS = (
    Unit("POLSEK", "Polsek Sumberarum", Force.POLRI, "Polsek", 24, POLSEK),
    Unit("DALMAS", "Dalmas Polres Arjasari", Force.POLRI, "Dalmas", 20, POLRES),
    Unit("KORAMIL", "Koramil Sumberarum", Force.TNI, "Koramil", 9, POLSEK),
    Unit("SATPOL", "Satpol PP Arjasari", Force.SATPOL, "Satpol PP", 4, POLRES),
    *(
        Unit(f"LINMAS-{d.kode}", f"Linmas {d.nama}", Force.LINMAS, "Linmas", 14, d.at, only_desa=d.kode)
        for d in OURS
        if d.memilih
    ),
)


def near(indicator: Indicator, risk: float) -> float:
    """A whole answer inside the range whose risk is nearest to the wanted one."""
    lo, hi = sorted((indicator.lo, indicator.hi))
    return min(
        (lo + (hi - lo) * n / 100 for n in range(101)), key=lambda v: abs(indicator.risk(round(v)) - risk)
    )


def write_answers(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        sheet = csv.writer(out)
        sheet.writerow(["tempat", "butir", "nilai", "tanggal", "sumber", "penilai", "ilustratif"])
        day = (START - timedelta(days=1)).date()
        for desa, mood in MOOD.items():
            for item in cast.ITEMS.values():
                calm = item.id in ("D05", "D06") and desa != cast.KARANGJATI
                value = 0 if calm else round(near(item, mood))
                sheet.writerow([desa, item.id, value, day, "latihan", "P01", "ya"])


def set_up() -> dict[str, str]:
    """Operation, places, forces and people. Gives the passwords."""
    from kondusif_web.accounts.actions import create_account, one_time_password
    from kondusif_web.accounts.roles import OFFICE_ROLES
    from kondusif_web.election.actions import add_places, open_operation
    from kondusif_web.election.members import add_member
    from kondusif_web.posts.actions import import_forces

    operation = open_operation(**(cast.OPERATION | {"clock": START}), by=None, now=START)
    add_places(
        operation=operation,
        desa=OURS,
        tps=[t for t in cast.TPS if t.desa.startswith(cast.KECAMATAN)],
        calon={k: v for k, v in cast.CALON.items() if k.startswith(cast.KECAMATAN)},
        outlines={d.kode: cast.cell(d) for d in OURS},
        by=None,
        now=START,
    )
    import_forces(operation=operation, units=UNITS, by=None, now=START)
    passwords = {person.username: one_time_password() for person in cast.PEOPLE}
    for person in cast.PEOPLE:
        account = create_account(
            username=person.username,
            role=person.role if person.role in OFFICE_ROLES else "",
            jabatan=person.jabatan,
            password=passwords[person.username],
            must_change=False,
            by=None,
            now=START,
        )
        if person.role != "admin":
            add_member(
                operation=operation,
                user=account,
                role=person.role,
                jabatan=person.jabatan,
                prefixes=list(person.prefixes),
                post=person.post,
                by=None,
                now=START,
            )
    return passwords


def play_to_standby(answers: Path) -> None:
    """What journey (a) does by hand, and the day of the vote."""
    from kondusif_web.classes.actions import assess_operation, publish_assessments
    from kondusif_web.election.actions import set_clock
    from kondusif_web.election.models import Operation
    from kondusif_web.intake.actions import apply_preview
    from kondusif_web.intake.preview import preview_file
    from kondusif_web.planning.actions import approve_plan, make_plan, propose_plan
    from kondusif_web.posts.actions import check_in
    from kondusif_web.posts.models import PostingRow
    from kondusif_web.withdrawal.actions import move_posture

    operation = Operation.objects.get()
    planner, chief = (operation.members.get(user__username=name) for name in ("perencana", "kapolres"))
    seen = preview_file(answers, answers.name, operation=operation, by=planner, now=START)
    apply_preview(operation=operation, preview=seen, by=planner, now=START)
    assess_operation(operation=operation, by=planner, now=START)
    publish_assessments(operation=operation, by=planner, now=START)
    plan = make_plan(operation=operation, by=planner, now=START)
    plan = propose_plan(operation=operation, plan=plan, by=planner, now=START)
    approve_plan(operation=operation, plan=plan, by=chief, now=START)
    arrival = cast.VOTE_AT - timedelta(hours=12)
    for posting in PostingRow.objects.all():
        check_in(
            operation=operation,
            posting=posting.pk,
            out=posting.heads,
            equipment_out=posting.heads,
            by=planner,
            now=arrival,
        )
    for to, hours in (("moved_in", -12), ("voting", 0), ("counting", 6), ("box_escort", 9), ("standby", 11)):
        now = cast.VOTE_AT + timedelta(hours=hours)
        for desa in MOOD:
            move_posture(operation=operation, desa=desa, to=to, by=planner, now=now)
    set_clock(operation=operation, to=cast.VOTE_AT + timedelta(hours=12), by=None, now=START)


def play_to_afternoon() -> None:
    """Wonosari is nearly free to go, a rumour runs in Karangjati, one post is silent."""
    from kondusif_web.election.actions import set_clock
    from kondusif_web.election.models import Operation
    from kondusif_web.reports.actions import open_incident, submit_report
    from kondusif_web.reports.observations import add_check
    from kondusif_web.withdrawal.actions import request_withdrawal

    operation = Operation.objects.get()
    people = {member.username: member for member in operation.members.select_related("user")}
    sector, army, camat = people["kapolsek"], people["danramil"], people["camat"]
    desa = cast.WONOSARI
    for item in (1, 2, 3):
        minutes = f"BA-0{item}/2023"
        add_check(
            operation=operation,
            id=uuid4(),
            desa=desa,
            value="yes",
            now=NOON,
            item=item,
            minutes=minutes,
            by=camat,
        )
    for item in (4, 5, 9, 10, 11, 12):
        for by in (sector, army) if item in (4, 10) else (sector,):
            add_check(operation=operation, id=uuid4(), desa=desa, value="yes", now=NOON, item=item, by=by)
    for party, by in (("kapolsek", sector), ("danramil", army), ("camat", camat)):
        add_check(
            operation=operation, id=uuid4(), desa=desa, value="yes", now=NOON, item=13, party=party, by=by
        )
    reason = "Kotak di kecamatan, jalan sepi sejak malam"
    request_withdrawal(operation=operation, desa=desa, to="l1", reason=reason, by=sector, now=NOON)
    rumour = {"kind": "rumour", "place": f"{cast.KARANGJATI}-02", "note": "Kabar kotak suara hilang"}
    open_incident(
        operation=operation,
        id=uuid4(),
        by=sector,
        now=cast.NOW - timedelta(minutes=50),
        help="prepare",
        **rumour,
    )
    silent = f"{cast.TEGALREJO}-02"
    for station in cast.TPS:
        if station.kode.startswith(cast.KECAMATAN):
            late = timedelta(minutes=95 if station.kode == silent else 10)
            submit_report(
                operation=operation,
                id=uuid4(),
                kind="aman",
                place=station.kode,
                by=sector,
                now=cast.NOW - late,
            )
    set_clock(operation=operation, to=cast.NOW, by=None, now=START)


def open_beside() -> None:
    """The live operation: the same codes of villages and posts, and everybody in the same role."""
    from kondusif_web.election.actions import add_places, open_operation
    from kondusif_web.election.members import add_member
    from kondusif_web.election.models import Operation
    from kondusif_web.logbook.clock import server_now

    now = server_now()
    live = {"kode": "nyata", "nama": "Pilkades sungguhan Arjasari", "vote_at": now + timedelta(days=1)}
    live |= {"drill": False, "clock": None, "illustrative": False}
    operation = open_operation(**(cast.OPERATION | live), by=None, now=now)
    add_places(
        operation=operation,
        desa=OURS,
        tps=[t for t in cast.TPS if t.desa.startswith(cast.KECAMATAN)],
        outlines={d.kode: cast.cell(d) for d in OURS},
        by=None,
        now=now,
    )
    for member in Operation.objects.get(kode="uji").members.select_related("user"):
        add_member(
            operation=operation,
            user=member.user,
            role=member.role,
            jabatan=member.jabatan,
            prefixes=member.prefixes,
            post=member.post,
            by=None,
            now=now,
        )


def main() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    passwords = set_up()
    answers = Path(os.environ["KONDUSIF_DATA"]) / "jawaban.csv"
    write_answers(answers)
    if "standby" in sys.argv[1:]:
        play_to_standby(answers)
    if "afternoon" in sys.argv[1:]:
        play_to_afternoon()
    if "beside" in sys.argv[1:]:
        open_beside()
    print(json.dumps(passwords))


if __name__ == "__main__":
    main()
