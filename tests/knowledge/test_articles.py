"""Reading articles: files of other tools are accepted, broken ones are reported."""

import contextlib
import os
import re
import socket
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import DeskError, NotFoundError, RefusedError, UnavailableError
from helpdesk.knowledge.article import parse_article
from helpdesk.knowledge.check import check
from helpdesk.knowledge.finding import Severity
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.front_matter import BrokenArticleError
from helpdesk.knowledge.template import template
from helpdesk.knowledge.watcher import watch
from helpdesk.knowledge.writing import read_source, save
from tests.conftest import KB

TODAY = date(2026, 11, 24)


def test_the_starter_knowledge_base_has_no_mistakes() -> None:
    folder = KnowledgeFolder(KB)
    articles = [folder.read(file.path) for file in folder.files()]
    assert len(articles) >= 25
    assert {article.kind for article in articles} == {"article", "sop"}
    assert check(folder, TODAY) == []


def test_all_parts_of_an_article_are_read() -> None:
    text = (
        "\ufeff---\r\ntitle: Printer  offline\r\nkind: article\r\ntags: [print, net]\r\n"
        "aliases: printer gone\r\nstatus: published\r\nreviewed: 2026-09-01\r\n---\r\n"
        "# Printer offline\r\n\r\n## Answer\r\nTurn it on.\r\n\r\n```\r\n# no heading\r\n```\r\n"
        "## Steps\r\n- [ ] check the cable\r\n"
    )
    article = parse_article("print/offline.md", text.encode())
    assert (article.title, article.aliases) == ("Printer offline", ("printer gone",))
    assert article.answer == "Turn it on.\n\n```\n# no heading\n```"
    assert article.headings == ("Printer offline", "Answer", "Steps")
    assert article.steps == ("check the cable",)
    assert article.reviewed == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("just words\n", "some file"),
        ("# First heading\n", "First heading"),
        ("---\nms.custom: [a, b]\ntitle: Theirs\nowner: [x]\n---\nbody", "Theirs"),
        ("---\n---\n# After an empty head\n", "After an empty head"),
        ("", "some file"),
    ],
)
def test_files_of_other_tools_are_articles_too(text: str, title: str) -> None:
    assert parse_article("some-file.md", text.encode()).title == title


@pytest.mark.parametrize(
    ("raw", "line", "problem"),
    [
        (b"---\ntitle: x\n", 1, "not closed"),
        (b"---\ntitle: [x\n---\n", 3, "broken YAML"),
        (b"---\ntitle: x\nkind: nonsense\n---\n", 3, "'kind' must be one of"),
        (b"---\nkind: article\ntags: {a: b}\n---\n", 3, "'tags' must be a list"),
        (b"---\nkind: article\nreviewed: soon\n---\n", 3, "'reviewed' must be a date"),
        (b"---\na: &a [x]\nb: [*a, *a]\n---\n", 2, "anchors and aliases"),
        (b"---\n- a\n- b\n---\n", 2, "'key: value'"),
        (b"text\nmore \xff\xfe\n", 2, "not UTF-8"),
        (b"text\n\x00\x01\n", 2, "binary"),
        (b"x" * 5_000_000, 1, "at most 2 MiB"),
        (b"---\n" + b"a: b\n" * 20_000 + b"---\n", 1, "over 64 KiB"),
    ],
)
def test_a_broken_file_is_reported_with_line_and_reason(
    raw: bytes, line: int, problem: str
) -> None:
    with pytest.raises(BrokenArticleError, match=problem) as caught:
        parse_article("vpn/broken.md", raw)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"vpn/broken.md, line {line}: ")


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"---\n{text}".encode()))
def test_any_bytes_are_read_or_reported(raw: bytes) -> None:
    with contextlib.suppress(BrokenArticleError):
        assert parse_article("x.md", raw).path == "x.md"


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    root = tmp_path / "kb"
    root.mkdir()
    (root / "link.md").symlink_to(secret)
    (root / "gone.md").symlink_to(root / "nowhere.md")
    (root / ".hidden.md").write_text("hidden")
    (root / "bad\x1bname.md").write_text("x")
    (root / "fine.md").write_text("# Fine")
    folder = KnowledgeFolder(root)
    assert [file.path for file in folder.files()] == ["fine.md"]
    for path in ("../secret.md", str(secret), "link.md", ".hidden.md", "fine.txt", "a/../fine.md"):
        with pytest.raises(NotFoundError):
            folder.read(path)
    messages = [finding.message for finding in folder.refused()]
    assert any("leads out" in message for message in messages)
    assert any("cannot be shown" in message for message in messages)
    with pytest.raises(UnavailableError, match="cannot be read"):
        list(KnowledgeFolder(tmp_path / "none").files())


