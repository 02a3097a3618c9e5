"""Turn the Markdown of an article into the plain text that a requester receives."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from helpdesk.knowledge.formatting import too_heavy

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TASK = re.compile(r"\[[ xX]\]\s+")
_CODE_INDENT = "    "
#: The first letter of the general categories of characters that are seen, each by itself.
_VISIBLE = frozenset("LNPS")


def plain_text(markdown: str) -> str:
    """Return Markdown as text without marks: backticks, asterisks, brackets and comments go.

    The lines of a paragraph are joined, as the reader's program wraps them; lists keep their
    numbers and dashes, and code keeps its lines, indented by four spaces.  The address of a link
    stands in brackets behind its text; links to files of the knowledge base keep their text only.
    A text that is too heavily formatted to be parsed is returned as it is.
    """
    if not markdown.strip() or too_heavy(markdown) is not None:
        return markdown.strip()
    from markdown_it import MarkdownIt  # here, because most commands never need it
    from markdown_it.tree import SyntaxTreeNode

    # Escaped characters stay apart, so that entities can be told from the text around them.
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
    root = SyntaxTreeNode(parser.parse(markdown))
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
            return [f"> {line}".rstrip() for line in _blocks(node.children, tight=False)]
        case "table":
            return [_row(row) for part in node.children for row in part.children]
        case "html_block":
            text = _COMMENT.sub("", node.content).strip("\n")
            return text.split("\n") if text.strip() else []
        case "hr":
            return []
    return _blocks(node.children, tight=False)


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
    return "".join(map(_span, nodes))


def _span(node: "SyntaxTreeNode") -> str:
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "text_special":
            return _special(node)
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "image":
            return node.content
        case "link":
            return _link(_inline(node.children), str(node.attrs.get("href", "")))
        case "html_inline":
            return _BREAK.sub("\n", _COMMENT.sub("", node.content))
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


def _link(text: str, address: str) -> str:
    bare = address.removeprefix("mailto:")
    if "://" not in address and bare == address:
        return text  # a file of the knowledge base, which the requester cannot open
    return text if text in (address, bare) else f"{text} ({bare})"
