"""Parsing and formatting of the time spent on a ticket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.time_spent import MAX_MINUTES, minutes_text, read_minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("25m", 25), ("25 min", 25), ("1h", 60), ("1h 30m", 90), ("1H30M", 90), ("1.5h", 90),
        ("0,25h", 15), ("0.01h", 1), ("1:30", 90), ("90", 90), (" 2h ", 120), ("24h", 1440),
    ],
)  # fmt: skip
def test_time_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert read_minutes(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "x", "0", "0m", "-5m", "1d", "25h", "1:60", "٣٠", "1h 30s", "m"]
)
def test_an_invalid_time_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        read_minutes(text)


@given(st.integers(1, MAX_MINUTES))
def test_what_is_written_is_read_back(minutes: int) -> None:
    assert read_minutes(minutes_text(minutes)) == minutes


@given(st.text(max_size=12))
def test_any_other_text_is_refused_with_a_sentence(text: str) -> None:
    try:
        assert 0 < read_minutes(text) <= MAX_MINUTES
    except RefusedError:
        return