def _make_odd_files(root: Path) -> dict[str, str]:
    """Make files that are no plain files in the current folder; return what is said of each."""
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("# Secret")
    (root / "loop.md").symlink_to("loop.md")
    (root / "ring.md").symlink_to("ring2.md")
    (root / "ring2.md").symlink_to("ring.md")
    (root / "gone.md").symlink_to("nowhere.md")
    os.mkfifo(root / "pipe.md")
    (root / "via.md").symlink_to("pipe.md")
    (root / "device.md").symlink_to("/dev/zero")
    (root / "out.md").symlink_to(outside / "secret.md")
    (root / "down.md").symlink_to("down")
    (root / "down").mkdir()
    (root / "folder.md").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.md")
    return {
        **dict.fromkeys(("loop.md", "ring.md", "ring2.md"), "leads to itself"),
        "gone.md": "leads nowhere",
        **dict.fromkeys(("pipe.md", "via.md"), "is a pipe, not a plain file"),
        **dict.fromkeys(("device.md", "out.md"), "leads out of the knowledge base"),
        **dict.fromkeys(("down.md", "folder.md"), "is a folder, not a plain file"),
        "socket.md": "is a socket, not a plain file",
    }


@pytest.mark.timeout(20)
def test_what_is_no_plain_file_is_named_and_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "kb"
    root.mkdir()
    monkeypatch.chdir(root)  # the path of a socket may have 107 bytes only
    expected = _make_odd_files(root)
    (root / "self").symlink_to(".")
    links = "\n".join(f"[x]({name})" for name in expected)
    (root / "fine.md").write_text(f"---\nkind: article\n---\n# Fine\n{links}\n")
    os.mkfifo(root / "synonyms")
    folder = KnowledgeFolder(root)
    assert [file.path for file in folder.files()] == ["fine.md"]
    assert [entry.path for entry in folder.catalogue()] == ["fine.md"]
    found = {
        finding.path: finding.message
        for finding in check(folder, TODAY)
        if finding.path != "fine.md"
    }
    assert found.keys() == {*expected, "self", "synonyms"}
    assert "is not followed" in found["self"]
    assert "is a pipe" in found["synonyms"]
    for path, said in expected.items():
        assert said in found[path]
        with pytest.raises(RefusedError):
            folder.read(path)
        with pytest.raises(DeskError):
            save(folder, path, "x", "seen")
    assert (tmp_path / "outside" / "secret.md").read_text() == "# Secret"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_folder_and_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    (tmp_path / "file.md").touch(mode=0)
    found = [(finding.path, finding.message) for finding in check(KnowledgeFolder(tmp_path), TODAY)]
    (tmp_path / "closed").chmod(0o700)
    assert found == [
        ("closed", "the folder cannot be read (Permission denied)"),
        ("file.md", "the file cannot be read (Permission denied)"),
    ]


def test_an_article_that_check_refuses_by_its_name_is_not_shown(tmp_path: Path) -> None:
    for name in ("a\u202egnp.md", "b\x1b[2J.md", "c\u200b.md"):
        (tmp_path / name).write_text("# Fine")
        with pytest.raises(BrokenArticleError, match="characters that cannot be shown") as refused:
            KnowledgeFolder(tmp_path).read(name)
        assert str(refused.value).isprintable()


def test_names_that_cannot_be_shown_are_named_and_twins_too(tmp_path: Path) -> None:
    for name in (b"a\nb.md", b"c\x1b]2;x\x07.md", b"d\xff.md", b"Twin.md", b"twin.md"):
        (tmp_path / os.fsdecode(name)).touch()
    (tmp_path / "Twin.md").write_text("# Another")
    (tmp_path / "twin.md").write_text("# Yet another")
    (tmp_path / "u\u0308.md").write_text("# One")
    (tmp_path / "ü.md").write_text("# Two")
    folder = KnowledgeFolder(tmp_path)
    assert [file.path for file in folder.files()] == ["Twin.md", "twin.md", "u\u0308.md", "ü.md"]
    assert [(finding.path, finding.message) for finding in check(folder, TODAY)] == [
        (path, "the name holds characters that cannot be shown: rename the file")
        for path in ("a b.md", "c␛]2;x␇.md", "d\ufffd.md")
    ] + [
        (path, f"some file systems take the name for that of {other}: rename one of them")
        for path, other in (("twin.md", "Twin.md"), ("ü.md", "u\u0308.md"))
    ]


def test_the_size_of_a_large_article_is_that_of_its_file(tmp_path: Path) -> None:
    file = tmp_path / "large.md"
    file.write_bytes(b"")
    for size, said in ((40 * 2**20, "40.0 MiB"), (2 * 2**20 + 1, "2.1 MiB")):
        os.truncate(file, size)
        for read in (KnowledgeFolder.read, read_source):
            with pytest.raises(BrokenArticleError, match=f"the file has {said}; at most 2 MiB"):
                read(KnowledgeFolder(tmp_path), "large.md")


