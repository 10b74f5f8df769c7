"""Journey (c): whoever signs in reaches every page of theirs from the board, by links they can see.

A page counts as theirs when it opens for them. So a page without a visible way to it, a visible link that is
refused, and a page that nobody can reach each fail here, whichever page is added later.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Set
from functools import cache
from urllib.parse import urljoin
from uuid import UUID

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from playwright.sync_api import Browser, Error

from tests.journeys.office import Office
from tests.journeys.visitor import Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = (
    "perencana",
    "kapolsek",
    "kapolres",
    "petugas1",
    "camat",
    "danramil",
    "panitia.lemahbang",
    "humas",
    "auditor",
    "admin",
)
# Doors of their own: signing in, the resident who was told a code, the list of what the public may read, and
# the address for a report that an officer keeps on the telephone.
DOORS = {"accounts:masuk", "withdrawal:kode", "publik", "publik_bahasa", "election:lapor"}
ALIKE = 2  # pages of one kind looked at per person; the others are only opened
ENOUGH = 2  # pages of one kind opened in the window; the others only have to answer


@cache
def names() -> dict[str, dict[str, object]]:
    """Every URL name of the project, with a stand-in for each part its path takes."""

    def walk(
        resolver: URLResolver, space: str, parts: dict[str, object]
    ) -> Iterator[tuple[str, dict[str, object]]]:
        for entry in resolver.url_patterns:
            mine = entry.pattern.regex.groupindex  # Django may add to the converters of an include
            own = parts | {part: _stand_in(entry.pattern.converters[part]) for part in mine}
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{entry.namespace}:" if entry.namespace else space, own)
            elif isinstance(entry, URLPattern) and entry.name:
                yield f"{space}{entry.name}", own

    return dict(walk(get_resolver(), "", {}))


def _stand_in(converter: object) -> object:
    return {"UUIDConverter": UUID(int=0), "IntConverter": 1}.get(type(converter).__name__, "x")


def name_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


class Tour:
    """What one person found: paths by URL name, and what was wrong on the way.

    ``met`` are the kinds of page that an earlier person met: axe has looked at them at both widths.
    """

    def __init__(self, visitor: Visitor, person: str, met: Set[str]) -> None:
        self.visitor, self.person, self.met = visitor, person, met
        self.reached: dict[str, set[str]] = defaultdict(set)
        self.files: set[str] = set()  # names that answer with a file to keep
        self.wrong: list[str] = []

    def walk(self) -> Tour:
        """Breadth first from the board."""
        waiting, seen = ["/"], {"/"}
        while waiting:
            path = waiting.pop(0)
            name = name_of(path)
            if not name:
                self.wrong.append(f"{path}: a visible link to no page")
                continue
            self.reached[name].add(path)
            for found in sorted(self._open(path, name)):
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)
        return self

    def _open(self, path: str, name: str) -> set[str]:
        """Open one path as a click would; gives the links to follow from there."""
        often = len(self.reached[name])
        if often > ENOUGH or name in self.files:  # a file, or links that are those of its kind
            answer = self.visitor.page.request.get(urljoin(self.visitor.office.url, path), max_redirects=5)
            if answer.status != 200:
                self.wrong.append(f"{path}: a visible link answers {answer.status}")
            return set()
        try:
            status = self.visitor.go(path).status
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            self.files.add(name)
            return self._open(path, name)
        if status != 200:
            self.wrong.append(f"{path}: a visible link answers {status}")
            return set()
        links = self.visitor.visible_links()
        if often <= ALIKE:
            picture = f"{self.person}-{re.sub(r'[^a-z0-9]+', '-', path.lower()).strip('-') or 'papan'}"
            widths = () if often > 1 else ("360",) if name in self.met else ("1440", "360")
            self.wrong += self.visitor.look(picture, axe=widths)
        return links


@pytest.fixture(scope="module")
def tours(browser: Browser, office_after: Office) -> dict[str, Tour]:
    """Everybody's tour; one browser window after the other."""
    out: dict[str, Tour] = {}
    for person in PEOPLE:
        with visiting(browser, office_after, person) as visitor:
            met = {name for tour in out.values() for name in tour.reached}
            out[person] = Tour(visitor, person, met).walk()
    return out


@pytest.mark.parametrize("person", PEOPLE)
def test_every_visible_link_opens_a_sound_page(tours: dict[str, Tour], person: str) -> None:
    assert tours[person].wrong == []


@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_that_opens_for_a_person_is_linked_for_them(
    tours: dict[str, Tour], browser: Browser, office_after: Office, person: str
) -> None:
    """Every path that anybody reached is tried; one that opens here must have been reached as its kind."""
    known = {path for tour in tours.values() for paths in tour.reached.values() for path in paths}
    unlinked = []
    with visiting(browser, office_after, person) as visitor:
        for path in sorted(known):
            name = name_of(path)
            if name in tours[person].reached:
                continue
            answer = visitor.page.request.get(urljoin(office_after.url, path), max_redirects=0)
            if answer.status == 200:
                unlinked.append(f"{name} ({path})")
    assert unlinked == []


def test_no_page_is_left_out(tours: dict[str, Tour], browser: Browser, office_after: Office) -> None:
    """A name that nobody reached may only be a door for forms, which answers a plain visit with 405."""
    reached = {path for tour in tours.values() for paths in tour.reached.values() for path in paths}
    values = {k: v for path in reached for k, v in resolve(path).kwargs.items()}
    left = []
    with visiting(browser, office_after, "kapolres") as visitor:
        for name in sorted(names().keys() - {name_of(path) for path in reached} - DOORS):
            path = reverse(
                name, kwargs={part: values.get(part, other) for part, other in names()[name].items()}
            )
            status = visitor.page.request.get(urljoin(office_after.url, path), max_redirects=0).status
            if status != 405:
                left.append(f"{name}: {status}")
    assert left == []


def test_the_resident_needs_no_account(browser: Browser, office_after: Office) -> None:
    with visiting(browser, office_after) as visitor:
        assert visitor.go("/publik/").status == 200
        assert visitor.look("warga-publik") == []
