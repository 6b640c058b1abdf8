"""A small command table for the wire tests, a raw socket client, and a server thread around them."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import msgspec

from kernel.tables.block import Block
from kernel.tables.error import ConflictError, ConstraintError
from kernel.wire import frame
from kernel.wire.server import Call, Commands, Row
from tests.waiting import PATIENCE_S


class Value(msgspec.Struct, forbid_unknown_fields=True):
    value: Any = None


class Topic(msgspec.Struct):
    topic: str


class Bench:
    """The commands, and events that tell what happened inside them."""

    def __init__(self) -> None:
        self.release = threading.Event()
        self.entered = threading.Semaphore(0)
        self.cancelled = threading.Event()
        self.waiting = 0
        self.made = 0
        self.running = 0
        self.most_running = 0
        self.commands = Commands(
            [
                Row("echo", "The value.", Value, lambda call, args: args.value),
                Row("block", "Waits in a thread.", Value, self.block, is_blocking=True),
                Row("wait", "Waits for ever.", Value, self.wait),
                Row("waiting", "How often that was begun.", Value, lambda call, args: self.waiting),
                Row("hold", "Waits in the loop until released.", Value, self.hold),
                Row("stream", "value pieces.", Value, self.stream, is_stream=True),
                Row("broken", "A defect.", Value, lambda call, args: 1 // 0),
                Row("conflict", "A conflict.", Value, self.conflict),
                Row("constraint", "A constraint.", Value, self.constraint),
                Row("subscribe", "Hear.", Topic, self.subscribe),
                Row("unsubscribe", "No more.", Topic, self.unsubscribe),
            ]
        )

    def block(self, call: Call, args: Value) -> str:
        self.entered.release()
        if not self.release.wait(PATIENCE_S):
            raise RuntimeError("never released")
        return "released"

    async def wait(self, call: Call, args: Value) -> None:
        self.waiting += 1
        self.entered.release()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise

    async def hold(self, call: Call, args: Value) -> Any:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.entered.release()
        while not self.release.is_set():
            await asyncio.sleep(0.002)
        self.running -= 1
        return args.value

    def stream(self, call: Call, args: Value) -> Iterator[bytes]:
        try:
            for number in range(args.value):
                self.made += 1
                yield bytes([number % 256]) * 1000
        finally:
            self.cancelled.set()

    def conflict(self, call: Call, args: Value) -> None:
        raise ConflictError("changed", current=Block(0, {"a": [1]}, [(1,)], ["v"]), index=3)

    def constraint(self, call: Call, args: Value) -> None:
        raise ConstraintError("too long", column="name", index=2, hint="shorten it")

    def subscribe(self, call: Call, args: Topic) -> None:
        call.session.server.topics.subscribe(call.session, args.topic)

    def unsubscribe(self, call: Call, args: Topic) -> None:
        call.session.server.topics.unsubscribe(call.session, args.topic)


class Raw:
    """A socket that can say anything."""

    def __init__(self, address: Any) -> None:
        self.socket = socket.create_connection((address.host, address.port), timeout=PATIENCE_S)
        self.buffer = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def request(self, id: int, command: str, value: Any = None, timeout_ms: int = 0) -> None:
        self.send(frame.pack(frame.REQUEST, [id, command, {"value": value}, timeout_ms]))

    def read(self) -> tuple[int, Any] | None:
        """The next frame's kind and body; None at the end of the connection."""
        while True:
            if len(self.buffer) >= frame.HEADER_SIZE:
                _, _, kind, length = frame.HEADER.unpack_from(self.buffer)
                stop = frame.HEADER_SIZE + length
                if len(self.buffer) >= stop:
                    body, self.buffer = self.buffer[frame.HEADER_SIZE : stop], self.buffer[stop:]
                    return kind, frame.unpack_body(kind, body)
            data = self.socket.recv(65536)
            if not data:
                return None
            self.buffer += data

    def close(self) -> None:
        self.socket.close()
