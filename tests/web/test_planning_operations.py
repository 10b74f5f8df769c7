"""Units, plans and postings of two operations with the same places: each counts and moves its own."""

import pytest

from kondusif.errors import Conflict, NotAllowed
from kondusif.forces import Force, Unit
from kondusif_web.answers.models import Answer
from kondusif_web.logbook.queries import head
from kondusif_web.logbook.verify import verify
from kondusif_web.planning import actions as planning_actions
from kondusif_web.planning import queries
from kondusif_web.planning.models import PlanRow
from kondusif_web.posts import actions as posts_actions
from kondusif_web.posts.models import ForceUnit, PostingRow
from tests import cast
from tests.web.bare import bare
from tests.web.planned import UNITS, classes

__all__ = ["classes"]
pytestmark = pytest.mark.django_db
NOW = cast.NOW
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def planned(people):
    """A plan in force in the people's operation, and everyone of it on post."""
    operation = people.perencana.operation
    posts_actions.import_forces(operation=operation, units=UNITS, by=people.perencana, now=NOW)
    row = planning_actions.make_plan(operation=operation, by=people.perencana, now=NOW)
    row = planning_actions.propose_plan(operation=operation, plan=row, by=people.perencana, now=NOW)
    return planning_actions.approve_plan(operation=operation, plan=row, by=people.kapolres, now=NOW)


def arrive(operation, people):
    for row in operation.postings.all():
        posts_actions.check_in(
            operation=operation, posting=row.pk, out=row.heads, by=people.kapolsek, now=NOW
        )


def states(operation):
    return set(PostingRow.objects.filter(operation=operation).values_list("state", flat=True))


@pytest.fixture
def elsewhere(other_people, classes):
    """A plan in force and its postings in operation "lain" alone."""
    return planned(other_people)


def test_each_has_its_own_units_plan_and_postings(op, other, people, other_people, classes):
    ours, theirs = planned(people), planned(other_people)
    assert (ours.version, theirs.version) == (1, 1)
    assert queries.approved_plan(op) == ours and queries.approved_plan(other) == theirs
    posts_actions.import_forces(
        operation=op,
        units=[Unit("polsek", "Polsek", Force.POLRI, "polsek", 1)],
        by=people.perencana,
        now=NOW,
    )
    strength = dict(ForceUnit.objects.filter(kode="polsek").values_list("operation__kode", "strength"))
    assert strength == {"uji": 1, "lain": 20}
    assert {p.unit.operation for p in PostingRow.objects.filter(plan=theirs.pk)} == {other}
    assert verify().ok


def test_readiness_becomes_answers_of_its_own_operation(op, other, elsewhere):
    assert not Answer.objects.filter(operation=op).exists()
    assert {a.item for a in Answer.objects.filter(operation=other)} == {"F01", "F03"}
    assert queries.readiness(op) == () and queries.plan_starts(op) == {}


def test_a_step_down_lets_go_only_the_people_of_its_operation(op, other, people, other_people, classes):
    for operation, who in ((op, people), (other, other_people)):
        planned(who)
        arrive(operation, who)
    before = head("lain")
    for desa in (cast.KARANGJATI, cast.TEGALREJO, cast.WONOSARI):
        posts_actions.recall_postings(operation=op, desa=desa, posture="l4", by=people.kapolres, now=NOW)
    assert states(op) == {"returning"} and states(other) == {"on_post"}
    posts_actions.turn_back(operation=other, desa=cast.KARANGJATI, by=other_people.petugas1, now=NOW)
    assert states(op) == {"returning"} and head("lain") == before


def test_people_still_out_elsewhere_do_not_hold_up_a_plan(op, other, people, other_people, elsewhere):
    arrive(other, other_people)
    assert planned(people).state == "approved"
    assert states(op) == {"ordered"} and states(other) == {"on_post"}


def test_no_action_takes_a_plan_or_posting_of_another_operation(op, people, other_people, elsewhere):
    posting = PostingRow.objects.filter(plan=elsewhere.pk).first()
    draft = planning_actions.make_plan(operation=elsewhere.operation, by=other_people.perencana, now=NOW)
    before = head("uji"), head("lain")
    mine = {"operation": op, "now": NOW}
    chief, planner = {"by": people.kapolres}, {"by": people.perencana}
    for pk in (posting.pk, UNKNOWN):
        for action in (
            lambda pk=pk: posts_actions.check_in(posting=pk, out=1, **chief, **mine),
            lambda pk=pk: posts_actions.count_back(posting=pk, back=1, equipment_back=0, **chief, **mine),
            lambda pk=pk: posts_actions.send_home(posting=pk, **chief, **mine),
            lambda pk=pk: posts_actions.cancel_posting(posting=pk, **chief, **mine),
            lambda: planning_actions.propose_plan(plan=draft, **planner, **mine),
            lambda: planning_actions.approve_plan(plan=elsewhere, **chief, **mine),
        ):
            with pytest.raises(NotAllowed):
                action()
    assert (head("uji"), head("lain")) == before


def test_a_member_of_another_operation_plans_nothing_here(op, people, other_people, classes):
    for action in (
        lambda by: posts_actions.import_forces(operation=op, units=UNITS, by=by, now=NOW),
        lambda by: planning_actions.make_plan(operation=op, by=by, now=NOW),
    ):
        posts_actions.import_forces(operation=op, units=UNITS, by=people.perencana, now=NOW)
        with pytest.raises(Conflict):
            action(other_people.perencana)
    assert not PlanRow.objects.exists()


def test_no_page_shows_or_takes_what_is_of_another_operation(op, people, other_people, classes, as_):
    browser, officer = as_("kapolres"), as_("petugas1")
    pages = ("rencana/", "rencana/apel/", "rencana/plotting.xlsx")
    empty = [bare(browser.get(f"/o/uji/{page}")) for page in pages]
    plan = planned(other_people)
    assert [bare(browser.get(f"/o/uji/{page}")) for page in pages] == empty
    assert browser.get("/o/uji/rencana/plotting.xlsx").status_code == 404
    posting = PostingRow.objects.get(plan=plan.pk, unit__kode="linmas-1", post=f"{cast.KARANGJATI}-01")
    before = head("lain")
    for pk in (plan.pk, UNKNOWN):
        assert browser.post(f"/o/uji/rencana/{pk}/sahkan/").status_code == 404
        assert as_("perencana").post(f"/o/uji/rencana/{pk}/ajukan/").status_code == 404
    for pk in (posting.pk, UNKNOWN):
        arrival = {"out": 1, "equipment_out": 0}
        assert officer.post(f"/o/uji/rencana/apel/{pk}/hadir/", arrival).status_code == 404
        back = {"back": 1, "equipment_back": 0}
        assert officer.post(f"/o/uji/rencana/apel/{pk}/hitung/", back).status_code == 404
        assert browser.post(f"/o/uji/rencana/apel/{pk}/pulang/").status_code == 404
        assert browser.post(f"/o/uji/rencana/apel/{pk}/batal/").status_code == 404
    assert head("lain") == before and states(plan.operation) == {"ordered"}


def test_the_plotting_list_names_its_own_book(op, people, other_people, classes, as_):
    from tests.web.test_planning import sheet

    planned(people)
    planned(other_people)
    title = sheet(as_("kapolres").get("/o/uji/rencana/plotting.xlsx"))["A1"].value
    assert head("uji")[:16] in title and head("lain")[:16] not in title
