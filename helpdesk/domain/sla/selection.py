"""Which SLA policy a ticket stands under."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from helpdesk.domain.errors import RefusedError


class Terms(Protocol):
    """What a policy names; None: it fits any."""

    @property
    def customer_id(self) -> int | None:
        """The customer it was agreed with."""

    @property
    def service_id(self) -> int | None:
        """The service it is for."""

    @property
    def kind(self) -> str | None:
        """The ticket kind it is for."""


T = TypeVar("T", bound=Terms)


def choose(policies: Iterable[T], customer_id: int | None, service_id: int | None, kind: str) -> T:
    """Return the most specific policy that fits; a customer counts more than a service, a
    service more than a kind; among equals the first.

    :raises RefusedError: if none fits and there is no default.
    """
    wanted = (customer_id, service_id, kind)
    best: tuple[tuple[bool, ...], T] | None = None
    for policy in policies:
        terms = (policy.customer_id, policy.service_id, policy.kind)
        if any(term is not None and term != want for term, want in zip(terms, wanted, strict=True)):
            continue
        weight = tuple(term is not None for term in terms)
        if best is None or weight > best[0]:
            best = (weight, policy)
    if best is None:
        raise RefusedError("no SLA policy fits this ticket and there is no default policy.")
    return best[1]
