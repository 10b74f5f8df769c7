"""One file per export format: each module of this folder says what it is in ``FORMAT``.

A new format is a new file here; the command line and the export page offer what they find.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from kondusif.files.export import Export, Format

FIRST = "xlsx"  # what most people open; the others by name


def _found() -> dict[str, Format]:
    names = sorted((m.name for m in iter_modules(__path__)), key=lambda name: (name != FIRST, name))
    made = [import_module(f"{__name__}.{name}").FORMAT for name in names]
    return {one.kode: one for one in made}


FORMATS: Mapping[str, Format] = MappingProxyType(_found())


def export_bytes(export: Export, kode: str) -> bytes:
    """The export in one of ``FORMATS``. Raises KeyError for another, ExtraMissing without its libraries."""
    return FORMATS[kode].write(export)
