"""Run the desk's verbs on threads of their own, so that the UI never waits for a database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:  # the session module imports the ORM, which must not delay the first paint
    from helpdesk.desk.session import Desk

P = ParamSpec("P")
R = TypeVar("R")


class DeskBackend:
    """Runs desk verbs off the UI thread.

    There are two threads: one for the database, where verbs run in the order in which they were
    called, and one for searching, so that suggestions never wait behind a write.
    """

    def __init__(self, open_desk: Callable[[], "Desk"]) -> None:
        self._open_desk = open_desk
        self._database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        self._search = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")
        self._opening: Future[Desk] = Future()

    async def start(self) -> "Desk":
        """Open the desk on a thread; calls made earlier wait for it.

        :raises DeskError: if the desk cannot be opened; the message can be shown to the user.
        """
        Thread(target=self._open, name="opening").start()
        return await asyncio.wrap_future(self._opening)

    def _open(self) -> None:
        if self._opening.set_running_or_notify_cancel():
            try:
                self._opening.set_result(self._open_desk())
            except BaseException as error:
                self._opening.set_exception(error)

    async def call(
        self, verb: "Callable[Concatenate[Desk, P], R]", /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run ``verb(desk, …)`` after all earlier calls; return its result or raise its error."""
        return await asyncio.wrap_future(self._submit(self._database, verb, *args, **kwargs))

    async def look_up(
        self, verb: "Callable[Concatenate[Desk, P], R]", /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run a read-only verb, such as a search, on the search thread."""
        return await asyncio.wrap_future(self._submit(self._search, verb, *args, **kwargs))

    async def stop(self) -> None:
        """Finish the queued database calls, cancel queued searches, and close the desk."""
        await asyncio.to_thread(self._stop)

    def _submit(
        self,
        thread: ThreadPoolExecutor,
        verb: "Callable[Concatenate[Desk, P], R]",
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> "Future[R]":
        def run() -> R:
            return verb(self._opening.result(), *args, **kwargs)

        return thread.submit(run)

    def _stop(self) -> None:
        started = not self._opening.cancel()
        self._search.shutdown(cancel_futures=True)
        self._database.shutdown(cancel_futures=False)
        if started and self._opening.exception() is None:
            self._opening.result().close()
