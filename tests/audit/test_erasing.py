"""Values can be erased from the audit trail; that is on record, and the trail goes on verifying."""

import pytest

from helpdesk.desk import audit
from helpdesk.desk.opening import open_desk
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import NotPermittedError, RefusedError
from tests.audit import filled_desk as filled
from tests.audit.attack import AttackedDesk, found

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # the first test makes the desk

_TABLES = ("audit_records", "audit_values", "audit_head")
_LATE = "p250@import.example"


def _in_trail(attacked: AttackedDesk, text: str) -> bool:
    with attacked.attacker(guards=True) as reader:
        return any(text in str(row) for table in _TABLES for row in reader.rows(
            f"SELECT * FROM {table}"
        ))  # fmt: skip


def _number(attacked: AttackedDesk, mail: str) -> int:
    with attacked.attacker(guards=True) as reader:
        return int(reader.rows(f"SELECT id FROM requesters WHERE mail = '{mail}'")[0][0])


def _erase(
    attacked: AttackedDesk, table: str, number: int, *columns: str, login: str = "ann"
) -> None:
    url = attacked.shell.env["HELPDESK_DATABASE_URL"]
    desk = open_desk(Settings(url, attacked.shell.kb, login))
    try:
        audit.erase_values(desk, table, (number,), columns)
    finally:
        desk.close()


@pytest.mark.parametrize("mail", ["m.ortiz@contoso.example", _LATE])
def test_an_erased_value_is_in_no_record_and_nothing_else_changes(
    attacked: AttackedDesk, mail: str
) -> None:
    number = _number(attacked, mail)
    assert _in_trail(attacked, mail)
    _erase(attacked, "requesters", number, "mail", "name")
    assert not _in_trail(attacked, mail)
    done = attacked.check()
    assert done.returncode == 0, done.stdout.decode()
    newest = attacked.shell.json("report", "audit", "--limit", "1")[0]
    assert newest["did"].startswith(f"erase values of requesters {number}")
    assert found(done, ["erased", rf"\b{newest['seq']}\b"])


def test_a_change_of_another_value_of_the_row_is_still_found(attacked: AttackedDesk) -> None:
    number = _number(attacked, _LATE)
    _erase(attacked, "requesters", number, "mail")
    with attacked.attacker() as attacker:
        attacker.run(f"UPDATE requesters SET name = 'Somebody Else' WHERE id = {number}")
    done = attacked.check()
    assert done.returncode == 1
    assert found(done, ["requester", "name"])


def test_erased_values_that_are_put_back_are_found(attacked: AttackedDesk) -> None:
    with attacked.attacker() as attacker:
        before = dict(attacker.rows("SELECT seq, beside FROM audit_values"))
    _erase(attacked, "tickets", filled.OPEN, "subject")
    with attacked.attacker() as attacker:
        [(seq,)] = attacker.rows("SELECT seq FROM audit_values WHERE erased_by IS NOT NULL")
        text = before[seq].replace("'", "''")
        attacker.run(f"UPDATE audit_values SET beside = '{text}' WHERE seq = {seq}")
    done = attacked.check()
    assert done.returncode == 1
    assert found(done, [rf"HD-{filled.OPEN}\b", "subject", rf"record {seq}\b", "put back"])


def test_texts_of_a_ticket_can_be_erased_twice_and_work_goes_on(attacked: AttackedDesk) -> None:
    attacked.shell.run("ticket", "set", str(filled.OPEN), "--subject", "vpn, my name is Maier")
    for columns in (("subject",), ("subject", "body")):
        _erase(attacked, "tickets", filled.OPEN, *columns)
        assert not _in_trail(attacked, "Maier")
        assert not _in_trail(attacked, "vpn does not connect")
        assert attacked.check().returncode == 0
    changed = attacked.shell.run("ticket", "set", str(filled.OPEN), "--subject", "vpn is down")
    assert changed.returncode == 0
    assert attacked.check().returncode == 0
    with attacked.attacker() as attacker:
        attacker.run(f"UPDATE tickets SET subject = 'forged' WHERE id = {filled.OPEN}")
    assert found(attacked.check(), [rf"HD-{filled.OPEN}\b", "subject"])


def test_only_an_administrator_erases_and_only_what_the_trail_covers(
    attacked: AttackedDesk,
) -> None:
    with pytest.raises(NotPermittedError):
        _erase(attacked, "tickets", filled.OPEN, "subject", login="dan")
    with pytest.raises(RefusedError):
        _erase(attacked, "tickets", filled.OPEN, "version")
    with pytest.raises(RefusedError):
        _erase(attacked, "notices", 1, "data")
    assert attacked.check().returncode == 0
