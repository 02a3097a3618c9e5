"""The field of the requester, and the list under it: who is meant, and what is known of them."""

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content
from textual.suggester import Suggester
from textual.widgets import Static

from helpdesk.desk.people import requesters
from helpdesk.desk.people.views import PersonCard, PersonView
from helpdesk.domain.errors import DeskError
from helpdesk.domain.i18n import _
from helpdesk.domain.person import person_label, read_address
from helpdesk.domain.text import one_line
from helpdesk.tui.base.host import host_of
from helpdesk.tui.text.people import card_lines
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.keymap import CALLER, keys_text

#: How many people are listed.
PEOPLE = 5
#: From so many characters on people are looked for.
FEWEST = 2


class PeopleList(Static):
    """The people who may be meant, or the one who is, with notes and tickets."""

    def __init__(self) -> None:
        super().__init__("", id="people", markup=False)
        self._people: Sequence[PersonView] = ()
        self._place: int | None = None

    def on_mount(self) -> None:
        """Show nothing at first."""
        self.display = False

    @property
    def people(self) -> Sequence[PersonView]:
        """The people to choose from."""
        return self._people

    @property
    def chosen(self) -> PersonView | None:
        """The person whom the arrows have chosen, or None."""
        return None if self._place is None else self._people[self._place]

    def clear(self) -> None:
        """Show nothing."""
        self._people, self._place = (), None
        self.display = False

    def show_card(self, card: PersonCard, now: datetime) -> None:
        """Show the one who is meant."""
        self._people, self._place = (), None
        self._draw([Content(line) for line in card_lines(card, now)])

    def show_people(self, typed: str, people: Sequence[PersonView]) -> None:
        """Show who may be meant."""
        self._people, self._place = people, None
        self._typed = typed
        self._draw_people()

    def move(self, step: int) -> bool:
        """Choose the next person, or with -1 the previous one; return whether there are any."""
        if not self._people:
            return False
        start = -1 if self._place is None and step > 0 else self._place or 0
        self._place = (start + step) % len(self._people)
        self._draw_people()
        return True

    def _draw_people(self) -> None:
        lines = [
            Content.styled(f"▸ {_in_one_line(one)}", "bold")
            if place == self._place
            else Content(f"  {_in_one_line(one)}")
            for place, one in enumerate(self._people)
        ]
        lines.append(Content.styled(f"  {self._hint()}", "$secondary"))
        self._draw(lines)

    def _hint(self) -> str:
        key = keys_text(CALLER[0].keys)
        if self._people:
            return _("↓ Enter chooses   {key} new person").format(key=key)
        address = read_address(self._typed)
        if address is not None:
            return _("new person: {mail} is saved with the query").format(mail=one_line(address[0]))
        return _("nobody is known by this: {key} new person").format(key=key)

    def _draw(self, lines: Sequence[Content]) -> None:
        self.display = True
        self.update(Content("\n").join(lines))


class RequesterField(ChoiceInput):
    """A field for a name, a telephone number or an address; the arrows choose in the list.

    A known address that is typed in part is completed.
    """

    def __init__(self, people: PeopleList) -> None:
        super().__init__((), name="requester")
        self.placeholder = _("(name, phone or mail)")
        self.suggester = _AddressSuggester(self)
        self._people = people

    def action_choose(self, step: int) -> None:
        """Choose the next person in the list, or the previous one."""
        self._people.move(step)

    async def action_submit(self) -> None:
        """Take the chosen person; without one, leave the field."""
        chosen = self._people.chosen
        if chosen is None:
            await super().action_submit()
            return
        self.put(chosen)

    def put(self, person: PersonView) -> None:
        """Fill in what means this person alone."""
        self.value = person.mail or person_label(person.name, person.number)
        self.cursor_position = len(self.value)


class _AddressSuggester(Suggester):
    """Completes the mail address of a known requester."""

    def __init__(self, field: RequesterField) -> None:
        super().__init__(use_cache=False, case_sensitive=False)
        self._field = field

    async def get_suggestion(self, value: str) -> str | None:
        """Return the first known address that begins with the typed text."""
        if len(value) < FEWEST:
            return None
        try:
            known = await host_of(self._field).backend.look_up(requesters.requesters, value)
        except DeskError:
            return None
        return next(
            (person.mail for person in known if person.mail.startswith(value.lower())), None
        )


def _in_one_line(person: PersonView) -> str:
    star = "★ " if person.vip else ""
    parts = (f"{star}{person.name}", person.mail, person.phone, person.customer)
    return "  ".join(one_line(part) for part in parts if part)
