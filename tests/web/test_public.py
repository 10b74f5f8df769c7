"""The public page: the same text for every village, nothing live, nothing told by inference."""

from collections import Counter
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from kondusif.dialogue import Commitment, CommitmentStatus, Part, Topic
from kondusif.errors import NotAllowed
from kondusif.forces import Force
from kondusif_web.dialogue import actions as dialogue
from kondusif_web.dialogue import commitments
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Operation
from kondusif_web.logbook.models import Entry
from kondusif_web.public import actions, facts, queries
from kondusif_web.public.build import Facts, PublicQuestion, items
from kondusif_web.public.ics import calendar
from kondusif_web.public.models import Item, PublicKind
from tests import cast
from tests.web.bare import bare

NOW = cast.NOW
VOTING = [d.kode for d in cast.DESA if d.memilih]


def plain_facts(**change):
    election = election_of_cast()
    base = Facts(
        nama="Pilkades serentak Arjasari",
        kecamatan="Sumberarum",
        kabupaten="Arjasari",
        desa=("Karangjati", "Tegalrejo", "Wonosari"),
        polres="Polres Arjasari",
        drill=True,
        illustrative=True,
        at=NOW,
        head="0" * 16,
        tz="Asia/Jakarta",
        vote_at=cast.VOTE_AT,
        latest_start=cast.VOTE_AT - timedelta(days=1),
        terms_at=cast.VOTE_AT - timedelta(days=7),
        planned=True,
        every_tps_posted=True,
        stages=facts.stages(election),
        questions=(
            PublicQuestion(
                "Jangan dibubarkan dulu.",
                "warga",
                "Tegalrejo",
                (
                    Part("a", Topic.START, "Mulai"),
                    Part("b", Topic.STAY, "Polri bertahan", Force.POLRI),
                    Part("c", Topic.STAY, "TNI bertahan", Force.TNI),
                    Part("d", Topic.AROUND_TPS, "Sekitar TPS"),
                ),
                {},
            ),
        ),
        commitments=(STAY,),
        last_left_at=None,
        counts={},
    )
    return replace(base, **change)


def election_of_cast():
    from kondusif.stages import Election

    return Election(vote_at=cast.VOTE_AT)


STAY = Commitment(
    "k2", "Bersiaga sampai aman", "Kapolres Arjasari", None, CommitmentStatus.OWNED, "15", (2, 3), Topic.STAY
)


def body(found, kind, number=0):
    return next(b for k, n, b in found if (k, n) == (kind, number))


def parts(found):
    return {p["pokok"]: p["status"] for p in body(found, PublicKind.QUESTION)["bagian"]}


# ---- what it says


def test_before_the_plan_it_says_when_the_terms_come():
    found = items(plain_facts(planned=False, at=cast.VOTE_AT - timedelta(days=30)))
    assert "3 Okt" in body(found, PublicKind.SECURITY)["mulai"]
    assert parts(found) == {
        "Mulai": "open",
        "Polri bertahan": "partly",  # RULES 22: what was said in public stands as the policy it was
        "TNI bertahan": "open",
        "Sekitar TPS": "partly",
    }


@pytest.mark.parametrize(
    "promised, said, status",
    [
        (
            {},
            "Kapolres Arjasari tetap bertugas sampai keadaan dinilai aman, di desa berkelas B dan C.",
            "partly",
        ),
        (
            {"levels": ()},
            "Kapolres Arjasari tetap bertugas sampai keadaan dinilai aman, di semua desa.",
            "answered",
        ),
        ({"status": CommitmentStatus.BROKEN}, "", "open"),
        ({"status": CommitmentStatus.OFFERED, "owner": ""}, "", "open"),
        ({"topic": Topic.READY}, "", "open"),
    ],
)
def test_before_the_plan_a_promise_made_in_public_stands_as_policy_and_names_no_place(promised, said, status):
    labels = {"1": "A", "2": "B", "3": "C"}
    given = plain_facts(planned=False, commitments=(replace(STAY, **promised),), labels=labels)
    found = items(given)
    answer = body(found, PublicKind.QUESTION)["bagian"][1]
    assert answer["status"] == status and said in answer["teks"]
    assert "Ketentuan pengamanan" in answer["teks"]  # and when the terms come
    until = body(found, PublicKind.SECURITY)["sampai"]
    assert said in until if said else until == "Diumumkan bersama ketentuan itu."
    assert not [desa for desa in given.desa if desa in answer["teks"] + until]


