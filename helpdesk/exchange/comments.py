"""Translate the comments of a ticket, and tell who wrote them."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from helpdesk.domain.csv_safety import unescape_cell
from helpdesk.domain.person import read_address
from helpdesk.exchange.fields import FieldReader, look_up
from helpdesk.exchange.mapping_parts import CommentSpec, ImportMapping
from helpdesk.exchange.source import Comment, RowRefusedError, Sender
from helpdesk.exchange.times import TimeError, TimeReader
from helpdesk.exchange.words import WordTable

_SHOWN = 40
#: Authors that are no people, in every program.
_MACHINES = WordTable(
    dict.fromkeys(
        (
            *("*noreply*", "*no-reply*", "*no_reply*", "*donotreply*", "*do-not-reply*"),
            *("mailer-daemon*", "*<mailer-daemon*", "postmaster@*", "*<postmaster@*"),
            *("system", "automation*", "workflow", "auto-reply", "autoresponder*"),
        ),
        "yes",
    )
)
#: How the subject or the first line of an automatic reply begins.
_AUTOMATIC = re.compile(
    r"\s*(re:\s*)?(automatic reply|auto[- ]?reply|auto[- ]?response|out of (the )?office"
    r"|automatische antwort|abwesenheitsnotiz|réponse automatique|respuesta automática"
    r"|risposta automatica|resposta automática|automatisch antwoord)(?=\s*([:.!–-]|$))",
    re.IGNORECASE | re.MULTILINE,
)


class CommentReader:
    """Reads the comments of tickets as a mapping says."""

    def __init__(self, mapping: ImportMapping, fields: FieldReader, times: TimeReader) -> None:
        self._spec = mapping.comments
        self._senders = mapping.words("sender")
        self._fields = fields
        self._times = times

    def read(self, values: Mapping[str, Any], requester: tuple[str, ...]) -> list[Comment]:
        """Return the comments of a ticket, oldest first.

        :param requester: how the file names the requester, in its fields for them.
        :raises RowRefusedError: if a comment has no time, or is no object.
        """
        spec = self._spec
        if spec is None:
            return []
        found = look_up(values, spec.where)
        items = found if isinstance(found, list) else [found]
        own = [self._fields.column(values, column) for column in spec.requester]
        names = _names(own) if any(own) else _names(requester)
        read = self._cell if spec.columns else self._item
        comments = [read(item, spec, names) for item in items if item not in (None, "")]
        return sorted(comments, key=lambda comment: comment.at)

    def _item(self, item: Any, spec: CommentSpec, names: frozenset[str]) -> Comment:
        if not isinstance(item, dict):
            raise RowRefusedError(f"an entry of its {spec.where} is not an object")
        text = self._fields.column(item, spec.text)
        author = self._fields.column(item, spec.author)
        said = self._fields.column(item, spec.sender) if spec.sender else ""
        subject = self._fields.column(item, spec.subject) if spec.subject else ""
        return Comment(
            at=self._time(self._fields.column(item, spec.at)),
            author=author,
            text=plain_text(text) if spec.html else text,
            public=_is_public(item, spec),
            sender=self._sender(author, said, (subject, text), names),
        )

    def _cell(self, cell: str, spec: CommentSpec, names: frozenset[str]) -> Comment:
        at, _, rest = unescape_cell(cell).partition(";")
        author, _, text = rest.partition(";")
        author = author.strip()
        sender = self._sender(author, "", ("", text), names)
        return Comment(self._time(at.strip()), author, text, public=True, sender=sender)

    def _time(self, text: str) -> Any:
        try:
            return self._times.read(text)
        except TimeError as error:
            raise RowRefusedError(f"its comment's time {text[:_SHOWN]!r} {error}") from error

    def _sender(
        self, author: str, said: str, texts: tuple[str, str], names: frozenset[str]
    ) -> Sender:
        spec = self._spec
        if said and (ours := self._senders.find(said)):
            if ours not in set(Sender):
                raise RowRefusedError(
                    f"the mapping makes {ours!r} of a comment's sender, which is none of "
                    f"{', '.join(Sender)}"
                )
            if ours != Sender.AGENT:
                return Sender(ours)
            return Sender.AUTOMATIC if self._is_automatic(author, texts) else Sender.AGENT
        if spec is not None and self._is_automatic(author, texts):
            return Sender.AUTOMATIC
        return Sender.REQUESTER if _names((author,)) & names else Sender.UNKNOWN

    def _is_automatic(self, author: str, texts: tuple[str, str]) -> bool:
        own = self._spec.automatic if self._spec is not None else _MACHINES
        if author and (_MACHINES.find(author) or own.find(author)):
            return True
        return any(_AUTOMATIC.match(text) is not None for text in texts)


def _names(texts: Any) -> frozenset[str]:
    """Return the names and addresses in these texts, in lower case."""
    found = set()
    for text in texts:
        clean = text.strip().casefold()
        found.add(clean)
        address = read_address(clean) if "@" in clean else None
        if address is not None:
            found.update(part.strip(" \"'").casefold() for part in address)
    return frozenset(found - {""})


def _is_public(item: Mapping[str, Any], spec: CommentSpec) -> bool:
    if spec.internal:
        return not look_up(item, spec.internal)
    return bool(look_up(item, spec.public)) if spec.public else True


class _TextExtractor(HTMLParser):
    """Collects the text of an HTML document, with line breaks between its blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "p", "div", "li", "tr"):
            self.parts.append("\n")


def plain_text(html: str) -> str:
    """Return the text of an HTML document, without markup."""
    parser = _TextExtractor()
    parser.feed(html)
    parser.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.parts)).strip()
