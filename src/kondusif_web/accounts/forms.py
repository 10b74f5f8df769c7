"""Shape of input on the account pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kondusif_web.accounts.models import check_prefixes
from kondusif_web.accounts.roles import NAMES, Role


class SignIn(forms.Form):
    username = forms.CharField(
        label=_("Nama akun"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": ""}),
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPassword(forms.Form):
    old = forms.CharField(
        label=_("Kata sandi sekarang"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("Kata sandi baru"),
        max_length=200,
        strip=False,
        help_text=_("Paling sedikit 12 huruf. Beberapa kata acak lebih kuat dan lebih mudah diingat."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Sekali lagi"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("new") != data.get("again"):
            self.add_error("again", _("Kedua kata sandi baru tidak sama."))
        return data


class Areas(forms.CharField):
    """Area codes separated by commas or spaces."""

    def to_python(self, value: object) -> list[str]:
        return str(value or "").replace(",", " ").split()

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        check_prefixes(value)

    def prepare_value(self, value: object) -> object:
        return ", ".join(value) if isinstance(value, list) else value


class Account(forms.Form):
    role = forms.ChoiceField(label=_("Peran"), choices=[(r.value, NAMES[r]) for r in Role])
    jabatan = forms.CharField(
        label=_("Jabatan"), max_length=120, required=False, help_text=_("Jabatan, bukan nama orang.")
    )
    prefixes = Areas(label=_("Wilayah"), required=False, help_text=_("Kode wilayah, misalnya 99.01.01."))
    post = forms.CharField(
        label=_("Pos"), max_length=30, required=False, help_text=_("Kode TPS atau pos petugas lapangan.")
    )


class NewAccount(Account):
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,59}$",
        label=_("Nama akun"),
        error_messages={"invalid": _("Huruf kecil, angka, titik atau tanda hubung; paling sedikit 3.")},
    )
    field_order = ("username", "role", "jabatan", "prefixes", "post")
