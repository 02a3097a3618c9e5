"""Fixtures that run the app on a real desk, and helpers that read its screen."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from helpdesk.desk import scheduler
from helpdesk.desk.escalation.hand_over import Escalate
from helpdesk.desk.form_drafts import Drafts
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Claim, Note, Pend
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import Impact, Urgency
from helpdesk.domain.ticket import Waiting
from helpdesk.tui.app.app import HelpdeskApp
from helpdesk.tui.widgets.news_line import NewsLine
from tests.conftest import StillClock
from tests.verbs import do

RunApp = Callable[..., AbstractAsyncContextManager[Pilot[int]]]
#: How long to wait for the result of another thread, long enough for a busy machine.
_TIMEOUT_S = 60


@pytest.fixture(autouse=True)
def _no_toasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test fail in which the app pops up a toast: all news go to the news line."""
    notify = App.notify

    def refuse(app: App[Any], message: str, **options: Any) -> None:
        assert not isinstance(app, HelpdeskApp), f"a toast pops up: {message}"
        notify(app, message, **options)

    monkeypatch.setattr(App, "notify", refuse)


@pytest.fixture
def busy_desk(desk: Desk, clock: StillClock) -> Desk:
    """A desk whose tickets show every state of a countdown, and hostile and wide texts."""
    log = log_query.log_query
    contoso = partial(
        NewQuery, customer="Contoso", requester="Mara Ortiz <m.ortiz@contoso.example>"
    )
    late = log(
        desk,
        contoso("Cannot log in to billing after reset", urgency=Urgency.HIGH, impact=Impact.HIGH),
    )
    clock.advance(hours=1)
    paused = log(desk, NewQuery("Slow search in archive", requester="p.rossi@fab.example"))
    do(desk, paused.number, Pend(Waiting.REQUESTER))
    up = log(desk, contoso("Export to CSV garbles umlauts", body="Für Größe steht dort FÃ¼r"))
    do(desk, up.number, Note("encoding is UTF-8 without BOM"))
    note = HandOver("article data/csv-encoding.md", "happens since 4.2", "fix or patch?")
    do(desk, up.number, Escalate(Level.L2, "suspected defect", note))
    log(
        desk,
        contoso(
            "VPN drops every ten minutes",
            body="only on Wi-Fi, laptop LT-4411",
            urgency=Urgency.HIGH,
        ),
    )
    log(
        desk,
        NewQuery("\x1b[31mred\x1b[0m [bold]markup[/bold] \u202eevil", requester="x@evil.example"),
    )
    log(desk, NewQuery("プリンターが動かない 🖨️ since Monday", requester="jp@contoso.example"))
    do(desk, late.number, Claim())
    clock.advance(minutes=26)
    scheduler.catch_up(desk)
    return desk


@pytest.fixture
def run_app(settings: Settings, clock: StillClock, tmp_path: Path) -> RunApp:
    """Return a context manager that runs the app at a size and waits for its first queue."""

    @asynccontextmanager
    async def run(
        size: tuple[int, int] = (80, 24), acting_as: str | None = None
    ) -> AsyncIterator[Pilot[int]]:
        mine = Settings(settings.database, settings.kb, acting_as)
        app = HelpdeskApp(
            lambda: open_desk(mine, clock), Drafts(tmp_path / "drafts", acting_as or "ann")
        )
        async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
            await until(pilot, lambda: app.counts is not None)
            await settled(pilot)
            yield pilot

    return run


async def until(pilot: Pilot[int], condition: Callable[[], bool]) -> None:
    """Wait until a condition becomes true through the work of another thread."""
    end = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < end:
        if condition():
            return
        await pilot.pause(0.02)
    raise AssertionError(f"the condition did not become true within {_TIMEOUT_S} s")


async def settled(pilot: Pilot[int]) -> None:
    """Wait until all workers have finished and the screen has been drawn."""
    await pilot.pause(0.3)
    await pilot.app.workers.wait_for_complete(
        [worker for worker in pilot.app.workers if worker.group != "poll"]
    )
    await pilot.pause()


def notifications(pilot: Pilot[int]) -> list[str]:
    """Return all that the app has told so far, as it lists it (Ctrl+B), oldest first."""
    assert isinstance(pilot.app, HelpdeskApp)
    return [item.text for item in pilot.app.news.items]


def news(pilot: Pilot[Any]) -> str:
    """Return what stands in the news line of the screen or dialog on top."""
    (line,) = pilot.app.screen.query(NewsLine)
    return str(line.render()).strip()


def screen_text(pilot: Pilot[Any]) -> str:
    """Return the screen as lines of text."""
    # Textual's public API exports the screen as a picture only, so this reads a private attribute.
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)
