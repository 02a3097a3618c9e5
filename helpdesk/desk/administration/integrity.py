"""Check the integrity of the desk: database, people, clocks, audit trail, search index."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import ticket_clocks
from helpdesk.domain.i18n import n_
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref, ref
from helpdesk.store.administration import check
from helpdesk.store.database import audit_verification
from helpdesk.store.models import Ticket, TicketClock
from helpdesk.store.people import person_check
from helpdesk.store.search.documents import ARTICLE, TICKET
from helpdesk.store.ticket import recompute, tickets

#: How many tickets are checked in one transaction, so that none stays open for long.
_CHUNK = 200
#: How many problems of one check are listed.
_MOST_LISTED = 10
_INDEX = "search index"

#: Called with the name of each check before it starts.
CheckProgress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class IntegrityFinding:
    """The result of one check.

    :ivar looked_at: what was checked.
    :ivar problems: one sentence part for each problem; empty if there is none.
    :ivar notes: what the check does not prove or has mended, one sentence each; no problems.
    :ivar rebuildable: whether it can be built again from the desk's data, so that no backup is
        needed if it is damaged.
    """

    name: str
    looked_at: str
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    rebuildable: bool = False

    @property
    def is_well(self) -> bool:
        """Whether the check found no problem."""
        return not self.problems


def check_all(
    desk: Desk, progress: CheckProgress = lambda words: None
) -> Iterator[IntegrityFinding]:
    """Run every check and yield its result; nothing in the database is changed.

    A check that cannot be finished says so, and the others run all the same.

    :raises NotPermittedError: if the role does not allow it.
    """
    desk.require(Right.MANAGE_DATABASE)
    for name, check_one in _CHECKS.items():
        progress(name)
        try:
            yield check_one(desk)
        except Exception as error:
            words = f"the check stopped at what it could not read ({_why(error)})"
            yield IntegrityFinding(name, "not everything", (words,))


def _why(error: Exception) -> str:
    """Return the reason of an error in one line."""
    return one_line(str(error) or type(error).__name__)[:200].rstrip(".")


def _integrity(desk: Desk) -> IntegrityFinding:
    with desk.database.read(as_desk=True) as session:
        problems = tuple(check.integrity(session))
    return IntegrityFinding("integrity", "the whole database", problems)


def _references(desk: Desk) -> IntegrityFinding:
    with desk.database.read(as_desk=True) as session:
        problems = tuple(check.broken_references(session))
    return IntegrityFinding("references", "every reference", problems)


def _people(desk: Desk) -> IntegrityFinding:
    with desk.database.read(as_desk=True) as session:
        count = person_check.count(session)
        problems = _listed(list(person_check.faults(session)))
    return IntegrityFinding(
        "people",
        n_("{n:,} record of a person", "{n:,} records of people", count).format(n=count),
        problems,
    )


def _audit_trail(desk: Desk) -> IntegrityFinding:
    """Verify the trail, and compare every row that it covers with what it says."""
    with desk.database.read(as_desk=True) as session:
        found = audit_verification.verify(session, desk.host_now())
    return IntegrityFinding(
        "audit trail", "every record and the rows it vouches for", found.faults, found.notes
    )


def _clocks(desk: Desk) -> IntegrityFinding:
    """Compare the stored clocks of active tickets with clocks computed from their timelines."""
    wrong: list[str] = []
    last = count = 0
    while True:
        with desk.database.read(as_desk=True) as session:
            chunk = recompute.active_numbers_after(session, last, _CHUNK)
            wrong += _differences(session, chunk)
        if not chunk:
            break
        count += len(chunk)
        last = chunk[-1]
    return IntegrityFinding(
        "clocks",
        n_("{n:,} open ticket", "{n:,} open tickets", count).format(n=count),
        _listed(wrong),
    )


def _listed(problems: list[str]) -> tuple[str, ...]:
    listed = problems[:_MOST_LISTED]
    if len(problems) > len(listed):
        listed.append(f"and {len(problems) - len(listed)} more")
    return tuple(listed)


def _differences(session: Session, numbers: list[int]) -> Iterator[str]:
    for number in numbers:
        try:
            words = _difference(session, session.get_one(Ticket, number))
        except Exception as error:
            session.expunge_all()
            words = f"{ref(number)}: its clocks cannot be computed ({_why(error)})"
        if words:
            yield words


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
    """Update the search index and compare it with the articles and tickets.

    The index holds all tickets, also those that the acting agent may not see.  If it differs from
    the tickets, they are indexed again before it is called damaged.
    """
    if desk.kb_problem:
        return IntegrityFinding(_INDEX, "the knowledge base", (desk.kb_problem,), rebuildable=True)
    library = desk.library
    before = _ticket_numbers(desk)
    library.refresh()
    missing, surplus = _index_differences(desk, before)
    notes: tuple[str, ...] = ()
    if missing or surplus:
        notes = (
            n_(
                "it lacked {n:,} ticket and had {more:,} too many: it was filled again.",
                "it lacked {n:,} tickets and had {more:,} too many: it was filled again.",
                missing,
            ).format(n=missing, more=surplus),
        )
        library.index_tickets_again()
        missing, surplus = _index_differences(desk, before)
    present = {file.path for file in library.folder.files()}
    with library.index.read() as reader:
        known = set(reader.stamps(ARTICLE))
    problems = [f"{path} is not in the index" for path in sorted(present - known)[:_MOST_LISTED]]
    problems += [f"{path} is in the index only" for path in sorted(known - present)[:_MOST_LISTED]]
    if missing:
        problems.append(
            n_(
                "{n:,} of {all:,} tickets is not in the index",
                "{n:,} of {all:,} tickets are not in the index",
                missing,
            ).format(n=missing, all=len(before))
        )
    if surplus:
        problems.append(
            n_(
                "{n:,} ticket is in the index only",
                "{n:,} tickets are in the index only",
                surplus,
            ).format(n=surplus)
        )
    if problems:
        notes = (f"delete {library.index.file}: the index is built again from the desk.",)
    articles, held = len(present), len(before)
    looked_at = ", ".join(
        (
            n_("{n:,} article", "{n:,} articles", articles).format(n=articles),
            n_("{n:,} ticket", "{n:,} tickets", held).format(n=held),
        )
    )
    return IntegrityFinding(_INDEX, looked_at, tuple(problems), notes, rebuildable=True)


def _ticket_numbers(desk: Desk) -> set[int]:
    with desk.database.read(as_desk=True) as session:
        return tickets.numbers(session)


def _index_differences(desk: Desk, before: set[int]) -> tuple[int, int]:
    """Return how many tickets the index lacks, and how many it has that do not exist.

    :param before: the tickets that were there before the index was brought up to date; those that
        are logged meanwhile need not be in it.
    """
    with desk.library.index.read() as reader:
        indexed = {parse_ref(one) for one in reader.stamps(TICKET)}
    return len(before - indexed), len(indexed - _ticket_numbers(desk))


#: Every check by its name, in the order in which they run.
_CHECKS: dict[str, Callable[[Desk], IntegrityFinding]] = {
    "integrity": _integrity,
    "references": _references,
    "people": _people,
    "clocks": _clocks,
    "audit trail": _audit_trail,
    _INDEX: _index,
}
