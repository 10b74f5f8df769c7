"""Any composite index, on whole columns: one step, one file, in the order in which they run.

1. ``tree``       indicators and aggregates, a hierarchy of any depth
2. ``data``       one matrix of raw answers; what is missing is typed
3. ``screen``     which units have enough data
4. ``denominate`` divide by another column
5. ``impute``     fill what is missing, only where the recipe says so
6. ``treat``      outliers, never by default: rare incidents are the signal
7. ``normalise``  every column to one scale
8. ``weigh``      how much each child counts in its parent
9. ``aggregate``  children to parents, up to the top
10. ``classes``   a score to a class

``recipe`` holds the settings of every step; ``pipeline`` runs them. ``explain`` says what made a score,
``uncertainty`` how firm it is, ``audit`` what to ask about it; ``tables`` reads and writes files and data
frames. A notebook needs three names: ``build``, ``IndexRecipe``, ``write``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kondusif_index.index import Index, build, write
    from kondusif_index.pipeline import Build
    from kondusif_index.recipe import IndexRecipe
    from kondusif_index.tables.columns import read_data, read_meta

__all__ = ["Build", "Index", "IndexRecipe", "build", "read_data", "read_meta", "write"]

_HOME = {
    "index": ("Index", "build", "write"),
    "pipeline": ("Build",),
    "recipe": ("IndexRecipe",),
    "tables.columns": ("read_data", "read_meta"),
}


def __getattr__(name: str) -> Any:
    """Loads a step only when it is asked for, so that importing one does not load them all."""
    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
