"""The book finds any edit, insertion, deletion and re-order; against a head also truncation (RULES 27)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif import logbook
from kondusif.logbook import Break, Entry, RowMark, chain, entry_hash, last_rows, verify_lines

AT = datetime(2023, 10, 11, 7, 5, tzinfo=UTC)


def link(
    last: Entry | None, *, kind: str, at: datetime, recorded_at: datetime | None = None, **told
) -> Entry:
    return chain(last, Entry(kind, at, recorded_at or at, **told))


def book(n: int = 6) -> list[Entry]:
    entries: list[Entry] = []
    for i in range(n):
        entries.append(
            link(
                entries[-1] if entries else None,
                kind="situation_reported",
                at=AT + timedelta(minutes=i),
                by="petugas1",
                kode_desa="99.01.01.2001",
                subject=f"s{i}",
                payload={"aman": True, "n": i},
                rows={f"field_report:{i}": f"{i:064d}"},
            )
        )
    return entries


def lines_of(entries: list[Entry]) -> list[str]:
    return [e.to_json() for e in entries]


def kinds(lines: list[str], head: str | None = None) -> set[Break]:
    return {f.what for f in verify_lines(lines, head)}


def test_a_whole_book_has_no_findings():
    entries = book()
    assert verify_lines(lines_of(entries), head=entries[-1].hash) == ()


def test_an_earlier_head_still_holds_when_the_book_grew():
    entries = book()
    assert verify_lines(lines_of(entries), head=entries[2].hash[:16]) == ()


def test_an_empty_book_is_whole_but_holds_no_head():
    assert verify_lines([]) == ()
    assert kinds([], head="ab" * 32) == {Break.TRUNCATED}


def test_an_entry_survives_the_way_through_json():
    entry = book(1)[0]
    assert Entry.from_json(entry.to_json()) == entry
    assert entry_hash(entry) == entry.hash


@pytest.mark.parametrize("name", sorted(logbook._NAMES))
def test_an_edit_of_any_field_is_found(name):
    entries = book()
    raw = json.loads(entries[2].to_json())
    raw[name] = {str: "x", int: 99, dict: {"x": "y"}}[type(raw[name])]
    if name.endswith("_at"):
        raw[name] = "2020-01-01T00:00:00.000000Z"
    changed = lines_of(entries)
    changed[2] = logbook.canonical(raw)
    assert kinds(changed) & {Break.EDITED, Break.DELETED, Break.REORDERED}


def test_an_edit_with_its_hash_mended_breaks_the_next_line():
    entries = book()
    changed = replace(entries[2], payload={"aman": False})
    entries[2] = replace(changed, hash=entry_hash(changed))
    assert [(f.what, f.seq) for f in verify_lines(lines_of(entries))] == [(Break.INSERTED, 4)]


@pytest.mark.parametrize("at", [0, 2, 4])
def test_a_deletion_is_found(at):
    entries = book()
    del entries[at]
    assert kinds(lines_of(entries)) == {Break.DELETED}


def test_deleting_the_end_is_found_against_the_head():
    entries = book()
    assert verify_lines(lines_of(entries[:-1])) == ()
    assert kinds(lines_of(entries[:-1]), head=entries[-1].hash) == {Break.TRUNCATED}


def test_a_full_rewrite_is_found_against_the_head():
    head = book()[-1].hash
    other: list[Entry] = []
    for e in book():
        other.append(link(other[-1] if other else None, kind=e.kind, at=e.occurred_at, payload={"n": -1}))
    assert verify_lines(lines_of(other)) == ()
    assert kinds(lines_of(other), head=head) == {Break.TRUNCATED}


@pytest.mark.parametrize("at", [1, 3, 6])
def test_an_insertion_is_found(at):
    entries = book()
    extra = replace(link(entries[at - 1], kind="situation_reported", at=AT), seq=entries[at - 1].seq)
    entries.insert(at, replace(extra, hash=entry_hash(extra)))
    assert Break.INSERTED in kinds(lines_of(entries))


def test_a_re_order_is_found_and_is_not_called_a_deletion():
    entries = book()
    entries[2], entries[3] = entries[3], entries[2]
    assert kinds(lines_of(entries)) == {Break.REORDERED}


@pytest.mark.parametrize(
    "line", ["", "not json", "[]", "{}", '{"seq": 1}', "1", '{"a":NaN}', "[" * 100_000, "{" * 100_000]
)
def test_a_line_that_is_no_entry_is_a_finding_and_not_a_crash(line):
    changed = lines_of(book())
    changed[2] = line
    assert kinds(changed) == {Break.UNREADABLE}


def test_the_same_content_spelt_otherwise_is_an_edit():
    changed = lines_of(book())
    changed[1] = json.dumps(json.loads(changed[1]))
    assert kinds(changed) == {Break.EDITED}


def test_two_spellings_of_one_key_are_an_edit():
    changed = lines_of(book())
    changed[1] = changed[1].replace('"by":"petugas1"', '"by":"other","by":"petugas1"')
    assert kinds(changed) == {Break.EDITED}


def test_a_moment_is_the_same_in_every_zone():
    wib = timezone(timedelta(hours=7))
    assert link(None, kind="x", at=AT).hash == link(None, kind="x", at=AT.astimezone(wib)).hash


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="naive"):
        link(None, kind="x", at=datetime(2023, 10, 11))


def test_a_short_or_empty_head_is_not_found():
    entries = book()
    for head in ("", entries[-1].hash[:7]):
        assert kinds(lines_of(entries), head=head) == {Break.TRUNCATED}


def test_the_last_digest_of_a_row_wins_and_a_removed_row_is_gone():
    a = link(None, kind="x", at=AT, rows={"t:1": "aa", "t:2": "bb"}, columns={"t": ["id", "n"]})
    b = link(a, kind="x", at=AT, rows={"t:1": "cc", "t:2": ""}, columns={"t": ["id", "n", "new"]})
    assert last_rows([a, b]) == {"t:1": RowMark("cc", ("id", "n", "new"))}


def test_each_row_is_marked_over_the_columns_that_its_own_last_line_named():
    a = link(None, kind="x", at=AT, rows={"t:1": "aa", "t:2": "bb"}, columns={"t": ["id"]})
    b = link(a, kind="x", at=AT, rows={"t:2": "cc"}, columns={"t": ["id", "new"]})
    marks = last_rows([a, b])
    assert (marks["t:1"].columns, marks["t:2"].columns) == (("id",), ("id", "new"))


# one chain per operation: a line of another is never taken for one of this


def chain_of(operation: str, n: int = 3) -> list[Entry]:
    entries: list[Entry] = []
    for i in range(n):
        entries.append(
            link(entries[-1] if entries else None, kind="x", at=AT, subject=str(i), operation=operation)
        )
    return entries


@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_line_of_another_operation_is_named_and_breaks_nothing_else(at):
    ours = chain_of("uji")
    ours.insert(at, chain_of("lain")[1])
    (found,) = verify_lines(lines_of(ours), head=ours[-1].hash if at < 3 else None)
    assert (found.what, found.line, found.facts["operation"]) == (Break.FOREIGN, at + 1, "lain")


def test_a_chain_of_another_operation_spliced_in_is_found_line_by_line():
    lines = lines_of([*chain_of("uji", 5), *chain_of("lain", 3)])
    assert [(f.what, f.line) for f in verify_lines(lines)] == [(Break.FOREIGN, n) for n in (6, 7, 8)]


def test_a_foreign_line_in_the_place_of_our_own_leaves_a_gap():
    ours = chain_of("uji", 4)
    ours[1] = chain_of("lain", 4)[1]
    assert kinds(lines_of(ours)) == {Break.FOREIGN, Break.DELETED}


def test_a_line_that_is_only_relabelled_is_foreign_and_edited():
    ours = chain_of("uji", 4)
    ours[3] = replace(ours[3], operation="lain")
    assert kinds(lines_of(ours)) == {Break.FOREIGN, Break.EDITED}


def test_a_whole_chain_under_the_name_of_another_is_found_when_the_name_is_known():
    lines = lines_of(chain_of("lain"))
    assert verify_lines(lines) == ()
    assert {f.what for f in verify_lines(lines, operation="uji")} == {Break.FOREIGN}
    assert {f.what for f in verify_lines(lines_of(chain_of("")), operation="uji")} == {Break.FOREIGN}


def test_a_head_of_another_chain_is_not_held_by_a_line_of_it():
    ours, other = chain_of("uji", 4), chain_of("lain")
    lines = lines_of([*ours, other[0]])
    assert kinds(lines, head=other[0].hash) == {Break.FOREIGN, Break.TRUNCATED}


@given(st.data())
def test_any_change_of_any_byte_is_found(data):
    lines = lines_of(book(4))
    n = data.draw(st.integers(0, 3))
    at = data.draw(st.integers(0, len(lines[n]) - 1))
    new = data.draw(st.characters(blacklist_categories=("Cs",)))
    changed = lines[n][:at] + new + lines[n][at + 1 :]
    if changed != lines[n]:
        head = book(4)[-1].hash
        assert verify_lines([*lines[:n], changed, *lines[n + 1 :]], head=head)


@given(st.lists(st.integers(0, 5), max_size=8))
def test_only_the_true_sequence_verifies_against_its_head(order):
    entries = book()
    picked = [entries[i] for i in order]
    whole = order == list(range(len(entries)))
    assert (verify_lines(lines_of(picked), head=entries[-1].hash) == ()) is whole


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_any_payload_survives_the_way_through_json(value):
    entry = link(None, kind="x", at=AT, payload={"v": value})
    assert verify_lines([entry.to_json()], head=entry.hash) == ()


# a book written today verifies for ever: the spelling that goes into a hash never changes

LINE = (
    '{"by":"petugas1","columns":{"field_report":["id","note"]},"corrects":"s0",'
    '"hash":"7314121c113f005f4d76b100b140d27567f697398db50683a8e19e0511385d7b","kind":"situation_reported",'
    '"kode_desa":"99.01.01.2001","occurred_at":"2023-10-11T07:05:00.000000Z","operation":"uji",'
    '"payload":{"catatan":"aman – 25 °C","jalan":null,"n":1},'
    f'"prev":"{"0" * 64}","recorded_at":"2023-10-11T07:06:00.000250Z",'
    f'"rows":{{"field_report:1":"{"0" * 64}"}},"seq":1,"subject":"s1","version":2}}'
)


def test_the_line_and_the_hash_of_an_entry_are_as_they_always_were():
    entry = link(
        None,
        kind="situation_reported",
        at=datetime(2023, 10, 11, 14, 5, tzinfo=timezone(timedelta(hours=7))),
        recorded_at=datetime(2023, 10, 11, 7, 6, 0, 250, tzinfo=UTC),
        by="petugas1",
        kode_desa="99.01.01.2001",
        subject="s1",
        payload={"n": 1, "jalan": None, "catatan": "aman – 25 °C"},
        corrects="s0",
        operation="uji",
        version=2,
        rows={"field_report:1": "0" * 64},
        columns={"field_report": ("id", "note")},
    )
    assert entry.to_json() == LINE
    assert verify_lines([LINE], head="7314121c") == ()


@pytest.mark.parametrize("name", sorted(json.loads(LINE)))
@pytest.mark.parametrize("wrong", [None, True, 1.5, [], ["x"]])
def test_a_field_of_the_wrong_type_is_a_finding_and_never_a_crash(name, wrong):
    lines = lines_of(book(3))
    lines[1] = json.dumps(json.loads(lines[1]) | {name: wrong})
    assert Break.UNREADABLE in kinds(lines)


def test_a_number_that_is_not_json_is_a_finding():
    lines = [LINE.replace('"n":1', f'"n":{word}') for word in ("NaN", "Infinity", "-Infinity")]
    assert all(kinds([line]) == {Break.UNREADABLE} for line in lines)


def test_a_forged_line_that_only_carries_the_printed_head_does_not_hold_it():
    entries = book()
    head = entries[-1].hash
    forged = [*entries[:3], replace(entries[3], payload={"aman": False}, hash=head)]
    assert kinds(lines_of(forged), head) == {Break.EDITED, Break.TRUNCATED}


@pytest.mark.parametrize(("digits", "held"), [(7, False), (8, True), (64, True)])
def test_a_printed_head_has_at_least_eight_digits(digits, held):
    entries = book()
    assert (kinds(lines_of(entries), entries[-1].hash[:digits]) == set()) is held
