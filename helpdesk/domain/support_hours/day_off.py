"""A day whose support hours differ from those of the week, for people to read."""

from dataclasses import dataclass
from datetime import date

from helpdesk.domain.i18n import _
from helpdesk.domain.support_hours.span import Span


@dataclass(frozen=True, slots=True)
class DayOff:
    """A holiday, or a day with hours of its own.

    :ivar name: what the holiday is called; "" if that is not known.
    :ivar spans: the hours of a special day; None for a holiday.
    """

    day: date
    name: str
    spans: tuple[Span, ...] | None = None

    @property
    def text(self) -> str:
        """The day in words: ``holiday Good Friday: closed``."""
        if self.spans is None:
            words = _("holiday {name}: closed") if self.name else _("holiday: closed")
            return words.format(name=self.name)
        hours = ", ".join(f"{span.begins}-{span.ends}" for span in self.spans)
        return _("special day: {hours}").format(hours=hours or _("closed"))
