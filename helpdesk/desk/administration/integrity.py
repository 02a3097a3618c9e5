"""Check the integrity of the desk: database, references, clocks, audit trail, search index."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import ticket_clocks
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import ref
from helpdesk.store.administration import check
from helpdesk.store.database import audit_trail
from helpdesk.store.models import Ticket, TicketClock
from helpdesk.store.search.documents import ARTICLE, TICKET
from helpdesk.store.ticket import recompute, tickets

#: How many tickets are checked in one transaction, so that none stays open for long.
_CHUNK = 200
#: How many problems of one check are listed.
_MOST_LISTED = 10

#: Called with the name of each check before it starts.
CheckProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class IntegrityFinding:
    """The result of one check.

    :ivar looked_at: what was checked.
    :ivar problems: one sentence part for each problem; empty if there is none.
    """

    name: str
    looked_at: str
    problems: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether the check found no problem."""
        return not self.problems


def check_all(
    desk: Desk, progress: CheckProgress = lambda words: None
) -> Iterator[IntegrityFinding]:
    """Run every check and yield its result; nothing in the database is changed.

    :raises NotPermittedError: if the role does not allow it.
    """
    desk.require(Right.MANAGE_DATABASE)
    progress("integrity")
    with desk.database.read(as_desk=True) as session:
        yield IntegrityFinding("integrity", "the whole database", tuple(check.integrity(session)))
    progress("references")
    with desk.database.read(as_desk=True) as session:
        problems = tuple(check.broken_references(session))
    yield IntegrityFinding("references", "every reference", problems)
    progress("clocks")
    yield _clocks(desk)
    progress("audit trail")
    with desk.database.read(as_desk=True) as session:
        faults = tuple(islice(audit_trail.faults(session), _MOST_LISTED))
    yield IntegrityFinding("audit trail", "every record and the timelines it vouches for", faults)
    progress("search index")
    yield _index(desk)


def _clocks(desk: Desk) -> IntegrityFinding:
    """Compare the stored clocks of active tickets with clocks computed from their timelines."""
    wrong: list[str] = []
    last = count = 0
    while True:
        with desk.database.read(as_desk=True) as session:
            chunk = recompute.active_after(session, last, _CHUNK)
            wrong += [words for ticket in chunk if (words := _difference(session, ticket))]
        if not chunk:
            break
        count += len(chunk)
        last = chunk[-1].id
    listed = wrong[:_MOST_LISTED]
    if len(wrong) > len(listed):
        listed.append(f"and {len(wrong) - len(listed)} more")
    return IntegrityFinding("clocks", f"{count:,} open tickets", tuple(listed))


def _difference(session: Session, ticket: Ticket) -> str:
    """Return how a ticket's stored clocks differ from its timeline, or "" if they agree."""
    stored = {clock.name: clock for clock in tickets.clocks_of(session, ticket.id)}
    history = ticket_clocks.history_of(session, ticket.id)
    session.expunge_all()  # The recomputed values must not be written to the database.
    rank = ticket.due_rank
    as_of = max((clock.as_of for clock in stored.values()), default=ticket.updated_at)
    computed = {
        clock.name: clock for clock in ticket_clocks.update_queue_order(ticket, history, as_of)
    }
    for name in sorted(stored.keys() | computed.keys()):
        ours, theirs = stored.get(name), computed.get(name)
        if ours is None or theirs is None or _facts(ours) != _facts(theirs):
            due, expected = _due_words(ours), _due_words(theirs)
            return f"{ref(ticket.id)}: {name} is due {due}, its timeline says {expected}"
    if rank != ticket.due_rank:
        return f"{ref(ticket.id)}: has the wrong position in its queue"
    return ""


def _facts(clock: TicketClock) -> tuple[object, ...]:
    return clock.target_s, clock.elapsed_s, clock.state, clock.due_at, clock.met_at


def _due_words(clock: TicketClock | None) -> str:
    if clock is None:
        return "(no such clock)"
    at: datetime | None = clock.due_at
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else f"never ({clock.state})"


def _index(desk: Desk) -> IntegrityFinding:
    """Update the search index and compare it with the articles and tickets."""
    if desk.kb_problem:
        return IntegrityFinding("search index", "the knowledge base", (desk.kb_problem,))
    library = desk.library
    library.refresh()
    present = {file.path for file in library.folder.files()}
    with desk.database.read(as_desk=True) as session:
        count = tickets.count(session)
    with library.index.read() as reader:
        known = set(reader.stamps(ARTICLE))
        indexed = reader.count(TICKET)
    problems = [f"{path} is not in the index" for path in sorted(present - known)[:_MOST_LISTED]]
    problems += [f"{path} is in the index only" for path in sorted(known - present)[:_MOST_LISTED]]
    if indexed != count:
        problems.append(f"{indexed:,} of {count:,} tickets are in the index")
    return IntegrityFinding(
        "search index", f"{len(present):,} articles, {count:,} tickets", tuple(problems)
    )
