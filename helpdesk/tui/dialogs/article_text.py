"""The text that an article puts into a reply, kept apart from what the agent wrote."""

from dataclasses import dataclass

#: Stands between the text of an article and what the agent writes.
GAP = "\n\n"


@dataclass(slots=True)
class ArticleText:
    """Puts the text of the chosen article into a reply, and takes it out again.

    :ivar article: the path of the article whose text was asked for last; "" for none.
    :ivar text: what it put into the reply; "" if that has no text of an article.
    """

    article: str = ""
    text: str = ""
    _around: tuple[str, str] = ("", "")

    def found_in(self, reply: str, article: str, text: str) -> None:
        """Take a reply that was filled in before, such as a draft, as it is."""
        self.article = article
        self.text = text if text and text in reply else ""

    def put_into(self, reply: str, article: str, text: str) -> str | None:
        """Return the reply with the text of this article instead of the earlier one's.

        What the agent wrote stays, in a paragraph of its own.  A reply that has only the agent's
        words is left to them, unless the text of another article was just taken out of it.

        :param article: the path of the article; "" if it was taken out of its field.
        :returns: None if the reply stays as it is.
        """
        text = text.strip()
        if text and not self.text and text in reply:
            self.found_in(reply, article, text)
            return None
        self.article = article
        if self.text and self.text in reply:
            before, _, after = reply.partition(self.text)
        elif self.text:
            self.text = ""  # the agent changed it: it is theirs now
            return None
        elif reply.strip() == _joined(*self._around).strip():
            before, after = self._around
        elif not reply.strip():
            before, after = "", ""
        else:
            return None
        self._around = before, after
        self.text = text
        return _joined(before, text, after) + (GAP if text and not after.strip() else "")


def _joined(*parts: str) -> str:
    return GAP.join(stripped for part in parts if (stripped := part.strip()))
