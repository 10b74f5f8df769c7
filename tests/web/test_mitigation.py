"""Actions against a risk: who writes, owns and ends them, what is expected, what was seen, who reads what."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from kondusif.answers.answer import Answer, Given
from kondusif.errors import Conflict, MoveRefused, NotAllowed
from kondusif.mitigation import MitigationError
from kondusif_web.answers.actions import take_answers
from kondusif_web.classes.actions import assess_operation, publish_assessments
from kondusif_web.dialogue.actions import record_visit
from kondusif_web.dialogue.speakers import title_of
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.mitigation import actions, queries
from kondusif_web.mitigation.actions import Factor
from kondusif_web.mitigation.models import Mitigation, RiskFactor
from kondusif_web.pages.texts import TextRefused
from tests import cast

pytestmark = pytest.mark.django_db
NOW, DAY = cast.NOW, timedelta(days=1)


@pytest.fixture
def desa(op):
    return {row.kode: row for row in op.desa.all()}


@pytest.fixture
def published(op, people):
    """Karangjati as it is tense, published."""
    take_answers(
        operation=op, answers=cast.answers(cast.TENSE, cast.KARANGJATI), by=people.perencana, now=NOW
    )
    return publish(op, people, NOW)


def publish(op, people, now):
    assess_operation(operation=op, by=people.perencana, now=now)
    publish_assessments(operation=op, by=people.perencana, now=now)
    return op


def offer(desa, by, *factors, at=(cast.KARANGJATI,), **more):
    content = {"text": "Cocokkan daftar pemilih dari rumah ke rumah", "due": NOW + 2 * DAY, "now": NOW}
    return actions.offer_mitigation(
        operation=by.operation,
        villages=[desa[kode] for kode in at],
        factors=factors or (Factor("C01", "nama ganda", 2.0),),
        by=by,
        **content | more,
    )


# ---- writing


def test_what_is_expected_is_reckoned_in_full(published, people, desa):
    [factor] = offer(desa, people.kapolsek).factors.all()
    assert (factor.before, factor.target, factor.level_before, factor.level_after) == (12, 2, 2, 2)
    assert round(factor.delta, 2) == -1.50 and factor.on.isoformat() == "2023-10-11"


def test_one_action_speaks_of_several_villages_and_factors(published, people, desa):
    row = offer(
        desa,
        people.perencana,
        Factor("C01", target=2.0),
        Factor("A05"),
        at=(cast.KARANGJATI, cast.TEGALREJO),
    )
    assert row.factors.count() == 4
    silent = row.factors.get(desa=desa[cast.TEGALREJO], item="C01")
    assert (silent.before, silent.delta) == (None, None)  # nothing is answered there


def test_every_write_has_its_line_and_the_book_agrees(op, published, people, desa):
    visit = record_visit(
        operation=op,
        desa=desa[cast.KARANGJATI],
        at=NOW,
        place="Balai",
        topic="Daftar",
        by=people.kapolsek,
        now=NOW,
    )
    row = offer(desa, people.perencana)
    actions.own_mitigation(operation=op, mitigation=row, by=people.kapolsek, now=NOW)
    actions.link_visit(operation=op, mitigation=row, visit=visit, by=people.kapolsek, now=NOW)
    actions.link_visit(operation=op, mitigation=row, visit=visit, by=people.kapolsek, now=NOW)
    actions.finish_mitigation(operation=op, mitigation=row, by=people.kapolsek, now=NOW)
    other = offer(desa, people.camat, Factor("C01"))
    actions.drop_mitigation(
        operation=op, mitigation=other, reason="Sudah dikerjakan panitia", by=people.camat, now=NOW
    )
    kinds = list(Entry.objects.filter(kind__startswith="mitigation").values_list("kind", flat=True))
    assert [k.removeprefix("mitigation_") for k in kinds] == [
        "offered",
        "owned",
        "visited",
        "done",
        "offered",
        "dropped",
    ]
    assert verify().ok


@pytest.mark.parametrize(
    ("factors", "why"),
    [
        ([Factor("Z99")], "item"),
        ([Factor("A07", target=101.0)], "range"),
        ([Factor("D05", target=0.5)], "whole"),
        ([Factor("C01"), Factor("C01")], "twice"),
    ],
)
def test_an_action_that_contradicts_itself_is_refused(op, people, desa, factors, why):
    with pytest.raises(MitigationError) as refused:
        offer(desa, people.perencana, *factors)
    assert refused.value.reason == why and not Mitigation.objects.exists()


@pytest.mark.parametrize("field", ["text", "words", "reason"])
def test_words_that_are_never_kept_are_refused(op, people, desa, field):
    with pytest.raises(TextRefused):
        if field == "text":
            offer(desa, people.perencana, text="Datangi warga suku lain")
        elif field == "words":
            offer(desa, people.perencana, Factor("C01", "warga suku lain"))
        else:
            row = offer(desa, people.perencana)
            actions.drop_mitigation(
                operation=op, mitigation=row, reason="Warga suku lain menolak", by=people.perencana, now=NOW
            )


def test_the_same_form_sent_twice_is_one_action(op, people, desa):
    key = uuid.uuid4()
    assert offer(desa, people.perencana, id=key) == offer(desa, people.perencana, id=key)
    assert (Mitigation.objects.count(), RiskFactor.objects.count()) == (1, 1)
    with pytest.raises(Conflict):
        offer(desa, people.perencana, id=key, text="Lain")


# ---- who may


@pytest.mark.parametrize("who", ["danramil", "petugas1", "panitia_karangjati", "humas", "auditor"])
def test_only_police_and_camat_write_actions(op, people, desa, who):
    with pytest.raises(NotAllowed):
        offer(desa, getattr(people, who), Factor("C01"))


def test_nobody_writes_outside_their_areas(op, people, desa):
    with pytest.raises(NotAllowed):
        offer(desa, people.kapolsek, Factor("C01"), at=(cast.KARANGJATI, cast.OUTSIDE))


def test_the_camat_names_no_target_since_it_would_tell_the_answer(published, people, desa):
    with pytest.raises(NotAllowed):
        offer(desa, people.camat)
    assert offer(desa, people.camat, Factor("C01")).factors.get().delta is None


def test_nobody_owns_for_another_body(op, people, desa):
    row = offer(desa, people.perencana)
    actions.own_mitigation(operation=op, mitigation=row, by=people.danramil, now=NOW)
    row.refresh_from_db()
    assert row.owner.startswith("Danramil")
    with pytest.raises(NotAllowed):
        actions.finish_mitigation(operation=op, mitigation=row, by=people.kapolsek, now=NOW)
    with pytest.raises(MoveRefused):
        actions.own_mitigation(operation=op, mitigation=row, by=people.kapolsek, now=NOW)
    actions.finish_mitigation(operation=op, mitigation=row, by=people.danramil, now=NOW)


def test_an_owner_may_give_up_what_they_own(op, people, desa):
    row = offer(desa, people.perencana)
    row = actions.own_mitigation(operation=op, mitigation=row, by=people.danramil, now=NOW)
    actions.drop_mitigation(operation=op, mitigation=row, reason="Hujan", by=people.danramil, now=NOW)


def test_what_is_offered_is_not_done_and_what_is_done_can_only_be_dropped(op, people, desa):
    row = offer(desa, people.perencana)
    with pytest.raises(MoveRefused):
        actions.finish_mitigation(operation=op, mitigation=row, by=people.perencana, now=NOW)
    row = actions.own_mitigation(operation=op, mitigation=row, by=people.perencana, now=NOW)
    row = actions.finish_mitigation(operation=op, mitigation=row, by=people.perencana, now=NOW)
    with pytest.raises(MoveRefused):
        actions.own_mitigation(operation=op, mitigation=row, by=people.perencana, now=NOW)
    actions.drop_mitigation(operation=op, mitigation=row, reason="Keliru", by=people.perencana, now=NOW)
    with pytest.raises(MoveRefused):
        actions.drop_mitigation(operation=op, mitigation=row, reason="Lagi", by=people.perencana, now=NOW)


def test_a_visit_elsewhere_is_no_activity_of_it(op, people, desa):
    visit = record_visit(
        operation=op,
        desa=desa[cast.TEGALREJO],
        at=NOW,
        place="Balai",
        topic="Daftar",
        by=people.kapolsek,
        now=NOW,
    )
    with pytest.raises(MitigationError):
        actions.link_visit(
            operation=op, mitigation=offer(desa, people.perencana), visit=visit, by=people.kapolsek, now=NOW
        )


# ---- what was seen


def done(op, people, desa, now):
    row = offer(desa, people.kapolsek, mine=True)
    return actions.finish_mitigation(operation=op, mitigation=row, by=people.kapolsek, now=now)


def seen(op, people, **kwargs):
    [line] = queries.lines(op, people.perencana, **kwargs)
    return line.factors[0].seen


def answer_again(op, people, now):
    again = Answer(
        "c01b", cast.KARANGJATI, "C01", 2.0, "", Given.VALUE, now.date(), "Berita acara", "petugas1"
    )
    take_answers(operation=op, answers=[again], by=people.perencana, now=now)


def test_nothing_is_seen_until_somebody_measures_again(op, published, people, desa):
    done(published, people, desa, NOW + timedelta(hours=12))  # the next day, local time
    assert seen(op, people) is None
    publish(published, people, NOW + DAY)
    assert (seen(op, people).remeasured, seen(op, people).after.value) == (False, 12)
    answer_again(published, people, NOW + 2 * DAY)
    publish(published, people, NOW + 2 * DAY)
    found = seen(op, people)
    assert found.remeasured and (found.before.number, found.after.number) == (1, 3)
    assert (found.before.value, found.after.value, found.moved) == (12, 2, False)
    assert round(found.delta, 2) == -1.50


# ---- reading


def test_late_is_flagged_and_stands_first(op, people, desa):
    offer(desa, people.perencana, due=NOW + DAY, text="Nanti")
    offer(desa, people.perencana, due=NOW - DAY, text="Terlambat")
    assert [(x.row.text, x.late) for x in queries.lines(op, people.kapolsek)] == [
        ("Terlambat", True),
        ("Nanti", False),
    ]
    assert [row.text for row in queries.overdue(op, people.kapolsek, NOW)] == ["Terlambat"]
    assert [x.row.text for x in queries.lines(op, people.kapolsek, late_only=True)] == ["Terlambat"]


def test_a_person_reads_their_own_villages_only(op, people, desa):
    offer(desa, people.kapolres, Factor("C01"), at=(cast.KARANGJATI, cast.OUTSIDE))
    [line] = queries.lines(op, people.camat)
    assert [f.row.desa.kode for f in line.factors] == [cast.KARANGJATI]
    [line] = queries.lines(op, people.polsek_banjaragung)
    assert [f.row.desa.kode for f in line.factors] == [cast.OUTSIDE]
    for who in (people.panitia_karangjati, people.petugas1, people.humas, people.auditor):
        assert queries.lines(op, who) == ()


def test_nobody_learns_by_a_filter_which_other_villages_an_action_speaks_of(op, people, desa):
    offer(desa, people.kapolres, Factor("C01"), at=(cast.KARANGJATI, cast.OUTSIDE))
    assert queries.lines(op, people.camat, desa=cast.OUTSIDE) == ()
    assert len(queries.lines(op, people.camat, desa=cast.KARANGJATI)) == 1


def test_the_register_filters_by_village_owner_and_lateness(op, people, desa, as_):
    offer(desa, people.kapolsek, mine=True, text="Milik Kapolsek")
    offer(desa, people.perencana, at=(cast.TEGALREJO,), text="Di Tegalrejo", due=NOW - DAY)
    browser, url = as_("perencana"), reverse("mitigation:daftar", args=["uji"])

    def shown(**query):
        text = browser.get(url, query).content.decode()
        return [name for name in ("Milik Kapolsek", "Di Tegalrejo") if name in text]

    assert shown() == ["Milik Kapolsek", "Di Tegalrejo"]
    assert shown(desa=cast.TEGALREJO) == shown(lewat=1) == ["Di Tegalrejo"]
    assert shown(pemilik=title_of(people.kapolsek)) == ["Milik Kapolsek"]


def test_the_forum_reads_actions_without_answers_and_points(published, people, desa, as_):
    row = offer(desa, people.perencana)
    url = reverse("mitigation:tindakan", args=["uji", row.pk])
    police, camat = as_("kapolsek").get(url).content.decode(), as_("camat").get(url).content.decode()
    assert "−1,50" in police and "12 per 1.000" in police
    assert "−1,50" not in camat and "12 per 1.000" not in camat and "Diharapkan" not in camat
    assert row.text in camat
    assert as_("panitia.karangjati").get(url).status_code == 403
    assert as_("polsek.banjaragung").get(url).status_code == 404


def test_what_was_seen_hides_answers_from_the_forum(op, published, people, desa, as_):
    row = offer(desa, people.kapolsek, mine=True)
    row = actions.finish_mitigation(operation=op, mitigation=row, by=people.kapolsek, now=NOW)
    later = NOW + DAY
    answer_again(published, people, later)
    publish(published, people, later)
    url = reverse("mitigation:tindakan", args=["uji", row.pk])
    police, camat = as_("kapolsek").get(url).content.decode(), as_("camat").get(url).content.decode()
    assert "sesudahnya 2 per 1.000" in police and "(−1,50)" in police
    assert (
        "sesudahnya 2 per 1.000" not in camat and "(−1,50)" not in camat and "Kelas sesudahnya tetap" in camat
    )
    assert "Sesudah bukan berarti karena" in camat


# ---- pages


def post(browser, **fields):
    content = {
        "id": str(uuid.uuid4()),
        "text": "Cocokkan daftar pemilih",
        "due": "2023-10-13T08:00",
        "butir_1": "C01",
    }
    return browser.post(reverse("mitigation:baru", args=["uji"]), content | fields)


def test_the_village_page_leads_to_a_form_that_knows_what_it_is_about(published, people, desa, as_):
    browser = as_("kapolsek")
    page = browser.get(reverse("situation:desa", args=["uji", cast.KARANGJATI])).content.decode()
    links = [
        part.split('"')[0].replace("&amp;", "&")
        for part in page.split('href="')
        if "/tindakan/baru/" in part[:30]
    ]
    assert any("butir=" in link for link in links)
    form = browser.get(
        f"{reverse('mitigation:baru', args=['uji'])}?desa={cast.KARANGJATI}&butir=C01&sasaran=2.5"
    ).context["form"]
    assert form.initial == {"butir_1": "C01", "villages": [desa[cast.KARANGJATI]], "sasaran_1": 2.5}
    assert 'id="htd"' in page


def test_a_form_is_taken_and_shown_in_the_village(published, people, desa, as_):
    browser = as_("kapolsek")
    answer = post(browser, villages=[desa[cast.KARANGJATI].pk], sasaran_1="2", mine="on")
    row = Mitigation.objects.get()
    assert answer.status_code == 302 and row.owner.startswith("Kapolsek")
    page = browser.get(reverse("situation:desa", args=["uji", cast.KARANGJATI])).content.decode()
    assert "Cocokkan daftar pemilih" in page
    browser.post(reverse("mitigation:ubah", args=["uji", row.pk, "selesai"]))
    row.refresh_from_db()
    assert row.status == "done"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sasaran_1": "5000"}, "di luar rentang"),
        ({"butir_2": "C01"}, "dua kali"),
        ({"text": "Datangi warga suku lain"}, "Jangan tulis"),
    ],
)
def test_a_mistake_comes_back_with_its_reason(published, desa, as_, fields, said):
    answer = post(as_("kapolsek"), villages=[desa[cast.KARANGJATI].pk], **fields)
    assert answer.status_code == 422 and said in answer.content.decode()


def test_a_village_elsewhere_cannot_be_chosen(op, desa, as_):
    answer = post(as_("kapolsek"), villages=[desa[cast.OUTSIDE].pk])
    assert answer.status_code == 422 and not Mitigation.objects.exists()


def test_dropping_needs_a_reason_on_the_page(op, people, desa, as_):
    row = offer(desa, people.perencana)
    browser, url = as_("perencana"), reverse("mitigation:ubah", args=["uji", row.pk, "batal"])
    assert browser.post(url, {"id": str(uuid.uuid4()), "reason": ""}).status_code == 422
    assert browser.post(url, {"id": str(uuid.uuid4()), "reason": "Hujan"}).status_code == 302
    assert "Hujan" in browser.get(reverse("mitigation:tindakan", args=["uji", row.pk])).content.decode()


def test_the_board_has_a_card_for_what_is_late(op, people, desa, as_):
    offer(desa, people.perencana, due=NOW - DAY)
    page = as_("kapolres").get(reverse("situation:papan", args=["uji"])).content.decode()
    assert "1 tindakan lewat waktu" in page and "/tindakan/?lewat=1" in page


@pytest.mark.parametrize("who", ["petugas1", "panitia.karangjati", "humas", "auditor", "admin"])
def test_who_sees_no_actions_has_no_page_of_them(op, as_, who):
    browser = as_(who)
    status = 404 if who == "admin" else 403  # no member: the address is not there
    assert browser.get(reverse("mitigation:daftar", args=["uji"])).status_code == status
    assert browser.get(reverse("mitigation:baru", args=["uji"])).status_code == status
