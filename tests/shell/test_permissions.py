"""Scripts are refused connections and programs that their app does not ask for; nobody else is."""

from __future__ import annotations

import socket
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

import kernel.error
from kernel.code.tree import memory_tree
from shell.scripts import ScriptError, Scripts

CODE = b"""import os, socket, subprocess, sys, threading, urllib.request

def connect(app):
    socket.create_connection(app, 5).close()

def read(app):
    return urllib.request.urlopen("http://%s:%d/" % app, timeout=5)

def local(app):
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(app)

def start(app):
    return subprocess.run([sys.executable, "-c", "print(5)"], capture_output=True).stdout

def shell(app):
    return os.system("true")

def aside(app):
    failed = []
    def act():
        try:
            connect(app)
        except Exception as error:
            failed.append(error)
    one = threading.Thread(target=act)
    one.start()
    one.join()
    return failed

def ask(app):
    return app()
"""


def scripts(*permissions: str, app: str = "desk") -> Scripts:
    return Scripts(app, memory_tree({"scripts/work.py": CODE}), permissions=permissions)


@pytest.fixture
def server() -> Any:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()


CALLS = [("connect", "net"), ("read", "net"), ("start", "run"), ("shell", "run")]


@pytest.mark.parametrize(("name", "permission"), CALLS)
def test_what_is_not_asked_for_is_refused(server: Any, name: str, permission: str) -> None:
    with pytest.raises(ScriptError) as caught:
        scripts().call(f"work:{name}", server)
    assert f'the app desk does not ask for the permission {permission}' in caught.value.message
    assert f'permissions = ["{permission}"]' in caught.value.message
    assert caught.value.where.file == "desk/scripts/work.py" and caught.value.where.line > 2


def test_what_is_asked_for_is_done(server: Any) -> None:
    scripts("net").call("work:connect", server)
    assert scripts("run").call("work:start", None).strip() == b"5"
    with pytest.raises(ScriptError, match="permission run"):
        scripts("net").call("work:start", None)


def test_threads_of_a_script_are_held_too(server: Any) -> None:
    (error,) = scripts().call("work:aside", server)
    assert isinstance(error, PermissionError)


def test_sockets_of_this_machine_lead_to_no_other(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        scripts().call("work:local", str(tmp_path / "s"))


def test_apps_of_folders_are_their_persons_own(server: Any) -> None:
    Scripts("desk", memory_tree({"scripts/work.py": CODE})).call("work:connect", server)


def test_what_espalier_does_for_a_script_is_not_the_scripts(server: Any) -> None:
    held = scripts()  # from now on somebody listens
    code = compile("socket.create_connection(place, 5).close()", kernel.error.__file__, "exec")
    held.call("work:ask", types.FunctionType(code, {"socket": socket, "place": server}))
    with pytest.raises(ScriptError, match="permission net"):
        held.call("work:ask", lambda: socket.create_connection(server, 5).close())
    socket.create_connection(server, 5).close()
    assert subprocess.run([sys.executable, "-c", ""], check=True).returncode == 0
