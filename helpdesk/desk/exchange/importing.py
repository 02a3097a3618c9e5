"""Importing a file: in batches, each a transaction; what is there already is passed over.

The clocks of an imported ticket are computed from its imported timeline under the policy in force,
as those of any other; so an open one stands in its queue by what is due.  Where the other program
says whether it kept its own SLA (``sla_met``), that stays the outcome of a finished ticket's
resolution clock: it is what was promised then.  Where it tells of no answer at all, a finished
ticket has no clock for answers: nobody knows when the first one was given.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from helpdesk.desk.exchange.import_batch import Batch
from helpdesk.desk.exchange.import_names import Names
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.exchange.mapping import Mapping, load_mapping
from helpdesk.exchange.rows import Row, read_rows
from helpdesk.exchange.source import RowRefusedError, SourceTicket
from helpdesk.exchange.translate import tickets
from helpdesk.store.exchange import origins

#: How many tickets are written at once.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not imported: its line in the file, its id as far as it is known, and why."""

    line: int
    source_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What has become of a file so far.

    :ivar known: tickets that an earlier import (or an earlier row) had brought.
    """

    tickets: int
    entries: int
    known: int
    refused: int


#: A row, and the ticket that it holds or why it holds none.
_Translated = tuple[Row, SourceTicket | RowRefusedError]
#: Is told after each batch how far it is.
Progress = Callable[[Imported], None]
#: Is told of each refused row.
Refusal = Callable[[Refused], None]


def import_file(
    desk: Desk,
    file: Path,
    mapping_name: str,
    *,
    dry_run: bool = False,
    encoding: str | None = None,
    refused: Refusal = lambda _: None,
    progress: Progress = lambda _: None,
) -> Imported:
    """Take over the tickets of a file; an import that was interrupted goes on where it was.

    :param mapping_name: a ready mapping or a file.
    :param dry_run: say what would happen, and change nothing.
    :param encoding: of the file, instead of the mapping's.
    :raises RefusedError: if the mapping or the whole file is no good.
    """
    desk.require(Right.MANAGE_DATABASE)
    mapping = load_mapping(mapping_name)
    if encoding is not None:
        mapping = _with_encoding(mapping, encoding)
    under_way = _Import(desk, mapping, refused)
    for chunk in _chunks(tickets(read_rows(file, mapping), mapping)):
        under_way.take(chunk, dry_run=dry_run)
        progress(under_way.so_far)
    if under_way.so_far == Imported(0, 0, 0, 0):
        raise RefusedError(f"the file {file} holds no tickets.")
    return under_way.so_far


class _Import:
    """An import under way: counts what becomes of the rows."""

    def __init__(self, desk: Desk, mapping: Mapping, refused: Refusal) -> None:
        self._desk = desk
        self._mapping = mapping
        self._refused = refused
        self._names = Names()
        self.so_far = Imported(0, 0, 0, 0)

    def take(self, chunk: Sequence[_Translated], *, dry_run: bool) -> None:
        """Import some rows in one transaction, which a dry run rolls back."""
        with self._desk.database.write() as session:
            batch = Batch(self._desk, session, self._mapping, self._names)
            ids = [one.source_id for _, one in chunk if isinstance(one, SourceTicket)]
            there = origins.known(session, self._mapping.name, ids)
            for row, ticket in chunk:
                self._take_row(batch, row, ticket, there)
            self._count(tickets=batch.tickets, entries=batch.entries)
            if dry_run:
                session.rollback()
            else:
                batch.write()

    def _take_row(
        self, batch: Batch, row: Row, ticket: SourceTicket | RowRefusedError, there: set[str]
    ) -> None:
        if isinstance(ticket, RowRefusedError):
            self._refuse(row, ticket.source_id, str(ticket))
        elif ticket.source_id in there:
            self._count(known=1)
        elif reason := batch.refusal(ticket):
            self._refuse(row, ticket.source_id, reason)
        else:
            there.add(ticket.source_id)

    def _refuse(self, row: Row, source_id: str, reason: str) -> None:
        self._count(refused=1)
        self._refused(Refused(row.line, source_id, reason))

    def _count(
        self, *, tickets: int = 0, entries: int = 0, known: int = 0, refused: int = 0
    ) -> None:
        before = self.so_far
        self.so_far = Imported(
            tickets=before.tickets + tickets,
            entries=before.entries + entries,
            known=before.known + known,
            refused=before.refused + refused,
        )


def _chunks(found: Iterator[_Translated]) -> Iterator[list[_Translated]]:
    while chunk := list(islice(found, BATCH)):
        yield chunk


def _with_encoding(mapping: Mapping, encoding: str) -> Mapping:
    return replace(mapping, encoding=encoding)
