"""Name further requesters on a ticket: others who asked the same and wait for the answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.desk.people.confidential_people import require_may_name
from helpdesk.desk.people.requesters import find_requester, meant_by, named_as
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.person import FURTHER_REQUESTER
from helpdesk.domain.text import one_line
from helpdesk.store.models import Requester
from helpdesk.store.ticket import relations

_MOST = 100
_ADDED, _REMOVED = "people_added", "people_removed"


@dataclass(frozen=True, slots=True)
class FurtherRequesters:
    """The further requesters to add to a ticket, and those to remove, each as typed."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def change(
    change: TicketChange, wanted: FurtherRequesters, new: bool | None
) -> tuple[list[dict[str, str]], dict[str, list[int]]]:
    """Add further requesters to a ticket and remove some.

    :param new: see :func:`helpdesk.desk.people.requesters.find_requester`.
    :returns: the changes, for the timeline entry, and its data for undo.
    :raises RefusedError: if nobody is meant by a text, or there would be too many.
    """
    session, ticket = change.session, change.ticket
    known = {person.id: person for person in relations.further_requesters(session, ticket.id)}
    added: dict[int, Requester] = {}
    for text in wanted.add:
        person = find_requester(session, text, new=new)
        require_may_name(session, person)
        if person.id not in known and person.id != ticket.requester_id:
            added[person.id] = person
    removed = {}
    for text in wanted.remove:
        one = next((one for one in meant_by(session, text) if one.id in known), None)
        if one is None:
            raise RefusedError(
                _(
                    "{text!r} is not a further requester of {ticket}: "
                    "'ticket show {ticket}' names them."
                ).format(text=one_line(text)[:60], ticket=change.ref)
            )
        removed[one.id] = one
    if len(known) + len(added) > _MOST:
        raise RefusedError(
            _(
                "{ticket} would have more than {most} further requesters: take some off with "
                "--remove-requester."
            ).format(ticket=change.ref, most=_MOST)
        )
    _apply(change, added, removed)
    changes = [_changed("", named_as(one)) for one in added.values()]
    changes += [_changed(named_as(one), "") for one in removed.values()]
    return changes, {_ADDED: list(added), _REMOVED: list(removed)}


def undo(change: TicketChange, data: dict[str, list[int]]) -> None:
    """Take back what :func:`change` did.

    :param data: the data of its timeline entry.
    """
    _apply(change, data.get(_REMOVED, ()), data.get(_ADDED, ()))


def _apply(change: TicketChange, added: Iterable[int], removed: Iterable[int]) -> None:
    session, number = change.session, change.ticket.id
    for requester_id in added:
        relations.add_requester(session, number, requester_id, number, change.now)
    for requester_id in removed:
        relations.remove_requester(session, number, requester_id)


def _changed(before: str, after: str) -> dict[str, str]:
    return {"field": FURTHER_REQUESTER, "from": before, "to": after}
