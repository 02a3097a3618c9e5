"""The knowledge base as the desk shows it: articles with how often each answered a ticket."""

from typing import TYPE_CHECKING

from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right

if TYPE_CHECKING:
    from helpdesk.knowledge.article import Article


def require_article(desk: Desk, path: str) -> "Article":
    """Return the article of that path within the knowledge base.

    :raises NotFoundError: if there is none.
    """
    # Only verbs that use an article pay for the YAML reader.
    from helpdesk.knowledge.folder import KnowledgeFolder

    desk.require(Right.READ)
    return KnowledgeFolder(desk.knowledge_dir).read(path)
