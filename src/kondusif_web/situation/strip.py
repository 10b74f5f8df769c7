"""The strip of stages: done, now, to come; in equal steps, not to scale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kondusif.stages import Election, Stage, calendar, current_stage
from kondusif_web.pages.templatetags.kondusif import tanggal
from kondusif_web.pages.wording import hari_h


@dataclass(frozen=True, slots=True)
class Step:
    """``judul`` and ``sub`` as printed; ``keadaan``: lalu, kini or nanti."""

    kode: str
    judul: str
    sub: str
    keadaan: str
    stage: Stage


def strip(election: Election, now: datetime) -> tuple[Step, ...]:
    """The stages of the operation as the reader stands in them."""
    here = current_stage(election, now)
    out = []
    for stage in calendar(election):
        day = tanggal(stage.start.astimezone(election.zone).date()).partition(" ")[2]
        if here is not None and stage.kode == here.kode:
            out.append(Step(stage.kode, hari_h(stage.h), f"{_(stage.nama)} · {day}", "kini", stage))
        else:
            done = "lalu" if here is not None and stage.start <= here.start else "nanti"
            out.append(Step(stage.kode, f"{hari_h(stage.h)} · {day}", _(stage.nama), done, stage))
    return tuple(out)
