"""The home app: what the servers offer, as a table. Its layout ships in ``resources/home``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.tables.contract import Source
from kernel.tables.schema import Column, Schema
from kernel.words import say
from shell.app import AppInfo, Listeners, StateListener
from shell.app_home_table import WaitingTable
from shell.app_local import LocalApp
from shell.server_link import Servers

if TYPE_CHECKING:
    from kernel.code.tree import FileTree
    from layouts.app_brought import Brought

HOME_FOLDER = Path(__file__).parent.parent / "resources" / "home"

#: What stands in the place of a server's name for the databases that were opened before; no server is called so.
_RECENT = "\0recent"

#: The table that the home layout shows.
APPS = Schema(
    name="apps",
    columns=(
        Column("address", label="Address", doc="What `espalier` opens: name@server.", is_key=True),
        Column("name", label="Name"),
        Column("title", label="App"),
        Column("version", label="Version"),
        Column("icon"),
        Column("doc", label="About", type="longtext"),
        Column("server", label="Server"),
        Column("state", label="State", doc="online, offline (the server is away; the cached list is shown)."),
    ),
    key=("address",),
    label=("title",),
    title="Apps",
    is_editable=False,
    read_only_reason="The list comes from the servers",
)


class HomeApp:
    """The apps of all servers; implements :class:`shell.app.OpenedApp`.

    It shows the cached lists at once; :meth:`refresh` asks the servers, each in a thread of its own.
    """

    def __init__(self, servers: Servers) -> None:
        from kernel.tables.memory import MemorySource

        self._files = LocalApp(HOME_FOLDER)
        self.info = AppInfo(name="home", key="home", title=self._files.info.title, icon=self._files.info.icon,
                            doc=self._files.info.doc, entry=self._files.info.entry, sources={"home": {}})  # fmt: skip
        self._servers = servers
        self._states: dict[str, str] = dict.fromkeys(servers.names(), "connecting")
        self._state_listeners = Listeners()
        self._lock = threading.Lock()
        self._is_closed = False
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._source = MemorySource([(APPS, ())])
        #: Set when there are apps to show, or no server is left that may have some.
        self._is_known = threading.Event()
        self._table = WaitingTable(self._source, "apps", self._is_known)
        for server in servers.names():
            self._put(server, servers.delivery(server).cached_apps())
        self._note_known()

    @property
    def state(self) -> str:
        """Online when any server answers, connecting while one may, else offline."""
        states = set(self._states.values())
        return next((state for state in ("online", "connecting") if state in states), "offline")

    def read_file(self, path: str) -> bytes | None:
        """See :meth:`shell.app.OpenedApp.read_file`."""
        return self._files.read_file(path)

    def tree(self) -> FileTree:
        """See :meth:`shell.app.OpenedApp.tree`."""
        return self._files.tree()

    def brought(self) -> Brought:
        """See :meth:`shell.app.OpenedApp.brought`."""
        return self._files.brought()

    def source(self, name: str = "") -> Source:
        """The one source, with the table ``apps``; nobody is told that there are none before the servers were asked."""
        return self._table

    def remembered_table(self, source: str, table: str) -> None:
        """See :meth:`shell.app.OpenedApp.remembered_table`; the list itself is in memory."""

    def on_state(self, listener: StateListener) -> Disposer:
        """See :meth:`shell.app.OpenedApp.on_state`."""
        listener(self.state)
        return self._state_listeners.add(listener)

    def on_release(self, listener: Callable[[], None]) -> Disposer:
        """The home app changes only with Espalier itself."""
        return lambda: None

    def refresh(self) -> None:
        """Ask every server for its apps."""
        for server in self._servers.names():
            threading.Thread(target=self._ask, args=(server,), name=f"apps of {server}", daemon=True).start()

    def take_servers(self) -> None:
        """Another server is known by now: list its apps as well."""
        self._servers.renew()
        for server in self._servers.names():
            if server not in self._states:
                self._states[server] = "connecting"
                threading.Thread(target=self._ask, args=(server,), name=f"apps of {server}", daemon=True).start()

    def show_recent(self, paths: Iterable[str]) -> None:
        """List these databases below the servers' apps, those that are no longer there left out."""
        found = [path for path in map(Path, paths) if path.is_file()]
        rows = [
            {
                "address": str(path),
                "name": path.stem,
                "title": path.stem.replace("_", " ").replace("-", " ").capitalize(),
                "version": None,
                "icon": "database",
                "doc": say("Database {name}", name=_short(path)),
                "server": say("this computer"),
                "state": "recent",
            }
            for path in found
        ]
        with self._lock:
            if not self._is_closed:
                self._show(_RECENT, rows)
                self._note_known()

    def close(self) -> None:
        """Let go of the listeners; threads that still ask are ignored."""
        self._is_closed = True
        self._is_known.set()
        self._state_listeners.clear()
        self._source.close()

    def _ask(self, server: str) -> None:
        delivery = self._servers.delivery(server)
        try:
            apps = delivery.apps()
            state = "online"
        except EspalierError:  # shown as the state "offline" of the server's rows
            apps, state = delivery.cached_apps(), "offline"
        with self._lock:
            if self._is_closed:
                return
            self._states[server] = state
            self._put(server, apps)
            self._note_known()
        self._state_listeners.tell(self.state)

    def _note_known(self) -> None:
        if any(self._rows.values()) or self.state == "offline" or "connecting" not in self._states.values():
            self._is_known.set()

    def _put(self, server: str, apps: Any) -> None:
        """Replace the rows of one server."""
        rows = [
            {
                "address": f"{app.name}@{server}",
                "name": app.name,
                "title": app.title or app.name,
                "version": app.version,
                "icon": app.icon,
                "doc": app.doc,
                "server": server,
                "state": self._states[server],
            }
            for app in apps or ()
        ]
        self._show(server, rows)

    def _show(self, group: str, rows: list[dict[str, Any]]) -> None:
        """Replace the rows of one server, or of the recent databases."""
        from kernel.tables.change import TableChange
        from kernel.tables.memory import MemoryTable

        if self._rows.get(group, []) == rows:
            return
        self._rows[group] = rows
        every = [row for rows_of_server in self._rows.values() for row in rows_of_server]
        with self._source.lock:
            # Nobody edits this table, so it has no commits: its rows are swapped whole.
            self._source.table("apps").rows = MemoryTable(self._source, APPS, every).rows
        self._source.listeners.notify(TableChange("apps", is_everything=True))


def _short(path: Path) -> str:
    """The path with ``~`` for the person's home."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
