"""Fetch, pull and push."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pygit2
from pygit2.enums import CredentialType

from plugins.api import EspalierError, TableError, say
from plugins.git.committing import merge_branch
from plugins.git.credential import Credentials, without_password
from plugins.git.known_host import is_ssh, refuse_host
from plugins.git.setting import settings

#: (Done, all) → nothing; called on the working thread.
Progress = Callable[[int, int], None]
#: Milliseconds that a server may take to be reached, and to say anything.
_PATIENCE_MS = 30_000


class GivenUpError(EspalierError):
    """The person does not want it any more."""


class Callbacks(pygit2.RemoteCallbacks):
    """What libgit2 asks and tells while it speaks with a remote.

    Args:
        report: Told how many objects have come or gone.
        stop: Set to give up.
        credentials: What lets the person in.
    """

    def __init__(
        self,
        report: Progress | None = None,
        stop: threading.Event | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        super().__init__()
        self._report, self._stop = report, stop
        self._credentials = credentials or Credentials()
        #: With whom it is spoken.
        self.url = ""
        #: Reference → why the remote refused it.
        self.refused: dict[str, str] = {}

    def credentials(self, url: str, username_from_url: str | None, allowed_types: CredentialType) -> Any:
        """Asked by libgit2 until the remote takes what it gets."""
        self.check()
        return self._credentials.next(url, username_from_url, allowed_types)

    def certificate_check(self, certificate: None, valid: bool, host: bytes) -> bool:
        """Told by libgit2 whether the host is the one it should be; without an answer it takes any key of ssh."""
        self.check()
        if valid:
            return True
        if is_ssh(self.url):
            raise refuse_host(self.url)
        raise TableError(say("the certificate of {host} is not to be relied on", host=host.decode("utf-8", "replace")),
                         hint=say("who runs it has to mend that"))

    def sideband_progress(self, string: str) -> None:
        """Told by libgit2 what the remote says of its work."""
        self.check()

    def transfer_progress(self, stats: Any) -> None:
        """Told by libgit2 as objects come."""
        self._count(stats.received_objects, stats.total_objects)

    def push_negotiation(self, updates: list[Any]) -> None:
        """Told by libgit2 before anything is pushed."""
        self.check()

    def push_transfer_progress(self, objects_pushed: int, total_objects: int, bytes_pushed: int) -> None:
        """Told by libgit2 as objects go."""
        self._count(objects_pushed, total_objects)

    def push_update_reference(self, refname: str, message: str | None) -> None:
        """Told by libgit2 for each reference that was pushed."""
        if message is not None:
            self.refused[refname] = message

    def _count(self, done: int, total: int) -> None:
        self.check()
        if self._report is not None:
            self._report(done, total)

    def check(self) -> None:
        """End here when nobody wants it any more."""
        if self._stop is not None and self._stop.is_set():
            raise GivenUpError(say("Given up"))


def fetch_remote(repository: Any, name: str = "", callbacks: Callbacks | None = None) -> None:
    """Get what a remote has that is new; branches that are gone there go here too, unless ``git.prune`` says no.

    Raises:
        TableError: there is no such remote, or it cannot be reached.
    """
    remote = _remote(repository, name)
    pygit2.settings.server_connect_timeout = pygit2.settings.server_timeout = _PATIENCE_MS
    asked = callbacks or Callbacks()
    asked.url = remote.url or ""
    with _Said(remote):
        pruning = pygit2.enums.FetchPrune.PRUNE if settings().prune else pygit2.enums.FetchPrune.NO_PRUNE
        remote.fetch(callbacks=asked, prune=pruning)
    asked.check()


def pull_branch(repository: Any, callbacks: Callbacks | None = None) -> str:
    """Fetch, and merge what the current branch follows; see :func:`merge_branch` for the answer.

    Raises:
        TableError: it follows nothing, or see the two.
    """
    return merge_branch(repository, fetch_upstream(repository, callbacks))


def fetch_upstream(repository: Any, callbacks: Callbacks | None = None) -> str:
    """Fetch what the current branch follows; answers its name.

    Raises:
        TableError: it follows nothing, or see :func:`fetch_remote`.
    """
    upstream = _current(repository).upstream
    if upstream is None:
        raise TableError(say("{name} follows no branch of a remote", name=repository.head.shorthand),
                         hint=say("push it once"))
    fetch_remote(repository, upstream.remote_name, callbacks)
    return str(upstream.shorthand)


def push_branch(
    repository: Any, name: str = "", callbacks: Callbacks | None = None, *, is_forced: bool = False
) -> None:
    """Push the current branch under its name, and follow it there from then on.

    Raises:
        TableError: the remote refused it, or cannot be reached; what it said is told.
    """
    branch = _current(repository)
    upstream = branch.upstream
    remote = _remote(repository, name or (upstream.remote_name if upstream is not None else ""))
    asked = callbacks or Callbacks()
    asked.url = remote.push_url or remote.url or ""
    pygit2.settings.server_connect_timeout = pygit2.settings.server_timeout = _PATIENCE_MS
    with _Said(remote):
        remote.push([f"{'+' if is_forced else ''}{branch.name}:{branch.name}"], callbacks=asked)
    if asked.refused:
        said = "; ".join(asked.refused.values())
        raise TableError(say("{remote} refused {name}: {said}", remote=remote.name, name=branch.shorthand, said=said),
                         hint=say("pull first"))
    if upstream is None:
        branch.upstream = repository.branches.remote[f"{remote.name}/{branch.shorthand}"]


def _current(repository: Any) -> Any:
    if repository.head_is_unborn or repository.head_is_detached:
        raise TableError(say("no branch is checked out"), hint=say("switch to a branch first"))
    return repository.branches.local[repository.head.shorthand]


def _remote(repository: Any, name: str) -> Any:
    names = list(repository.remotes.names())
    wanted = name or ("origin" if "origin" in names or not names else names[0])
    if wanted not in names:
        raise TableError(say("there is no remote {name}", name=wanted), hint=say("git remote add names one"))
    return repository.remotes[wanted]


class _Said:
    """Says what went wrong with a remote in a sentence."""

    def __init__(self, remote: Any) -> None:
        self._remote = remote

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, (pygit2.GitError, ValueError)):
            said = str(error)
            hint = say("pull first") if "not present locally" in said or "non-fast" in said else ""
            raise TableError(say("{remote} at {url}: {error}", remote=self._remote.name,
                                 url=without_password(self._remote.url or ""), error=said), hint=hint) from error
