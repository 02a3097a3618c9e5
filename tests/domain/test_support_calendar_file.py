"""Support calendars as documents: what is accepted, and the error for each mistake."""

from typing import Any

import pytest

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours import dump_calendar, parse_calendar

GOOD: dict[str, Any] = {
    "timezone": "Europe/Berlin",
    "hours": {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "fri": [["22:00", "06:00"]]},
    "holidays": ["2024-12-25"],
    "special": {"2024-12-24": [["09:00", "12:00"]], "2024-12-27": []},
    "maintenance": [["2024-03-02T23:00:00+01:00", "2024-03-03T02:00:00Z"]],
}


def test_every_part_is_read_and_written() -> None:
    written = dump_calendar(parse_calendar(GOOD))
    assert written == {
        **GOOD,
        "hours": {"tue": [], "wed": [], "thu": [], "sat": [], "sun": [], **GOOD["hours"]},
        "maintenance": [["2024-03-02T22:00:00Z", "2024-03-03T02:00:00Z"]],
    }


def test_hours_may_be_a_text() -> None:
    assert parse_calendar({"timezone": "UTC", "hours": "24/7"}).week.is_round_the_clock


def test_parts_that_are_left_out_are_empty() -> None:
    calendar = parse_calendar({"timezone": "UTC", "hours": {}})
    assert calendar.week.is_closed
    assert not calendar.holidays


def test_touching_spans_and_a_night_up_to_the_next_days_first_span_are_fine() -> None:
    hours = {"mon": [["22:00", "06:00"], ["09:00", "12:00"], ["12:00", "17:00"]]}
    hours["tue"] = [["06:00", "07:00"]]
    assert parse_calendar({"timezone": "UTC", "hours": hours}).week.minutes == 17 * 60


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"timezone": "Europe/Berlim"}, "calendar.timezone: 'Europe/Berlim' is no time zone"),
        ({"timezone": "../../etc/passwd"}, "calendar.timezone: '../../etc/passwd' is no time"),
        ({"timezone": "Europe"}, "calendar.timezone: 'Europe' is no time zone"),
        ({"timezone": "UTC\0"}, "calendar.timezone: 'UTC\\x00' is no time zone"),
        ({"timezone": ""}, "calendar.timezone: '' is no time zone"),
        ({"timezone": None}, "calendar.timezone: None is no time zone"),
        ({"hours": []}, "calendar.hours: an object {…} is needed, not a list"),
        ({"hours": "whenever"}, "calendar.hours: 'whenever' are no support hours"),
        ({"hours": {"monday": []}}, "calendar.hours: 'monday' is no weekday"),
        ({"hours": {"tue": {}}}, "calendar.hours.tue: a list […] is needed, not an object"),
        (
            {"hours": {"tue": ["09:00", "17:00"]}},
            "calendar.hours.tue[0]: a list […] is needed, not a text",
        ),
        ({"hours": {"tue": [["09:00"]]}}, "calendar.hours.tue[0]: a list of two times like"),
        ({"hours": {"tue": [["09:00", "25:00"]]}}, "calendar.hours.tue[0]: 25:00 is no time of"),
        ({"hours": {"tue": [["09:00", "24:01"]]}}, "calendar.hours.tue[0]: 24:01 is no time of"),
        ({"hours": {"tue": [["09:60", "10:00"]]}}, "calendar.hours.tue[0]: '09:60' is no time"),
        ({"hours": {"tue": [["9", "10:00"]]}}, "calendar.hours.tue[0]: '9' is no time of day"),
        ({"hours": {"tue": [["٠٩:٠٠", "10:00"]]}}, "calendar.hours.tue[0]: '٠٩:٠٠' is no time"),
        ({"hours": {"tue": [[9, 17]]}}, "calendar.hours.tue[0]: 9 is no time of day"),
        ({"hours": {"tue": [["09:00", "09:00"]]}}, "calendar.hours.tue[0]: 09:00-09:00 begins"),
        ({"hours": {"tue": [["24:00", "09:00"]]}}, "calendar.hours.tue[0]: 24:00-09:00 begins at"),
        (
            {"hours": {"tue": [["09:00", "12:00"], ["11:00", "13:00"]]}},
            "calendar.hours.tue[1]: 11:00-13:00 overlaps 09:00-12:00",
        ),
        (
            {"hours": {"tue": [["11:00", "13:00"], ["09:00", "12:00"]]}},
            "calendar.hours.tue[0]: 11:00-13:00 overlaps 09:00-12:00",
        ),
        (
            {"hours": {"tue": [["20:00", "06:00"], ["22:00", "23:00"]]}},
            "calendar.hours.tue[1]: 22:00-23:00 overlaps 20:00-06:00",
        ),
        (
            {
                "hours": {
                    "tue": [["22:00", "06:00"]],
                    "wed": [["07:00", "08:00"], ["05:00", "06:00"]],
                }
            },
            "calendar.hours.wed[1]: 05:00-06:00 overlaps 22:00-06:00 of tue",
        ),
        (
            {"hours": {"sun": [["22:00", "06:00"]], "mon": [["05:59", "08:00"]]}},
            "calendar.hours.mon[0]: 05:59-08:00 overlaps 22:00-06:00 of sun",
        ),
        ({"holidays": "2024-12-25"}, "calendar.holidays: a list […] is needed, not a text"),
        ({"holidays": ["2024-12-25", "25.12."]}, "calendar.holidays[1]: '25.12.' is no date"),
        ({"holidays": ["2023-02-29"]}, "calendar.holidays[0]: '2023-02-29' is no date"),
        ({"holidays": ["20241225"]}, "calendar.holidays[0]: '20241225' is no date"),
        ({"special": ["2024-12-24"]}, "calendar.special: an object {…} is needed, not a list"),
        ({"special": {"tomorrow": []}}, "calendar.special: 'tomorrow' is no date"),
        (
            {"special": {"2024-12-24": [["9:00"]]}},
            "calendar.special.2024-12-24[0]: a list of two times",
        ),
        (
            {"special": {"2024-12-24": [["09:00", "12:00"], ["11:00", "13:00"]]}},
            "calendar.special.2024-12-24[1]: 11:00-13:00 overlaps",
        ),
        (
            {"maintenance": [["2024-03-03T02:00:00Z", "2024-03-02T02:00:00Z"]]},
            "calendar.maintenance[0]: 2024-03-03T02:00:00+00:00 to 2024-03-02T02:00:00+00:00 is",
        ),
        (
            {"maintenance": [["2024-03-03T02:00:00", "2024-03-04T02:00:00Z"]]},
            "calendar.maintenance[0]: '2024-03-03T02:00:00' names no time zone",
        ),
        ({"holiday": []}, "calendar: 'holiday' is not known here: use timezone, hours, holidays"),
    ],
)
def test_a_mistake_is_named_with_its_place(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RefusedError) as error:
        parse_calendar({**GOOD, **change})
    assert str(error.value).startswith(sentence)


@pytest.mark.parametrize("key", ["timezone", "hours"])
def test_a_missing_required_key_is_named(key: str) -> None:
    with pytest.raises(RefusedError, match=f"^calendars.eu: '{key}' is missing"):
        parse_calendar({name: GOOD[name] for name in GOOD if name != key}, "calendars.eu")


@pytest.mark.parametrize("document", [None, [], "24/7", 5, True])
def test_a_document_of_another_kind_is_refused(document: object) -> None:
    with pytest.raises(RefusedError, match=r"^calendar: an object {…} is needed, not "):
        parse_calendar(document)
