"""Every method number that code cites stands in the method pages, and every example there is true."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CITED = re.compile(r"method ([12]\.\d+)(?:-([12]\.\d+))?")


def headings():
    pages = ("1-measure.md", "2-classify.md")
    text = "\n".join((ROOT / "docs/method" / p).read_text(encoding="utf-8") for p in pages)
    return set(re.findall(r"^## (\d\.\d+) ", text, flags=re.M))


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "src/kondusif").rglob("*.py")),
    ids=lambda p: p.relative_to(ROOT / "src").as_posix(),
)
def test_cited_numbers_exist(path):
    cited = {n for pair in CITED.findall(path.read_text(encoding="utf-8")) for n in pair if n}
    assert cited <= headings()


def test_numbers_run_without_gaps():
    for part in "12":
        numbers = sorted(int(h.split(".")[1]) for h in headings() if h.startswith(part))
        assert numbers == list(range(1, len(numbers) + 1))
