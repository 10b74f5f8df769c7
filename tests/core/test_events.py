"""The book says only what the table of kinds holds."""

from __future__ import annotations

import re

import pytest

from kondusif import events


@pytest.mark.parametrize("kind", events.EVENT_KINDS.values(), ids=lambda k: k.kind)
def test_every_kind_is_a_plain_name_with_a_version(kind):
    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", kind.kind)
    assert kind.version >= 1
    assert len(set(kind.needs)) == len(kind.needs)


@pytest.mark.parametrize("kind", [k for k in events.EVENT_KINDS.values() if k.needs], ids=lambda k: k.kind)
def test_every_key_a_kind_needs_is_asked_for(kind):
    whole = dict.fromkeys(kind.needs, 1)
    assert events.check(kind.kind, whole) is kind
    for key in kind.needs:
        with pytest.raises(events.UnknownEvent, match=key):
            events.check(kind.kind, {k: v for k, v in whole.items() if k != key})


def test_an_unknown_kind_is_refused():
    with pytest.raises(events.UnknownEvent):
        events.check("result_counted", {})


def test_no_kind_asks_for_personal_data():
    personal = {"name", "nama", "phone", "telepon", "nik", "kk", "address", "alamat", "votes", "suara"}
    assert not {key for kind in events.EVENT_KINDS.values() for key in kind.needs} & personal
