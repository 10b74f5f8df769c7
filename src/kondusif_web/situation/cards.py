"""What needs a decision now, from real rows: most urgent first, who decides, and the one way to decide it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kondusif.dialogue import CommitmentState
from kondusif.incidents import Severity
from kondusif.withdraw import EarliestMove
from kondusif_web.accounts.roles import may
from kondusif_web.classes import queries as classes
from kondusif_web.classes import rounds
from kondusif_web.dialogue import queries as dialogue
from kondusif_web.election.models import Membership, Operation
from kondusif_web.mitigation import queries as mitigation
from kondusif_web.pages.templatetags.kondusif import kapan, lama
from kondusif_web.pages.wording import kata_inti, label_of
from kondusif_web.planning import queries as planning
from kondusif_web.planning.models import PlanState
from kondusif_web.reports.models import Incident
from kondusif_web.reports.queries import SilentPost
from kondusif_web.situation.villages import Village
from kondusif_web.situation.wording import SEVERITY, decides, incident_name, listed, place_name
from kondusif_web.withdrawal import queries as field_queries
from kondusif_web.withdrawal.models import WithdrawalRequest
from kondusif_web.words import speech

# How urgent each kind is, before age: a red incident is never below a paper that is late.
# "kelas" before "rencana": a plan is made from the classes
RANK = (
    "merah",
    "kuning",
    "diam",
    "minta",
    "penetapan",
    "kelas",
    "putaran",
    "rencana",
    "gerbang",
    "janji",
    "tindakan",
)


@dataclass(frozen=True, slots=True)
class Card:
    """``jenis`` ranks it; ``sejak`` breaks ties, the oldest first. ``cip``: its look and its words."""

    jenis: str
    judul: str
    sebab: str
    cip: tuple[str, str]
    siapa: str
    url: str
    tombol: str
    ikon: str
    tanda: str = ""
    sejak: datetime | None = None
    url2: str = ""
    tombol2: str = ""


def cards(
    operation: Operation,
    user: Membership,
    now: datetime,
    rows: Sequence[Village],
    incidents: Sequence[Incident],
    silent: Sequence[SilentPost],
) -> tuple[Card, ...]:
    """Every card this person should see, the most urgent first."""
    names = {v.desa.kode: v.desa.nama for v in rows}
    requests = list(field_queries.waiting_requests(operation, user))
    asked = {r.desa for r in requests}
    found = [
        *_incidents(operation, user, now, incidents, names),
        *_requests(operation, requests, rows),
        *_silent(operation, user, silent),
        *_overrides(operation, user, names),
        *_plan(operation, user),
        *_classes(operation, user, rows),
        *_round(operation, user, now),
        *_stuck(operation, user, [v for v in rows if v.desa.kode not in asked]),
        *_promises(operation, user, now),
        *_late_actions(operation, user, now),
    ]
    return tuple(sorted(found, key=lambda c: (RANK.index(c.jenis), c.sejak or now)))


def _incidents(
    operation: Operation,
    user: Membership,
    now: datetime,
    incidents: Sequence[Incident],
    names: Mapping[str, str],
) -> Iterator[Card]:
    if not may(user, "incident_manage"):
        return
    for row in incidents:
        if row.severity == Severity.HIJAU:
            continue
        yield Card(
            jenis=row.severity,
            judul=_("Tangani %(apa)s di %(tempat)s?")
            % {"apa": incident_name(row.kind).lower(), "tempat": place_name(row.place, names)},
            sebab=row.note or _("Sejak %(jam)s, belum ditutup.") % {"jam": kapan(row.occurred_at)},
            cip=(row.severity, f"{SEVERITY[row.severity]} · {lama(now - row.occurred_at)}"),
            siapa=_("Kapolres atau Kapolsek"),
            url=reverse("reports:insiden", args=[operation.kode, row.client_id]),
            tombol=_("Tangani insiden"),
            ikon="insiden",
            tanda="insiden",
            sejak=row.occurred_at,
        )


def _requests(
    operation: Operation, requests: Sequence[WithdrawalRequest], rows: Sequence[Village]
) -> Iterator[Card]:
    by_kode = {v.desa.kode: v for v in rows}
    for row in requests:
        village = by_kode.get(row.desa)
        if village is None:
            continue
        shut = len(village.tutup)
        yield Card(
            jenis="minta",
            judul=_("Setujui %(langkah)s %(desa)s?")
            % {"langkah": row.state_to.upper(), "desa": village.desa.nama},
            sebab=_("%(siapa)s meminta: %(alasan)s") % {"siapa": row.requested_by, "alasan": row.reason},
            cip=("tutup", _("%(n)d gerbang tertutup") % {"n": shut})
            if shut
            else ("buka", _("Semua gerbang terbuka")),
            siapa=decides(village.level),
            url=reverse("withdrawal:penarikan", args=[operation.kode, row.desa]),
            tombol=_("Lihat gerbang"),
            ikon="dua",
            sejak=row.requested_at,
        )


def _silent(operation: Operation, user: Membership, silent: Sequence[SilentPost]) -> Iterator[Card]:
    if not may(user, "incident_manage"):
        return
    for posts in _by_village(silent):
        if len(posts) > 1:
            yield _silent_village(operation, posts)
            continue
        post = posts[0]
        yield Card(
            jenis="diam",
            judul=_("Cek %(pos)s") % {"pos": post.nama},
            sebab=_("Laporan terakhir %(kapan)s. Diam belum tentu aman.") % {"kapan": kapan(post.last_at)}
            if post.last_at
            else _("Belum pernah melapor. Diam belum tentu aman."),
            cip=("diam", _("Diam %(lama)s") % {"lama": lama(post.silent_for)})
            if post.silent_for
            else ("diam", _("Belum pernah melapor")),
            siapa=_("Padal desa, lalu Kapolsek"),
            url=reverse("situation:desa", args=[operation.kode, post.desa]),
            tombol=_("Buka desa"),
            ikon="diam",
            tanda="diam",
            sejak=post.last_at,
        )


def _by_village(silent: Sequence[SilentPost]) -> list[list[SilentPost]]:
    found: dict[str, list[SilentPost]] = {}
    for post in silent:
        found.setdefault(post.desa, []).append(post)
    return list(found.values())


def _silent_village(operation: Operation, posts: Sequence[SilentPost]) -> Card:
    """One card where several posts of a village are silent: one call, not ten cards."""
    numbers = listed([post.nama.removeprefix("TPS ").partition(" ")[0] for post in posts], 8)
    never = any(post.last_at is None for post in posts)
    longest = max((post.silent_for for post in posts if post.silent_for), default=None)
    return Card(
        jenis="diam",
        judul=_("Cek %(n)d pos di %(desa)s")
        % {"n": len(posts), "desa": posts[0].nama.removeprefix("TPS ").partition(" ")[2]},
        sebab=_("TPS %(nomor)s. Diam belum tentu aman.") % {"nomor": numbers},
        cip=("diam", _("Diam paling lama %(lama)s") % {"lama": lama(longest)})
        if longest and not never
        else ("diam", _("Ada yang belum pernah melapor")),
        siapa=_("Padal desa, lalu Kapolsek"),
        url=reverse("situation:desa", args=[operation.kode, posts[0].desa]),
        tombol=_("Buka desa"),
        ikon="diam",
        tanda="diam",
        sejak=None if never else min(post.last_at for post in posts if post.last_at),
    )


def _overrides(operation: Operation, user: Membership, names: Mapping[str, str]) -> Iterator[Card]:
    for row in classes.waiting_overrides(operation, user):
        yield Card(
            jenis="penetapan",
            judul=_("Orang kedua untuk kelas %(tempat)s?") % {"tempat": place_name(row.place, names)},
            sebab=_("Diminta turun menjadi %(kelas)s: %(alasan)s")
            % {"kelas": label_of(row.human, operation.labels), "alasan": row.reason},
            cip=("biasa", _("Sejak %(kapan)s") % {"kapan": kapan(row.at)}),
            siapa=_("Orang lain dari pemohon"),
            url=reverse("situation:desa", args=[operation.kode, row.place.partition("-")[0]]),
            tombol=_("Lihat alasan"),
            ikon="dua",
            sejak=row.at,
        )


def _plan(operation: Operation, user: Membership) -> Iterator[Card]:
    if not may(user, "see_plan"):
        return
    row = planning.open_plan(operation)
    if row is not None and row.state == PlanState.PROPOSED:
        yield Card(
            jenis="rencana",
            judul=_("Sahkan rencana versi %(v)d?") % {"v": row.version},
            sebab=_("Diajukan dan menunggu keputusan. Sebelum disahkan belum ada perintah."),
            cip=("biasa", _("Menunggu")),
            siapa=_("Kapolres"),
            url=reverse("planning:rencana", args=[operation.kode]),
            tombol=_("Buka rencana"),
            ikon="rencana",
        )
    elif planning.approved_plan(operation) is None:
        yield Card(
            jenis="rencana",
            judul=_("Ajukan rencana") if row is not None else _("Susun rencana"),
            sebab=_("Belum ada rencana yang disahkan. Pertanyaan warga belum dapat dijawab dengan tanggal."),
            cip=("tutup", _("Belum disahkan")),
            siapa=_("Perencana, lalu Kapolres"),
            url=reverse("planning:rencana", args=[operation.kode]),
            tombol=_("Buka rencana"),
            ikon="rencana",
        )


def _classes(operation: Operation, user: Membership, rows: Sequence[Village]) -> Iterator[Card]:
    if not may(user, "publish_class"):
        return
    unknown = [v.desa.nama for v in rows if v.desa.memilih and v.level is None]
    drafts = {row.desa.nama for row in classes.drafts_visible_to(operation, user)}
    if unknown:
        yield Card(
            jenis="kelas",
            judul=ngettext("Nilai %(n)d desa", "Nilai %(n)d desa", len(unknown)) % {"n": len(unknown)},
            sebab=_("Belum ada kelas terbit untuk %(desa)s.") % {"desa": listed(unknown)},
            cip=("tutup", _("Belum dinilai")),
            siapa=_("Perencana"),
            url=reverse("classes:ukur", args=[operation.kode]),
            tombol=_("Buka pengukuran"),
            ikon="ukur",
        )
    elif drafts:
        yield Card(
            jenis="kelas",
            judul=_("Terbitkan kelas?"),
            sebab=_("Hitungan baru %(desa)s belum diterbitkan.") % {"desa": listed(sorted(drafts))},
            cip=("biasa", _("Rancangan")),
            siapa=_("Kapolres atau Kapolsek"),
            url=reverse("classes:ukur", args=[operation.kode]),
            tombol=_("Buka pengukuran"),
            ikon="ukur",
        )


def _round(operation: Operation, user: Membership, now: datetime) -> Iterator[Card]:
    """The gate that has passed while its round is not closed."""
    late = rounds.overdue(operation, user, now)
    if late is None or late.gate.at is None:
        return
    nama = {"nama": kata_inti(late.gate.nama)}
    yield Card(
        jenis="putaran",
        judul=(_("Tutup putaran %(nama)s?") if late.round else _("Buka putaran %(nama)s?")) % nama,
        sebab=_("Gerbangnya lewat %(kapan)s; jawaban dan kelas saat itu belum disimpan.")
        % {"kapan": kapan(late.gate.at)},
        cip=("kuning", _("lewat %(lama)s") % {"lama": lama(now - late.gate.at)}),
        siapa=_("Perencana atau Kapolres"),
        url=reverse("classes:putaran", args=[operation.kode]),
        tombol=_("Lihat putaran"),
        ikon="ulang",
        sejak=late.gate.at,
    )


def _stuck(operation: Operation, user: Membership, rows: Sequence[Village]) -> Iterator[Card]:
    """Shut gates that no clock opens, where nobody has asked yet: nothing happens unless someone acts."""
    if not may(user, "see_gates"):
        return
    for v in rows:
        by_hand = [g for g in v.tutup if g.opens_at is None]
        if not by_hand:
            continue
        yield Card(
            jenis="gerbang",
            judul=_("Buka jalan %(langkah)s %(desa)s") % {"langkah": v.lanjut, "desa": v.desa.nama},
            sebab=_("%(a)d dari %(n)d gerbang terbuka.") % {"a": v.terbuka, "n": len(v.gates)}
            + " "
            + speech().earliest(EarliestMove(v.earliest.at if v.earliest else None)),
            cip=("tutup", _("%(n)d menunggu fakta") % {"n": len(by_hand)}),
            siapa=decides(v.level),
            url=reverse("withdrawal:penarikan", args=[operation.kode, v.desa.kode]),
            tombol=_("Lihat gerbang"),
            ikon="tutup",
            sejak=v.since,
        )


def _promises(operation: Operation, user: Membership, now: datetime) -> Iterator[Card]:
    if not may(user, "see_dialogue"):
        return
    lines = dialogue.commitments(operation, user)
    late = [x.row for x in lines if x.standing is CommitmentState.OVERDUE]
    orphan = [x.row for x in lines if x.standing is CommitmentState.OWNERLESS]
    for row in late:
        yield Card(
            jenis="janji",
            judul=_("Janji terlambat: %(janji)s") % {"janji": row.text},
            sebab=_("Batasnya %(kapan)s. Penuhi, pindahkan dengan alasan, atau catat tidak dipenuhi.")
            % {"kapan": kapan(row.due)},
            cip=("tutup", _("Lewat %(lama)s") % {"lama": lama(now - row.due)}),
            siapa=row.owner,
            url=reverse("dialogue:dialog", args=[operation.kode]),
            tombol=_("Buka dialog"),
            ikon="janji",
            sejak=row.due,
        )
    if orphan:
        yield Card(
            jenis="janji",
            judul=ngettext("%(n)d janji belum ada pemilik", "%(n)d janji belum ada pemilik", len(orphan))
            % {"n": len(orphan)},
            sebab=listed([row.text for row in orphan], 1),
            cip=("tutup", _("Belum ada pemilik")),
            siapa=_("Yang berwenang menanggungnya"),
            url=reverse("dialogue:dialog", args=[operation.kode]),
            tombol=_("Buka dialog"),
            ikon="janji",
        )


def _late_actions(operation: Operation, user: Membership, now: datetime) -> Iterator[Card]:
    """One card for all actions that are late, since the register lists them."""
    late = mitigation.overdue(operation, user, now)
    if not late:
        return
    yield Card(
        jenis="tindakan",
        judul=ngettext("%(n)d tindakan lewat waktu", "%(n)d tindakan lewat waktu", len(late))
        % {"n": len(late)},
        sebab=listed([row.text for row in late], 1),
        cip=("tutup", _("Lewat %(lama)s") % {"lama": lama(now - late[0].due)}),
        siapa=late[0].owner or _("Yang berwenang menanggungnya"),
        url=f"{reverse('mitigation:daftar', args=[operation.kode])}?lewat=1",
        tombol=_("Buka tindakan"),
        ikon="janji",
        sejak=late[0].due,
    )
