"""F04 from visits, F05 from pledges, F06 from commitments (RULES 7). # method 7.6"""

from datetime import UTC, date, datetime, timedelta

import pytest

from kondusif.answers.answer import Answer, Given
from kondusif.dialogue import DialogueError
from kondusif.dialogue.indicators import (
    SOURCE_LIMIT,
    DueCommitment,
    commitments_kept,
    derived_answers,
    pledges_signed,
    replace_field_answers,
    visits_made,
    without_empty_registers,
)

ON = date(2023, 10, 9)
NOW = datetime(2023, 10, 9, 11, tzinfo=UTC)


def oct_(day: int) -> datetime:
    return datetime(2023, 10, day, tzinfo=UTC)


WORKED = (
    DueCommitment("k1", oct_(1), kept_at=datetime(2023, 9, 30, tzinfo=UTC)),
    DueCommitment("k2", oct_(5), kept_at=oct_(6)),  # late
    DueCommitment("k3", oct_(8), kept_at=oct_(7)),  # moved from the 3rd: counts by its new moment
    DueCommitment("k4", oct_(2)),  # nobody owns it
    DueCommitment("k5", oct_(20)),  # not due
)


def test_the_worked_example() -> None:
    days = [date(2023, 9, 9), date(2023, 9, 10), date(2023, 10, 1), ON]
    assert visits_made(days, in_use=True, on=ON).value == 3
    assert pledges_signed({1: "signed", 2: "signed", 3: "broken"}).value == pytest.approx(200 / 3)
    assert commitments_kept(WORKED, now=NOW, in_use=True).value == 50


def test_a_register_of_visits_that_nobody_uses_says_nothing() -> None:
    assert visits_made([], in_use=False, on=ON) is None
    assert visits_made([], in_use=True, on=ON).value == 0


def test_a_visit_to_come_is_no_visit() -> None:
    assert visits_made([ON + timedelta(days=1)], in_use=True, on=ON).value == 0


@pytest.mark.parametrize(
    ("pledges", "value"),
    [
        ({1: "signed", 2: "signed"}, 100),
        ({1: "signed", 2: "unsigned"}, 50),
        ({1: "broken", 2: "unsigned"}, 0),
    ],
)
def test_pledges_in_per_cent_of_candidates(pledges, value) -> None:
    assert pledges_signed(pledges).value == value


def test_one_unknown_pledge_leaves_the_item_to_the_field() -> None:
    assert pledges_signed({1: "signed", 2: None}) is None


def test_no_candidates_is_not_applicable_and_not_zero() -> None:
    assert pledges_signed({}).value is None


@pytest.mark.parametrize(
    ("promise", "value"),
    [
        (DueCommitment("k", oct_(8), kept_at=oct_(8)), 100),
        (DueCommitment("k", oct_(8), kept_at=oct_(9)), 0),
        (DueCommitment("k", oct_(8)), 0),
        (DueCommitment("k", oct_(8), kept_at=oct_(7), broken=True), 0),
        (DueCommitment("k", oct_(20), broken=True), 0),  # broken before its moment: nothing will be kept
        (DueCommitment("k", oct_(20), kept_at=oct_(7)), None),  # kept early is not due yet
        (DueCommitment("k", None, kept_at=oct_(7)), None),  # never due
    ],
)
def test_a_due_commitment_is_on_time_or_not(promise, value) -> None:
    assert commitments_kept([promise], now=NOW, in_use=True).value == value


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(DialogueError):
        DueCommitment("k", datetime(2023, 10, 8))


def test_the_order_of_rows_changes_nothing() -> None:
    assert commitments_kept(WORKED[::-1], now=NOW, in_use=True) == commitments_kept(
        WORKED, now=NOW, in_use=True
    )


def test_a_source_names_its_rows_and_fits_its_column() -> None:
    assert commitments_kept(WORKED, now=NOW, in_use=True).source == (
        "Komitmen k1 tepat waktu, k2 tidak, k3 tepat waktu, k4 tidak"
    )
    many = [DueCommitment(f"komitmen-{n}", oct_(1)) for n in range(50)]
    assert len(commitments_kept(many, now=NOW, in_use=True).source) == SOURCE_LIMIT


def test_an_empty_register_does_not_outvote_the_field() -> None:
    empty = pledges_signed({})
    assert without_empty_registers([empty], {"F05"}) == ()
    assert without_empty_registers([empty], ()) == (empty,)
    none_due = commitments_kept([], now=NOW, in_use=True)  # commitments there are, none is due
    assert without_empty_registers([none_due], {"F06"}) == (none_due,)


def test_a_derived_answer_stands_over_the_fields_own_of_that_day() -> None:
    place = "99.01.01.2001"
    typed = Answer("a", place, "F06", 0.0, "", Given.VALUE, ON, "Rekap", "petugas1")
    other = Answer("b", place, "F04", 1.0, "", Given.VALUE, ON, "Rekap", "petugas1")
    derived = derived_answers(place, [commitments_kept([], now=NOW, in_use=True)], ON)
    assert replace_field_answers([typed, other], derived) == (other, *derived)
    assert derived[0].given is Given.NOT_APPLICABLE
