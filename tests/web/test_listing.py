"""Lists are found, sorted and paged by the address alone, whatever it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif_web.pages.listing import Listing, value_at

ROWS = [{"desa": {"nama": f"Karang {n:02d}"}, "skor": n % 5 or None} for n in range(60)]
ORDERS = {"desa.nama": "Nama", "-skor": "Skor"}
FIND = ("desa.nama",)


def listing(**given):
    return Listing({k.replace("_", "-"): v for k, v in given.items()}, ROWS, find=FIND, orders=ORDERS)


@given(st.dictionaries(st.sampled_from(["cari", "urut", "halaman"]), st.text(max_size=12)))
def test_no_address_breaks_a_list_and_every_row_stands_on_one_page(asked):
    first = Listing(asked, ROWS, find=FIND, orders=ORDERS)
    pages = [
        Listing(asked | {"halaman": str(n + 1)}, ROWS, find=FIND, orders=ORDERS)
        for n in range(first.page.paginator.num_pages)
    ]
    shown = [row["desa"]["nama"] for page in pages for row in page]
    assert len(shown) == len(set(shown)) == first.found <= first.total == 60


@pytest.mark.parametrize(
    ("asked", "first"), [("07", "Karang 07"), ("karang 5", "Karang 05"), ("tidak", None)]
)
def test_every_word_is_looked_for_whatever_its_case(asked, first):
    assert next((r["desa"]["nama"] for r in listing(cari=asked)), None) == first


def test_a_row_without_a_value_comes_last_whichever_way_is_sorted():
    last = listing(urut="-skor", halaman="3")
    assert [r["skor"] for r in listing(urut="-skor")][:3] == [4, 4, 4]
    assert [r["skor"] for r in last][-1] is None
    assert last.query == "urut=-skor&"


def test_two_lists_of_one_page_keep_what_the_other_was_asked():
    both = Listing({"janji-halaman": "2", "cari": "0"}, ROWS, name="janji", per=10)
    assert both.page.number == 2 and both.query == "cari=0&"
    assert both.rest == "cari=0"
    assert listing(janji_halaman="2").others == [("janji-halaman", "2")]


def test_a_path_reads_as_a_template_does():
    assert value_at(({"a": {"b": 3}},), "0.a.b") == 3
    assert value_at({"a": None}, "a.b") == ""
