"""Selection of the SLA policy that applies to a ticket."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from helpdesk.domain.errors import RefusedError


class PolicyScope(Protocol):
    """The tickets to which a policy applies; None stands for any value."""

    @property
    def customer_id(self) -> int | None:
        """The customer with whom it was agreed."""

    @property
    def service_id(self) -> int | None:
        """The service to which it applies."""

    @property
    def kind(self) -> str | None:
        """The ticket kind to which it applies."""


T = TypeVar("T", bound=PolicyScope)


def choose_policy(
    policies: Iterable[T], customer_id: int | None, service_id: int | None, kind: str
) -> T:
    """Return the most specific policy that applies to a ticket.

    A policy for the customer is more specific than one for the service, and that more than one for
    the kind.  Of equally specific policies, the first one is returned.

    :raises RefusedError: if no policy applies and there is no default.
    """
    ticket = (customer_id, service_id, kind)
    best: tuple[tuple[bool, ...], T] | None = None
    for policy in policies:
        scope = (policy.customer_id, policy.service_id, policy.kind)
        if any(
            required is not None and required != value
            for required, value in zip(scope, ticket, strict=True)
        ):
            continue
        weight = tuple(required is not None for required in scope)
        if best is None or weight > best[0]:
            best = (weight, policy)
    if best is None:
        raise RefusedError("no SLA policy fits this ticket and there is no default policy.")
    return best[1]
