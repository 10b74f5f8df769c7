"""The examples in docstrings of the core say what the code does."""

import doctest
from importlib import import_module

import pytest

from tests.requires import ROOT

SOURCE = ROOT / "src"
SHOWN = [
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((SOURCE / "kondusif").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", SHOWN)
def test_an_example_gives_what_it_shows(name):
    failed, tried = doctest.testmod(import_module(name))
    assert tried and not failed
