"""What meets the first response of a ticket: an answer or, with nobody to answer, taking it."""

from dataclasses import dataclass, replace

from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.track import Track


@dataclass(frozen=True, slots=True)
class FirstResponseRule:
    """What counts as the first response after the events so far.

    A ticket without any requester is responded to as soon as somebody takes it.  If a requester is
    named afterwards, there is an answer to wait for again, from that moment on.

    :ivar has_requester: whether there is somebody to answer.
    :ivar taken: whether somebody has taken the ticket.
    :ivar met_by_taking: whether nothing else has met the clock.
    """

    has_requester: bool
    taken: bool = False
    met_by_taking: bool = False

    def apply(
        self, track: Track, event: ClockEvent, *, resolved: bool
    ) -> tuple["FirstResponseRule", Track]:
        """Return the rule and the clock after an event that is no change of the ticket's phase.

        :param resolved: whether the ticket is resolved, so that the clock must not run.
        """
        match event.kind:
            case EventKind.RESPONDED if event.by_taking:
                return replace(self, taken=True).met_if_taken(track, event)
            case EventKind.RESPONDED:
                return replace(self, met_by_taking=False), track.meet(event.at)
            case EventKind.TARGETS if event.targets is not None:
                rule = replace(self, has_requester=event.targets.has_requester)
                if rule.has_requester and rule.met_by_taking and not resolved:
                    return replace(rule, met_by_taking=False), track.start_again(event.at)
                return rule.met_if_taken(track, event)
        return self, track

    def met_if_taken(self, track: Track, event: ClockEvent) -> tuple["FirstResponseRule", Track]:
        """Return the rule and the clock, which is met if nobody is to be answered."""
        if self.has_requester or not self.taken or track.met is not None:
            return self, track
        return replace(self, met_by_taking=True), track.meet(event.at)
