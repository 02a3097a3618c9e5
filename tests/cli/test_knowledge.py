"""``helpdesk kb`` and ``helpdesk ticket steps|tick``: new files, mistakes, SOP steps, gaps."""

import json
import os
import subprocess

from tests.cli.shell import Shell


def test_check_prints_file_line_level_and_message(shell: Shell) -> None:
    (shell.kb / "bad.md").write_text("---\ntitle: x\nkind: nonsense\n---\n")
    (shell.kb / "odd.md").write_text(
        "---\ntitle: Odd\nkind: article\nowner: dba\nreviewed: 2026-11-01\nalises: []\n---\n"
        "## Answer\n\n[gone](gone.md)\n"
    )
    done = shell.run("kb", "check", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert {"file", "line", "level", "message"} == set(found[0])
    said = [(one["file"], one["line"], one["level"]) for one in found]
    assert said == [("bad.md", 3, "error"), ("odd.md", 6, "warning"), ("odd.md", 10, "error")]
    text = shell.run("kb", "check").stdout.decode()
    assert "odd.md:10: error: the link to gone.md is dead.\n" in text
    (shell.kb / "bad.md").unlink()
    (shell.kb / "odd.md").unlink()
    assert shell.run("kb", "check").returncode == 0


def _messages(shell: Shell) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in json.loads(shell.run("kb", "check", "--json").stdout):
        found.setdefault(one["file"], []).append(f"{one['line']} {one['level']} {one['message']}")
    return found


def test_check_names_conflict_marks_unknown_names_empty_and_unread_files(shell: Shell) -> None:
    head = "---\ntitle: {0}\nkind: article\nservice: {1}\nowner: {2}\nreviewed: 2026-11-01\n---\n"
    answer = "## Answer\n\n{}\n"
    marks = "<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> 1a2b3c (Edit)"
    (shell.kb / ".obsidian" / "trash").mkdir(parents=True)
    (shell.kb / ".git").mkdir()
    files = {
        "fine.md": head.format("Fine", "vpn", shell.login) + answer.format("yes"),
        "merged.md": head.format("Merged", "vpn", "service-desk") + answer.format(marks),
        "shown.md": head.format("Shown", "VPN", "dba")
        + answer.format(f"```\n{marks}\n```\n\nwhich is"),
        "names.md": head.format("Names", "vpm", "gone-team") + answer.format("yes"),
        "head.md": f"---\ntitle: x\n{marks}\n---\ntext\n",
        "german.md": head.format("German", "vpn", "dba") + "## Lösung\n\nNeu starten.\n",
        "named.md": head.format("Named", "vpn", "dba\nanswer: Lösung")
        + "## Lösung\n\nNeu starten.\n",
        "other.md": head.format("Other", "vpn", "dba")
        + answer.format("yes")
        + "## Answer (de)\n\nYou can set a new password yourself on the page of your account.\n",
        "empty.md": "\n",
        "plain.md": "# Plain\n\n[gone](nowhere.md), ![gone](no.png), <img src='no.svg'>\n\n"
        "[fine](fine.md), [a (b)](<fine.md> 'x'), [![x](no.png)](fine.md)\n\n[ref]: gone.md\n",
        "LOUD.MD": "# Loud\n",
        "vpn/other.markdown": "# Other\n",
        ".obsidian/trash/old.md": "# Old\n",
        ".git/index.md": "# not named\n",
        "vpn/.hidden.md": "# Hidden\n",
    }
    for path, text in files.items():
        (shell.kb / path).write_text(text)
    found = _messages(shell)
    assert set(found) == set(files) - {"fine.md", "named.md", ".git/index.md"}
    merge = "error a merge left its conflict marks here: keep one of the two versions"
    assert found["merged.md"] == [f"10 {merge}"]
    assert found["head.md"] == [f"3 {merge}"]
    assert "11 warning there are conflict marks" in found["shown.md"][0]
    assert [one.partition(":")[0] for one in found["names.md"]] == [
        "4 warning the service 'vpm' is not in the policy",
        "5 warning the owner 'gone-team' is no agent of this desk",
    ]
    assert "is 'vpn' meant?" in found["names.md"][0]
    assert "add 'answer: Lösung'" in found["german.md"][0]
    assert "'## Answer (de)' seems to be in 'en'" in found["other.md"][0]
    assert found["empty.md"][0].startswith("1 error the file has no text")
    assert [one.partition(":")[0] for one in found["plain.md"]] == [
        "3 warning the image no.png is dead",
        "3 warning the image no.svg is dead",
        "3 warning the link to nowhere.md is dead",
        "5 warning the image no.png is dead",
        "7 warning the link to gone.md is dead",
    ]
    for path in ("LOUD.MD", "vpn/other.markdown", ".obsidian/trash/old.md", "vpn/.hidden.md"):
        assert "not read" in found[path][0]
    assert shell.json("kb", "show", "named.md")["answer"] == "Neu starten."


def test_an_article_with_conflict_marks_answers_nobody(shell: Shell) -> None:
    file = shell.kb / "accounts/password-reset.md"
    text = file.read_text()
    file.write_text(
        text.replace("## Answer\n", "## Answer\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", 1)
    )
    shell.json("ticket", "new", "-s", "I forgot my password", "--requester", "p.kay@x.example")
    said = shell.refused(1, "ticket", "resolve", "HD-1", "--article", "accounts/password-reset.md")
    assert "a merge left its conflict marks here" in said
    assert shell.json("ticket", "show", "HD-1")["state"] == "new"


def test_an_article_with_errors_is_sent_with_a_warning_and_as_plain_text(shell: Shell) -> None:
    head = "---\ntitle: Odd\nkind: article\nowner: dba\nreviewed: 2026-11-01\n---\n## Answer\n\n"
    text = "See [this](gone.md), ![a picture](no.png) and [the page][p].\n\n"
    (shell.kb / "odd.md").write_text(f"{head}{text}## See also\n\n[p]: https://a.example\n")
    shell.json("ticket", "new", "-s", "odd", "--requester", "p.kay@x.example")
    done = shell.run("ticket", "resolve", "HD-1", "--article", "odd.md")
    assert done.returncode == 0
    warning = "odd.md has errors; check what is sent: line 9: the image no.png is dead."
    assert done.stderr.decode() == f"helpdesk: warning: {warning}\n"
    events = shell.json("ticket", "show", "HD-1")["events"]
    sent = [each["text"] for each in events if each["type"] == "replied"]
    assert sent == ["See this, a picture and the page (https://a.example)."]
    assert shell.json("kb", "show", "odd.md")["problem"] == warning


def test_the_list_shows_who_changed_an_article_last_and_is_narrowed(shell: Shell) -> None:
    head = "---\ntitle: {0}\nkind: article\nowner: {0}-team\nservice: {1}\nreviewed: {2}\n---\n"
    for path, words in {
        "one.md": ("One", "vpn", "2020-01-01"),
        "two.md": ("Two", "mail", "2026-11-01"),
    }.items():
        (shell.kb / path).write_text(head.format(*words))

    def paths(*options: str) -> list[str]:
        return [row["id"] for row in shell.json("kb", "list", *options)]

    assert paths("--overdue") == ["one.md"]
    assert paths("--owner", "TWO-team") == ["two.md"]
    assert paths("--owner", "nobody") == []
    assert {"one.md"} < set(paths("--service", "VPN"))
    assert "two.md" not in paths("--service", "VPN")
    rows = {row["id"]: row for row in shell.json("kb", "list")}
    assert (rows["one.md"]["service"], rows["one.md"]["changed_by"]) == ("vpn", "")
    git = ("git", "-c", "user.name=Ada Lane", "-c", "user.email=ada@x.example")
    (shell.kb / ".gitignore").write_text("")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "all")):
        when = {**os.environ, "GIT_COMMITTER_DATE": "2026-03-01T12:00:00Z"}
        subprocess.run((*git, *arguments), cwd=shell.kb, check=True, env=when)
    (row,) = shell.json("kb", "list", "--owner", "one-team")
    assert (row["changed_at"], row["changed_by"]) == ("2026-03-01T12:00:00Z", "Ada Lane")
    (shell.kb / "one.md").write_text(head.format("One", "vpn", "2020-01-02"))
    (row,) = shell.json("kb", "list", "--owner", "one-team")
    assert row["changed_by"] == ""  # not committed yet
    table = shell.run("kb", "list", "--owner", "two-team").stdout.decode().split("\n")
    assert table[0].split() == [
        "PATH",
        "KIND",
        "STATUS",
        "REVIEWED",
        "OWNER",
        "CHANGED",
        "BY",
        "USED",
        "TITLE",
    ]
    assert "2026-03-01  Ada Lane" in table[1]


