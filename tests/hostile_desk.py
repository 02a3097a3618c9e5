"""A desk with hostile text in every field of its tickets and in its knowledge base."""

import json
from itertools import islice
from pathlib import Path

from helpdesk.desk.escalation.hand_over import Escalate
from helpdesk.desk.macro import macros
from helpdesk.desk.people import agents
from helpdesk.desk.queue import saved_views
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query
from helpdesk.desk.ticket.handling import Note, Reply
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.ticket import LinkKind, ReplyWay
from tests.hostile import hostile_texts
from tests.verbs import do


def fill(desk: Desk, kb: Path) -> None:
    """Log tickets that together hold all hostile texts; write them into an article as well."""
    texts = list(hostile_texts())
    agents.add(desk, "eve", [Level.L1], name=texts[0])
    rest = iter(texts)
    while group := list(islice(rest, 8)):
        group += texts[: 8 - len(group)]
        subject, body, person, reply, note, tried, known, asked = group
        query = NewQuery(f"{subject[:400]} ok", body, requester=f"{person[:60]} <a@b.example>")
        try:
            number = log_query.log_query(desk, query).number
        except RefusedError:
            number = log_query.log_query(desk, NewQuery(f"{subject[:400]} ok", body)).number
        do(desk, number, Reply(f"{reply} ok", ReplyWay.PHONE))
        do(desk, number, Note(f"{note} ok"))
        do(
            desk,
            number,
            Escalate(Level.L2, f"{asked[:50]} ok", HandOver(tried, known, f"{asked} ok")),
        )
        if number > 1:
            do(desk, number, Link(1, LinkKind.RELATED))
    saved_views.save(desk, "evil", '"\u202e \ue000 evil"')
    evil = 'text = "\\u001b[2J \u202e [/] [link=x]evil"\n'
    macros.save(desk, f'[macros.evil]\nsteps = ["note"]\n{evil}[replies."evil reply"]\n{evil}')
    (kb / "evil.md").write_text(
        f"---\ntitle: {json.dumps('evil ' + texts[3])}\nkind: article\nstatus: published\n---\n"
        "# evil\n\n## Answer\n\n" + "\n\n".join(text.replace("\x00", "") for text in texts[:120]),
        encoding="utf-8",
        errors="replace",
    )
