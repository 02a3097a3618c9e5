"""The words for a link between two tickets, as each of the two reads them."""

from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import LinkKind

#: What the other ticket is for the one to which it was linked.
_OF_THE_OTHER = {
    LinkKind.DUPLICATE: _("has the duplicate"),
    LinkKind.PROBLEM: _("causes"),
    LinkKind.CHANGE: _("is the change for"),
    LinkKind.PARENT: _("parent of"),
    LinkKind.RELATED: _("related"),
    LinkKind.SPLIT: _("has the part"),
}


def link_words(kind: LinkKind, *, outward: bool) -> str:
    """Return what stands before the other ticket: ``problem`` on the incident, else ``causes``.

    :param outward: whether the reader's ticket is the duplicate, the child, the incident, …
    """
    return str(kind) if outward else _OF_THE_OTHER[kind]
