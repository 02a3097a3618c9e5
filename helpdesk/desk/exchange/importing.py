"""Import tickets from a file in batches, a transaction each; tickets already there are skipped.

The clocks of an imported ticket are computed from its imported timeline under the policy in force,
as for any other ticket, so that open tickets are sorted into their queues by due time.  If the
other program says whether its own SLA was met (``sla_met``), that is the outcome of the resolution
clock of a finished ticket, because that SLA applied then.  If the file holds no answer at all, a
finished ticket has no response clocks, because the time of the first answer is unknown.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from helpdesk.desk.exchange.import_batch import ImportBatch
from helpdesk.desk.exchange.import_names import ImportNames
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.exchange.mapping import ImportMapping, load_mapping
from helpdesk.exchange.rows import SourceRow, read_rows
from helpdesk.exchange.source import RowRefusedError, SourceTicket
from helpdesk.exchange.translate import tickets
from helpdesk.store.exchange import origins

#: How many tickets are written in one transaction.
BATCH = 500


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not imported.

    :ivar line: its line in the file.
    :ivar source_id: its id in the other program, or "" if that could not be read.
    :ivar reason: why it was refused.
    """

    line: int
    source_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How much of a file has been imported so far.

    :ivar tickets: how many tickets were imported.
    :ivar entries: how many timeline entries they have.
    :ivar known: how many were skipped, because an earlier import or row had brought them.
    :ivar refused: how many rows were refused.
    :ivar is_cut: whether the file holds more than was to be read.
    """

    tickets: int
    entries: int
    known: int
    refused: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How, and how far, the file of an import is read.

    :ivar encoding: the encoding of the file; None: the mapping's.
    :ivar limit: how many tickets are read at most; None: all.
    """

    encoding: str | None = None
    limit: int | None = None


DEFAULT_OPTIONS = ReadOptions()

#: A row, and the ticket that it holds or why it holds none.
_Translated = tuple[SourceRow, SourceTicket | RowRefusedError]
#: Called after each batch with the totals so far.
_OnProgress = Callable[[ImportResult], None]
#: Called for each refused row.
_OnRefused = Callable[[RefusedRow], None]


def import_file(
    desk: Desk,
    file: Path,
    mapping_name: str,
    *,
    dry_run: bool = False,
    reading: ReadOptions = DEFAULT_OPTIONS,
    refused: _OnRefused = lambda _: None,
    progress: _OnProgress = lambda _: None,
) -> ImportResult:
    """Import the tickets of a file; an interrupted import can be repeated and goes on from there.

    :param mapping_name: the name of a mapping that is shipped, or a mapping file.
    :param dry_run: whether to report what would happen without changing anything.
    :param reading: how, and how far, the file is read.
    :param refused: called for each row that is refused.
    :param progress: called after each batch with the totals so far.
    :raises NotPermittedError: if the role does not allow it.
    :raises RefusedError: if the mapping or the whole file cannot be used.
    """
    desk.require(Right.MANAGE_DATABASE)
    mapping = load_mapping(mapping_name)
    if reading.encoding is not None:
        mapping = _with_encoding(mapping, reading.encoding)
    run = _ImportRun(desk, mapping, refused)
    found = tickets(read_rows(file, mapping), mapping)
    for chunk in _chunks(islice(found, reading.limit)):
        run.take(chunk, dry_run=dry_run)
        progress(run.totals)
    if run.count == reading.limit and next(found, None) is not None:
        return replace(run.totals, is_cut=True)
    if run.totals == ImportResult(0, 0, 0, 0):
        raise RefusedError(
            f"the file {file} holds no tickets: name another file, or another mapping with --map."
        )
    return run.totals


class _ImportRun:
    """A running import, which counts what happens to the rows."""

    def __init__(self, desk: Desk, mapping: ImportMapping, refused: _OnRefused) -> None:
        self._desk = desk
        self._mapping = mapping
        self._on_refused = refused
        self._names = ImportNames()
        self.totals = ImportResult(0, 0, 0, 0)

    @property
    def count(self) -> int:
        """How many tickets were read so far, also refused and known ones."""
        return self.totals.tickets + self.totals.known + self.totals.refused

    def take(self, chunk: Sequence[_Translated], *, dry_run: bool) -> None:
        """Import some rows in one transaction, which a dry run rolls back."""
        with self._desk.database.write() as session:
            batch = ImportBatch(self._desk, session, self._mapping, self._names)
            ids = [ticket.source_id for _, ticket in chunk if isinstance(ticket, SourceTicket)]
            known_ids = origins.imported_ids(session, self._mapping.name, ids)
            for row, ticket in chunk:
                self._take_row(batch, row, ticket, known_ids)
            self._count(tickets=batch.tickets, entries=batch.entries)
            if dry_run:
                session.rollback()
            else:
                batch.write()

    def _take_row(
        self,
        batch: ImportBatch,
        row: SourceRow,
        ticket: SourceTicket | RowRefusedError,
        known_ids: set[str],
    ) -> None:
        if isinstance(ticket, RowRefusedError):
            self._refuse(row, ticket.source_id, str(ticket))
        elif ticket.source_id in known_ids:
            self._count(known=1)
        elif reason := batch.refusal(ticket):
            self._refuse(row, ticket.source_id, reason)
        else:
            known_ids.add(ticket.source_id)

    def _refuse(self, row: SourceRow, source_id: str, reason: str) -> None:
        self._count(refused=1)
        self._on_refused(RefusedRow(row.line, source_id, reason))

    def _count(
        self, *, tickets: int = 0, entries: int = 0, known: int = 0, refused: int = 0
    ) -> None:
        before = self.totals
        self.totals = ImportResult(
            tickets=before.tickets + tickets,
            entries=before.entries + entries,
            known=before.known + known,
            refused=before.refused + refused,
        )


def _chunks(found: Iterator[_Translated]) -> Iterator[list[_Translated]]:
    while chunk := list(islice(found, BATCH)):
        yield chunk


def _with_encoding(mapping: ImportMapping, encoding: str) -> ImportMapping:
    return replace(mapping, encoding=encoding)
