"""Files that come: uploaded, shown with all that each would do, and applied exactly as it was shown."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.http import require_POST

from kondusif.errors import Conflict, ImportRefused
from kondusif.files.changes import RowState
from kondusif.files.geojson import Boundaries
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import require
from kondusif_web.election.queries import boundaries, desa_visible_to
from kondusif_web.intake import actions, forms, page, wording
from kondusif_web.intake.models import Pending
from kondusif_web.intake.preview import FilePreview, preview_file
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages.wording import refusal


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Conflict("expired") from error


class IncomingFile(View):
    """The page where files of a ``kind`` come in; with ``?periksa=``, what the waiting file would do.

    A kind says what a file would do (``look``, raises ImportRefused where the file itself is wrong), what the
    page shows ``beside`` the form, the page of what was found (``preview``, ``pending`` None where it is
    refused), and how it is applied (``write``, raises Conflict, ImportRefused).
    """

    kind: str  # of the files that wait; the name of the page's address
    form: type[forms.Upload]
    template: str
    permission = "manage_operation"  # to send a file and to apply it
    applies = False  # whether what is sent confirms the waiting file

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.member, "manage_operation")
        wanted = request.GET.get("periksa")
        return self.look_again(wanted) if wanted else self.page()

    def post(self, request: HttpRequest) -> HttpResponse:
        """A file comes in: every problem named, or kept and shown. Nothing is applied before that."""
        require(request.member, self.permission)
        if self.applies:
            return self.apply()
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        options = dict(form.cleaned_data)
        file = options.pop("berkas")
        raw = file.read()
        try:
            found = self.look(raw, file.name, options)
        except ImportRefused as refused:
            return self.page(form, problems=refused.problems, status=422)
        if status := self.refused_at(found):
            return self.preview(found, None, status=status)
        pending = actions.keep(
            kind=self.kind, name=file.name, raw=raw, by=request.member, now=server_now(), options=options
        )
        to = reverse(f"intake:{self.kind}", args=[request.operation.kode])
        return redirect(f"{to}?periksa={pending.pk}")

    def apply(self) -> HttpResponse:
        """The waiting file as it was shown; another effect by now is shown again."""
        key = self.request.POST.get("berkas", "")
        try:
            pending = self.waiting(key)
        except Conflict as gone:
            return self.page(notice=refusal(gone), status=409)
        try:
            return self.write(
                operation=self.request.operation,
                pending=pending,
                seal=self.request.POST.get("segel", ""),
                by=self.request.member,
                now=self.request.operation.now(),
            )
        except (Conflict, ImportRefused):
            return self.look_again(key, notice=refusal(Conflict("changed")))

    def waiting(self, key: str) -> Pending:
        """Raises Conflict for a file that waits no longer, or for somebody else."""
        return actions.waiting(pk=_uuid(key), kind=self.kind, by=self.request.member, now=server_now())

    def look_again(self, key: str, notice: str = "") -> HttpResponse:
        """What the waiting file would do now; ``notice``: why it is not applied."""
        try:
            pending = self.waiting(key)
            found = self.look(bytes(pending.raw), pending.name, pending.options)
        except Conflict as gone:
            return self.page(notice=refusal(gone), status=409)
        except ImportRefused as refused:
            return self.page(problems=refused.problems, notice=notice, status=409 if notice else 422)
        return self.preview(found, pending, notice=notice, status=409 if notice else 200)

    def page(
        self, form: forms.Upload | None = None, *, problems: Any = (), notice: str = "", status: int = 200
    ) -> HttpResponse:
        context = {"form": form or self.form(), "masalah": problems, "kabar": notice}
        return render(self.request, self.template, context | self.beside(), status=status)

    def turning(self) -> dict[str, Any]:
        """Whether the page stands at an address that can ask for other rows; the address that does."""
        address = reverse(f"intake:{self.kind}", args=[self.request.operation.kode])
        return {"berhalaman": self.request.method == "GET", "alamat": address}

    def refused_at(self, found: Any) -> int:
        """The status where what a file would do is refused already, else 0."""
        return 0


class Workbook(IncomingFile):
    """A workbook of the operation."""

    kind, form, template, permission = "berkas", forms.Upload, "intake/berkas.html", "import_answers"

    def look(self, raw: bytes, name: str, options: Mapping[str, str]) -> FilePreview:
        operation = self.request.operation
        return preview_file(raw, name, operation=operation, by=self.request.member, now=operation.now())

    def beside(self) -> dict[str, Any]:
        rows = Pending.objects.filter(member=self.request.member, kind=self.kind, expires_at__gt=server_now())
        return {"menunggu": rows.defer("raw")}

    def refused_at(self, found: FilePreview) -> int:
        """409 for an id with other content (RULES 26), else 422."""
        clash = any(answer.state is RowState.REFUSED for answer in found.answers)
        return (409 if clash else 422) if found.problems else 0

    def preview(
        self, found: FilePreview, pending: Pending | None, *, notice: str = "", status: int = 200
    ) -> HttpResponse:
        log_read(self.request, "intake")
        asked = self.request.GET if self.request.method == "GET" else {}
        context = page.preview_context(found, self.request.operation, self.request.member, asked) | {
            **self.turning(),
            "plan": found,
            "pending": pending,
            "masalah": found.problems,
            "kabar": notice,
            "dapat_diterapkan": pending is not None and not found.problems and not found.empty,
        }
        return render(self.request, "intake/periksa.html", context, status=status)

    def write(self, **given: Any) -> HttpResponse:
        done = actions.apply_file(**given)
        messages.success(self.request, _applied(done))
        to = "classes:ukur" if done.answers or done.same else "intake:operasi"
        return redirect(to, self.request.operation.kode)


def _applied(done: actions.Applied) -> str:
    parts = []
    if done.rows:
        parts.append(_("%(n)d baris tempat dan kekuatan diterapkan") % {"n": done.rows})
    if done.answers or done.same:
        text = ngettext("%(n)d jawaban baru diterima", "%(n)d jawaban baru diterima", done.answers)
        parts.append(text % {"n": done.answers})
    if done.same:
        parts.append(_("%(n)d sudah ada") % {"n": done.same})
    said = ", ".join(parts) + "."
    if done.answers:
        said += " " + _("Hitung untuk melihat akibatnya pada kelas.")
    return said


class BoundaryFile(IncomingFile):
    """Official boundaries of the villages."""

    kind, form, template = "batas", forms.UploadBoundaries, "intake/batas.html"

    def look(self, raw: bytes, name: str, options: Mapping[str, str]) -> Boundaries:
        return actions.look_at_boundaries(
            raw,
            name,
            operation=self.request.operation,
            by=self.request.member,
            code_property=options.get("sifat", ""),
        )

    def beside(self) -> dict[str, Any]:
        there = boundaries(self.request.operation)
        ours = desa_visible_to(self.request.operation, self.request.member).order_by("nama")
        return {
            "ada": [there[d.kode] for d in ours if d.kode in there],
            "belum": [d for d in ours if d.kode not in there],
        }

    def preview(
        self, found: Boundaries, pending: Pending, *, notice: str = "", status: int = 200
    ) -> HttpResponse:
        operation = self.request.operation
        desa, there = {d.kode: d for d in operation.desa.all()}, boundaries(operation)
        context = self.turning() | {
            "found": found,
            "pending": pending,
            "segel": actions.seal_of(found),
            "kabar": notice,
            "baris": [
                (desa[k], o.corners, wording.STATES[RowState.CHANGED if k in there else RowState.NEW])
                for k, o in found.outlines.items()
            ],
            "tanpa": [desa[k] for k in found.without],
            "catatan": [(desa[k], wording.REMARKS[what], detail) for k, what, detail in found.remarks],
            "bidang": page.preview_map(operation, found, pending.options["sumber"]),
        }
        return render(self.request, "intake/batas_periksa.html", context, status=status)

    def write(self, **given: Any) -> HttpResponse:
        rows = actions.apply_boundaries(**given)
        said = _("Batas %(n)d desa diterapkan; peta menggambarnya.") % {"n": len(rows)}
        messages.success(self.request, said)
        return redirect("intake:batas", self.request.operation.kode)


@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Do not apply the waiting file."""
    require(request.member, "import_answers")
    with suppress(Conflict):  # it waits no longer: what was wanted
        actions.drop(pk=_uuid(request.POST.get("berkas", "")), by=request.member)
    messages.success(request, _("Berkas dibuang. Tidak ada yang diubah."))
    to = "intake:batas" if request.POST.get("ke") == "batas" else "intake:berkas"
    return redirect(to, request.operation.kode)
