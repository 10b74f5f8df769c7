"""Keys and rows into recipes of the core. A text is read once and kept by its digest."""

from __future__ import annotations

from kondusif.instrument.pairwise import Pair
from kondusif.instrument.published import DEFAULT, published, text_digest, versions
from kondusif.instrument.recipe import Recipe
from kondusif_web.instrument.models import Comparison, Instrument

PRODUCT = {key: published(key) for key in versions()}  # the product's own, in every office without a row
OWN = DEFAULT
OURS = PRODUCT[OWN]


def full_key(key: str) -> str:
    """``kondusif-45/1`` for every spelling of it."""
    return OWN if key in ("", OURS.kode) else key


_READ: dict[str, Recipe] = {}  # by text digest


def recipe_of(key: str = "") -> Recipe:
    """The recipe that a key names, the product's own or a stored version. Raises KeyError on an unknown one.

    A stored one costs one small query; its text is read only the first time.
    """
    if full_key(key) == OWN:
        return OURS
    kode, _, version = key.rpartition("/")
    found = Instrument.objects.filter(kode=kode, version=version).values_list("text_digest", "pk").first()
    if found is None:
        return PRODUCT[key]
    return _READ.get(found[0]) or recipe_in(Instrument.objects.get(pk=found[1]))


def recipe_in(row: Instrument) -> Recipe:
    """The recipe of a row."""
    digest = text_digest(row.text)
    if digest not in _READ:
        if len(_READ) >= 64:  # a draft leaves a text behind with every change
            _READ.clear()
        _READ[digest] = Recipe.from_toml(row.text)
    return _READ[digest]


def judgements_of(row: Comparison) -> dict[Pair, float]:
    """The judgements of one judge as the core reads them."""
    return {pair_of(key): float(value) for key, value in row.judgements.items()}


def pair_of(key: str) -> Pair:
    """``"A01/A02"`` as a pair."""
    first, _, second = key.partition("/")
    return first, second
