"""``[levels.L1]`` … and ``[escalation]``: the tiers, their OLAs, and which way tickets go up."""

from helpdesk.domain.escalation import HandOverPart, Level
from helpdesk.domain.policy.desk_rules import LevelTerms, Rulebook
from helpdesk.policy.table import Table


def read_levels(document: Table, calendars: set[str]) -> dict[Level, LevelTerms]:
    """Return the terms of every level; one that is not named has its own name and no OLA.

    :param calendars: the names of those that there are.
    """
    terms = dict(Rulebook().levels)
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
            vendor.need("name")
        terms[level] = LevelTerms(
            name=table.text("name", level.value),
            ola_s=table.span("ola"),
            hours=hours,
            requires=table.words("requires", HandOverPart),
            vendor=vendor.text("name"),
            vendor_contact=vendor.text("contact"),
        )
    return terms


def read_ladder(document: Table) -> dict[Level, Level]:
    """Return to which level each escalates by itself; without the table, one up."""
    if "escalation" not in document:
        return dict(Rulebook().ladder)
    table = document.table("escalation")
    ladder = {}
    for name in table.values:
        source = _level(document, ("escalation", name), name)
        target = table.word(name, Level)
        if source is not None and target is not None:
            ladder[source] = target
    cyclic = {level for level in ladder if _round(ladder, level)}
    for source, target in ladder.items():
        if source in cyclic:
            way = " → ".join((source, *_round(ladder, source)))
            table.reject(source, f"goes in a circle ({way}): escalating must end at a level.")
        elif list(Level).index(target) < list(Level).index(source):
            table.reject(source, f"{target} is below {source}: escalating goes up.")
    return ladder


def _round(ladder: dict[Level, Level], start: Level) -> list[Level]:
    """Return the way from a level back to itself, or nothing if there is none."""
    way = []
    at = ladder.get(start)
    while at is not None and at not in way:
        way.append(at)
        at = ladder.get(at)
    return way if way and way[-1] is start else []


def _level(document: Table, path: tuple[str, str], name: str) -> Level | None:
    if name in set(Level):
        return Level(name)
    document.reject(path[0], f"there is no level {name!r:.40}: use {', '.join(Level)}.", path[1])
    return None