def test_an_owner_who_may_not_log_in_any_more_is_named(shell: Shell) -> None:
    shell.run("agent", "add", "zoe", "--level", "L1")
    (shell.kb / "one.md").write_text(
        "---\ntitle: One\nkind: article\nowner: Zoe\nreviewed: 2026-11-01\n---\n## Answer\nyes\n"
    )
    assert _messages(shell) == {}
    shell.run("agent", "disable", "zoe")
    assert _messages(shell) == {
        "one.md": ["4 warning the owner 'Zoe' cannot log in any more: name another one"]
    }


def test_a_new_file_from_a_template_is_committed_where_the_folder_is_in_git(shell: Shell) -> None:
    subprocess.run(["git", "init", "-q"], cwd=shell.kb, check=True)
    made = shell.json("kb", "new", "vpn/step-by-step.md", "--template", "sop")
    assert made["id"] == "vpn/step-by-step.md"
    log = subprocess.run(
        ["git", "log", "--format=%h %s", "--name-only"], cwd=shell.kb, capture_output=True
    )
    assert log.stdout.decode() == (
        f"{made['commit']} Add vpn/step-by-step.md\n\nvpn/step-by-step.md\n"
    )
    assert shell.json("kb", "show", "vpn/step-by-step.md")["kind"] == "sop"


