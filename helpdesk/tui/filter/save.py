"""The dialog that saves a filter as a view."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.desk.queue import saved_views
from helpdesk.domain.columns import COLUMNS
from helpdesk.domain.errors import ConflictError, DeskError
from helpdesk.domain.text import one_line
from helpdesk.tui.base.host import host_of
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.keymap import FORM, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField


class SaveView(SteadyModal[bool]):
    """Save a query as a view, for oneself or for all; the result is whether it was saved."""

    MANUAL = "agent#filters-and-saved-views"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(tuple(key for key in FORM if key.name != "drop")),
        Binding("enter", "app.focus_next", show=False),
    ]

    def __init__(self, query: str) -> None:
        super().__init__()
        self._query = query
        #: Versions of existing views that the user was warned about, by name and whether shared.
        self._known_versions: dict[tuple[str, bool], int] = {}

    def compose(self) -> ComposeResult:
        """Lay out the fields and the key hints."""
        with VerticalScroll(can_focus=False):
            yield Static("Save as view", classes="title", markup=False)
            yield Static(Content(one_line(self._query)), markup=False)
            yield Static("Name", classes="label", markup=False)
            yield LineField(id="name")
            yield Static("For", classes="label", markup=False)
            yield ChoiceInput(("me", "all"), name="audience", value="me")
            yield Static("Columns (empty: as many as fit)", classes="label", markup=False)
            yield LineField(id="columns", placeholder="(such as: id,priority,subject,who)")
            yield Static(Content(", ".join(COLUMNS)), classes="hints", markup=False)
            keys = "Ctrl+S save   ↑↓ me or all   Esc back"
            yield Static(Content(keys), classes="hints", markup=False)

    async def action_save(self) -> None:
        """Save the view; on an error the dialog stays open with its text."""
        await wait_for_typed_keys(self)
        app = host_of(self)
        name, audience, columns = (
            self.query_one(f"#{field}", Input).value for field in ("name", "audience", "columns")
        )
        shared = audience.strip() == "all"
        try:
            view = await app.backend.call(
                saved_views.save,
                name,
                self._query,
                columns,
                shared=shared,
                version=self._known_versions.get((name.strip(), shared), 0),
            )
        except ConflictError as error:
            app.say_error(error)
            version = await app.backend.call(saved_views.version_of, name, shared=shared)
            self._known_versions[name.strip(), shared] = version
            if version:
                app.say("Press Ctrl+S again to replace it with yours.")
            return
        except DeskError as error:
            app.say_error(error)
            return
        app.say(f"the view {view.name!r} is saved; V shows it.")
        self.dismiss(True)

    def action_back(self) -> None:
        """Close the dialog without saving."""
        self.dismiss(False)
