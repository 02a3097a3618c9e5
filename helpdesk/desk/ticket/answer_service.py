"""The service of what answers a query, for a query whose service nobody has chosen."""

from sqlalchemy.orm import Session

from helpdesk.desk.knowledge.articles import require_article
from helpdesk.desk.session import Desk
from helpdesk.store.models import Service
from helpdesk.store.ticket import tickets


def service_of_answer(
    desk: Desk, session: Session, article: str | None, numbers: tuple[int | None, ...]
) -> str:
    """Return the name of the service of an article, or else of the first ticket that has one.

    :param article: the path of the article; None for none.
    :param numbers: the numbers of the tickets; None stands for no ticket.
    :returns: "" if there is no service.
    :raises NotFoundError: if there is no such article or ticket.
    """
    if article is not None and (service := require_article(desk, article).service.strip()):
        return service
    for number in numbers:
        if number is not None:
            row = session.get(Service, tickets.load(session, number).service_id or 0)
            if row is not None:
                return row.name
    return ""