def test_a_file_is_saved_with_a_warning_if_git_refuses_the_commit(shell: Shell) -> None:
    (shell.kb / ".git").write_text("gitdir: /nowhere\n")
    done = shell.run("kb", "new", "vpn/other.md")
    assert done.returncode == 0
    assert b"saved, but not committed to git" in done.stderr
    assert (shell.kb / "vpn/other.md").exists()


def test_an_article_can_be_filled_from_a_ticket(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "Gizmo hums", "--requester", "Pia Kay <p.kay@x.example>")
    shell.json("ticket", "resolve", "HD-1", "--text", "Dear Pia, oil it.")
    shell.json("kb", "new", "gizmo/hums.md", "--from", "HD-1")
    article = shell.json("kb", "show", "gizmo/hums.md")
    assert (article["title"], article["answer"]) == ("Gizmo hums", "Dear …, oil it.")
    assert "no ticket HD-9" in shell.refused(1, "kb", "new", "x.md", "--from", "HD-9")
    assert "is not a ticket id" in shell.refused(1, "kb", "new", "x.md", "--from", "nine")


def test_steps_are_ticked_by_command(shell: Shell) -> None:
    sop = "procedures/close-ticket.md"
    shell.json("ticket", "new", "-s", "Close a ticket and ask for feedback")
    ticked = shell.json("ticket", "tick", "HD-1", "--sop", sop, "--step", "2")
    assert [event["type"] for event in ticked["events"]] == ["logged", "ticked"]
    (found,) = shell.json("ticket", "steps", "HD-1", "--sop", sop)
    assert (found["done"], found["steps"][1]["by"]) == (1, shell.login)
    assert f"{sop}  1/" in shell.run("ticket", "steps", "HD-1").stdout.decode()
    shell.json("ticket", "tick", "HD-1", "--sop", sop, "--step", "2", "--undo")
    assert shell.json("ticket", "steps", "HD-1", "--sop", sop)[0]["done"] == 0
    assert "no step 99" in shell.refused(1, "ticket", "tick", "HD-1", "--sop", sop, "--step", "99")
    shell.refused(3, "ticket", "tick", "HD-1", "--sop", sop, "--step", "1", "--version", "1")


