"""Ways to begin an article: from a template, from a ticket, from a search without a result."""

from functools import partial
from typing import TYPE_CHECKING

from helpdesk.domain.errors import DeskError
from helpdesk.domain.text_words import words
from helpdesk.tui.base.host import AppHost
from helpdesk.tui.knowledge.new_article import BeginArticle, NewArticleDialog

if TYPE_CHECKING:  # these import the ORM
    from helpdesk.desk.session import Desk
    from helpdesk.knowledge.writing import ArticleSource

#: How many words of a search make up the proposed file name.
_SLUG_WORDS = 6


async def from_template(app: AppHost, path: str = "", title: str = "") -> None:
    """Ask for path and title of a new article, then open it in the editor.

    :param path: the proposed path.
    :param title: the proposed title.
    """
    from helpdesk.desk.knowledge import editing  # imports the ORM

    await _begin(app, editing.begin_new, path, title)


async def from_search(app: AppHost, text: str) -> None:
    """Begin the article that a search was looking for.

    :param text: the text of the search.
    """
    slug = "-".join(words(text)[:_SLUG_WORDS])
    await from_template(app, f"general/{slug}.md" if slug else "", text)


async def from_ticket(app: AppHost, number: int) -> None:
    """Begin the article that answers a ticket.

    :param number: the ticket.
    """
    from helpdesk.desk.ticket import write_article  # as above

    try:
        proposal = await app.backend.call(write_article.propose, number)
    except DeskError as error:
        app.say_error(error)
        return
    await _begin(app, partial(_begin_from_ticket, number), proposal.path, proposal.title)


def _begin_from_ticket(
    number: int, desk: "Desk", path: str, title: str, kind: str
) -> "ArticleSource":
    from helpdesk.desk.ticket import write_article  # as above

    return write_article.begin_from(desk, number, path, title, kind)


async def _begin(app: AppHost, begin: BeginArticle, path: str, title: str) -> None:
    async def write(source: "ArticleSource | None") -> None:
        from helpdesk.tui.knowledge.editor import EditorScreen

        if source is not None:
            await app.push_screen(EditorScreen(source))

    await app.push_screen(NewArticleDialog(begin, path, title), write)
