"""Sign-in, own password, and the access log."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from kondusif_web.accounts import access, actions, backend, forms
from kondusif_web.accounts.models import AccessEntry, User
from kondusif_web.accounts.roles import require
from kondusif_web.logbook.clock import server_now
from kondusif_web.logbook.queries import head
from kondusif_web.words import lazy_table

PER_PAGE = 50
ACCESS_KINDS = lazy_table("access_kinds")
READ = lazy_table("access_read")  # what was read, by the name that ``log_read`` is given


@login_not_required
@never_cache
@sensitive_post_parameters()
def masuk(request: HttpRequest) -> HttpResponse:
    """Sign in. The answer never tells whether the name exists."""
    after = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
        after = "/"
    if request.user.is_authenticated:
        return redirect(after)
    form = forms.SignIn(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        now = server_now()
        name, address = form.cleaned_data["username"], access.address(request)
        until = backend.blocked_until(name, address, now)
        user = None if until else authenticate(request, **form.cleaned_data)
        if user is not None:
            backend.forget(name, address)
            login(request, user)
            access.write("signed_in", by=user.username, address=address)
            return redirect(after)
        if until:
            status = 429
            form.add_error(None, _("Terlalu banyak percobaan. Coba lagi 15 menit lagi."))
        else:
            status = 403
            backend.count_wrong(name, address, now)
            form.add_error(None, _("Nama akun atau kata sandi salah."))
        access.write("sign_in_refused", by="", address=address, why="throttled" if until else "wrong")
    return render(request, "accounts/masuk.html", {"form": form, "next": after}, status=status)


@login_not_required
@require_POST
def keluar(request: HttpRequest) -> HttpResponse:
    """Sign out; by POST only, so that no foreign page can do it with an image."""
    if request.user.is_authenticated:
        access.write("signed_out", by=request.user.username, address=access.address(request))
    logout(request)
    return redirect("accounts:masuk")


@never_cache
@sensitive_post_parameters()
def sandi(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    form = forms.NewPassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now, address = server_now(), access.address(request)
        if backend.blocked_until(request.user.username, address, now):
            form.add_error("old", _("Terlalu banyak percobaan. Coba lagi 15 menit lagi."))
        elif not request.user.check_password(form.cleaned_data["old"]):
            backend.count_wrong(request.user.username, address, now)
            form.add_error("old", _("Kata sandi sekarang salah."))
        else:
            try:
                user = actions.change_password(user=request.user, password=form.cleaned_data["new"], now=now)
            except ValidationError as err:
                form.add_error("new", err)
            else:
                update_session_auth_hash(request, user)
                messages.success(request, _("Kata sandi diganti. Perangkat lain harus masuk lagi."))
                return redirect("/")
    status = 422 if form.errors else 200
    return render(request, "accounts/sandi.html", {"form": form}, status=status)


def akses(request: HttpRequest) -> HttpResponse:
    """The access log, newest first, for the auditor (RULES 21). Reading it is itself logged."""
    require(request.user, "see_access")
    access.log_read(request, "access")
    rows = AccessEntry.objects.order_by("-seq")
    if who := request.GET.get("oleh", ""):
        rows = rows.filter(by=who)
    if what := request.GET.get("jenis", ""):
        rows = rows.filter(kind=what)
    if where := request.GET.get("operasi", ""):
        rows = rows.filter(payload__operation=where)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("halaman"))
    title = User.objects.titles()
    for row in page:
        row.kata = ACCESS_KINDS.get(row.kind, row.kind)
        row.apa = READ.get(row.subject, row.subject)
        row.siapa = title.get(row.by, "")
        row.di = row.payload.get("operation", "")
    return render(
        request,
        "accounts/akses.html",
        {
            "page": page,
            "head": head(table=AccessEntry),
            "oleh": who,
            "jenis": what,
            "operasi_dicari": where,
            "kinds": ACCESS_KINDS.items(),
            "saring": urlencode({"oleh": who, "jenis": what, "operasi": where}) + "&",
        },
    )
