"""A number typed in the office is read as in a file: comma or point, never a guess."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kondusif_web.instrument.forms import NumberField


@pytest.mark.parametrize(
    ("text", "value"),
    [("0,25", 0.25), ("0.25", 0.25), ("1.250,5", 1250.5), ("1 250", 1250.0), ("-3", -3.0), ("1,2500", 1.25)],
)
def test_a_number_has_a_decimal_comma_or_point(text, value):
    assert NumberField().clean(text) == value


@pytest.mark.parametrize(
    ("text", "said"), [("1.250", "1800"), ("1,250", "1800"), ("dua", "angka"), ("5%", "angka")]
)
def test_what_can_be_read_in_two_ways_is_asked_again(text, said):
    with pytest.raises(ValidationError, match=said):
        NumberField().clean(text)


@given(st.floats(-9999, 9999).map(lambda x: round(x, 3)))
def test_what_a_form_shows_is_what_it_takes_back(value):
    field = NumberField()
    assert field.clean(field.prepare_value(value)) == value
