"""The example twice in one office, a drill and a live copy: neither reaches into the other (RULES 36)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

import pytest
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kondusif.files import load_sample as sample_file
from kondusif.places import Desa
from kondusif_web.accounts.actions import change_password, create_account, one_time_password
from kondusif_web.accounts.models import User
from kondusif_web.drill.actions import load_sample, play_until, story
from kondusif_web.drill.play import play
from kondusif_web.drill.script import script
from kondusif_web.drill.turn import StoryContext, StoryTurn
from kondusif_web.election import models as election_models
from kondusif_web.election.actions import add_places
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.digests import chain_path, row_digest, row_key, tracked
from kondusif_web.logbook.queries import head
from kondusif_web.logbook.verify import verify
from kondusif_web.public.actions import publish_public
from kondusif_web.reports.actions import open_incident
from kondusif_web.situation.replay import check_moves
from tests.examples import load_example
from tests.web.bare import bare

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SERVER = datetime(2026, 1, 5, 3, tzinfo=UTC)
AFTER = datetime.fromisoformat("2023-10-11T14:05:00+07:00")  # H+1
PLANNED = AFTER - timedelta(days=8)  # the plan is approved, reports have not begun
DRILL, LIVE, NONE = "pasrepan-2023", "pasrepan-2023-nyata", "tidak-ada"
NGANTUNGAN, OWN = "35.14.05.2001", "35.14.05.2099"  # in both; in the live copy alone
OFFICE_ACTIONS = ("rancang instrumen", "ubah bobot", "ubah batas")  # versions are the office's, seen in both
PEOPLE = (
    "perencana",
    "kapolsek",
    "kapolres",
    "petugas1",
    "camat",
    "danramil",
    "panitia.lemahbang",
    "humas",
    "auditor",
)
# What stands in an address for each part that is no key of a row.
PARTS = {
    "kode": NGANTUNGAN,
    "bagian": "D10",
    "place": NGANTUNGAN,
    "tempat": NGANTUNGAN,
    "nomor": 1,
    "instrumen": "kondusif-45",
    "item": "D10",
    "huruf": "D",
    "lantai": "x",
    "induk": "D",
    "gerbang": "h1",
    "verb": "tanggung",
    "bahasa": "en",
    "bentuk": "csv",
    "code": "XXXX-XXXX",
}
PLACE = ("kode", "place", "tempat")


# ---------------------------------------------------------------- addresses


@cache
def addresses() -> dict[str, dict[str, str]]:
    """Every named address below ``/o/<kode>/``, with the converter of each part."""

    def walk(
        resolver: URLResolver, space: str, above: dict[str, str]
    ) -> Iterator[tuple[str, dict[str, str]]]:
        for entry in resolver.url_patterns:
            own = above | {p: type(c).__name__ for p, c in entry.pattern.converters.items()}
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{entry.namespace}:" if entry.namespace else space, own)
            elif isinstance(entry, URLPattern):
                yield f"{space}{entry.name}", {p: kind for p, kind in own.items() if p != "operasi"}

    top = next(p for p in get_resolver().url_patterns if str(p.pattern).startswith("o/"))
    return dict(walk(top, "", {}))


def path(name: str, operasi: str, /, **given: object) -> str:
    """The address in one operation, with a stand-in for each part that is not given."""
    parts = addresses()[name]
    stand_ins = {part: PARTS.get(part, UUID(int=0)) for part in parts}
    rest = {part: given.get(part, value) for part, value in stand_ins.items()}
    return reverse(name, kwargs={"operasi": operasi} | rest)


def keyed(converters: dict[str, str]) -> str:
    """The part of an address that is the key of a row, if it has one."""
    return next((part for part, kind in converters.items() if kind == "UUIDConverter"), "")


def signed_in(username: str) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(User.objects.get(username=username))
    return browser


def told(response: HttpResponse) -> tuple[int, str]:
    """Status and body, but for what differs each time."""
    if response.streaming:
        return response.status_code, ""
    if not response["Content-Type"].startswith(("text/", "application/json")):
        return response.status_code, str(len(response.content) > 0)
    return response.status_code, bare(response)


# ---------------------------------------------------------------- two copies, each played by itself


@dataclass(frozen=True)
class State:
    """All of an operation: rows by key, its pages as the Kapolres reads them, the head of its chain."""

    rows: dict[str, str]
    pages: dict[str, tuple[int, str]]
    head: str

    @classmethod
    def of(cls, kode: str) -> State:
        rows = {row_key(row): row_digest(row) for row in rows_of(kode)}
        browser = signed_in("kapolres")
        pages = {name: told(browser.get(path(name, kode))) for name in addresses()}
        return cls(rows, pages, head(kode))


def rows_of(kode: str) -> Iterator[models.Model]:
    for model in tracked():
        if where := chain_path(model):
            yield from model._base_manager.filter(**{where: kode})


@dataclass(frozen=True)
class Office:
    """``untouched``: code to what stood before and after the story was played in the other."""

    untouched: dict[str, tuple[State, State]]
    given: tuple[dict[str, str], dict[str, str]]  # passwords of each loading


@pytest.fixture(scope="module")
def _at_the_live_hour() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(election_models, "server_now", lambda: AFTER)
        yield


@pytest.fixture(scope="module")
def twice(django_db_setup, django_db_blocker, _at_the_live_hour) -> Iterator[Office]:
    """Both copies under way, made once for all tests here and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
            first = load_sample(now=SERVER)
            for user in User.objects.all():  # else the live copy would ask each of them first
                change_password(user=user, password=one_time_password(), now=SERVER)
            given = (first, load_example(now=SERVER, kode=LIVE, drill=False))
        drill, live = (Operation.objects.get(kode=kode) for kode in (DRILL, LIVE))
        before = State.of(DRILL)
        play_live(live)
        untouched = {DRILL: (before, State.of(DRILL))}
        before = State.of(LIVE)
        play_until(operation=drill, until=AFTER, by=None)
        untouched[LIVE] = (before, State.of(LIVE))
        differ(live)
        yield Office(untouched, given)
        transaction.set_rollback(True)


