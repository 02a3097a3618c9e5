"""Readers of ``[levels.L1]`` … and ``[escalation]``: the levels, and the paths of escalation."""

from collections.abc import Mapping

from helpdesk.domain.escalation import HandOverPart, Level
from helpdesk.domain.policy.desk_rules import DeskRules, LevelTerms
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.policy.table import Table


def read_levels(
    document: Table, calendars: Mapping[str, SupportCalendar]
) -> dict[Level, LevelTerms]:
    """Return the settings of every level; mistakes are reported.

    A level that is missing in the file is named like its code (``L1``) and has no OLA.

    :param calendars: all calendars by name.
    """
    terms = dict(DeskRules().levels)
    for name, table in document.tables("levels"):
        table.allow("name", "ola", "hours", "requires", "vendor")
        level = _level(document, ("levels", name), name)
        if level is None:
            continue
        hours = table.text("hours")
        if hours and hours not in calendars:
            table.reject("hours", f"there is no calendar {hours!r:.60}: add it to [calendars].")
        vendor = table.table("vendor")
        vendor.allow("name", "contact")
        if "vendor" in table:
            vendor.require("name")
        terms[level] = LevelTerms(
            name=table.text("name", level.value),
            ola_s=table.span("ola"),
            hours=hours,
            requires=table.words("requires", HandOverPart),
            vendor=vendor.text("name"),
            vendor_contact=vendor.text("contact"),
            calendar=calendars.get(hours),
        )
    return terms


def read_ladder(document: Table) -> dict[Level, Level]:
    """Return the level to which alarms escalate tickets of each level; by default the next one."""
    if "escalation" not in document:
        return dict(DeskRules().ladder)
    table = document.table("escalation")
    ladder = {}
    for name in table.values:
        source = _level(document, ("escalation", name), name)
        target = table.word(name, Level)
        if source is not None and target is not None:
            ladder[source] = target
    cyclic = {level for level in ladder if _cycle(ladder, level)}
    for source, target in ladder.items():
        if source in cyclic:
            cycle = " → ".join((source, *_cycle(ladder, source)))
            table.reject(source, f"goes in a circle ({cycle}): escalating must end at a level.")
        elif list(Level).index(target) < list(Level).index(source):
            table.reject(source, f"{target} is below {source}: escalating goes up.")
    return ladder


def _cycle(ladder: dict[Level, Level], start: Level) -> list[Level]:
    """Return the path from a level back to itself; empty if there is none."""
    path = []
    level = ladder.get(start)
    while level is not None and level not in path:
        path.append(level)
        level = ladder.get(level)
    return path if path and path[-1] is start else []


def _level(document: Table, path: tuple[str, str], name: str) -> Level | None:
    if name in set(Level):
        return Level(name)
    document.reject(path[0], f"there is no level {name!r:.40}: use {', '.join(Level)}.", path[1])
    return None
