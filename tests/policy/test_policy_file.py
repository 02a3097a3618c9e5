"""The policy file: the meaning of its settings, and the line of every mistake."""

import json
import random
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpdesk.desk.policy.files import starter_text
from helpdesk.domain.escalation import Level
from helpdesk.domain.policy.desk_rules import DeskRules
from helpdesk.domain.priority import MATRIX, Impact, Priority, Urgency
from helpdesk.domain.sla.alarms import BREACH, AlarmAction
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.span import span_text
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.domain.ticket import Channel, Kind
from helpdesk.policy import Policy, PolicyFinding, read_policy
from helpdesk.policy.context import PolicyContext
from helpdesk.policy.customers import PriceModel
from helpdesk.policy.duration import parse_span

TODAY = date(2026, 11, 24)
AROUND = PolicyContext(TODAY, "Europe/Berlin")
_DAY = 24 * 3600

BASE = """\
name = "Base"
timezone = "Europe/Berlin"

[calendars.office]
hours = "mon-fri 09:00-17:00"

[customers.Acme]
domains = ["acme.example"]
support_hours = "office"

[services.mail]
keywords = "outlook"

[sla.Common]
calendar = "office"

[sla.Common.targets]
P1 = { resolution = "4h" }
P2 = { resolution = "8h" }
P3 = { resolution = "1d" }
P4 = {}
"""


def read(text: str, folder: Path | None = None) -> Policy:
    """Return the policy of a text that must have no mistakes."""
    reading = read_policy(
        text, PolicyContext(TODAY, "Europe/Berlin", names_files=True, folder=folder)
    )
    assert reading.findings == ()
    assert reading.policy is not None
    return reading.policy


def mistakes(text: str, folder: Path | None = None) -> tuple[PolicyFinding, ...]:
    """Return the mistakes of a text that must have some."""
    reading = read_policy(
        text, PolicyContext(TODAY, "Europe/Berlin", names_files=True, folder=folder)
    )
    assert reading.policy is None
    assert reading.findings
    return reading.findings


def line_of(text: str, part: str) -> int:
    """Return the line on which a part of a text begins."""
    return text[: text.index(part)].count("\n") + 1


def test_the_starter_means_what_it_says() -> None:
    policy = read(starter_text())
    rules = policy.rulebook
    assert policy.label == "Starter"
    assert {level: (one.name, one.ola_s) for level, one in rules.levels.items()} == {
        Level.L1: ("Help desk", 4 * 3600),
        Level.L2: ("Application support", 16 * 3600),
        Level.L3: ("Development", 40 * 3600),
        Level.L4: ("Vendors", None),
    }
    assert rules.ladder == {Level.L1: Level.L2, Level.L2: Level.L3, Level.L3: Level.L4}
    assert rules.matrix == MATRIX
    assert rules.pauses.resolution == {EventKind.PENDING_REQUESTER}
    assert rules.close_after_s == 7 * _DAY
    assert rules.alarms.percents("resolution") == (75, 90, BREACH)
    assert rules.alarms.percents("ola") == ()
    assert rules.alarms.shown_from("first_response") == 75
    assert rules.alarms.actions("next_update", 90) == (
        AlarmAction.NOTIFY_ASSIGNEE,
        AlarmAction.NOTIFY_LEAD,
    )
    assert policy.calendars["8/5"] == SupportCalendar.weekly("Europe/Berlin", "mon-fri 09:00-17:00")
    assert policy.services["mail"].production
    (standard,) = policy.slas
    targets = standard.targets[Priority.P1]
    assert (targets.first_response_s, targets.next_update_s, targets.resolution_s) == (
        *(900, 3600),
        4 * 3600,
    )


