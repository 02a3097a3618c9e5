"""Save what is typed into a form: after each pause, on leaving, on a crash, on a hang-up."""

import time
from collections.abc import Callable, Mapping

from textual.message_pump import MessagePump
from textual.timer import Timer

from helpdesk.domain.errors import RefusedError
from helpdesk.tui.base.host import AppHost, host_of
from helpdesk.tui.text.moments import clock_time_text

#: How long typing must pause before the draft is saved.
_PAUSE_S = 0.3
#: How old a change may get before the draft is saved although typing goes on, in seconds.
_AT_LATEST_S = 1.0


class FormDraft:
    """Saves and restores the draft of one form.

    :param form: the form's name, such as ``log`` or ``reply HD-12``.
    :param fields: returns the current texts by field name.
    """

    def __init__(
        self, owner: MessagePump, form: str, fields: Callable[[], Mapping[str, str]]
    ) -> None:
        self._owner = owner
        self._form = form
        self._fields = fields
        self._timer: Timer | None = None
        self._initial: dict[str, str] = {}
        self._closed = False
        self._unsaved_since: float | None = None

    @property
    def _app(self) -> AppHost:
        return host_of(self._owner)

    def restore(self) -> tuple[dict[str, str], str]:
        """Return the fields of the saved draft and a notice about it; ({}, "") if there is none."""
        drafts = self._app.drafts
        fields = drafts.read(self._form)
        at = drafts.saved_at(self._form)
        if not fields or at is None:
            return {}, ""
        return fields, f"draft of {clock_time_text(at, self._app.now())} restored, Ctrl+X drops it"

    def begin(self) -> None:
        """Remember the initial texts: a form that still holds just these has no draft."""
        self._initial = dict(self._fields())

    def changed(self) -> None:
        """Save the draft once typing has paused; called on every change of a field."""
        now = time.monotonic()
        if self._unsaved_since is None:
            self._unsaved_since = now
        elif now - self._unsaved_since >= _AT_LATEST_S:
            self.keep()
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._owner.set_timer(_PAUSE_S, self.keep)

    def keep(self) -> None:
        """Save the current texts as the draft now."""
        self._unsaved_since = None
        if self._closed:
            return
        fields = dict(self._fields())
        if fields == self._initial:
            return
        try:
            self._app.drafts.keep(self._form, fields)
        except OSError as error:
            self._app.say_error(RefusedError(f"the draft cannot be saved ({error.strerror})."))

    def save_extra(self, name: str, fields: Mapping[str, str]) -> None:
        """Save further texts with the form, such as what another agent has saved meanwhile."""
        try:
            self._app.drafts.keep(f"{self._form} {name}", fields)
        except OSError as error:
            self._app.say_error(RefusedError(f"the draft cannot be saved ({error.strerror})."))

    def read_extra(self, name: str) -> dict[str, str]:
        """Return further texts that were saved with the form; {} if there are none."""
        return self._app.drafts.read(f"{self._form} {name}")

    def drop(self) -> None:
        """Delete the draft."""
        if self._timer is not None:
            self._timer.stop()
        self._app.drafts.drop(self._form)

    def saved(self) -> None:
        """Delete the draft and save no more: the form was submitted or discarded."""
        self._closed = True
        self.drop()
