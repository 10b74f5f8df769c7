"""The moves the book tells are walked again: two people, the table of moves, and where the rows stand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kondusif_web.drill.actions import load_sample, play_until
from kondusif_web.election.models import Operation
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.posts.models import PostureRow
from kondusif_web.situation.replay import check_moves, replay
from kondusif_web.withdrawal.actions import move_posture
from tests import cast

pytestmark = pytest.mark.django_db

TO_STANDBY = ("moved_in", "voting", "counting", "box_escort", "standby")


def lines(kode):
    return [row.entry() for row in Entry.objects.filter(operation=kode)]


def moves(kode="uji"):
    return list(replay(kode, lines(kode), lines("")))


@pytest.fixture
def standing(op, people):
    for to in TO_STANDBY:
        move_posture(operation=op, desa=cast.KARANGJATI, to=to, by=people.kapolsek, now=cast.NOW)
    return op


def told(kind, people, **more):
    """A line written straight into the book, as by someone who goes round the actions."""
    by = more.pop("by", people.kapolres)
    return record(kind, by=by, now=cast.NOW, operation=by.operation, kode_desa=cast.KARANGJATI, **more)


def test_moves_by_the_actions_replay_to_where_the_rows_stand(standing):
    assert moves() == []


def test_a_gated_move_without_request_and_approval_is_found(standing, people):
    row = PostureRow.objects.get(desa__kode=cast.KARANGJATI)
    row.state = "l1"
    row.save()
    told("posture_moved", people, payload={"from": "standby", "to": "l1", "why": ""}, rows=[row])
    assert verify().row_findings == ()
    assert len(moves()) == 1
    assert "dua orang" in moves()[0]


@pytest.mark.parametrize(("asker", "found"), [("kapolsek", 0), ("kapolres", 1)])
def test_who_asked_never_approves(standing, people, asker, found):
    row = PostureRow.objects.get(desa__kode=cast.KARANGJATI)
    row.state = "l1"
    row.save()
    step = {"from": "standby", "to": "l1", "number": 1}
    by = getattr(people, asker)
    told("withdrawal_requested", people, subject="x", payload=step | {"shut": []}, by=by)
    told("withdrawal_approved", people, subject="x", payload=step | {"gates": [], "waivers": []})
    told("posture_moved", people, payload=step | {"why": ""}, rows=[row])
    assert len(moves()) == found


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("standby", "closed", "tabel gerak"),
        ("l2", "standby", "padahal terakhir standby"),
        ("standby", "nowhere", "tabel gerak"),
    ],
)
def test_a_move_outside_the_table_is_found(standing, people, start, end, words):
    told("posture_moved", people, payload={"from": start, "to": end, "why": ""})
    assert any(words in found for found in moves())


def test_a_row_that_stands_elsewhere_is_found(standing, people):
    row = PostureRow.objects.get(desa__kode=cast.KARANGJATI)
    row.state = "l3"
    row.save()
    told("dispute_recorded", people, payload={"state": "none", "source": ""}, rows=[row])
    assert verify().row_findings == ()
    assert any("status pengamanan l3" in found for found in moves())


def test_a_posting_that_came_home_short_is_found(op, people):
    told("posting_on_post", people, subject="p", payload={"out": 5, "equipment_out": 5})
    told("posting_recalled", people, subject="p", payload={"posture": "l1"})
    told("posting_home", people, subject="p", payload={"out": 5, "back": 4})
    assert any("pulang 4 orang, berangkat 5" in found for found in moves())


def test_a_book_without_its_payloads_is_found_and_not_thrown(standing, people):
    told = lines("uji")
    for line in told:
        object.__setattr__(line, "payload", {})
    assert list(replay("uji", told, []))


def test_moves_of_one_operation_say_nothing_of_another(standing, other, people):
    assert moves() == moves("lain") == []
    row = PostureRow.objects.get(desa__operation=standing, desa__kode=cast.KARANGJATI)
    PostureRow.objects.filter(pk=row.pk).update(state="l3")
    assert len(moves()) == 1 and moves("lain") == []
    assert [c.operation for c in check_moves(verify()).books if c.moves] == ["uji"]


def test_only_a_published_instrument_comes_into_force(op, people):
    op.recipe = "arjasari/1"
    op.save()
    told(
        "instrument_enforced",
        people,
        subject="arjasari/1",
        payload={"key": "arjasari/1", "digest": "", "before": ""},
        rows=[op],
    )
    assert any("tanpa pernah diterbitkan" in found for found in moves())
    record(
        "instrument_published",
        by=people.kabagops.user,
        now=cast.NOW,
        subject="arjasari/1",
        payload={"key": "arjasari/1", "digest": "", "text_digest": ""},
    )
    assert moves() == []
    assert any("diterbitkan perancangnya sendiri" in found for found in moves(""))


def test_a_chain_without_its_operation_is_found(op):
    assert moves("tiada") == ["tiada: tidak ada operasi dengan kode ini"]


def test_the_whole_story_of_the_example_is_as_the_book_says(db):
    load_sample(now=cast.NOW)
    operation = Operation.objects.get()
    play_until(operation=operation, until=operation.vote_at + timedelta(days=2), by=None)
    report = check_moves(verify())
    assert report.ok, report
    assert report.rows > 400
