"""Keep the people of a confidential customer from being named where others see them."""

from sqlalchemy.orm import Session

from helpdesk.domain.errors import NotPermittedError
from helpdesk.store.database import visibility
from helpdesk.store.models import Requester


def require_may_name(session: Session, requester: Requester) -> None:
    """Refuse to name a person of a confidential customer in a ticket that others see.

    :raises NotPermittedError: if the acting agent may not see the person's customer.
    """
    if visibility.is_hidden_customer(session, requester.customer_id):
        raise confidential_refusal()


def confidential_refusal() -> NotPermittedError:
    """Return the error about a customer who is confidential to other agents."""
    # It names neither the customer nor the confidants; leads can read them in the policy.
    return NotPermittedError(
        "queries of this customer are confidential to other agents: nothing was saved; pass it on "
        "to a lead."
    )
