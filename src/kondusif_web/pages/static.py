"""Addresses of static files: each says the hash of its file, so that a browser keeps it until it changes."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class HashedFiles(StaticFilesStorage):
    """``/static/kondusif.css?v=1f0c9a2b7d3e``. Nothing has to be collected before the first run."""

    def url(self, name: str | None, force: bool = False) -> str:
        plain = str(super().url(name))
        mark = _hash.__wrapped__(name or "") if settings.DEBUG else _hash(name or "")
        return f"{plain}?v={mark}" if mark else plain


@cache
def _hash(name: str) -> str:
    """Twelve digits of the file's SHA-256; "" where there is no such file."""
    path = finders.find(name)
    return sha256(Path(str(path)).read_bytes()).hexdigest()[:12] if path else ""
