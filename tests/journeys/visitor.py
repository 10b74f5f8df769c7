"""A person in front of a page: signs in, follows what is visible, and notices what a reviewer would."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tests import requires
from tests.journeys.office import Office

SCREENS = Path(__file__).with_name("screens")
PICTURES = os.environ.get("KONDUSIF_PICTURES") == "1"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
WIDTHS = {"1440": WIDE, "360": PHONE}
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Visitor:
    """One browser window of one person. ``complaints`` gathers what the browser itself said."""

    def __init__(self, page: Page, office: Office) -> None:
        self.page, self.office = page, office
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused page (403, 409, 422) is also told on the console; journeys look at its status instead.
        told = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not told:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type != "document"
        ):
            self.complaints.append(f"{response.url}: {response.status}")

    def go(self, path: str) -> Response:
        response = self.page.goto(urljoin(self.office.url, path))
        assert response is not None
        return response

    def open(self, path: str = "") -> Response:
        """A page of the operation, such as ``putaran/``; the board without one."""
        return self.go(f"/o/{self.office.kode}/{path}")

    def sign_in(self, username: str) -> None:
        self.go("/masuk/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", self.office.passwords[username])
        self.page.click("main button[type=submit]")
        assert self.path() != "/masuk/", self.page.inner_text("main")

    def path(self) -> str:
        return urlsplit(self.page.url).path

    def arrived(self) -> Page:
        """The page once it is whole: a click returns when the answer begins, before its document is there."""
        self.page.wait_for_load_state("load")
        return self.page

    def text(self) -> str:
        """What the page says, as its reader sees it."""
        return self.arrived().inner_text("body")

    def visible_links(self) -> set[str]:
        """Paths of this site that a visible link leads to, as a person at a wide screen sees them."""
        hrefs = self.arrived().eval_on_selector_all(
            "a[href]",
            "links => links.filter(a => a.checkVisibility({checkOpacity: true, visibilityProperty: true}))"
            ".map(a => new URL(a.getAttribute('href'), document.baseURI).href)",  # the map links by SVG
        )
        return {
            urlsplit(href).path
            for href in hrefs
            if href.startswith(self.office.url) and not urlsplit(href).path.startswith("/static/")
        }

    def sideways(self) -> int:
        """Pixels by which the page is wider than the screen; 0 is right."""
        return self.arrived().evaluate("() => document.documentElement.scrollWidth - window.innerWidth")

    def axe(self) -> list[str]:
        """What axe-core finds wrong: WCAG 2.2 A and AA, and its best practices."""
        page = self.arrived()
        session = page.context.new_cdp_session(page)
        # Through the debugger and not as a script of the page, so that the page's own policy stays in force.
        session.send("Runtime.evaluate", {"expression": requires.axe_source().read_text(encoding="utf-8")})
        answer = session.send(
            "Runtime.evaluate",
            {
                "expression": "axe.run({resultTypes: ['violations']}).then(r => r.violations.flatMap(v =>"
                " v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ' | ' + (n.any.concat(n.all, n.none)"
                ".map(c => c.message).join('; ')))))",
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        session.detach()
        return answer["result"]["value"]

    def look(self, name: str, *, axe: Collection[str] = tuple(WIDTHS)) -> list[str]:
        """Everything wrong with the page as it stands now, at both widths; ``axe`` at those named.

        With KONDUSIF_PICTURES=1 it leaves a picture of each in ``screens/``, for people to look at.
        """
        wrong = []
        for label, size in WIDTHS.items():
            self.page.set_viewport_size(size)
            if (over := self.sideways()) > 0:
                wrong.append(f"{self.page.url}: {over} px wider than a screen of {label} px")
            if label in axe:
                wrong += [f"{self.page.url} at {label} px: {finding}" for finding in self.axe()]
            if PICTURES:
                self.page.screenshot(path=SCREENS / f"{name}-{label}.png", full_page=True)
        self.page.set_viewport_size(WIDE)
        return wrong


@contextmanager
def visiting(browser: Browser, office: Office, username: str = "") -> Iterator[Visitor]:
    """A fresh window, signed in unless ``username`` is empty. Fails at the end if the browser complained."""
    context = browser.new_context(viewport=WIDE, locale="id-ID", timezone_id="Asia/Jakarta")
    context.set_default_timeout(20_000)
    visitor = Visitor(context.new_page(), office)
    try:
        if username:
            visitor.sign_in(username)
        yield visitor
        assert not visitor.complaints, "\n".join(visitor.complaints)
    finally:
        context.close()
