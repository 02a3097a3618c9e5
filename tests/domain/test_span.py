"""Parsing and formatting of spans of time with different sets of units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.span import (
    DAYS_TO_SECONDS,
    HOURS_MINUTES,
    SpanFormat,
    SpanPart,
    SpanUnit,
    span_text,
)

_EXACT = SpanFormat(DAYS_TO_SECONDS, count="[0-9]{1,6}", several=True, any_case=False)
_MONTHS = SpanFormat({"d": SpanUnit.DAY, "m": SpanUnit.MONTH}, blanks=False)


@given(st.integers(1, 400 * SpanUnit.DAY))
def test_a_span_is_read_as_it_is_written(seconds: int) -> None:
    text = span_text(seconds, parts=4)
    assert sum(part.seconds for part in _EXACT.read(text)) == seconds
    assert len(text.split()) <= 4


def test_the_format_says_what_a_letter_means() -> None:
    assert _EXACT.read("3m") == (SpanPart(3, "m", SpanUnit.MINUTE),)
    assert _MONTHS.read("3M") == (SpanPart(3, "m", SpanUnit.MONTH),)
    assert _MONTHS.read("3m")[0].seconds == 90 * SpanUnit.DAY


@pytest.mark.parametrize(
    "text", ["", "3", "m", "3 m", "3m 2d", "12345d", "-3d", "3h", " 3d", "３d"]
)
def test_a_text_outside_the_format_is_not_a_span(text: str) -> None:
    assert _MONTHS.read(text) == ()


@pytest.mark.parametrize("text", ["3M", "1h30", "1.5h", "1w"])
def test_other_units_capitals_and_a_remainder_are_not_accepted(text: str) -> None:
    assert _EXACT.read(text) == ()


def test_a_longer_name_of_a_unit_wins() -> None:
    minutes = SpanFormat({**HOURS_MINUTES, "min": SpanUnit.MINUTE}, several=True)
    assert [part.letter for part in minutes.read("1h 25 min")] == ["h", "min"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"), (45, "45s"), (60, "1m 00s"), (750, "12m 30s"), (3599, "59m 59s"),
        (3600, "1h 00m"), (11_520, "3h 12m"), (86_399, "23h 59m"), (86_400, "1d 0h"),
        (190_800, "2d 5h"), (-750, "-12m 30s"),
    ],
)  # fmt: skip
def test_the_largest_unit_that_fits_is_shown_with_the_next(seconds: int, text: str) -> None:
    assert span_text(seconds) == text


def test_a_span_is_shown_in_the_given_units() -> None:
    assert span_text(3700, HOURS_MINUTES, compact=True) == "1h 1m"
    assert span_text(7200, HOURS_MINUTES, compact=True) == "2h"
    assert span_text(59, HOURS_MINUTES) == "0m"
    assert span_text(90_000, DAYS_TO_SECONDS, parts=1) == "1d"
    assert span_text(-90_000, DAYS_TO_SECONDS, minus="−") == "−1d 1h"
