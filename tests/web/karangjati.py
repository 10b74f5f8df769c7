"""Karangjati in the field: to stand-by, what is stated there, what is asked for."""

from datetime import timedelta
from uuid import uuid4

import pytest

from kondusif.withdraw.level import LevelSpell
from kondusif_web.election.models import Desa
from kondusif_web.logbook.queries import filtered
from kondusif_web.posts.models import PostureRow
from kondusif_web.reports import actions as reports
from kondusif_web.reports import observations
from kondusif_web.withdrawal import actions as withdrawal
from kondusif_web.withdrawal import residents
from kondusif_web.withdrawal.actions import move_posture
from kondusif_web.withdrawal.queries import village_at
from tests import cast

DESA, TPS = cast.KARANGJATI, f"{cast.KARANGJATI}-01"
NOW = cast.NOW
HOUR = timedelta(hours=1)
ORDER = ("moved_in", "voting", "counting", "box_escort", "standby")


def publish_level(monkeypatch, n):
    """A class in force at Karangjati without the measure; none where ``n`` is 0."""
    spells = {DESA: [LevelSpell(DESA, n, NOW - 99 * HOUR)]} if n else {}
    queries = "kondusif_web.classes.queries"
    monkeypatch.setattr(f"{queries}.levels", lambda operation, now=None: {DESA: n} if n else {})
    monkeypatch.setattr(f"{queries}.level_spells", lambda operation, kodes=None: spells)


@pytest.fixture
def level(monkeypatch):
    """Publish a class without the measure: ``level(2)``."""

    def publish(n):
        publish_level(monkeypatch, n)

    publish(2)
    return publish


@pytest.fixture
def standby(op, people, level):
    """Karangjati in stand-by for 20 hours, every gate of the first step open."""
    since = NOW - 20 * HOUR
    for to in ORDER:
        move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=since)
    return all_clear(people)


def say(people, item, value="yes", who=None, at=None, **more):
    who = who or ("panitia_karangjati" if item in (1, 2, 3, 6, 7, 8) else "petugas1")
    if more.get("party") == "warga":
        return residents.state_fact(
            operation=people.kapolsek.operation, id=uuid4(), desa=DESA, item=item, party="warga", value=value,
            by=getattr(people, who), now=at or NOW,
        )  # fmt: skip
    more = {"minutes": f"BA {item}" if item in (1, 2, 3, 6, 7, 8) else ""} | more
    return observations.add_check(
        operation=people.kapolsek.operation,
        id=uuid4(),
        desa=DESA,
        item=item,
        value=value,
        by=getattr(people, who),
        now=at or NOW,
        **more,
    )


def all_clear(people, at=NOW - HOUR):
    for item in (1, 2, 4, 10):
        say(people, item, at=at, second=people.kapolsek)
    for item in (3, 5, 9, 11, 12):
        say(people, item, at=at)
    for party in ("camat", "danramil", "kapolsek"):
        say(people, 13, who=party, party=party, at=at)
    _row, code = residents.make_resident_code(
        operation=people.kapolsek.operation, desa=DESA, by=people.petugas1, now=at
    )
    residents.answer_by_code(operation=people.kapolsek.operation, code=code, confirmed=True, now=at)
    for tps in people.kapolsek.operation.tps.filter(desa__kode=DESA):
        said = aman(people, at=NOW - HOUR / 4, place=tps.kode, gap="calm")
        reports.confirm_gap(
            operation=said.operation, id=said.client_id, how="call", by=people.kapolsek, now=NOW - HOUR / 4
        )
    return people


def aman(people, at=NOW, **more):
    fixed = {"id": uuid4(), "kind": "aman", "place": TPS, "by": people.petugas1, "now": at}
    return reports.submit_report(operation=people.kapolsek.operation, **(fixed | more))


def ask(people, to="l1", who="kapolsek"):
    return withdrawal.request_withdrawal(
        operation=people.kapolsek.operation,
        desa=DESA,
        to=to,
        reason="penghitungan selesai",
        by=getattr(people, who),
        now=NOW,
    )


def village():
    return Desa.objects.get(operation__kode="uji", kode=DESA)


def shut(to="", now=NOW):
    return [g.gate for g in village_at(village(), now).step(to).shut]


def kinds():
    return list(filtered("uji", kode_desa=DESA).order_by("seq").values_list("kind", flat=True))


def state():
    return PostureRow.objects.get(desa=village()).state
