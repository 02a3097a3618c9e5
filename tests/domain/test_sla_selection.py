"""Selection of the SLA policy that applies to a ticket."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.sla.selection import choose_policy


@dataclass(frozen=True)
class Policy:
    """A policy with the scope that the selection reads."""

    customer_id: int | None = None
    service_id: int | None = None
    kind: str | None = None


_POLICIES = st.lists(
    st.builds(
        Policy,
        st.none() | st.integers(1, 2),
        st.none() | st.integers(1, 2),
        st.none() | st.sampled_from(["incident", "request"]),
    ),
    max_size=8,
)


def test_a_customer_counts_more_than_a_service_and_that_more_than_a_kind() -> None:
    ranked = [
        *(Policy(1, 1, "incident"), Policy(1, 1), Policy(1, None, "incident"), Policy(1)),
        *(Policy(None, 1, "incident"), Policy(None, 1), Policy(None, None, "incident"), Policy()),
    ]
    for place, best in enumerate(ranked):
        assert choose_policy(reversed(ranked[place:]), 1, 1, "incident") is best


def test_of_two_alike_the_first_counts() -> None:
    first, second = Policy(1), Policy(1)
    assert choose_policy([Policy(), first, second], 1, None, "incident") is first


@given(_POLICIES)
def test_what_is_chosen_fits_and_without_a_fit_it_is_refused(policies: list[Policy]) -> None:
    fitting = [
        policy
        for policy in policies
        if policy.customer_id in (None, 1)
        and policy.service_id in (None, 1)
        and policy.kind in (None, "incident")
    ]
    if fitting:
        assert choose_policy(policies, 1, 1, "incident") in fitting
    else:
        with pytest.raises(RefusedError, match="no SLA policy fits"):
            choose_policy(policies, 1, 1, "incident")


def test_a_ticket_without_customer_or_service_fits_only_what_names_none() -> None:
    default = Policy()
    assert choose_policy([Policy(1), Policy(None, 1), default], None, None, "incident") is default
