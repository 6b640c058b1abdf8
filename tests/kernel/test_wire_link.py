"""The blocking link: calls, streams, events, losses and comebacks."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from datetime import date

import pytest

from kernel.tables.block import Block
from kernel.tables.error import ConflictError, ConstraintError
from kernel.wire import frame
from kernel.wire.code import table_error_of
from kernel.wire.error import RemoteError, UnavailableError
from kernel.wire.link import Link
from kernel.wire.server import ServerThread
from tests.kernel.wire_server import Bench
from tests.served import free_port
from tests.waiting import PATIENCE_S, wait_for


@pytest.fixture
def bench():
    made = Bench()
    yield made
    made.release.set()


@pytest.fixture
def running(bench):
    with ServerThread(bench.commands, "127.0.0.1:0") as made:
        yield made


@pytest.fixture
def link(running):
    with Link(str(running.address)) as made:
        yield made


def test_a_call_answers_with_exact_values(link):
    assert link.call("echo", {"value": [date(2020, 2, 29), 2**80]}) == [date(2020, 2, 29), 2**80]
    assert link.call("echo", {"value": {"start": 0, "columns": {}, "keys": [[1]], "versions": ["v"]}}, type=Block).keys


def test_an_answer_of_the_wrong_type_is_an_error_of_that_call(link):
    with pytest.raises(RemoteError, match="cannot be read"):
        link.call("echo", {"value": 1}, type=str)
    assert link.call("echo", {"value": 1}, type=int) == 1


def test_calls_of_many_threads_share_the_connection(link, running):
    answers = queue.SimpleQueue()
    threads = [
        threading.Thread(target=lambda n=n: answers.put((n, link.call("echo", {"value": n})))) for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert all(sent == got for sent, got in (answers.get(timeout=PATIENCE_S) for _ in threads))
    assert len(running.server.sessions) == 1


def test_table_errors_come_back_as_what_they_were(link):
    with pytest.raises(RemoteError) as caught:
        link.call("conflict", {})
    error = table_error_of(caught.value)
    assert isinstance(error, ConflictError) and error.index == 3
    assert error.current == Block(0, {"a": [1]}, [(1,)], ["v"])
    with pytest.raises(RemoteError) as caught:
        link.call("constraint", {})
    error = table_error_of(caught.value)
    assert isinstance(error, ConstraintError)
    assert (error.column, error.index, error.hint, error.message) == ("name", 2, "shorten it", "too long")


def test_deadline(link, bench):
    link.call("echo", {})
    with pytest.raises(RemoteError) as caught:
        link.call("wait", {}, timeout_s=0.1)
    assert caught.value.code == "deadline"
    assert bench.cancelled.wait(PATIENCE_S)


def test_arguments_that_cannot_be_said_are_the_callers_error(link):
    with pytest.raises(TypeError):
        link.call("echo", {"value": object()})
    assert link.call("echo", {"value": 1}) == 1


def test_a_stream_comes_whole_and_in_order(link):
    pieces = list(link.stream("stream", {"value": 300}))
    assert [piece[0] for piece in pieces] == [number % 256 for number in range(300)]


def test_leaving_a_stream_cancels_it(link, bench):
    for _ in link.stream("stream", {"value": 100_000}):
        break
    assert bench.cancelled.wait(PATIENCE_S) and bench.made < 100


def test_a_slow_reader_of_a_stream_slows_the_server(link, bench):
    pieces = link.stream("stream", {"value": 1000})
    next(pieces)
    assert link.call("echo", {"value": "others go on"}) == "others go on"
    assert bench.made <= 2 * frame.CHUNK_WINDOW
    assert sum(1 for _ in pieces) == 999


def test_events_reach_listeners_until_disposed(link, running):
    got = queue.SimpleQueue()
    dispose = link.on_event("topic", got.put)
    link.call("echo", {})
    running.server.publish("topic", {"n": 1})
    running.server.publish("other", {"n": 2})
    running.server.publish("topic", {"n": 3})
    assert got.get(timeout=PATIENCE_S) == {"n": 1} and got.get(timeout=PATIENCE_S) == {"n": 3}
    dispose()
    wait_for(lambda: not running.server.topics.has_subscribers("topic"))


def test_a_listener_that_fails_does_not_stop_the_others(link, running, caplog):
    got = queue.SimpleQueue()
    link.on_event("topic", lambda body: 1 // 0)
    link.on_event("topic", got.put)
    link.call("echo", {})
    running.server.publish("topic", 1)
    assert got.get(timeout=PATIENCE_S) == 1
    assert "a listener of topic failed" in caplog.text


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    link = Link(f"127.0.0.1:{port}")
    states = []
    link.on_state(states.append)
    with pytest.raises(UnavailableError, match="cannot be reached"):
        link.call("echo", {})
    assert link.state in ("offline", "connecting") and states[0] == "connecting" and "offline" in states
    link.close()


class ActingLock:
    """A lock behind which something happens once, as another thread would do it."""

    def __init__(self, act):
        self._lock, self._acts = threading.Lock(), [act]

    def __enter__(self):
        self._lock.acquire()

    def __exit__(self, *_):
        self._lock.release()
        while self._acts:
            self._acts.pop()()


def test_the_newest_state_is_told_last():
    link, states = Link("127.0.0.1:1"), []
    link._lock = ActingLock(lambda: link._set_state("online"))
    link.on_state(states.append)
    assert states[0] == "online" and "connecting" in states and states[-1] == "online"
    link.close()


def test_a_server_that_accepts_and_says_nothing():
    with socket.create_server(("127.0.0.1", 0)) as silent, Link(f"127.0.0.1:{silent.getsockname()[1]}") as link:
        with pytest.raises(RemoteError) as caught:
            link.call("echo", {}, timeout_s=1)
        assert caught.value.code == "deadline"


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n", frame.pack(frame.REPLY, [0, 1, "go away", {}])])
def test_a_server_that_speaks_nonsense(answer):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak():
            connection, _ = listener.accept()
            connection.recv(1000)
            connection.sendall(answer)
            connection.recv(1000)
            connection.close()

        thread = threading.Thread(target=speak)
        thread.start()
        with Link(f"127.0.0.1:{listener.getsockname()[1]}") as link, pytest.raises(UnavailableError):
            link.call("echo", {})
        thread.join(PATIENCE_S)


SERVER = """
import sys
from tests.kernel.wire_server import Bench
from tests.served import free_port
from tests.waiting import PATIENCE_S, wait_for
from kernel.wire.server import serve
serve(Bench().commands, sys.argv[1], on_ready=lambda address: print(address, flush=True))
"""


def start_process(address):
    process = subprocess.Popen([sys.executable, "-c", SERVER, address], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def test_server_killed_in_mid_answer_then_back(tmp_path):
    process, address = start_process(f"127.0.0.1:{free_port()}")
    with Link(address) as link:
        events, states = queue.SimpleQueue(), queue.SimpleQueue()
        link.on_event("topic", events.put)
        pieces = link.stream("stream", {"value": 10_000})
        next(pieces)
        failed = queue.SimpleQueue()

        def wait():
            try:
                link.call("wait", {})
            except UnavailableError as error:
                failed.put(error)

        thread = threading.Thread(target=wait)
        thread.start()
        wait_for(lambda: link.call("waiting", {}))
        link.on_state(states.put)
        assert states.get(timeout=PATIENCE_S) == "online"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert "lost" in str(failed.get(timeout=PATIENCE_S))
        thread.join(PATIENCE_S)
        with pytest.raises(UnavailableError):
            list(pieces)
        assert states.get(timeout=PATIENCE_S) == "offline"
        again, _ = start_process(address)
        try:
            state = states.get(timeout=PATIENCE_S)
            while state != "online":
                state = states.get(timeout=PATIENCE_S)
            assert events.get(timeout=PATIENCE_S) is None  # fetch again
            assert link.call("echo", {"value": "back"}) == "back"
        finally:
            again.kill()
            again.wait()


def test_close_leaves_no_thread_and_fails_what_waits(running):
    before = set(threading.enumerate())
    link = Link(str(running.address))
    link.call("echo", {})
    failed = queue.SimpleQueue()

    def wait():
        try:
            link.call("wait", {})
        except UnavailableError as error:
            failed.put(error)

    thread = threading.Thread(target=wait)
    thread.start()
    wait_for(lambda: link.call("waiting", {}))
    link.close()
    assert isinstance(failed.get(timeout=PATIENCE_S), UnavailableError)
    thread.join(PATIENCE_S)
    left = set(threading.enumerate()) - before
    assert not [thread for thread in left if thread.name.startswith("espalier-link")]
    with pytest.raises(UnavailableError, match="closed"):
        link.call("echo", {})
    link.close()


def test_an_unused_link_imports_no_asyncio():
    code = "import sys; from kernel.wire.link import Link; Link('host:1'); sys.exit('asyncio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=PATIENCE_S).returncode == 0
