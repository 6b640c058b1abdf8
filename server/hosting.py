"""The tables that the server hosts for its apps: opened on first use, one database folder per app.

An app's sources name files inside its own folder only. Commits of any client become events for all of them.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from kernel.delivery.path import check_path
from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.tables.change import Committed, Part
from kernel.tables.contract import Source, Table
from kernel.tables.error import ForbiddenError, SourceError, TableError, UnknownColumnError
from kernel.tables.remote_commit import new_id
from kernel.tables.source import open_source
from layouts.grant import Grant
from server.audit import AUDIT, AUDIT_APP, AUDIT_GRANTS, Audit
from server.catalogue import Catalogue
from server.channel import Channel, Channels, channel_for
from server.commit_record import CommitRecord, refusal
from server.granted import GrantedSource
from server.hosted_commit import HostedCommit
from server.identity import Person
from server.log import Log
from server.poll import Poller
from server.seal import Seal, read_secret
from server.sight import Sight, sight_of

#: Kinds of sources that an app may have the server open.
SERVED_KINDS = ("sqlite", "postgres")
_FILE_ENTRIES = ("schema", "seed")

#: ``publish(channel, body, topic)`` and ``later(seconds, callback)``, both from any thread.
Publish = Callable[[str, Any, str], None]
Later = Callable[[float, Callable[[], None]], None]


class Hosting:
    """Opens sources and tables by name and feeds their changes to ``publish(topic, body)``.

    Args:
        directory: Holds a folder per app.
        catalogue: Says which sources an app's release has.
        publish: Sends an event to a channel's subscribers; may be called from any thread.
        has_subscribers: Whether anybody hears a channel now.
        log: The server's log.
        audit: Learns of every commit.
        later: Calls back after some seconds.
    """

    def __init__(
        self,
        directory: Path,
        catalogue: Catalogue,
        publish: Publish,
        has_subscribers: Callable[[str], bool],
        log: Log,
        audit: Audit,
        later: Later,
    ) -> None:
        self._directory = directory
        self._catalogue = catalogue
        self.channels = Channels(publish, has_subscribers, later)
        self.audit = audit
        self._log = log
        self._lock = threading.Lock()
        self._opening: dict[tuple[str, str], threading.Lock] = {}
        self._sources: dict[tuple[str, str], Source] = {}
        self._descriptions: dict[tuple[str, str], dict[str, Any]] = {}
        self._fed: dict[str, Disposer] = {}
        self._poller = Poller(self.channels.is_heard, log)
        self._secret = b""

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

    def source_for(self, app: str, name: str, person: Person) -> Source:
        """The app's source as a person may use it; raises as :meth:`source`."""
        if (app, name) == (AUDIT_APP, AUDIT) and app not in self._catalogue.published:
            opened, grants = self.audit.source(), AUDIT_GRANTS
        else:
            opened, grants = self.source(app, name), self._grants(app)
        if not grants:
            return opened
        person = person._replace(name=self._catalogue.policy.name_of(person))
        roles = self._catalogue.roles.get(person.name, ())
        place = self.full_name(app, name)

        def sight(table: str) -> Sight:
            return sight_of(grants, person, roles, place, table)

        return GrantedSource(opened, sight, self._seal(f"{app}/{place}"))

    def _seal(self, place: str) -> Seal:
        with self._lock:
            self._secret = self._secret or read_secret(self._directory)
        return Seal(self._secret, place)

    def table_for(self, app: str, source: str, name: str, person: Person) -> Table:
        """A table as a person may use it; raises as :meth:`source`, UnknownTableError and ForbiddenError."""
        return self.source_for(app, source, person).table(name)

    def commit(self, app: str, name: str, parts: Sequence[Part], id: str, person: Person) -> tuple[Committed, ...]:
        """Write for a person; see :meth:`kernel.tables.contract.Source.commit`. The audit learns of it.

        Raises:
            TableError: as there; a refusal for want of a grant stands in the audit.
        """
        begun = self.begin(app, name, parts, id, person)
        asked = begun.asked
        return begun.ended(lambda: begun.source.commit(asked.parts, id=asked.id, check=asked.check))

    def begin(self, app: str, name: str, parts: Sequence[Part], id: str, person: Person) -> HostedCommit:
        """A person's commit, to be written to the source that it names; raises as :meth:`commit`."""
        mine = self.source_for(app, name, person)
        opened = mine.source if isinstance(mine, GrantedSource) else mine
        place = app, self.full_name(app, name)
        tables = {part.table for part in parts}
        channels = {table: self.channels.filtered(*self._topics(place, table)) for table in tables}
        record = CommitRecord(opened, place, person, parts, channels, self.channels.note, self.channels.forget)
        refuse = partial(self._note_refusal, place, person, parts)
        return HostedCommit(mine, parts, id or new_id(), record, self.audit, refuse)

    @contextlib.contextmanager
    def asking(self, app: str, name: str, person: Person, table: str) -> Iterator[None]:
        """A question about a table: when it is not granted, that stands in the audit."""
        try:
            yield
        except (ForbiddenError, UnknownColumnError) as error:
            self._note_refusal((app, self.full_name(app, name)), person, [Part(table, ())], error, new_id())
            raise

    def turn(self, app: str, name: str) -> tuple[str, str] | None:
        """App and full name of a source that writes commits of several people at once; None for all others."""
        published = self._catalogue.published.get(app)
        sources = published.manifest.sources if published is not None else {}
        name = name or (next(iter(sources)) if len(sources) == 1 else "")
        return (app, name) if sources.get(name, {}).get("kind") == "sqlite" else None

    def _note_refusal(
        self, place: tuple[str, str], person: Person, parts: Sequence[Part], error: TableError, id: str
    ) -> None:
        """Put it into the audit, and tell somebody whose name does not count what makes it count."""
        if reason := _refused(error):
            self.audit.add(id, refusal(place, person, parts, reason))
        if isinstance(error, ForbiddenError):
            error.hint = error.hint or self._catalogue.policy.proof_hint(person)

    def feed(self, topic: str, person: Person) -> Channel:
        """Publish the changes of the table that ``topic`` names from now on (``table:<app>/<source>/<table>``).

        Answers the channel that the person hears.

        Raises:
            SourceError, TableError: there is no such table, or the person may not read it.
        """
        app, source, name = _parts_of(topic)
        with self.asking(app, source, person, name):
            mine = self.source_for(app, source, person)
            view = mine.view(name) if isinstance(mine, GrantedSource) else None
        channel = channel_for(topic, view)
        self.channels.add(channel)
        self._feed(topic)
        return channel

    def _feed(self, topic: str) -> None:
        app, source, name = _parts_of(topic)
        opened = self.source(app, source)
        table = opened.table(name)
        with self._lock:
            if topic in self._fed:
                return
            self._fed[topic] = table.subscribe(lambda change: self.channels.tell(topic, change))
        if hasattr(opened, "poll"):
            self._poller.add(topic, opened)

    def _grants(self, app: str) -> tuple[Grant, ...]:
        return self._catalogue.find(app).grants

    def full_name(self, app: str, name: str) -> str:
        """A source's name, also where the only one was left out."""
        return name or next(iter(self._catalogue.find(app).manifest.sources))

    def _topics(self, place: tuple[str, str], table: str) -> tuple[str, str]:
        """Both ways to call a table's topic."""
        return f"table:{place[0]}/{place[1]}/{table}", f"table:{place[0]}//{table}"

    def close(self) -> None:
        """Close all sources."""
        self._poller.close()
        self.audit.close()
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
        if self.channels.is_heard(topic):
            try:
                self._feed(topic)
            except EspalierError as error:
                self._log.warning("a table is gone", topic=topic, error=error)
        self.channels.tell(topic, None)

    def _check_schema(self, app: str, name: str, description: Mapping[str, Any]) -> None:
        """Say in the log how an existing database differs from the schema of the release."""
        if description.get("kind") != "sqlite" or not description.get("schema"):
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
        if kind == "postgres":
            return self._open_database(app, name, description)
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
        if is_new and kind == "sqlite":
            _write_ahead(database)
            source.poll()  # type: ignore[attr-defined]  # that was no other program
        self._descriptions[app, name] = description
        self._log.info("source created" if is_new else "source opened", app=app, source=name, path=database)
        if not is_new:
            self._check_schema(app, name, description)
        self.audit.follow(source)  # what a killed server left
        return source

    def _open_database(self, app: str, name: str, description: dict[str, Any]) -> Source:
        """A database of another server. An app names a connection only; where that leads, the server's file says."""
        from kernel.tables.postgres.opening import open_described
        from server.database_access import find_access

        access = find_access(self._directory, app, name, description.get("connection"))
        source = open_described(description, address=access.address, password=access.password)
        self._descriptions[app, name] = description
        self._log.info("source opened", app=app, source=name, connection=description["connection"])
        return source


def _refused(error: TableError) -> str:
    """Why somebody was refused, for the audit; empty when no grant had a say in it."""
    if isinstance(error, UnknownColumnError):
        return f"{error.message} for this person" if error.is_hidden else ""
    return error.message


def _write_ahead(database: Path) -> None:
    """Let a new database have a write-ahead log: a commit waits for the disk once instead of four times."""
    connection = sqlite3.connect(database)
    try:
        connection.execute("PRAGMA journal_mode = wal")
    finally:
        connection.close()


def _parts_of(topic: str) -> tuple[str, str, str]:
    """App, source and table of a topic."""
    app, _, rest = topic.partition(":")[2].partition("/")
    source, _, name = rest.partition("/")
    return app, source, name


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
