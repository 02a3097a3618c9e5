"""What an import found in a file: how much it brought, and what does not fit this desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpdesk.desk.exchange.import_agents import ImportAgents
from helpdesk.desk.exchange.import_timeline import ImportedTimeline
from helpdesk.domain.entry_type import EntryType
from helpdesk.exchange.source import SourceTicket

#: The kinds of names that an import may not know.  Agents and groups stay as they are named there;
#: people, customers and services are added.
UNKNOWN_KINDS = ("agents", "groups", "people", "customers", "services")
#: How many names of a kind, and odd rows, are listed; others are only counted.
LISTED = 10_000


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not imported, or one of which something is to be said.

    :ivar line: its line in the file.
    :ivar source_id: its id in the other program, or "" if that could not be read.
    :ivar reason: why it was refused, or what is odd about it.
    """

    line: int
    source_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How much of a file has been imported so far.

    :ivar tickets: how many tickets were imported.
    :ivar entries: how many timeline entries they have.
    :ivar known: how many were skipped, because an earlier import had brought them.
    :ivar refused: how many rows were refused.
    :ivar is_cut: whether the file holds more than was to be read.
    :ivar noted: of how many tickets something is odd.
    :ivar noted_rows: what is odd about them.
    :ivar warnings: what cannot be about the whole file, as sentences.
    :ivar unknown: the names that are not on this desk, by kind (:data:`UNKNOWN_KINDS`).
    """

    tickets: int = 0
    entries: int = 0
    known: int = 0
    refused: int = 0
    is_cut: bool = False
    noted: int = 0
    noted_rows: tuple[RefusedRow, ...] = ()
    warnings: tuple[str, ...] = ()
    unknown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """How many tickets were read, also refused and known ones."""
        return self.tickets + self.known + self.refused


class ForeignNames:
    """Collects the agents and groups of a file that this desk does not know."""

    def __init__(self) -> None:
        self.agents: dict[str, None] = {}
        self.groups: dict[str, None] = {}

    def add(self, ticket: SourceTicket, timeline: ImportedTimeline, agents: ImportAgents) -> None:
        """Add those of a ticket."""
        names = [ticket.assignee, *(state.assignee for state in ticket.state_changes)]
        names += [
            entry["data"].get("by", "")
            for entry in timeline.entries
            if entry["type"] is EntryType.REPLIED
        ]
        for name in names:
            if name and len(self.agents) < LISTED and agents.find(name) is None:
                self.agents.setdefault(name)
        if ticket.group and not ticket.queue_known and len(self.groups) < LISTED:
            self.groups.setdefault(ticket.group)
