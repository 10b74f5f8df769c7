"""Shape of input: lists by line, codes of villages in the person's areas. Rules are not here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kondusif.dialogue import Topic, topic_word
from kondusif.stages import LEVELS
from kondusif_web.dialogue.models import Commitment, Meeting, PledgeState, Question
from kondusif_web.dialogue.queries import meetings_visible_to
from kondusif_web.dialogue.speakers import OWN, own_institution, speaks_everywhere
from kondusif_web.dialogue.wording import LEVELS_NAMED, PLEDGES, QUESTION_TOPICS, TOPICS
from kondusif_web.election.models import Desa, Membership
from kondusif_web.election.queries import desa_visible_to
from kondusif_web.pages.forms import Keyed, Moment, ReasonField, of_this_century
from kondusif_web.pages.templatetags.kondusif import tanggal_panjang

PROMISED = (Topic.STAY, Topic.MEASURE, Topic.READY, Topic.OTHER)
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
        if isinstance(self.fields.get("meeting"), forms.ModelChoiceField):
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


PARTS = 5  # fields for parts of one question


class QuestionForm(OfOperation):
    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Pertemuan"), empty_label=None)
    desa = forms.ModelChoiceField(Desa.objects.none(), label=_("Desa penanya"))
    role = forms.CharField(label=_("Peran penanya"), max_length=120, help_text=ROLE_HELP)
    text = forms.CharField(label=_("Pertanyaan"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, parts: int = PARTS, **kwargs: Any) -> None:
        """A part is a topic and what is asked of it; those left blank are no parts."""
        super().__init__(*args, **kwargs)
        self.parts = parts
        for n in range(1, parts + 1):
            self.fields[f"topic_{n}"] = forms.ChoiceField(
                label=gettext("Bagian %d: tentang") % n,
                choices=[("", gettext("Pilih")), *QUESTION_TOPICS.items()],
                required=n == 1,
            )
            self.fields[f"part_{n}"] = forms.CharField(
                label=gettext("Bagian %d: yang ditanyakan") % n, max_length=240, required=n == 1
            )

    def clean(self) -> dict[str, Any]:
        data, parts = super().clean() or {}, []
        for n in range(1, self.parts + 1):
            topic, text = data.pop(f"topic_{n}", ""), data.pop(f"part_{n}", "")
            if bool(topic) != bool(text) and not self.has_error(f"{'part' if topic else 'topic'}_{n}"):
                self.add_error(
                    f"{'part' if topic else 'topic'}_{n}", gettext("Isi keduanya, atau kosongkan keduanya.")
                )
            parts.append((topic, text))
        return data | {"parts": [(topic, text) for topic, text in parts if topic and text]}


class AnswerForm(OfOperation):
    text = forms.CharField(label=_("Jawaban"), widget=forms.Textarea(attrs={"rows": 3}))
    closes = forms.BooleanField(label=_("Ini menjawab seluruh bagian"), required=False)


class LevelsForm(OfOperation):
    """For which classes a promise speaks: named, or left open; nothing is taken for every class."""

    named = forms.ChoiceField(
        label=_("Kelas desa yang disebut"),
        choices=list(LEVELS_NAMED.items()),
        widget=forms.RadioSelect,
        help_text=_("Seperti diucapkan. Yang belum disebut tidak menjawab kelas mana pun."),
    )
    levels = forms.TypedMultipleChoiceField(
        label=_("Kelas"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: Membership, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        labels = user.operation.labels
        self.fields["levels"].choices = [(n, labels.get(str(n), n)) for n in LEVELS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        named, ticked = data.pop("named", ""), data.get("levels") or []
        if named == "some" and not ticked:
            self.add_error("levels", gettext("Centang kelas yang disebut."))
        elif named in ("all", "open") and ticked:
            self.add_error("levels", gettext('Kosongkan, atau pilih "Hanya kelas yang dicentang".'))
        return data | {"levels": {"all": list(LEVELS), "some": ticked}.get(named)}


OUTSIDE = "luar"  # of no meeting


class CommitmentForm(LevelsForm):
    """No field has a choice made beforehand: what was not said is chosen as not said."""

    text = forms.CharField(label=_("Apa yang dijanjikan"), max_length=240)
    meeting = forms.ChoiceField(label=_("Diucapkan di"))
    topic = forms.TypedChoiceField(
        label=_("Janji ini tentang"),
        choices=[("", _("Pilih")), *((t.value, TOPICS[t]) for t in PROMISED)],
        coerce=Topic,
        help_text=_("Pilih bertahan sampai aman hanya bila janji itu menyebutnya."),
    )
    mine = forms.BooleanField(label=_("Saya yang menanggung"), required=False)
    due = Moment(label=_("Paling lambat"), required=False)

    field_order = ("text", "meeting", "topic", "named", "levels", "mine", "due")

    def __init__(self, *args: Any, user: Membership, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.meetings = {str(row.pk): row for row in meetings_visible_to(user.operation, user)}
        held = [(pk, f"{row.title}, {tanggal_panjang(row.at)}") for pk, row in self.meetings.items()]
        if speaks_everywhere(user):
            held.append((OUTSIDE, gettext("Di luar pertemuan: berlaku bagi semua desa")))
        self.fields["meeting"].choices = [("", gettext("Pilih")), *held]
        if own_institution(user) == OWN:
            self.fields.pop("mine", None)  # theirs, always

    def clean_meeting(self) -> Meeting | None:
        return self.meetings.get(self.cleaned_data["meeting"])


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
    on = forms.DateField(
        label=_("Tanggal"),
        required=False,
        validators=[of_this_century],
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class VisitForm(OfOperation):
    desa = forms.ModelChoiceField(Desa.objects.none(), label=_("Desa"))
    at = Moment(label=_("Waktu"))
    place = forms.CharField(label=_("Tempat"), max_length=160)
    whom = forms.CharField(label=_("Bertemu siapa"), max_length=120, required=False, help_text=ROLE_HELP)
    topic = forms.CharField(label=_("Tentang apa"), max_length=240)
    follow_up = forms.CharField(label=_("Tindak lanjut"), max_length=240, required=False)


class TakeForm(LevelsForm):
    """Taking on a promise that nobody owns yet."""

    id = None  # taken once


def _why() -> ReasonField:
    return ReasonField(label=_("Mengapa dibetulkan"))


class MeetingCorrection(MeetingForm):
    reason = _why()


class QuestionCorrection(QuestionForm):
    meeting = None  # it stays with its meeting
    reason = _why()


class CommitmentCorrection(CommitmentForm):
    mine = None
    reason = _why()

    field_order = ("text", "meeting", "topic", "named", "levels", "due", "reason")


def correction_form(row: Meeting | Question | Commitment, user: Membership, data: Any = None) -> OfOperation:
    """The form of a correction, filled with the record in force."""
    if isinstance(row, Meeting):
        lists = {"participants": [p.role for p in row.participants.all()], "messages": row.messages}
        now = {name: getattr(row, name) for name in ("title", "at", "place", "host")}
        now |= {name: "\n".join(said) for name, said in lists.items()}
        return MeetingCorrection(data, user=user, initial=now | {"villages": list(row.desa.all())})
    if isinstance(row, Question):
        now = {"desa": row.desa, "role": row.role, "text": row.text}
        for n, part in enumerate(sorted(row.parts.all(), key=lambda p: p.kode), 1):
            now |= {f"topic_{n}": topic_word(part.topic, part.force), f"part_{n}": part.text}
        return QuestionCorrection(data, user=user, initial=now, parts=max(PARTS, row.parts.count()))
    every = row.levels is not None and tuple(row.levels or LEVELS) == LEVELS
    named = "open" if row.levels is None else "all" if every else "some"
    now = {"text": row.text, "topic": row.topic, "due": row.due, "named": named}
    now |= {"meeting": row.meeting_id or OUTSIDE, "levels": [] if named != "some" else row.levels}
    return CommitmentCorrection(data, user=user, initial=now)


OF_ONES_OWN = ("commitment_form", "visit_form")  # those of one's own institution (RULES 20)
WRITTEN = {
    "meeting_form": MeetingForm,
    "question_form": QuestionForm,
    "commitment_form": CommitmentForm,
    "pledge_form": PledgeForm,
    "visit_form": VisitForm,
}  # those at the foot of the page, by their names there
