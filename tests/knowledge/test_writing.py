"""Saving an article: whole, inside the folder, over nobody's work, and into git."""

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


def test_a_saved_text_is_the_file_and_nothing_else_is_left(folder: KnowledgeFolder) -> None:
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


def test_a_file_that_somebody_else_saved_is_not_written_over(folder: KnowledgeFolder) -> None:
    source = read_source(folder, "one.md")
    (folder.root / "one.md").write_text("# One\n\ntheirs\n")
    with pytest.raises(ArticleChangedError, match="nothing was saved") as caught:
        save(folder, "one.md", "# One\n\nmine\n", source.seen)
    assert caught.value.changes[-2:] == ("-theirs", "+mine")
    assert (folder.root / "one.md").read_text() == "# One\n\ntheirs\n"
    save(folder, "one.md", "# One\n\nboth\n", caught.value.theirs.seen)
    assert (folder.root / "one.md").read_text() == "# One\n\nboth\n"


def test_a_file_that_was_deleted_meanwhile_can_be_begun_anew(folder: KnowledgeFolder) -> None:
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
def test_no_path_leaves_the_folder_or_is_odd(folder: KnowledgeFolder, path: str) -> None:
    (folder.root / "out").symlink_to(folder.root.parent)
    with pytest.raises(RefusedError):
        save(folder, path, "x", "")
    assert not (folder.root.parent / "x.md").exists()


def test_a_link_inside_the_folder_is_followed_one_out_of_it_is_not(folder: KnowledgeFolder) -> None:
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


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(
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
def kept(folder: KnowledgeFolder) -> Path:
    """The folder inside a work tree with other staged and unstaged work in it."""
    top = folder.root.parent
    _git(top, "init", "-q", "-b", "main")
    (top / "other.txt").write_text("1\n")
    _git(top, "add", "root/one.md", "other.txt")
    _git(top, "commit", "-q", "-m", "begin")
    (top / "other.txt").write_text("2\n")
    _git(top, "add", "other.txt")
    (top / "loose.txt").write_text("loose\n")
    return folder.root


def test_a_commit_holds_the_one_file_and_names_who_wrote_it(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "somebody else")
    (kept / "one.md").write_text("# One\n\nnew\n")
    (kept / "two[1].md").write_text("# Two\n")
    first = git.commit(kept, "one.md", "Ann <Lee>", "ann", new=False)
    second = git.commit(kept, "two[1].md", "", "bob", new=True)
    monkeypatch.undo()
    assert first.revision
    assert (first.problem, second.problem) == ("", "")
    shown = _git(kept, "log", "-2", "--name-only", "--format=%s|%an|%ae|%cn")
    assert shown.split("\n\n") == [
        "Add two[1].md|bob|bob@helpdesk.invalid|bob",
        "root/two[1].md\nUpdate one.md|Ann Lee|ann@helpdesk.invalid|Ann Lee",
        "root/one.md\n",
    ]
    assert _git(kept.parent, "status", "--porcelain") == "M  other.txt\n?? loose.txt\n"


def test_what_was_saved_as_it_stood_makes_no_commit(kept: Path) -> None:
    assert git.commit(kept, "one.md", "Ann", "ann", new=False) == git.Committed()


def test_a_git_that_refuses_is_told_and_leaves_the_index_as_it_was(kept: Path) -> None:
    (kept.parent / ".git" / "hooks").mkdir(exist_ok=True)
    hook = kept.parent / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    (kept / "two.md").write_text("# Two\n")
    done = git.commit(kept, "two.md", "Ann", "ann", new=True)
    assert (done.revision, done.problem) == ("", "not today")
    assert _git(kept.parent, "status", "--porcelain") == (
        "M  other.txt\n?? loose.txt\n?? root/two.md\n"
    )


def test_a_folder_outside_git_is_just_a_folder(folder: KnowledgeFolder) -> None:
    assert git.commit(folder.root, "one.md", "Ann", "ann", new=False) == git.Committed()
