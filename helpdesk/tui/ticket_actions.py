"""The keys that act on a ticket, the same in a queue and on the ticket's own screen."""

from typing import TYPE_CHECKING, cast

from textual import work

from helpdesk.domain.errors import DeskError
from helpdesk.domain.ticket import ref
from helpdesk.tui.desk_screen import DeskScreen

if TYPE_CHECKING:
    from helpdesk.tui.app import HelpdeskApp


class TicketActions(DeskScreen):
    """A screen with a current ticket and the keys of ``keymap.TICKET``."""

    def _number(self) -> int | None:
        number = self.current_ticket()
        if number is None:
            self.desk_app.say("there is no ticket under the cursor.")
        return number

    @work
    async def action_claim(self) -> None:
        """Claim the current ticket."""
        from helpdesk.desk import work as verbs  # brings the ORM along, see the package's docstring

        number = self._number()
        if number is not None:
            await self._do(verbs.claim, number, "is yours")

    @work
    async def action_resume(self) -> None:
        """Go on with the current ticket."""
        from helpdesk.desk import work as verbs  # as above

        number = self._number()
        if number is not None:
            await self._do(verbs.resume, number, "goes on")

    async def _do(self, verb: object, number: int, done: str) -> None:
        app = self.desk_app
        try:
            await app.backend.call(verb, number)  # type: ignore[arg-type]  # one of desk.work
        except DeskError as error:
            app.say_error(error)
            return
        app.say(f"{ref(number)} {done}.")
        await app.look_for_changes()

    def action_dialog(self, name: str) -> None:
        """Open a dialog about the current ticket."""
        from helpdesk.tui.dialogs import open_dialog  # imported when first used

        number = self._number()
        if number is not None:
            open_dialog(cast("HelpdeskApp", self.app), name, number)
