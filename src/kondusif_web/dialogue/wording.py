"""Indonesian for how a part stands, what was promised, and which refusals a form meets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from kondusif.dialogue import Answered, PartAnswer, Standing, Topic
from kondusif.places import TPS_KODE, desa_of
from kondusif_web.dialogue.models import PledgeState
from kondusif_web.look.wording import BULAN, HARI_PANJANG, jam
from kondusif_web.words import lazy_table

_ANSWERED = lazy_table("answered")
_STANDING = lazy_table("commitment_standing")
_PLEDGES = lazy_table("pledges")
STATUS = {
    Answered.ANSWERED: ("buka", "centang", _ANSWERED["answered"]),
    Answered.PARTLY: ("kuning", "jam", _ANSWERED["partly"]),
    Answered.OPEN: ("belum", "tanya", _ANSWERED["open"]),
}
BAGIAN = {Answered.ANSWERED: "", Answered.PARTLY: "sebagian", Answered.OPEN: "terbuka"}
STANDING = {
    Standing.OWNERLESS: ("tutup", "orang", _STANDING["ownerless"]),
    Standing.RUNNING: ("biasa", "jam", _STANDING["running"]),
    Standing.OVERDUE: ("tutup", "jam", _STANDING["overdue"]),
    Standing.KEPT: ("buka", "centang", _STANDING["kept"]),
    Standing.BROKEN: ("tutup", "peringatan", _STANDING["broken"]),
}
COMMITMENT = lazy_table("commitment_status")
TOPICS = {Topic(code): word for code, word in lazy_table("topics").items()}
FORCES = lazy_table("forces")
PLEDGE = {
    PledgeState.SIGNED: ("buka", "centang", _PLEDGES["signed"]),
    PledgeState.UNSIGNED: ("kuning", "jam", _PLEDGES["unsigned"]),
    PledgeState.BROKEN: ("tutup", "peringatan", _PLEDGES["broken"]),
}
PLEDGE_UNKNOWN = ("belum", "tanya", _PLEDGES["unknown"])
PLAN = "rencana"


def moment(at: datetime) -> str:
    """``Minggu 8 Okt 07.00`` in the current zone."""
    here = timezone.localtime(at)
    return f"{HARI_PANJANG[here.weekday()]} {here.day} {BULAN[here.month - 1]} {jam(here)}"


def levels_in_words(levels: tuple[int, ...], labels: Mapping[str, str]) -> str:
    """``Rawan dan Sangat Rawan``; every level is ``semua kelas``."""
    if not levels:
        return _("semua kelas")
    return _(" dan ").join(labels.get(str(n), str(n)) for n in levels)


def who(by: tuple[str, ...]) -> str:
    return _(" dan ").join(_("rencana yang disahkan") if name == PLAN else name for name in by)


def sentence(
    answer: PartAnswer, *, names: Mapping[str, str], labels: Mapping[str, str], same_for_all: bool = False
) -> str:
    """What may be said now of a part, and no more."""
    kelas = levels_in_words(answer.levels, labels)
    pihak = FORCES.get(answer.part.force, _("petugas")) if answer.part.force else _("petugas")
    without = ", ".join(names.get(k, k) for k in answer.missing)
    match answer.code:
        case "no_date":
            return _("Belum ada tanggal. Yang disampaikan baru bahwa indeks kerawanan diukur lebih dulu.")
        case "starts" if same_for_all:
            latest = max(answer.dates.values())
            return _("Paling lambat %s di semua desa, dan dapat lebih awal.") % moment(latest)
        case "starts":
            return _("Sebelum hari H, menurut rencana yang disahkan.") + (
                _(" Belum ada tanggal untuk %s.") % without if answer.missing else ""
            )
        case "stays":
            return (
                _("%(siapa)s: bertahan sampai keadaan dinilai aman, untuk desa %(kelas)s.")
                % {
                    "siapa": who(answer.by),
                    "kelas": kelas,
                }
                if answer.levels
                else _("%s: bertahan sampai keadaan dinilai aman, untuk semua kelas.") % who(answer.by)
            )
        case "gates_bind":
            return (
                _("Desa %s juga: petugas baru ditarik setelah semua gerbang terbuka, apa pun kelasnya.")
                % kelas
            )
        case "not_these_levels":
            return _("Untuk desa %s belum ada yang menjawab.") % kelas
        case "no_owner":
            return _("Belum ada pihak yang menyanggupi untuk %s.") % pihak
        case "at_the_place":
            said = _("Yang dijanjikan: bertahan di lokasi. TPS belum disebut satu per satu.")
            gap = _(" Belum ada pos TPS untuk %s.") % without
            return said + (gap if answer.dates and answer.missing else "")
        case "tps_posts":
            tps = sum(bool(TPS_KODE.fullmatch(k)) for k in answer.dates)
            return (
                _("Ada pos di setiap TPS (%d TPS) menurut rencana yang disahkan, sampai gerbang terbuka.")
                % tps
            )
        case "promised":
            return _("%s menyanggupi.") % who(answer.by)
        case "said":
            return ""  # the words themselves stand below
    return _("Belum dijawab.")


def dates_per_village(answer: PartAnswer, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Village, and the moment from which all of it is served; stations served earlier stand beside it."""
    by_desa: dict[str, dict[str, datetime]] = {}
    for kode, at in answer.dates.items():
        by_desa.setdefault(desa_of(kode), {})[kode] = at
    return [(names.get(kode, kode), _served(starts)) for kode, starts in sorted(by_desa.items())]


def _served(starts: Mapping[str, datetime]) -> str:
    """``Minggu 8 Okt 07.00; TPS 03 sejak Sabtu 7 Okt 07.00``: never earlier than the last of them."""
    last = max(starts.values())
    said = moment(last)
    for at in sorted({at for at in starts.values() if at < last}):
        early = ", ".join(sorted(k.rpartition("-")[2] for k, when in starts.items() if when == at))
        said += _("; TPS %(tps)s sejak %(kapan)s") % {"tps": early, "kapan": moment(at)}
    return said