def play_live(live: Operation) -> None:
    """The same actions, ids and moments as in the drill until the plan, by people of the live copy."""
    stage = StoryContext(live, sample_file())
    for step in script(sample_file()):
        if step.at <= PLANNED and step.sheet != "jawaban" and step.row.get("tindakan") not in OFFICE_ACTIONS:
            play(StoryTurn(stage, step))
    humas = live.members.get(user__username="humas")
    publish_public(operation=live, by=humas, now=AFTER)


def differ(live: Operation) -> None:
    """A village and an incident that the drill does not have."""
    add_places(
        operation=live,
        desa=[Desa(OWN, "Lain", "Pasrepan", "Pasuruan", None, True)],
        tps=(),
        by=None,
        now=AFTER,
    )
    by = live.members.get(user__username="kapolsek")
    open_incident(operation=live, id=uuid4(), kind="crowd", place=NGANTUNGAN, by=by, now=AFTER)
    keys_of.cache_clear()


# ---------------------------------------------------------------- what is played in one


@pytest.mark.parametrize("kode", [DRILL, LIVE])
def test_the_story_of_one_changes_no_row_page_or_head_of_the_other(twice: Office, kode: str) -> None:
    before, after = twice.untouched[kode]
    assert len(before.rows) > 100
    assert sum(status == 200 for status, _ in before.pages.values()) > 30
    assert after.rows == before.rows
    assert {n for n in after.pages if after.pages[n] != before.pages[n]} == set()
    assert after.head == before.head


def test_accounts_are_shared_and_what_one_is_belongs_to_each(twice: Office) -> None:
    first, second = twice.given
    assert set(first) == set(User.objects.values_list("username", flat=True)) and second == {}
    for kode in (DRILL, LIVE):
        people = Membership.objects.filter(operation__kode=kode).values_list("user__username", "role")
        assert dict(people) == {
            r["pengguna"]: r["peran"] for r in sample_file()["orang"] if r["peran"] != "admin"
        }


def test_only_the_drill_has_a_story_and_a_clock(twice: Office) -> None:
    drill, live = (Operation.objects.get(kode=kode) for kode in (DRILL, LIVE))
    assert story(drill) and story(live) == ()
    assert (drill.drill, live.drill, live.clock) == (True, False, None)


def test_each_chain_verifies_by_itself(twice: Office) -> None:
    for kode in (DRILL, LIVE):
        report = check_moves(verify(kode))
        assert report.ok, (report.row_findings, [(b.found, b.moves) for b in report.books])


