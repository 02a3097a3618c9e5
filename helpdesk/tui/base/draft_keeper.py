"""Keeping what somebody types: after each pause, on leaving, on a crash, on a lost connection."""

from collections.abc import Callable, Mapping

from textual.message_pump import MessagePump
from textual.timer import Timer

from helpdesk.domain.errors import RefusedError
from helpdesk.tui.base.host import AppHost, host_of

_PAUSE_S = 0.3


class DraftKeeper:
    """Keeps one form's draft.

    :param form: the form's name, such as ``log`` or ``reply HD-12``.
    :param fields: reads what is typed now, by field.
    """

    def __init__(
        self, owner: MessagePump, form: str, fields: Callable[[], Mapping[str, str]]
    ) -> None:
        self._owner = owner
        self._form = form
        self._fields = fields
        self._timer: Timer | None = None
        self._begun_with: dict[str, str] = {}
        self._done = False

    @property
    def _app(self) -> AppHost:
        return host_of(self._owner)

    def restore(self) -> tuple[dict[str, str], str]:
        """Return the fields of an earlier draft, and a line that says so; ({}, "") if none."""
        drafts = self._app.drafts
        fields = drafts.read(self._form)
        at = drafts.saved_at(self._form)
        if not fields or at is None:
            return {}, ""
        return fields, f"draft of {at.astimezone():%H:%M} restored, Ctrl+X drops it"

    def begin(self) -> None:
        """Remember what the form holds before anybody typed: that alone is no draft."""
        self._begun_with = dict(self._fields())

    def changed(self) -> None:
        """Something was typed: write it down after a short rest."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._owner.set_timer(_PAUSE_S, self.keep)

    def keep(self) -> None:
        """Write down what is typed now."""
        if self._done:
            return
        fields = dict(self._fields())
        if fields == self._begun_with:
            return
        try:
            self._app.drafts.keep(self._form, fields)
        except OSError as error:
            self._app.say_error(RefusedError(f"the draft cannot be kept ({error.strerror})."))

    def keep_beside(self, name: str, fields: Mapping[str, str]) -> None:
        """Keep other texts that belong to the form, such as what somebody else saved."""
        try:
            self._app.drafts.keep(f"{self._form} {name}", fields)
        except OSError as error:
            self._app.say_error(RefusedError(f"the draft cannot be kept ({error.strerror})."))

    def read_beside(self, name: str) -> dict[str, str]:
        """Return other texts that were kept with the form; {} if there are none."""
        return self._app.drafts.read(f"{self._form} {name}")

    def drop(self) -> None:
        """Forget the draft: it was saved, or is not wanted."""
        if self._timer is not None:
            self._timer.stop()
        self._app.drafts.drop(self._form)

    def saved(self) -> None:
        """The form was saved: there is nothing to keep any more."""
        self._done = True
        self.drop()
