"""Where each role begins: what this person can do, as doors with one button each."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import OFFICE, may
from kondusif_web.election.models import Membership, Operation


@dataclass(frozen=True, slots=True)
class Door:
    ikon: str
    judul: str
    sub: str
    url: str
    tombol: str


def doors(operation: Operation, member: Membership, user: User) -> list[Door]:
    """The pages of the person's permissions in the operation and in the office, what they do most first."""
    every = (
        ("report", "lapor", _("Lapor"), _("Aman, situasi, atau insiden"), "web:lapor", _("Lapor sekarang")),
        (
            "answer_items",
            "ulang",
            _("Putaran penilaian"),
            _("Jawaban yang masih ditagih di desa Anda"),
            "classes:putaran",
            _("Isi jawaban"),
        ),
        ("muster", "orang", _("Apel"), _("Hadir di pos, hitung kembali"), "posts:apel", _("Buka apel")),
        (
            "gate_fact_committee",
            "centang",
            _("Fakta gerbang"),
            _("Kotak suara, keberatan, dan laporan, dengan nomor berita acara"),
            "withdrawal:penarikan_list",
            _("Nyatakan fakta"),
        ),
        (
            "see_dialogue",
            "bicara",
            _("Dialog"),
            _("Pertanyaan, janji, dan jawabannya"),
            "dialogue:dialog",
            _("Buka dialog"),
        ),
        (
            "publish_public",
            "kabar",
            _("Halaman publik"),
            _("Yang dibaca warga tanpa masuk"),
            "public:terbit",
            _("Buka halaman publik"),
        ),
        (
            "see_logbook",
            "buku",
            _("Buku mutasi"),
            _("Semua kejadian berurutan"),
            "situation:buku",
            _("Buka buku"),
        ),
        (
            "see_access",
            "mata",
            _("Buku akses"),
            _("Siapa membaca data terbatas"),
            "accounts:akses",
            _("Buka buku akses"),
        ),
        ("manage_accounts", "akun", _("Akun"), _("Buat, ubah, tutup"), "election:akun", _("Buka akun")),
        ("drill", "latihan", _("Latihan"), _("Majukan jam latihan"), "drill:latihan", _("Buka latihan")),
    )
    out = []
    for permission, ikon, judul, sub, name, tombol in every:
        office = permission in OFFICE
        if not may(user if office else member, permission) or (permission == "drill" and not operation.drill):
            continue
        url = reverse(name, args=[] if office else [operation.kode])
        out.append(Door(ikon, judul, sub, url, tombol))
    return out
