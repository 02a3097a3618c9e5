"""Warnings of alarms that can never come."""

from collections.abc import Iterable

from helpdesk.domain.i18n import _
from helpdesk.domain.policy.desk_rules import DeskRules
from helpdesk.domain.sla.alarms import ALARM_CLOCKS
from helpdesk.domain.sla.clock import OLA, ClockName, clock_title
from helpdesk.policy.sla import Sla
from helpdesk.policy.table import Table


def warn_of_dead_alarms(document: Table, slas: Iterable[Sla], rules: DeskRules) -> None:
    """Warn of alarms for clocks that no SLA and no level has."""
    promised = {OLA} if rules.olas else set()
    for sla in slas:
        for targets in sla.targets.values():
            promised |= {name.value for name in ClockName if targets.of(name) is not None}
    for table in document.rows("alarms"):
        clocks = table.values.get("clocks", ())
        named = [clock for clock in ALARM_CLOCKS if isinstance(clocks, list) and clock in clocks]
        for clock in named:
            if clock not in promised:
                text = _("no level has an OLA") if clock == OLA else _("no SLA promises {clock}")
                words = text.format(clock=clock_title(clock))
                table.warn("clocks", _("{why}: this alarm never comes.").format(why=words))
