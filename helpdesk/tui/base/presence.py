"""Which other agents have a ticket open, and publishing where this app's agent is."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import uuid4

from textual.content import Content

from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import one_line
from helpdesk.tui.base.backend import DeskBackend

if TYPE_CHECKING:  # the module imports the ORM
    from helpdesk.desk.people.presence import OpenTicket, PresenceView

#: Leases end without a commit, so presence is read again after this time at the latest.
_REREAD_AFTER_S = 5.0


class PresenceTracker:
    """Publishes this app's open ticket and reads those of the other apps.

    :meth:`update` is called twice a second.  It reads only after a commit and writes only changes.
    Database errors are ignored here: the jobs that read tickets report them.
    """

    def __init__(self, backend: DeskBackend) -> None:
        self._backend = backend
        self._process = uuid4().hex
        self._published: OpenTicket | None = None
        self._publish_again_at = 0.0
        self._seen_change: int | None = None
        self._read_again_at = 0.0
        self._others: Mapping[int, tuple[PresenceView, ...]] = {}

    def others_on(self, number: int) -> "tuple[PresenceView, ...]":
        """Return the other agents who have a ticket open, those who are writing first."""
        return self._others.get(number, ())

    def sign_for(self, number: int) -> str:
        """Return a ticket's sign in lists: ✎ an agent is writing, • one has it open; "" if none."""
        others = self.others_on(number)
        if not others:
            return ""
        return "✎" if others[0].writing else "•"

    async def update(self, where: tuple[int | None, bool]) -> bool:
        """Publish where this agent is, if it has changed; return whether others have moved.

        :param where: the ticket on screen, and whether a dialog about it is open.
        """
        try:
            await self._publish(*where)
            return await self._read()
        except DeskError:
            return False

    async def _publish(self, number: int | None, writing: bool) -> None:
        from helpdesk.desk.people import presence

        where = presence.OpenTicket(number, writing)
        now = time.monotonic()
        if where == self._published and now < self._publish_again_at:
            return
        self._published, self._publish_again_at = where, now + where.beat_s
        await self._backend.call(presence.announce, self._process, where)

    async def _read(self) -> bool:
        from helpdesk.desk.people import presence

        change = await self._backend.call(presence.change_counter)
        now = time.monotonic()
        if change == self._seen_change and now < self._read_again_at:
            return False
        self._seen_change, self._read_again_at = change, now + _REREAD_AFTER_S
        before = self._others
        self._others = await self._backend.call(presence.others, self._process)
        return before != self._others

    async def leave(self) -> None:
        """Publish that this app has no ticket open any more, because it ends."""
        from helpdesk.desk.people import presence

        if self._published is None:
            return
        try:
            await self._backend.call(presence.leave, self._process)
        except DeskError:
            return  # the lease expires by itself


def presence_text(others: "tuple[PresenceView, ...]") -> Content:
    """Return in words who else has a ticket open: ``✎ bob is writing   • ann has it open``."""
    writers = [one_line(other.login) for other in others if other.writing]
    readers = [one_line(other.login) for other in others if not other.writing]
    parts = []
    if writers:
        verb = "is" if len(writers) == 1 else "are"
        parts.append(f"✎ {', '.join(writers)} {verb} writing")
    if readers:
        verb = "has" if len(readers) == 1 else "have"
        parts.append(f"• {', '.join(readers)} {verb} it open")
    return Content.styled("   ".join(parts), "$warning" if writers else "$secondary")
