"""The service of what answers a query is taken over; names that a form would add are told."""

import pytest

from helpdesk.desk.people.new_names import NewName, new_names
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import log_query, show_ticket
from helpdesk.desk.ticket.log_query import HowToFinish
from helpdesk.desk.ticket.resolving import resolve_with
from helpdesk.desk.ticket.views import NewQuery
from tests.verbs import do


@pytest.fixture
def services(desk: Desk) -> None:
    """Store tickets of two services: HD-1 is open, HD-2 is resolved."""
    log_query.log_query(desk, NewQuery("one", service="network"))
    log_query.log_query(desk, NewQuery("two", service="print"))
    do(desk, 2, resolve_with(desk, "done", None))


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize(
    ("how", "service"),
    [
        (HowToFinish(resolve_with="vpn/keepalive.md"), "vpn"),
        (HowToFinish(resolve_like=2), "print"),
        (HowToFinish(duplicate_of=1), "network"),
    ],
)
def test_what_answers_a_query_gives_it_its_service(
    desk: Desk, how: HowToFinish, service: str
) -> None:
    logged = log_query.log_and_finish(desk, NewQuery("network drops"), **how)
    assert logged.ref == "HD-3"
    assert show_ticket.show(desk, 3).service == service
    chosen = log_query.log_and_finish(desk, NewQuery("drops", service="print"), **how)
    assert chosen.ref == "HD-4"
    assert show_ticket.show(desk, 4).service == "print"


@pytest.mark.usefixtures("services")
def test_names_that_the_desk_does_not_know_are_told(desk: Desk) -> None:
    assert new_names(desk, service=" Print ") == ()
    (new,) = new_names(desk, service="prnt")
    assert (new.noun, new.name, new.alike[0]) == ("service", "prnt", "print")
    assert new_names(desk, service="qq") == (NewName("service", "qq", ()),)
    query = NewQuery("three", requester="m.ortiz@contoso.example", customer="Contoso")
    log_query.log_query(desk, query)
    assert new_names(desk, customer="contoso") == ()
    assert new_names(desk, customer="Contso") == (NewName("customer", "Contso", ("Contoso",)),)
    known = "m.ortiz@contoso.example"
    assert new_names(desk, requester="M.Ortiz@contoso.example") == ()
    for slip in ("m.ortis@contoso.example", "m.ortiz@contso.example", "m.otiz@contoso.example"):
        assert new_names(desk, requester=f"Maria Ortiz <{slip}>") == (
            NewName("requester", slip, (known,)),
        )


@pytest.mark.usefixtures("services")
@pytest.mark.parametrize("requester", ["", "b.chen@contoso.example", "not an address"])
def test_a_new_caller_is_no_slip(desk: Desk, requester: str) -> None:
    log_query.log_query(desk, NewQuery("three", requester="m.ortiz@contoso.example"))
    assert new_names(desk, requester=requester) == ()