def test_stats_report_what_is_missing(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "Gizmo hums")
    shell.json("ticket", "resolve", "HD-1", "--text", "oil it")
    stats = shell.json("kb", "stats", "--days", "30")
    assert [one["id"] for one in stats["without_article"]] == ["HD-1"]
    assert (stats["resolved"], stats["with_article"]) == (1, 0)
    assert stats["searches"] == {"used": 0, "read": 0, "none": 0}
    text = shell.run("kb", "stats").stdout.decode()
    assert "resolved without an article:" in text
    assert "Gizmo hums" in text


def test_a_duplicate_and_a_recurring_problem_in_json(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "the cause of it all", "--kind", "problem")
    shell.json("ticket", "new", "-s", "exchange the gizmo", "--kind", "change")
    shell.json("ticket", "link", "HD-1", "--to", "HD-2", "--kind", "change")
    for ticket in ("HD-2", "HD-1"):
        shell.json("ticket", "resolve", ticket)
    shell.json("ticket", "new", "-s", "one", "--requester", "a@x.example")
    shell.json("ticket", "new", "-s", "two", "--requester", "b@x.example")
    back = shell.json("ticket", "link", "HD-3", "--to", "HD-1", "--kind", "problem")
    assert back["reappeared"] == {"problem": "HD-1", "change": "HD-2"}
    assert back["with_lead_since"] is not None
    assert (
        "reappeared: HD-1, fixed in change HD-2"
        in shell.run("ticket", "show", "HD-3").stdout.decode()
    )
    shell.json("ticket", "link", "HD-4", "--to", "HD-3", "--kind", "duplicate")
    rows = {row["id"]: row for row in shell.json("ticket", "list")}
    assert (rows["HD-3"]["reappeared"], rows["HD-4"]["duplicate_of"]) == ("HD-1", "HD-3")
    assert shell.json("ticket", "show", "HD-3")["further_requesters"] == ["b@x.example"]
    shell.json("ticket", "resolve", "HD-3", "--text", "done")
    assert shell.json("ticket", "show", "HD-4")["state"] == "resolved"


def test_a_ticket_is_resolved_with_the_answer_in_its_language_or_the_chosen_one(
    shell: Shell,
) -> None:
    article = ("--article", "accounts/password-reset.md")
    for subject in (
        "Passwort vergessen",
        "I forgot my password",
        "mot de passe oublié",
        "password",
    ):
        shell.json("ticket", "new", "-s", subject, "--requester", "Pia Kay <p.kay@x.example>")
    shell.json("ticket", "resolve", "HD-1", "HD-2", "HD-3", *article)
    shell.json("ticket", "resolve", "HD-4", *article, "--language", "de")
    answers = shell.json("kb", "show", "accounts/password-reset.md")
    expected = [answers["answers"]["de"], answers["answer"], answers["answers"]["fr"]]
    for number, text in enumerate((*expected, answers["answers"]["de"]), 1):
        replies = shell.json("ticket", "show", f"HD-{number}")["events"]
        sent = [each["text"] for each in replies if each["type"] == "replied"]
        assert [each.split() for each in sent] == [text.split()]  # wrapped lines are joined
    assert "has no answer in 'it': it has en, de, fr" in shell.refused(
        1, "ticket", "resolve", "HD-4", *article, "--language", "it"
    )
    assert "add --article" in shell.refused(1, "ticket", "resolve", "HD-4", "--language", "de")
