"""Running the source server as a process: its options, its one line when ready, its end.

``espalier serve`` and the embedded server come here; nothing but ``server`` imports this module's insides.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.error import EspalierError
from kernel.tables import mirroring
from kernel.wire.address import DEFAULT_PORT, Address
from kernel.wire.error import WireError
from kernel.wire.frame import Limits
from kernel.wire.server import new_event_loop
from server.audit import KEEP_DAYS, KEEP_ROWS
from server.embedded import note_path
from server.error import ServerError
from server.fingerprint import code_fingerprint
from server.idle import hold_start_lock, wait_until_idle
from server.log import FORMS, LEVELS, Log
from server.notify import tell_system
from server.repository import PUSH_OPTION
from server.source_server import SourceServer
from server.starter import open_or_create, update_starters
from server.upload import COMMIT_LIMIT

if TYPE_CHECKING:
    from server.signing.signing import Signing
    from server.signing.stopped import StoppedKeys

#: Seconds that what is under way may take when the server ends.
GRACE_S = 3.0
#: After how long a thread that others wait for gives Python's lock away, in seconds: a page waits for it several times
#: while another thread works off a large commit.
SWITCH_S = 0.0005
#: The system's reason why an address cannot be used → what to do.
_LISTEN_HINTS = {
    errno.EADDRINUSE: "is another server running? --port 0 takes a free port",
    errno.EACCES: "only the system's administrator may use it: take a --port above 1023",
    errno.EADDRNOTAVAIL: "--host must be an address of this machine; 0.0.0.0 means all of them",
}


def serve(
    directory: str | Path,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    *,
    init: bool = False,
    data: str | Path | None = None,
    log: str | Path | None = None,
    log_level: str = "info",
    log_format: str = "json",
    limits: Limits | None = None,
    grace_s: float = GRACE_S,
    embedded: str | Path | None = None,
    idle_s: float = 0.0,
    say: Callable[[str], None] | None = None,
    keep: tuple[int, int] = (KEEP_DAYS, KEEP_ROWS),
    commit_limit: int = COMMIT_LIMIT,
    has_mirrors: bool = True,
    plugins: str = "",
    is_tls: bool = False,
    keyring: str | Path | None = None,
    is_behind_nginx: bool = False,
    web_port: int = 0,
) -> None:
    """Serve the repository of apps at ``directory`` until SIGTERM or SIGINT.

    Args:
        directory: A git repository; one that is missing or empty is created with the starter apps.
        host: Where to listen.
        port: Where to listen; 0 takes a free port.
        init: Make a plain folder a repository that holds its apps.
        data: Where hosted databases live; in the git directory when None.
        log: A file for the log; stderr when None.
        log_level: The least that is logged: debug, info, warning or error.
        log_format: What a line of the log is: json or text.
        limits: What is accepted from clients.
        grace_s: At the end, seconds that what is under way may take.
        embedded: A unix socket to listen on instead of host and port; starter apps are kept up to date.
        idle_s: With ``embedded``: end after so many seconds without a client; 0 = never.
        say: Gets the lines for people; they go to stdout when None.
        keep: Days and lines that the audit keeps; 0 = all.
        commit_limit: Bytes of one commit at most.
        has_mirrors: Whether columns of large SQLite tables are mirrored, in files beside the hosted databases.
        plugins: Folders of plugins whose kinds apps may use, besides the shipped ones.
        is_tls: Whether clients on this machine speak TLS too; those of others always do.
        keyring: Where the person who starts the server keeps keys; the config directory's ``keys`` when None. The
            embedded server signs nothing: its socket is this person's alone.
        is_behind_nginx: Whether nginx has the port; see :mod:`server.nginx`.
        web_port: With nginx: a port of its web server alone; 0 = none.

    Raises:
        EspalierError: the repository or the address cannot be used.
    """
    code = code_fingerprint() if embedded else ""
    say = say or (lambda line: print(line, flush=True))
    records = Log(Path(log) if log else None, level=log_level, form=log_format)
    path = Path(directory).absolute()
    repository, made = open_or_create(path, init=init)
    if made:
        say(made)
    if embedded:
        update_starters(repository)
    if repository.refuses_pushes():
        records.info(
            "git refuses pushes to the branch that is checked out",
            path=path,
            hint=f"git -C {path} config {' '.join(PUSH_OPTION)} has the work tree follow each push",
        )
    place = Path(data).absolute() if data else None
    held, signing, lines = (-1, None, [])
    if not embedded:
        held, signing, lines = _signing(repository.git_dir, place, keyring, records)
    server = SourceServer(
        repository, records, data=place, limits=limits, keep=keep, commit_limit=commit_limit, signing=signing,
        plugin_folders=[Path(name).expanduser() for name in plugins.split(os.pathsep) if name],
    )  # fmt: skip
    mirroring.folder = (place or repository.git_dir / "espalier") / "mirror" if has_mirrors else None
    address = Address(path=str(embedded)) if embedded else Address(host, port)
    sys.setswitchinterval(SWITCH_S)
    loop = new_event_loop()
    try:
        asyncio.set_event_loop(loop)
        start = partial(server.start, is_tls=is_tls)
        if is_behind_nginx:
            start = partial(server.start_behind_nginx, is_tls=is_tls, web_port=web_port)
        loop.run_until_complete(_run(server, start, address, path, records, say, lines, idle_s, code, grace_s))
    finally:
        asyncio.set_event_loop(None)
        loop.close()
        if held >= 0:
            os.close(held)
        records.close()


def stopped_keys(directory: str | Path) -> AbstractContextManager[StoppedKeys]:
    """Who may sign what the repository at ``directory`` publishes, while no process serves it.

    Raises:
        EspalierError: there is nothing to sign, or a server runs.
    """
    from server.signing import stopped

    return stopped.stopped_keys(Path(directory).absolute())


def _signing(
    git_dir: Path, data: Path | None, keyring: str | Path | None, log: Log
) -> tuple[int, Signing, list[str]]:
    """The lock on the folder of roles, what signs, and lines for people; at first keys are made, without a question."""
    from server.certificate import certificate_file, server_key_of
    from server.signing.signing import open_signing
    from server.signing.store import lock

    if keyring is None:
        from kernel.config.paths import find_paths

        keyring = find_paths(os.environ.get("ESPALIER_BASEDIR")).config / "keys"
    own = git_dir / "espalier"
    held = lock(own / "trust")
    signing, lines = open_signing(
        own / "trust",
        Path(keyring).absolute(),
        log,
        others=[own, *([data] if data else [])],
        tls=lambda: [server_key_of(certificate_file(own))],
    )
    return held, signing, lines


async def _run(
    server: SourceServer,
    start: Callable[[Address], Awaitable[Address]],
    address: Address,
    path: Path,
    log: Log,
    say: Callable[[str], None],
    lines: list[str],
    idle_s: float,
    code: str,
    grace_s: float,
) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        real = await start(address)
    except ServerError:
        await server.stop(0)
        raise
    except WireError as error:
        server.close()
        raise WireError(error.message, hint=_LISTEN_HINTS.get(getattr(error.__cause__, "errno", 0), "")) from error
    if server.is_behind_nginx:
        loop.add_signal_handler(signal.SIGHUP, lambda: loop.create_task(server.reload()))
    count = len(server.catalogue.published)
    if address.path:
        note_path(Path(address.path)).write_text(f"{os.getpid()} {code}\n")
    if server.key:
        say(f"Its key is {server.key}")
    say(f"Serving {count} {'app' if count == 1 else 'apps'} of {path} on {real}")
    for line in [*lines, *server.hints(real)]:
        say(line)
    log.info("serving", apps=count, path=path, address=real)
    tell_system("READY=1")
    release = None
    waiting = [asyncio.create_task(stop.wait())]
    if idle_s and address.path:
        waiting.append(asyncio.create_task(wait_until_idle(server.wire.sessions, Path(address.path), idle_s)))
    done, left = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    for task in done - {waiting[0]}:
        release = task.result()
    log.info("stopping", reason="idle" if release else "signal")
    tell_system("STOPPING=1")
    if release is None and address.path:
        release = await hold_start_lock(Path(address.path))
    await server.stop(grace_s)
    log.info("stopped")
    if release:
        release()


def main(arguments: list[str] | None = None) -> int:
    """The command line of ``python -m server``; answers the exit code."""
    parser = argparse.ArgumentParser(prog="espalier serve", description="Serve a git repository of apps.")
    parser.add_argument("directory", help="the repository; created with the starter apps when missing or empty")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port, 0 = a free one (%(default)s)")
    parser.add_argument("--init", action="store_true", help="make a plain folder a repository that holds its apps")
    parser.add_argument("--data", help="where hosted databases live (default: in the git directory)")
    parser.add_argument("--keys", help="where the keys of whoever starts this are (default: in the config directory)")
    parser.add_argument("--log", help="write the log to this file instead of stderr")
    parser.add_argument("--log-level", default="info", choices=LEVELS, help="the least that is logged (%(default)s)")
    parser.add_argument("--log-format", default="json", choices=FORMS, help="a line of the log (%(default)s)")
    parser.add_argument("--embedded", metavar="SOCKET", help="listen on this unix socket instead")
    parser.add_argument("--idle", type=float, default=0.0, help="with --embedded: end after so many idle seconds")
    parser.add_argument("--no-mirrors", action="store_true", help="mirror no columns of large SQLite tables")
    parser.add_argument("--plugins", default="", help="folders of plugins whose kinds apps may use")
    parser.add_argument("--tls", action="store_true", help="TLS for clients on this machine too; others always have it")
    parser.add_argument("--nginx", action="store_true", help="have nginx in front, which serves files from the disk")
    parser.add_argument("--web-port", type=int, default=0, help="with --nginx: a port of its web server alone")
    options = parser.parse_args(arguments)
    try:
        serve(
            options.directory,
            options.host,
            options.port,
            init=options.init,
            data=options.data,
            log=options.log,
            log_level=options.log_level,
            log_format=options.log_format,
            embedded=options.embedded,
            idle_s=options.idle,
            has_mirrors=not options.no_mirrors,
            plugins=options.plugins,
            is_tls=options.tls,
            keyring=options.keys,
            is_behind_nginx=options.nginx,
            web_port=options.web_port,
        )
    except EspalierError as error:
        print(f"espalier: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"espalier: {error}", file=sys.stderr)
        return 1
    return 0
