"""Days and times are those of the zone that the policy names, wherever the program runs."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cli.shell import Shell

_BERLIN = ZoneInfo("Europe/Berlin")
_ZONES = ("America/New_York", "Asia/Tokyo")
_MAPPING = """
[source]
name = "other"
format = "csv"

[ticket]
id = "id"
subject = "subject"
state = "state"
created_at = "created"
resolved_at = "resolved"
requester = "requester"

[values.state]
done = "resolved"
"""
#: The first and the last ticket of October in Berlin, and their neighbours; then a change of time.
_TICKETS = """\
id,state,subject,created,resolved,requester
1,done,last of September,2026-09-30T21:59:59Z,2026-09-30T23:00:00Z,a@fab.example
2,done,first of October,2026-09-30T22:00:00Z,2026-10-02T23:30:00Z,a@fab.example
3,done,last of October,2026-10-31T22:59:59Z,2026-10-31T23:30:00Z,a@fab.example
4,done,first of November,2026-10-31T23:00:00Z,2026-11-01T08:00:00Z,a@fab.example
5,done,day of 25 hours,2026-10-25T22:30:00Z,2026-10-26T08:00:00Z,a@fab.example
"""
_REPORTS = [
    ["report", "kpi", "--month", "2026-10", "--by", "day"],
    ["report", "kpi", "--month", "2026-10", "--by", "week", "--format", "csv"],
    ["report", "kpi", "--month", "2026-10", "--by", "month", "--format", "markdown"],
    ["report", "kpi", "--month", "2026-10", "--by", "week", "--format", "html"],
    ["report", "kpi", "--month", "2026-10", "--by", "day", "--format", "json"],
    ["report", "kpi", "--from", "2026-10-01", "--to", "2026-10-31"],
    ["report", "kpi", "--month", "2026-10", "--by", "agent", "--format", "csv"],
    ["report", "kpi", "--from", "2020-01-01", "--to", "2026-10-31", "--by", "month"],
    ["report", "kpi", "--from", "2026-10-01T00:00", "--to", "2026-11-01T00:00", "--by", "week"],
    ["report", "time", "--month", "2026-10"],
    ["report", "time", "--month", "2026-10", "--json"],
    ["ticket", "list", "--query", "state:any created:2026-10-31"],
    ["ticket", "list", "--query", "state:any created>=2026-10-01 created<2026-11-01"],
    ["ticket", "list", "--query", "state:any resolved:2026-10-25"],
    ["ticket", "show", "3"],
    ["export", "tickets", "--query", "created:2026-10-25"],
]


@pytest.fixture
def berlin(shell: Shell) -> Shell:
    """A desk in Berlin, with tickets around the ends of October."""
    text = shell.run("policy", "show").stdout.decode()
    policy = shell.folder / "policy.toml"
    policy.write_text(text.replace('timezone = "host"', 'timezone = "Europe/Berlin"'))
    shell.json("policy", "apply", str(policy))
    (shell.folder / "map.toml").write_text(_MAPPING)
    (shell.folder / "old.csv").write_text(_TICKETS)
    done = shell.json(
        "import", str(shell.folder / "old.csv"), "--map", str(shell.folder / "map.toml")
    )
    assert done["tickets"] == 5
    return shell


def _in_zones(shell: Shell, *arguments: str) -> Iterator[bytes]:
    """Yield what a command prints in a real process of each zone, without when it was made."""
    for zone in _ZONES:
        shell.env["TZ"] = zone
        done = shell.process(*arguments)
        assert done.returncode == 0, done.stderr
        yield re.sub(rb'"made_at": "[^"]*"', b"", done.stdout)


@pytest.mark.parametrize("arguments", _REPORTS, ids=" ".join)
def test_a_report_is_the_same_in_every_zone(berlin: Shell, arguments: list[str]) -> None:
    first, *others = _in_zones(berlin, *arguments)
    assert [other == first for other in others] == [True] * (len(_ZONES) - 1)
    if arguments[0] == "report" or arguments[1] == "show":
        assert b"Europe/Berlin" in first.replace(b"\\/", b"/")


def test_october_begins_and_ends_at_midnight_of_the_desk(berlin: Shell) -> None:
    berlin.env["TZ"] = "America/New_York"
    document = json.loads(berlin.process("report", "kpi", "--month", "2026-10", "--json").stdout)
    assert document["period"] == {
        "label": "2026-10",
        "start": "2026-09-30T22:00:00Z",
        "end": "2026-10-31T23:00:00Z",
        "timezone": "Europe/Berlin",
    }
    logged = next(each for each in document["kpis"] if each["name"] == "logged")
    assert logged["value"] == 3
    listed = berlin.process("ticket", "list", "--query", "state:any created:2026-10-31", "--json")
    assert [one["subject"] for one in json.loads(listed.stdout)] == ["last of October"]


def test_a_time_that_is_typed_is_one_of_the_desk(berlin: Shell) -> None:
    year = datetime.now(UTC).year + 1
    berlin.json("ticket", "new", "-s", "x")
    for zone in _ZONES:
        berlin.env["TZ"] = zone
        arguments = ("ticket", "pend", "6", "--on", "date", "--until", f"{year}-07-01 14:00")
        done = berlin.process(*arguments)
        assert f"until {year}-07-01 14:00 (Europe/Berlin)" in done.stdout.decode()
        done = berlin.process("ticket", "follow-up", "6", "--at", "fri 14:00", "--json")
        shown = json.loads(done.stdout)
        assert shown["waiting_until"] == f"{year}-07-01T12:00:00Z"
        at = datetime.fromisoformat(shown["follow_up_at"]).astimezone(_BERLIN)
        assert (at.weekday(), at.hour, at.minute) == (4, 14, 0)
        assert timedelta(0) < at - datetime.now(UTC) <= timedelta(days=7)
        berlin.json("ticket", "resume", "6")


def test_the_zone_of_the_host_is_that_of_when_the_policy_was_applied(shell: Shell) -> None:
    shell.env["TZ"] = "Asia/Tokyo"
    text = shell.run("policy", "show").stdout
    (shell.folder / "policy.toml").write_bytes(text)
    assert b'timezone = "host"' in text
    assert shell.process("policy", "apply", str(shell.folder / "policy.toml")).returncode == 0
    shell.env["TZ"] = "America/New_York"
    month = shell.process("report", "kpi", "--month", "2026-10").stdout.decode().splitlines()[0]
    assert month == "KPIs, 2026-10: 2026-10-01 00:00 to 2026-11-01 00:00 (Asia/Tokyo)"
