"""The desk's time zone is found for policies that were stored before versions recorded it."""

import json

import pytest
from sqlalchemy import text

from helpdesk.desk.opening import open_desk
from helpdesk.desk.policy import apply_policy
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.domain import desk_zone
from tests.policies import apply_text


@pytest.mark.parametrize(
    ("named", "host", "zone"),
    [
        ("Europe/Berlin", "Asia/Tokyo", "Europe/Berlin"),
        # The calendars were stored with the zone that the host had then.
        ("host", "Asia/Tokyo", "Asia/Tokyo"),
    ],
)
def test_an_older_version_of_the_policy(
    desk: Desk,
    settings: Settings,
    named: str,
    host: str,
    zone: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", host)
    shown = apply_policy.show(desk).text
    apply_text(desk, shown.replace('timezone = "host"', f'timezone = "{named}"'))
    assert desk_zone.name() == zone
    with desk.database.restructure() as connection:
        rules = connection.execute(text("SELECT id, rules FROM policy_versions")).all()
        for number, stored in rules:
            document = json.loads(stored) if isinstance(stored, str) else dict(stored)
            del document["timezone"]
            connection.execute(
                text("UPDATE policy_versions SET rules = :rules WHERE id = :id"),
                {"rules": json.dumps(document), "id": number},
            )
    monkeypatch.setenv("TZ", "America/New_York")
    desk_zone.use("")
    open_desk(settings).close()
    assert desk_zone.name() == zone
