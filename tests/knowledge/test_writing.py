"""Saving an article: atomically, inside the folder, without overwriting others, and in git."""

import os
import subprocess
from pathlib import Path

import pytest

from helpdesk.domain.errors import RefusedError
from helpdesk.knowledge import git
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.writing import ArticleChangedError, read_source, save


@pytest.fixture
def folder(tmp_path: Path) -> KnowledgeFolder:
    root = tmp_path / "root"
    root.mkdir()
    (root / "one.md").write_text("# One\n\nold\n")
    return KnowledgeFolder(root)


def test_saving_replaces_the_file_and_leaves_no_other(folder: KnowledgeFolder) -> None:
    (folder.root / "one.md").chmod(0o640)
    source = read_source(folder, "one.md")
    saved = save(folder, "one.md", "# One\n\nnew\n", source.seen)
    assert (folder.root / "one.md").read_text() == "# One\n\nnew\n"
    assert (folder.root / "one.md").stat().st_mode & 0o777 == 0o640
    assert read_source(folder, "one.md") == saved
    save(folder, "new/deep/two.md", "# Two\n", "")
    assert sorted(path.name for path in folder.root.rglob("*") if path.is_file()) == [
        "one.md",
        "two.md",
    ]


def test_changes_of_somebody_else_are_not_overwritten(folder: KnowledgeFolder) -> None:
    source = read_source(folder, "one.md")
    (folder.root / "one.md").write_text("# One\n\ntheirs\n")
    with pytest.raises(ArticleChangedError, match="nothing was saved") as caught:
        save(folder, "one.md", "# One\n\nmine\n", source.seen)
    assert caught.value.changes[-2:] == ("-theirs", "+mine")
    assert (folder.root / "one.md").read_text() == "# One\n\ntheirs\n"
    save(folder, "one.md", "# One\n\nboth\n", caught.value.theirs.seen)
    assert (folder.root / "one.md").read_text() == "# One\n\nboth\n"


def test_a_file_that_was_deleted_meanwhile_can_be_created_again(folder: KnowledgeFolder) -> None:
    source = read_source(folder, "one.md")
    (folder.root / "one.md").unlink()
    with pytest.raises(ArticleChangedError) as caught:
        save(folder, "one.md", "# One\n\nmine\n", source.seen)
    save(folder, "one.md", "# One\n\nmine\n", caught.value.theirs.seen)
    assert (folder.root / "one.md").read_text() == "# One\n\nmine\n"


@pytest.mark.parametrize(
    "path",
    [
        "../x.md",
        "/etc/x.md",
        "x.txt",
        ".hidden.md",
        "a/../../x.md",
        "a//b.md",
        "./x.md",
        ".git/x.md",
        "out/x.md",
        "x\x1b.md",
        "x\n.md",
        "x\\y.md",
        " x.md",
        "a /x.md",
        "x" * 300 + ".md",
        "",
        ".md",
    ],
)
def test_paths_outside_the_folder_and_odd_paths_are_refused(
    folder: KnowledgeFolder, path: str
) -> None:
    (folder.root / "out").symlink_to(folder.root.parent)
    with pytest.raises(RefusedError):
        save(folder, path, "x", "")
    assert not (folder.root.parent / "x.md").exists()


def test_only_links_inside_the_folder_are_followed(folder: KnowledgeFolder) -> None:
    (folder.root / "link.md").symlink_to("one.md")
    save(folder, "link.md", "through\n", read_source(folder, "link.md").seen)
    assert (folder.root / "link.md").is_symlink()
    assert (folder.root / "one.md").read_text() == "through\n"
    secret = folder.root.parent / "secret.md"
    secret.write_text("secret")
    (folder.root / "evil.md").symlink_to(secret)
    with pytest.raises(RefusedError, match="leads out"):
        save(folder, "evil.md", "x", "seen")
    assert secret.read_text() == "secret"


def test_a_full_disk_is_reported_and_the_file_stays(
    folder: KnowledgeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = read_source(folder, "one.md")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RefusedError, match="No space left on device"):
        save(folder, "one.md", "new", source.seen)
    assert (folder.root / "one.md").read_text() == "# One\n\nold\n"
    assert [path.name for path in folder.root.iterdir()] == ["one.md"]


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@x", *arguments],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.fixture
def work_tree(folder: KnowledgeFolder) -> Path:
    """The folder inside a git work tree with other staged and unstaged changes."""
    top = folder.root.parent
    _git(top, "init", "-q", "-b", "main")
    (top / "other.txt").write_text("1\n")
    _git(top, "add", "root/one.md", "other.txt")
    _git(top, "commit", "-q", "-m", "begin")
    (top / "other.txt").write_text("2\n")
    _git(top, "add", "other.txt")
    (top / "loose.txt").write_text("loose\n")
    return folder.root


