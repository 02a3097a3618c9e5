"""The functions that every text for people passes."""


def _(text: str) -> str:
    """Return a text in the reader's language; today that is always English.

    Values are filled in afterwards, so that a translator sees one whole sentence:
    ``_("{ticket} is resolved.").format(ticket=ref)``.
    """
    return text


def n_(one: str, many: str, count: int) -> str:
    """Return the text for a count in the reader's language; the count is filled in afterwards.

    ``n_("{count} ticket", "{count} tickets", count).format(count=count)``
    """
    return one if count == 1 else many
