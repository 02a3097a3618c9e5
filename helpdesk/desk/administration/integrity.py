"""Is the desk whole?  The database, its references, the clocks, and the search index."""

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

#: Tickets at a time: no transaction stays open for long.
_CHUNK = 200
#: So many are named one by one.
_NAMED = 10

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``problems`` is empty if all is well."""

    name: str
    looked_at: str
    problems: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def check_all(desk: Desk, told: Progress = lambda words: None) -> Iterator[Finding]:
    """Yield what each check finds; nothing is changed."""
    desk.require(Right.MANAGE_DATABASE)
    told("integrity")
    with desk.database.read(as_desk=True) as session:
        yield Finding("integrity", "the whole database", tuple(check.integrity(session)))
    told("references")
    with desk.database.read(as_desk=True) as session:
        problems = tuple(check.broken_references(session))
    yield Finding("references", "every reference", problems)
    told("clocks")
    yield _clocks(desk)
    told("audit trail")
    with desk.database.read(as_desk=True) as session:
        faults = tuple(islice(audit_trail.faults(session), _NAMED))
    yield Finding("audit trail", "every record and the timelines it vouches for", faults)
    told("search index")
    yield _index(desk)


def _clocks(desk: Desk) -> Finding:
    """Compare the stored clocks of active tickets with what their timelines say."""
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
    named = wrong[:_NAMED]
    if len(wrong) > len(named):
        named.append(f"and {len(wrong) - len(named)} more")
    return Finding("clocks", f"{count:,} open tickets", tuple(named))


def _difference(session: Session, ticket: Ticket) -> str:
    stored = {clock.name: clock for clock in tickets.clocks_of(session, ticket.id)}
    history = ticket_clocks.history_of(session, ticket.id)
    session.expunge_all()  # it is put in order on paper only
    rank = ticket.due_rank
    as_of = max((clock.as_of for clock in stored.values()), default=ticket.updated_at)
    said = {clock.name: clock for clock in ticket_clocks.put_in_order(ticket, history, as_of)}
    for name in sorted(stored.keys() | said.keys()):
        ours, theirs = stored.get(name), said.get(name)
        if ours is None or theirs is None or _facts(ours) != _facts(theirs):
            return f"{ref(ticket.id)}: {name} is due {_at(ours)}, its timeline says {_at(theirs)}"
    if rank != ticket.due_rank:
        return f"{ref(ticket.id)}: stands at the wrong place in its queue"
    return ""


def _facts(clock: TicketClock) -> tuple[object, ...]:
    return clock.target_s, clock.elapsed_s, clock.state, clock.due_at, clock.met_at


def _at(clock: TicketClock | None) -> str:
    if clock is None:
        return "(no such clock)"
    at: datetime | None = clock.due_at
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else f"never ({clock.state})"


def _index(desk: Desk) -> Finding:
    """Compare the search index, brought up to date, with the files and the tickets."""
    if desk.kb_problem:
        return Finding("search index", "the knowledge base", (desk.kb_problem,))
    library = desk.library
    library.refresh()
    present = {file.path for file in library.folder.files()}
    with desk.database.read(as_desk=True) as session:
        count = tickets.count(session)
    with library.index.read() as reader:
        known = set(reader.stamps(ARTICLE))
        indexed = reader.count(TICKET)
    problems = [f"{path} is not in the index" for path in sorted(present - known)[:_NAMED]]
    problems += [f"{path} is in the index only" for path in sorted(known - present)[:_NAMED]]
    if indexed != count:
        problems.append(f"{indexed:,} of {count:,} tickets are in the index")
    return Finding("search index", f"{len(present):,} articles, {count:,} tickets", tuple(problems))
