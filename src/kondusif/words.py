"""Marks of texts that a page shows; this package has no catalogue of translations and needs none."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802  the name that readers of catalogues know
    """The text itself. ``{}`` stands for a number that is filled in at once: ``N_("{} hari").format(3)``."""
    return text
