"""Pages of the office over a whole regency, each beside a plain SELECT of the rows that it rests on, as JSON.

The operation is that of ``tests.scale``, in a database of its own that goes again. Processor time is that of
one request; memory is the peak of Python's allocations (tracemalloc) during one more. Four times the stations
shall cost about four times as much, in time and in memory.
"""

from __future__ import annotations

import json
import os
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

from bench.index_speed import clocked, line

STATIONS = 8  # in each village
VILLAGES, FEW = (31, 125), (4, 16)
LOOKED_AT = (  # who looks, which page, and the models that it rests on
    ("kapolsek", "posts:apel", "PostingRow ForceUnit"),
    ("kapolres", "situation:papan", "Report GateCheck Incident PostingRow PostureRow Assessment"),
    ("kapolres", "planning:rencana", "PlanRow PostingRow"),
    ("kapolres", "planning:plotting", "PlanRow PostingRow"),
    ("kapolsek", "dialogue:dialog", "Meeting Question QuestionPart Commitment Visit Pledge"),
    ("perencana", "classes:akibat", "Answer Assessment"),
    ("perencana", "classes:gerbang", "Answer Assessment"),
)


def _office(folder: str) -> None:
    """Django over an empty office in that folder."""
    os.environ |= {"KONDUSIF_DATA": folder, "DJANGO_SETTINGS_MODULE": "kondusif_web.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)


def _rows(names: str) -> list[Any]:
    from django.apps import apps

    by_name = {model.__name__: model for model in apps.get_models()}
    return [by_name[name] for name in names.split()]


def _of(model: Any, operation: Any) -> Any:
    """The rows of a model in an operation, however far away it names it."""
    fields = {f.name: f for f in model._meta.get_fields()}
    for path in ("operation", "desa__operation", "meeting__operation", "question__operation"):
        if path.split("__")[0] in fields:
            return model.objects.filter(**{path: operation})
    raise LookupError(model.__name__)


def _peak(work: Callable[[], object]) -> float:
    """Peak of allocations while it runs, in MB."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def figures(villages: int) -> Iterator[tuple[str, tuple[float, float], str]]:
    """Rows of the bench: the page, its seconds, and what it is held against."""
    from tests.scale import regency
    from tests.scale_pages import pages, sign_in

    operation = regency(villages, STATIONS, kode=f"besar{villages}").operation
    addresses = dict(pages(operation))
    for who, name, models in LOOKED_AT:
        client, path = sign_in(who), addresses[name]
        if client.get(path).status_code != 200:
            raise LookupError(f"{who} sees no {path}")
        rows = [_of(model, operation) for model in _rows(models)]

        def plain(rows: list[Any] = rows) -> str:
            return json.dumps([list(r.values_list()) for r in rows], default=str)

        def page(client: Any = client, path: str = path) -> int:
            return len(client.get(path).content)

        seconds, peer = clocked(page, 3), clocked(plain, 3)
        beside = (
            f"{seconds[1] / peer[1]:5.1f} x SELECT and JSON of its rows ({peer[1] * 1e3:,.0f} ms); "
            f"{page() / 1e3:,.0f} kB; peak {_peak(page):,.0f} MB, of these rows {_peak(plain):,.0f} MB"
        )
        yield f"{name}, {villages * STATIONS:,} TPS", seconds, beside


def report(quick: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="kondusif-bench-") as folder:
        _office(folder)
        for villages in FEW if quick else VILLAGES:
            for name, seconds, beside in figures(villages):
                line(name, seconds, beside)
