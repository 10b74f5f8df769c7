"""One part of a list: what the address asks for is found, sorted and cut into pages. Needs no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator


class Listing:
    """Rows of a list as ``?cari=...&urut=...&halaman=...`` asks for them; iterates over those of its page.

    ``name`` stands before these words where a page has several lists. ``find`` are paths into a row
    (``desa.nama``) in which ``cari`` looks for every word; ``orders`` path to its word, ``-`` before a path
    turns it round. What the address says that no list offers is as if it were not there.
    """

    def __init__(
        self,
        given: Mapping[str, Any],
        rows: Iterable[Any],
        *,
        name: str = "",
        per: int = 25,
        find: Sequence[str] = (),
        orders: Mapping[str, object] | None = None,
    ) -> None:
        before = f"{name}-" if name else ""
        self.cari, self.urut, self.halaman = (before + word for word in ("cari", "urut", "halaman"))
        self.name, self.find, self.orders = name, tuple(find), dict(orders or {})
        self.asked = str(given.get(self.cari, "")).strip()[:80]
        order = str(given.get(self.urut, ""))
        self.order = order if order in self.orders else ""
        own = (self.cari, self.urut, self.halaman)
        self.others = [(k, str(v)) for k, v in given.items() if k not in own]
        every = list(rows)
        self.total, self.per = len(every), per
        self.page: Page[Any] = Paginator(self._sorted(self._found(every)), per).get_page(
            given.get(self.halaman)
        )

    def __iter__(self) -> Any:
        return iter(self.page)

    def __len__(self) -> int:
        return len(self.page)

    @property
    def long(self) -> bool:
        """Whether there is more than a page of it, so that finding and sorting help."""
        return self.total > self.per

    @property
    def narrowed(self) -> bool:
        """Whether the address asks for anything of this list; a fold around it then stands open."""
        return bool(self.asked or self.order or self.page.number > 1)

    @property
    def found(self) -> int:
        return self.page.paginator.count

    @cached_property
    def query(self) -> str:
        """What stands in the address before the number of a page."""
        own = [(k, v) for k, v in ((self.cari, self.asked), (self.urut, self.order)) if v]
        return urlencode([*self.others, *own]) + "&" if self.others or own else ""

    @property
    def rest(self) -> str:
        """The address without what it asks of this list: what else it says stays."""
        return urlencode(self.others)

    def _found(self, rows: list[Any]) -> list[Any]:
        words = self.asked.lower().split() if self.find else ()
        if not words:
            return rows
        return [r for r in rows if all(w in self._text(r) for w in words)]

    def _text(self, row: Any) -> str:
        return " ".join(str(value_at(row, path)) for path in self.find).lower()

    def _sorted(self, rows: list[Any]) -> list[Any]:
        """By the order asked for; a row without a value there comes last either way."""
        if not self.order:
            return rows
        path, back = self.order.removeprefix("-"), self.order.startswith("-")
        known = [r for r in rows if value_at(r, path) not in (None, "")]
        gone = [r for r in rows if value_at(r, path) in (None, "")]
        return sorted(known, key=lambda r: value_at(r, path), reverse=back) + gone


def value_at(row: Any, path: str) -> Any:
    """What stands at ``desa.nama`` or ``0.nama`` of a row, as a template reads it; "" where nothing does."""
    here = row
    for part in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(part)
        elif part.isdigit():
            here = here[int(part)]
        else:
            here = getattr(here, part, None)
        if here is None:
            return ""
    return here