def test_the_same_ids_serve_in_each(twice: Office) -> None:
    """Reports of both copies came with the ids of one sheet (RULES 26)."""
    ids = {
        kode: {str(row.client_id) for row in rows_of(kode) if hasattr(row, "client_id")}
        for kode in (DRILL, LIVE)
    }
    assert len(ids[DRILL] & ids[LIVE]) > 100


# ---------------------------------------------------------------- a walk of every address


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_answers_every_role_in_both(twice: Office, person: str) -> None:
    browser = signed_in(person)
    for kode in (DRILL, LIVE):
        answers = {name: browser.get(path(name, kode)).status_code for name in addresses()}
        assert {n: s for n, s in answers.items() if s not in (200, 302, 403, 404, 405, 409)} == {}
        assert answers["situation:papan"] == 200


@cache
def keys_of(kode: str) -> dict[str, list[UUID]]:
    """Model to the keys of its rows, and the ids that they came with."""
    out: dict[str, list[UUID]] = {}
    for row in rows_of(kode):
        found = (row.pk, getattr(row, "client_id", None))
        out.setdefault(row._meta.label, []).extend(k for k in found if isinstance(k, UUID))
    return out


# Fields of every form behind an address that takes a key, so that none stops before it looks for the row.
FORM = {
    "id": str(UUID(int=1)),
    "out": 1,
    "equipment_out": 0,
    "back": 1,
    "equipment_back": 0,
    "text": "Menunggu",
    "reason": "Menunggu",
    "alasan": "Menunggu",
    "action": "tolak",
    "due": "2023-10-12T10:00",
    "jawaban": "x",
}


@pytest.mark.parametrize("person", ["perencana", "kapolres"])
def test_a_row_of_the_other_is_as_one_that_is_not_there(twice: Office, person: str) -> None:
    """Keys of every model at every address that takes one, read and written: the answer of an unknown key."""
    browser = signed_in(person)
    takes_key = {name: part for name, parts in addresses().items() if (part := keyed(parts))}
    wrong = []
    for here, there in ((DRILL, LIVE), (LIVE, DRILL)):
        own = {key for keys in keys_of(here).values() for key in keys}
        foreign = [k for keys in keys_of(there).values() for k in [k for k in keys if k not in own][:2]]
        assert len(foreign) > 15
        for name, part in takes_key.items():
            for ask in (browser.get, browser.post):
                unknown = told(ask(path(name, here, **{part: uuid4()}), FORM))
                assert unknown[0] in (403, 404, 405), (name, unknown[0])
                tried = () if unknown[0] == 405 else foreign
                wrong += [
                    (name, k) for k in tried if told(ask(path(name, here, **{part: k}), FORM)) != unknown
                ]
    assert wrong == []


@pytest.mark.parametrize("person", ["perencana", "kapolres", "camat"])
def test_a_village_of_the_other_is_as_one_that_is_not_there(twice: Office, person: str) -> None:
    unknown = "35.14.05.2098"

    def answer(name: str, part: str, code: str, method: str) -> tuple[int, str]:
        browser = signed_in(person)  # a fresh one: what a page says once is not said on the next
        status, body = told(getattr(browser, method)(path(name, DRILL, **{part: code})))
        return status, body.replace(code, unknown)

    for name, parts in addresses().items():
        for part in set(parts) & set(PLACE):
            for method in ("get", "post"):
                nowhere = answer(name, part, unknown, method)
                assert answer(name, part, OWN, method) == nowhere, name
                assert nowhere[0] in (302, 403, 404, 405), (name, nowhere[0])


# ---------------------------------------------------------------- who is in none of them


@pytest.mark.parametrize("person", ["", "orang.luar", "admin"])
def test_an_operation_of_others_answers_like_one_that_is_not_there(twice: Office, person: str) -> None:
    """But for what the public may read, which :mod:`tests.web.test_public` holds."""
    if person == "orang.luar":
        create_account(username=person, password="x" * 20, must_change=False, by=None, now=SERVER)
    browser = signed_in(person) if person else Client(raise_request_exception=False)
    expected = 404 if person else 302
    for name in addresses():
        if name.startswith("public:") and name != "public:terbit":
            continue
        for ask in (browser.get, browser.post):
            there, nowhere = (ask(path(name, kode)) for kode in (LIVE, NONE))
            assert told(there) == told(nowhere), name
            if name != "withdrawal:kode":
                assert there.status_code == expected, name
            elsewhere = nowhere.get("Location", "").replace(NONE, LIVE)
            assert there.get("Location", "") == elsewhere, name
