"""The forms of signing in, and of one's own password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def _password(label: Any, autocomplete: str = "new-password", **more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=200, strip=False, widget=widget, **more)


class SignIn(forms.Form):
    username = forms.CharField(
        label=_("Nama akun"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": ""}),
    )
    password = _password(_("Kata sandi"), "current-password")


class NewPassword(forms.Form):
    old = _password(_("Kata sandi sekarang"), "current-password")
    new = _password(
        _("Kata sandi baru"),
        help_text=_("Paling sedikit 12 huruf. Beberapa kata acak lebih kuat dan lebih mudah diingat."),
    )
    again = _password(_("Sekali lagi"))

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("new") != data.get("again"):
            self.add_error("again", _("Kedua kata sandi baru tidak sama."))
        return data
