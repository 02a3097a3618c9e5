"""``kb reviewed|submit|publish``: reviews, and approvals where the policy asks for them."""

import json
import subprocess

from helpdesk.desk.policy.files import starter_text
from tests.cli.shell import Shell

_DRAFT = (
    "---\ntitle: Oil the gizmo\nkind: article\n# who answers for it\nowner: dba\n"
    "status: draft\nreviewed: 2026-01-01 # long ago\ntags:\n- oil\n---\n## Answer\n\nOil it.\n"
)


def _ask_for_approvals(shell: Shell) -> None:
    policy = starter_text().replace("approval = false", "approval = true")
    done = shell.run("policy", "apply", "-", stdin=policy.encode())
    assert done.returncode == 0, done.stderr
    for login in ("bob", "eve"):
        shell.run("agent", "add", login, "--role", "editor", "--level", "L1")


def _today(shell: Shell) -> str:
    shell.json("ticket", "new", "-s", "what day is it")
    return str(shell.json("ticket", "list")[-1]["created_at"])[:10]


def test_a_review_changes_one_line_and_is_committed(shell: Shell) -> None:
    today = _today(shell)
    (shell.kb / "gizmo.md").write_bytes(_DRAFT.replace("\n", "\r\n").encode())
    subprocess.run(["git", "init", "-q"], cwd=shell.kb, check=True)
    assert shell.json("kb", "reviewed", "gizmo.md")["reviewed"] == today
    expected = _DRAFT.replace("2026-01-01 # long ago", today)
    assert (shell.kb / "gizmo.md").read_bytes() == expected.replace("\n", "\r\n").encode()
    log = subprocess.run(["git", "log", "--format=%s"], cwd=shell.kb, capture_output=True)
    assert log.stdout.decode() == "Review gizmo.md\n"
    assert "was reviewed today already" in shell.refused(1, "kb", "reviewed", "gizmo.md")
    (shell.kb / "plain.md").write_text("# Plain\n")
    assert "has no front matter" in shell.refused(1, "kb", "reviewed", "plain.md")


def test_a_renamed_article_keeps_its_uses_and_the_links_of_tickets(shell: Shell) -> None:
    git = ("git", "-c", "user.name=x", "-c", "user.email=x@x.example")

    def run(*arguments: str) -> None:
        subprocess.run((*git, *arguments), cwd=shell.kb, check=True)

    run("init", "-q")
    run("add", ".")
    run("commit", "-q", "-m", "all")
    for number, article in ((1, "vpn/keepalive.md"), (2, "mail/send-receive.md")):
        shell.json("ticket", "new", "-s", "gizmo", "--requester", "p.kay@x.example")
        shell.json("ticket", "resolve", f"HD-{number}", "--article", article)
    run("mv", "vpn/keepalive.md", "vpn/idle.md")
    run("commit", "-q", "-m", "one")
    run("mv", "vpn/idle.md", "vpn/still.md")
    run("commit", "-q", "-m", "two")
    assert shell.json("ticket", "show", "HD-1")["articles"] == ["vpn/still.md"]
    assert shell.json("kb", "show", "vpn/keepalive.md")["id"] == "vpn/still.md"
    moved = shell.kb / "mail/send-receive.md"
    text = moved.read_text().replace("kind: ", "aliases_of: mail/send-receive.md\nkind: ", 1)
    moved.unlink()
    (shell.kb / "mail/outbox.md").write_text(text)  # git knows nothing of it yet
    assert shell.json("ticket", "show", "HD-2")["articles"] == ["mail/outbox.md"]
    uses = {row["id"]: row["times_used"] for row in shell.json("kb", "list")}
    assert (uses["vpn/still.md"], uses["mail/outbox.md"]) == (1, 1)
    assert "mail/send-receive.md" not in uses
    shell.json("ticket", "reopen", "HD-1", "--reason", "again")
    shell.json("ticket", "resolve", "HD-1", "--article", "vpn/keepalive.md")
    assert shell.json("ticket", "show", "HD-1")["articles"] == ["vpn/still.md"]
    most = shell.json("kb", "stats")["most_used"]
    assert {row["id"] for row in most} == {"vpn/still.md", "mail/outbox.md"}
    found = json.loads(shell.run("kb", "check", "--json").stdout)
    assert [one for one in found if one["level"] == "error" and "outbox" in one["file"]] == []


def test_without_an_approval_in_the_policy_a_draft_is_published_at_once(shell: Shell) -> None:
    (shell.kb / "gizmo.md").write_text(_DRAFT)
    published = shell.json("kb", "publish", "gizmo.md")
    assert (published["status"], published["approved_by"]) == ("published", "")
    assert "published already" in shell.refused(1, "kb", "publish", "gizmo.md")
    assert "is published: edit it" in shell.refused(1, "kb", "submit", "gizmo.md")


def test_where_the_policy_asks_for_it_another_editor_publishes(shell: Shell) -> None:
    _ask_for_approvals(shell)
    (shell.kb / "gizmo.md").write_text(_DRAFT)
    assert "submit it first" in shell.refused(1, "kb", "publish", "gizmo.md", "--as", "bob")
    assert shell.json("kb", "submit", "gizmo.md", "--as", "bob")["status"] == "in review"
    assert "in review already" in shell.refused(1, "kb", "submit", "gizmo.md", "--as", "eve")
    assert "yourself" in shell.refused(1, "kb", "publish", "gizmo.md", "--as", "bob")
    assert shell.json("search", "oil the gizmo", "--in", "kb", "-n", "1") == []
    published = shell.json("kb", "publish", "gizmo.md", "--as", "eve")
    today = _today(shell)
    assert (published["status"], published["reviewed"]) == ("published", today)
    assert (published["approved_by"], published["approved"]) == ("eve", today)
    found = json.loads(shell.run("kb", "check", "--json").stdout)
    messages = {one["file"]: one["message"] for one in found}
    assert "gizmo.md" not in messages
    assert messages["vpn/keepalive.md"] == "it is published without the approval of an editor"
    assert shell.json("search", "oil the gizmo", "--in", "kb", "-n", "1")[0]["id"] == "gizmo.md"
