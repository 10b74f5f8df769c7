"""What every page repeats, once: an action tried, a file answered, a text guarded, a field drawn."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.test import RequestFactory

from kondusif.dialogue import DialogueError
from kondusif.errors import Conflict, ImportRefused, MoveRefused, NotAllowed, PlanRefused, RecipeError
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.pages.actions import Attempt, carry_out, done, failed, given, status_of
from kondusif_web.pages.files import file_response, public_file, workbook_response
from kondusif_web.pages.forms import Keyed, Moment, ReasonField, Words
from kondusif_web.pages.texts import TextRefused, clean_text, refuse_banned, required_text
from tests import cast


class Small(forms.Form):
    text = forms.CharField()
    size = forms.IntegerField(required=False)


def sent(**data):
    return Attempt(Small({"text": "rapat"} | data))


@pytest.fixture
def request_(op, people):
    request = RequestFactory().post("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    request.operation, request.member, request.user = op, people.perencana, people.perencana.user
    return request


def test_an_empty_form_is_not_ready_and_refuses_nothing():
    attempt = Attempt(Small(None))
    assert not attempt.ready and (attempt.status, attempt.why) == (200, "")


def test_a_form_of_the_wrong_shape_says_so_with_422():
    attempt = sent(size="besar")
    assert not attempt.ready and attempt.status == 422 and attempt.why


def test_a_button_without_a_form_is_always_ready():
    assert Attempt().ready and Attempt().data == {}


def test_what_goes_well_leaves_no_trace():
    attempt = sent()
    assert attempt.ready
    with attempt:
        pass
    assert (attempt.status, attempt.why, attempt.refused) == (200, "", None)


@pytest.mark.parametrize(
    ("error", "status", "field"),
    [
        (TextRefused.of("text", "blank"), 422, "text"),
        (TextRefused.of("other", "blank"), 422, "__all__"),
        (DialogueError("candidate_unknown", field="size"), 422, "size"),
        (RecipeError("no", why="number", field="size"), 422, "size"),
        (MoveRefused("reason_missing"), 409, "__all__"),
        (PlanRefused("class_missing"), 409, "__all__"),
    ],
)
def test_a_refusal_stands_beside_its_field_or_above_the_form(error, status, field):
    attempt = sent()
    assert attempt.ready
    with attempt:
        raise error
    assert attempt.refused is error and attempt.status == status
    assert list(attempt.form.errors) == [field] and attempt.why


def test_a_form_may_know_which_field_an_error_speaks_of():
    attempt = sent()
    attempt.form.field_of = lambda error: "size" if error.reason == "level_unknown" else None
    assert attempt.ready
    with attempt:
        raise DialogueError("level_unknown")
    assert list(attempt.form.errors) == ["size"]


@pytest.mark.parametrize("error", [NotAllowed("role"), ImportRefused([]), Conflict("draft"), ValueError("x")])
def test_what_has_a_page_of_its_own_or_is_a_mistake_goes_through(error):
    with pytest.raises(type(error)), Attempt():
        raise error


def test_a_page_may_ask_for_conflicts_too():
    attempt = Attempt(conflicts=True)
    with attempt:
        raise Conflict("edited")
    assert attempt.status == 409 and "orang lain" in attempt.why


def test_every_refusal_has_one_status():
    found = [status_of(e) for e in (NotAllowed("role"), Conflict("x"), MoveRefused("x"), RecipeError("x"))]
    assert found == [403, 409, 409, 422]


@pytest.mark.django_db
def test_done_and_failed_go_back_and_tell(request_, op):
    answers = [done(request_, "beres", "intake:operasi"), failed(request_, "tidak", "intake:operasi")]
    assert {a.url for a in answers} == {f"/o/{op.kode}/operasi/"} and {a.status_code for a in answers} == {
        302
    }
    told = [(m.level_tag, m.message) for m in get_messages(request_)]
    assert told == [("success", "beres"), ("error", "tidak")]


@pytest.mark.django_db
def test_without_an_operation_done_goes_to_a_page_of_the_office(request_):
    request_.operation = None
    assert done(request_, "beres", "accounts:masuk").url == "/masuk/"


@pytest.mark.django_db
def test_an_action_is_given_its_operation_who_and_the_moment_of_its_clock(request_, op, people):
    op.drill, op.clock = True, cast.NOW
    assert given(request_) == {"operation": op, "by": people.perencana, "now": cast.NOW}


# ---- files


@pytest.mark.django_db
def test_a_file_is_kept_named_safely_and_its_reading_logged(request_):
    answer = file_response(request_, b"x", 'a "b"/../ü;.xlsx', read="plan.plotting", kode=cast.KARANGJATI)
    assert answer["Content-Disposition"] == 'attachment; filename="a-b-..-.xlsx"'
    assert answer["Cache-Control"] == "no-store" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    line = AccessEntry.objects.get(kind="read")
    assert (line.subject, line.kode_desa, line.operation) == ("plan.plotting", cast.KARANGJATI, "")


@pytest.mark.django_db
def test_text_that_comes_line_by_line_is_streamed(request_):
    answer = file_response(request_, iter(["a\n", "b\n"]), "buku.jsonl", read="logbook.export")
    assert answer.streaming and b"".join(answer.streaming_content) == b"a\nb\n"
    assert answer["Content-Type"].startswith("application/x-ndjson")


@pytest.mark.django_db
def test_a_public_file_asks_nobody_and_logs_nothing():
    answer = public_file("x", "pilkades.ics")
    assert answer["Content-Type"].startswith("text/calendar") and "Cache-Control" not in answer
    assert not AccessEntry.objects.exists()


# ---- texts


def test_every_field_that_holds_what_is_never_kept_is_named():
    with pytest.raises(TextRefused) as refused:
        refuse_banned(a="rapat desa", b="kader partai", c=["jalan", "orang madura"])
    assert set(refused.value.fields) == {"b", "c"} and refused.value.reason == "banned"


@pytest.mark.parametrize(("text", "why"), [("  ", "blank"), ("x" * 11, "too_long"), ("partai", "banned")])
def test_a_required_text_is_there_short_and_clean(text, why):
    with pytest.raises(TextRefused) as refused:
        required_text("alasan", text, 10)
    assert refused.value.reason == why and list(refused.value.fields) == ["alasan"]


def test_a_required_text_comes_back_on_one_line():
    assert required_text("alasan", "  rapat \n desa ", 20) == "rapat desa"


def test_forms_and_actions_refuse_the_same_words_with_the_same_sentence():
    with pytest.raises(ValidationError) as refused:
        clean_text("kader partai")
    with pytest.raises(TextRefused) as by_action:
        refuse_banned(text="kader partai")
    attempt = sent()
    assert attempt.ready
    with attempt:
        raise by_action.value
    assert refused.value.messages == attempt.form.errors["text"]


# ---- fields


class Whole(Keyed):
    at = Moment(label="Waktu")
    why = ReasonField()
    note = Words(label="Catatan", rows=2, required=False)
    agree = forms.BooleanField(label="Setuju")
    mood = forms.ChoiceField(label="Suasana", choices=[("a", "tenang")], widget=forms.RadioSelect)


def test_fields_are_drawn_with_label_help_and_error():
    page = str(Whole({"why": "kader partai"}))
    assert 'type="datetime-local"' in page and '<label for="whole-why">Alasan</label>' in page
    assert page.count('type="hidden"') == 1 and "boleh kosong" in page
    assert 'id="whole-why_error"' in page and "kader" not in page.split("_error")[0].split("whole-why")[0]
    assert "<legend>Suasana</legend>" in page


def test_a_form_that_is_sent_twice_carries_one_id():
    form = Whole()
    assert form["id"].value() == form["id"].value()
    assert Whole()["id"].value() != form["id"].value()


def test_a_moment_is_read_as_a_browser_sends_it():
    assert Moment().clean("2026-03-01T07:00").hour == Moment().clean("2026-03-01 07:00").hour == 7


def test_a_field_with_a_code_of_its_own_shows_it():
    shown = render_to_string("pages/_bidang.html", {"field": Small()["size"], "kode_butir": "A01"})
    assert "A01" in shown and "boleh kosong" not in shown
    assert "boleh kosong" in Small()["size"].as_field_group()


def test_an_action_without_a_form_is_told_on_its_page_done_or_refused(request_):
    def refuse():
        raise MoveRefused("reason_missing")

    done_ = carry_out(request_, lambda: None, "Dibuang.", "classes:putaran")
    refused = carry_out(request_, refuse, "Dibuang.", "classes:putaran", refused="Tidak dibuang. %s")
    assert done_["Location"] == refused["Location"] == "/o/uji/putaran/"
    good, bad = get_messages(request_)
    assert (good.level_tag, good.message) == ("success", "Dibuang.")
    assert bad.level_tag == "error" and bad.message.startswith("Tidak dibuang. ")


def test_what_is_not_allowed_has_a_page_of_its_own_also_without_a_form(request_):
    def refuse():
        raise NotAllowed("role", permission="run_rounds")

    with pytest.raises(NotAllowed):
        carry_out(request_, refuse, "Dibuang.", "classes:putaran")


def test_a_workbook_carries_the_mark_of_its_operation_and_its_reading_is_logged(request_):
    from io import BytesIO

    from openpyxl import load_workbook

    request_.operation.drill = True
    before = AccessEntry.objects.count()
    answer = workbook_response(
        request_,
        {"tagihan": [{"desa": "A"}]},
        "x.xlsx",
        title="Tagihan",
        note="Per hari ini",
        read="rounds.owed",
    )
    cells = [c.value for row in load_workbook(BytesIO(answer.content))["tagihan"] for c in row]
    assert any("LATIHAN" in str(value) for value in cells) and "A" in cells
    assert AccessEntry.objects.count() == before + 1
