"""The actions of the keys that act on tickets, in lists and on the ticket screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpdesk.domain.errors import DeskError
from helpdesk.domain.ticket import ref
from helpdesk.tui.base.desk_screen import DeskScreen

if TYPE_CHECKING:
    from helpdesk.desk.bulk.bulk import BulkOutcome
    from helpdesk.desk.session import Desk
    from helpdesk.desk.unit_of_work.action import Action


class TicketActions(DeskScreen):
    """A screen with tickets and the actions of the keys in ``keymap.TICKET``."""

    def chosen_tickets(self) -> tuple[int, ...]:
        """Return the tickets that the keys act on: the marked ones, or else the current one."""
        number = self.current_ticket()
        return () if number is None else (number,)

    def clear_marks(self) -> None:
        """Remove all marks; called after an action on the marked tickets."""

    def _number(self) -> int | None:
        number = self.current_ticket()
        if number is None:
            self.desk_app.say("there is no ticket under the cursor.", done=False)
        return number

    def _numbers(self) -> tuple[int, ...]:
        numbers = self.chosen_tickets()
        if not numbers:
            self.desk_app.say("there is no ticket under the cursor.", done=False)
        return numbers

    async def action_claim(self) -> None:
        """Claim the chosen tickets."""
        from helpdesk.desk.ticket.handling import (
            Claim,  # imports the ORM, so only when needed
        )

        await self._do(lambda _: Claim(), "claimed", take=lambda holders: lambda _: Claim(holders))

    async def action_release(self) -> None:
        """Release the chosen tickets, so that others can claim them."""
        from helpdesk.desk.ticket.handling import Release  # as above

        await self._do(lambda _: Release(), "released")

    async def action_resume(self) -> None:
        """Resume the chosen tickets, which are on hold."""
        from helpdesk.desk.ticket.handling import Resume  # as above

        await self._do(lambda _: Resume(), "resumed")

    async def action_close(self) -> None:
        """Close the chosen tickets, which are resolved."""
        from helpdesk.desk.ticket.resolving import Close  # as above

        await self._do(lambda _: Close(), "closed")

    async def action_watch(self) -> None:
        """Watch the chosen tickets; if the first of them is watched, stop watching them."""
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
        tickets = first.ref if len(numbers) == 1 else f"{len(numbers)} tickets"
        effect = "you watch it no longer" if watches else "you are notified of every change"
        app.say(f"{tickets}: {effect}.")
        self.clear_marks()
        self.desk_changed()

    async def _do(
        self,
        build: "Callable[[Desk], Action]",
        done: str,
        *,
        take: "Callable[[frozenset[str]], Callable[[Desk], Action]] | None" = None,
        numbers: tuple[int, ...] = (),
    ) -> None:
        """Apply an action to all chosen tickets; if some refuse it, ask whether to do the others.

        :param build: builds the action.
        :param done: the past participle of the action, for the message.
        :param take: builds the action that takes tickets over from these logins, if the user wants
            that.
        :param numbers: the tickets, if they were chosen before.
        """
        from helpdesk.desk.bulk import bulk  # as above

        numbers = numbers or self._numbers()
        if not numbers:
            return
        app = self.desk_app

        async def run(*, rest: bool) -> "BulkOutcome":
            return await app.backend.call(bulk.apply_built, numbers, build, rest=rest)

        async def after(rest: bool | None) -> None:
            if rest:
                await self._report_done(await run(rest=True), done)

        try:
            outcome = await run(rest=False)
            if outcome.refused and take is not None:
                from helpdesk.tui.base.take_over import ask_to_take_over  # imported when first used

                async def take_over(holders: frozenset[str], words: str) -> None:
                    await self._do(take(holders), words, numbers=numbers)

                if ask_to_take_over(app, outcome, take_over, after):
                    return
            if outcome.refused and len(numbers) > 1:
                from helpdesk.tui.base.refused import RefusedScreen  # imported when first used

                app.push_screen(RefusedScreen(outcome), after)
                return
            bulk.require_done(outcome)
            await self._report_done(outcome, done)
        except DeskError as error:
            app.say_error(error)

    async def _report_done(self, outcome: "BulkOutcome", done: str) -> None:
        app = self.desk_app
        numbers = tuple(outcome.done)
        app.record_change(outcome.made)
        tickets = ref(numbers[0]) if len(numbers) == 1 else f"{len(numbers)} tickets"
        app.say(f"{tickets} {done}.")
        await app.look_for_changes()

    async def action_dialog(self, name: str) -> None:
        """Open a dialog about the chosen tickets.

        Further keys wait until it is open, so that text typed ahead goes into its first field.
        """
        from helpdesk.tui.dialogs import open_dialog  # imported when first used

        numbers = self._numbers()
        if numbers:
            await open_dialog(self.desk_app, name, numbers)

    async def action_take_next(self) -> None:
        """Claim the unassigned ticket that is due first, and show it."""
        from helpdesk.desk.ticket import claiming  # as above

        app = self.desk_app
        try:
            ticket = await app.backend.call(claiming.claim_next)
        except DeskError as error:
            app.say_error(error)
            return
        app.record_change({ticket.number: ticket.version})
        app.say(f"{ticket.ref} is yours.")
        await self.show_claimed(ticket.number)

    async def show_claimed(self, number: int) -> None:
        """Show a ticket that was just claimed."""
        await self.desk_app.open_ticket(number)

    async def action_undo(self) -> None:
        """Undo the last action in this app, or else the agent's last one on the chosen tickets."""
        from helpdesk.tui.ticket.undo import undo_last  # imported when first used

        await undo_last(self.desk_app, self.chosen_tickets())

    async def action_copy_ticket(self) -> None:
        """Let the user copy the chosen tickets, or export them to files."""
        from helpdesk.tui.ticket.copying import copy_or_export  # imported when first used

        numbers = self._numbers()
        if numbers:
            await copy_or_export(self.desk_app, numbers)

    async def action_macro(self) -> None:
        """Let the user choose a macro, and preview what it would do."""
        from helpdesk.tui.macro.screens import choose_macro  # imported when first used

        numbers = self._numbers()
        if numbers:
            await choose_macro(self.desk_app, numbers)
