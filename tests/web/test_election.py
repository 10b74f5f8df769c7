"""The operation: one election of the core, a clock that never runs back, places that come in whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from kondusif.errors import Conflict, MoveRefused, NotAllowed
from kondusif.files import load_sample
from kondusif.logbook import verify_lines
from kondusif.places import Point
from kondusif.stages import StagesError, deadlines
from kondusif_web.election import actions, facts
from kondusif_web.election.cells import cells
from kondusif_web.election.models import Calon, Desa, Operation, StageDate, Tps
from kondusif_web.election.queries import desa_visible_to, tps_visible_to
from kondusif_web.logbook.clock import server_now
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.queries import chain_names, lines
from tests import cast

pytestmark = pytest.mark.django_db


def test_an_operation_is_an_election_of_the_core(op):
    election = facts.election_of(op)
    assert election.vote_at == cast.VOTE_AT
    assert election.start_offsets[3][0] == 3
    assert deadlines(election).inauguration_at is None


def test_an_actual_date_replaces_the_computed_one(op, people):
    at = cast.VOTE_AT + timedelta(days=60)
    for n in range(2):
        actions.date_stage(
            operation=op,
            kode="inauguration",
            at=at + timedelta(days=n),
            source="Keputusan bupati",
            by=people.perencana,
            now=cast.NOW,
        )
    assert StageDate.objects.count() == 1
    assert deadlines(facts.election_of(op)).inauguration_at == at + timedelta(days=1)
    assert Entry.objects.filter(kind="stage_dated").count() == 2


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"at": cast.VOTE_AT - timedelta(days=1)}, StagesError),
        ({"source": ""}, ValidationError),
        ({"kode": ""}, ValidationError),
    ],
)
def test_a_date_that_makes_no_sense_is_refused_whole(op, people, change, error):
    good = {"kode": "inauguration", "at": cast.VOTE_AT + timedelta(days=60), "source": "SK"}
    with pytest.raises(error):
        actions.date_stage(operation=op, **good | change, by=people.perencana, now=cast.NOW)
    assert not StageDate.objects.exists()
    assert not Entry.objects.filter(kind="stage_dated").exists()


def test_a_drill_has_its_own_clock_and_it_never_runs_back(op, people):
    assert op.now() == cast.NOW
    later = cast.NOW + timedelta(days=1)
    assert actions.set_clock(operation=op, to=later, by=people.perencana, now=cast.NOW).now() == later
    with pytest.raises(MoveRefused):
        actions.set_clock(operation=op, to=cast.NOW, by=people.perencana, now=later)


def test_recorded_at_stays_the_servers_in_a_drill(op, people):
    actions.set_clock(operation=op, to=cast.NOW, by=people.perencana, now=cast.NOW)
    line = Entry.objects.get(kind="clock_set")
    assert line.occurred_at == cast.NOW
    assert abs(line.recorded_at - server_now()) < timedelta(minutes=5)


def test_a_real_operation_has_no_clock_of_its_own(db):
    real = cast.OPERATION | {"drill": False, "clock": None, "kode": "nyata"}
    operation = actions.open_operation(**real, by=None, now=cast.NOW)
    with pytest.raises(MoveRefused):
        actions.set_clock(operation=operation, to=cast.NOW, by=None, now=cast.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Operation.objects.filter(pk=operation.pk).update(clock=cast.NOW)


def test_an_operation_opens_once(op):
    with pytest.raises(Conflict):
        actions.open_operation(**cast.OPERATION, by=None, now=cast.NOW)


@pytest.mark.parametrize(
    "change",
    [{"tz": "Mars/Olympus"}, {"start_offsets": {"1": [3, "07:00"], "2": [2, "07:00"], "3": [1, "07:00"]}}],
)
def test_an_operation_that_contradicts_itself_is_refused_whole(db, change):
    with pytest.raises(StagesError):
        actions.open_operation(**cast.OPERATION | change, by=None, now=cast.NOW)
    assert not Operation.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("username", [p.username for p in cast.PEOPLE if p.role != "planner"])
def test_only_a_planner_opens_and_dates(op, people, username):
    by = getattr(people, username.replace(".", "_"))
    with pytest.raises(NotAllowed):
        actions.open_operation(**cast.OPERATION | {"kode": "lain"}, by=getattr(by, "user", by), now=cast.NOW)
    with pytest.raises(NotAllowed):
        actions.date_stage(operation=op, kode="x", at=cast.NOW, source="x", by=by, now=cast.NOW)


def test_a_member_of_another_operation_writes_nothing_here(op, other, other_people):
    with pytest.raises(Conflict):
        actions.date_stage(
            operation=op,
            kode="inauguration",
            at=cast.VOTE_AT + timedelta(days=60),
            source="SK",
            by=other_people.perencana,
            now=cast.NOW,
        )
    assert not StageDate.objects.exists()


def test_two_operations_hold_the_same_codes_and_each_sees_its_own(op, other, people, other_people):
    assert Desa.objects.filter(kode=cast.KARANGJATI).count() == 2
    for operation, member in ((op, people.kapolres), (other, other_people.kapolres)):
        assert {d.operation_id for d in desa_visible_to(operation, member)} == {operation.pk}
        assert {t.operation_id for t in tps_visible_to(operation, member)} == {operation.pk}


def test_each_operation_has_a_chain_of_its_own(op, other):
    assert chain_names() == ["", "lain", "uji"]
    for kode in ("uji", "lain"):
        assert verify_lines(lines(kode)) == ()
        assert {line.operation for line in Entry.objects.filter(operation=kode)} == {kode}
        assert Entry.objects.filter(operation=kode).order_by("seq").first().kind == "operation_opened"


def test_two_villages_of_one_name_stay_two(op, people):
    assert Desa.objects.filter(nama="Karangjati").count() == 2
    assert not desa_visible_to(op, people.kapolsek).filter(kode=cast.OUTSIDE).exists()


def test_the_example_comes_in_whole(db):
    file = load_sample()
    operation = actions.import_operation(file=file, now=cast.NOW)
    assert operation.drill
    assert operation.illustrative
    assert Desa.objects.count() == 17
    assert Desa.objects.filter(memilih=True).count() == 3
    assert Tps.objects.count() == len(file.tps)
    assert Calon.objects.count() == len(file["calon"])
    assert all(len(d.cell) >= 3 for d in Desa.objects.all())
    assert facts.election_of(operation) == file.election


def test_cells_cover_each_village_and_no_other():
    points = {str(n): Point(-7 - n % 3 / 10, 112 + n // 3 / 10) for n in range(9)}
    made = cells(points)
    assert set(made) == set(points)
    for kode, ring in made.items():
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        inside = [k for k, p in points.items() if min(xs) < p.lng < max(xs) and min(ys) < p.lat < max(ys)]
        assert inside == [kode]


def test_villages_on_one_point_and_no_points_make_no_cell():
    assert cells({}) == {}
    twins = {"a": Point(-7, 112), "b": Point(-7, 112), "c": Point(-7, 112.1)}
    assert set(cells(twins)) == {"c"}


@pytest.mark.parametrize("kode", ["UJI", "kantor", "uji_2026", "u"])
def test_no_way_opens_an_operation_under_a_code_that_the_rule_refuses(db, kode):
    from tests.examples import load_example

    with pytest.raises(ValidationError):
        actions.open_operation(**cast.OPERATION | {"kode": kode}, by=None, now=cast.NOW)
    with pytest.raises(ValidationError):
        load_example(now=cast.NOW, kode=kode)
    assert not Operation.objects.exists()
