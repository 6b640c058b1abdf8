"""A PostgreSQL server of one's own for the tests: in a temporary folder, on a socket there, gone with the process.

Everybody may connect as anybody, except that the user ``guarded`` needs a password.

The folder and the server belong to a plain user, as ``initdb`` refuses root. A watching process stops the server when
the tests' process ends in whatever way. Without Debian's ``postgresql`` the tests are skipped, but fail where ``CI`` is
set.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S

#: Where Debian keeps the programs of each version.
_VERSIONS = Path("/usr/lib/postgresql")
#: Users that may own the server when the tests run as root.
_USERS = ("postgres", "nobody")
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "log_destination": "stderr",
    "logging_collector": "off",
}
#: Waits for the end of its input, which comes when the tests' process is gone, and stops the server then.
_WATCH = """
import os, signal, subprocess, shutil, sys
os.setsid()
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
sys.stdin.buffer.read()
try:
    os.kill(int(open(sys.argv[1] + "/data/postmaster.pid").readline()), signal.SIGQUIT)
except (OSError, ValueError):
    pass
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""
_numbers = itertools.count(1)


class PostgresServer:
    """A running server; ``folder`` is also where its socket lies.

    Args:
        programs: The folder of ``initdb`` and ``postgres``.
    """

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        #: Database → the test that it was made for.
        self._made: dict[str, str] = {}
        self._user = _plain_user()
        self.folder = Path(tempfile.mkdtemp(prefix="espalier-pg-"))
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._watcher = subprocess.Popen([sys.executable, "-c", _WATCH, str(self.folder)], stdin=subprocess.PIPE)
        atexit.register(self.close)
        self._run("initdb", "--no-sync", "--username=owner", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        settings = {**_SETTINGS, "unix_socket_directories": str(self.folder)}
        text = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(text)
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text("local all guarded scram-sha-256\n" + rules.read_text())
        self.start()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._run("pg_ctl", "start", "--silent", "--wait", "-l", str(self.folder / "log"))

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; ``immediate`` is as if it crashed."""
        self._run("pg_ctl", "stop", "--silent", "--wait", "-m", mode)

    def kill(self) -> None:
        """Kill the server's first process; nothing of it is left."""
        os.kill(self.process_id(), signal.SIGKILL)
        self._run("pg_ctl", "stop", "--silent", "--wait", "-m", "immediate", check=False)
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def process_id(self) -> int:
        """The id of the server's first process, which begins all others."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def address(self, database: str = "postgres", user: str = "owner", **settings: str) -> str:
        """The address of a database as an app names it."""
        more = "".join(f"&{name}={value}" for name, value in settings.items())
        return f"postgresql://{user}@/{database}?host={self.folder}{more}"

    def new_database(self, *, is_kept: bool = False) -> str:
        """The address of an empty database of its own.

        Making one takes a tenth of a second and more: one of an earlier test that nobody is connected to any more is
        emptied and given out again, unless it was to be kept.
        """
        import psycopg

        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        with psycopg.connect(self.address(), autocommit=True) as connection:
            used = {row[0] for row in connection.execute("SELECT datname FROM pg_stat_activity").fetchall()}
            free = [name for name, whose in self._made.items() if whose != test and name not in used]
            name = free[0] if free else f"test_{next(_numbers)}"
            if not free:
                connection.execute(f"CREATE DATABASE {name}")
        if free:
            self._empty(name)
        self._made.pop(name, None)
        if test and not is_kept:
            self._made[name] = test
        return self.address(name)

    def _empty(self, name: str) -> None:
        import psycopg

        with psycopg.connect(self.address(name), autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name} RESET ALL")
            schemas = connection.execute(
                "SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_|^information_schema$'"
            ).fetchall()
            for (schema,) in schemas:
                connection.execute(f"DROP SCHEMA {schema} CASCADE")
            connection.execute("CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")

    def close(self) -> None:
        """Stop the server and remove its folder."""
        if self._watcher.stdin is not None and not self._watcher.stdin.closed:
            self._watcher.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):  # on a busy disk it goes on by itself
                self._watcher.wait(PATIENCE_S)
        atexit.unregister(self.close)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        user = {} if self._user is None else {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        command = [str(self._programs / program), "-D", str(self.folder / "data"), *arguments]
        done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, timeout=300, **user)  # type: ignore[call-overload]
        if check and done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program}: {done.stderr}{log.read_text() if log.exists() else ''}")


def _plain_user() -> pwd.struct_passwd | None:
    """Who owns the server: nobody in particular, but not root."""
    if os.getuid():
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in _USERS if name in known)


def find_programs() -> Path | None:
    """The folder of the newest server's programs."""
    folders = sorted(_VERSIONS.glob("*/bin"), key=lambda path: int(path.parent.name)) if _VERSIONS.is_dir() else []
    found = [folder for folder in folders if (folder / "initdb").exists()]
    other = shutil.which("initdb")
    return found[-1] if found else (Path(other).resolve().parent if other else None)


@functools.cache
def shared_server() -> PostgresServer:
    """The one server of this run, started when it is first wanted; skips the test where there is none."""
    programs = find_programs()
    if programs is None:
        reason = "no PostgreSQL server is installed; on Debian: apt install postgresql"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return PostgresServer(programs)
