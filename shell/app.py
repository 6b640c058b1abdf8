"""An opened app, wherever it comes from: a folder, a release of a server, or the shell itself (home).

The window and the agents know apps only through :class:`OpenedApp`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.tables.contract import Source

if TYPE_CHECKING:
    from kernel.code.tree import FileTree
    from layouts.app_brought import Brought

#: States of an app and what they mean.
STATES: dict[str, str] = {
    "local": "a folder or file of this machine; there is no server to lose",
    "connecting": "the server is being asked; what is shown is the last good version",
    "online": "the server answers",
    "offline": "the server does not answer; what is shown is the last good version",
}

#: The boot queue of an app that names none of its own.
DEFAULT_ENTRY: tuple[str, ...] = ("layout", "main.kdl", "window")


class OpenError(EspalierError):
    """Something cannot be opened: no app, no database, not there, not readable."""


class NotHereError(OpenError):
    """Nothing of the app is in the cache, and its server was not to be asked."""


class AppInfo(NamedTuple):
    """What is known of an app before anything of it is shown.

    Attributes:
        name: Its name in the app's own app.toml.
        key: What its remembered state goes by; tells apps of one name from several places apart.
        title, version, icon, doc: For people.
        entry: The boot queue.
        sources: Source name → its description in app.toml.
        server: The server's name or address; empty for local apps.
    """

    name: str
    key: str
    title: str
    version: str = ""
    icon: str = ""
    doc: str = ""
    entry: tuple[Any, ...] = DEFAULT_ENTRY
    sources: dict[str, Any] = {}
    server: str = ""


StateListener = Callable[[str], None]


class OpenedApp(Protocol):
    """An app whose files and tables can be used. Listeners may be called from any thread."""

    info: AppInfo

    @property
    def state(self) -> str:
        """One of :data:`STATES`."""

    def read_file(self, path: str) -> bytes | None:
        """The bytes of a file of the app by its path with forward slashes, verified; None when it has none."""

    def tree(self) -> FileTree:
        """The files as they are now: what is read of it later is still of this version."""

    def brought(self) -> Brought:
        """The wheels and native libraries of :meth:`tree`, as a manifest describes them.

        Raises:
            EspalierError: they cannot be used.
        """

    def source(self, name: str = "") -> Source:
        """The tables of a source; the same object each time. Empty = the app's only source.

        Raises:
            OpenError: the app has no such source.
            SourceError: it cannot be opened.
        """

    def remembered_table(self, source: str, table: str) -> Any:
        """A table whose schema is known from last time, opened without network; None when there is none such."""

    def on_state(self, listener: StateListener) -> Disposer:
        """Call the listener now and whenever :attr:`state` changes."""

    def on_release(self, listener: Callable[[], None]) -> Disposer:
        """Call the listener when :meth:`read_file` answers from a newer version than before."""

    def refresh(self) -> None:
        """Ask for a newer version, in the background; called after the first paint. Failures end in a state."""

    def close(self) -> None:
        """Let go of sources, connections and listeners."""


class Sources:
    """The opened sources of one app, each opened on first use, from any thread.

    Args:
        descriptions: Source name → description, to know the names.
        open_source: Opens one by name.
    """

    def __init__(self, descriptions: dict[str, Any], open_source: Callable[[str], Source]) -> None:
        self._descriptions = descriptions
        self._open = open_source
        self._opened: dict[str, Source] = {}
        self._lock = threading.Lock()

    def get(self, name: str = "") -> Source:
        """See :meth:`OpenedApp.source`."""
        if not name:
            name = self._only()
        if name not in self._descriptions:
            from kernel.nearest import did_you_mean

            raise OpenError(f"the app has no source {name}", hint=did_you_mean(name, self._descriptions))
        with self._lock:
            if name not in self._opened:
                self._opened[name] = self._open(name)
            return self._opened[name]

    def close(self) -> None:
        """Close those that were opened."""
        with self._lock:
            while self._opened:
                self._opened.popitem()[1].close()

    def _only(self) -> str:
        if len(self._descriptions) == 1:
            return next(iter(self._descriptions))
        if not self._descriptions:
            raise OpenError("the app has no source of tables", hint="declare one in app.toml: [sources.NAME]")
        names = ", ".join(self._descriptions)
        raise OpenError(f"the app has several sources ({names})", hint="write source/table")


class Listeners:
    """Callables that are told a value, from whichever thread."""

    def __init__(self) -> None:
        self._all: list[Callable[..., None]] = []

    def add(self, listener: Callable[..., None]) -> Disposer:
        """Keep the listener; the disposer lets it go."""
        self._all.append(listener)
        return lambda: self._all.remove(listener) if listener in self._all else None

    def tell(self, *values: Any) -> None:
        """Call all of them."""
        for listener in list(self._all):
            listener(*values)

    def __bool__(self) -> bool:
        return bool(self._all)

    def clear(self) -> None:
        """Let all of them go."""
        self._all.clear()
