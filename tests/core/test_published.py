"""A published version is a file with its digests: read as it is, refused when changed, never rewritten."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kondusif.errors import RecipeError
from kondusif.instrument.published import (
    DEFAULT,
    DIGESTS,
    FOLDER,
    default_recipe,
    file_of,
    load,
    problems,
    publish,
    published,
    text_digest,
    versions,
)
from kondusif.instrument.published.__main__ import main

FIRST = "kondusif-45/1"
DIGEST = "521ff46aeb691a4d8cafebacc7f2156a1d90e822e597e5dc0a1dc7bec948dffd"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def edited(copy: Path, old: str, new: str) -> Path:
    path = copy / file_of(FIRST)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return copy


def test_the_first_version_is_the_method_it_always_was():
    """Assessments carry this digest: it never changes."""
    assert published(FIRST).digest == DIGEST


def test_it_is_what_holds_where_nobody_chose():
    assert (DEFAULT, default_recipe()) == (FIRST, published(FIRST))


def test_every_published_file_is_as_it_was():
    assert problems() == [] and main(["--check"]) == 0
    assert [load(key).key for key in versions()] == list(versions())


@pytest.mark.parametrize(
    "old, new",
    [
        ("cuts = [20.0, 40.0]", "cuts = [20.0, 41.0]"),  # a rule
        ("weight = 3.0", "weight = 3.5"),  # a weight
        ("Petahana mencalonkan diri", "Petahana mencalonkan diri lagi"),  # a word
        ("\n", "\n# a remark\n"),
    ],
)
def test_an_edit_without_a_new_version_is_refused_and_named(copy, old, new):
    folder = edited(copy, old, new)
    with pytest.raises(RecipeError, match="a change is a new version") as caught:
        load(FIRST, folder)
    assert caught.value.facts["file"] == file_of(FIRST)
    assert len(problems(folder)) == 1


def test_another_text_digest_hides_no_other_method(copy):
    before = text_digest((copy / file_of(FIRST)).read_text(encoding="utf-8"))
    folder = edited(copy, "near = 2.0", "near = 3.0")
    after = text_digest((folder / file_of(FIRST)).read_text(encoding="utf-8"))
    digests = folder / DIGESTS
    digests.write_text(digests.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(RecipeError, match="method digest"):
        load(FIRST, folder)


def test_a_file_that_is_gone_or_has_no_digest_is_named(copy):
    (copy / file_of(FIRST)).rename(copy / "kondusif-46-1.toml")
    assert [line.split()[0] for line in problems(copy)] == [file_of(FIRST), "kondusif-46-1.toml"]


def test_a_key_that_is_not_published_is_refused():
    with pytest.raises(RecipeError, match=FIRST):
        published("kondusif-45/9")


def test_a_new_version_is_the_catalogue_as_it_stands(copy):
    path = publish("kondusif-46/1", copy)
    made = load("kondusif-46/1", copy)
    assert (path.name, made.key) == ("kondusif-46-1.toml", "kondusif-46/1")
    assert versions(copy) == (*versions(), "kondusif-46/1") and problems(copy) == []
    assert load(FIRST, copy).digest == DIGEST


@pytest.mark.parametrize("key", [FIRST, "kondusif-45/2", "kondusif-46", "Kondusif/1"])
def test_a_version_is_published_once_and_under_a_code_of_its_own(copy, key):
    """``kondusif-45/2`` is the name of an office's own next version."""
    with pytest.raises(RecipeError):
        publish(key, copy)
    assert versions(copy) == versions() and problems(copy) == []