def test_check_reports_every_kind_of_mistake(tmp_path: Path) -> None:
    head = "---\ntitle: {}\nkind: article\naliases: [same words]\nowner: {}\nreviewed: {}\n---\n"
    good = head.format("One", "me", "2026-11-01") + "## Answer\nyes\n"
    (tmp_path / "a.md").write_text(good)
    (tmp_path / "b.md").write_text(head.format("ONE", "''", "2020-01-01") + "[x](none.md)\n")
    (tmp_path / "c.md").write_text(good.replace("One", "Three") + "[out](../../etc/passwd)\n")
    (tmp_path / "d.md").write_text("---\ntitle: s\nkind: sop\n---\nno steps\n[a](a.md#x)")
    found = check(KnowledgeFolder(tmp_path), TODAY)
    mistakes = {(finding.path, finding.line, finding.message) for finding in found}
    for path, line, part in (
        ("b.md", 2, "title 'ONE' is also that of a.md"),
        ("b.md", 4, "alias 'same words'"),
        ("b.md", 8, "the link to none.md is dead"),
        ("b.md", 1, "no text under '## Answer'"),
        ("b.md", 5, "no owner"),
        ("b.md", 6, "last review was on 2020-01-01"),
        ("c.md", 10, "leads out of the knowledge base"),
        ("d.md", 1, "needs steps to tick"),
    ):
        assert any(mistake[:2] == (path, line) and part in mistake[2] for mistake in mistakes), part
    assert not [finding for finding in found if finding.path == "a.md"]
    assert {finding.severity for finding in found} == set(Severity)


def test_a_template_has_no_mistakes_and_never_overwrites_a_file(tmp_path: Path) -> None:
    folder = KnowledgeFolder(tmp_path)
    for kind in ("article", "sop"):
        save(folder, f"new/{kind}.md", template(kind, f"A: new #{kind}", "me", TODAY), "")
        article = folder.read(f"new/{kind}.md")
        assert (article.title, article.kind, article.status) == (f"A: new #{kind}", kind, "draft")
    assert check(folder, TODAY) == []
    with pytest.raises(RefusedError, match="exists already"):
        save(folder, "new/sop.md", "x", "")
    for path in ("../x.md", "/etc/x.md", "x.txt", ".hidden.md", "a/../../x.md"):
        with pytest.raises(RefusedError):
            save(folder, path, "x", "")


def test_an_edit_is_noticed_in_a_folder_that_is_created_later(tmp_path: Path) -> None:
    root = tmp_path / "later"
    seen: list[float] = []
    stop = watch(root, lambda: seen.append(time.monotonic()))
    root.mkdir()
    _until(lambda: bool(seen) or _touch(root / "x.md"))
    count = len(seen)
    _until(lambda: len(seen) > count or _touch(root / "x.md"))
    stop()


def test_what_changed_just_before_the_watch_began_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "x.md").touch()
    seen: list[float] = []
    stop = watch(tmp_path, lambda: seen.append(time.monotonic()))
    _until(lambda: bool(seen))
    stop()


def test_only_the_folders_of_the_knowledge_base_are_watched(tmp_path: Path) -> None:
    root = tmp_path / "kb"
    (root / "vpn" / "old").mkdir(parents=True)
    (root / os.fsdecode(b"bad\xff")).mkdir()
    (root / "everything").symlink_to("/")
    (root / "vpn" / "loop").symlink_to("..")
    before = _watched()
    folders = [root, root / "vpn", root / "vpn" / "old"]
    seen: list[float] = []
    stop = watch(root, lambda: seen.append(time.monotonic()))
    _until(lambda: bool(seen) or _touch(root / "vpn" / "old" / "x.md"))
    # The watch may just be made again, for the file that was touched.
    _until(lambda: _watched() - before == {folder.stat().st_ino for folder in folders})
    folders += [root / "new", root / "new" / "deep"]
    folders[-1].mkdir(parents=True)
    _until(lambda: _watched() - before == {folder.stat().st_ino for folder in folders})
    count = len(seen)
    _until(lambda: len(seen) > count or _touch(root / "new" / "deep" / "x.md"))
    stop()


def _watched() -> set[int]:
    """Return the inodes that this process watches."""
    found: set[int] = set()
    for info in Path("/proc/self/fdinfo").iterdir():
        with contextlib.suppress(OSError):
            words = re.findall(r"inotify wd:\S+ ino:([0-9a-f]+)", info.read_text())
            found.update(int(word, 16) for word in words)
    return found


def _touch(file: Path) -> bool:
    file.write_text(f"{time.monotonic()}")
    return False


def _until(condition: object) -> None:
    for _ in range(600):
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError("the condition did not become true")


def test_only_changed_files_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    read = KnowledgeFolder.raw

    def counted(folder: KnowledgeFolder, path: str) -> bytes:
        reads.append(path)
        return read(folder, path)

    monkeypatch.setattr(KnowledgeFolder, "raw", counted)
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.md").write_text(f"# {name}")
    folder = KnowledgeFolder(tmp_path)
    assert len(folder.catalogue()) == 3
    reads.clear()
    (tmp_path / "b.md").write_text("---\nkind: nonsense\n---\n")
    (tmp_path / "c.md").unlink()
    found = {entry.path: entry for entry in folder.catalogue()}
    assert reads == ["b.md"]
    assert list(found) == ["a.md", "b.md"]
    assert found["a.md"].article is not None
    assert str(found["b.md"].error).startswith("b.md, line 2")
