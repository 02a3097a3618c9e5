"""Who else is on a ticket, and telling the others where this app's person is."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import uuid4

from textual.content import Content

from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import one_line
from helpdesk.tui.base.backend import Backend

if TYPE_CHECKING:  # the desk's modules bring the ORM along, see the package's docstring
    from helpdesk.desk.people.presence import PresenceView, Whereabouts

#: Leases end without a commit: the others are read anew at least so often.
_AGAIN_S = 5.0


class Neighbours:
    """Asked twice a second; reads only if something was committed, writes only what is new.

    A trouble of the database is told by those who ask for tickets, not here: nobody should be
    bothered for the sake of a sign.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._process = uuid4().hex
        self._told: Whereabouts | None = None
        self._tell_again_at = 0.0
        self._sign: int | None = None
        self._read_again_at = 0.0
        self._on: Mapping[int, tuple[PresenceView, ...]] = {}

    def on(self, number: int) -> "tuple[PresenceView, ...]":
        """Return who else has a ticket open; who is writing comes first."""
        return self._on.get(number, ())

    def writing(self, number: int) -> str:
        """Return a sign for a list: ✎ somebody writes in it, • somebody has it open, or ""."""
        there = self.on(number)
        if not there:
            return ""
        return "✎" if there[0].writing else "•"

    async def look(self, where: tuple[int | None, bool]) -> bool:
        """Tell where the person is, if that is news; return whether the others have moved.

        :param where: the ticket on screen, and whether a dialog about it is open.
        """
        try:
            await self._tell(*where)
            return await self._read()
        except DeskError:
            return False

    async def _tell(self, number: int | None, writing: bool) -> None:
        from helpdesk.desk.people import presence

        where = presence.Whereabouts(number, writing)
        now = time.monotonic()
        if where == self._told and now < self._tell_again_at:
            return
        self._told, self._tell_again_at = where, now + where.beat_s
        await self._backend.call(presence.tell, self._process, where)

    async def _read(self) -> bool:
        from helpdesk.desk.people import presence

        sign = await self._backend.call(presence.sign_of_change)
        now = time.monotonic()
        if sign == self._sign and now < self._read_again_at:
            return False
        self._sign, self._read_again_at = sign, now + _AGAIN_S
        before, self._on = self._on, await self._backend.call(presence.others, self._process)
        return before != self._on

    async def leave(self) -> None:
        """Tell the others that the app ends."""
        from helpdesk.desk.people import presence

        if self._told is None:
            return
        try:
            await self._backend.call(presence.leave, self._process)
        except DeskError:
            return  # the lease ends by itself


def neighbours_text(there: "tuple[PresenceView, ...]") -> Content:
    """Return who else is on a ticket in words: ``✎ bob is writing · ann has it open``."""
    writers = [one_line(one.login) for one in there if one.writing]
    readers = [one_line(one.login) for one in there if not one.writing]
    parts = []
    if writers:
        verb = "is" if len(writers) == 1 else "are"
        parts.append(f"✎ {', '.join(writers)} {verb} writing")
    if readers:
        verb = "has" if len(readers) == 1 else "have"
        parts.append(f"• {', '.join(readers)} {verb} it open")
    return Content.styled("   ".join(parts), "$warning" if writers else "$secondary")
