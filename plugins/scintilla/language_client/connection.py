"""Requests and notifications over one channel: numbers, deadlines, what was given up. On the GUI thread, never waiting.

Bytes become records on the channel's own thread; here they are handed out a few at a time, so that a server that sends
without end takes no more than a part of the GUI thread's time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from PySide6.QtCore import QObject, QTimer

from plugins.api import listener
from plugins.scintilla.language_client.channel import Channel
from plugins.scintilla.language_client.protocol import Message, encode

#: Seconds after which an answer is waited for no more.
DEADLINE_S = 10.0
#: Seconds of the GUI thread that messages take at once; ms until the next ones are looked at.
PORTION_S, PAUSE_MS = 0.004, 20
#: How often deadlines are looked at, in ms.
_LOOK_MS = 200
#: Answers to nothing after which a server is taken for a broken one.
MOST_STRANGE = 1_000
METHOD_NOT_FOUND, REQUEST_FAILED = -32601, -32803


class Asked(NamedTuple):
    """A request on its way."""

    method: str
    done: Callable[[Any], Any]
    failed: Callable[[str], Any] | None
    until: float


class Answer(NamedTuple):
    """What came of a request, or why nothing did."""

    id: int
    value: Any
    failure: str | None


class _Decoding:
    """What the channel's thread knows: which requests wait for which type. It has no object of Qt's, so that the thread
    never lets go of one.

    Attributes:
        kinds: Number of a request → the type of its result, and its method.
        given_up: Requests whose answers are not wanted any more.
        strange: How many messages answered nothing that was asked.
    """

    def __init__(self) -> None:
        self.kinds: dict[int, tuple[Any, str]] = {}
        self.given_up: set[int] = set()
        self.strange = 0
        self._decoder = msgspec.json.Decoder(Message)

    def decode(self, body: bytes) -> Message | Answer | None:
        """A message of the server's own, an answer, or nothing."""
        message = self._decoder.decode(body)
        if message.method is not None:
            return message
        number = message.id if isinstance(message.id, int) else 0
        kind, method = self.kinds.pop(number, (None, ""))
        if not method:
            self._note_strange(number)
            return None
        if message.error is not None:
            return Answer(number, None, message.error.message)
        try:
            value = msgspec.json.decode(message.result, type=kind) if bytes(message.result) else None
        except msgspec.DecodeError as error:
            return Answer(number, None, f"{method} was answered with something else: {error}")
        return Answer(number, value, None)

    def _note_strange(self, number: int) -> None:
        """An answer that nobody waits for: one that was given up is no mistake of the server's."""
        if number in self.given_up:
            self.given_up.discard(number)
            return
        self.strange += 1
        if self.strange > MOST_STRANGE:
            raise ValueError(f"it answered {self.strange:,} times what nobody had asked")


class Connection(QObject):
    """One connection.

    Args:
        hear: Gets notifications and the server's own requests.
        ended: Gets why the server is gone, once.

    Attributes:
        late: How many requests in a row had no answer in time.
    """

    def __init__(
        self, parent: QObject, command: Sequence[str], folder: str, environment: Mapping[str, str],
        hear: Callable[[Message], Any], ended: Callable[[str], Any],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._hear, self._ended = hear, ended
        self._asked: dict[int, Asked] = {}
        self._number = 0
        self._is_over = False
        self.late = 0
        self._decoding = _Decoding()
        self._looking = QTimer(self, interval=_LOOK_MS)
        self._looking.timeout.connect(self._look)
        self._more = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._more.timeout.connect(self._take)
        self.channel = Channel(
            command, folder, environment, decode=self._decoding.decode, take=listener(self._take),
            ended=listener(self._end),
        )  # fmt: skip

    def ask(
        self, method: str, params: Any, kind: Any, done: Callable[[Any], Any],
        failed: Callable[[str], Any] | None = None, deadline: float = DEADLINE_S,
    ) -> int:  # fmt: skip
        """Send a request; answers its number, by which it can be given up.

        Args:
            kind: The type of the result, for msgspec.
            done: Gets the result.
            failed: Gets why there is none.
            deadline: Seconds.
        """
        self._number += 1
        self._asked[self._number] = Asked(method, done, failed, time.monotonic() + deadline)
        self._decoding.kinds[self._number] = (kind, method)
        self._send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        self._looking.start() if not self._looking.isActive() else None
        return self._number

    def tell(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self._send({"jsonrpc": "2.0", "method": method, "params": {} if params is None else params})

    def answer(self, number: int | str, result: Any) -> None:
        """Answer a request of the server."""
        self._send({"jsonrpc": "2.0", "id": number, "result": result})

    def refuse(self, number: int | str, code: int, message: str) -> None:
        """Answer it with why not."""
        self._send({"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}})

    @property
    def strange(self) -> int:
        """How many messages answered nothing that was asked."""
        return self._decoding.strange

    def cancel(self, number: int) -> None:
        """Give a request up: its answer is not wanted any more, and the server is told."""
        if self._asked.pop(number, None) is not None:
            self._decoding.given_up.add(number)
            self._decoding.kinds.pop(number, None)
            self.tell("$/cancelRequest", {"id": number})

    def _end(self, why: str) -> None:
        """The channel is gone by itself."""
        if not self._is_over:
            self._ended(why)

    def give_up(self) -> None:
        """The server is as good as gone: end it at once, and hear nothing of it any more."""
        self._is_over = True
        self._looking.stop()
        self._more.stop()
        self._asked.clear()
        self.channel.kill()

    def close(self) -> None:
        """Have the server end."""
        self._is_over = True
        self._looking.stop()
        self._more.stop()
        self._asked.clear()
        self._number += 1
        farewell = ({"jsonrpc": "2.0", "id": self._number, "method": "shutdown"}, {"jsonrpc": "2.0", "method": "exit"})
        self.channel.close([encode(one) for one in farewell])

    def _send(self, message: dict[str, Any]) -> None:
        self.channel.send(encode(message))

    def _take(self) -> None:
        """What came, for a few milliseconds."""
        if self._more.isActive() or self._is_over:
            return
        began = time.monotonic()
        while portion := self.channel.next(8):
            for one in portion:
                self._take_one(one)
                if self._is_over:
                    return
            if time.monotonic() - began > PORTION_S:
                self._more.start()
                return

    def _take_one(self, one: Message | Answer) -> None:
        self.late = 0
        if isinstance(one, Message):
            self._hear(one)
            return
        asked = self._asked.pop(one.id, None)
        if asked is None:
            return
        if one.failure is None:
            asked.done(one.value)
        elif asked.failed is not None:
            asked.failed(one.failure)

    def _look(self) -> None:
        """Give up what takes too long."""
        now = time.monotonic()
        for number, asked in list(self._asked.items()):
            if now > asked.until:
                self.cancel(number)
                self.late += 1
                if asked.failed is not None:
                    asked.failed(f"no answer to {asked.method} in time")
        if not self._asked:
            self._looking.stop()
