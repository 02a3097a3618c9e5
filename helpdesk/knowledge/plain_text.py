"""Turn the Markdown of an article into the plain text that a requester receives."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from helpdesk.knowledge.formatting import too_heavy
from helpdesk.knowledge.html_text import HtmlText, with_address

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

#: A link of a wiki (``[[path|text]]``) and the mark of a note (``[!NOTE]``), as GitHub has it.
_WIKI = re.compile(r"(!?)\[\[([^\[\]|]+)(?:\|([^\[\]]*))?\]\]")
_NOTE = re.compile(r"\A\[!(note|tip|important|warning|caution)\]\s*", re.IGNORECASE)
#: The marks of a text that is not parsed: of images, links, code and emphasis.
_IMAGE_MARK = re.compile(r"!\[([^\[\]]*)\]\(([^()\s]*)[^()]*\)")
_LINK_MARK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)[^()]*\)")
_EMPHASIS = re.compile(r"\*\*|__|~~|`")
_TASK = re.compile(r"\[[ xX]\]\s+")
_CODE_INDENT = "    "
#: The first letter of the general categories of characters that are seen, each by itself.
_VISIBLE = frozenset("LNPS")


def plain_text(markdown: str, definitions: str = "") -> str:
    """Return Markdown as text without marks: backticks, asterisks, brackets and comments go.

    The lines of a paragraph are joined, as the reader's program wraps them; lists keep their
    numbers and dashes, and code keeps its lines, indented by four spaces.  The address of a link
    stands in brackets behind its text; links to files of the knowledge base keep their text only.
    Of a text that is too heavily formatted to be parsed, the marks of links, images and emphasis
    are removed line by line.

    :param definitions: the lines that say where links by reference lead.
    """
    if not markdown.strip():
        return ""
    if too_heavy(markdown) is not None:
        return _without_marks(markdown).strip()
    from markdown_it import MarkdownIt  # here, because most commands never need it
    from markdown_it.tree import SyntaxTreeNode

    # Escaped characters stay apart, so that entities can be told from the text around them.
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
    root = SyntaxTreeNode(parser.parse(f"{definitions}\n\n{markdown}"))
    return "\n".join(_blocks(root.children, tight=False)).strip("\n")


def _blocks(nodes: "Iterable[SyntaxTreeNode]", *, tight: bool) -> list[str]:
    """Return the lines of blocks, with an empty line between two unless the list is tight."""
    lines: list[str] = []
    for node in nodes:
        block = _block(node)
        if block and lines and not tight:
            lines.append("")
        lines += block
    return lines


def _block(node: "SyntaxTreeNode") -> list[str]:
    match node.type:
        case "paragraph" | "heading":
            return _inline(node.children).split("\n")
        case "fence" | "code_block":
            return [
                f"{_CODE_INDENT}{line}".rstrip() for line in node.content.rstrip("\n").split("\n")
            ]
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "blockquote":
            return [f"> {line}".rstrip() for line in _quote(node)]
        case "table":
            return [_row(row) for part in node.children for row in part.children]
        case "html_block":
            text = HtmlText().text_of(node.content).strip("\n")
            return [line.strip() for line in text.split("\n")] if text.strip() else []
        case "hr":
            return []
    return _blocks(node.children, tight=False)


def _quote(node: "SyntaxTreeNode") -> list[str]:
    """Return the lines of a quote; of a note, its kind as a word before the text."""
    lines = _blocks(node.children, tight=False)
    if lines:
        lines[0] = _NOTE.sub(lambda found: f"{found[1].capitalize()}: ", lines[0])
    return lines


def _list(node: "SyntaxTreeNode") -> list[str]:
    items = list(node.children)
    tight = all(
        child.hidden for item in items for child in item.children if child.type == "paragraph"
    )
    number = int(node.attrs.get("start", 1))
    lines: list[str] = []
    for place, item in enumerate(items):
        mark = f"{number + place}. " if node.type == "ordered_list" else "- "
        content = _blocks(item.children, tight=tight) or [""]
        content[0] = _TASK.sub("", content[0], count=1) if _TASK.match(content[0]) else content[0]
        if lines and not tight:
            lines.append("")
        lines.append(f"{mark}{content[0]}".rstrip())
        lines += [f"{' ' * len(mark)}{line}".rstrip() for line in content[1:]]
    return lines


def _row(row: "SyntaxTreeNode") -> str:
    return " | ".join(_inline(cell.children) for cell in row.children)


def _inline(nodes: "Sequence[SyntaxTreeNode]") -> str:
    html = HtmlText()
    text = ""
    for is_text, group in groupby(nodes, lambda node: node.type == "text"):
        if is_text:
            text += _WIKI.sub(_wiki_link, "".join(node.content for node in group))
        else:
            text += "".join(_span(node, html) for node in group)
    return text


def _wiki_link(found: "re.Match[str]") -> str:
    if found[1]:  # an embedded image or article
        return found[3] or ""
    return found[3] or found[2].rpartition("/")[2]


def _span(node: "SyntaxTreeNode", html: HtmlText) -> str:
    match node.type:
        case "code_inline":
            return node.content
        case "text_special":
            return _special(node)
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "image":
            return with_address(_inline(node.children), str(node.attrs.get("src", "")))
        case "link":
            text = _inline(node.children)
            return text if node.info == "auto" else with_address(text, str(node.attrs["href"]))
        case "html_inline":
            return html.text_of(node.content)
    return _inline(node.children)


def _special(node: "SyntaxTreeNode") -> str:
    """Return what an escaped character or an HTML entity stands for.

    An entity for what cannot be seen (``&#x202e;``) stays as it is written, because a text that is
    sent must not hide anything; only the space that keeps words together becomes a space.
    """
    if node.info != "entity":
        return node.content
    if node.content == "\N{NO-BREAK SPACE}":
        return " "
    # The parser returns the replacement character for what is no character of text.
    is_seen = all(
        unicodedata.category(one)[0] in _VISIBLE and one != "\N{REPLACEMENT CHARACTER}"
        for one in node.content
    )
    return node.content if is_seen else node.markup


def _without_marks(markdown: str) -> str:
    """Return Markdown without the marks of images, links and emphasis, line by line."""

    def named(found: "re.Match[str]") -> str:
        return with_address(found[1], found[2])

    text = _IMAGE_MARK.sub(named, HtmlText().text_of(markdown))
    return _EMPHASIS.sub("", _LINK_MARK.sub(named, text))
