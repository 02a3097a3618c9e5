"""The keys that act on a ticket, the same in a queue and on the ticket's own screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk.desk.views import TicketView
from helpdesk.domain.errors import DeskError
from helpdesk.domain.ticket import ref
from helpdesk.tui.desk_screen import DeskScreen

if TYPE_CHECKING:
    from helpdesk.desk.session import Desk


class TicketActions(DeskScreen):
    """A screen with a current ticket and the keys of ``keymap.TICKET``."""

    def _number(self) -> int | None:
        number = self.current_ticket()
        if number is None:
            self.desk_app.say("there is no ticket under the cursor.")
        return number

    async def action_claim(self) -> None:
        """Claim the current ticket."""
        from helpdesk.desk import work  # brings the ORM along, see the package's docstring

        await self._do(work.claim, "is yours")

    async def action_resume(self) -> None:
        """Go on with the current ticket."""
        from helpdesk.desk import work  # as above

        await self._do(work.resume, "goes on")

    async def _do(self, verb: "Callable[[Desk, int], TicketView]", done: str) -> None:
        number = self._number()
        if number is None:
            return
        app = self.desk_app
        try:
            await app.backend.call(verb, number)
            app.say(f"{ref(number)} {done}.")
            await app.look_for_changes()
        except DeskError as error:
            app.say_error(error)

    async def action_dialog(self, name: str) -> None:
        """Open a dialog about the current ticket.

        Keys wait until it is there: what is typed ahead goes into its first field.
        """
        from helpdesk.tui.dialogs import open_dialog  # imported when first used

        number = self._number()
        if number is not None:
            await open_dialog(self.desk_app, name, number)
