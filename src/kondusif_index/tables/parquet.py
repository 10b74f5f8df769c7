"""Opens a Parquet file; a cut or broken one is a problem of the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kondusif_index.errors import RecipeError
from kondusif_index.tables.read import refused


@contextmanager
def whole_parquet(path: Path) -> Iterator[None]:
    """Whatever a broken file raises while it is read, a panic of the reader too, as ``ImportRefused``."""
    try:
        yield
    except _broken():
        raise refused(path.name, "berkas Parquet", "bukan Parquet") from None


def _broken() -> tuple[type[BaseException], ...]:
    try:
        from polars.exceptions import PanicException, PolarsError
    except ImportError:
        return ()
    return PolarsError, PanicException


def read_parquet(path: Path) -> Any:
    """The file as a data frame. Raises ``RecipeError`` without polars, ``ImportRefused``."""
    try:
        import polars as pl
    except ImportError:
        raise RecipeError(f"{path.name}: reading Parquet needs `pip install kondusif[big]`") from None
    with whole_parquet(path):
        return pl.read_parquet(path)
