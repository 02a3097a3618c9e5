"""Print which clocks of open tickets a change of the policy moves."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from helpdesk.cli.output import iso, local, print_table, print_text
from helpdesk.desk.policy.recompute import ClockMove
from helpdesk.domain.i18n import _, n_
from helpdesk.domain.sla.clock import clock_title

#: How many tickets are listed as text; ``--json`` lists all.
_LISTED = 20


class MovedTicket(Protocol):
    """An open ticket with clocks that move."""

    @property
    def ref(self) -> str:
        """Its number, such as ``HD-12``."""

    @property
    def policy(self) -> str:
        """The name of the SLA that applies to it afterwards."""

    @property
    def clocks(self) -> tuple[ClockMove, ...]:
        """Its clocks that move."""


def moves_json(changes: Iterable[MovedTicket]) -> list[dict[str, Any]]:
    """Return the tickets with their clocks as JSON objects."""
    return [
        {
            "id": ticket.ref,
            "policy": ticket.policy,
            "clocks": [_clock_json(clock) for clock in ticket.clocks],
        }
        for ticket in changes
    ]


def print_moves(changes: Sequence[MovedTicket], *, before: bool) -> None:
    """Print a table of the first tickets; print nothing if there are none.

    :param before: whether the change is still to be made.
    """
    if not changes:
        return
    # Tickets that the change breaches come first: a lead must see them.
    ordered = sorted(changes, key=lambda ticket: not _breaches(ticket.clocks))
    print_text("")
    print_table(
        ("ID", "CLOCK", "DUE NOW" if before else "WAS DUE", "THEN", "SLA", ""),
        (
            (
                *(ticket.ref, clock_title(clock.clock)),
                *(local(clock.before), local(clock.after)),
                *(ticket.policy, _effect(clock)),
            )
            for ticket in ordered[:_LISTED]
            for clock in ticket.clocks
        ),
    )
    if len(ordered) > _LISTED:
        left = len(ordered) - _LISTED
        print_text(
            n_(
                "… and {n} more ticket (--json names all).",
                "… and {n} more tickets (--json names all).",
                left,
            ).format(n=left)
        )


def _effect(clock: ClockMove) -> str:
    if clock.withdrawn:
        return _("breached, withdrawn")
    return _("breached at once") if clock.breached_at_once else ""


def _breaches(clocks: Iterable[ClockMove]) -> bool:
    return any(clock.breached_at_once for clock in clocks)


def _clock_json(clock: ClockMove) -> dict[str, Any]:
    return {
        "name": clock.clock,
        "due_before": iso(clock.before),
        "due_after": iso(clock.after),
        "breached_at_once": clock.breached_at_once,
        "withdrawn": clock.withdrawn,
    }
