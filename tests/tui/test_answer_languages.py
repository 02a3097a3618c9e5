"""The answer of an article in the language of the requester, and the key that switches it."""

from textual.widgets import TextArea

from helpdesk.desk.knowledge import articles
from helpdesk.desk.knowledge.answers import answers_of
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.tui.dialogs.resolve import ResolveDialog
from helpdesk.tui.log_form.answer import AnswerScreen
from helpdesk.tui.queue.screen import QueueScreen
from tests.tui.conftest import RunApp, notifications, screen_text, settled, until
from tests.tui.test_working_a_queue import keys

ARTICLE = "accounts/password-reset.md"


def answer(desk: Desk, language: str) -> str:
    """Return the article's answer as plain text; that of the section "Answer" for ""."""
    return answers_of(articles.show(desk, ARTICLE)).texts[language]


def replies(desk: Desk, number: int) -> list[str]:
    """Return what was sent to the requester of a ticket."""
    events = show_ticket.show(desk, number).events
    return [event.text for event in events if event.type == "replied"]


async def test_a_german_query_is_answered_in_german(desk: Desk, run_app: RunApp) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("Passwort vergessen"), "f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
    assert replies(desk, 1) == [answer(desk, "de")]


async def test_one_key_switches_the_language_of_the_answer_that_is_sent(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app() as pilot:
        await pilot.press("n", *keys("Passwort vergessen"), "f4")
        await until(pilot, lambda: isinstance(pilot.app.screen, AnswerScreen))
        area = pilot.app.screen.query_one(TextArea)
        shown = [area.text.strip()]
        for _ in range(3):
            await pilot.press("ctrl+l")
            await settled(pilot)
            shown.append(area.text.strip())
        expected = [answer(desk, language) for language in ("de", "fr", "")]
        assert shown == [*expected, expected[0]]
        await pilot.press("ctrl+l", "ctrl+s")
        await until(pilot, lambda: isinstance(pilot.app.screen, QueueScreen))
        await settled(pilot)
    assert replies(desk, 1) == [answer(desk, "fr")]


async def test_what_the_agent_wrote_is_not_replaced(desk: Desk, run_app: RunApp) -> None:
    log_query.log_query(desk, NewQuery("mot de passe oublié"))
    async with run_app() as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "Looks like" in screen_text(pilot))
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(pilot.app.screen, ResolveDialog))
        await settled(pilot)
        area = pilot.app.screen.query_one("#text", TextArea)
        assert area.text.strip() == answer(desk, "fr")
        area.insert("Bonjour, ", (0, 0))
        written = area.text
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert area.text == written
        assert any("empty the field" in said for said in notifications(pilot))


async def test_one_key_switches_the_language_of_the_article_that_is_read(
    desk: Desk, run_app: RunApp
) -> None:
    async with run_app((160, 50)) as pilot:
        await pilot.press("K")
        await settled(pilot)
        await pilot.press("slash", *keys("forgotten"), "enter")
        await until(pilot, lambda: "You can set a new password" in screen_text(pilot))
        assert "Ein neues Passwort" not in screen_text(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: "Ein neues Passwort" in screen_text(pilot))
        assert "You can set a new password" not in screen_text(pilot)
