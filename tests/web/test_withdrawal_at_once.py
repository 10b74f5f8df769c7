"""Two people at the same moment. Needs a database of its own per thread, so PostgreSQL."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from kondusif.errors import KondusifError
from kondusif_web.logbook.queries import filtered
from kondusif_web.posts.models import PostureRow
from kondusif_web.reports import actions as reports
from kondusif_web.reports.models import Report
from kondusif_web.withdrawal import actions as withdrawal
from kondusif_web.withdrawal.actions import move_posture
from tests.web.karangjati import DESA, HOUR, NOW, ORDER, TPS, all_clear, aman, ask, publish_level, say

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite in memory has one connection; writes queue there"
    ),
]


def at_once(*actions):
    """Every action in its own thread and connection, started together; results or refusals, in order."""
    barrier, out = Barrier(len(actions)), [None] * len(actions)

    def run(k, action):
        try:
            barrier.wait()
            out[k] = action()
        except KondusifError as refused:
            out[k] = refused
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out


@pytest.fixture
def standby(op, people, monkeypatch):
    publish_level(monkeypatch, 2)
    for to in ORDER:
        move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=NOW - 20 * HOUR)
    return all_clear(people)


def test_one_of_two_approvals_wins(op, standby):
    request = ask(standby)
    out = at_once(
        *(
            lambda who=who: withdrawal.approve_withdrawal(operation=op, id=request.pk, by=who, now=NOW)
            for who in (standby.kapolres, standby.wakapolres)
        )
    )
    assert sum(isinstance(x, KondusifError) for x in out) == 1
    assert [str(x) for x in out if isinstance(x, KondusifError)] == ["request_decided"]
    assert len(filtered("uji", kind="withdrawal_approved")) == 1


def test_a_report_sent_twice_at_once_is_one_report(standby):
    before, id_ = Report.objects.count(), uuid4()
    out = at_once(*(lambda: aman(standby, id=id_) for _ in range(4)))
    assert {x.client_id for x in out} == {id_} and Report.objects.count() == before + 1


def test_bad_news_at_the_moment_of_approval_never_leaves_the_village_below(op, standby):
    """Whichever comes first: the approval is refused, or the village is re-opened after it."""
    request = ask(standby)

    def incident():
        return reports.open_incident(
            operation=op, id=uuid4(), kind="crowd", place=TPS, by=standby.petugas1, now=NOW
        )

    at_once(
        lambda: withdrawal.approve_withdrawal(operation=op, id=request.pk, by=standby.kapolres, now=NOW),
        incident,
        lambda: say(standby, 9, "no"),
    )
    assert PostureRow.objects.get(desa__kode=DESA).state == "standby"