def test_public_and_committee_are_told_one_start_for_all():
    found = items(plain_facts())
    told = [body(found, PublicKind.SECURITY)["mulai"], body(found, PublicKind.QUESTION)["bagian"][0]["teks"]]
    assert set(told) == {
        "Di semua desa paling lambat sejak Senin 9 Oktober, pukul 07.00, lebih awal bila diperlukan."
    }


def test_terms_that_are_late_are_called_late():
    assert "belum diumumkan" in body(items(plain_facts(planned=False)), PublicKind.SECURITY)["mulai"]


def test_after_the_plan_officers_stay_and_the_tni_is_still_open():
    found = items(plain_facts())
    assert "9 Oktober, pukul 07.00" in body(found, PublicKind.SECURITY)["mulai"]
    assert parts(found) == {
        "Mulai": "answered",
        "Polri bertahan": "answered",
        "TNI bertahan": "open",
        "Sekitar TPS": "answered",
    }


def test_koramil_answers_for_the_tni():
    tni = replace(STAY, kode="k9", owner="Danramil", levels=())
    assert parts(items(plain_facts(commitments=(STAY, tni))))["TNI bertahan"] == "answered"
    some = replace(tni, levels=(2, 3))
    assert parts(items(plain_facts(commitments=(some,))))["TNI bertahan"] == "partly"


def test_no_class_posture_or_posting_can_come_in():
    names = {f.name for f in fields(Facts)}
    assert not names & {"levels", "classes", "postings", "plan_starts", "postures", "units", "posts"}


# ---- nothing by inference (RULES 22)

CODES = [f"99.01.01.{2000 + n}" for n in range(1, 13)]


@settings(deadline=None)
@given(
    levels=st.lists(st.sampled_from([1, 2, 3]), min_size=12, max_size=12),
    order=st.permutations(CODES),
)
def test_permuted_classes_give_the_same_bytes(levels, order):
    def told(codes):
        counted = Counter(dict(zip(codes, levels, strict=True)).values())
        counts = {label: counted[n] for n, label in ((1, "Kurang Rawan"), (2, "Rawan"), (3, "Sangat Rawan"))}
        return items(plain_facts(counts=counts))

    assert told(CODES) == told(order)


@pytest.fixture
def published(op, people, monkeypatch):
    """A page published with given classes and starts, as bytes; the book's head held still."""
    perencana = people.perencana
    rows = {row.kode: row for row in Desa.objects.filter(operation=op)}
    meeting = dialogue.record_meeting(
        operation=op,
        kode="d1",
        title="Dialog",
        at=NOW - timedelta(days=64),
        place="Pendapa",
        villages=[rows[cast.KARANGJATI], rows[cast.TEGALREJO], rows[cast.WONOSARI]],
        participants=["warga"],
        by=perencana,
        now=NOW,
    )
    dialogue.ask(
        operation=op,
        meeting=meeting,
        kode="q",
        desa=rows[cast.TEGALREJO],
        role="warga",
        text="Jangan dibubarkan dulu.",
        parts=[
            ("mulai", "Mulai"),
            ("bertahan polri", "Polri"),
            ("bertahan tni", "TNI"),
            ("sekitar tps", "TPS"),
        ],
        by=perencana,
        now=NOW,
    )
    commitments.offer_commitment(
        operation=op,
        kode="k2",
        text="Bersiaga sampai aman",
        topic=Topic.STAY,
        owner="Kapolres Arjasari",
        levels=(2, 3),
        gate="15",
        by=perencana,
        now=NOW,
    )
    monkeypatch.setattr(facts, "head", lambda kode: "f" * 64)
    monkeypatch.setattr(facts, "approved_plan", lambda operation: object())

    def publish(client, levels, offsets):
        tps = [t.kode for t in cast.TPS]
        dated = {k: cast.VOTE_AT - timedelta(days=offsets[k]) for k in VOTING}
        dated |= {k: dated[k.partition("-")[0]] for k in tps}
        monkeypatch.setattr(facts, "published_levels", lambda operation: levels)
        monkeypatch.setattr(facts, "plan_starts", lambda operation: dated)
        actions.publish_public(operation=op, by=people.humas, now=NOW)
        return client.get("/o/uji/publik/").content + client.get("/o/uji/publik/kalender.ics").content

    return publish


