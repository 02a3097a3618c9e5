"""Record the outcome of searches in the background."""

from functools import partial

from helpdesk.desk.search.views import Suggestion
from helpdesk.domain.errors import DeskError
from helpdesk.domain.search_outcome import SearchOutcome
from helpdesk.tui.base.host import AppHost


class SearchRecorder:
    """Collects what was searched, shown and opened in one search box, and records it.

    :param place: which search box it is: ``form`` or ``search``.
    """

    def __init__(self, app: AppHost, place: str) -> None:
        self._app = app
        self._place = place
        self._text = ""
        self._shown: tuple[str, ...] = ()
        self._opened = ""

    def hits_shown(self, text: str, hits: tuple[Suggestion, ...]) -> None:
        """Note the hits shown for a text; further typing continues the same search."""
        self._text = text
        self._shown = tuple(hit.id for hit in hits)

    def hit_opened(self, hit: Suggestion) -> None:
        """Note that a hit was opened."""
        self._opened = hit.id

    def finished(self, used: str = "", whose: tuple[str, str] = ("", "")) -> None:
        """Record the search in the background.

        :param used: the id of the hit that answered it; "" if none did.
        :param whose: the requester and the customer of the query, as typed in the form.
        """
        text, shown, opened = self._text, self._shown, self._opened
        self._text, self._shown, self._opened = "", (), ""
        if text.strip():
            self._app.start(partial(self._record, text, shown, used, opened, whose), "search-log")

    async def _record(
        self, text: str, shown: tuple[str, ...], used: str, opened: str, whose: tuple[str, str]
    ) -> None:
        from helpdesk.desk.search import search_log  # here, because it imports the ORM

        outcome = SearchOutcome.NONE
        if used or opened:
            outcome = SearchOutcome.USED if used else SearchOutcome.READ
        try:
            await self._app.backend.call(
                search_log.record, self._place, text, shown, outcome, used or opened, whose
            )
        except DeskError:  # other actions report a desk that cannot be written to
            return
