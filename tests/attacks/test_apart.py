"""Code of one app that looks for what another one has: it runs in a process of its own and is told of its own alone.

Files of the same person are not kept from it by the system: a script is trusted code of a named publisher, and the
first run says so. What is looked for here is everything that it would come by without knowing where to look.
"""

from __future__ import annotations

from pathlib import Path

from shell.places import mark
from tests.end_to_end.test_app_code import LAYOUT, Client, push
from tests.served import ServerProcess, make_repository

#: Looks for the other app wherever a process may have something of it.
SPY = """
import gc
import os
import sys
import secret_of_APP

def run(app):
    mine = secret_of_APP.WORD
    words = {"word-of-first", "word-of-second"} - {mine}
    found = []
    for name in ("first.secret_of_first", "second.secret_of_second", "secret_of_first", "secret_of_second"):
        try:
            module = __import__(name, fromlist=["WORD"])
            found += ["import"] * (module.WORD in words)
        except ImportError:
            pass
    found += ["module"] * any(getattr(module, "WORD", "") in words for module in list(sys.modules.values()))
    found += ["object"] * any(type(one) is dict and one.get("WORD") in words for one in gc.get_objects())
    found += ["environment"] * any(name in value for value in os.environ.values() for name in words)
    handles = [os.readlink(f"/proc/self/fd/{one}") for one in os.listdir("/proc/self/fd")
               if os.path.exists(f"/proc/self/fd/{one}")]
    found += ["handle"] * any("OTHER" in handle for handle in handles)
    return f"{mine} {found} {os.getpid()}"
"""


def files(app: str, other: str) -> dict[str, bytes]:
    spy = SPY.replace("APP", app).replace("OTHER", mark(f"{other}@home"))
    return {
        "app.toml": f'name = "{app}"\n'.encode(),
        "main.kdl": LAYOUT.encode(),
        "scripts/spy.py": spy.encode(),
        f"scripts/secret_of_{app}.py": f'WORD = "word-of-{app}"\n'.encode(),
    }


def test_two_apps_that_run_at_once_come_by_nothing_of_each_other(tmp_path: Path) -> None:
    bare, work = make_repository(tmp_path)
    push(work, "first", files("first", "second"))
    push(work, "second", files("second", "first"))
    with ServerProcess(bare, log_path=tmp_path / "log") as server:
        clients = [Client(tmp_path / "base", server.address, app, "spy:run") for app in ("first", "second")]
        try:
            said = [client.line().rsplit(" ", 1) for client in clients]
        finally:
            for client in clients:
                client.end()
    assert [found for found, _ in said] == ["word-of-first []", "word-of-second []"]
    assert [int(pid) for _, pid in said] == [client.process.pid for client in clients]
