"""The apps that are served now, and their releases. A wrong app keeps its last good release.

What was published last is noted (see :mod:`server.note`), so that serials never fall and a bad push does not take an
app away when the server starts anew.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any, Protocol

from kernel.error import EspalierError
from kernel.nearest import did_you_mean
from layouts.grant import ROLES_FILE, RolesError, read_roles, roles_of
from layouts.person_key import people_of
from server.error import NoteError, ServerError, UnknownAppError
from server.log import Log
from server.note import Note, Notes
from server.published import Hashes, Published, publish
from server.repository import Repository


class Signing(Protocol):
    """What makes clients believe the releases of a server."""

    def take(self, releases: Mapping[tuple[str, str], bytes]) -> object:
        """Sign the manifests of (app, channel), durably.

        Raises:
            EspalierError: they cannot be signed; what was signed before stays.
        """


class Catalogue:
    """Releases by app. Reading is safe from any thread; :meth:`update` runs one at a time.

    Args:
        repository: The repository of apps.
        notes: What was published before; read at once.
        log: The server's log.
        signing: Signs releases before they are served.

    Attributes:
        problems: App → why its newest tree is not served.
        roles: Person → roles, of the newest ``roles.toml`` that was right.
        people: Public key → the person who has it, of the same file.

    Raises:
        NoteError: there are notes, and they cannot be read.
    """

    def __init__(
        self, repository: Repository, notes: Notes, log: Log, *, signing: Signing | None = None
    ) -> None:
        self._repository = repository
        self._signing = signing
        self._note_store = notes
        self._log = log
        self._hashes = Hashes(repository)
        self._lock = threading.Lock()
        self._published: dict[str, Published] = {}
        self._refused: dict[str, str] = {}
        self._head: str | None = None
        self.problems: dict[str, str] = {}
        self.roles: dict[str, tuple[str, ...]] = {}
        self.people: dict[str, str] = {}
        self._notes: dict[str, Note] = notes.read()
        self._is_noted = True
        self._is_failure_told = False

    @property
    def published(self) -> dict[str, Published]:
        """App → its release now; a fresh dict after every update, never changed in place."""
        return self._published

    def find(self, app: str) -> Published:
        """The app's release.

        Raises:
            UnknownAppError: there is no such app, or it never had a good release.
        """
        found = self._published.get(app)
        if found is None:
            reason = f": {self.problems[app]}" if app in self.problems else ""
            raise UnknownAppError(f"this server has no app '{app}'{reason}", hint=did_you_mean(app, self._published))
        return found

    def person_with(self, key: str) -> str:
        """Who has a public key; empty when nobody has."""
        return self.people.get(key, "")

    def blob(self, sha256: str) -> str | None:
        """The git object of a file of any served release, or None."""
        return next((p.blobs[sha256] for p in self._published.values() if sha256 in p.blobs), None)

    def read(self, published: Published, path: str) -> bytes:
        """A file of a release.

        Raises:
            ServerError: the release has no such file.
        """
        file = published.manifest.files.get(path)
        if file is None:
            raise ServerError(f"the app '{published.manifest.app}' has no file {path}")
        return self._repository.read(published.blobs[file.sha256])

    def rows(self) -> list[dict[str, Any]]:
        """The table of apps, by title."""
        return sorted(
            (
                {
                    "name": app,
                    "title": published.manifest.title,
                    "version": published.manifest.version,
                    "icon": published.manifest.icon,
                    "doc": published.manifest.doc,
                    "release": published.release.id,
                }
                for app, published in self._published.items()
            ),
            key=lambda row: (row["title"].casefold(), row["name"]),
        )

    def update(self) -> set[str]:
        """Look at the main branch anew; answers the apps that came, went or have another release.

        Notes that cannot be written are logged and written by a later call.

        Raises:
            RepositoryError: git's data cannot be read.
        """
        with self._lock:
            head = self._repository.head()
            if head == self._head:
                self._note()
                return set()
            self._read_roles(head)
            trees = self._repository.apps(head) if head else {}
            settled = {app: note.tree for app, note in self._notes.items()} | self._refused
            touches = self._repository.touches(head, settled) if head else {}
            before, after = self._published, {}
            for app, tree in trees.items():
                made = self._made(app, tree, touches.get(app))
                if made is not None:
                    after[app] = made
            if not self._signed(after):
                return set()
            self.problems = {app: text for app, text in self.problems.items() if app in trees}
            self._refused = {app: tree for app, tree in self._refused.items() if app in trees}
            self._published, self._head, self._is_noted = after, head, False
            self._note()
            return {app for app in before.keys() | after.keys() if before.get(app) != after.get(app)}

    def _signed(self, after: Mapping[str, Published]) -> bool:
        """Have all releases signed; answers whether they may be served."""
        if self._signing is None:
            return True
        try:
            self._signing.take({(app, one.manifest.channel): one.release.manifest for app, one in after.items()})
        except EspalierError as error:
            self._log.error("releases cannot be signed", error=error, hint=error.hint)
            return False
        return True

    def _read_roles(self, head: str) -> None:
        """Take the repository's roles; wrong ones leave those of before."""
        content = self._repository.top_file(head, ROLES_FILE) if head else None
        try:
            values = read_roles(content) if content is not None else {}
            self.roles, self.people = roles_of(values), people_of(values)
        except RolesError as error:
            self._log.error("roles refused", error=error, keeps=len(self.roles))

    def _made(self, app: str, tree: str, touch: tuple[str, int] | None) -> Published | None:
        """The app's release for ``tree``, or the last good one."""
        current = self._published.get(app)
        if self._refused.get(app) == tree or (current is not None and current.tree == tree):
            return current
        commit, count = touch or ("", 1)
        note = self._notes.get(app)
        if note is not None and note.tree == tree:
            commit, serial = note.commit, note.serial
        else:
            serial = max(count, note.serial + 1) if note else count
        try:
            made = publish(self._repository, self._hashes, app, tree, commit, serial)
        except EspalierError as error:
            self._refused[app] = tree
            self.problems[app] = str(error)
            current = current or self._last_good(app, tree)
            keeps = current.manifest.serial if current else "nothing"
            self._log.error("app refused", app=app, error=error, keeps=keeps)
            return current
        self._refused.pop(app, None)
        self.problems.pop(app, None)
        self._notes[app] = Note(tree, commit, serial)
        self._log.info("app published", app=app, serial=serial, commit=commit[:12], files=len(made.manifest.files))
        return made

    def _last_good(self, app: str, tree: str) -> Published | None:
        """The release that was noted before this server started."""
        note = self._notes.get(app)
        if note is None or note.tree == tree:
            return None
        try:
            return publish(self._repository, self._hashes, app, note.tree, note.commit, note.serial)
        except EspalierError as error:
            self._log.error("last good release is gone", app=app, error=error)
            return None

    def _note(self) -> None:
        """Write the notes if that is to be done; what is published is served in any case."""
        if self._is_noted:
            return
        try:
            self._note_store.write(self._notes)
        except NoteError as error:
            if not self._is_failure_told:
                self._log.error("releases cannot be noted", error=error, hint=error.hint)
            self._is_failure_told = True
            return
        self._is_noted, self._is_failure_told = True, False
