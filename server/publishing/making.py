"""Making releases of what the main branch has: numbers, versions, last good releases, and what is told of each.

Used by :mod:`server.catalogue` alone, one update at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from kernel.error import EspalierError
from layouts.app_check.check import UnfitError
from layouts.app_needs import NEXT, STABLE
from server.error import PublishError
from server.identity import Person
from server.log import Log, whole
from server.note import Entry, Note, Served
from server.published import Hashes, Published, publish
from server.publishing.fitness import Fitness
from server.repository import Repository

#: Who published a commit, and what they said of it; None when only the commit's own word is known.
WhoDid = Callable[[str], "tuple[Person, str] | None"]


class News(NamedTuple):
    """What an update brought about for one app and channel."""

    app: str
    entry: Entry


class Making:
    """Makes the releases of one repository.

    Args:
        repository: The repository of apps.
        notes: App → what was published; changed here, written by the catalogue.
        log: The server's log.
        fitness: Says whether a tree may be released.
        who_did: Knows who published a commit.

    Attributes:
        hashes: Of the files of releases.
        served: App → channel → release, as of the update before.
        refused: App and channel → the mark that was refused last.
        wrong: App and channel → why.
        news: What happened since it was asked last.
    """

    def __init__(
        self, repository: Repository, notes: dict[str, Note], log: Log, fitness: Fitness, who_did: WhoDid
    ) -> None:
        self._repository = repository
        self.notes = notes
        self._log = log
        self.fitness = fitness
        self._who_did = who_did
        self.hashes = Hashes(repository)
        self.served: dict[str, dict[str, Published]] = {}
        self.refused: dict[tuple[str, str], str] = {}
        self.wrong: dict[tuple[str, str], str] = {}
        self.news: list[News] = []
        self._before: dict[str, bytes] = {}
        self._settled: tuple[dict[tuple[str, str], str], dict[tuple[str, str], str], int] = ({}, {}, 0)

    def begin(self) -> None:
        """Begin an update that may have to be undone."""
        self._before = {}
        self._settled = dict(self.refused), dict(self.wrong), len(self.news)

    def undo(self) -> None:
        """As it was before the update: the next one makes the same again, and tells it."""
        for app, note in self._before.items():
            if note:
                self.notes[app] = msgspec.msgpack.decode(note, type=Note)
            else:
                del self.notes[app]
        self.refused, self.wrong, count = self._settled
        del self.news[count:]
        self.begin()

    def note_of(self, app: str) -> Note:
        """The app's note, to be changed; a new one where there was none."""
        if app not in self._before:
            self._before[app] = msgspec.msgpack.encode(self.notes[app]) if app in self.notes else b""
        return self.notes.setdefault(app, Note("", "", 0))

    def made_all(
        self, app: str, marks: dict[str, str], head: str, touch: tuple[str, int] | None, is_lessened: bool
    ) -> dict[str, Published]:
        """The app's releases by channel; the stable one first, a staged one last, so that it has the higher serial."""
        made = {}
        is_behind = self._is_behind(app, marks, is_lessened)
        for channel in sorted(marks, key=lambda name: (name == NEXT, name != STABLE, name)):
            touched = touch if channel == STABLE else (head, 1)
            is_anew = is_behind if channel == STABLE else channel == NEXT and self._is_passed(app, made.get(STABLE))
            one = self._made(app, channel, marks[channel], touched, is_anew)
            if one is not None:
                made[channel] = one
        return made

    def _is_behind(self, app: str, marks: Mapping[str, str], is_lessened: bool) -> bool:
        """Whether those who leave a staged roll-out would go back to a stable release of a lower serial."""
        note = self.notes.get(app)
        served = note.served() if note else {}
        if NEXT not in served or STABLE not in served or served[STABLE].serial > served[NEXT].serial:
            return False
        return NEXT not in marks or is_lessened

    def _is_passed(self, app: str, stable: Published | None) -> bool:
        """Whether those who come into a staged roll-out would go back from this release to one of a lower serial."""
        staged = self.served.get(app, {}).get(NEXT)
        return staged is not None and stable is not None and staged.manifest.serial < stable.manifest.serial

    def _made(
        self, app: str, channel: str, mark: str, touch: tuple[str, int] | None, is_anew: bool = False
    ) -> Published | None:
        """The release for ``mark``, or the last good one; with ``is_anew`` under a new serial in any case."""
        current = self.served.get(app, {}).get(channel)
        is_same = current is not None and current.tree == mark
        if is_same or self.refused.get((app, channel)) == mark:
            return self._renumbered(app, channel, current, touch) if is_anew and current else current
        commit, count = touch or ("", 1)
        note = self.notes.get(app)
        noted = note.served().get(channel) if note else None
        try:
            if noted is not None and noted.tree == mark and not is_anew:
                served, made = noted, publish(self._repository, self.hashes, app, noted, channel)
            else:
                self.fitness.check(app, channel, mark)
                serial = max(count, note.serial + 1) if note else count
                previous = noted and self.last_good(app, channel, noted)
                served = Served(mark, commit, serial, "", int(time.time()), previous.release.id if previous else "")
                made = self.versioned(app, channel, served, note)
        except EspalierError as error:
            kept = self._refuse(app, channel, mark, commit, error)
            return self._renumbered(app, channel, kept, touch) if is_anew and kept else kept
        self.refused.pop((app, channel), None)
        self.wrong.pop((app, channel), None)
        if served is not noted:
            self._take_note(app, channel, made, served)
        return made

    def _renumbered(self, app: str, channel: str, current: Published, touch: tuple[str, int] | None) -> Published:
        """What is served already under a new serial, for those who have a higher one; it was fit when it came."""
        commit, count = touch or ("", 1)
        note = self.notes.get(app)
        serial = max(count, note.serial + 1) if note else count
        served = Served(current.tree, commit, serial, "", int(time.time()), current.release.id)
        made = self.versioned(app, channel, served, note)
        self._take_note(app, channel, made, served)
        return made

    def versioned(self, app: str, channel: str, served: Served, note: Note | None) -> Published:
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
        note = self.note_of(app)
        note.channels = {**note.served(), channel: served}
        note.serial = served.serial
        note.versions[served.version] = served.tree
        if channel == STABLE:
            note.tree, note.commit = served.tree, served.commit
        self.tell(app, "released", channel, served.commit, serial=served.serial, version=served.version,
                   tree=served.tree, release=made.release.id)  # fmt: skip
        self._log.info(
            "app published", app=app, channel=channel, serial=served.serial, version=served.version,
            commit=served.commit[:12], files=len(made.manifest.files),
        )  # fmt: skip

    def _refuse(self, app: str, channel: str, mark: str, commit: str, error: EspalierError) -> Published | None:
        """Keep the last good release and say why; the same content is not looked at again."""
        found = error.problems if isinstance(error, UnfitError) else [error]
        reasons = [whole(str(one)) for one in found]
        self.refused[app, channel] = mark
        self.wrong[app, channel] = "\n".join(reasons)
        note = self.notes.get(app)
        noted = note.served().get(channel) if note else None
        current = self.served.get(app, {}).get(channel)
        if current is None and noted is not None and noted.tree != mark:
            current = self.last_good(app, channel, noted)
        keeps = current.manifest.serial if current else "nothing"
        self._log.error("app refused", app=app, channel=channel, error=self.wrong[app, channel], keeps=keeps)
        log = note.log if note else []
        last = next((entry for entry in reversed(log) if entry.channel == channel), None)
        if last is None or (last.action, last.tree) != ("refused", mark):  # told before the server started anew
            self.tell(app, "refused", channel, commit, problems=tuple(reasons), tree=mark)
        return current

    def tell(self, app: str, action: str, channel: str, commit: str, **facts: Any) -> None:
        """Add to the app's log and to the news."""
        who = self._who_did(commit) if commit else None
        person, message = who or (None, "")
        name, is_certain = (person.name, person.is_verified) if person else ("", False)
        if not who and commit:
            name, message = self._repository.author_of(commit)
        entry = Entry(int(time.time()), action, channel, commit=commit, person=whole(name), is_verified=is_certain,
                      message=whole(message[:500]), **facts)  # fmt: skip
        self.note_of(app).tell(entry)
        self.news.append(News(app, entry))

    def last_good(self, app: str, channel: str, noted: Served) -> Published | None:
        """The release that was noted, perhaps before this server started."""
        current = self.served.get(app, {}).get(channel)
        if current is not None and current.tree == noted.tree:
            return current
        try:
            return publish(self._repository, self.hashes, app, noted, channel)
        except EspalierError as error:
            self._log.error("last good release is gone", app=app, channel=channel, error=error)
            return None
