"""The tables that the server hosts for its apps: opened on first use, one database folder per app.

An app's sources name files inside its own folder only. Commits of any client become events for all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kernel.delivery.path import check_path
from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.tables.contract import Source, Table
from kernel.tables.error import SourceError
from kernel.tables.source import open_source
from server.catalogue import Catalogue
from server.log import Log
from server.poll import Poller

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
        self._has_subscribers = has_subscribers
        self._log = log
        self._lock = threading.Lock()
        self._opening: dict[tuple[str, str], threading.Lock] = {}
        self._sources: dict[tuple[str, str], Source] = {}
        self._descriptions: dict[tuple[str, str], dict[str, Any]] = {}
        self._fed: dict[str, Disposer] = {}
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
            self._fed[topic] = table.subscribe(lambda change: self._publish(topic, change))
        if hasattr(opened, "poll"):
            self._poller.add(topic, opened)

    def close(self) -> None:
        """Close all sources."""
        self._poller.close()
        for source in self._sources.values():
            source.close()
        self._sources.clear()

    def take_release(self, app: str) -> None:
        """A newer release of the app is served: sources that it describes otherwise are opened anew.

        Databases that exist stay as they are; where the release's schema is another one the log says so.
        """
        for key in [key for key in list(self._sources) if key[0] == app]:
            published = self._catalogue.published.get(app)
            description = published.manifest.sources.get(key[1]) if published is not None else None
            if description is not None and dict(description) == self._descriptions[key]:
                self._check_schema(app, key[1], description)
                continue
            with self._opening[key]:
                source = self._sources.pop(key)
                topics = self._stop_feeding(f"table:{app}/{key[1]}/", f"table:{app}//")
                source.close()
            self._log.info("source closed", app=app, source=key[1], reason="the release describes it otherwise")
            for topic in topics:
                self._feed_again(topic)

    def _stop_feeding(self, *starts: str) -> list[str]:
        with self._lock:
            topics = [topic for topic in self._fed if topic.startswith(starts)]
            for topic in topics:
                self._poller.remove(topic)
                self._fed.pop(topic)()
        return topics

    def _feed_again(self, topic: str) -> None:
        """Feed those who still listen from the source as it is now, and have them fetch again."""
        if self._has_subscribers(topic):
            try:
                self.feed(topic)
            except EspalierError as error:
                self._log.warning("a table is gone", topic=topic, error=error)
        self._publish(topic, None)

    def _check_schema(self, app: str, name: str, description: Mapping[str, Any]) -> None:
        """Say in the log how an existing database differs from the schema of the release."""
        if not description.get("schema"):
            return
        from kernel.tables.sqlite.drift import differences

        database = self._directory / app / description["path"]
        try:
            text = self._catalogue.read(self._catalogue.find(app), description["schema"]).decode()
            found = differences(database, [text])
        except (EspalierError, UnicodeDecodeError) as error:
            self._log.warning("schema cannot be compared", app=app, source=name, path=database, error=error)
            return
        if found:
            self._log.warning(
                "database differs from the schema of the release",
                app=app, source=name, path=database, differences=found,
                hint="an existing database stays as it is; change it by hand, or name another path in app.toml",
            )  # fmt: skip

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
        self._descriptions[app, name] = description
        self._log.info("source created" if is_new else "source opened", app=app, source=name, path=database)
        if not is_new:
            self._check_schema(app, name, description)
        return source


def check_inside(app: str, source: str, entry: str, path: Any) -> None:
    """Refuse a path that is absolute, or leaves its folder.

    Raises:
        SourceError: says which entry of which source.
    """
    if not isinstance(path, str) or check_path(path):
        raise SourceError(
            f"the source '{source}' of '{app}' names the {entry} {path!r}, which may not be served",
            hint="name a file inside the app's own folder, like desk.sqlite",
        )
