"""Every page that a person can look at in an operation, by its address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kondusif_web.accounts.models import User
from kondusif_web.dialogue.models import Commitment
from kondusif_web.election.models import Operation
from kondusif_web.mitigation.models import Mitigation
from kondusif_web.reports.models import Incident

NAMES = (
    "perencana",
    "kapolsek",
    "kapolres",
    "petugas1",
    "camat",
    "danramil",
    "panitia",
    "humas",
    "auditor",
    "admin",
)
OWN = {"keluar", "bahasa", "publik_bahasa"}  # ends the session, changes the language, twice the same


def sign_in(name: str) -> Client:
    """A browser signed in as somebody of ``tests.scale``."""
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def _parts(operation: Operation) -> dict[str, object]:
    desa = operation.desa.order_by("kode").first()
    assert desa is not None
    first: dict[str, Any] = {
        "operasi": operation.kode,
        "kode": desa.kode,
        "place": desa.kode,
        "tempat": desa.kode,
        "gerbang": "hitung",
        "nomor": 1,
        "instrumen": "kondusif-45",
        "username": "petugas1",
        "bahasa": "id",
        "induk": "total",
        "huruf": "A",
        "item": "A01",
        "lantai": "senjata",
        "bentuk": "plotting",
    }
    return first | {
        "mitigation": Mitigation.objects.filter(operation=operation)
        .values_list("client_id", flat=True)
        .first(),
        "commitment": Commitment.objects.filter(operation=operation)
        .values_list("client_id", flat=True)
        .first(),
        "pk": Incident.objects.filter(operation=operation).values_list("client_id", flat=True).first(),
    }


def pages(operation: Operation) -> Iterator[tuple[str, str]]:
    """Name and address of every URL whose parts are known here; what takes no GET answers 405."""
    known = _parts(operation)

    def walk(resolver: URLResolver, space: str, before: str, parts: set[str]) -> Iterator[tuple[str, str]]:
        for entry in resolver.url_patterns:
            route = before + str(entry.pattern)
            own = parts | set(entry.pattern.converters)
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{entry.namespace}:" if entry.namespace else space, route, own)
            elif isinstance(entry, URLPattern) and entry.name not in OWN and own <= set(known):
                path = route
                for part in own:
                    for kind in ("slug:", "str:", "int:", "uuid:", ""):
                        path = path.replace(f"<{kind}{part}>", str(known[part]))
                yield f"{space}{entry.name}", "/" + path

    yield from walk(get_resolver(), "", "", set())