def test_a_commit_contains_only_the_saved_file_and_names_its_author(
    work_tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "somebody else")
    (work_tree / "one.md").write_text("# One\n\nnew\n")
    (work_tree / "two[1].md").write_text("# Two\n")
    first = git.commit(work_tree, "one.md", "Ann <Lee>", "ann", new=False)
    second = git.commit(work_tree, "two[1].md", "", "bob", new=True)
    monkeypatch.undo()
    assert first.revision
    assert (first.problem, second.problem) == ("", "")
    shown = _git(work_tree, "log", "-2", "--name-only", "--format=%s|%an|%ae|%cn")
    assert shown.split("\n\n") == [
        "Add two[1].md|bob|bob@helpdesk.invalid|bob",
        "root/two[1].md\nUpdate one.md|Ann Lee|ann@helpdesk.invalid|Ann Lee",
        "root/one.md\n",
    ]
    assert _git(work_tree.parent, "status", "--porcelain") == "M  other.txt\n?? loose.txt\n"


def test_an_unchanged_file_is_not_committed(work_tree: Path) -> None:
    assert git.commit(work_tree, "one.md", "Ann", "ann", new=False) == git.CommitResult()


def test_a_refused_commit_is_reported_and_the_index_stays_as_it_was(work_tree: Path) -> None:
    reference = work_tree.parent / ".git" / "refs" / "heads" / "main.lock"
    reference.touch()
    (work_tree / "two.md").write_text("# Two\n")
    done = git.commit(work_tree, "two.md", "Ann", "ann", new=True)
    assert done.revision == ""
    assert "main.lock" in done.problem
    reference.unlink()
    assert _git(work_tree.parent, "status", "--porcelain") == (
        "M  other.txt\n?? loose.txt\n?? root/two.md\n"
    )


_HOOKS = (
    *("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-index-change"),
    *("reference-transaction", "fsmonitor-watchman", "pre-auto-gc"),
)


def test_git_starts_no_program_that_the_repository_names(work_tree: Path, tmp_path: Path) -> None:
    top, started = work_tree.parent, tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho $0 $* >>{started}\ncat\n")
    program.chmod(0o755)
    hooks = top / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in _HOOKS:
        (hooks / name).symlink_to(program)
    for name in ("odd", "o=dd.name", 'with "quotes"'):
        for kind in ("clean", "smudge", "process"):
            _git(top, "config", f"filter.{name}.{kind}", f"{program} {kind}")
        _git(top, "config", f"filter.{name}.required", "true")
    _git(top, "config", "hook.mine.event", "pre-commit")
    _git(top, "config", "hook.mine.command", str(program))
    for key in (
        *("core.fsmonitor", "core.editor", "core.pager", "core.sshCommand", "gpg.program"),
        *("diff.external", "diff.odd.command", "diff.odd.textconv", "merge.odd.driver"),
        *("gpg.ssh.program", "credential.helper", "sequence.editor"),
    ):
        _git(top, "config", key, str(program))
    for key in ("commit.gpgSign", "commit.verbose"):
        _git(top, "config", key, "true")
    attributes = "*.md filter=odd diff=odd merge=odd\nsecond.md filter=o=dd.name\n"
    (work_tree / ".gitattributes").write_text(attributes)
    (top / ".git" / "info").mkdir(exist_ok=True)
    (top / ".git" / "info" / "attributes").write_text(attributes)
    started.unlink(missing_ok=True)

    (work_tree / "one.md").write_text("# One\n\nnew\n")
    (work_tree / "second.md").write_text("# Second\n")
    first = git.commit(work_tree, "one.md", "Ann", "ann", new=False)
    second = git.commit(work_tree, "second.md", "Ann", "ann", new=True)
    assert not started.exists(), started.read_text()
    assert first.revision
    assert second.revision
    shown = subprocess.run(
        ["git", "cat-file", "blob", "HEAD:root/second.md"], cwd=top, capture_output=True, check=True
    )
    assert shown.stdout == b"# Second\n"


def test_a_folder_outside_git_makes_no_commit(folder: KnowledgeFolder) -> None:
    assert git.commit(folder.root, "one.md", "Ann", "ann", new=False) == git.CommitResult()
