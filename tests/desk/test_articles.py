"""Which articles an agent sees, and which they may write."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk.desk.knowledge import articles, editing, review
from helpdesk.desk.people import agents
from helpdesk.desk.policy.files import starter_text
from helpdesk.desk.search import suggest
from helpdesk.desk.search.views import SearchMode
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Origin
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.resolving import resolve_with
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import NotFoundError, NotPermittedError, RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.knowledge.writing import ArticleSource
from helpdesk.ssh import landlock
from tests.policies import apply_text
from tests.verbs import do

_DRAFT = "---\ntitle: Flurble falls over\nkind: article\nowner: {}\nstatus: {}\n---\n## Answer\nx\n"


def _put(kb: Path, path: str, status: str, owner: str = "ann") -> None:
    (kb / path).write_text(_DRAFT.format(owner, status))


def _paths(desk: Desk) -> set[str]:
    return {row.path for row in articles.rows(desk)}


def test_only_editors_and_the_owner_see_drafts_and_retired_articles(
    desk: Desk, desk_of: Callable[[str], Desk], kb: Path
) -> None:
    agents.add(desk, "eve", [Level.L1], role=Role.EDITOR)
    bob, eve = desk_of("bob"), desk_of("eve")
    for path, status, owner in (
        ("a.md", "draft", "ann"),
        ("b.md", "draft", "bob"),
        ("c.md", "retired", "bob"),
        ("d.md", "published", "ann"),
    ):
        _put(kb, path, status, owner)
    all_four = {"a.md", "b.md", "c.md", "d.md"}
    assert _paths(bob) & all_four == {"b.md", "d.md"}
    assert _paths(eve) & all_four == all_four
    assert articles.show(eve, "a.md").status == "draft"
    for path in ("a.md", "c.md"):
        with pytest.raises(NotFoundError, match="not published"):
            articles.show(bob, path)
        with pytest.raises(NotFoundError, match="not published"):
            editing.begin(bob, path)
    # A search during typing would not wait until the index is complete.
    found = suggest.suggest(bob, "flurble falls over", "kb", typing=False)
    assert [hit.id for hit in found.hits if hit.score > 0.5] == ["d.md"]
    for viewer, seen in ((bob, {"d.md"}), (eve, {"a.md", "b.md", "d.md"})):
        for drafts in (False, True):
            found = suggest.suggest(
                viewer, "flurble falls over", "kb", typing=False, mode=SearchMode(drafts)
            )
            assert {hit.id for hit in found.hits} & all_four == (seen if drafts else {"d.md"})
            assert not any(hit.repeat for hit in found.hits if hit.id in ("a.md", "b.md"))
    ticket = log_query.log_query(bob, NewQuery("flurble"))
    with pytest.raises(NotFoundError, match="not published"):
        do(bob, ticket.number, resolve_with(bob, "", "a.md"))


def test_no_save_publishes_what_nobody_has_approved(
    desk: Desk, desk_of: Callable[[str], Desk], kb: Path
) -> None:
    apply_text(desk, starter_text().replace("approval = false", "approval = true"))
    agents.add(desk, "eve", [Level.L1], role=Role.EDITOR)
    eve = desk_of("eve")
    opened = editing.begin(desk, "vpn/keepalive.md")
    with pytest.raises(RefusedError, match="write 'status: in review' and save"):
        editing.save(desk, replace(opened, text=f"{opened.text}more\n"))
    looked = opened.text.replace("reviewed: ", "reviewed: 2026-11-01 # ")
    reviewed = editing.save(desk, replace(opened, text=looked)).source
    waiting = reviewed.text.replace("status: published", "status: in review")
    saved = editing.save(eve, replace(reviewed, text=waiting)).source
    assert "submitted_by: eve\n" in saved.text
    with pytest.raises(RefusedError, match="you submitted"):
        review.publish(eve, "vpn/keepalive.md")
    with pytest.raises(RefusedError, match="policy asks for an approval"):
        editing.save(desk, reviewed if reviewed.seen == saved.seen else replace(saved, text=looked))
    assert "approved_by: ann\n" in review.go_on(desk, "vpn/keepalive.md").source.text


def test_a_new_article_is_a_draft_and_replaces_no_existing_one(desk: Desk) -> None:
    source = editing.begin_new(desk, "vpn/new.md", "", "article")
    saved = editing.save(desk, source)
    assert (saved.findings, saved.revision, saved.git_problem) == ((), "", "")
    assert articles.show(desk, "vpn/new.md").status == "draft"
    with pytest.raises(RefusedError, match="exists already"):
        editing.begin_new(desk, "vpn/new.md", "", "article")
    with pytest.raises(RefusedError, match="no template"):
        editing.begin_new(desk, "vpn/other.md", "", "poem")
    with pytest.raises(RefusedError, match="is empty"):
        editing.save(desk, replace(saved.source, text=" \n"))


def test_auditors_write_nothing(desk: Desk, desk_of: Callable[[str], Desk]) -> None:
    agents.add(desk, "aud", [Level.L1], role=Role.AUDITOR)
    auditor = desk_of("aud")
    for write in (
        lambda: editing.begin(auditor, "vpn/keepalive.md"),
        lambda: editing.begin_new(auditor, "x.md", "", "article"),
        lambda: editing.save(auditor, ArticleSource("x.md", "# X", "")),
        lambda: editing.external_editor(auditor),
    ):
        with pytest.raises(NotPermittedError):
            write()


@pytest.mark.parametrize(
    ("policy", "login", "allowed"),
    [
        ("local", "ann", True),
        ("local", "bob", False),
        ("always", "bob", True),
        ("never", "ann", False),
    ],
)
def test_the_policy_says_who_may_use_an_external_editor(
    desk: Desk,
    desk_of: Callable[[str], Desk],
    monkeypatch: pytest.MonkeyPatch,
    policy: str,
    login: str,
    allowed: bool,
) -> None:
    apply_text(desk, starter_text().replace('editor = "local"', f'editor = "{policy}"'))
    monkeypatch.setenv("VISUAL", "emacs -nw")
    opened = desk_of(login)
    if allowed:
        assert editing.external_editor(opened) == ["emacs", "-nw"]
    else:
        with pytest.raises(RefusedError, match="policy does not allow"):
            editing.external_editor(opened)


@pytest.mark.parametrize(
    ("version", "more", "allowed"),
    [(1, "", True), (0, "", False), (0, "editor_unfenced = true\n", True)],
)
def test_over_ssh_an_editor_needs_landlock_unless_the_host_says_otherwise(
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: int,
    more: str,
    allowed: bool,
) -> None:
    file = tmp_path / "config" / "helpdesk" / "door.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'editor = ["/bin/sed", "-i"]\n{more}')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(landlock, "abi", lambda: version)
    desk.settings = replace(desk.settings, origin=Origin())
    if allowed:
        assert editing.external_editor(desk) == ["/bin/sed", "-i"]
    else:
        with pytest.raises(RefusedError, match="it has no Landlock"):
            editing.external_editor(desk)


def test_the_policy_says_after_how_many_days_a_review_is_stale(desk: Desk) -> None:
    assert articles.check(desk) == []
    apply_text(desk, starter_text().replace('"365d"', '"7d"'))
    assert "more than 7 days ago" in articles.check(desk)[0].message
