"""The keys that act on tickets, the same in a queue and on the ticket's own screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk.domain.errors import DeskError
from helpdesk.domain.ticket import ref
from helpdesk.tui.base.desk_screen import DeskScreen

if TYPE_CHECKING:
    from helpdesk.desk.bulk.bulk import Outcome
    from helpdesk.desk.session import Desk
    from helpdesk.desk.unit_of_work.action import Action


class TicketActions(DeskScreen):
    """A screen with tickets to act on and the keys of ``keymap.TICKET``."""

    def chosen_tickets(self) -> tuple[int, ...]:
        """Return the tickets that the keys act on: those marked, else the current one."""
        number = self.current_ticket()
        return () if number is None else (number,)

    def forget_marks(self) -> None:
        """What was marked has been acted on."""

    def _number(self) -> int | None:
        number = self.current_ticket()
        if number is None:
            self.desk_app.say("there is no ticket under the cursor.")
        return number

    def _numbers(self) -> tuple[int, ...]:
        numbers = self.chosen_tickets()
        if not numbers:
            self.desk_app.say("there is no ticket under the cursor.")
        return numbers

    async def action_claim(self) -> None:
        """Claim."""
        from helpdesk.desk.ticket.handling import (
            Claim,  # brings the ORM along, see the package's docstring
        )

        await self._do(lambda _: Claim(), "claimed")

    async def action_resume(self) -> None:
        """Go on with what waits."""
        from helpdesk.desk.ticket.handling import Resume  # as above

        await self._do(lambda _: Resume(), "resumed")

    async def action_watch(self) -> None:
        """Be told of every change of what is chosen, or no longer."""
        from helpdesk.desk.ticket import follow_ups, show_ticket  # as above

        numbers = self._numbers()
        app = self.desk_app
        if not numbers or app.agent is None:
            return
        try:
            first = await app.backend.call(show_ticket.show, numbers[0])
            watches = app.agent.login in first.watchers
            for number in numbers:
                await app.backend.call(follow_ups.watch, number, wanted=not watches)
        except DeskError as error:
            app.say_error(error)
            return
        whom = first.ref if len(numbers) == 1 else f"{len(numbers)} tickets"
        says = "you watch it no longer" if watches else "you are told of every change"
        app.say(f"{whom}: {says}.")
        self.forget_marks()
        self.desk_changed()

    async def _do(self, build: "Callable[[Desk], Action]", done: str) -> None:
        """Do an action to all that is chosen; where some refuse, ask what to do."""
        from helpdesk.desk.bulk import bulk  # as above

        numbers = self._numbers()
        if not numbers:
            return
        app = self.desk_app

        async def run(*, rest: bool) -> "Outcome":
            return await app.backend.call(bulk.apply_built, numbers, build, rest=rest)

        async def after(rest: bool | None) -> None:
            if rest:
                await self._told(await run(rest=True), done)

        try:
            found = await run(rest=False)
            if found.refused and len(numbers) > 1:
                from helpdesk.tui.base.refused import RefusedScreen  # when first used

                app.push_screen(RefusedScreen(found), after)
                return
            bulk.require_done(found)
            await self._told(found, done)
        except DeskError as error:
            app.say_error(error)

    async def _told(self, found: "Outcome", done: str) -> None:
        app = self.desk_app
        numbers = tuple(found.done)
        app.remember_done(found.made)
        whom = ref(numbers[0]) if len(numbers) == 1 else f"{len(numbers)} tickets"
        app.say(f"{whom} {done}.")
        await app.look_for_changes()

    async def action_dialog(self, name: str) -> None:
        """Open a dialog about what is chosen.

        Keys wait until it is there: what is typed ahead goes into its first field.
        """
        from helpdesk.tui.dialogs import open_dialog  # imported when first used

        numbers = self._numbers()
        if numbers:
            await open_dialog(self.desk_app, name, numbers)

    async def action_take_next(self) -> None:
        """Claim what is due first of all that nobody has, and go to it."""
        from helpdesk.desk.ticket import claiming  # as above

        app = self.desk_app
        try:
            ticket = await app.backend.call(claiming.claim_next)
        except DeskError as error:
            app.say_error(error)
            return
        app.remember_done({ticket.number: ticket.version})
        app.say(f"{ticket.ref} is yours.")
        await self.go_on_with(ticket.number)

    async def go_on_with(self, number: int) -> None:
        """Show a ticket that was just claimed."""
        await self.desk_app.open_ticket(number)

    async def action_undo(self) -> None:
        """Take back what was done last in this app, or else what the agent did to this ticket."""
        from helpdesk.desk.bulk import bulk, undo  # as above

        app = self.desk_app
        versions = app.last_done
        numbers = tuple(versions) or self._numbers()
        if not numbers:
            return

        async def finish(found: "Outcome") -> None:
            app.forget_done()
            whom = ref(min(found.done)) if len(found.done) == 1 else f"{len(found.done)} tickets"
            app.say(f"{whom} put back as before.")
            await app.look_for_changes()

        async def after(rest: bool | None) -> None:
            if rest:
                await finish(
                    await app.backend.call(undo.undo, numbers, rest=True, versions=versions)
                )

        try:
            found = await app.backend.call(undo.undo, numbers, versions=versions)
            if found.refused and len(numbers) > 1:
                from helpdesk.tui.base.refused import RefusedScreen  # when first used

                app.push_screen(RefusedScreen(found), after)
                return
            bulk.require_done(found)
            await finish(found)
        except DeskError as error:
            app.forget_done()
            app.say_error(error)

    async def action_macro(self) -> None:
        """Choose a macro, and see what it would do."""
        from helpdesk.tui.macro.screens import choose_macro  # imported when first used

        numbers = self._numbers()
        if numbers:
            await choose_macro(self.desk_app, numbers)
