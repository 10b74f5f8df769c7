"""Puts one run's files into a folder, so that no file of an earlier run stays beside them (method 8.3)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from kondusif_index.errors import RecipeError

LIST = "build.json"  # holds ``files``, what the run wrote


@contextmanager
def write_atomically(
    out: Path, inputs: Iterable[Path] = ()
) -> Iterator[tuple[Path, Callable[[], list[str]]]]:
    """A working folder inside ``out``, and a function that names what is in it by now.

    When the block ends well, what the last run listed in ``build.json`` goes and the new files take its
    place; files that no run wrote stay. When it does not, ``out`` is as it was. Raises ``RecipeError`` where
    one of ``inputs`` would be lost by it.
    """
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".kondusif-", dir=out) as folder:
        work = Path(folder)

        def names() -> list[str]:
            return sorted(p.name for p in work.iterdir())

        yield work, names
        new, old = names(), _listed(out)
        for path in inputs:
            if path.resolve().parent == out.resolve() and path.resolve().name in {*new, *old}:
                raise RecipeError(
                    f"{path.name}: is read by this run and would be written over in {out}; choose another "
                    "folder for --out",
                    file=path.name,
                )
        for name in set(old) - set(new):
            (out / name).unlink(missing_ok=True)
        for name in sorted(new, key=lambda n: n == LIST):  # the list last
            os.replace(work / name, out / name)


def _listed(out: Path) -> list[str]:
    """What the last run says that it wrote here; plain names only."""
    try:
        found = json.loads((out / LIST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [n for n in found if isinstance(n, str) and n == Path(n).name] if isinstance(found, list) else []
