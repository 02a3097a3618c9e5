"""An article's answer as the requester receives it."""

from pathlib import Path

import pytest

from helpdesk.desk.knowledge.answers import answers_of
from helpdesk.knowledge.article import parse_article
from helpdesk.knowledge.plain_text import plain_text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("type `ipconfig /flushdns` and\npress Enter", "type ipconfig /flushdns and press Enter"),
        ("**Never** do *this*, ~~or~~ __that__", "Never do this, or that"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("ask <inner host> or <https://a.example>", "ask <inner host> or https://a.example"),
        ("see [the page](https://a.example/x)", "see the page (https://a.example/x)"),
        ("see [Lockout](../accounts/lockout.md)", "see Lockout"),
        ("write to [us](mailto:a@b.example)", "write to us (a@b.example)"),
        ("## Then\nrestart", "Then\n\nrestart"),
        ("1. a\n   b\n2. c\n   - d\n     e", "1. a b\n2. c\n   - d e"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- [ ] tick\n- [x] it", "- tick\n- it"),
        ("run\n\n```sh\ncd /x\n  ls *.txt\n```\n\nend", "run\n\n    cd /x\n      ls *.txt\n\nend"),
        ("a  \nb", "a\nb"),
        ("a <!-- for editors --> b\n\n<!-- secret -->\n\nc", "a  b\n\nc"),
        ("\\*literal\\* &amp; more", "*literal* & more"),
        ("| a | b |\n|---|---|\n| `1` | 2 |", "a | b\n1 | 2"),
        ("> quoted\n> text", "> quoted text"),
        ("see [a.md](a.md) and [call](tel:+49123)", "see a and call (+49123)"),
        ("see [Lockout](#lockout), [site](www.a.example)", "see Lockout, site (www.a.example)"),
        ("![the *button*](media/b.png) here ![](media/c.png)", "the button here "),
        ("![plan](https://a.example/p.png)", "plan (https://a.example/p.png)"),
        ("[![logo](l.png)](https://a.example)", "logo (https://a.example)"),
        (
            '<a href="https://a.example/x">the page</a>, <b>now</b>',
            "the page (https://a.example/x), now",
        ),
        ('<a href="../x.md">the page</a> <img src="a.png" alt="a b">', "the page a b"),
        ('<p align="left">one<br/>two</p>', "one\ntwo"),
        ("press <kbd>F5</kbd> on <host>", "press F5 on <host>"),
        ("> [!NOTE]\n> wait", "> Note: wait"),
        ("see [[vpn/reset|the reset]], [[vpn/token]] ![[a.png]]", "see the reset, token "),
        ("run `[[ -f x ]]`", "run [[ -f x ]]"),
        ("", ""),
    ],
)
def test_marks_of_markdown_are_not_in_the_plain_text(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


def test_links_by_reference_are_written_out_wherever_they_are_defined() -> None:
    raw = (
        b"## Answer\n\nSee [the page][p] and [notes].\n\n## See also\n\n[p]: https://a.example/p\n"
    )
    article = parse_article("x.md", raw + b"[notes]: ../notes.md\n")
    assert article.reply == "See the page (https://a.example/p) and notes."
    assert answers_of(article).texts[""] == article.reply


def test_a_text_too_heavy_to_be_parsed_has_no_marks_either() -> None:
    heavy = (
        "| a | b |\n|---|---|\n"
        + "| **x** ![i](i.png) | [y](z.md) [w](https://a.example) |\n" * 300
    )
    text = plain_text(heavy)
    assert "](" not in text
    assert "**" not in text
    assert "| x i | y w (https://a.example) |" in text


def test_no_answer_of_the_starter_knowledge_base_reaches_a_requester_with_marks() -> None:
    files = sorted((Path(__file__).parents[2] / "kb").rglob("*.md"))
    replies = [parse_article(path.name, path.read_bytes()).reply for path in files]
    assert len([reply for reply in replies if reply]) > 20
    for reply in replies:
        assert "`" not in reply
        assert "**" not in reply
        paragraphs = [line for line in reply.split("\n") if line]
        assert all(not line.startswith("   ") for line in paragraphs), reply


def test_entities_stand_for_what_is_seen_and_stay_as_written_for_what_is_not() -> None:
    assert plain_text("a &amp; b&nbsp;c &lt;ok&gt; &eacute; 1\\*2") == "a & b c <ok> é 1*2"
    for hidden in (
        "&#x202e;",
        "&ZeroWidthSpace;",
        "&#27;",
        "&#0;",
        "&shy;",
        "e&#x301;",
        "&#x2028;",
    ):
        assert plain_text(f"x {hidden}y") == f"x {hidden}y"
        assert plain_text(f"x **{hidden}y**") == f"x {hidden}y"
        assert plain_text(f"[x {hidden}](https://a.example)") == f"x {hidden} (https://a.example)"
