"""Reader of ``[[alarms]]``: the actions when a clock has used a share of its target."""

import re

from helpdesk.domain.sla.alarms import ALARM_CLOCKS, BREACH, AlarmAction, AlarmPlan, AlarmRule
from helpdesk.domain.sla.clock import ClockName
from helpdesk.policy.table import Table

_PERCENT = re.compile(r"([1-9][0-9]?)\s*%")
_BREACH = "breach"


def read_alarms(document: Table) -> AlarmPlan:
    """Return all alarms of the policy; mistakes are reported."""
    rules: dict[tuple[str, int], AlarmRule] = {}
    for table in document.rows("alarms"):
        table.allow("at", "clocks", "do", "show")
        table.require("at")
        percent = _percent(table)
        clocks = _clocks(table)
        actions = table.words("do", AlarmAction)
        show = table.flag("show")
        if show and percent == BREACH:
            table.reject("show", "a breach is shown in any case: put it at a warning.")
        for clock in clocks if percent else ():
            if (clock, percent) in rules:
                table.reject(
                    "at", f"{clock} has an alarm at {_percent_text(percent)} already: keep one."
                )
            rules[clock, percent] = AlarmRule(clock, percent, actions, show)
    return AlarmPlan(tuple(rules[key] for key in sorted(rules)))


def _percent(table: Table) -> int:
    text = table.values.get("at")
    if text == _BREACH:
        return BREACH
    found = _PERCENT.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        if "at" in table:
            table.reject("at", f"{text!r:.40} is neither a share like 75% nor 'breach'.")
        return 0
    return int(found[1])


def _clocks(table: Table) -> tuple[str, ...]:
    """Return the clocks to which an alarm applies; by default all clocks of the customer's SLA."""
    if "clocks" not in table:
        return tuple(name.value for name in ClockName)
    found = []
    for index, name in enumerate(table.items("clocks")):
        if isinstance(name, str) and name in ALARM_CLOCKS:
            found.append(name)
        else:
            table.reject("clocks", f"{name!r:.40} is not one of: {', '.join(ALARM_CLOCKS)}.", index)
    return tuple(dict.fromkeys(found))


def _percent_text(percent: int) -> str:
    return _BREACH if percent == BREACH else f"{percent}%"
