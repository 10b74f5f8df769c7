"""Shape of input on the pages of accounts and of what they are in each operation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kondusif.places import area_codes
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import MEMBER_ROLES, NAMES, OFFICE_ROLES, Role
from kondusif_web.election.queries import joinable


class Areas(forms.CharField):
    """Area codes, as ``places.area_codes`` reads them."""

    def to_python(self, value: object) -> list[str]:
        try:
            return list(area_codes(str(value or "")))
        except ValueError as error:
            expected = error.args[0] if error.args else _("Wilayah berupa daftar kode, misalnya 99.01.01.")
            raise forms.ValidationError(gettext(expected)) from error

    def prepare_value(self, value: object) -> object:
        return ", ".join(value) if isinstance(value, list) else value


def _names(roles: frozenset[Role]) -> list[tuple[str, object]]:
    return [(role.value, NAMES[role]) for role in Role if role in roles]


class Account(forms.Form):
    """What an account is for the office as a whole."""

    role = forms.ChoiceField(
        label=_("Peran di kantor"),
        required=False,
        choices=[("", _("Tidak ada")), *_names(OFFICE_ROLES)],
        help_text=_("Kosong bagi kebanyakan orang: peran diberikan per operasi."),
    )
    jabatan = forms.CharField(
        label=_("Jabatan"), max_length=120, required=False, help_text=_("Jabatan, bukan nama orang.")
    )


class NewAccount(Account):
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,59}$",
        label=_("Nama akun"),
        error_messages={"invalid": _("Huruf kecil, angka, titik atau tanda hubung; paling sedikit 3.")},
    )
    field_order = ("username", "role", "jabatan")


class Member(forms.Form):
    """What an account is in one operation."""

    role = forms.ChoiceField(label=_("Peran"), choices=_names(MEMBER_ROLES))
    jabatan = forms.CharField(
        label=_("Jabatan"), max_length=120, required=False, help_text=_("Jabatan, bukan nama orang.")
    )
    prefixes = Areas(label=_("Wilayah"), required=False, help_text=_("Kode wilayah, misalnya 99.01.01."))
    post = forms.CharField(
        label=_("Pos"), max_length=30, required=False, help_text=_("Kode TPS atau pos petugas lapangan.")
    )


class ChangedMember(Member):
    active = forms.BooleanField(
        label=_("Bekerja dalam operasi ini"),
        required=False,
        help_text=_("Tanpa tanda ini tempatnya berakhir; yang dicatat atas namanya tetap ada."),
    )


class NewMember(Member):
    """``operation``: one that the account has no place in and that is not archived."""

    operation = forms.ModelChoiceField(label=_("Operasi"), queryset=None, empty_label=None)
    field_order = ("operation", "role", "jabatan", "prefixes", "post")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operation"].queryset = joinable(user)
