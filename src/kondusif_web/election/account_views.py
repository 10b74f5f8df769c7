"""Accounts, and what each is in every operation: the administrator's pages, with nothing operational."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kondusif.errors import Conflict
from kondusif_web.accounts import actions
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import Role, require
from kondusif_web.election import forms, members
from kondusif_web.election.models import Membership
from kondusif_web.logbook.clock import server_now


def akun(request: HttpRequest) -> HttpResponse:
    """Every account with the operations it works in, and a form for a new one."""
    require(request.user, "manage_accounts")
    form, given = forms.NewAccount(request.POST or None), None
    if form.is_valid():
        password = actions.one_time_password()
        try:
            user = actions.create_account(
                **form.cleaned_data, password=password, by=request.user, now=server_now()
            )
        except Conflict:
            form.add_error("username", _("Nama akun ini sudah dipakai."))
        else:
            given, form = (user, password), forms.NewAccount()
    accounts = User.objects.order_by("role", "username").prefetch_related("memberships__operation")
    return render(
        request,
        "election/akun.html",
        {"form": form, "given": given, "accounts": accounts},
        status=422 if form.errors else 200,
    )


def akun_ubah(request: HttpRequest, username: str) -> HttpResponse:
    """One account: role in the office, its operations, a new one-time password, close or open."""
    require(request.user, "manage_accounts")
    account = get_object_or_404(User, username=username)
    form = forms.Account(initial={"role": account.role, "jabatan": account.jabatan})
    new = forms.NewMember(user=account, initial={"jabatan": account.jabatan})
    given, who = None, {"by": request.user, "now": server_now()}
    match request.POST.get("action"):
        case "change":
            form = forms.Account(request.POST)
            if form.is_valid():
                actions.change_account(username=username, **form.cleaned_data, **who)
                return _changed(request, username, _("Akun diubah."))
        case "join":
            new = forms.NewMember(request.POST, user=account)
            if new.is_valid():
                members.add_member(user=account, **new.cleaned_data, **who)
                return _changed(request, username, _("Ditambahkan ke operasi."))
        case "reset":
            given = (account, actions.reset_password(username=username, **who))
        case "close" | "open" as action:
            actions.set_active(username=username, active=action == "open", **who)
            return redirect("election:akun_ubah", username)
    return render(
        request,
        "election/akun_ubah.html",
        {
            "form": form,
            "baru": new,
            "dapat_ditambah": account.role != Role.ADMIN and new.fields["operation"].queryset.exists(),
            "account": account,
            "given": given,
            "tempat": account.memberships.select_related("operation").order_by(
                "operation__drill", "-operation__vote_at"
            ),
        },
        status=422 if form.errors or new.errors else 200,
    )


def _changed(request: HttpRequest, username: str, said: str) -> HttpResponse:
    """Back to the account, which tells what was done."""
    messages.success(request, said)
    return redirect("election:akun_ubah", username)


def anggota(request: HttpRequest, username: str, kode: str) -> HttpResponse:
    """What one account is in one operation: role, title, areas, post, or its end; archived, that alone."""
    require(request.user, "manage_accounts")
    member = get_object_or_404(
        Membership.objects.select_related("operation", "user"), user__username=username, operation__kode=kode
    )
    who = {"operation": member.operation, "username": username, "by": request.user, "now": server_now()}
    if request.POST.get("action") == "end":
        members.end_member(**who)
        return _changed(request, username, _("Tempat dalam operasi diakhiri."))
    start = {name: getattr(member, name) for name in forms.ChangedMember.base_fields}
    form = forms.ChangedMember(request.POST or None, initial=start)
    if form.is_valid():
        members.change_member(**form.cleaned_data, **who)
        return _changed(request, username, _("Tempat dalam operasi diubah."))
    return render(
        request,
        "election/anggota.html",
        {"form": form, "anggota": member},
        status=422 if form.errors else 200,
    )