def test_the_starters_example_of_a_customer_is_valid() -> None:
    lines = starter_text().splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("# [customers."))
    last = next(place for place, line in enumerate(lines) if line == "# …")
    for place in range(first, last):
        lines[place] = lines[place].removeprefix("# ").removeprefix("#")
    lines[last] = "\n".join(f'P{number} = {{ resolution = "1d" }}' for number in (2, 3, 4))
    policy = read("\n".join(lines))
    contract = policy.customers["Contoso Manufacturing"]
    assert contract.channels == (Channel.PHONE, Channel.MAIL)
    assert (contract.levels, contract.team_size) == ((Level.L1, Level.L2, Level.L3), 4)
    assert (contract.starts, contract.ends) == (date(2026, 1, 1), date(2028, 12, 31))
    assert contract.price_model is PriceModel.BUCKET
    assert [sla.name for sla in policy.slas] == ["Standard 24/7", "Gold"]


def test_a_rulebook_is_the_same_after_it_was_stored() -> None:
    rules = read(starter_text()).rulebook
    assert DeskRules.from_document(json.loads(json.dumps(rules.as_document()))) == rules


def test_what_is_left_out_has_its_usual_meaning() -> None:
    policy = read(BASE)
    assert policy.rulebook == DeskRules(timezone="Europe/Berlin")
    contract = policy.customers["Acme"]
    assert (contract.levels, contract.channels) == (tuple(Level), tuple(Channel))
    (sla,) = policy.slas
    assert (sla.customers, sla.services, sla.kinds) == ((), (), ())
    assert sla.targets[Priority.P4].resolution_s is None


def test_an_sla_can_be_for_several_of_each() -> None:
    more = (
        '[sla.More]\ncalendar = "office"\ncustomers = ["Acme"]\nservices = ["mail"]\n'
        'kinds = ["request", "change"]\n[sla.More.targets]\nP1 = {}\nP2 = {}\nP3 = {}\nP4 = {}\n'
    )
    policy = read(BASE + more)
    assert set(policy.slas[1].terms()) == {
        ("Acme", "mail", Kind.REQUEST),
        ("Acme", "mail", Kind.CHANGE),
    }


