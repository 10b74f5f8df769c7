"""What every page's frame needs: the operation, its clock, the menu of this person, the face."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kondusif.stages import h
from kondusif_web.accounts import roles
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import memberships
from kondusif_web.pages import wording
from kondusif_web.pages.choices import tema_of


@dataclass(frozen=True, slots=True)
class Butir:
    """One link of the menu. ``permissions``: any of them lets a person see it; none: every member.

    Permissions of the office ask for the role of the account, all others for the one in the operation.
    """

    kunci: str
    url_name: str
    ikon: str
    label: object
    permissions: tuple[str, ...] = ()
    induk: str = ""  # the entry whose pages it stands beside; in the main menu only for who lacks that entry

    @property
    def office(self) -> bool:
        """Whether it stands outside of the operations."""
        return bool(self.permissions) and roles.OFFICE.issuperset(self.permissions)


MENU = (
    Butir("papan", "situation:papan", "papan", _("Papan")),
    Butir("desa", "situation:desa_list", "desa", _("Desa"), ("see_stages", "see_class", "see_gates")),
    Butir("operasi", "intake:operasi", "persiapan", _("Operasi"), ("manage_operation", "run_operation")),
    Butir("mulai", "begin_operation", "persiapan", _("Operasi baru"), ("begin_operation",), "operasi"),
    Butir("ukur", "classes:ukur", "ukur", _("Ukur"), ("see_answers", "import_answers", "publish_class")),
    Butir("instrumen", "instrument:daftar", "hitung", _("Instrumen"), ("see_instrument",), "ukur"),
    Butir("putaran", "classes:putaran", "ulang", _("Putaran"), ("answer_items", "see_answers"), "ukur"),
    Butir("rencana", "planning:rencana", "rencana", _("Rencana"), ("see_plan", "make_plan")),
    Butir(
        "penarikan",
        "withdrawal:penarikan_list",
        "tutup",
        _("Penarikan"),
        ("see_gates", "gate_fact_committee", "gate_fact"),
    ),
    Butir("lapor", "web:lapor", "lapor", _("Lapor"), ("report",)),
    Butir("dialog", "dialogue:dialog", "bicara", _("Dialog"), ("see_dialogue",)),
    Butir("tindakan", "mitigation:daftar", "centang", _("Tindakan"), ("see_mitigation",), "dialog"),
    Butir("terbit", "public:terbit", "kirim", _("Terbitkan"), ("publish_public",)),
    Butir("kalibrasi", "calibration:kalibrasi", "centang", _("Kalibrasi"), ("see_calibration",), "ukur"),
    Butir("buku", "situation:buku", "buku", _("Buku"), ("see_logbook",)),
    Butir("akses", "accounts:akses", "mata", _("Akses"), ("see_access",)),
    Butir("akun", "election:akun", "akun", _("Akun"), ("manage_accounts",)),
    Butir("latihan", "drill:latihan", "latihan", _("Latihan"), ("drill",)),
)
# Pages with an address of their own that belong to an entry.
ALSO = {"operasi": ("berkas/", "batas/"), "ukur": ("ekspor/",), "putaran": ("jawab/",)}
# The phone bar holds four and "Menu": what this person does most comes first.
BAWAH = (
    "lapor",
    "papan",
    "penarikan",
    "putaran",
    "dialog",
    "terbit",
    "desa",
    "buku",
    "akun",
    "ukur",
    "rencana",
    "latihan",
    "akses",
    "instrumen",
    "kalibrasi",
    "operasi",
    "tindakan",
    "mulai",
)


def menu_for(request: HttpRequest, operasi: Operation | None) -> list[dict[str, Any]]:
    """The links that this person may use, in the order of the work, the current one marked."""
    user, member = getattr(request, "user", None), getattr(request, "member", None)
    out = []
    for item in MENU:
        who = user if item.office else member
        if who is None or (
            item.permissions and not any(roles.may(who, permission) for permission in item.permissions)
        ):
            continue
        if item.kunci == "latihan" and not (operasi and operasi.drill):
            continue
        out.append(_link(item, request.path, "" if item.office else member.operation.kode))
    return out


def _link(item: Butir, path: str, kode: str) -> dict[str, Any]:
    """An entry as the frame shows it; ``kode`` of the operation, blank for a page of the office."""
    url = reverse(item.url_name, args=[kode] if kode else [])
    home = reverse("situation:papan", args=[kode]) if kode else url
    places = (url, *(home + also for also in ALSO.get(item.kunci, ())))
    return {
        "kunci": item.kunci,
        "url": url,
        "ikon": item.ikon,
        "label": item.label,
        "induk": item.induk,
        "kini": path == url if item.kunci == "papan" else path.startswith(places),
    }


def parts_of(menu: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The main menu, and the entries of the section that the current page is in.

    An entry whose parent this person lacks stands in the main menu itself. The parent is marked on all pages
    of its section.
    """
    there = {item["kunci"] for item in menu}
    main = [item for item in menu if item["induk"] not in there]
    section = next((item["induk"] or item["kunci"] for item in menu if item["kini"]), "")
    beside = [item for item in menu if section in (item["kunci"], item["induk"]) and section in there]
    main = [item | {"kini": item["kini"] or item["kunci"] == section} for item in main]
    return main, beside if len(beside) > 1 else []


def bawah_of(menu: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Up to four links for the phone bar, kept in menu order."""
    first = sorted(menu, key=lambda item: BAWAH.index(item["kunci"]))[:4]
    return [item for item in menu if item in first]


def look(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``operasi orang kini menu menu_utama menu_bagian menu_bawah boleh`` and more.

    ``orang`` is the member in an operation, else the account that is signed in, else None.
    """
    operasi, member = getattr(request, "operation", None), getattr(request, "member", None)
    user = getattr(request, "user", None)
    orang = member or (user if user is not None and user.is_authenticated else None)
    menu = menu_for(request, operasi)
    main, beside = parts_of(menu)
    kini = operasi.now() if operasi else None
    return {
        "operasi": operasi,
        "orang": orang,
        "operasi_lain": _elsewhere(request, member),
        "keadaan_operasi": wording.PHASES.get(operasi.phase, "") if operasi else "",
        "kini": kini,
        "hari": wording.hari_h(h(election_of(operasi), kini)) if operasi and kini else "",
        "menu": menu,
        "menu_utama": main,
        "menu_bagian": beside,
        "menu_bawah": bawah_of(menu),
        "latihan": bool(operasi and (operasi.drill or operasi.illustrative)),
        "ilustratif": bool(operasi and operasi.illustrative),
        "boleh": roles.Allowed(orang),
        "nama_peran": roles.NAMES.get(getattr(orang, "role", ""), ""),
        "tema": tema_of(request),
        "labels_kelas": operasi.labels if operasi else wording.LABELS,
    }


def _elsewhere(request: HttpRequest, member: Membership | None) -> object:
    """What the link to the list of operations says; nothing where it would lead nowhere else."""
    if member is not None:
        return _("Operasi lain") if getattr(member, "elsewhere", False) else ""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or request.path == reverse("election:operations"):
        return ""
    return _("Ke operasi") if memberships(user).exists() else ""
