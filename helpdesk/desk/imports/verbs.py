"""Importing a file: in batches, each a transaction; what is there already is passed over.

The clocks of an imported ticket are computed from its imported timeline under the policy in force,
as those of any other; so an open one stands in its queue by what is due.  Where the other program
says whether it kept its own SLA (``sla_met``), that stays the outcome of a finished ticket's
resolution clock: it is what was promised then.  Where it tells of no answer at all, a finished
ticket has no clock for answers: nobody knows when the first one was given.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from helpdesk.desk.imports.batch import Batch
from helpdesk.desk.imports.names import Names
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.exchange.mapping import Mapping, load_mapping
from helpdesk.exchange.rows import Row, read_rows
from helpdesk.exchange.source import RowRefusedError, SourceTicket
from helpdesk.exchange.translate import tickets
from helpdesk.store import origins

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
    names = Names()
    made = entries = known = bad = 0
    found = tickets(read_rows(file, mapping), mapping)
    for chunk in _chunks(found):
        with desk.database.write() as session:
            batch = Batch(desk, session, mapping, names)
            ids = [one.source_id for _, one in chunk if isinstance(one, SourceTicket)]
            there = origins.known(session, mapping.name, ids)
            for row, ticket in chunk:
                if isinstance(ticket, SourceTicket) and ticket.source_id in there:
                    known += 1
                    continue
                reason = batch.refusal(ticket) if isinstance(ticket, SourceTicket) else str(ticket)
                if isinstance(ticket, RowRefusedError) or reason:
                    bad += 1
                    refused(Refused(row.line, ticket.source_id, reason))
                    continue
                there.add(ticket.source_id)
            made += batch.tickets
            entries += batch.entries
            if dry_run:
                session.rollback()
            else:
                batch.write()
        progress(Imported(made, entries, known, bad))
    if not (made or known or bad):
        raise RefusedError(f"the file {file} holds no tickets.")
    return Imported(made, entries, known, bad)


def _chunks(
    found: Iterator[tuple[Row, SourceTicket | RowRefusedError]],
) -> Iterator[list[tuple[Row, SourceTicket | RowRefusedError]]]:
    while chunk := list(islice(found, BATCH)):
        yield chunk


def _with_encoding(mapping: Mapping, encoding: str) -> Mapping:
    return replace(mapping, encoding=encoding)
