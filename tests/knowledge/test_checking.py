"""The checks of one article: keys, reviews, links."""

from datetime import date
from pathlib import Path

import pytest

from helpdesk.knowledge.article import parse_article
from helpdesk.knowledge.check import check, check_text
from helpdesk.knowledge.finding import ArticleFinding, Severity
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.front_matter import BrokenArticleError
from helpdesk.knowledge.links import anchors

TODAY = date(2026, 11, 24)
HEAD = "---\ntitle: One\nkind: article\nowner: me\nreviewed: 2026-11-01\n{}---\n## Answer\n\nyes\n"


def _found(folder: Path, text: str) -> list[ArticleFinding]:
    return check_text(KnowledgeFolder(folder), "vpn/one.md", text.encode(), TODAY)


def test_an_unknown_key_is_a_warning_and_the_right_spelling_is_suggested(
    tmp_path: Path,
) -> None:
    found = _found(tmp_path, HEAD.format("alises: [x]\nzzz: 1\n"))
    assert [(finding.line, finding.severity) for finding in found] == [
        (6, Severity.WARNING),
        (7, Severity.WARNING),
    ]
    assert "is 'aliases' meant?" in found[0].message
    assert "known are title" in found[1].message


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("status: live", "'status' must be one of draft, in review, published, retired"),
        ("review_every: soon", "must be a span such as 90d"),
        ("tags: 5", "'tags' must be a list"),
        ("title: Two", "'title' stands on line 2 already"),
        ("service: [a]", "'service' must be a text"),
    ],
)
def test_a_value_of_the_wrong_kind_is_an_error_on_its_line(
    tmp_path: Path, line: str, expected: str
) -> None:
    found = _found(tmp_path, HEAD.format(f"{line}\n"))
    assert [(finding.line, finding.severity) for finding in found] == [(6, Severity.ERROR)]
    assert expected in found[0].message


def test_aliases_and_answers_in_other_languages_are_known(tmp_path: Path) -> None:
    text = HEAD.format("aliases_de: [eins]\n") + "## Answer (de)\n\nja\n"
    assert _found(tmp_path, text) == []


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("## Answer (german)\n\nja\n", "by its code of two letters"),
        ("## Answer (de)\n", "there is no text under '## Answer (de)'"),
        ("## Answer (de)\n\nja\n## Answer (DE)\n\nja\n", "a section 'Answer (de)' already"),
        ("## Answer\n\nyes\n", "a section 'Answer' already"),
    ],
)
def test_a_wrong_answer_section_is_a_warning_on_its_line(
    tmp_path: Path, section: str, expected: str
) -> None:
    text = HEAD.format("") + section
    found = _found(tmp_path, text)
    last = max(n for n, line in enumerate(text.split("\n"), 1) if line.startswith("## Answer"))
    assert [(one.line, one.severity) for one in found] == [(last, Severity.WARNING)]
    assert expected in found[0].message


def test_an_alias_of_another_language_belongs_to_one_article(tmp_path: Path) -> None:
    for name, title in (("a.md", "One"), ("b.md", "Two")):
        text = HEAD.format("aliases_de: [eins]\n").replace("One", title)
        (tmp_path / name).write_text(text)
    found = check(KnowledgeFolder(tmp_path), TODAY)
    assert [(one.path, one.line, one.message) for one in found] == [
        ("b.md", 6, "the alias 'eins' is also that of a.md")
    ]


def test_the_line_is_that_of_the_key_itself() -> None:
    text = "---\nkind: article\nnotes: |\n  tags: not this one\ntags: {a: b}\n---\n"
    with pytest.raises(BrokenArticleError) as caught:
        parse_article("x.md", text.encode())
    assert caught.value.line == 5


def test_a_review_is_valid_as_long_as_the_article_says(tmp_path: Path) -> None:
    old = HEAD.replace("2026-11-01", "2026-08-01")
    assert _found(tmp_path, old.format("")) == []
    found = _found(tmp_path, old.format("review_every: 90d\n"))
    assert [(finding.line, finding.message) for finding in found] == [
        (5, "its last review was on 2026-08-01, more than 90 days ago")
    ]
    assert _found(tmp_path, old.format("review_every: 90d\nstatus: draft\n")) == []


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("[a](two.md)", ""),
        ("[a](two.md#what-it-says-in-two)", ""),
        ("[a](#answer)", ""),
        ("![p](<two.png>)", ""),
        ("`[a](nowhere.md)`", ""),
        ("[a](https://example.org/x#y)", ""),
        ("[a](two.md#nowhere)", "no heading #nowhere"),
        ("[a](#nowhere)", "no heading #nowhere"),
        ("[a](three.md)", "the link to three.md is dead"),
        ("![p](gone.png)", "the image gone.png is dead"),
        ("[a](../../../etc/passwd)", "leads out of the knowledge base"),
        ("[a](%00.md)", "is dead"),
        (f"[a]({'x' * 300}.md)", "is dead"),
    ],
)
def test_links_to_files_images_and_headings(tmp_path: Path, link: str, expected: str) -> None:
    (tmp_path / "vpn").mkdir()
    (tmp_path / "vpn" / "two.md").write_text("# Two\n\n## What it *says*, in `two`\n")
    (tmp_path / "vpn" / "two.png").write_bytes(b"")
    found = _found(tmp_path, HEAD.format("") + f"\nsee {link}\n")
    assert [expected in finding.message for finding in found] == ([True] if expected else [])
    assert all(finding.line == 11 for finding in found)


def test_two_equal_headings_have_different_anchors() -> None:
    body = '# One\n## Step\n## Step\n<a name="here"></a>\n```\n# not a heading\n```\n'
    assert anchors(body) == {"one", "step", "step-1", "here"}


def test_a_whole_folder_is_checked_without_reading_a_file_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        text = HEAD.replace("One", f"Title {number}").format("")
        (tmp_path / f"{number}.md").write_text(f"{text}\n[next](0.md#answer)\n")
    reads: list[str] = []
    read = KnowledgeFolder.raw

    def counted(folder: KnowledgeFolder, path: str) -> bytes:
        reads.append(path)
        return read(folder, path)

    monkeypatch.setattr(KnowledgeFolder, "raw", counted)
    assert check(KnowledgeFolder(tmp_path), TODAY) == []
    assert len(reads) == len(set(reads)) == 60


def test_front_matter_that_does_not_begin_on_line_1_is_reported(tmp_path: Path) -> None:
    found = _found(tmp_path, "oops" + HEAD.format(""))
    assert [(finding.line, finding.severity) for finding in found] == [(1, Severity.ERROR)]
    assert "does not begin with '---'" in found[0].message
    assert _found(tmp_path, "# Foreign\n\n---\n\nkindness: all\n") == []
