"""Published versions of the instrument: one frozen file each, read by its digest and never written again.

``digests.toml`` keeps two SHA-256 per version: of the method (``Recipe.digest``, which an assessment carries)
and of the file as it stands, wording included. ``python -m kondusif.instrument.published --check`` fails when
a file differs from them; ``--publish KEY`` freezes the catalogue as the next version.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from kondusif.errors import RecipeError
from kondusif.instrument.catalogue import DIMENSION_WEIGHTS, DIMENSIONS, CatalogueRow, entries
from kondusif.instrument.indicator import TPS
from kondusif.instrument.recipe import KODE, Recipe

FOLDER = Path(__file__).parent
DIGESTS = "digests.toml"
DEFAULT = "kondusif-45/1"  # where nobody chose; an operation without a key means it, so it never moves


def file_of(key: str) -> str:
    """The file of a version: ``kondusif-45-1.toml`` of ``kondusif-45/1``."""
    return f"{key.replace('/', '-')}.toml"


def text_digest(text: str) -> str:
    """SHA-256 of a text as it stands."""
    return hashlib.sha256(text.encode()).hexdigest()


def versions(folder: Path = FOLDER) -> tuple[str, ...]:
    """Keys of every published version, the oldest first."""
    return tuple(_digests(folder))


def load(key: str, folder: Path = FOLDER) -> Recipe:
    """A published version from its file.

    Raises RecipeError for a key that is not published and for a file that was changed since.
    """
    kept = _digests(folder).get(key)
    if kept is None:
        raise RecipeError(
            f"{key} is not published; known: {', '.join(versions(folder))}", why="not_published"
        )
    path = folder / file_of(key)
    if not path.exists():
        raise RecipeError(f"{path.name} is gone; take it back from the repository", why="published_gone")
    text = path.read_bytes().decode("utf-8")
    if text_digest(text) != kept["text"]:
        raise _changed(path, "text")
    recipe = Recipe.from_toml(text)
    if (recipe.key, recipe.digest) != (key, kept["method"]):
        raise _changed(path, "method")
    return recipe


def _changed(path: Path, what: str) -> RecipeError:
    return RecipeError(
        f"{path.name} was changed after it was published: its {what} digest is not the one in {DIGESTS}. "
        "Take the file back; a change is a new version (docs/how-to/change-a-rule.md).",
        why="published_changed",
        file=path.name,
    )


@cache
def published(key: str) -> Recipe:
    """A published version of the product. Raises RecipeError as ``load``."""
    return load(key)


def default_recipe() -> Recipe:
    """The version that holds where nobody chose another."""
    return published(DEFAULT)


@cache
def published_items() -> frozenset[str]:
    """Ids of every indicator that was ever published: none is given to another question."""
    return frozenset(item for key in versions() for item in published(key).by_id)


def problems(folder: Path = FOLDER) -> list[str]:
    """What is wrong with the files of a folder: changed, gone, or without a digest."""
    found = []
    for key in versions(folder):
        try:
            load(key, folder)
        except RecipeError as error:
            found.append(str(error))
    known = {DIGESTS, *map(file_of, versions(folder))}
    found += [f"{p.name} has no digest in {DIGESTS}" for p in folder.glob("*.toml") if p.name not in known]
    return found


def drafted(kode: str, version: str, rows: Iterable[CatalogueRow] | None = None) -> Recipe:
    """A recipe of every row of the catalogue, or of ``rows``; the rest as ``Recipe`` proposes it.

    Raises RecipeError where dimensions of the rows and of ``dimensions.csv`` differ.
    """
    found = tuple(entries() if rows is None else rows)
    return Recipe(
        kode,
        version,
        tuple(e.indicator for e in found),
        DIMENSION_WEIGHTS,
        force_without=tuple(e.indicator.id for e in found if not e.sizes_force),
        tps_items=tuple(e.indicator.id for e in found if e.indicator.level == TPS),
        floors=tuple(floor for e in found for floor in e.floors),
        dimension_names={d: own for d, (own, _english) in DIMENSIONS.items()},
    )


def publish(key: str, folder: Path = FOLDER) -> Path:
    """Freezes the catalogue under ``key`` and notes its digests; the file that was written.

    Raises RecipeError for a code that is published already: offices number their own versions of it, so that
    ``kondusif-45/2`` is theirs.
    """
    kode, _, version = key.partition("/")
    if not KODE.fullmatch(kode) or not version.isdigit():
        raise RecipeError(f"not a key: {key}; write a code and a number, as kondusif-46/1", why="kode")
    if kode in {known.partition("/")[0] for known in versions(folder)}:
        raise RecipeError(f"{kode} is published; offices count on from it, so take another code", why="kode")
    recipe = drafted(kode, version)
    text = recipe.to_toml()
    path = folder / file_of(key)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    with (folder / DIGESTS).open("a", encoding="utf-8", newline="\n") as file:
        file.write(f'\n["{key}"]\nmethod = "{recipe.digest}"\ntext = "{text_digest(text)}"\n')
    return path


def _digests(folder: Path) -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = tomllib.loads((folder / DIGESTS).read_text(encoding="utf-8"))
    return found