_WRONG: list[tuple[str, str, str, str]] = [
    # (the text to replace, its replacement, the place of the mistake, a part of the sentence)
    ('"Europe/Berlin"', '"Mars/Olympus"', "timezone", "is no time zone"),
    ('"mon-fri 09:00-17:00"', '"mon-fri 09:00-17:00, 16:00-18:00"', "hours", "overlaps"),
    ('"mon-fri 09:00-17:00"', '"mon-fri 25:00-26:00"', "hours", "25:00 is no time of day"),
    ('"mon-fri 09:00-17:00"', "7", "hours", "is needed, not a number"),
    ("hours = ", "hour = ", "calendars.office.hour", "is not known here"),
    ('calendar = "office"', 'calendar = "night"', "sla.Common.calendar", "no calendar 'night'"),
    ('support_hours = "office"', 'support_hours = "x"', "support_hours", "no calendar 'x'"),
    ('["acme.example"]', '["acme"]', "domains[0]", "is no mail domain"),
    ('["acme.example"]', "3", "domains", "list"),
    ('P1 = { resolution = "4h" }', "P1 = 4", "sla.Common.targets.P1", "table"),
    ('"4h"', '"4 hours"', "targets.P1.resolution", "is no span of time"),
    ('"4h"', "4", "targets.P1.resolution", "is no span of time"),
    ("P4 = {}", "P5 = {}", "sla.Common.targets.P5", "is not known here"),
    ('calendar = "office"', 'calendar = "office"\nkinds = ["bug"]', "kinds[0]", "not one of"),
    ('calendar = "office"', 'calendar = "office"\ncustomers = ["X"]', "customers[0]", "not in"),
    ('name = "Base"', 'name = ""', "name", "is no text"),
    ('name = "Base"', "name = 3", "name", "is no text"),
    ("[services.mail]", "[services]\nmail = 3\n[services.web]", "services.mail", "table"),
    ('keywords = "outlook"', "production = 1", "production", "true or false"),
]
_ADDED: list[tuple[str, str, str]] = [
    ("[levels.L5]\n", "levels.L5", "there is no level 'L5'"),
    ('[levels.L1]\nola = "0m"\n', "levels.L1.ola", "is no span"),
    ('[escalation]\nL1 = "L2"\nL2 = "L1"\n', "escalation.L1", "goes in a circle"),
    ('[escalation]\nL2 = "L2"\n', "escalation.L2", "goes in a circle"),
    ('[escalation]\nL3 = "L2"\n', "escalation.L3", "L2 is below L3"),
    ("[customers.Old]\nends = 2026-11-23\n", "customers.Old.ends", "ended on 2026-11-23"),
    (
        "[customers.Odd]\nstarts = 2027-02-01\nends = 2027-01-01\n",
        "customers.Odd.ends",
        "before it starts",
    ),
    ('[customers.B]\ndomains = ["Acme.example"]\n', "customers.B.domains[0]", "belongs to 'Acme'"),
    ("[customers.acme]\n", "customers.acme", "twice"),
    ("[services.Mail]\n", "services.Mail", "twice"),
    ("[customers.B]\nteam_size = 0\n", "customers.B.team_size", "from 1 on"),
    ('[customers.B]\nchannels = ["fax"]\n', "customers.B.channels[0]", "'fax' is not one of"),
    ('[[alarms]]\nat = "120%"\n', "alarms[0].at", "neither a share"),
    ("[[alarms]]\nat = 75\n", "alarms[0].at", "neither a share"),
    ("[[alarms]]\n", "alarms[0].at", "missing"),
    ('[[alarms]]\nat = "50%"\ndo = ["pray"]\n', "alarms[0].do[0]", "'pray' is not one of"),
    ('[[alarms]]\nat = "50%"\n[[alarms]]\nat = "50%"\n', "alarms[1].at", "already"),
    ('[[alarms]]\nat = "breach"\nshow = true\n', "alarms[0].show", "shown in any case"),
    ('[[alarms]]\nat = "5%"\nclocks = ["x"]\n', "alarms[0].clocks[0]", "not one of"),
    (
        '[matrix]\nhigh = { high = "P0" }\nlow = {}\nmedium = {}\n',
        "matrix.high.high",
        "'P0' is not one of",
    ),
    ('[pauses]\nfirst_response = ["requester"]\n', "pauses.first_response", "not known here"),
    ('[pauses]\nresolution = "requester"\n', "pauses.resolution", "list"),
    ('[closing]\nafter_resolved = "soon"\n', "closing.after_resolved", "is no span"),
    ("[calendars.b]\n", "calendars.b.hours", "missing"),
    ('[sla.B]\nkinds = ["change"]\ncalendar = "office"\n', "sla.B.targets", "missing"),
    (
        '[calendars.b]\nhours = "24/7"\nholidays = ["2026-02-30"]\n',
        "calendars.b.holidays[0]",
        "is no date",
    ),
    (
        (
            '[calendars.b]\nhours = "24/7"\nholidays = ["2026-12-24"]\n'
            'special = { "12-24" = "09:00-12:00" }\n'
        ),
        "calendars.b.special.12-24",
        "among the holidays, too",
    ),
    (
        '[calendars.b]\nhours = "24/7"\npublic_holidays = { country = "XX" }\n',
        "calendars.b.public_holidays",
        "no holidays are known for 'XX'",
    ),
    (
        '[calendars.b]\nhours = "24/7"\npublic_holidays = { country = "DE", region = "ZZ" }\n',
        "calendars.b.public_holidays",
        "has no region 'ZZ'",
    ),
    (
        '[calendars.b]\nhours = "24/7"\nholiday_files = ["days.ics"]\n',
        "calendars.b.holiday_files[0]",
        "is a relative path: write the whole path",
    ),
    ("[surprise]\n", "surprise", "is not known here"),
    (
        '[sla.Again]\ncalendar = "office"\n[sla.Again.targets]\nP1={}\nP2={}\nP3={}\nP4={}\n',
        "sla.Again",
        "fits the same tickets as 'Common'",
    ),
    (
        '[customers.B]\n[sla.B]\ncustomers = ["B"]\n[sla.B.targets]\nP1={}\nP2={}\nP3={}\nP4={}\n',
        "sla.B.calendar",
        "has no support_hours",
    ),
]


