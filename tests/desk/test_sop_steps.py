"""Tick the steps of SOPs on tickets, and write articles from tickets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from helpdesk.desk.knowledge import articles, editing
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket, sop_steps, write_article
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import NotFoundError, RefusedError
from helpdesk.domain.ticket import LinkKind
from helpdesk.knowledge.article import parse_article
from tests.conftest import StillClock
from tests.verbs import do

SOP = "---\ntitle: Flurble by the book\nkind: sop\nowner: x\n---\n## Steps\n{}"


@pytest.fixture
def sop(desk: Desk, kb: Path) -> str:
    (kb / "flurble.md").write_text(SOP.format("- [ ] look\n- [ ] push\n- [ ] look\n"))
    log_query.log_query(desk, NewQuery("Flurble by the book is needed"))
    return "flurble.md"


def _ticked_by(desk: Desk, path: str = "flurble.md") -> list[tuple[str, str]]:
    return [(step.text, step.by) for step in sop_steps.procedure(desk, 1, path).steps]


def test_ticks_record_who_and_when_and_can_be_undone(
    desk: Desk, desk_of: Callable[[str], Desk], clock: StillClock, sop: str
) -> None:
    sop_steps.tick(desk, 1, sop, 1)
    clock.advance(minutes=3)
    sop_steps.tick(desk_of("bob"), 1, sop, 2)
    assert _ticked_by(desk) == [("look", "ann"), ("push", "bob"), ("look", "")]
    assert sop_steps.procedure(desk, 1, sop).steps[1].at == clock.now
    sop_steps.tick(desk, 1, sop, 2, done=False)
    assert _ticked_by(desk) == [("look", "ann"), ("push", ""), ("look", "")]
    sop_steps.tick(desk, 1, sop, 3)
    assert _ticked_by(desk) == [("look", "ann"), ("push", ""), ("look", "ann")]
    said = [
        (event.type, event.actor, event.data["step"], event.data["text"])
        for event in show_ticket.show(desk, 1).events
        if "ticked" in event.type
    ]
    assert said == [
        ("ticked", "ann", 1, "look"),
        ("ticked", "bob", 2, "push"),
        ("unticked", "ann", 2, "push"),
        ("ticked", "ann", 3, "look"),
    ]


def test_ticking_a_step_twice_changes_nothing(desk: Desk, sop: str) -> None:
    before = sop_steps.tick(desk, 1, sop, 1)
    assert sop_steps.tick(desk, 1, sop, 1).version == before.version
    assert sop_steps.tick(desk, 1, sop, 2, done=False).version == before.version


def test_ticks_stay_with_the_text_of_their_step_when_the_sop_changes(
    desk: Desk, kb: Path, sop: str
) -> None:
    sop_steps.tick(desk, 1, sop, 2)
    (kb / sop).write_text(SOP.format("- [ ] first of all\n- [ ] look\n- [ ] push\n"))
    assert _ticked_by(desk) == [("first of all", ""), ("look", ""), ("push", "ann")]


def test_a_ticket_lists_sops_with_ticks_before_similar_ones(desk: Desk, kb: Path, sop: str) -> None:
    assert sop_steps.procedures(desk, 1)[0].path == sop
    sop_steps.tick(desk, 1, "procedures/close-ticket.md", 1)
    found = sop_steps.procedures(desk, 1)
    assert [one.path for one in found][:2] == ["procedures/close-ticket.md", sop]
    assert (found[0].done, found[1].done) == (1, 0)
    (kb / sop).unlink()
    assert sop not in [one.path for one in sop_steps.procedures(desk, 1)]


def test_an_unknown_step_or_sop_is_refused(desk: Desk, sop: str) -> None:
    for path, step, said in (
        (sop, 9, "the steps 1 to 3"),
        (sop, 0, "no step 0"),
        ("vpn/keepalive.md", 1, "is not an SOP"),
    ):
        with pytest.raises(RefusedError, match=said):
            sop_steps.tick(desk, 1, path, step)
    with pytest.raises(NotFoundError):
        sop_steps.tick(desk, 1, "none.md", 1)
    with pytest.raises(NotFoundError):
        sop_steps.procedures(desk, 99)


def test_an_article_from_a_ticket_has_its_text_without_personal_data(desk: Desk) -> None:
    log_query.log_query(
        desk,
        NewQuery(
            "Gizmo of Mara Ortiz hums",
            body="Hi, Ortiz here (m.ortiz@contoso.example, +49 30 1234567).\n# not a heading\nhum",
            requester="Mara Ortiz <m.ortiz@contoso.example>",
            service="vpn",
        ),
    )
    log_query.log_query(desk, NewQuery("gizmo hums loudly", requester="Pia Kay <pia@x.example>"))
    do(desk, 2, Link(1, LinkKind.DUPLICATE))
    do(desk, 1, Resolve("Dear Mara,\nplease oil the gizmo."))
    proposal = write_article.propose(desk, 1)
    assert (proposal.path, proposal.title) == ("vpn/gizmo-of-hums.md", "Gizmo of … hums")
    source = write_article.begin_from(desk, 1, proposal.path, "", "article")
    article = parse_article(source.path, source.text.encode())
    assert (article.title, article.status, article.owner) == ("Gizmo of … hums", "draft", "ann")
    assert article.service == "vpn"
    assert article.aliases == ("gizmo hums loudly",)
    assert article.answer == "Dear …,\nplease oil the gizmo."
    assert "not a heading" in article.body
    assert "not a heading" not in article.headings
    for person in ("Mara", "Ortiz", "contoso", "1234567"):
        assert person not in source.text
    saved = editing.save(desk, source)
    assert saved.findings == ()
    assert articles.show(desk, proposal.path).status == "draft"
    with pytest.raises(RefusedError, match="exists already"):
        write_article.begin_from(desk, 1, proposal.path, "", "article")


@pytest.mark.parametrize(
    ("subject", "path"), [("?! – ...", "general/hd-1.md"), ("🖨️ !!!", "general/printer.md")]
)
def test_a_subject_without_letters_still_gives_a_path(desk: Desk, subject: str, path: str) -> None:
    log_query.log_query(desk, NewQuery(subject))
    proposal = write_article.propose(desk, 1)
    assert proposal.path == path
    source = write_article.begin_from(desk, 1, proposal.path, proposal.title, "sop")
    assert parse_article(source.path, source.text.encode()).kind == "sop"
