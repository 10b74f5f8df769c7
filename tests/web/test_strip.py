"""The strip of stages says today's H, and a class of long ago its day."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from kondusif.stages import Election, calendar, h
from kondusif_web.classes.wording import dated_firmness, firmness_in_force
from kondusif_web.pages.wording import hari_h
from kondusif_web.situation.board import strip

JAYAPURA = Election(
    datetime(2023, 10, 10, 7, tzinfo=ZoneInfo("Asia/Jayapura")),
    tz="Asia/Jayapura",
    inauguration_at=datetime(2023, 12, 28, 9, tzinfo=ZoneInfo("Asia/Jayapura")),
)


@pytest.mark.parametrize("day", range(-70, 101))
def test_now_is_todays_h_in_every_stage_between_stages_and_after_the_last(day):
    for clock in (timedelta(minutes=1), timedelta(hours=12), timedelta(hours=23, minutes=59)):
        now = datetime(2023, 10, 10, tzinfo=JAYAPURA.zone) + timedelta(days=day) + clock
        steps = strip(JAYAPURA, now)
        (at,) = [n for n, step in enumerate(steps) if step.keadaan == "kini"]
        assert steps[at].judul == hari_h(h(JAYAPURA, now)) == hari_h(day)
        assert [s.keadaan for s in steps] == ["lalu"] * at + ["kini"] + ["nanti"] * (len(steps) - at - 1)
        starts = {stage.kode: stage.start for stage in calendar(JAYAPURA)}
        assert all((starts[s.kode] <= now) is (s.keadaan != "nanti") for s in steps if s.kode in starts)


def assessed(on, level=2, **c):
    c = {"level": level, "held": False, "firmness": "pasti", **c}
    return SimpleNamespace(on=on, level=level, results={"class": c})


@pytest.mark.parametrize(
    ("on", "said"),
    [(date(2023, 10, 9), "pasti"), (date(2023, 10, 8), "pasti per Min 8 Okt"), (date(2023, 8, 19), "19 Agu")],
)
def test_a_class_of_long_ago_is_not_sure_without_its_day(on, said):
    row = assessed(on)
    word = dated_firmness(row, row.results["class"], {}, date(2023, 10, 9))
    assert said in str(word)
    assert firmness_in_force(row, 3, {}, date(2023, 10, 9)) == ""
    held = assessed(on, held=True)
    assert ("per" in str(dated_firmness(held, held.results["class"], {}, date(2023, 10, 9)))) is (on.day != 9)