@pytest.mark.django_db
def test_no_permutation_of_classes_and_postings_changes_a_byte(published, client):
    seen = set()
    for order in permutations((1, 2, 3, 3)):
        levels = dict(zip(VOTING, order, strict=True))
        seen.add(published(client, levels, levels))
    assert len(seen) == 1


@pytest.mark.django_db
def test_the_page_says_nothing_of_force_or_class(published, client):
    page = published(client, dict.fromkeys(VOTING, 3), dict.fromkeys(VOTING, 3)).decode()
    for word in ("Rawan", "Siaga (L0)", "7 Okt", "Brimob", "Koramil Sumberarum"):
        assert word not in page, word
    assert "LATIHAN - DATA ILUSTRATIF" in page


# ---- reads nothing live


@pytest.mark.django_db
def test_the_page_reads_one_table(published, client, django_assert_num_queries):
    published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        assert client.get("/o/uji/publik/").status_code == 200
    assert all("public_item" in q["sql"] for q in seen.captured_queries)


@pytest.mark.django_db
def test_a_change_shows_only_after_publishing(published, client, people, op):
    before = published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    Operation.objects.update(nama="Nama lain")
    assert client.get("/o/uji/publik/").content in before
    actions.publish_public(operation=op, by=people.humas, now=NOW)
    assert "Nama lain" in client.get("/o/uji/publik/").content.decode()


@pytest.mark.django_db
def test_signed_in_people_read_the_same_bytes(published, client, as_):
    published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    assert as_("kapolres").get("/o/uji/publik/").content == client.get("/o/uji/publik/").content


@pytest.mark.django_db
def test_empty_before_the_first_time(client, db):
    page = client.get("/publik/")
    assert page.status_code == 200
    assert "Belum ada yang diterbitkan" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["", "kapolres"])
@pytest.mark.parametrize("page", ["", "en/", "kalender.ics", "en/kalender.ics"])
def test_who_published_nothing_answers_like_an_operation_that_is_not_there(client, as_, who, page):
    browser = as_(who) if who else client
    answers = [browser.get(f"/o/{kode}/publik/{page}") for kode in ("uji", "tidak-ada")]
    assert [a.status_code for a in answers] == [404, 404]
    assert bare(answers[0]) == bare(answers[1])


@pytest.mark.django_db
def test_no_page_leads_to_a_public_page_that_is_not_there(published, as_, client):
    browser = as_("humas")
    for page in ("/o/uji/", "/o/uji/publik/terbit/"):
        assert 'href="/o/uji/publik/"' not in browser.get(page).content.decode()
    published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    for page in ("/o/uji/", "/o/uji/publik/terbit/"):
        assert 'href="/o/uji/publik/"' in browser.get(page).content.decode()


# ---- several operations


@pytest.fixture
def both(published, client, other, other_people, op):
    """Operations "uji" and "lain" published, "lain" live and not made up."""
    published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    Operation.objects.filter(pk=other.pk).update(drill=False, clock=None, illustrative=False)
    actions.publish_public(operation=other, by=other_people.humas, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "en/"])
def test_the_only_published_operation_is_its_page(published, client, language):
    published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    assert client.get(f"/publik/{language}")["Location"] == f"/o/uji/publik/{language}"


