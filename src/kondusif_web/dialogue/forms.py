"""Shape of input: lists by line, codes of villages in the person's areas. Rules are not here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import keep_lazy_text
from django.utils.translation import gettext_lazy as _

from kondusif.dialogue import TOPIC_WORDS, Topic
from kondusif_web.dialogue.models import Meeting, PledgeState
from kondusif_web.dialogue.queries import meetings_visible_to
from kondusif_web.dialogue.wording import PLEDGES, TOPICS
from kondusif_web.election.models import Desa, Membership
from kondusif_web.election.queries import desa_visible_to
from kondusif_web.pages.forms import Keyed, Moment, ReasonField

ROLE_HELP = _("Peran saja, misalnya warga atau ketua panitia. Jangan tulis nama.")


class LinesField(forms.CharField):
    """A list, one entry a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]


class OfOperation(Keyed):
    """Its villages and meetings are those that the person may see."""

    def __init__(self, *args: Any, user: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("desa", "villages"):
            if name in self.fields:
                self.fields[name].queryset = desa_visible_to(user.operation, user).filter(memilih=True)
        if "meeting" in self.fields:
            self.fields["meeting"].queryset = meetings_visible_to(user.operation, user)


class MeetingForm(OfOperation):
    title = forms.CharField(label=_("Judul"), max_length=200)
    at = Moment(label=_("Waktu"))
    place = forms.CharField(label=_("Tempat"), max_length=160)
    host = forms.CharField(label=_("Tuan rumah"), max_length=120, required=False, help_text=_("Jabatan."))
    villages = forms.ModelMultipleChoiceField(
        Desa.objects.none(), label=_("Desa"), widget=forms.CheckboxSelectMultiple
    )
    participants = LinesField(label=_("Peserta"), help_text=_("Satu peran per baris. Jangan tulis nama."))
    messages = LinesField(label=_("Pesan pokok"), required=False, help_text=_("Satu pesan per baris."))


@keep_lazy_text
def _topics(text: str) -> str:
    """With the words a part may begin with; they are the same in every language."""
    return text % ", ".join(w for w in TOPIC_WORDS if w not in ("ukur", "siap"))


class QuestionForm(OfOperation):
    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Pertemuan"), empty_label=None)
    desa = forms.ModelChoiceField(Desa.objects.none(), label=_("Desa penanya"))
    role = forms.CharField(label=_("Peran penanya"), max_length=120, help_text=ROLE_HELP)
    text = forms.CharField(label=_("Pertanyaan"), widget=forms.Textarea(attrs={"rows": 3}))
    parts = LinesField(
        label=_("Bagian"),
        help_text=_topics(_("Satu bagian per baris: pokok lalu titik dua lalu isinya. Pokok: %s.")),
    )

    def clean_parts(self) -> list[tuple[str, str]]:
        pairs = [line.partition(":") for line in self.cleaned_data["parts"]]
        return [
            (word.strip(), text.strip()) if text.strip() else ("lain", word.strip())
            for word, _c, text in pairs
        ]


class AnswerForm(OfOperation):
    text = forms.CharField(label=_("Jawaban"), widget=forms.Textarea(attrs={"rows": 3}))
    closes = forms.BooleanField(label=_("Ini menjawab seluruh bagian"), required=False, initial=True)


class CommitmentForm(OfOperation):
    text = forms.CharField(label=_("Apa yang dijanjikan"), max_length=240)
    topic = forms.TypedChoiceField(
        label=_("Pokok"),
        choices=[(t.value, TOPICS[t]) for t in (Topic.STAY, Topic.MEASURE, Topic.READY, Topic.OTHER)],
        coerce=Topic,
    )
    levels = forms.TypedMultipleChoiceField(
        label=_("Untuk kelas tingkat"),
        choices=[(1, "1"), (2, "2"), (3, "3")],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Kosong berarti semua."),
    )
    mine = forms.BooleanField(label=_("Saya yang menanggung"), required=False)
    due = Moment(label=_("Paling lambat"), required=False)


class CommitmentReasonForm(OfOperation):
    id = None  # a promise moves once: nothing is made twice
    reason = ReasonField()


class MoveForm(CommitmentReasonForm):
    due = Moment(label=_("Waktu baru"))

    field_order = ("due", "reason")


class PledgeForm(OfOperation):
    id = None  # a candidate has one pledge
    desa = forms.ModelChoiceField(Desa.objects.none(), label=_("Desa"))
    nomor = forms.IntegerField(label=_("Nomor calon"), min_value=1, max_value=99)
    state = forms.ChoiceField(label=_("Keadaan"), choices=[(s.value, PLEDGES[s][1]) for s in PledgeState])
    on = forms.DateField(label=_("Tanggal"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class VisitForm(OfOperation):
    desa = forms.ModelChoiceField(Desa.objects.none(), label=_("Desa"))
    at = Moment(label=_("Waktu"))
    place = forms.CharField(label=_("Tempat"), max_length=160)
    whom = forms.CharField(label=_("Bertemu siapa"), max_length=120, required=False, help_text=ROLE_HELP)
    topic = forms.CharField(label=_("Tentang apa"), max_length=240)
    follow_up = forms.CharField(label=_("Tindak lanjut"), max_length=240, required=False)


WRITTEN = {
    "meeting_form": MeetingForm,
    "question_form": QuestionForm,
    "commitment_form": CommitmentForm,
    "pledge_form": PledgeForm,
    "visit_form": VisitForm,
}  # those at the foot of the page, by their names there
