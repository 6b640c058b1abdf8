"""What is published of an app in a folder, as versions of its files: an editor marks what the next release changes.

A server is only asked where one answers anyway: nothing is started to mark lines.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.changed_lines import Hunk, changed_lines
from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.versions import Compared, Version, VersionDetails, VersionError, add_keeper
from kernel.words import say
from shell.publishing.client import Client

if TYPE_CHECKING:
    from shell.window import Window

#: Bytes by which a file is told that has no lines.
_TOLD = 8_000
_MOST = 200


class PublishedFile:
    """See :class:`kernel.versions.FileVersions`; releases are whole, so that nothing of a file is staged.

    Args:
        app: The app's name.
        path: The file, as the app names it.
        client: Asks the server; None while none answers.
    """

    can_stage = False
    is_closed = False
    watched: Sequence[Path] = ()

    def __init__(self, app: str, path: str, client: Callable[[], Client | None]) -> None:
        self._app, self._path, self._client = app, path, client
        self._known: tuple[str, bytes] = ("", b"")

    def title(self) -> str:
        """Which version is published."""
        return say("published {version}", version=self._ask(lambda client: client.files(self._app, "", ""))["version"])

    def compare(self, text: bytes) -> Compared:
        """What the next release would change."""
        found = self._ask(lambda client: client.files(self._app, "", ""))
        title = say("published {version}", version=found["version"])
        if self._path not in found["files"]:
            return Compared(title, state="new")
        old = self._content(found["files"][self._path])
        if b"\0" in text[:_TOLD] or b"\0" in old[:_TOLD]:
            return Compared(title, reason=say("it is a binary file"))
        return Compared(title, say("the last release"), hunks=changed_lines(old, text), old=old)

    def stage(self, text: bytes, hunks: Sequence[Hunk]) -> None:
        """Refused."""
        raise VersionError(say("this file is published as a whole"))

    unstage = stage

    def stage_file(self, text: bytes) -> None:
        """Refused."""
        raise VersionError(say("this file is published as a whole"))

    def unstage_file(self) -> None:
        """Refused."""
        raise VersionError(say("this file is published as a whole"))

    def commit(self, message: str, *, is_amending: bool = False) -> str:
        """Refused."""
        raise VersionError(say("this file is published as a whole"), hint=say("app.publish releases the app"))

    def blame(self, text: bytes) -> list[Version | None]:
        """Refused."""
        raise VersionError(say("releases do not say who wrote a line"))

    def history(self) -> list[Version]:
        """The releases of the app, the newest first."""
        log = self._ask(lambda client: client.log(self._app, _MOST))["log"]
        return [_version(line) for line in log if line["action"] == "released"]

    def details(self, version: str) -> VersionDetails:
        """One release, and what was said of it."""
        log = self._ask(lambda client: client.log(self._app, _MOST))["log"]
        found = next((line for line in log if str(line.get("serial", "")) == version), None)
        if found is None:
            raise VersionError(say("there is no release {release}", release=version))
        return VersionDetails(_version(found), str(found.get("message", "")) or _version(found).summary, ())

    def _content(self, file: Any) -> bytes:
        """The published content, read once."""
        digest, size = str(file["sha256"]), int(file["size"])
        if self._known[0] != digest:
            read = self._ask(lambda client: client.read(self._app, "", "", {self._path: size}))
            self._known = digest, read.get(self._path, b"")
        return self._known[1]

    def _ask(self, question: Callable[[Client], Any]) -> Any:
        try:
            client = self._client()
            if client is None:
                raise VersionError(say("no server answers"))
            return question(client)
        except VersionError:
            raise
        except EspalierError as error:
            raise VersionError(error.message, hint=error.hint) from error


def _version(line: dict[str, Any]) -> Version:
    at = datetime.datetime.fromtimestamp(int(line["at"]))
    said = str(line.get("message", "")).partition("\n")[0]
    shown = say("Release {version}", version=line.get("version", ""))
    return Version(str(line.get("serial", "")), str(line.get("person", "")), at, f"{shown}: {said}" if said else shown)


def keep_published(window: Window) -> Disposer:
    """Have editors of the app's files compare with what is published of it, until the disposer is called."""
    folder, app = Path(window.app.folder), window.app.info.name
    client = _client_of(window.session)

    def keeper(place: Path) -> PublishedFile | None:
        real = place.resolve()
        if not real.is_relative_to(folder.resolve()):
            return None
        found = PublishedFile(app, real.relative_to(folder.resolve()).as_posix(), client)
        try:
            found.title()
        except VersionError:  # not published, or nobody answers: there is nothing to compare with
            return None
        return found

    return add_keeper(keeper)


def _client_of(session: Any) -> Callable[[], Client | None]:
    """Asks the person's own server where it runs already; on a thread."""
    from shell.server_link import LOCAL

    servers, paths = session.servers, session.config.paths

    def client() -> Client | None:
        if not servers.config.servers.get(LOCAL):
            from server.embedded import find_socket_path, is_listening

            if not is_listening(find_socket_path(paths.data, paths.runtime)):
                return None
        return Client(servers.link(LOCAL))

    return client
