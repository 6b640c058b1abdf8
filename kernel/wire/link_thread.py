"""The thread behind a link: connects, comes back after a loss, carries calls and events. Imports asyncio."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections.abc import Callable
from typing import Any

from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.wire.address import Address
from kernel.wire.client import Client, Done
from kernel.wire.connect import connect
from kernel.wire.error import RemoteError, UnavailableError
from kernel.wire.frame import Limits
from kernel.wire.question import Question
from kernel.wire.tls import Security, binding_of
from kernel.wire.value import decode

log = logging.getLogger("espalier.wire")

#: Seconds after a failed attempt during which a call fails at once instead of causing another.
REST_S = 0.5


class LinkThread:
    """Runs one connection.

    Args:
        address: Of the server.
        limits: What is accepted from it.
        set_state: Called with every new state.
        name: Who the server is told that asks; empty = as the system calls the user.
        security: Knows the server's key and has this client's.
    """

    def __init__(
        self,
        address: Address,
        limits: Limits,
        set_state: Callable[[str], None],
        name: str = "",
        security: Security | None = None,
    ) -> None:
        self._address = address
        self._security = security
        self._name = name or _user_name()
        self._limits = limits
        self._set_state = set_state
        self._client: Client | None = None
        self._waiting: list[Question] = []
        self._listeners: dict[str, list[Callable[[Any], None]]] = {}
        self._is_closing = False
        self._last_failure = float("-inf")
        self.failure = UnavailableError(f"{address} cannot be reached")
        self._loop = asyncio.new_event_loop()
        self._nudge = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name=f"espalier-link {address}", daemon=True)
        self._thread.start()

    # From other threads

    def post(self, function: Callable[[], Any]) -> None:
        """Run ``function`` on the loop's thread; dropped when that has ended."""
        try:
            self._loop.call_soon_threadsafe(function)
        except RuntimeError:
            if not self._loop.is_closed():
                raise

    def ask(self, command: str, args: Any, done: Done, **options: Any) -> Question:
        """Send a request as soon as there is a connection; ``done`` gets the result or the exception.

        The arguments must not be changed until then.
        """
        question = Question(self, command, args, done, options)
        if self._is_closing:
            done(UnavailableError(f"the link to {self._address} is closed"))
        else:
            self.post(lambda: self._send(question))
        return question

    def listen(self, topic: str, listener: Callable[[Any], None]) -> Disposer:
        """Hear a topic; subscribed at the server while anybody listens here."""
        self.post(lambda: self._add_listener(topic, listener))
        return lambda: self.post(lambda: self._remove_listener(topic, listener))

    def close(self) -> None:
        """End the connection and the thread."""
        self._is_closing = True
        self.post(self._stop)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    # On the loop's thread

    def _run(self) -> None:
        try:
            self._main = self._loop.create_task(self._keep_connected())
            try:
                self._loop.run_until_complete(self._main)
            except asyncio.CancelledError:
                log.debug("link to %s closed", self._address)
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._fail_waiting(UnavailableError(f"the link to {self._address} is closed"))
            self._loop.close()

    def _stop(self) -> None:
        self._main.cancel()

    async def _keep_connected(self) -> None:
        pause_s, is_first = self._limits.retry_first_s, True
        try:
            while True:
                lost = asyncio.Event()
                self._tell_state("connecting")
                try:
                    self._client, greeting = await self._introduced(lost)
                except UnavailableError as error:
                    self._note_failure(error)
                else:
                    pause_s = self._limits.retry_first_s
                    self._come_online(self._client, greeting, is_first)
                    await lost.wait()
                    self._client = None
                    self._note_failure(UnavailableError(f"the connection to {self._address} was lost"))
                is_first = False
                await self._rest(pause_s * random.uniform(0.8, 1.2))
                pause_s = min(pause_s * 2, self._limits.retry_longest_s)
        finally:
            if self._client is not None:
                self._client.close()
                self._client.end()
                await asyncio.sleep(0)

    async def _introduced(self, lost: asyncio.Event) -> tuple[Client, dict[str, Any]]:
        """A connected client and what it says in ``hello``: over TLS with a proof, for which a keyring may be asked."""
        client = await connect(self._address, lambda: self._make(lost), self._limits.connect_s, self._security)
        greeting = {"client": "espalier", "name": self._name}
        binding = binding_of(client.transport)
        if binding and self._security is not None:
            try:
                introduction = await asyncio.to_thread(self._security.introduce, binding)
            except BaseException as error:
                client.close()
                if isinstance(error, EspalierError):  # told like any other reason why there is no connection
                    raise UnavailableError(error.message, hint=error.hint) from error
                raise
            greeting |= introduction._asdict() if introduction is not None else {}
        return client, greeting

    def _make(self, lost: asyncio.Event) -> Client:
        return Client(self._limits, self._event, lambda _: lost.set(), self._address)

    async def _rest(self, pause_s: float) -> None:
        """Wait for the next attempt; a call ends the pause."""
        self._nudge.clear()
        try:
            async with asyncio.timeout(pause_s):
                await self._nudge.wait()
        except TimeoutError:
            return

    def _note_failure(self, error: UnavailableError) -> None:
        self._last_failure = self._loop.time()
        self.failure = error
        self._tell_state("offline")
        self._fail_waiting(error)

    def _fail_waiting(self, error: UnavailableError) -> None:
        waiting, self._waiting = self._waiting, []
        for question in waiting:
            question.done(type(error)(error.message, hint=error.hint))

    def _send(self, question: Question) -> None:
        if self._client is not None and not self._client.is_closed:
            question.send(self._client)
        elif self._loop.time() - self._last_failure < REST_S:
            question.done(type(self.failure)(self.failure.message, hint=self.failure.hint))
        else:
            self._waiting.append(question)
            self._nudge.set()

    def _come_online(self, client: Client, greeting: dict[str, Any], is_first: bool) -> None:
        if client.is_closed:  # lost while its greeting was made
            return
        client.request("hello", greeting, _ignore, timeout_s=10.0)
        self._tell_state("online")
        for topic in self._listeners:
            self._subscribe(client, topic)
        waiting, self._waiting = self._waiting, []
        for question in waiting:
            question.send(client)
        if not is_first:
            for topic in list(self._listeners):
                self._tell(topic, None)

    def _tell_state(self, state: str) -> None:
        try:
            self._set_state(state)
        except Exception:
            log.exception("a state listener failed")

    # Topics

    def _add_listener(self, topic: str, listener: Callable[[Any], None]) -> None:
        listeners = self._listeners.setdefault(topic, [])
        listeners.append(listener)
        if len(listeners) == 1 and self._client is not None:
            self._subscribe(self._client, topic)

    def _remove_listener(self, topic: str, listener: Callable[[Any], None]) -> None:
        listeners = self._listeners.get(topic, [])
        if listener in listeners:
            listeners.remove(listener)
            if not listeners:
                del self._listeners[topic]
                if self._client is not None:
                    self._ask_quietly(self._client, "unsubscribe", topic)

    def _subscribe(self, client: Client, topic: str) -> None:
        self._ask_quietly(client, "subscribe", topic)

    def _ask_quietly(self, client: Client, command: str, topic: str) -> None:
        """Nobody waits for the answer; a refusal is logged."""

        def done(answer: Any) -> None:
            if isinstance(answer, RemoteError):
                log.warning("%s %s: %s", command, topic, answer)

        if not client.is_closed:
            client.request(command, {"topic": topic}, done, timeout_s=10.0)

    def _event(self, topic: str, body: Any) -> None:
        try:
            value = decode(body)
        except Exception:
            log.exception("an event of %s cannot be read", topic)
            value = None
        self._tell(topic, value)

    def _tell(self, topic: str, value: Any) -> None:
        for listener in list(self._listeners.get(topic, ())):
            try:
                listener(value)
            except Exception:
                log.exception("a listener of %s failed", topic)


def _ignore(_answer: Any) -> None:
    """Nobody waits for the server's name; an old server may not know the command."""


def _user_name() -> str:
    """As the system calls the user; empty where it does not know."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
