"""The time zone of the host, which the calendars of a new desk use."""

from importlib import resources
from pathlib import Path

import pytest

from helpdesk.desk.policy.host_zone import host_zone

_OFFSETS = [
    f"Etc/GMT{sign}{hours}" for sign, most in (("+", 12), ("-", 14)) for hours in range(1, most + 1)
]


@pytest.fixture
def etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty /etc of a host whose environment variable TZ is not set."""
    monkeypatch.delenv("TZ")
    folder = tmp_path / "etc"
    folder.mkdir()
    return folder


def _zone_file(name: str) -> bytes:
    return (resources.files("tzdata") / "zoneinfo" / name).read_bytes()


@pytest.mark.parametrize(
    ("named", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":America/New_York", "America/New_York"),
        ("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        # Not the name of a zone: the files decide.
        (":/etc/localtime", "Europe/Oslo"),
        ("localtime", "Europe/Oslo"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Oslo"),
        ("../../etc/passwd", "Europe/Oslo"),
        ("Europe", "Europe/Oslo"),
    ],
)
def test_the_variable_tz_has_precedence(
    etc: Path, monkeypatch: pytest.MonkeyPatch, named: str, zone: str
) -> None:
    (etc / "localtime").symlink_to("/nowhere/zoneinfo/Europe/Oslo")
    monkeypatch.setenv("TZ", named)
    assert host_zone(etc) == zone


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Argentina/Ushuaia", *_OFFSETS])
def test_a_link_names_the_zone(etc: Path, zone: str) -> None:
    (etc / "localtime").symlink_to(f"/nowhere/zoneinfo/{zone}")
    (etc / "timezone").write_text("Asia/Tokyo\n")
    assert host_zone(etc) == zone


@pytest.mark.parametrize("variant", ["posix/", "right/", "Etc/"])
def test_a_link_to_another_file_of_the_zone(etc: Path, variant: str) -> None:
    zone = "UTC" if variant == "Etc/" else "Europe/Berlin"
    (etc / "localtime").symlink_to(f"/nowhere/zoneinfo/{variant}{zone}")
    assert host_zone(etc) == zone


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Etc/GMT-7", "UTC"])
def test_a_copy_of_a_zone_file_is_recognised_by_its_content(etc: Path, zone: str) -> None:
    (etc / "localtime").write_bytes(_zone_file(zone))
    found = host_zone(etc)
    assert _zone_file(found) == _zone_file(zone)
    assert (found == zone) or zone == "Asia/Kathmandu"  # which has a second name, Asia/Katmandu


def test_if_a_file_has_several_names_the_one_in_timezone_is_taken(etc: Path) -> None:
    (etc / "localtime").write_bytes(_zone_file("Europe/Berlin"))
    (etc / "timezone").write_text("Europe/Berlin\n")
    assert host_zone(etc) == "Europe/Berlin"


def test_the_file_localtime_has_precedence_over_timezone(etc: Path) -> None:
    (etc / "localtime").write_bytes(_zone_file("Asia/Tokyo"))
    (etc / "timezone").write_text("Europe/Berlin\n")
    assert _zone_file(host_zone(etc)) == _zone_file("Asia/Tokyo")


def test_a_host_with_the_file_timezone_only(etc: Path) -> None:
    (etc / "timezone").write_text("Etc/GMT+3\n")
    assert host_zone(etc) == "Etc/GMT+3"
    (etc / "localtime").write_bytes(b"TZif of nobody")
    assert host_zone(etc) == "Etc/GMT+3"


@pytest.mark.parametrize("content", [None, "", "Nowhere/Town\n", "Factory\n", "\udcff"])
def test_a_host_without_a_zone_is_in_utc(etc: Path, content: str | None) -> None:
    if content is not None:
        (etc / "timezone").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert host_zone(etc) == "UTC"
