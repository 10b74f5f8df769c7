"""Indonesian for plans, reasons, postings and refusals."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kondusif.errors import MoveRefused
from kondusif.forces import Force, Strength
from kondusif.plan import Plan, Violation
from kondusif.plan.plotting import FORCE_NAMES
from kondusif_web.deployment.models import PlanRow
from kondusif_web.look.templatetags.kondusif import kapan
from kondusif_web.look.wording import Rupa

FORCES: Mapping[str, str] = {f.value: FORCE_NAMES[f] for f in Force}

JENIS: Mapping[str, object] = {
    "tps": gettext_lazy("TPS"),
    "balai_desa": gettext_lazy("Balai desa"),
    "patroli": gettext_lazy("Patroli"),
    "posko": gettext_lazy("Posko"),
    "cadangan": gettext_lazy("Cadangan"),
}

WHY: Mapping[str, object] = {
    "no_unit": gettext_lazy("Tidak ada satuan dari unsur ini dalam operasi."),
    "no_strength": gettext_lazy("Semua orang dari unsur ini sudah ditempatkan."),
    "neutrality": gettext_lazy("Sisa orang ada, tetapi satuannya menyatakan benturan kepentingan di sini."),
    "no_base": gettext_lazy("Sisa orang ada, tetapi pangkalan satuannya belum diketahui."),
    "own_village": gettext_lazy("Sisa orang ada, tetapi terikat pada desanya sendiri."),
}

PLAN_STATES: Mapping[str, object] = {
    "draft": gettext_lazy("Konsep"),
    "proposed": gettext_lazy("Menunggu pengesahan"),
    "approved": gettext_lazy("Disahkan"),
    "superseded": gettext_lazy("Diganti"),
}

POSTING_STATES: Mapping[str, Rupa] = {
    "ordered": Rupa("jam", gettext_lazy("Diperintahkan"), "biasa"),
    "on_post": Rupa("siaga", gettext_lazy("Di pos"), "buka"),
    "returning": Rupa("surut", gettext_lazy("Kembali ke pangkalan"), "diam"),
    "home": Rupa("pulang", gettext_lazy("Pulang, lengkap"), "buka"),
    "cancelled": Rupa("padam", gettext_lazy("Dibatalkan"), "biasa"),
}

_RULES: Mapping[str, object] = {
    "class_published": gettext_lazy(
        "%(where)s belum punya kelas yang terbit. Terbitkan kelasnya lebih dulu."
    ),
    "desa_has_tps": gettext_lazy("%(where)s memilih tetapi belum punya TPS."),
    "everyone_home": gettext_lazy("Masih ada orang rencana sebelumnya di pos. Pulangkan lebih dulu."),
    "made_from_today": gettext_lazy(
        "Kelas, tempat, atau kekuatan berubah sejak disusun. Susun ulang rencana."
    ),
    "need_met_or_said": gettext_lazy("%(where)s: terisi ditambah kurang tidak sama dengan kebutuhan."),
    "neutrality": gettext_lazy("%(where)s: satuan menyatakan benturan kepentingan di sana."),
    "never_padded": gettext_lazy("%(where)s: lebih dari kebutuhan."),
    "no_base": gettext_lazy("%(where)s: pangkalan satuan belum diketahui."),
    "own_village": gettext_lazy("%(where)s: di luar desa satuan itu."),
    "pattern_for_level": gettext_lazy("%(where)s: set pola tidak punya pola untuk kelasnya."),
    "plan_as_made": gettext_lazy("Isi rencana tidak sama dengan yang disusun."),
    "same_posts": gettext_lazy("%(where)s: kebutuhan pos berubah sejak disusun."),
    "strength_of_unit": gettext_lazy("%(where)s: ditempatkan melebihi kekuatannya."),
    "voting_desa": gettext_lazy("Tidak ada desa yang memilih di wilayah Anda."),
    "villages_of_plan_in_force": gettext_lazy(
        "%(where)s ada dalam rencana yang berlaku, di luar wilayah Anda."
    ),
}

LOCKED: Mapping[str, object] = {
    "role_make": gettext_lazy("Hanya perencana yang menyusun rencana."),
    "role_approve": gettext_lazy("Hanya Kapolres yang mengesahkan."),
    "area": gettext_lazy("Rencana mencakup desa di luar wilayah Anda."),
    "same_person": gettext_lazy("Penyusun tidak dapat mengesahkan rencananya sendiri."),
    "draft": gettext_lazy("Belum diajukan."),
    "faults": gettext_lazy("Pemeriksaan ulang menemukan masalah."),
    "people_out": gettext_lazy("Orang rencana sebelumnya masih bertugas."),
}

REFUSED: Mapping[str, object] = {
    "gates_shut": gettext_lazy(
        "Belum dapat pulang: keluar %(out)s orang, kembali %(back)s; perlengkapan keluar %(equipment_out)s, "
        "kembali %(equipment_back)s. Tidak dapat dikecualikan."
    ),
    "posting_count_wrong": gettext_lazy("Jumlah %(found)s tidak mungkin; seharusnya %(expected)s."),
    "posting_move_unknown": gettext_lazy("Penugasan ini tidak dapat berpindah dari %(state)s ke %(to)s."),
    "posting_not_returning": gettext_lazy("Hitungan kembali hanya untuk yang sedang kembali ke pangkalan."),
    "plan_not_draft": gettext_lazy("Rencana v%(version)s bukan konsep lagi."),
    "plan_not_proposed": gettext_lazy("Rencana v%(version)s belum diajukan atau sudah diputus."),
}


def violation(v: Violation, names: Mapping[str, str]) -> str:
    """One broken rule as a sentence; ``names``: place code to what people call it."""
    sentence = _RULES.get(v.rule)
    where = names.get(v.where, v.where)
    if sentence is None:
        return _("%(where)s melanggar aturan %(rule)s.") % {"where": where, "rule": v.rule}
    return str(sentence) % {"where": where}


def plotting_note(plan: Plan, row: PlanRow) -> str:
    """Totals of the part that is printed, and who made and approved the plan."""
    said = [_heads(_("Ditempatkan"), plan.posted)]
    if plan.missing.total:
        said.append(_heads(_("Kurang"), plan.missing))
    said.append(_("Penyusun %(siapa)s, %(kapan)s") % {"siapa": row.made_by, "kapan": kapan(row.made_at)})
    if row.approved_by:
        approved = {"siapa": row.approved_by, "kapan": kapan(row.approved_at)}
        said.append(_("Pengesah %(siapa)s, %(kapan)s") % approved)
    return ". ".join(said) + "."


def _heads(lead: str, s: Strength) -> str:
    parts = ", ".join(f"{n} {FORCE_NAMES[f]}" for f, n in s.items() if n)
    return f"{lead} {s.total} {_('orang')}" + (f": {parts}" if parts else "")


def refusal(error: MoveRefused) -> str:
    """A refused move as a sentence; what was not counted is said so."""
    facts = dict(error.facts)
    for gate in error.shut:
        facts |= getattr(gate, "facts", {})
    sentence = REFUSED.get(str(error))
    return str(sentence) % {k: _said(v) for k, v in facts.items()} if sentence else str(error)


def _said(value: object) -> object:
    if value is None:
        return _("belum dihitung")
    rupa = POSTING_STATES.get(str(value))
    return str(rupa.kata).lower() if rupa else value
