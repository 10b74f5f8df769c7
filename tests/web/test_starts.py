"""One start of a village, in the same words where its class may be seen; one for all elsewhere (RULES 9)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from kondusif.sentences import Speech
from kondusif.stages import village_start
from kondusif_web.dialogue import actions as dialogue
from kondusif_web.election.facts import election_of
from kondusif_web.planning.queries import plan_starts
from tests import cast
from tests.web.planned import classes, forces, in_force, proposed

__all__ = ["classes", "forces", "in_force", "proposed"]
pytestmark = pytest.mark.django_db

OWN = "Minggu 8 Okt 07.00; TPS 02 sejak Sabtu 7 Okt 07.00"
FOR_ALL = "Di semua desa paling lambat sejak Senin 9 Okt 07.00, lebih awal bila diperlukan."
DATED = r"TPS 02 sejak|Sabtu 7 Okt|Minggu 8 Okt|Sab 7 Okt|Min 8 Okt|H-[23]\b"


@pytest.fixture
def asked(op, people):
    """Question 1, asked from the village whose TPS 02 is of a higher class."""
    village = op.desa.get(kode=cast.KARANGJATI)
    who = {"operation": op, "by": people.kapolres, "now": cast.NOW}
    meeting = dialogue.record_meeting(
        title="Dialog",
        at=cast.NOW - timedelta(days=64),
        place="Pendapa",
        villages=[village],
        participants=["warga"],
        **who,
    )
    return dialogue.ask(
        meeting=meeting, desa=village, role="warga", text="Kapan mulai?", parts=[("mulai", "mulai")], **who
    )


def text(browser, name, *args):
    page = browser.get(reverse(name, args=["uji", *args]))
    assert page.status_code == 200
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@pytest.mark.parametrize(
    "person, name, args",
    [
        ("kapolres", "situation:desa", [cast.KARANGJATI]),
        ("kapolsek", "situation:desa", [cast.KARANGJATI]),
        ("perencana", "planning:rencana", []),
        ("kapolres", "planning:rencana", []),
        ("kapolres", "dialogue:dialog", []),
        ("camat", "dialogue:dialog", []),
    ],
)
def test_a_village_has_one_start_wherever_its_class_may_be_seen(in_force, asked, as_, person, name, args):
    assert OWN in text(as_(person), name, *args)


def test_the_terminal_says_it_in_the_same_words(op, in_force):
    start = village_start(cast.KARANGJATI, plan_starts(op))
    assert Speech(election_of(op).zone).begins(start) == OWN


@pytest.mark.parametrize("person", ["panitia.karangjati", "humas", "petugas1"])
def test_who_may_not_see_a_class_is_told_one_start_for_all(in_force, asked, as_, person):
    page = text(as_(person), "dialogue:dialog")
    assert FOR_ALL in page
    assert not re.search(DATED, page)
