"""The orders of a queue: their names, and the dialog in which one is chosen."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpdesk.domain.i18n import _

if TYPE_CHECKING:
    from helpdesk.tui.widgets.picker import Picker

#: The order of a queue until another is chosen.
DUE_FIRST = "due"
#: What each order is called in the title of a queue; ``-`` turns an order round.
_TITLES: Mapping[str, str] = {
    "due": _("due first"),
    "-due": _("due last"),
    "priority": _("P1 first"),
    "-priority": _("P4 first"),
    "created": _("oldest first"),
    "-created": _("newest first"),
    "-updated": _("last changed first"),
    "updated": _("longest unchanged first"),
    "requester": _("by requester"),
    "-requester": _("by requester, Z to A"),
}
#: The orders that are offered, each with its name.
_OFFERED: Mapping[str, str] = {
    "due": _("due"),
    "priority": _("priority"),
    "created": _("age"),
    "-updated": _("changed"),
    "requester": _("requester"),
}


def order_title(order: str) -> str:
    """Return what an order is called in the title of a queue."""
    return _TITLES.get(order, order)


def _turned(order: str) -> str:
    """Return an order turned round."""
    return order.removeprefix("-") if order.startswith("-") else f"-{order}"


def order_picker(order: str) -> "Picker[str]":
    """Return the dialog with the orders of a list.

    The order in force comes first, and is turned round if it is chosen.

    :param order: the order in force; "" if it is none of those that are offered.
    """
    from helpdesk.tui.widgets.picker import Choice, Picker  # imported when first used

    choices: list[Choice[str]] = []
    for offered, name in _OFFERED.items():
        in_force = order in (offered, _turned(offered))
        value = _turned(order) if in_force else offered
        title = order_title(value)
        meaning = _("turn round: {order}").format(order=title) if in_force else title
        choices.insert(0 if in_force else len(choices), Choice(name, meaning, value))
    return Picker(_("Sort by"), choices, "", "agent#sort-a-list")
