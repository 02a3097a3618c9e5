"""People, customers and services are found in any spelling of their names."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.store.models import Customer, CustomerDomain, Requester, Service
from helpdesk.store.people import people


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    """A session with some customers, a service and requesters."""
    with desk.database.write() as opened:
        opened.add_all([Customer(id=1, name="ÉCOLE du Nord"), Customer(id=2, name="Contoso")])
        opened.flush()
        opened.add_all(
            [
                CustomerDomain(domain="contoso.example", customer_id=2),
                Service(name="Straße", keywords=""),
                Requester(mail="elodie@ecole.example", name="Élodie B", customer_id=1),
                Requester(mail="el_x@contoso.example", name="100% Zoe", customer_id=None),
            ]
        )
        opened.flush()
        yield opened


@pytest.mark.parametrize("name", ["ÉCOLE du Nord", "école DU nord", "  École  du\tNord "])
def test_a_customer_is_found_in_any_case(session: Session, name: str) -> None:
    found = people.customer(session, name)
    assert found is not None
    assert found.id == 1


def test_a_service_is_found_in_any_case(session: Session) -> None:
    assert (
        people.service(session, "STRASSE") is None
    )  # ASCII names are compared without case folding
    for name in ("straße", "STRAßE", "VPN", " vpn "):
        assert people.service(session, name) is not None
    assert people.service(session, "%") is None


@pytest.mark.parametrize(
    ("text", "mails"),
    [
        ("Élo", ["elodie@ecole.example"]),
        ("élo", ["elodie@ecole.example"]),
        ("EL", ["el_x@contoso.example", "elodie@ecole.example"]),
        ("el_", ["el_x@contoso.example"]),
        ("100%", ["el_x@contoso.example"]),
        ("%", []),
        ("lodie", []),
    ],
)
def test_requesters_are_found_by_the_start_of_mail_or_name(
    session: Session, text: str, mails: list[str]
) -> None:
    assert [person.mail for person, _ in people.requesters_like(session, text, 8)] == mails


def test_a_customer_is_found_by_the_complete_mail_domain(session: Session) -> None:
    found = people.customer_of_mail(session, "Somebody@CONTOSO.example")
    assert found is not None
    assert found.id == 2
    for mail in ("x@not-contoso.example", "x@sub.contoso.example", "contoso", ""):
        assert people.customer_of_mail(session, mail) is None
