"""What a policy says without sense is named, although it can be applied."""

import sys
import warnings
from collections.abc import Iterable
from datetime import date
from types import ModuleType

import pytest

from helpdesk.desk.policy.files import starter_text
from helpdesk.policy import read_policy
from helpdesk.policy.context import PolicyContext

_TODAY = date(2026, 11, 23)
_P1 = 'P1 = { first_response = "15m", next_update = "1h", resolution = "4h" }'
_OFFICE = '[calendars."8/5"]\n'


def _warned(text: str, **context: object) -> list[str]:
    reading = read_policy(text, PolicyContext(_TODAY, **context))  # type: ignore[arg-type]
    assert reading.findings == ()
    assert reading.policy is not None
    return [f"{one.place}: {one.sentence}" for one in reading.warnings]


def _with_p1(row: str) -> str:
    return starter_text().replace(_P1, row)


def test_the_starter_policy_gives_no_warning() -> None:
    assert _warned(starter_text(), agents={}) == []


def test_parts_that_are_longer_than_the_whole() -> None:
    row = 'P1 = { first_response = "5h", next_update = "6h", resolution = "4h" }'
    place = 'sla."Standard 24/7".targets.P1'
    found = _warned(_with_p1(row))
    assert f"{place}.first_response: first response is longer than resolution" in "\n".join(found)
    assert f"{place}.next_update: next update is longer than resolution" in "\n".join(found)


def test_a_priority_that_is_faster_than_a_more_urgent_one() -> None:
    row = 'P1 = { first_response = "1h", resolution = "4h" }'
    [found] = _warned(_with_p1(row))
    assert found == (
        'sla."Standard 24/7".targets.P2.first_response: P2 has less time for first response than '
        "P1, which is more urgent."
    )


def test_alarms_that_never_come() -> None:
    text = starter_text().replace(', next_update = "1h"', "").replace(', next_update = "4h"', "")
    alarm = '\n[[alarms]]\nat = "50%"\nclocks = ["next_update"]\ndo = ["notify lead"]\n'
    [found] = _warned(text + alarm)
    assert found.endswith("no SLA promises next update: this alarm never comes.")


@pytest.mark.parametrize(
    ("agents", "words"),
    [
        ({"ann": True}, ["'bob' is no agent of this desk: nobody of that name sees the tickets."]),
        ({"ann": True, "bob": False}, ["'bob' is disabled on this desk."]),
        ({"ann": True, "bob": True}, []),
        (None, []),
    ],
)
def test_unknown_agents_of_a_confidential_customer(
    agents: dict[str, bool] | None, words: list[str]
) -> None:
    customer = '\n[customers.Acme]\nconfidential = ["ann", "bob"]\n'
    found = _warned(starter_text() + customer, agents=agents)
    assert [one.partition("[1]: ")[2] for one in found] == words


def test_a_customer_whom_nobody_would_see() -> None:
    customer = '\n[customers.Acme]\nconfidential = ["bob"]\n'
    found = _warned(starter_text() + customer, agents={"ann": True})
    assert "customers.Acme.confidential: no active agent is named" in "\n".join(found)


class _Library(ModuleType):
    """A package of public holidays that knows few years and warns."""

    def list_supported_countries(self) -> dict[str, list[str]]:
        return {"DE": []}

    def country_holidays(
        self, country: str, subdiv: str | None, years: Iterable[int]
    ) -> dict[date, str]:
        warnings.warn("the dates of 2027 are estimated", stacklevel=2)
        return {date(year, 1, 1): "New Year" for year in years if year <= 2029}


def test_years_without_holidays_and_what_the_package_says_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "holidays", _Library("holidays"))
    found = _warned(
        starter_text().replace(_OFFICE, f'{_OFFICE}public_holidays = {{ country = "DE" }}\n')
    )
    place = 'calendars."8/5".public_holidays: '
    assert f"{place}the dates of 2027 are estimated" in found
    assert (
        f"{place}no holidays of DE are known for 2030, 2031, 2032, 2033, 2034, 2035, 2036: "
        "they are known until 2029."
    ) in found
