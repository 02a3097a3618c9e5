"""Log queries: requester, customer, service, and repeat issues finished at once."""

from collections.abc import Callable

import pytest

from helpdesk.desk.people import requesters
from helpdesk.desk.queue import lists
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.links import Merge
from helpdesk.desk.ticket.resolving import Reopen, Resolve
from helpdesk.desk.ticket.set_fields import SetFields
from helpdesk.desk.ticket.views import NewQuery
from helpdesk.desk.unit_of_work import fields
from helpdesk.domain.errors import NotFoundError, RefusedError
from helpdesk.domain.ticket import LinkKind, State
from tests.policies import apply_more, sla
from tests.verbs import do


@pytest.fixture
def contoso(desk: Desk) -> None:
    """A customer with a mail domain and its own SLA: first response within an hour, 8/5."""
    gold = sla("Gold", 'customers = ["Contoso"]', 'first_response = "1h"')
    apply_more(
        desk,
        f'[customers.Contoso]\ndomains = ["contoso.example"]\nsupport_hours = "8/5"\n{gold}',
    )


@pytest.mark.parametrize(
    ("text", "mail", "name"),
    [
        ("M.Ortiz@Contoso.example", "m.ortiz@contoso.example", "m.ortiz"),
        ("  m@contoso.example ", "m@contoso.example", "m"),
        ("Mara Ortiz <M@contoso.example>", "m@contoso.example", "Mara Ortiz"),
        ('"Ortiz, Mara" <m@contoso.example>', "m@contoso.example", "Ortiz, Mara"),
        ("<m@contoso.example>", "m@contoso.example", "m"),
        ("Mara\x1b[31m <m@contoso.example>", "m@contoso.example", "Mara␛[31m"),
    ],
)
@pytest.mark.usefixtures("contoso")
def test_a_requester_is_read_from_an_address(desk: Desk, text: str, mail: str, name: str) -> None:
    query = NewQuery("a query", requester=text)
    seen = log_query.preview(desk, query)
    person = log_query.log_query(desk, query).requester
    assert person is not None
    assert (person.mail, person.name, person.customer) == (mail, name, "Contoso")
    assert (seen.requester, seen.customer, seen.policy) == (mail, "Contoso", "Gold")
    again = log_query.preview(desk, query)
    assert (again.requester, again.customer) == (mail, "Contoso")


@pytest.mark.parametrize(
    "text",
    [
        *("nobody", "@", "a@", "@b", "<>", "a@b@c.example", "a@b.example, c@d.example"),
        *("see a@b.example please", "a" * 65 + "@b.example", "a@" + "b" * 256),
        *("a\x1b@b.example", "a\x00@b.example", "a\u202e@b.example", "\udcffa@b.example"),
    ],
)
def test_an_invalid_address_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(RefusedError, match="is not a mail address"):
        log_query.log_query(desk, NewQuery("a query", requester=text))
    assert lists.page(desk, lists.Selection()).total == 0
    assert requesters.requesters(desk, "") == ()


@pytest.mark.usefixtures("contoso")
def test_a_preview_accepts_a_half_typed_address(desk: Desk) -> None:
    for text in ("m", "m@", "m@contoso", "Mara <m@cont"):
        assert log_query.preview(desk, NewQuery("", requester=text)).policy == "Standard 24/7"
    assert requesters.requesters(desk, "") == ()


@pytest.mark.parametrize("name", ["ÉCOLE du Nord", "Foo  Bar", "  Contoso "])
def test_a_name_is_matched_regardless_of_case_and_spaces(desk: Desk, name: str) -> None:
    first, second, third = (
        log_query.log_query(desk, NewQuery("x", customer=text, service=text))
        for text in (name, name, name.lower())
    )
    assert first.customer == second.customer == third.customer == " ".join(name.split())
    assert first.service == second.service == third.service
    same = fields.FieldChanges(customer=name, service=name)
    assert do(desk, first.number, SetFields(same)).version == first.version


@pytest.mark.parametrize("name", ["x" * 101, "a\x1b[31m", "a\u202eb", "\udcff"])
def test_an_invalid_name_is_refused(desk: Desk, name: str) -> None:
    for query in (NewQuery("x", customer=name), NewQuery("x", service=name)):
        with pytest.raises(RefusedError, match="is no name for"):
            log_query.log_query(desk, query)


def test_the_service_is_taken_from_the_last_ticket_of_the_requester(desk: Desk) -> None:
    me = "a@b.example"
    log_query.log_query(desk, NewQuery("x", requester=me, service="billing"))
    assert log_query.log_query(desk, NewQuery("it again", requester=me)).service == "billing"
    assert log_query.log_query(desk, NewQuery("the printer", requester=me)).service == "print"
    assert log_query.log_query(desk, NewQuery("it", requester="c@d.example")).service == ""


def test_a_query_is_logged_and_resolved_with_an_article_in_one_step(desk: Desk) -> None:
    ticket = log_query.log_query(desk, NewQuery("VPN drops"), resolve_with="vpn/keepalive.md")
    assert [event.type for event in ticket.events] == ["logged", "claimed", "replied", "resolved"]
    assert (ticket.state, ticket.articles) == (State.RESOLVED, ("vpn/keepalive.md",))
    assert len({event.at for event in ticket.events}) == 1
    assert {clock.name: clock.state for clock in ticket.clocks} == {
        "first_response": "met",
        "resolution": "met",
    }


@pytest.mark.parametrize(
    "finish",
    [
        lambda desk: log_query.log_query(desk, NewQuery("x"), resolve_with="../../etc/passwd"),
        lambda desk: log_query.log_query(desk, NewQuery("x"), resolve_like=99),
        lambda desk: log_query.log_query(desk, NewQuery("x"), duplicate_of=99),
    ],
)
def test_nothing_is_logged_if_the_query_cannot_be_finished(
    desk: Desk, finish: Callable[[Desk], object]
) -> None:
    with pytest.raises(NotFoundError):
        finish(desk)
    assert lists.page(desk, lists.Selection()).total == 0


def test_a_ticket_resolved_without_an_answer_cannot_answer_a_query(desk: Desk) -> None:
    log_query.log_query(desk, NewQuery("first"))
    do(desk, 1, Resolve())
    with pytest.raises(RefusedError, match="was resolved without an answer"):
        log_query.log_query(desk, NewQuery("second"), resolve_like=1)


def test_a_merged_ticket_can_be_reopened_and_merged_again(desk: Desk) -> None:
    for subject in ("first", "second"):
        log_query.log_query(desk, NewQuery(subject))
    do(desk, 2, Merge(1))
    do(desk, 2, Reopen("it is another issue after all"))
    do(desk, 2, Merge(1))
    target = show_ticket.show(desk, 1)
    assert [event.type for event in target.events] == ["logged", "joined", "undone", "joined"]
    again = show_ticket.show(desk, 2)
    assert [event.type for event in again.events][-4:] == [
        *("merged", "reopened", "linked", "merged")
    ]
    assert [link.kind for link in again.links] == [LinkKind.DUPLICATE]
