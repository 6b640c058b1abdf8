"""The apps that are served now, and their releases. A wrong app keeps its last good release.

An app has a release on each channel that has content for it: stable is ``apps/<app>`` of the main branch, another one
``channels/<channel>/<app>``. What was published last is noted (see :mod:`server.note`), so that serials never fall and
a bad push does not take an app away when the server starts anew.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from kernel.error import EspalierError
from kernel.nearest import did_you_mean
from layouts.app_check.check import UnfitError
from layouts.app_needs import NEXT, OWN, STABLE
from server.error import NoteError, PublishError, ServerError, UnknownAppError
from server.identity import Person
from server.log import Log, whole
from server.note import Entry, Note, Notes, Served
from server.published import Hashes, Published, publish
from server.publishing.fitness import Fitness
from server.publishing.policy import Policy
from server.repository import Repository

#: Who published a commit, and what they said of it; None when only the commit's own word is known.
WhoDid = Callable[[str], "tuple[Person, str] | None"]


class Signing(Protocol):
    """What makes clients believe the releases of a server."""

    def take(self, releases: Mapping[tuple[str, str], bytes]) -> dict[tuple[str, str], str]:
        """Sign the manifests of (app, channel), durably; answers what waits for somebody else's signature, and why.

        Raises:
            EspalierError: they cannot be signed; what was signed before stays.
        """


class News(NamedTuple):
    """What an update brought about for one app and channel."""

    app: str
    entry: Entry


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
        self._who_did = who_did
        self.hashes = Hashes(repository)
        self._lock = threading.Lock()
        self._served: dict[str, dict[str, Published]] = {}
        self._published: dict[str, Published] = {}
        self._refused: dict[tuple[str, str], str] = {}
        self._wrong: dict[tuple[str, str], str] = {}
        self._head: str | None = None
        self._news: list[News] = []
        self.problems: dict[str, str] = {}
        self.policy = Policy()
        self._lessened: set[str] = set()
        self._notes: dict[str, Note] = notes.read()
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
            raise UnknownAppError(f"this server has no app '{app}'{reason}", hint=did_you_mean(app, self._published))
        return found

    def channels(self, app: str) -> dict[str, Published]:
        """Channel → release of an app; empty when there is no such app."""
        return self._served.get(app, {})

    def offer(self, app: str, channel: str, name: str) -> Published:
        """The release that a person gets who asks for a channel: that one, else the stable one.

        Args:
            app: The app's name.
            channel: The channel; ``mine`` is the person's own. Those of others are not given out.
            name: The person's name: it says whether a staged roll-out is for them.

        Raises:
            UnknownAppError: there is no such app, or none for this channel.
        """
        self.find(app)
        channels = self.channels(app)
        if channel == OWN + name and channel in channels:
            return channels[channel]
        if channel in channels and channel not in (STABLE, NEXT) and not channel.startswith(OWN):
            return channels[channel]
        if NEXT in channels and self.policy.is_next(app, name):
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
        self._versioned(app, channel, Served(mark, "", note.serial + 1 if note else 1), note)

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
            self._lessened = self.policy.read(self._repository, head, self._log)
            wanted = self._repository.releases(head) if head else {}
            stable = {app: note.tree for app, note in self._notes.items()}
            settled = stable | {app: mark for (app, channel), mark in self._refused.items() if channel == STABLE}
            touches = self._repository.touches(head, settled) if head else {}
            before, after, counted = self._served, {}, len(self._news)
            for app, marks in wanted.items():
                made = self._made_all(app, marks, head, touches.get(app))
                if made:
                    after[app] = made
            self._withdraw(before, after, head)
            if not self._signed(before, after):
                del self._news[counted:]
                return set()
            self._forget({(app, channel) for app, marks in wanted.items() for channel in marks})
            self._served, self._head, self._is_noted = after, head, False
            self._published = {app: channels.get(STABLE) or _first(channels) for app, channels in after.items()}
            self._note()
            return {app for app in before.keys() | after.keys() if before.get(app) != after.get(app)}

    def take_news(self) -> list[News]:
        """What happened since the last call, the newest last."""
        with self._lock:
            news, self._news = self._news, []
            return news

    def _forget(self, there: set[tuple[str, str]]) -> None:
        """Problems of what is not there any more are none."""
        self._refused = {key: mark for key, mark in self._refused.items() if key in there}
        self._wrong = {key: text for key, text in self._wrong.items() if key in there}
        self.problems = {app: text for (app, _), text in sorted(self._wrong.items(), reverse=True)}

    def _made_all(
        self, app: str, marks: dict[str, str], head: str, touch: tuple[str, int] | None
    ) -> dict[str, Published]:
        """The app's releases by channel; the stable one first, a staged one last, so that it has the higher serial."""
        made = {}
        for channel in sorted(marks, key=lambda name: (name == NEXT, name != STABLE, name)):
            touched = touch if channel == STABLE else (head, 1)
            one = self._made(app, channel, marks[channel], touched, channel == STABLE and self._is_behind(app, marks))
            if one is not None:
                made[channel] = one
        return made

    def _is_behind(self, app: str, marks: Mapping[str, str]) -> bool:
        """Whether those who leave a staged roll-out would go back to a stable release of a lower serial."""
        note = self._notes.get(app)
        served = note.served() if note else {}
        if NEXT not in served or STABLE not in served or served[STABLE].serial > served[NEXT].serial:
            return False
        return NEXT not in marks or app in self._lessened

    def _made(
        self, app: str, channel: str, mark: str, touch: tuple[str, int] | None, is_anew: bool = False
    ) -> Published | None:
        """The release for ``mark``, or the last good one; with ``is_anew`` under a new serial in any case."""
        current = self.channels(app).get(channel)
        is_same = current is not None and current.tree == mark
        if self._refused.get((app, channel)) == mark or (is_same and not is_anew):
            return current
        commit, count = touch or ("", 1)
        note = self._notes.get(app)
        noted = note.served().get(channel) if note else None
        try:
            if noted is not None and noted.tree == mark and not is_anew:
                served, made = noted, publish(self._repository, self.hashes, app, noted, channel)
            else:
                self.fitness.check(app, channel, mark)
                serial = max(count, note.serial + 1) if note else count
                previous = noted and self._last_good(app, channel, noted)
                served = Served(mark, commit, serial, "", int(time.time()), previous.release.id if previous else "")
                made = self._versioned(app, channel, served, note)
        except EspalierError as error:
            return self._refuse(app, channel, mark, commit, error)
        self._refused.pop((app, channel), None)
        self._wrong.pop((app, channel), None)
        if served is not noted:
            self._take_note(app, channel, made, served)
        return made

    def _versioned(self, app: str, channel: str, served: Served, note: Note | None) -> Published:
        """The release under the version that its author gave, or the number that its content has.

        Raises:
            PublishError: that version was published with other content.
        """
        versions = note.versions if note else {}
        made = publish(self._repository, self.hashes, app, served, channel)
        version = made.manifest.version
        known = versions.get(version)
        if made.is_numbered:
            served.version = next((name for name, mark in versions.items() if mark == served.tree), version)
            return publish(self._repository, self.hashes, app, served, channel)
        if known is not None and known != served.tree:
            raise PublishError(
                f"version {version} of '{app}' was published before with other content",
                hint="give it another version in app.toml; without one, releases are numbered by themselves",
            )
        served.version = version
        return made

    def _take_note(self, app: str, channel: str, made: Published, served: Served) -> None:
        note = self._notes.setdefault(app, Note("", "", 0))
        note.channels = {**note.served(), channel: served}
        note.serial = served.serial
        note.versions[served.version] = served.tree
        if channel == STABLE:
            note.tree, note.commit = served.tree, served.commit
        self._tell(app, "released", channel, served.commit, serial=served.serial, version=served.version,
                   tree=served.tree, release=made.release.id)  # fmt: skip
        self._log.info(
            "app published", app=app, channel=channel, serial=served.serial, version=served.version,
            commit=served.commit[:12], files=len(made.manifest.files),
        )  # fmt: skip

    def _refuse(self, app: str, channel: str, mark: str, commit: str, error: EspalierError) -> Published | None:
        """Keep the last good release and say why; the same content is not looked at again."""
        found = error.problems if isinstance(error, UnfitError) else [error]
        reasons = [whole(str(one)) for one in found]
        self._refused[app, channel] = mark
        self._wrong[app, channel] = "\n".join(reasons)
        note = self._notes.get(app)
        noted = note.served().get(channel) if note else None
        current = self.channels(app).get(channel)
        if current is None and noted is not None and noted.tree != mark:
            current = self._last_good(app, channel, noted)
        keeps = current.manifest.serial if current else "nothing"
        self._log.error("app refused", app=app, channel=channel, error=self._wrong[app, channel], keeps=keeps)
        log = note.log if note else []
        last = next((entry for entry in reversed(log) if entry.channel == channel), None)
        if last is None or (last.action, last.tree) != ("refused", mark):  # told before the server started anew
            self._tell(app, "refused", channel, commit, problems=tuple(reasons), tree=mark)
        return current

    def _tell(self, app: str, action: str, channel: str, commit: str, **facts: Any) -> None:
        """Add to the app's log and to the news."""
        who = self._who_did(commit) if commit else None
        person, message = who or (None, "")
        name, is_certain = (person.name, person.is_verified) if person else ("", False)
        if not who and commit:
            name, message = self._repository.author_of(commit)
        entry = Entry(int(time.time()), action, channel, commit=commit, person=whole(name), is_verified=is_certain,
                      message=whole(message[:500]), **facts)  # fmt: skip
        self._notes.setdefault(app, Note("", "", 0)).tell(entry)
        self._news.append(News(app, entry))

    def _withdraw(self, before: Mapping[str, Any], after: Mapping[str, Any], head: str) -> None:
        """Tell what is not served any more. The notes of it stay, but of a roll-out, which never comes back."""
        for app, channels in before.items():
            for channel in channels.keys() - after.get(app, {}).keys():
                self._tell(app, "withdrawn", channel, head)
                note = self._notes.get(app)
                if note is not None and channel == NEXT:
                    note.channels = {name: one for name, one in note.channels.items() if name != NEXT}

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
            self._wrong[app, channel] = reason
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

    def _last_good(self, app: str, channel: str, noted: Served) -> Published | None:
        """The release that was noted, perhaps before this server started."""
        current = self.channels(app).get(channel)
        if current is not None and current.tree == noted.tree:
            return current
        try:
            return publish(self._repository, self.hashes, app, noted, channel)
        except EspalierError as error:
            self._log.error("last good release is gone", app=app, channel=channel, error=error)
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


def _first(channels: Mapping[str, Published]) -> Published:
    """The release of an app that is not on the stable channel: one for everybody before a person's own."""
    return channels[min(channels, key=lambda name: (name.startswith(OWN), name))]
