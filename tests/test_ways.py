"""The three ways through the house stay short, turn nowhere back, and are drawn as they are.

An answer from the phone form to the published class, an incident to the board, a plan to the posting home:
each through the real addresses, as the people who do it. See ``tests/ways.py`` for what counts.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from kondusif_web.answers.actions import take_answers
from kondusif_web.classes.actions import assess_operation, publish_assessments
from kondusif_web.classes.models import Assessment
from kondusif_web.planning.models import PlanRow
from kondusif_web.posts.actions import import_forces, recall_postings
from kondusif_web.posts.models import PostingRow, PostureRow
from kondusif_web.withdrawal.actions import move_posture
from tests import cast, ways
from tests.ways import Way

pytestmark = pytest.mark.django_db

ANSWER_MODULES = 45  # without the engine
# All of ours as measured, which must not grow; of the contexts alone.
# The board also reads who is silent, what waits, and names the villages inside the cells of its map.
INCIDENT_MODULES, INCIDENT_CONTEXTS = 70, 25
HOME_MODULES, HOME_CONTEXTS = 48, 22

TPS = f"{cast.KARANGJATI}-01"
VILLAGES = (cast.KARANGJATI, cast.TEGALREJO, cast.WONOSARI)
# Functions of the core that judge an answer's value and texts: whoever calls them checks it.
JUDGES = ("kondusif.instrument.indicator.possible", "kondusif.banned.scan")


def address(name: str, *args: object) -> str:
    """The address of a page of the operation "uji"."""
    return reverse(name, args=["uji", *args])


def sent(response: HttpResponse) -> None:
    assert response.status_code == 302, response.content.decode()[:2000]


# ---------------------------------------------------------------- the ways


@dataclass(frozen=True)
class House:
    """The operation with its people and their browsers, and what happened before the ways begin."""

    op: object
    people: object
    as_: Callable


@pytest.fixture
def house(op, people, as_) -> House:
    """Classes of the three villages published, forces known, all at stand-by, Karangjati a step down."""
    by, now = people.perencana, cast.NOW
    for desa, told in zip(VILLAGES, (cast.TENSE, cast.CALM, cast.CALM), strict=True):
        take_answers(operation=op, answers=cast.answers(told, desa), by=by, now=now)
    assess_operation(operation=op, by=by, now=now)
    publish_assessments(operation=op, by=by, now=now)
    import_forces(operation=op, units=cast.UNITS, by=by, now=now)
    for desa in VILLAGES:
        for to in ("moved_in", "voting", "counting", "box_escort", "standby"):
            move_posture(operation=op, desa=desa, to=to, by=people.kapolsek, now=now - timedelta(hours=20))
    PostureRow.objects.filter(desa__kode=cast.KARANGJATI).update(state="l1")
    return House(op, people, as_)


def answer(house: House) -> Way:
    """A field officer answers item A01 of a village; the planner assesses and publishes."""
    way = Way("An answer: from the phone form to the published class")
    officer, planner = house.as_("petugas1"), house.as_("perencana")
    form = {
        "bagian": "A",
        "A-on": cast.NOW.date().isoformat(),
        "A-source": "Berita acara panitia",
        "A-A01": "5",
        "A-A01-id": str(uuid.uuid4()),
    }
    before = Assessment.objects.filter(published_at__isnull=False).count()
    with way.step("The officer sends the form"):
        sent(officer.post(address("web:jawab", cast.KARANGJATI), form))
    with way.step("The planner assesses"):
        sent(planner.post(address("web:hitung")))
    page = planner.get(address("classes:ukur")).content.decode()  # nobody publishes unseen
    seen = re.findall(r'name="draf" value="([^"]+)"', page)
    with way.step("The planner publishes"):
        sent(planner.post(address("web:terbitkan"), {"draf": seen}))
    assert Assessment.objects.filter(published_at__isnull=False).count() > before
    return way


def incident(house: House) -> Way:
    """A field officer reports an incident that re-opens the village; the Kapolsek sees it on the board."""
    way = Way("An incident: from the post to the board")
    officer, chief = house.as_("petugas1"), house.as_("kapolsek")
    form = {"id": str(uuid.uuid4()), "pos": TPS, "kind": "crowd", "help": "now", "note": ""}
    with way.step("The officer reports"):
        sent(officer.post(address("web:insiden_baru"), form))
    with way.step("The Kapolsek opens the board"):
        page = chief.get(address("situation:papan"))
    assert address("reports:insiden", form["id"]) in page.content.decode()
    assert PostureRow.objects.get(desa__kode=cast.KARANGJATI).state == "standby"
    return way


def home(house: House) -> Way:
    """The planner makes a plan, the Kapolres approves it, a post is manned, let go, counted and home.

    Letting go is a step of the withdrawal, a way of its own: here it is done beside the way.
    """
    way = Way("A plan: from the planner to the posting home")
    planner, chief, officer = house.as_("perencana"), house.as_("kapolres"), house.as_("petugas1")
    with way.step("The planner makes the plan"):
        sent(planner.post(address("planning:susun"), {"pattern_set": "jatim-2021-2023"}))
    plan = PlanRow.objects.get(state="draft").pk
    with way.step("The planner proposes it"):
        sent(planner.post(address("planning:ajukan", plan)))
    with way.step("The Kapolres approves it"):
        sent(chief.post(address("planning:sahkan", plan)))
    row = PostingRow.objects.filter(plan=plan, post=TPS).first()
    with way.step("The post is manned"):
        sent(officer.post(address("posts:hadir", row.pk), {"out": row.heads, "equipment_out": 1}))
    recall_postings(
        operation=house.op, desa=cast.KARANGJATI, posture="l2", by=house.people.kapolres, now=cast.NOW
    )
    with way.step("Those who came back are counted"):
        sent(officer.post(address("posts:hitung", row.pk), {"back": row.heads, "equipment_back": 1}))
    with way.step("The posting is home"):
        sent(officer.post(address("posts:pulang", row.pk)))
    row.refresh_from_db()
    assert row.state == "home"
    return way


def walked(house: House, walk: Callable[[House], Way]) -> Way:
    """The way at the second time: at the first, imports inside functions are done, and all is rolled back."""
    with transaction.atomic():
        walk(house)
        transaction.set_rollback(True)
    return walk(house)


# ---------------------------------------------------------------- how long, and whether it turns back


@pytest.mark.parametrize(
    "walk, most",
    [(answer, ANSWER_MODULES), (incident, INCIDENT_MODULES), (home, HOME_MODULES)],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_a_way_is_short(house: House, walk: Callable[[House], Way], most: int) -> None:
    own = walked(house, walk).without_engine()
    assert len(own) <= most, "\n".join(own)


@pytest.mark.parametrize(
    "walk, most",
    [(incident, INCIDENT_CONTEXTS), (home, HOME_CONTEXTS)],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_a_way_asks_few_modules_of_the_work(house: House, walk: Callable[[House], Way], most: int) -> None:
    assert walked(house, walk).kinds()["contexts"] <= most


@pytest.mark.parametrize("walk", [answer, incident, home], ids=lambda walk: walk.__name__)
def test_a_way_enters_no_room_it_left(house: House, walk: Callable[[House], Way]) -> None:
    assert [str(r) for r in walked(house, walk).returns("callback", "door")] == []


def test_an_answer_is_checked_once(house: House) -> None:
    way = walked(house, answer)
    callers = way.callers(*JUDGES)
    assert callers, "nobody checks it, or the core's judges are named anew"
    assert len({function.rpartition(".")[0] for function in callers}) == 1, callers


# ---------------------------------------------------------------- what the recorder finds


def code_of(station: str, text: str, **known: object) -> dict:
    """Functions as if they were written in a module of this context."""
    source = compile(text, str(ways.SRC / "kondusif_web" / station / "invented.py"), "exec")
    exec(source, names := dict(known))
    return names


def recorded(*requests: Callable[[], object]) -> list[str]:
    """Kinds of turning back in a way of these requests."""
    way = Way("invented")
    for request in requests:
        with way.step("a request"):
            request()
    return [found.kind for found in way.returns()]


def test_a_callback_is_found_and_what_is_handed_over_is_none() -> None:
    upper = code_of(
        "dialogue",
        "def helper(): pass\n"
        "def items():\n    helper()\n    yield 1\n"
        "def brings_a_function(to): to(helper)\n"
        "def brings_items(to): to(items())\n",
    )
    lower = code_of("intake", "def call(given): given()\ndef read(given): return list(given)\n")
    assert recorded(lambda: upper["brings_a_function"](lower["call"])) == ["callback"]
    assert recorded(lambda: upper["brings_items"](lower["read"])) == []


def test_a_door_entered_again_is_found() -> None:
    one, two = (code_of(name, "def view(): pass\n")["view"] for name in ("dialogue", "intake"))
    assert recorded(one, two, one) == ["door"]
    assert recorded(one, one, two) == []


def test_a_context_asked_in_two_places_is_told() -> None:
    ask = code_of("dialogue", "def view(*asked):\n    for ask in asked: ask()\n")["view"]
    one, two = (code_of(name, "def query(): pass\n")["query"] for name in ("intake", "mitigation"))
    assert recorded(lambda: ask(one, two, one)) == ["again"]
    assert recorded(lambda: ask(one, one, two)) == []


# ---------------------------------------------------------------- the drawing


def test_the_ways_are_drawn_as_they_are(house: House) -> None:
    """Write it anew with ``python -m tests.ways``."""
    found = [walked(house, walk) for walk in (answer, incident, home)]
    if os.environ.get("KONDUSIF_WRITE_WAYS"):
        ways.write(found)
    assert ways.section(ways.PAGE.read_text(encoding="utf-8")) == ways.drawn(found)
