"""A request on its way from a caller's thread to the link's connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.wire.client import Client, Done

if TYPE_CHECKING:
    from kernel.wire.link_thread import LinkThread


class Question:
    """One request from another thread; calling it cancels it."""

    def __init__(self, thread: LinkThread, command: str, args: Any, done: Done, options: dict[str, Any]) -> None:
        self.thread, self.command, self.args, self.done, self.options = thread, command, args, done, options
        self.client: Client | None = None
        self.id = 0
        self.is_cancelled = False

    def __call__(self) -> None:
        """Cancel."""
        self.is_cancelled = True
        self.thread.post(self._cancel)

    def take_more(self, count: int) -> None:
        """Let the server send ``count`` more chunks."""
        self.thread.post(lambda: self.client is not None and self.client.take_more(self.id, count))

    def _cancel(self) -> None:
        if self.client is not None and self.id:
            self.client.cancel(self.id)

    def send(self, client: Client) -> None:
        """Send it over ``client``; on the loop's thread."""
        if self.is_cancelled:
            return
        self.client = client
        try:
            self.id = client.request(self.command, self.args, self.done, **self.options)
        except Exception as error:  # told to the caller, who waits in another thread
            self.done(error)
