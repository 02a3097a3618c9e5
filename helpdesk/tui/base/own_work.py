"""What the agent has begun and not finished: drafts of texts about tickets, and a running timer."""

from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.domain.ticket import number_in_ref, ref

#: The signs of a draft and of a running timer.
DRAFT, TIMER = "¶", "◔"


@dataclass(frozen=True, slots=True)
class OwnWork:
    """The agent's drafts and timer.

    :ivar drafts: the tickets about which there is a draft.
    :ivar count: how many drafts there are: these, of calls, and of articles.
    :ivar timer: the ticket on which the agent's timer runs, or None.
    """

    drafts: frozenset[int] = frozenset()
    count: int = 0
    timer: int | None = None

    @property
    def words(self) -> str:
        """What the header says: ``◔ HD-12   ¶ 2``, or ""."""
        parts = [f"{TIMER} {ref(self.timer)}"] if self.timer is not None else []
        parts += [f"{DRAFT} {self.count}"] if self.count else []
        return "   ".join(parts)

    def draft_sign(self, number: int) -> str:
        """Return the sign of a draft if there is one about this ticket, else ""."""
        return DRAFT if number in self.drafts else ""

    def timer_sign(self, number: int) -> str:
        """Return the sign of the timer if it runs on this ticket, else ""."""
        return TIMER if number == self.timer else ""


def own_work(forms: Iterable[str], timer: int | None) -> OwnWork:
    """Return the agent's own work.

    :param forms: the names of all forms with a draft, such as ``log`` or ``reply HD-12``.
    """
    forms = tuple(forms)
    numbers = (_number(form) for form in forms)
    drafts = frozenset(number for number in numbers if number is not None)
    return OwnWork(drafts, len(forms), timer)


def _number(form: str) -> int | None:
    kind, _space, reference = form.partition(" ")
    return number_in_ref(reference) if kind.replace("-", "").isalpha() else None
