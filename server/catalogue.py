"""The apps that are served now, and their releases. A wrong app keeps its last good release.

An app has a release on each channel that has content for it: stable is ``apps/<app>`` of the main branch, another one
``channels/<channel>/<app>``. What was published last is noted (see :mod:`server.note`), so that serials never fall and
a bad push does not take an app away when the server starts anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from kernel.error import EspalierError
from kernel.nearest import did_you_mean
from layouts.app_needs import MINE, NEXT, OWN, STABLE
from server.error import NoteError, ServerError, UnknownAppError
from server.identity import Person
from server.log import Log
from server.note import Note, Notes, Served
from server.published import Published
from server.publishing.fitness import Fitness
from server.publishing.making import Making, News, WhoDid
from server.publishing.policy import Policy
from server.repository import Repository
from server.shared import parts_of

#: What the app has that is Espalier itself: it is updated from, and not opened.
PROGRAM_FILE = "program/shell/main.py"


class Signing(Protocol):
    """What makes clients believe the releases of a server."""

    def take(self, releases: Mapping[tuple[str, str], bytes]) -> dict[tuple[str, str], str]:
        """Sign the manifests of (app, channel), durably; answers what waits for somebody else's signature, and why.

        Raises:
            EspalierError: they cannot be signed; what was signed before stays.
        """


class Catalogue:
    """Releases by app. Reading is safe from any thread; :meth:`update` runs one at a time.

    Args:
        repository: The repository of apps.
        notes: What was published before; read at once.
        log: The server's log.
        fitness: Says whether a tree may be released; made here when left out.
        signing: Signs releases before they are served.
        who_did: Knows who published a commit.

    Attributes:
        hashes: Of the files of releases.
        problems: App → why its newest tree is not served.
        policy: Who may publish what, and who gets a staged roll-out.
        on_made: Called with the former release of an app and channel and the next one, before that is served.

    Raises:
        NoteError: there are notes, and they cannot be read.
    """

    def __init__(
        self,
        repository: Repository,
        notes: Notes,
        log: Log,
        *,
        fitness: Fitness | None = None,
        signing: Signing | None = None,
        who_did: WhoDid = lambda commit: None,
    ) -> None:
        self._repository = repository
        self._note_store = notes
        self._log = log
        self.fitness = fitness or Fitness(repository, notes.directory)
        self._signing = signing
        self._lock = threading.Lock()
        self._served: dict[str, dict[str, Published]] = {}
        self._published: dict[str, Published] = {}
        self._head: str | None = None
        self.problems: dict[str, str] = {}
        self.policy = Policy()
        self.on_made: Callable[[Published, Published], None] = lambda former, made: None
        self._notes: dict[str, Note] = notes.read()
        self._making = Making(repository, self._notes, log, self.fitness, who_did)
        self.hashes = self._making.hashes
        self._is_noted = True
        self._is_failure_told = False

    @property
    def published(self) -> dict[str, Published]:
        """App → its release now, the stable one if any; a fresh dict after every update, never changed in place."""
        return self._published

    @property
    def roles(self) -> dict[str, tuple[str, ...]]:
        """Person → roles."""
        return self.policy.rights.roles

    @property
    def people(self) -> dict[str, str]:
        """Public key → the person who has it."""
        return self.policy.people

    def person_with(self, key: str) -> str:
        """Who has a public key; empty when nobody has."""
        return self.people.get(key, "")

    def find(self, app: str) -> Published:
        """The app's release, the stable one where there is one.

        Raises:
            UnknownAppError: there is no such app, or it never had a good release.
        """
        found = self._published.get(app)
        if found is None:
            reason = f": {self.problems[app]}" if app in self.problems else ""
            hint = did_you_mean(app, self._published) or "espalier apps lists them"
            raise UnknownAppError(f"this server has no app '{app}'{reason}", hint=hint)
        return found

    def channels(self, app: str) -> dict[str, Published]:
        """Channel → release of an app; empty when there is no such app."""
        return self._served.get(app, {})

    def offer(self, app: str, channel: str, person: Person) -> Published:
        """The release that a person gets who asks for a channel: that one, else the stable one.

        Args:
            app: The app's name.
            channel: The channel; ``mine`` is the person's own. Those of others are not given out.
            person: Who asks: a name that is only claimed says whether a staged roll-out is for them, and no more.

        Raises:
            UnknownAppError: there is no such app, or none for this channel.
        """
        self.find(app)
        channels = self.channels(app)
        own = OWN + self.policy.name_of(person)
        if channel in (MINE, own) and own in channels:
            return channels[own]
        if channel in channels and channel not in (STABLE, NEXT) and not channel.startswith(OWN):
            return channels[channel]
        if NEXT in channels and self.policy.is_next(app, person.name):
            return channels[NEXT]
        if STABLE not in channels:
            others = ", ".join(sorted(name for name in channels if name != NEXT and not name.startswith(OWN)))
            hint = f"it is on {others}; choose with updates.channel" if others else ""
            raise UnknownAppError(f"the app '{app}' has no release on the channel {channel or STABLE}", hint=hint)
        return channels[STABLE]

    def check_version(self, app: str, channel: str, mark: str) -> None:
        """Refuse content whose version was published with another content.

        Raises:
            PublishError: it was.
        """
        note = self._notes.get(app)
        self._making.versioned(app, channel, Served(mark, "", note.serial + 1 if note else 1), note)

    @property
    def notes(self) -> Mapping[str, Note]:
        """App → what was published of it; not to be changed."""
        return self._notes

    def note_of(self, app: str) -> Note | None:
        """What was published of an app."""
        return self._notes.get(app)

    def blob(self, sha256: str) -> str | None:
        """The git object of a file of any served release, or None."""
        served = (one for channels in self._served.values() for one in channels.values())
        return next((one.blobs[sha256] for one in served if sha256 in one.blobs), None)

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
                if published.manifest.channel != NEXT and not published.manifest.channel.startswith(OWN)
                and PROGRAM_FILE not in published.manifest.files
            ),
            key=lambda row: (row["title"].casefold(), row["name"]),
        )

    def update(self) -> set[str]:
        """Look at the main branch anew; answers the apps that came, went or have another release on some channel.

        Notes that cannot be written are logged and written by a later call.

        Raises:
            RepositoryError: git's data cannot be read.
        """
        with self._lock:
            head = self._repository.head()
            if head == self._head:
                self._note()
                return set()
            parts = self.policy.parts
            lessened = self.policy.read(self._repository, head, self._log)
            wanted = self._repository.releases(head) if head else {}
            stable = {app: note.tree for app, note in self._notes.items()}
            settled = stable | {app: mark for (app, channel), mark in self._making.refused.items() if channel == STABLE}
            touches = self._repository.touches(head, settled) if head else {}
            before, after = self._served, {}
            self._making.begin()
            for app, marks in wanted.items():
                made = self._making.made_all(app, marks, head, touches.get(app), app in lessened)
                if made:
                    after[app] = made
            self._withdraw(before, after, head)
            self._tell_parts(parts, before, after, head)
            if not self._signed(before, after):
                self._making.undo()  # what nobody can prove was not released
                return self._as_noted()
            self._forget({(app, channel) for app, marks in wanted.items() for channel in marks})
            self._announce(before, after)
            self._served = self._making.served = after
            self._head, self._is_noted = head, False
            self._published = {app: channels.get(STABLE) or _first(channels) for app, channels in after.items()}
            self._note()
            return {app for app in before.keys() | after.keys() if before.get(app) != after.get(app)}

    def _announce(self, before: Mapping[str, Any], after: Mapping[str, dict[str, Published]]) -> None:
        for app, channels in after.items():
            for channel, made in channels.items():
                former = before.get(app, {}).get(channel)
                if former is not None and former.release.id != made.release.id:
                    self.on_made(former, made)

    def _as_noted(self) -> set[str]:
        """Serve at a start what was served before, while nothing newer can be signed; answers its apps."""
        if self._served:
            return set()
        for app, note in self._notes.items():
            found = {channel: self._making.last_good(app, channel, one) for channel, one in note.served().items()}
            if made := {channel: one for channel, one in found.items() if one is not None}:
                self._served[app] = made
        self._making.served = self._served
        self._published = {app: channels.get(STABLE) or _first(channels) for app, channels in self._served.items()}
        return set(self._served)

    def take_news(self) -> list[News]:
        """What happened since the last call, the newest last."""
        with self._lock:
            news, self._making.news = self._making.news, []
            return news

    def _forget(self, there: set[tuple[str, str]]) -> None:
        """Problems of what is not there any more are none."""
        self._making.refused = {key: mark for key, mark in self._making.refused.items() if key in there}
        self._making.wrong = {key: text for key, text in self._making.wrong.items() if key in there}
        self.problems = {app: text for (app, _), text in sorted(self._making.wrong.items(), reverse=True)}

    def _withdraw(self, before: Mapping[str, Any], after: Mapping[str, Any], head: str) -> None:
        """Tell what is not served any more. The notes of it stay, but of a roll-out, which never comes back."""
        for app, channels in before.items():
            for channel in channels.keys() - after.get(app, {}).keys():
                self._making.tell(app, "withdrawn", channel, head)
                note = self._notes.get(app)
                if note is not None and channel == NEXT:
                    note.channels = {name: one for name, one in note.channels.items() if name != NEXT}

    def _tell_parts(
        self, parts: Mapping[str, float], before: Mapping[str, Any], after: Mapping[str, Any], head: str
    ) -> None:
        """Tell how much of everybody gets a staged roll-out: with its release, or when that part is another one."""
        for news in self._making.news:
            if news.entry.channel == NEXT and news.entry.action == "released" and not news.entry.percent:
                news.entry.percent = self.policy.parts.get(news.app, 0.0)
        for app, channels in before.items():
            staged, part = channels.get(NEXT), self.policy.parts.get(app, 0.0)
            if staged is not None and staged is after.get(app, {}).get(NEXT) and part != parts.get(app, 0.0):
                self._making.tell(app, "rolled out", NEXT, head, serial=staged.manifest.serial, percent=part,
                                  version=staged.manifest.version, release=staged.release.id)  # fmt: skip

    def _signed(self, before: Mapping[str, Any], after: dict[str, dict[str, Published]]) -> bool:
        """Have all releases signed that changed; answers whether they may be served."""
        if self._signing is None:
            return True
        manifests = {(app, channel): one.release.manifest for app, all in after.items() for channel, one in all.items()}
        old = {(app, channel): one.release.manifest for app, all in before.items() for channel, one in all.items()}
        if manifests == old:
            return True
        try:
            waiting = self._signing.take(manifests)
        except EspalierError as error:
            self._log.error("releases cannot be signed", error=error, hint=error.hint)
            return False
        for (app, channel), reason in waiting.items():
            self._making.wrong[app, channel] = reason
            self._log.info("app waits for a signature", app=app, channel=channel, reason=reason)
            former = before.get(app, {}).get(channel)
            if former is not None:
                after[app][channel] = former
            else:
                after.get(app, {}).pop(channel, None)
        return True

    def look_anew(self) -> None:
        """Let the next update look at everything again: somebody has signed what waited."""
        with self._lock:
            self._head = None

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
        self._keep()

    def _keep(self) -> None:
        """Keep from git's clean-up what is served and what may be gone back to."""
        places = {}
        for app, note in self._notes.items():
            marks = {one.tree for one in note.served().values()}
            marks |= {entry.tree for entry in note.log if entry.action == "released"}
            places |= kept_places(app, marks)
        try:
            self._repository.keep(places)
        except EspalierError as error:
            self._log.error("git may clean up what releases are made of", error=error, hint=error.hint)


def kept_places(app: str, marks: Iterable[str]) -> dict[str, str]:
    """Path → id of the trees of an app and of the libraries that it used, for :meth:`Repository.keep`."""
    trees = {tree for mark in marks for parts in (parts_of(mark),) for tree in (parts[0], *parts[1].values()) if tree}
    return {f"{app}/{tree}": tree for tree in trees}


def _first(channels: Mapping[str, Published]) -> Published:
    """The release of an app that is not on the stable channel: one for everybody before a person's own."""
    return channels[min(channels, key=lambda name: (name.startswith(OWN), name))]
