"""The HTML in a Markdown text, as plain text."""

import re
from html import unescape

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?([a-z][a-z0-9]*)((?:\s[^<>]*)?)/?>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.IGNORECASE)
#: Elements whose text is shown as it is; other names in angle brackets are placeholders of a text,
#: such as ``<host>``.
_INLINE_NAMES = (
    "a abbr b big cite code del details dfn em font i img input ins kbd label mark q s samp small "
    "span strike strong sub summary sup tt u var wbr"
)
_BLOCK_NAMES = (
    "br center dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p picture pre section "
    "source table tbody td tfoot th thead tr ul video"
)
_INLINE, _BLOCKS = frozenset(_INLINE_NAMES.split()), frozenset(_BLOCK_NAMES.split())


class HtmlText:
    """Turns pieces of HTML into text; remembers where an open link leads until it is closed."""

    def __init__(self) -> None:
        self._address = ""

    def text_of(self, html: str) -> str:
        """Return the text of a piece of HTML; unknown tags stay as they are written."""
        return _TAG.sub(self._tag, _COMMENT.sub("", html))

    def _tag(self, found: "re.Match[str]") -> str:
        name, attributes = found[1].casefold(), _attributes(found[2] or "")
        closing = found[0].startswith("</")
        if name == "a":
            return self._link(attributes.get("href", ""), closing=closing)
        if name == "img":
            return with_address(attributes.get("alt", ""), attributes.get("src", ""))
        if name in _BLOCKS:
            return "" if closing and name != "p" else "\n"
        return "" if name in _INLINE else found[0]

    def _link(self, address: str, *, closing: bool) -> str:
        if not closing:
            self._address = address
            return ""
        address, self._address = self._address, ""
        return f" ({shown})" if (shown := web_address(address)) else ""


def _attributes(text: str) -> dict[str, str]:
    return {
        each[1].casefold(): unescape(each[2] or each[3] or each[4] or "")
        for each in _ATTRIBUTE.finditer(text)
    }


def web_address(address: str) -> str:
    """Return what a reader can open of a link's target; "" for a file of the knowledge base."""
    for scheme in ("mailto:", "tel:", "sms:"):
        if address.casefold().startswith(scheme):
            return address[len(scheme) :]
    if address.casefold().startswith("www.") or re.match(r"[a-z][a-z0-9+.-]*://", address, re.I):
        return address
    return ""


def with_address(text: str, address: str) -> str:
    """Return the text of a link or an image, with the address behind it if a reader can open it."""
    shown = web_address(address)
    if not shown:
        return text if text != address else _name(address)
    return shown if text in ("", address, shown) else f"{text} ({shown})"


def _name(path: str) -> str:
    """Return what a file of the knowledge base is about, by its name."""
    name = path.partition("#")[0].rpartition("/")[2]
    return name.removesuffix(".md").replace("-", " ")
