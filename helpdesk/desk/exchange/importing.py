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
from helpdesk.desk.exchange.import_report import LISTED, ForeignNames, ImportResult, RefusedRow
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.exchange.grouping import RowGroup
from helpdesk.exchange.mapping import load_mapping, with_dates
from helpdesk.exchange.mapping_parts import ImportMapping
from helpdesk.exchange.oddities import FileOddities
from helpdesk.exchange.rows import read_rows
from helpdesk.exchange.source import RowRefusedError, SourceTicket
from helpdesk.exchange.translate import Translator
from helpdesk.store.exchange import origins

#: How many tickets are written in one transaction.
BATCH = 500


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How, and how far, the file of an import is read.

    :ivar encoding: the encoding of the file; None: the mapping's.
    :ivar limit: how many tickets are read at most; None: all.
    :ivar dates: the order of day and month, ``day-first`` or ``month-first``; None: the mapping's.
    """

    encoding: str | None = None
    limit: int | None = None
    dates: str | None = None


DEFAULT_OPTIONS = ReadOptions()

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
        mapping = replace(mapping, encoding=reading.encoding)
    if reading.dates is not None:
        mapping = with_dates(mapping, reading.dates)
    run = _ImportRun(desk, mapping, refused, dry_run=dry_run)
    groups = run.groups(file)
    for chunk in _chunks(islice(groups, reading.limit)):
        run.take(chunk)
        progress(run.totals)
    if not run.totals.seen:
        raise RefusedError(
            f"the file {file} holds no tickets: name another file, or another mapping with --map."
        )
    is_cut = run.totals.seen == reading.limit and next(groups, None) is not None
    return replace(run.result(), is_cut=is_cut)


class _ImportRun:
    """A running import, which counts what happens to the rows."""

    def __init__(
        self,
        desk: Desk,
        mapping: ImportMapping,
        refused: _OnRefused,
        *,
        dry_run: bool,
    ) -> None:
        self._desk = desk
        self._mapping = mapping
        self._on_refused = refused
        self._noted: list[RefusedRow] = []
        self._dry_run = dry_run
        self._translator = Translator(mapping)
        self._names = ImportNames()
        self._foreign = ForeignNames()
        self._oddities = FileOddities(mapping.by_states)
        self._lines: dict[str, int] = {}
        self.totals = ImportResult()

    def groups(self, file: Path) -> Iterator[RowGroup]:
        """Yield the rows of each ticket of the file."""
        return self._translator.groups(read_rows(file, self._mapping))

    def result(self) -> ImportResult:
        """Return the totals, with what is odd about the file and what it names."""
        unknown = {
            "agents": tuple(self._foreign.agents),
            "groups": tuple(self._foreign.groups),
            **{kind: tuple(names) for kind, names in self._names.new.items()},
        }
        return replace(
            self.totals,
            warnings=self._oddities.warnings(),
            noted_rows=tuple(self._noted),
            unknown=unknown,
        )

    def take(self, chunk: Sequence[RowGroup]) -> None:
        """Import some tickets in one transaction, which a dry run rolls back.

        Tickets that an earlier import has brought are not translated.
        """
        with self._desk.database.read() as session:
            ids = {group.source_id for group in chunk if group.source_id}
            known = origins.imported_ids(session, self._mapping.name, ids)
        found: list[tuple[RowGroup, SourceTicket]] = []
        for group in chunk:
            if (line := self._lines.get(group.source_id)) is not None:
                self._refuse(group, self._doubled(line))
            elif group.source_id in known:
                self._lines[group.source_id] = group.line
                self._count(known=1)
            else:
                ticket = self._translator.translate(group)
                if isinstance(ticket, RowRefusedError):
                    self._refuse(group, str(ticket))
                else:
                    found.append((group, ticket))
        if found:
            self._write(found)

    def _write(self, found: Sequence[tuple[RowGroup, SourceTicket]]) -> None:
        with self._desk.database.write() as session:
            # Somebody else may import the same file at the same time.
            ids = {ticket.source_id for _, ticket in found}
            known = origins.imported_ids(session, self._mapping.name, ids)
            batch = ImportBatch(self._desk, session, self._mapping, self._names)
            batch.prepare(ticket for _, ticket in found)
            for group, ticket in found:
                self._add(batch, group, ticket, is_known=ticket.source_id in known)
            for ticket, timeline in batch.added():
                self._foreign.add(ticket, timeline, batch.agents)
                self._oddities.add(ticket, timeline.moved, timeline.resolved_at)
            self._count(tickets=batch.tickets, entries=batch.entries)
            if self._dry_run:
                session.rollback()
            else:
                batch.write()

    def _add(
        self, batch: ImportBatch, group: RowGroup, ticket: SourceTicket, *, is_known: bool
    ) -> None:
        if (line := self._lines.get(ticket.source_id)) is not None:
            self._refuse(group, self._doubled(line))
            return
        if is_known:
            self._count(known=1)
        elif reason := batch.refusal(ticket):
            self._refuse(group, reason)
            return
        self._lines[ticket.source_id] = group.line
        notes = batch.notes.get(ticket.source_id, ())
        if len(self._noted) < LISTED:
            self._noted += (RefusedRow(group.line, ticket.source_id, note) for note in notes)
        self._count(noted=int(bool(notes)))

    def _doubled(self, line: int) -> str:
        if self._mapping.by_states:
            return (
                f"its id stands in line {line:,} already, apart from these rows: sort the file so "
                "that the rows of each ticket stand together"
            )
        return f"its id stands in line {line:,} already"

    def _refuse(self, group: RowGroup, reason: str) -> None:
        self._count(refused=1)
        self._on_refused(RefusedRow(group.line, group.source_id, reason))

    def _count(
        self,
        *,
        tickets: int = 0,
        entries: int = 0,
        known: int = 0,
        refused: int = 0,
        noted: int = 0,
    ) -> None:
        before = self.totals
        self.totals = ImportResult(
            tickets=before.tickets + tickets,
            entries=before.entries + entries,
            known=before.known + known,
            refused=before.refused + refused,
            noted=before.noted + noted,
        )


def _chunks(found: Iterator[RowGroup]) -> Iterator[list[RowGroup]]:
    while chunk := list(islice(found, BATCH)):
        yield chunk