@pytest.mark.parametrize(("before", "after", "place", "sentence"), _WRONG)
def test_a_mistake_is_named_with_its_line_and_place(
    before: str, after: str, place: str, sentence: str
) -> None:
    assert before in BASE
    found = mistakes(BASE.replace(before, after, 1))
    matching = [
        mistake for mistake in found if place in mistake.place and sentence in mistake.sentence
    ]
    assert matching, found
    assert abs(matching[0].line - line_of(BASE, before)) <= max(1, after.count("\n"))


@pytest.mark.parametrize(("more", "place", "sentence"), _ADDED)
def test_a_mistake_in_what_is_added_is_named_with_its_line(
    more: str, place: str, sentence: str
) -> None:
    (found, *_) = mistakes(BASE + more)
    assert (found.place, sentence in found.sentence) == (place, True), found
    assert found.line > BASE.count("\n")


def test_without_a_default_sla_it_says_so() -> None:
    found = mistakes(
        BASE.replace('calendar = "office"\n\n', 'calendar = "office"\nkinds = ["problem"]\n')
    )
    assert "there is no default" in found[0].sentence


def test_all_mistakes_are_named_in_the_order_of_lines() -> None:
    text = BASE.replace('"4h"', '"x"').replace('"8h"', '"y"').replace("mon-fri", "mon-fry")
    found = mistakes(text)
    assert len(found) == 3
    assert [one.line for one in found] == sorted(one.line for one in found)
    assert str(found[1]).startswith(f"{line_of(text, 'P1')}: sla.Common.targets.P1.resolution: ")


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ('name = "x\n', 1, "this is no TOML"),
        ('name = "a"\n\nname = "b"\n', 3, "this is no TOML"),
        ("a = [" * 2000, 1, ""),
        ("a = " + "[" * 36 + "]" * 36, 1, "nested too deep"),
        ("a = " + "[" * 60 + "]" * 60, 1, "nested more than 40 levels deep"),
        ("a = 1" + "0" * 300, 1, "more than 64 bits"),
        ("#" + "x" * (5 * 1024 * 1024), 1, "larger than 4 MiB"),
    ],
)
def test_what_is_no_policy_at_all_has_one_mistake(text: str, line: int, sentence: str) -> None:
    (found,) = mistakes(text)
    assert (found.line, sentence in found.sentence) == (line, True)


_VALUES = (
    *("3", "true", '"x"', "[]", "{}", "2026-01-01", '["a", 1]', "1.5", "-1", "nan", '""'),
    *('"\\u001b[31m"', "2026-01-01T00:00:00Z", "[[1], [2]]", "{ a = { b = 1 } }"),
)


@given(seed=st.integers(0, 10**9), times=st.integers(1, 4))
def test_a_damaged_file_is_read_or_its_mistakes_are_named(seed: int, times: int) -> None:
    rng = random.Random(seed)
    text = starter_text()
    for _ in range(times):
        match rng.randrange(3):
            case 0:  # replace a value
                found = rng.choice(list(re.finditer(r"= (.+)$", text, re.MULTILINE)))
                text = text[: found.start(1)] + rng.choice(_VALUES) + text[found.end(1) :]
            case 1:  # cut a piece out
                start = rng.randrange(len(text))
                text = text[:start] + text[start + rng.randrange(1, 60) :]
            case 2:  # repeat a line
                lines = text.split("\n")
                place = rng.randrange(len(lines))
                text = "\n".join([*lines[:place], lines[place], *lines[place:]])
    reading = read_policy(text, AROUND)
    assert (reading.policy is None) == bool(reading.findings)
    for one in reading.findings:
        assert 1 <= one.line <= text.count("\n") + 1
        assert one.sentence.endswith(".")
        assert "\x1b" not in str(one)


