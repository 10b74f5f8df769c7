"""Floors and TPS classes as small tables; each row of the CSV is one rule (RULES 3 and 4)."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from kondusif.answers.answer import Answer, Given
from kondusif.classes.classify import assess
from kondusif.instrument.indicator import is_companion
from tests import cast

HERE = Path(__file__).parent
DESA, TPS, DAY = "99.01.01.2001", "99.01.01.2001-01", date(2023, 10, 8)

VILLAGES = {"calm": cast.CALM, "tense": cast.TENSE}


def rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row["case"]) for row in csv.DictReader(file)]


def read(text, place):
    """``D05=1@-40`` is one weapon, observed forty days ago."""
    for k, part in enumerate(text.split()):
        item, _, rest = part.partition("=")
        what, _, ago = rest.partition("@")
        on = DAY + timedelta(int(ago or 0))
        named = is_companion(item)
        yield Answer(
            f"{place}/{k}/{part}",
            place,
            item,
            None if named else float(what),
            what if named else "",
            Given.VALUE,
            on,
            "berkas",
            "petugas",
        )


def village(name, but=()):
    text = " ".join(f"{i}={x}" for i, x in VILLAGES[name].items() if i not in but)
    return list(read(text, DESA))


@pytest.mark.parametrize("row", rows("floors.csv"))
def test_floors(row):
    spoken_of = {part.partition("=")[0].partition("_")[0] for part in row["answers"].split()}
    answers = village("calm", but=spoken_of) + list(read(row["answers"], DESA))
    got = assess(cast.RECIPE, answers, DESA, (), on=DAY, stage=row["stage"]).classification
    assert got.level == int(row["level"])
    assert [f.id for f in got.floors] == row["fired"].split()
    assert list(got.unknown_floors) == row["unknown"].split()


@pytest.mark.parametrize("row", rows("tps_class.csv"))
def test_class_of_a_station(row):
    own = list(read(row["village answers"], DESA))
    answers = (
        village(row["village"], but={a.item for a in own}) + own + list(read(row["station answers"], TPS))
    )
    got = assess(cast.RECIPE, answers, DESA, [TPS], on=DAY, stage="masa_tenang")
    assert got.classification.level == int(row["village level"])
    assert got.tps[TPS].level == int(row["tps level"])
    assert got.tps[TPS].because == tuple(row["because"].split())
