"""docs/how-to/new-indicator.md, carried out on a copy: one row, one number, and nothing published changes."""

from __future__ import annotations

import csv
import json

import pytest

from kondusif.classes.score import answer_log, score_place
from kondusif.instrument.catalogue import COLUMNS, catalogue
from kondusif.instrument.published import published
from tests import cast
from tests.howto import Copy, blocks

(_, ROW), (_, NUMBER) = blocks("new-indicator")
KEY = "kondusif-uji/1"
DAY = cast.NOW.date()

# Runs in the copy and says as JSON what the rows did.
ASK = """
import json, sys
from datetime import date
from kondusif.classes.classify import assess
from kondusif.instrument.catalogue import catalogue
from kondusif.instrument.published import default_recipe, published
from kondusif.instrument.reference import indicators_markdown
from kondusif.answers.answer import Answer, Given
from kondusif.classes.score import answer_log, score_place

said = json.load(sys.stdin)
day, desa = date.fromisoformat(said["day"]), said["desa"]
item, companion = said["item"], said["companion"]
base = [Answer(i, desa, i, x, "", Given.VALUE, day, "", "") for i, x in said["answers"].items()]
found = Answer("n", desa, item, 1.0, "", Given.VALUE, day, "", "")
yes = Answer("y", desa, companion, None, "yes", Given.VALUE, day, "", "")
old, new = published("kondusif-45/1"), published(said["key"])

def fired(recipe, *more):
    got = assess(recipe, [*base, *more], desa, (), on=day, stage="masa_tenang").classification
    return [f.id for f in got.floors], got.level

json.dump(
    {
        "old": old.digest,
        "default": default_recipe().key,
        "old_items": list(old.items),
        "old_score": score_place(old, answer_log(old, [*base, found], day), desa, stage="masa_tenang").total,
        "old_fired": fired(old, found, yes),
        "new_items": list(new.items),
        "new_force_without": list(new.force_without),
        "quiet": fired(new),
        "new_fired": fired(new, found, yes),
        "risk": catalogue()[item].risk(said["answer"]),
        "page": indicators_markdown(),
    },
    sys.stdout,
)
"""


@pytest.fixture(scope="module")
def row() -> dict[str, str]:
    (cells,) = csv.reader([ROW])
    return dict(zip(COLUMNS, cells, strict=True))


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory, row: dict[str, str]) -> dict:
    """The page followed to its end on a copy of the tree."""
    copy = Copy(tmp_path_factory.mktemp("copy"))
    copy.follow("new-indicator")
    page = copy.run(
        "-c", "from kondusif.instrument.reference import indicators_markdown as page; print(page())"
    )
    copy.run("-m", "kondusif.instrument.published", "--publish", KEY)
    copy.run("-m", "kondusif.instrument.published", "--check")
    copy.run("-m", "pytest", "-q", "-p", "no:xdist", "tests/golden/test_risks.py")
    said = {
        "key": KEY,
        "day": DAY.isoformat(),
        "desa": cast.KARANGJATI,
        "answers": cast.CALM,
        "item": row["id"],
        "companion": row["companions"].partition(":")[0],
        "answer": float(NUMBER.split(",")[1]),
    }
    return json.loads(copy.run("-c", ASK, said=json.dumps(said))) | {"page_before": page}


def test_the_row_of_the_page_is_whole_and_its_code_is_free(row):
    assert row["id"] not in catalogue() and row["floors"] and row["companions"]


def test_what_is_published_stays_as_it_was(followed, row):
    ours = published("kondusif-45/1")
    calm = cast.answers(cast.CALM, cast.KARANGJATI)
    assert followed["old"] == ours.digest and followed["default"] == ours.key
    assert followed["old_items"] == list(ours.items) and row["id"] not in followed["old_items"]
    assert (
        followed["old_score"]
        == score_place(ours, answer_log(ours, calm, DAY), cast.KARANGJATI, stage="masa_tenang").total
    )
    assert followed["old_fired"] == [[], 1]


def test_the_next_version_asks_it_and_its_floor_fires(followed, row):
    assert {row["id"], row["companions"].partition(":")[0]} <= set(followed["new_items"])
    assert followed["quiet"] == [[], 1]
    assert followed["new_fired"] == [["D90_korban"], 3]
    assert row["id"] not in followed["new_force_without"]  # it sizes the force, as its row says


def test_its_golden_number_holds(followed, row):
    item, _answer, risk = NUMBER.strip().split(",")
    assert item == row["id"] and followed["risk"] == pytest.approx(float(risk), abs=1e-12)


def test_the_page_of_indicators_lists_it_apart_until_an_operation_begins_with_it(followed, row):
    for page in (followed["page"], followed["page_before"]):
        _published, _, rest = page.partition("## Not published yet")
        assert f"- **{row['id']}** {row['name_id']}" in rest
