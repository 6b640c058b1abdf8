"""nginx as a child of the server: its configuration is tested before it runs, it is started again and ends with us."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from server.error import ServerError
from server.log import Log
from server.nginx.config import Front, text_of

#: Seconds between two starts at first and at most, and until one listens.
FIRST_PAUSE_S, LONGEST_PAUSE_S, LISTEN_S = 0.2, 30.0, 20.0
_INSTALL = "apt install nginx libnginx-mod-stream, or leave out --nginx"
_PR_SET_PDEATHSIG = 1
#: The system's reason why an address cannot be used → what to do.
_PORT_HINTS = {
    errno.EADDRINUSE: "is another server running? --port 0 takes a free port",
    errno.EACCES: "only the system's administrator may use it: take a --port above 1023",
}


class NginxError(ServerError):
    """nginx is missing, or cannot be what is wanted of it."""


class Nginx:
    """nginx for one server. Made, started, reloaded and stopped on the thread of the event loop.

    Args:
        front: What it is to be.
        log: The server's log.

    Attributes:
        process: The one that runs now.
        starts: How often it was started.

    Raises:
        NginxError: there is no nginx.
    """

    def __init__(self, front: Front, log: Log) -> None:
        self.front = front
        self._log = log
        self._program = find_nginx()
        self._config = front.folder / "nginx.conf"
        self._watch: asyncio.Task[None] | None = None
        self._is_stopping = False
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    async def start(self) -> None:
        """Start it; it listens when this returns.

        Raises:
            NginxError: its configuration is wrong, or it does not listen.
        """
        for port in filter(None, (self.front.port, self.front.web_port)):
            _check_free(self.front.host, port)
        await asyncio.to_thread(self._prepare)
        self._spawn()
        try:
            await self._listens()
        except NginxError:
            self._end()
            raise
        self._watch = asyncio.get_running_loop().create_task(self._keep())

    async def reload(self) -> None:
        """Have it take its configuration anew; the one of before stays when the new one is wrong.

        Raises:
            NginxError: it is wrong.
        """
        await asyncio.to_thread(self._prepare)
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGHUP)

    async def stop(self, grace_s: float = 3.0) -> None:
        """End it: it listens no more, and connections may finish for ``grace_s`` seconds."""
        self._is_stopping = True
        if self._watch is not None:
            self._watch.cancel()
        process = self.process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGQUIT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(process.wait, grace_s)
        self._end()

    def _prepare(self) -> None:
        """Write the configuration and have nginx test it."""
        folder = self.front.folder
        for place in (folder, folder / "temporary", self.front.static):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._config.with_suffix(".new")
        fresh.write_text(text_of(self.front, has_module=has_module(self._program)))
        problem = self._problem_of(fresh)
        if problem:
            raise NginxError(f"nginx does not take its configuration {fresh}: {problem}", hint=_hint(problem))
        fresh.replace(self._config)

    def _problem_of(self, config: Path) -> str:
        command = [*self._command(config), "-t", "-q"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, errors="replace")
        lines = [line for line in done.stderr.splitlines() if "[emerg]" in line] or done.stderr.splitlines()
        return lines[0].partition("[emerg] ")[2] or lines[0] if done.returncode and lines else ""

    def _command(self, config: Path) -> list[str]:
        return [self._program, "-p", str(self.front.folder), "-e", str(self.front.folder / "error.log"),
                "-c", str(config)]  # fmt: skip

    def _spawn(self) -> None:
        parent = os.getpid()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.front.socket("web"))  # of one that was killed: it would be in the way
        self.process = subprocess.Popen(
            self._command(self._config), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=lambda: _end_with(parent),
        )  # fmt: skip
        self.starts += 1

    async def _listens(self) -> None:
        """Wait until somebody listens at the port, or it is clear that nobody will."""
        process = self.process
        assert process is not None
        for _ in range(int(LISTEN_S / 0.02)):
            if process.poll() is not None:
                raise NginxError(f"nginx ended at once: {self._last_word()}", hint=_hint(self._last_word()))
            if await asyncio.to_thread(self._answers):
                return
            await asyncio.sleep(0.02)
        raise NginxError(f"nginx does not listen after {LISTEN_S:g} s", hint=f"see {self.front.folder / 'error.log'}")

    def _answers(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.front.host, self.front.host)
        with contextlib.suppress(OSError), socket.create_connection((host, self.front.port), 1.0):
            return True
        return False

    async def _keep(self) -> None:
        """Start it again whenever it ends."""
        pause = FIRST_PAUSE_S
        while True:
            process, loop = self.process, asyncio.get_running_loop()
            assert process is not None
            began = loop.time()
            code = await _ended(process)
            if self._is_stopping:
                return
            self._end()  # what a master that was killed left would keep the port
            pause = FIRST_PAUSE_S if loop.time() - began > LONGEST_PAUSE_S else min(2 * pause, LONGEST_PAUSE_S)
            self._log.error("nginx ended", code=code, reason=self._last_word(), again_in_s=pause)
            await asyncio.sleep(pause)
            try:
                await asyncio.to_thread(self._prepare)
                self._spawn()
            except (OSError, NginxError) as error:
                self._log.error("nginx cannot be started", error=error, hint=getattr(error, "hint", ""))

    def _end(self) -> None:
        """End the processes that are left at once."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _last_word(self) -> str:
        """The last line of its log about something serious."""
        try:
            lines = (self.front.folder / "error.log").read_text(errors="replace").splitlines()
        except OSError:
            return ""
        serious = [line for line in lines if "[emerg]" in line or "[alert]" in line]
        return serious[-1].partition("] ")[2] if serious else ""


def find_nginx() -> str:
    """The program.

    Raises:
        NginxError: there is none.
    """
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", "/sbin"])
    found = shutil.which("nginx", path=places)
    if found is None:
        raise NginxError("there is no nginx on this machine", hint=_INSTALL)
    return found


def has_module(program: str) -> bool:
    """Whether nginx has its module for connections built in, so that none is to be loaded."""
    told = subprocess.run([program, "-V"], capture_output=True, text=True, timeout=60).stderr
    return "--with-stream" in told.split()


def _hint(problem: str) -> str:
    return f"its module for connections may be missing: {_INSTALL}" if "unknown directive" in problem else ""


def _check_free(host: str, port: int) -> None:
    """Refuse a port that nginx will not get: it tries for long, and whoever has it would answer in its place."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            hint = _PORT_HINTS.get(error.errno or 0, "")
            raise NginxError(f"nginx cannot listen on {host}:{port}: {reason}", hint=hint) from error


async def _ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code, once there is one; waited for by a thread that holds up nobody's end."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[int] = loop.create_future()

    def tell(code: int) -> None:
        if not done.done():
            done.set_result(code)

    def wait() -> None:
        code = process.wait()
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know
            loop.call_soon_threadsafe(tell, code)

    threading.Thread(target=wait, name="espalier-nginx", daemon=True).start()
    return await done


def _end_with(parent: int) -> None:
    """In the child, before it becomes nginx: be told to end when the server dies, however it does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)
