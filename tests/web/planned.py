"""Units, classes and a plan for the three villages: proposed, in force, manned."""

from __future__ import annotations

import pytest

from kondusif.forces import Force, Unit
from kondusif.places import Point
from kondusif_web.classes import queries as classes_queries
from kondusif_web.planning import actions as planning_actions
from kondusif_web.posts import actions as posts_actions
from kondusif_web.posts.models import PostingRow
from tests import cast

POLSEK = Point(-7.71, 112.91)
UNITS = (
    Unit("polsek", "Polsek Sumberarum", Force.POLRI, "polsek", 20, base=POLSEK, base_nama="Polsek"),
    Unit("brimob", "=Brimob BKO", Force.POLRI, "brimob", 12, base=Point(-7.8, 112.8), bko=True),
    Unit("koramil", "Koramil", Force.TNI, "koramil", 2, base=POLSEK, not_at=(cast.TEGALREJO,)),
    *(
        Unit(f"linmas-{kode[-1]}", f"Linmas {kode}", Force.LINMAS, "linmas", 14, only_desa=kode)
        for kode in (cast.KARANGJATI, cast.TEGALREJO, cast.WONOSARI)
    ),
)
LEVELS = {
    cast.KARANGJATI: 2,
    f"{cast.KARANGJATI}-01": 2,
    f"{cast.KARANGJATI}-02": 3,
    f"{cast.KARANGJATI}-03": 2,
    cast.TEGALREJO: 1,
    f"{cast.TEGALREJO}-01": 1,
    f"{cast.TEGALREJO}-02": 1,
    cast.WONOSARI: 1,
    f"{cast.WONOSARI}-01": 1,
    f"{cast.WONOSARI}-02": 1,
}


@pytest.fixture
def classes(monkeypatch):
    """Published classes of the three villages, as a dict a test may change."""
    levels = dict(LEVELS)
    monkeypatch.setattr(classes_queries, "levels", lambda operation, now=None: dict(levels))
    monkeypatch.setattr(classes_queries, "force_levels", lambda operation, now=None: dict(levels))
    return levels


@pytest.fixture
def forces(op, people, classes):
    return posts_actions.import_forces(operation=op, units=UNITS, by=people.perencana, now=cast.NOW)


def make(op, people):
    return planning_actions.make_plan(operation=op, by=people.perencana, now=cast.NOW)


@pytest.fixture
def proposed(op, people, forces):
    return planning_actions.propose_plan(
        operation=op, plan=make(op, people), by=people.perencana, now=cast.NOW
    )


@pytest.fixture
def in_force(op, proposed, people):
    return planning_actions.approve_plan(operation=op, plan=proposed, by=people.kapolres, now=cast.NOW)


def posting(unit="polsek", post=f"{cast.KARANGJATI}-01"):
    return PostingRow.objects.get(unit__kode=unit, post=post)


def some_posting(post=f"{cast.KARANGJATI}-01", force="polri"):
    return PostingRow.objects.filter(post=post, force=force).first()


def arrive(row, by, out=None, equipment=2):
    return posts_actions.check_in(
        operation=by.operation,
        posting=row.pk,
        out=out or row.heads,
        equipment_out=equipment,
        by=by,
        now=cast.NOW,
    )