@given(st.lists(st.tuples(st.integers(0, 999_999), st.sampled_from("dhms")), min_size=1))
def test_a_span_is_the_sum_of_its_parts(parts: list[tuple[int, str]]) -> None:
    seconds = sum(count * {"d": _DAY, "h": 3600, "m": 60, "s": 1}[unit] for count, unit in parts)
    assume(seconds > 0)
    for blank in ("", " "):
        assert parse_span(blank.join(f"{count}{unit}" for count, unit in parts)) == seconds


@given(st.integers(1, 400 * _DAY))
def test_a_span_is_read_as_it_is_written(seconds: int) -> None:
    assert parse_span(span_text(seconds, parts=4)) == seconds


@pytest.mark.parametrize("text", ["", "0m", "1", "m", "1y", "-1h", "1.5h", "1h30", "１h", None, 5])
def test_what_is_no_span_is_refused(text: object) -> None:
    with pytest.raises(Exception, match="is no span of time"):
        parse_span(text)


def calendar(lines: str, folder: Path | None = None) -> SupportCalendar:
    """Return the calendar of a policy with 8/5 hours and these additional lines."""
    more = f'[calendars.tried]\nhours = "mon-fri 09:00-17:00"\n{lines}\n'
    return read(BASE + more, folder).calendars["tried"]


def closed_on(tried: SupportCalendar, *days: date) -> bool:
    """Whether a calendar has no support hours on each of these days."""
    noons = [datetime(day.year, day.month, day.day, 12, tzinfo=tried.zone) for day in days]
    return not any(tried.is_open(noon) for noon in noons)


def test_public_holidays_are_those_of_the_region() -> None:
    germany = calendar('public_holidays = { country = "DE" }')
    bavaria = calendar('public_holidays = { country = "DE", region = "BY" }')
    epiphany = date(2027, 1, 6)
    assert closed_on(germany, date(2027, 1, 1), date(2028, 12, 25), date(2035, 10, 3))
    assert closed_on(bavaria, date(2027, 1, 1), epiphany)
    assert not closed_on(germany, epiphany)


def test_a_special_day_overrides_a_looked_up_holiday() -> None:
    half = calendar(
        'public_holidays = { country = "DE" }\nspecial = { "2027-01-01" = "09:00-12:30" }'
    )
    assert half.is_open(datetime(2027, 1, 1, 12, 0, tzinfo=half.zone))
    assert not half.is_open(datetime(2027, 1, 1, 12, 30, tzinfo=half.zone))


def test_holidays_may_be_a_day_of_every_year_or_one_date() -> None:
    tried = calendar('holidays = ["12-24", 2027-05-07, "02-29"]\nspecial = { "12-31" = "closed" }')
    assert closed_on(tried, date(2026, 12, 24), date(2029, 12, 24), date(2027, 5, 7))
    assert closed_on(tried, date(2027, 12, 31), date(2028, 2, 29))
    assert not closed_on(tried, date(2028, 5, 5))


def test_maintenance_closes_support_hours() -> None:
    tried = calendar('maintenance = [["2027-03-05T10:00:00Z", 2027-03-05T11:00:00Z]]')
    noon = datetime(2027, 3, 5, 12, 0, tzinfo=tried.zone)
    assert tried.elapsed(noon.replace(hour=0), noon.replace(hour=23)) == 7 * 3600


