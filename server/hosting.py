"""The tables that the server hosts for its apps: opened on first use, one database folder per app.

An app's sources name files inside its own folder only. Commits of any client become events for all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from kernel.disposer import Disposers
from kernel.tables.contract import Source, Table
from kernel.tables.error import SourceError
from kernel.tables.source import open_source
from server.catalogue import Catalogue
from server.log import Log
from server.poll import Poller
from server.tree import name_problem

#: Kinds of sources that an app may have the server open.
SERVED_KINDS = ("sqlite",)
_FILE_ENTRIES = ("schema", "seed")

Publish = Callable[[str, Any], None]


class Hosting:
    """Opens sources and tables by name and feeds their changes to ``publish(topic, body)``.

    Args:
        directory: Holds a folder per app.
        catalogue: Says which sources an app's release has.
        publish: Sends an event to a topic's subscribers; may be called from any thread.
        has_subscribers: Whether anybody hears a topic now.
        log: The server's log.
    """

    def __init__(
        self,
        directory: Path,
        catalogue: Catalogue,
        publish: Publish,
        has_subscribers: Callable[[str], bool],
        log: Log,
    ) -> None:
        self._directory = directory
        self._catalogue = catalogue
        self._publish = publish
        self._log = log
        self._lock = threading.Lock()
        self._opening: dict[tuple[str, str], threading.Lock] = {}
        self._sources: dict[tuple[str, str], Source] = {}
        self._fed: set[str] = set()
        self._disposers = Disposers()
        self._poller = Poller(has_subscribers, log)

    def source(self, app: str, name: str) -> Source:
        """The app's source, opened and created when need be; an empty name means its only one.

        Raises:
            UnknownAppError: no such app.
            SourceError: the release has no such source, or it may not be served.
        """
        manifest = self._catalogue.find(app).manifest
        if not name and len(manifest.sources) == 1:
            name = next(iter(manifest.sources))
        if name not in manifest.sources:
            raise SourceError(f"the app '{app}' has no source '{name}'", hint=", ".join(sorted(manifest.sources)))
        with self._lock:
            opening = self._opening.setdefault((app, name), threading.Lock())
        with opening:  # two clients at once create a database once, and others need not wait for its seed
            found = self._sources.get((app, name))
            if found is None:
                found = self._sources[app, name] = self._open(app, name, dict(manifest.sources[name]))
            return found

    def table(self, app: str, source: str, name: str) -> Table:
        """A table of an app's source; raises as :meth:`source` and UnknownTableError."""
        return self.source(app, source).table(name)

    def feed(self, topic: str) -> None:
        """Publish the changes of the table that ``topic`` names from now on (``table:<app>/<source>/<table>``).

        Raises:
            SourceError, TableError: there is no such table.
        """
        app, _, rest = topic.partition(":")[2].partition("/")
        source, _, name = rest.partition("/")
        opened = self.source(app, source)
        table = opened.table(name)
        with self._lock:
            if topic in self._fed:
                return
            self._fed.add(topic)
        self._disposers.add(table.subscribe(lambda change: self._publish(topic, change)))
        if hasattr(opened, "poll"):
            self._poller.add(topic, opened)

    def close(self) -> None:
        """Close all sources."""
        self._poller.close()
        self._disposers()
        for source in self._sources.values():
            source.close()
        self._sources.clear()

    def _open(self, app: str, name: str, description: dict[str, Any]) -> Source:
        kind = description.get("kind")
        if kind not in SERVED_KINDS:
            raise SourceError(f"the source '{name}' of '{app}' has the kind '{kind}', which a server does not open")
        check_inside(app, name, "path", description.get("path"))
        folder = self._directory / app
        folder.mkdir(parents=True, exist_ok=True)
        database = folder / description["path"]
        if not database.resolve().is_relative_to(folder.resolve()):
            raise SourceError(f"the source '{name}' of '{app}' lies outside of the app's folder")
        is_new = not database.exists()
        published = self._catalogue.find(app)
        for entry in _FILE_ENTRIES:
            if description.get(entry):
                check_inside(app, name, entry, description[entry])
        source = open_source(description, folder, read_file=lambda path: self._catalogue.read(published, path))
        self._log.info("source created" if is_new else "source opened", app=app, source=name, path=database)
        return source


def check_inside(app: str, source: str, entry: str, path: Any) -> None:
    """Refuse a path that is absolute, or leaves its folder.

    Raises:
        SourceError: says which entry of which source.
    """
    parts = path.split("/") if isinstance(path, str) else [""]
    if any(name_problem(part) for part in parts) or PurePosixPath(path).is_absolute():
        raise SourceError(
            f"the source '{source}' of '{app}' names the {entry} {path!r}, which may not be served",
            hint="name a file inside the app's own folder, like desk.sqlite",
        )