@pytest.mark.django_db
def test_several_are_listed_by_their_published_names_live_ones_first(both, client, op):
    Operation.objects.filter(pk=op.pk).update(nama="Nama lain")  # not published
    page = client.get("/publik/").content.decode()
    live, drill = page.index("/o/lain/publik/"), page.index("/o/uji/publik/")
    assert live < page.index(cast.OTHER["nama"]) < drill < page.index("LATIHAN - DATA ILUSTRATIF")
    assert "Nama lain" not in page and page.count("LATIHAN") == 1
    assert "/o/lain/publik/en/" in client.get("/publik/en/").content.decode()
    assert client.get("/publik/xx/").status_code == 404


@pytest.mark.django_db
def test_each_page_and_calendar_tells_its_own(both, client):
    own, lain = (client.get(f"/o/{kode}/publik/").content.decode() for kode in ("uji", "lain"))
    assert "LATIHAN" in own and "Jangan dibubarkan dulu." in own
    assert "LATIHAN" not in lain and "Jangan dibubarkan dulu." not in lain
    uids = [
        {line for line in client.get(f"/o/{kode}/publik/kalender.ics").content.splitlines() if b"UID" in line}
        for kode in ("uji", "lain")
    ]
    assert all(uids) and not uids[0] & uids[1]


@pytest.mark.django_db
def test_publishing_one_leaves_the_other(both, client, op, people):
    before = client.get("/o/lain/publik/").content
    Operation.objects.update(nama="Nama lain")
    actions.publish_public(operation=op, by=people.humas, now=NOW)
    assert client.get("/o/lain/publik/").content == before


# ---- publishing


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["perencana", "kapolsek", "camat", "panitia_karangjati", "auditor"])
def test_who_may_not_publish(who, op, people):
    with pytest.raises(NotAllowed):
        actions.publish_public(operation=op, by=getattr(people, who), now=NOW)
    assert not Item.objects.exists()


@pytest.mark.django_db
def test_what_no_longer_holds_is_taken_down(published, client, people, monkeypatch, op):
    published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    monkeypatch.setattr(facts, "_asked", lambda *a: [])
    actions.publish_public(operation=op, by=people.humas, now=NOW)
    assert queries.published("uji", "id")["question"] == []
    assert Entry.objects.filter(kind="public_published").order_by("-seq").first().payload["withdrawn"] == 1


@pytest.mark.django_db
def test_publishing_by_page(published, as_, client):
    humas = as_("humas")
    assert "belum pernah" in humas.get("/o/uji/publik/terbit/").content.decode()
    assert humas.post("/o/uji/publik/terbit/").status_code == 302
    same = humas.get("/o/uji/publik/terbit/").content.decode()
    assert "sama dengan keadaan sekarang" in same and "Yang dibaca warga sekarang" in same
    assert "belum terlihat oleh warga" not in same
    assert as_("perencana").get("/o/uji/publik/terbit/").status_code == 403
    assert client.get("/o/uji/publik/terbit/").status_code == 302


def feed(client, page="kalender.ics"):
    """Every event of the calendar by its UID, and the bytes it came as."""
    raw = client.get(f"/o/uji/publik/{page}").content
    return {str(event["uid"]): event for event in Calendar.from_ical(raw).walk("VEVENT")}, raw


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["kalender.ics", "en/kalender.ics"])
def test_calendar_lines_end_in_crlf_are_short_and_marked(published, client, page):
    published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    events, raw = feed(client, page)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")) and b"\n" not in raw.replace(b"\r\n", b"")
    assert len(events) >= 6 and all(e["summary"].startswith("LATIHAN - ") for e in events.values())


@pytest.mark.django_db
def test_every_event_ends_after_it_starts_and_was_made_when_it_was_published(published, client):
    published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    for event in feed(client)[0].values():
        assert event["dtend"].dt > event["dtstart"].dt, event["summary"]
        assert event["dtstamp"].dt == NOW and event["sequence"] == 0
        whole_days = not isinstance(event["dtstart"].dt, datetime)
        assert (event["dtstart"].params.get("VALUE") == "DATE") is whole_days


