"""Texts that do harm if a program shows them unchanged."""

import os
import unicodedata
from collections.abc import Iterator
from itertools import product

_ESCAPES = (
    "\x1b]0;owned\x07", "\x1b]52;c;cm0gLXJm\x07",
    "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x07",
    "\x1b]9;done\x07", "\x1b]777;notify;a;b\x1b\\", "\x1b]1337;File=:AAAA\x07", "\x1b]22;wait\x07",
    "\x1b[2J", "\x1b[H", "\x1b[31m", "\x1b[?1049l", "\x1b[?1000h", "\x1b[6n", "\x1b[5i", "\x1b[20t",
    "\x1b[8;1;1t", "\x1bc", "\x1b7\x1b8", "\x1b#8", "\x1bP$q\"p\x1b\\", "\x1bP+q544e\x1b\\",
    "\x1b_Gi=1;AAAA\x1b\\", "\x1b^pm\x1b\\", "\x1bX sos \x1b\\", "\x1b(0", "\x0e\x0f",
    "\x1b[?2026h",
    "\x9b2J", "\x9d0;c1\x9c", "\x90q\x9c", "\x8f", "\x85", "\x05", "\x07\x07", "\x08\x08\x08gone",
    "\x7f\x7f", "\x0b\x0c", "\rover", "\x18\x1a", "\x00",
    "\x1b]", "\x1b]2;no end", "\x1b[", "\x1bP no end",
    "\x9d2;no end", "\x1b", "\x1b[200~paste\x1b[201~",
    "\x1b[0c", "\x1b[?6n", "\x1b[14t", "\x1b]10;?\x07",
    "\x1b[>4;2m", "\x1bN\x1bO", "\x84\x88\x8d\x96\x98",
    "\x1b]52;c;?\x07", "\x1b[3;1H\x1b[K", "\x1b[?69h\x1b[5;9s", "\x1b[6n\r",
    "\x1b\x1b[A", "\x1b[1;31m\n",
)  # fmt: skip
_MARKUP = (
    "[bold red]loud[/]", "[@click=app.exit]go[/]", "[link=http://evil.example]x[/link]", "[/]",
    "[$primary]", "\\[x]", "[reverse][blink]x", ":warning:", "{0} %s {x!r}", "<b>x</b>",
    "&#x202e;evil", "&rlm;&ZeroWidthSpace;", "&#27;[2J &#155;2J",
    "&#0;&NewLine;&Tab;", "&shy;&#xFEFF;",
    "**x** `y` [a](javascript:x)", "'; DROP TABLE tickets;--", "=cmd|' /C calc'!A0", "../../etc",
)  # fmt: skip
_TRICKS = (
    "\u202eevil\u202c", "\u2066a\u2069", "\u200f\u200e", "a\u200bb", "\u2060\ufeff",
    "\u2028x\u2029",
    "x" + "\u0301" * 200, "\U000e0041\U000e007f", "\u115f\u3164\uffa0", "\ufff9a\ufffab\ufffb",
    "\u00ad", "\u180e", "\u061c", "\ud83d\ude00", "👩‍👩‍👧", "ｗｉｄｅ", "x" * 5000, "\ufffe\uffff",
    "x" + "\u20dd" * 200, "x" + "\u0903" * 200, "x" + "\u0301\u20dd\u0903\u0e34" * 50,
    "क" + "ँ\u200d" * 50,
    "👩" + "\u200d👩" * 50, "👍" + "🏻" * 50, "🇩" * 101,
    "é\ufe0f\U000e0100", "\u2065\ufff0\U000e0fff",
    "\U0001bca0\U0001d173", "\u17b4\u17b5", "\u2800 \U0001d159",
    "\ue000\U000f0000", "\u0378\U0001f8ff",
    "\u200e\u200d\u200c", "ﷺ ﷽ \u0600\u06dd", "\u0bf5\u0b83",
    "\ufdd0\U0010ffff", "\u2062\u2063\u206a",
)  # fmt: skip
_FRAMES = ("{}", "a {} b", "{0}{0}")

#: HTML entities of characters that hide or control text.
ENTITIES = (
    "&#x202e;evil &rlm; &ZeroWidthSpace; &#27;[2J &#155;2J &#0; &#x80; &NewLine; &Tab; &shy; "
    "&#xFEFF; &InvisibleTimes; &#xE0041; &#xD800; &#127; &zwj; &lrm; &NoBreak; &#x2028; e&#xFE0F;"
    "&#x301;&#x301;&#x301;&#x301;&#x301;&#x301; &amp;#x202e; &lt;ok&gt;"
)
#: An article that holds them in each kind of block.
ARTICLE = f"""---
title: "Entities &#x202e; &#27;"
kind: article
status: published
owner: ann
reviewed: 2026-11-01
aliases: ["alias &rlm; one"]
---
# Entities {ENTITIES}

## Answer

First {ENTITIES}

## More

- item {ENTITIES}

> quote {ENTITIES}

| head {ENTITIES} | two |
| --- | --- |
| cell {ENTITIES} | [link {ENTITIES}](http://x.example/&#x202e; "&#27;title") |

![image {ENTITIES}](x.png) **bold {ENTITIES}** `code &#x202e;` <b title="&#27;">html</b>

```sh &#27;
fence &#x202e;
```

1. last {ENTITIES}
"""


def hostile_texts() -> Iterator[str]:
    """Yield about 350 hostile texts: each one alone, between words, and twice in a row."""
    for text, frame in product((*_ESCAPES, *_MARKUP, *_TRICKS), _FRAMES):
        yield frame.replace("{0}", text).replace("{}", text)


def as_argument(text: str) -> str:
    """Return a text as a program gets it: without NUL; what is not UTF-8 as single surrogates."""
    return os.fsdecode(text.replace("\x00", "").encode(errors="surrogatepass"))


def code_points(size: int) -> Iterator[str]:
    """Yield all code points of Unicode, in texts of this length."""
    for start in range(0, 0x110000, size):
        yield "".join(map(chr, range(start, start + size)))


def code_points_among_others() -> Iterator[str]:
    """Yield texts with each code point alone, and behind and before others.

    Letters without case, such as ideographs, and what is not assigned stand once behind a letter.
    """
    for block in code_points(64):
        words = []
        for char in block:
            words.append(f" {char}|a{char} ")
            if unicodedata.category(char) not in ("Lo", "Co", "Cn") or _is_tag(char):
                words.append(f"é{char}क{char}र ｶ{char} 字{char}👩{char}👩{char} {char * 9} ")
        yield "".join(words)


def _is_tag(char: str) -> bool:
    return "\U000e0000" <= char <= "\U000e0fff"
