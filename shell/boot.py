"""From a name to a running app: the boot table, the queue, the agents, the loop."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kernel.boot.boot import Boot
from kernel.boot.queue import Queue
from kernel.boot.table import check_boot_table
from kernel.quick_record import quick_records
from kernel.shipped import read_shipped
from shell.app_agents import importer
from shell.later import later
from shell.qt_ahead import load_ahead
from shell.session import Given, Session

TABLE_PATH = Path(__file__).parent.parent / "resources" / "boot.toml"


def boot_queue(name: str, session: Session) -> tuple[Any, ...]:
    """The queue of a name: the person's own table, the built-in one, else the app of that name is opened."""
    own = session.config.boot.get(name)
    if own:
        return own
    table = check_boot_table(read_shipped(TABLE_PATH).get("boot"), TABLE_PATH.name)
    return table.get(name) or (*table["app"], name)


def boot(
    name: str, given: Given, *, may_block: bool = True, is_program: bool = False, is_single: bool = False
) -> Session:
    """Boot a name; windows are shown, the loop has not begun.

    Args:
        name: Of the boot table, of an app, or a path.
        given: What the command line said.
        may_block: Whether it may wait for a server; else a window waits.
        is_program: Whether signals close its windows.
        is_single: Whether an app that another process shows is not opened again.

    Raises:
        OpenElsewhereError: another process shows it.
        EspalierError: it cannot be opened.
    """
    session = Session(given, may_block=may_block, is_program=is_program, is_single=is_single)
    session.name = _absolute(name)
    continue_boot(boot_queue(name, session), session)
    return session


def _absolute(name: str) -> str:
    """What opens the same from another directory."""
    from shell.target import is_address, is_path

    return os.path.abspath(os.path.expanduser(name)) if is_path(name) and not is_address(name) else name


def continue_boot(items: Iterable[Any], session: Session) -> None:
    """Run these agents for a session; raises as :func:`boot`."""
    Boot({}, importer(session)).run_queue(Queue(items, session=session))


def run(name: str, given: Given) -> int:
    """Boot a name and run until its windows are closed; answers the exit code.

    The window of an app that is open already comes to the front instead.
    """
    if given.is_debug:
        from shell.ready.way import taken

        print(f"espalier: start: {taken().text}", file=sys.stderr)
    # A start makes objects that stay: to look through them for garbage takes several ms of it. See shell/garbage.py.
    gc.disable()
    _import_records()
    load_ahead()
    with quick_records():
        session = _booted(name, given)
    if session is None:
        return 0
    try:
        return session.loop() if session.loop is not None else 0
    finally:
        session.close()


def _booted(name: str, given: Given) -> Session | None:
    """The session of a program; None when another process has brought its window of the app to the front."""
    from shell.single import OpenElsewhereError, bring_forward

    while True:
        try:
            return boot(name, given, is_program=True, is_single=True)
        except OpenElsewhereError as open_already:
            if bring_forward(open_already.place):
                from shell.version_choice import folder_of
                from shell.version_trial import take_back

                take_back(folder_of(sys.argv))
                print(f"{open_already.name} is open already; its window is in front")
                return None


def _import_records() -> None:
    """Import msgspec without typing_extensions and platform, which are several ms of a start.

    NOTE: it asks there first for two names that Python's own typing has had since 3.11, and takes them from there when
    the package is missing, as it is wherever the developers' tools are not installed. Of platform the name of the
    system is wanted (by ``uuid``), and not the five patterns that it compiles.
    """
    system = SimpleNamespace(system=_system_name)
    with _instead_of("typing_extensions", None), _instead_of("platform", system), later("textwrap", "msgspec.inspect"):
        import msgspec  # noqa: F401


def _system_name() -> str:
    return os.uname().sysname


@contextmanager
def _instead_of(name: str, module: Any) -> Iterator[None]:
    """Within the block, importing a module that is not imported yet gets this; None: that there is none."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module
    try:
        yield
    finally:
        del sys.modules[name]
