"""The search log, and the report on gaps in the knowledge base."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from helpdesk.desk.knowledge.gaps import gaps
from helpdesk.desk.people import agents
from helpdesk.desk.search import search_log
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.resolving import Resolve, resolve_with
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.domain.search_outcome import SearchOutcome
from helpdesk.store.models import SearchRecord
from tests.conftest import StillClock
from tests.verbs import do


def _count(desk: Desk) -> int:
    with desk.database.read() as session:
        return session.scalar(select(func.count()).select_from(SearchRecord)) or 0


def test_searches_without_a_pick_are_grouped_by_what_they_ask(
    desk: Desk, clock: StillClock
) -> None:
    for text in ("toner is empty", "the toner is empty!", "empty tonner", "badge reader beeps"):
        search_log.record(
            desk, "form", text, ["print/printer-or-queue.md", "x.md"], SearchOutcome.NONE
        )
        clock.advance(minutes=1)
    search_log.record(desk, "search", "vpn drops", ["vpn/keepalive.md"], SearchOutcome.READ, "x.md")
    found = gaps(desk)
    assert [(one.text, one.times) for one in found.unanswered] == [
        ("empty tonner", 3),
        ("badge reader beeps", 1),
    ]
    assert found.unanswered[0].shown == ("print/printer-or-queue.md", "x.md")
    assert found.searches == {"used": 0, "read": 1, "none": 4}


def test_articles_that_are_used_and_articles_that_are_shown_but_never_used(desk: Desk) -> None:
    shown = ["vpn/keepalive.md", "mail/mailbox-full.md", "gone.md"]
    for _ in range(3):
        search_log.record(desk, "form", "flurble drops", shown, SearchOutcome.USED, shown[0])
    log_query.log_query(desk, NewQuery("flurble"), resolve_with="vpn/keepalive.md")
    log_query.log_query(desk, NewQuery("gizmo"))
    do(desk, 2, Resolve("oil it"))
    log_query.log_query(desk, NewQuery("gizmo without a word"))
    do(desk, 3, Resolve())
    log_query.log_query(desk, NewQuery("leading"))
    log_query.log_query(desk, NewQuery("following"), duplicate_of=4)
    do(desk, 4, resolve_with(desk, "done", "vpn/keepalive.md"))
    found = gaps(desk)
    assert [(row.path, row.times_used) for row in found.most_used] == [("vpn/keepalive.md", 3)]
    assert [(one.path, one.shown) for one in found.in_vain] == [("mail/mailbox-full.md", 3)]
    never = [row.path for row in found.never_used]
    assert "mail/mailbox-full.md" in never
    assert "vpn/keepalive.md" not in never
    assert [(one.ref, one.subject) for one in found.not_written] == [("HD-2", "gizmo")]
    assert (found.resolved, found.without_article) == (4, 2)


def test_broken_stale_and_draft_articles_are_listed(
    desk: Desk, kb: Path, clock: StillClock
) -> None:
    (kb / "broken.md").write_text("---\nkind: x\n---\n")
    (kb / "draft.md").write_text("---\ntitle: D\nkind: article\nstatus: draft\nowner: x\n---\n")
    found = gaps(desk)
    assert [row.path for row in found.broken] == ["broken.md"]
    assert [row.path for row in found.drafts] == ["draft.md"]
    assert found.stale == ()
    clock.advance(days=300)
    assert gaps(desk).stale != ()


@pytest.mark.parametrize("text", ["", "   ", "!!! ???", "ab", "\x00\x1b"])
def test_searches_without_words_are_not_logged(desk: Desk, text: str) -> None:
    search_log.record(desk, "search", text, [], SearchOutcome.NONE)
    assert _count(desk) == 0


def test_personal_data_is_not_logged(desk: Desk) -> None:
    text = f"mail of m.ortiz@contoso.example +49 30 1234567 {'bounces ' * 2000}"
    search_log.record(desk, "search", text, ["x.md"] * 50, SearchOutcome.NONE)
    with desk.database.read() as session:
        row = session.scalars(select(SearchRecord)).one()
    assert "ortiz" not in row.text + row.topic
    assert "1234567" not in row.text + row.topic
    assert len(row.text) <= 300
    assert len(row.shown) == 5


def test_searches_of_auditors_are_not_logged(desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    agents.add(desk, "aud", [Level.L1], role=Role.AUDITOR)
    search_log.record(desk_of("aud"), "search", "vpn drops", [], SearchOutcome.NONE)
    assert _count(desk) == 0


def test_old_searches_are_deleted_and_the_number_is_limited(
    desk: Desk, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_log, "LOOK_AFTER_EVERY", 5)
    for _ in range(4):
        search_log.record(desk, "search", "an old one", [], SearchOutcome.NONE)
    clock.advance(days=181)
    search_log.record(desk, "search", "a new one", [], SearchOutcome.NONE)
    assert _count(desk) == 1
    monkeypatch.setattr(search_log, "MOST", 3)
    for _ in range(5):
        search_log.record(desk, "search", "a newer one", [], SearchOutcome.NONE)
    assert _count(desk) == 3
    assert gaps(desk, days=10_000_000).unanswered[0].last - clock.now == timedelta()
