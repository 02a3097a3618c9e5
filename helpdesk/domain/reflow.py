"""Join the lines of plain text that was wrapped by hand, so that a screen can wrap it itself."""

import re
from itertools import pairwise

#: Text that was wrapped by hand has lines of about this many characters at most.
_NARROWEST, _WIDEST = 50, 110
#: How much shorter than the widest line a wrapped line may end before a word that had room.
_SLACK = 3
_ITEM = re.compile(r"(\s*)((?:[-*+•]|\d{1,3}[.)])\s+)\S")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_KEPT = re.compile(r"\s{4,}|\t|\s*[>|#$]|\s*\d{1,4}[-:./]\d{1,2}[-:./]|\s*\[|\s*<")
_SENTENCE_ENDS = (".", "!", "?", ":", "。")
#: A last line of so few words behind a sentence is a signature, not the rest of a paragraph.
_SIGNATURE_WORDS = 3


def unwrap(text: str) -> str:
    """Return a text in which the lines of each hand-wrapped paragraph or list item are joined.

    Lines that were ended on purpose stay: code, quotations, logs, tables, addresses, signatures,
    and every paragraph in which a line ends although the next word had room on it.
    """
    blocks: list[str] = []
    block: list[str] = []
    fence = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            blocks += [*_joined(block), line]
            block, fence = [], not fence
        elif fence:
            blocks.append(line)
        elif not line.strip() or _is_kept(line, block):
            blocks += [*_joined(block), line]
            block = []
        elif _ITEM.match(line) and block:
            blocks += _joined(block)
            block = [line]
        else:
            block.append(line)
    return "\n".join([*blocks, *_joined(block)])


def _is_kept(line: str, block: list[str]) -> bool:
    """Whether a line stands for itself; what hangs below a list item belongs to that."""
    if _ITEM.match(line) or (block and _hangs(line, block)):
        return False
    return bool(_KEPT.match(line))


def _hangs(line: str, block: list[str]) -> bool:
    item = _ITEM.match(block[0])
    indent = len(line) - len(line.lstrip())
    return item is not None and indent == len(item[1]) + len(item[2])


def _joined(block: list[str]) -> list[str]:
    """Return a paragraph or list item on one line if it was wrapped by hand, else its lines."""
    if len(block) < 2:
        return block
    if all(_hangs(line, block) for line in block[1:]):
        return [" ".join([block[0].rstrip(), *(line.strip() for line in block[1:])])]
    if any(line[:1].isspace() for line in block[1:]) or not _is_wrapped(block):
        return block
    last = block[-1]
    ends = block[-2].rstrip().endswith(_SENTENCE_ENDS)
    if ends and last[:1].isupper() and len(last.split()) <= _SIGNATURE_WORDS:
        return [*_joined(block[:-1]), last]
    return [" ".join(line.strip() for line in block)]


def _is_wrapped(block: list[str]) -> bool:
    width = max(len(line.rstrip()) for line in block)
    if not _NARROWEST <= width <= _WIDEST:
        return False
    full = all(
        len(line.rstrip()) + 1 + len(following.split()[0]) > width - _SLACK
        for line, following in pairwise(block)
    )
    within = any(
        not line.rstrip().endswith(_SENTENCE_ENDS) and not following[:1].isupper()
        for line, following in pairwise(block)
    )
    return full and within