@pytest.mark.django_db
def test_a_window_of_days_is_whole_days_with_an_exclusive_end_and_the_poll_has_its_hours(
    published, client, op
):
    published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    told = {stage["kode"]: stage for stage in queries.published("uji", "id")["stage"]}
    found = {str(e["summary"]).removeprefix("LATIHAN - "): e for e in feed(client)[0].values()}
    window, poll = (found[told[kode]["teks"]] for kode in ("keberatan", "pungut"))
    first, last = (datetime.fromisoformat(told["keberatan"][key]).date() for key in ("mulai", "sampai"))
    assert (window["dtstart"].dt, window["dtend"].dt) == (first, last + timedelta(days=1))
    assert poll["dtstart"].dt == op.vote_at and poll["dtend"].dt == election_of(op).poll_closes_at


@pytest.mark.django_db
def test_an_event_keeps_its_uid_and_its_sequence_rises_only_when_it_changes(published, client, op, people):
    published(client, dict.fromkeys(VOTING, 1), dict.fromkeys(VOTING, 1))
    first, _raw = feed(client)
    later = NOW + timedelta(hours=1)
    actions.publish_public(operation=op, by=people.humas, now=later)
    again, _raw = feed(client)
    assert {uid: e["sequence"] for uid, e in again.items()} == dict.fromkeys(first, 0)
    assert {e["dtstamp"].dt for e in again.values()} == {later}
    Operation.objects.filter(pk=op.pk).update(vote_at=op.vote_at + timedelta(hours=1))
    op.refresh_from_db()
    actions.publish_public(operation=op, by=people.humas, now=later)
    moved = {uid: e for uid, e in feed(client)[0].items() if e["sequence"]}
    assert moved and all(e["sequence"] == 1 and e["last-modified"].dt == later for e in moved.values())
    assert set(feed(client)[0]) == set(first)


@given(text=st.text(max_size=200))
def test_a_summary_comes_back_as_it_was_written(text):
    """Commas, semicolons, breaks, long lines and letters of two or more octets (RFC 5545).

    Without backslashes: the library takes one before an N for a break, and no text of ours holds one.
    """
    text = "".join(c for c in text if (c.isprintable() and c != "\\") or c == "\n")
    stage = {"kode": "x", "mulai": "2023-10-10T07:00+07:00", "sampai": "2023-10-10T07:00+07:00", "teks": text}
    raw = calendar("uji", [stage], made_at=NOW, mark="", language="id")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    [event] = Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["summary"]) == text


@pytest.mark.django_db
def test_election_of_the_operation_is_the_casts(op):
    assert facts.stages(election_of(op)) == facts.stages(election_of_cast())


@pytest.mark.django_db
def test_no_permutation_of_real_postings_changes_a_byte(published, client, op, people, monkeypatch):
    """Who stands where, who is home already: only when the last of all came home may show, a day later."""
    from kondusif_web.planning.models import PlanRow
    from kondusif_web.posts.models import ForceUnit, PostingRow

    unit = ForceUnit.objects.create(
        operation=op, kode="dalmas", nama="Dalmas", force="polri", function="dalmas", strength=60
    )
    plan = PlanRow.objects.create(
        operation=op,
        version=1,
        pattern_set="x",
        inputs_digest="a",
        plan_digest="b",
        body={},
        extra={},
        scope=[],
        made_by=people.perencana,
        made_at=NOW,
    )
    states = ("ordered", "on_post", "home")
    seen = set()
    for order in permutations(range(3)):
        PostingRow.objects.all().delete()
        for place, n in zip(VOTING, order, strict=False):
            out = None if states[n] == "ordered" else n + 1
            home = states[n] == "home"
            PostingRow.objects.create(
                operation=op,
                plan=plan.pk,
                unit=unit,
                post=f"{place}-01",
                jenis="tps",
                place=place,
                desa=place,
                force="polri",
                heads=n + 1,
                start=NOW - timedelta(days=n),
                state=states[n],
                out=out,
                back=out if home else None,
                equipment_out=None if out is None else 0,
                equipment_back=0 if home else None,
                moved_by=people.kapolsek,
                moved_at=NOW - timedelta(days=n),
            )
        levels = dict(zip(VOTING, [n + 1 for n in order] + [1], strict=True))
        seen.add(published(client, levels, dict.fromkeys(VOTING, 1)))
    assert len(seen) == 1
