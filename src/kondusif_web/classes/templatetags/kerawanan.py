"""``{% load kerawanan %}``: the operation's word for a level."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from kondusif.instrument.indicator import is_companion, parent_of
from kondusif_web.pages.wording import Labels, label_of

register = template.Library()


@register.filter
def kode_butir(item: str) -> str:
    """``{{ item|kode_butir }}``: the code to show a person; the yes or no beside a count has its item's."""
    return parent_of(item) if is_companion(item) else item


@register.filter
def label_kelas(labels: Labels | None, level: int | None) -> str:
    """``{{ labels|label_kelas:2 }}``: Rawan; "Belum dinilai" where there is no level."""
    return str(label_of(level, labels)) if level is not None else _("Belum dinilai")
