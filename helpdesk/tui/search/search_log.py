"""Telling the desk what came of a search, without anybody waiting for it."""

from functools import partial

from helpdesk.desk.search.views import Suggestion
from helpdesk.domain.errors import DeskError
from helpdesk.tui.base.host import AppHost


class SearchMemory:
    """One search box: what was last asked and shown, and which of it was read or used.

    :param place: where it stands: ``form`` or ``search``.
    """

    def __init__(self, app: AppHost, place: str) -> None:
        self._app = app
        self._place = place
        self._text = ""
        self._shown: tuple[str, ...] = ()
        self._read = ""

    def showed(self, text: str, hits: tuple[Suggestion, ...]) -> None:
        """Hits were shown for a text; what is typed on is the same search."""
        self._text = text
        self._shown = tuple(hit.id for hit in hits)

    def read(self, hit: Suggestion) -> None:
        """A hit was opened."""
        self._read = hit.id

    def ended(self, used: str = "") -> None:
        """The search is over; ``used`` is the hit that answered it, if any."""
        text, shown, read = self._text, self._shown, self._read
        self._text, self._shown, self._read = "", (), ""
        if text.strip():
            self._app.start(partial(self._tell, text, shown, used, read), "search-memory")

    async def _tell(self, text: str, shown: tuple[str, ...], used: str, read: str) -> None:
        from helpdesk.desk.search import search_log  # brings the ORM along

        outcome = search_log.Outcome.NONE
        if used or read:
            outcome = search_log.Outcome.USED if used else search_log.Outcome.READ
        try:
            await self._app.backend.call(
                search_log.record, self._place, text, shown, outcome, used or read
            )
        except DeskError:  # a desk that cannot be written says so where it matters
            return