_ICS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
{events}
END:VCALENDAR
"""


def ics(folder: Path, *events: str) -> Path:
    """Write an iCalendar file with these events."""
    named = (one if "UID:" in one else f"{one}\nUID:{n}" for n, one in enumerate(events))
    blocks = "\n".join(f"BEGIN:VEVENT\n{one}\nEND:VEVENT" for one in named)
    file = folder / "days.ics"
    file.write_text(_ICS.format(events=blocks).replace("\n", "\r\n"))
    return file


def test_days_off_come_from_icalendar_files(tmp_path: Path) -> None:
    ics(
        tmp_path,
        "SUMMARY:outing\nDTSTART;VALUE=DATE:20270506",
        "SUMMARY:shutdown\nDTSTART;VALUE=DATE:20270802\nDTEND;VALUE=DATE:20270807",
        "SUMMARY:every year\nDTSTART;VALUE=DATE:20200915\nRRULE:FREQ=YEARLY;UNTIL=20290101\n"
        "EXDATE;VALUE=DATE:20280915",
        "SUMMARY:all hands\nDTSTART;TZID=Europe/Berlin:20270510T100000\n"
        "DTEND;TZID=Europe/Berlin:20270510T120000",
        "SUMMARY:local time\nDTSTART:20270511T100000\nDURATION:PT90M",
    )
    tried = calendar('holiday_files = ["days.ics"]', tmp_path)
    assert closed_on(tried, date(2027, 5, 6), date(2027, 8, 2), date(2027, 8, 6))
    assert not closed_on(tried, date(2027, 8, 9))
    assert closed_on(tried, date(2026, 9, 15), date(2027, 9, 15))
    assert not closed_on(tried, date(2028, 9, 15))
    for day, left in ((10, 6 * 3600), (11, 6 * 3600 + 1800)):
        start = datetime(2027, 5, day, 0, 0, tzinfo=tried.zone)
        assert tried.elapsed(start, start.replace(hour=23)) == left


def test_what_was_cancelled_added_or_moved_counts_as_the_file_says(tmp_path: Path) -> None:
    series = "SUMMARY:outing\nDTSTART;VALUE=DATE:20270503\nRRULE:FREQ=WEEKLY;COUNT=5\nUID:series"
    file = ics(
        tmp_path,
        "SUMMARY:cancelled\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20270105",
        "SUMMARY:cancelled series\nSTATUS:cancelled\nDTSTART;VALUE=DATE:20270106\n"
        "RRULE:FREQ=YEARLY",
        "SUMMARY:perhaps\nSTATUS:TENTATIVE\nTRANSP:TRANSPARENT\nDTSTART;VALUE=DATE:20270107",
        "SUMMARY:three days\nDTSTART;VALUE=DATE:20270201\n"
        "RDATE;VALUE=DATE:20270203,20270205\nRDATE;VALUE=DATE:20280210\n"
        "EXDATE;VALUE=DATE:20270205",
        "SUMMARY:yearly and once more\nDTSTART;VALUE=DATE:20200304\nRRULE:FREQ=YEARLY\n"
        "RDATE;VALUE=DATE:20270309\nEXDATE:20280304T000000",
        "SUMMARY:all hands\nDTSTART;TZID=Europe/Berlin:20270412T100000\nDURATION:PT1H\n"
        "RDATE;TZID=Europe/Berlin:20270413T100000\n"
        "RDATE;VALUE=PERIOD:20270414T080000Z/PT2H,20270415T080000Z/20270415T110000Z",
        series,
        "SUMMARY:moved\nRECURRENCE-ID;VALUE=DATE:20270510\nDTSTART;VALUE=DATE:20270511\nUID:series",
        "SUMMARY:off\nRECURRENCE-ID;VALUE=DATE:20270517\nDTSTART;VALUE=DATE:20270517\n"
        "STATUS:CANCELLED\nUID:series",
        "SUMMARY:another\nRECURRENCE-ID;VALUE=DATE:20270524\nDTSTART;VALUE=DATE:20270525\nUID:other",
    )
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    tried = calendar('holiday_files = ["days.ics"]', tmp_path)
    for closed in ("01-07", "02-01", "02-03", "03-04", "03-09", "05-03", "05-11", "05-24", "05-25"):
        assert closed_on(tried, date.fromisoformat(f"2027-{closed}")), closed
    for opened in ("01-05", "01-06", "02-05", "05-10", "05-17"):
        assert not closed_on(tried, date.fromisoformat(f"2027-{opened}")), opened
    assert closed_on(tried, date(2028, 2, 10))
    assert not closed_on(tried, date(2028, 3, 6))
    for day, hours in ((12, 7), (13, 7), (14, 6), (15, 5)):
        start = datetime(2027, 4, day, 0, 0, tzinfo=tried.zone)
        assert tried.elapsed(start, start.replace(hour=23)) == hours * 3600, day


def test_a_calendar_that_cancels_its_events_closes_nothing(tmp_path: Path) -> None:
    file = ics(tmp_path, "SUMMARY:off\nDTSTART;VALUE=DATE:20270506")
    text = file.read_text()
    file.write_text(text.replace("VERSION:2.0", "VERSION:2.0\nMETHOD:CANCEL"))
    assert "METHOD" in file.read_text()
    assert not closed_on(calendar('holiday_files = ["days.ics"]', tmp_path), date(2027, 5, 6))


@pytest.mark.parametrize(
    "event",
    [
        "SUMMARY:no rule\nDTSTART;VALUE=DATE:20270506\nEXRULE:FREQ=YEARLY",
        "DTSTART;VALUE=DATE:20270506\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20270505",
        "DTSTART:20270506T080000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20270507T080000Z/20270501T080000Z",
        "DTSTART:20270506T080000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20270507T080000Z/PT-1H",
        "SUMMARY:bad day\nDTSTART;VALUE=DATE:20270506\nRDATE;VALUE=DATE:20279999",
        "SUMMARY:bad place\nDTSTART;VALUE=DATE:20270506\nRECURRENCE-ID;VALUE=DATE:20279999",
        "SUMMARY:no start",
        "SUMMARY:backwards\nDTSTART;VALUE=DATE:20270506\nDTEND;VALUE=DATE:20270501",
        "SUMMARY:for ever\nDTSTART;VALUE=DATE:20270506\nDTEND;VALUE=DATE:29990101",
        "SUMMARY:each second\nDTSTART:20270506T000000\nDTEND:20270506T000001\nRRULE:FREQ=SECONDLY",
        "SUMMARY:often\nDTSTART;VALUE=DATE:20270506\nRRULE:FREQ=DAILY;BYHOUR=1,2;BYSECOND=1,2",
        "SUMMARY:since Rome\nDTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY",
        "SUMMARY:each zero days\nDTSTART;VALUE=DATE:20270506\nRRULE:FREQ=DAILY;INTERVAL=0",
        "SUMMARY:\x1b[31m\nDTSTART;VALUE=DATE:20279999",
    ],
)
def test_an_event_that_makes_no_sense_is_named(tmp_path: Path, event: str) -> None:
    file = ics(tmp_path, event)
    more = f'[calendars.b]\nhours = "24/7"\nholiday_files = ["{file}"]\n'
    (found,) = mistakes(BASE + more)
    assert (found.place, "days.ics" in found.sentence) == ("calendars.b.holiday_files[0]", True)
    assert "\x1b" not in found.sentence


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\n"])
def test_a_file_that_is_no_icalendar_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.ics").write_bytes(content)
    found = mistakes(BASE + '[calendars.b]\nhours = "24/7"\nholiday_files = ["x.ics"]\n', tmp_path)
    assert found[0].place == "calendars.b.holiday_files[0]"


@pytest.mark.parametrize("impact", Impact)
@pytest.mark.parametrize("urgency", Urgency)
def test_the_matrix_gives_a_priority_for_everything(impact: Impact, urgency: Urgency) -> None:
    assert read(starter_text()).rulebook.priority_of(impact, urgency) is MATRIX[impact, urgency]
