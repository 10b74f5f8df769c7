"""A post that was silent and speaks again (RULES 13): asked, confirmed by another, and only then quiet."""

from uuid import uuid4

import pytest

from kondusif.errors import MoveRefused, NotAllowed
from kondusif.withdraw import Reason
from kondusif.withdraw.silence import is_silent
from kondusif_web.logbook.queries import filtered
from kondusif_web.posts.models import PostureRow
from kondusif_web.reports import actions as reports
from kondusif_web.reports.models import Report
from kondusif_web.reports.queries import watch, watched
from kondusif_web.withdrawal.queries import village_at
from tests.web.karangjati import DESA, HOUR, NOW, ORDER, TPS, aman, level, move_posture, shut, village

__all__ = ["level"]
LAPOR = f"/o/uji/lapor/aman/?pos={TPS}"
POS = f"/o/uji/pos/{TPS}/"


@pytest.fixture
def silent(op, people, level):
    """Karangjati on stand-by for 20 hours, and nobody ever spoke there."""
    for to in ORDER:
        move_posture(operation=op, desa=DESA, to=to, by=people.kapolsek, now=NOW - 20 * HOUR)
    return people


def quiet():
    return next(g for g in village_at(village(), NOW).step().gates if g.gate == "quiet")


def speak(people, **said):
    for tps in people.kapolsek.operation.tps.filter(desa__kode=DESA):
        aman(people, place=tps.kode, **said)


def test_a_silence_is_asked_about_stated_and_confirmed_by_another_on_the_page_of_the_post(silent, as_):
    others = [t.kode for t in silent.kapolsek.operation.tps.filter(desa__kode=DESA) if t.kode != TPS]
    for kode in others:
        row = aman(silent, place=kode, gap="calm")
        reports.confirm_gap(
            operation=row.operation, id=row.client_id, how="visit", by=silent.kapolsek, now=NOW
        )
    officer = as_("petugas1")
    assert "Selama diam tidak terjadi apa-apa" in officer.get(LAPOR).content.decode()
    sent = {"id": str(uuid4()), "pos": TPS, "gap": "calm"}
    assert officer.post(LAPOR, sent).status_code == 302
    assert "Selama diam tidak terjadi apa-apa" not in officer.get(LAPOR).content.decode()
    assert quiet().reason is Reason.GAP_UNCONFIRMED
    chief = as_("kapolsek")
    assert "Saya membenarkan" in chief.get(POS).content.decode()
    assert chief.post(POS, {"id": sent["id"]}).status_code == 422  # how it is known is asked
    assert quiet().shut
    assert chief.post(POS, {"id": sent["id"], "how": "neighbour"}).status_code == 302
    assert not quiet().shut
    assert "Sempat diam" not in chief.get(POS).content.decode()
    assert filtered("uji", kind="gap_confirmed").first().payload["how"] == "neighbour"


def test_a_report_without_the_statement_breaks_the_silence_and_leaves_the_gap(silent, as_):
    speak(silent)
    assert DESA not in {post.desa for post in watch(silent.kapolsek.operation, NOW).silent}
    assert quiet().reason is Reason.GAP_UNSTATED and "quiet" in shut()
    page = as_("kapolsek").get(f"/o/uji/penarikan/{DESA}/").content.decode()
    assert "Pos sempat diam" in page
    speak(silent, gap="not_calm")
    speak(silent, gap="calm")
    assert quiet().reason is Reason.GAP_UNSTATED  # one who says that something happened outweighs


def test_the_reporter_never_confirms_their_own_word(op, silent):
    row = aman(silent, by=silent.kapolsek, gap="calm")
    given = {"operation": op, "id": row.client_id, "now": NOW}
    with pytest.raises(MoveRefused, match="verify_own_report"):
        reports.confirm_gap(how="call", by=silent.kapolsek, **given)
    with pytest.raises(NotAllowed):
        reports.confirm_gap(how="call", by=silent.petugas1, **given)
    reports.confirm_gap(how="call", by=silent.kapolres, **given)
    with pytest.raises(MoveRefused, match="verified_already"):
        reports.confirm_gap(how="call", by=silent.perencana, **given)


def test_one_report_of_who_goes_round_is_heard_at_every_post_that_it_names(op, silent):
    stations = list(op.tps.filter(desa__kode=DESA).values_list("kode", flat=True))
    row = aman(silent, by=silent.kapolsek, seen=stations)
    assert row.seen == sorted(set(stations) - {TPS})
    posts = watched(op, NOW, [DESA])[DESA]
    assert not any(is_silent("standby", post, NOW, op.tz) for post in posts)
    assert quiet().reason is Reason.GAP_UNSTATED  # heard, but what happened there nobody has said


@pytest.mark.parametrize("seen", [["99.01.01.2003-01"], ["x"]])
def test_no_post_of_another_village_is_named_as_seen(op, silent, seen):
    with pytest.raises((MoveRefused, NotAllowed)):
        aman(silent, by=silent.kapolsek, seen=seen)
    assert not Report.objects.exists()


def test_who_stands_at_one_post_names_no_other(op, silent):
    silent.petugas1.post = TPS
    silent.petugas1.save()
    with pytest.raises((MoveRefused, NotAllowed)):
        aman(silent, seen=[f"{DESA}-02"])
    assert not Report.objects.exists()


def test_at_l3_an_officer_of_the_village_breaks_no_silence_and_the_polsek_does(op, silent):
    PostureRow.objects.filter(desa__kode=DESA).update(state="l3", since=NOW - 40 * HOUR)
    aman(silent)
    (post,) = watched(op, NOW, [DESA])[DESA]
    assert post.last_at is None and is_silent("l3", post, NOW, op.tz)
    aman(silent, by=silent.kapolsek)
    (post,) = watched(op, NOW, [DESA])[DESA]
    assert post.last_at == NOW
