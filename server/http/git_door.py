"""``git clone http://HOST:PORT/apps.git``: git's own ``git http-backend`` behind the server's port.

Who may read and push is decided before it is started; what is pushed is looked at by the hook that it runs
(:mod:`server.publishing.pushed`). It sees no configuration of a person or the system, and no hook but ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from server.http.place import Places
from server.http.request import HttpError, Request, read_body, read_head
from server.identity import Person, person_of_http
from server.log import Log
from server.publishing.policy import Policy
from server.publishing.pushed import PERSON_VARIABLE

#: What the repository is called in addresses.
NAME = "apps.git"
#: Bytes of one push; seconds that one request may take; connections at once.
MAX_PUSH, WHOLE_S, MAX_CONNECTIONS = 256 << 20, 900.0, 512
#: Path after the repository's name → service; ``info/refs`` names it in its query.
_SERVICES = {"git-upload-pack": "git-upload-pack", "git-receive-pack": "git-receive-pack"}
_REFUSED_REFS = ("refs/replace", "refs/espalier", "refs/notes", "refs/original")


class GitDoor:
    """Takes connections that speak HTTP.

    Args:
        git_dir: The repository.
        hooks: The folder of the server's own hooks.
        policy: Answers who may do what by now.
        log: The server's log.
        max_push: Bytes of one push.
    """

    def __init__(
        self, git_dir: Path, hooks: Path, policy: Callable[[], Policy], log: Log, max_push: int = MAX_PUSH
    ) -> None:
        self._git_dir = git_dir
        self._hooks = hooks
        self._policy = policy
        self._log = log
        self._max_push = max_push
        self._places = Places()
        self._tasks: set[asyncio.Task[None]] = set()
        self._git = shutil.which("git")

    def take(self, transport: asyncio.Transport, data: bytes) -> asyncio.Protocol | None:
        """See :data:`kernel.wire.listener.Foreign`."""
        if not data[:1].isalpha():
            return None
        if len(self._tasks) >= MAX_CONNECTIONS:
            transport.write(_words(HttpError("503 Service Unavailable", self._places.bound(), ("Retry-After: 10",))))
            transport.close()
            return asyncio.Protocol()
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=1 << 16, loop=loop)

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = loop.create_task(self._serve(reader, writer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        return asyncio.StreamReaderProtocol(reader, begin, loop=loop)

    def close(self) -> None:
        """End what is under way."""
        for task in list(self._tasks):
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(WHOLE_S):
                request = await read_head(reader)
                await self._answer(request, reader, writer)
        except HttpError as error:
            await _say(writer, error)
        except TimeoutError:
            self._log.warning("a git request took too long")
        except ConnectionError:
            return
        except Exception as error:  # one connection must not take the server along
            self._log.error("a git request failed", error=f"{type(error).__name__}: {error}")
        finally:
            writer.close()
            with contextlib.suppress(Exception):
                await writer.wait_closed()

    async def _answer(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        service, path = self._service(request)
        person = person_of_http(request.headers, _peer(writer), writer.transport)
        self._demand(service, person)
        async with self._places.place(person.origin.rpartition(":")[0]):
            await self._run(request, path, person, reader, writer)

    def _service(self, request: Request) -> tuple[str, str]:
        """The service and the path that ``git http-backend`` gets."""
        path = request.path.removeprefix(f"/{NAME}") if request.path.startswith(f"/{NAME}/") else ""
        if path == "/info/refs" and request.method == "GET":
            for service in _SERVICES:
                if request.query == f"service={service}":
                    return service, path
        name = path.removeprefix("/")
        if name in _SERVICES and request.method == "POST" and not request.query:
            return name, path
        if request.method == "GET" and request.path in ("/", f"/{NAME}"):
            raise HttpError("200 OK", f"This is a source server of Espalier; git clone …/{NAME} has its apps.")
        raise HttpError("404 Not Found", f"there is nothing here but {NAME}, for git")

    def _demand(self, service: str, person: Person) -> None:
        """Refuse whoever may not read or push; who has not said a name is asked for it."""
        policy = self._policy()
        rights, name = policy.rights, policy.name_of(person)
        is_push = service == "git-receive-pack"
        if rights.may_change_anything(name) if is_push else rights.may_read(name):
            return
        what = "push to" if is_push else "read"
        self._log.info("git refused", person=person.name, service=service, origin=person.origin)
        if person.is_unnamed:
            raise HttpError("401 Unauthorized", f"who are you? Not everybody may {what} this repository",
                            ('WWW-Authenticate: Basic realm="Espalier: your name", charset="UTF-8"',))  # fmt: skip
        raise HttpError("403 Forbidden", f"{person.name} may not {what} this repository")

    async def _run(self, request: Request, path: str, person: Person, reader: asyncio.StreamReader,
                   writer: asyncio.StreamWriter) -> None:  # fmt: skip
        if self._git is None:
            raise HttpError("503 Service Unavailable", "this server has no git")
        process = await asyncio.create_subprocess_exec(
            self._git, "http-backend", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL, env=self._environment(request, path, person), cwd="/",
            start_new_session=True,
        )  # fmt: skip
        try:
            feeding = asyncio.ensure_future(self._feed(process, request, reader))
            try:
                await self._pass_on(process, feeding, writer)
            finally:
                feeding.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await feeding
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            await process.wait()

    async def _feed(self, process: asyncio.subprocess.Process, request: Request, reader: asyncio.StreamReader) -> None:
        assert process.stdin is not None
        try:
            async for piece in read_body(reader, request, self._max_push):
                process.stdin.write(piece)
                await process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            return  # git has heard enough and says why
        finally:
            process.stdin.close()

    async def _pass_on(self, process: asyncio.subprocess.Process, feeding: asyncio.Future[None],
                       writer: asyncio.StreamWriter) -> None:  # fmt: skip
        """The process's answer, with the head of CGI made one of HTTP."""
        assert process.stdout is not None
        heading = asyncio.ensure_future(process.stdout.readuntil(b"\r\n\r\n"))
        await asyncio.wait({heading, feeding}, return_when=asyncio.FIRST_COMPLETED)
        if feeding.done() and feeding.exception() is not None:
            heading.cancel()
            raise feeding.exception()  # type: ignore[misc]
        try:
            head = (await heading).decode("latin-1").rstrip("\r\n").split("\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise HttpError("500 Internal Server Error", "git did not answer") from error
        status = next((line[8:] for line in head if line.lower().startswith("status: ")), "200 OK")
        lines = [line for line in head if not line.lower().startswith("status: ")]
        writer.write("\r\n".join([f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""]).encode("latin-1"))
        while piece := await process.stdout.read(1 << 16):
            writer.write(piece)
            await writer.drain()

    def _environment(self, request: Request, path: str, person: Person) -> dict[str, str]:
        """What the process sees: the request, and settings that no person's or system's file changes."""
        headers = request.headers
        settings = {
            "core.hooksPath": str(self._hooks),
            "core.useReplaceRefs": "false",
            "core.alternateRefsCommand": "true",
            "http.receivepack": "true",
            "http.getanyfile": "false",
            "receive.fsckObjects": "true",
            "receive.maxInputSize": str(self._max_push),
            "receive.autogc": "false",
            "uploadpack.allowFilter": "false",
            "safe.directory": "*",
        }
        pairs = [*settings.items(), *(("transfer.hideRefs", ref) for ref in _REFUSED_REFS)]
        told = {
            "GIT_PROJECT_ROOT": str(self._git_dir.absolute()),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "REQUEST_METHOD": request.method,
            "QUERY_STRING": request.query,
            "CONTENT_TYPE": headers.get("content-type", ""),
            "REMOTE_USER": person.name,
            "REMOTE_ADDR": person.origin,
            "GIT_PROTOCOL": headers.get("git-protocol", ""),
            "HTTP_CONTENT_ENCODING": headers.get("content-encoding", ""),
            PERSON_VARIABLE: msgspec.json.encode(tuple(person)).decode(),
        }
        if "content-length" in headers:
            told["CONTENT_LENGTH"] = headers["content-length"]
        base = {"PATH": os.environ.get("PATH", os.defpath), "HOME": "/nonexistent", "LANG": "C.UTF-8",
                "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0",
                "GIT_NO_REPLACE_OBJECTS": "1", "GIT_CONFIG_COUNT": str(len(pairs))}  # fmt: skip
        for number, (key, value) in enumerate(pairs):
            base |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return base | told


async def _say(writer: asyncio.StreamWriter, error: HttpError) -> None:
    with contextlib.suppress(ConnectionError):
        writer.write(_words(error))
        await writer.drain()


def _words(error: HttpError) -> bytes:
    """A short answer in words."""
    body = f"{error.reason}\n".encode()
    lines = [f"HTTP/1.1 {error.status}", "Content-Type: text/plain; charset=utf-8", f"Content-Length: {len(body)}",
             "Connection: close", *error.headers, "", ""]  # fmt: skip
    return "\r\n".join(lines).encode() + body


def _peer(writer: asyncio.StreamWriter) -> str:
    peer = writer.get_extra_info("peername")
    return f"{peer[0]}:{peer[1]}" if isinstance(peer, tuple) else "unix"
