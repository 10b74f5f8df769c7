"""What every page's frame needs: the operation, its clock, the menu of this person, the face."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kondusif.stages import h
from kondusif.tables import packaged, rows
from kondusif_web.accounts import roles
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import memberships
from kondusif_web.pages import Context, wording
from kondusif_web.pages.choices import tema_of
from kondusif_web.words import lazy_table

COLUMNS = ("key", "page", "icon", "permissions", "parent", "bar", "also")
LABELS = lazy_table("menu")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One link of the menu, a row of ``menu.csv`` in the order of the work.

    ``permissions``: any of them lets a person see it; none: every member. Those of the office ask for the
    role of the account, all others for the one in the operation. ``parent``: the entry whose pages it stands
    beside; it is in the main menu only for who lacks that entry. ``bar``: its rank in the phone bar, where
    what a person does most comes first. ``also``: pages with an address of their own that belong to it.
    """

    key: str
    page: str
    icon: str
    permissions: tuple[str, ...]
    parent: str
    bar: int
    also: tuple[str, ...]

    @property
    def office(self) -> bool:
        """Whether it stands outside of the operations."""
        return bool(self.permissions) and roles.OFFICE.issuperset(self.permissions)


MENU = tuple(
    MenuEntry(
        key=row["key"],
        page=row["page"],
        icon=row["icon"],
        permissions=tuple(row["permissions"].split()),
        parent=row["parent"],
        bar=row.whole("bar"),
        also=tuple(row["also"].split()),
    )
    for row in rows("menu.csv", packaged("kondusif_web.pages", "menu.csv"), COLUMNS)
)
BAR = {item.key: item.bar for item in MENU}


def menu_for(request: HttpRequest, operasi: Operation | None) -> list[Context]:
    """The links that this person may use, in the order of the work, the current one marked."""
    user, member = getattr(request, "user", None), getattr(request, "member", None)
    out = []
    for item in MENU:
        who = user if item.office else member
        if who is None or (
            item.permissions and not any(roles.may(who, permission) for permission in item.permissions)
        ):
            continue
        if item.key == "latihan" and not (operasi and operasi.drill):
            continue
        out.append(_link(item, request.path, "" if item.office else member.operation.kode))
    return out


def _link(item: MenuEntry, path: str, kode: str) -> Context:
    """An entry as the frame shows it; ``kode`` of the operation, blank for a page of the office."""
    url = reverse(item.page, args=[kode] if kode else [])
    home = reverse("situation:papan", args=[kode]) if kode else url
    places = (url, *(home + also for also in item.also))
    return {
        "kunci": item.key,
        "url": url,
        "ikon": item.icon,
        "label": LABELS[item.key],
        "induk": item.parent,
        "kini": path == url if item.key == "papan" else path.startswith(places),
    }


def parts_of(menu: list[Context]) -> tuple[list[Context], list[Context]]:
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


def bawah_of(menu: list[Context]) -> list[Context]:
    """Up to four links for the phone bar, kept in menu order."""
    first = sorted(menu, key=lambda item: BAR[item["kunci"]])[:4]
    return [item for item in menu if item in first]


def look(request: HttpRequest) -> Context:
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
