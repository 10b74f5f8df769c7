"""Words for forces, kinds of post, states of a posting, and refused moves."""

from __future__ import annotations

from collections.abc import Mapping

from kondusif_web.pages.wording import Rupa
from kondusif_web.words import lazy_table

FORCES: Mapping[str, str] = lazy_table("forces")

JENIS: Mapping[str, object] = lazy_table("post_kinds")

_STATES = lazy_table("posting_states")
POSTING_STATES: Mapping[str, Rupa] = {
    "ordered": Rupa("jam", _STATES["ordered"], "biasa"),
    "on_post": Rupa("siaga", _STATES["on_post"], "buka"),
    "returning": Rupa("surut", _STATES["returning"], "diam"),
    "home": Rupa("pulang", _STATES["home"], "buka"),
    "cancelled": Rupa("padam", _STATES["cancelled"], "biasa"),
}
