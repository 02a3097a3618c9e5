"""Warnings of targets that make no sense together."""

from collections.abc import Mapping
from itertools import pairwise

from helpdesk.domain.i18n import _
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla.clock import ClockName, clock_title
from helpdesk.domain.sla.targets import Targets
from helpdesk.policy.table import Table


def warn_of_targets(table: Table, found: Mapping[Priority, Targets]) -> None:
    """Warn of targets that make no sense together.

    :param table: the table of the targets.
    """
    for priority, targets in found.items():
        whole = targets.resolution_s
        for name in (ClockName.FIRST_RESPONSE, ClockName.NEXT_UPDATE):
            part = targets.of(name)
            if whole is not None and part is not None and part > whole:
                text = _("{clock} is longer than resolution: it can hardly come first.")
                table.warn(priority, text.format(clock=clock_title(name)), name)
    for urgent, less in pairwise(Priority):
        for name in ClockName:
            before, after = (found[one].of(name) for one in (urgent, less))
            if before is not None and after is not None and after < before:
                text = _("{less} has less time for {clock} than {urgent}, which is more urgent.")
                words = text.format(less=less, clock=clock_title(name), urgent=urgent)
                table.warn(less, words, name)
