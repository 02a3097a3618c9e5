"""Signing in for a request over SSH, before anything else of it is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from helpdesk.cli.ssh.request_end import RequestEnd
from helpdesk.cli.ssh.watched_input import watched_input
from helpdesk.desk.opening import open_desk
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.desk.ssh import connections
from helpdesk.desk.ssh.watchdog import Watchdog
from helpdesk.ssh.client_link import ClientLink


@contextmanager
def signed_in(settings: Settings, end: RequestEnd) -> Iterator[Desk]:
    """Sign the agent in, and keep the request on the list of connections during the block.

    The request ends as soon as the agent is disabled, their key is removed, the client is gone, or
    nothing comes on standard input for the time that the policy allows.

    :raises NotPermittedError: if the agent may not sign in.
    """
    link = ClientLink()
    desk = open_desk(settings)

    def end_now() -> str:
        # The policy is asked each time, so that a change of it acts on what already runs.
        return stdin.idle_sentence(connections.terms(desk).idle_s) or end.out_of_time()

    try:
        with watched_input(link.is_gone) as stdin:
            watchdog = Watchdog(desk, end.end, link.is_gone, end_now)
            watchdog.start()
            try:
                yield desk
            finally:
                watchdog.stop()
    finally:
        desk.close()
