"""Fetch, pull and push, with a person's keys from the ssh agent and passwords from the system's keyring."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pygit2
from pygit2.enums import CredentialType

from plugins.api import TableError, say
from plugins.git.committing import merge_branch

#: (Done, all) → nothing; called on the working thread.
Progress = Callable[[int, int], None]


class Callbacks(pygit2.RemoteCallbacks):
    """What libgit2 asks of a person while it speaks with a remote.

    Args:
        report: Told how many objects have come.
        stop: Set to give up.
    """

    def __init__(self, report: Progress | None = None, stop: threading.Event | None = None) -> None:
        super().__init__()
        self._report, self._stop = report, stop
        self._tried: set[CredentialType] = set()
        #: Reference → why the remote refused it.
        self.refused: dict[str, str] = {}

    def credentials(self, url: str, username_from_url: str | None, allowed_types: CredentialType) -> Any:
        """A key of the ssh agent, else the password that the keyring has for the address; each is tried once."""
        if allowed_types & CredentialType.USERNAME and CredentialType.USERNAME not in self._tried:
            self._tried.add(CredentialType.USERNAME)
            return pygit2.Username(username_from_url or "git")
        if allowed_types & CredentialType.SSH_KEY and CredentialType.SSH_KEY not in self._tried:
            self._tried.add(CredentialType.SSH_KEY)
            return pygit2.KeypairFromAgent(username_from_url or "git")
        if allowed_types & CredentialType.USERPASS_PLAINTEXT and CredentialType.USERPASS_PLAINTEXT not in self._tried:
            self._tried.add(CredentialType.USERPASS_PLAINTEXT)
            found = stored_password(url, username_from_url)
            if found is not None:
                return pygit2.UserPass(*found)
        address = without_password(url)
        raise TableError(say("{url} lets nobody in without a key or a password that is accepted", url=address),
                         hint=say("ssh-add gives the agent a key; the keyring may hold a password for {entry}",
                                  entry=_entry(url)))

    def transfer_progress(self, stats: Any) -> None:
        """Told by libgit2 as objects come."""
        if self._stop is not None and self._stop.is_set():
            raise pygit2.GitError("given up")
        if self._report is not None:
            self._report(stats.received_objects, stats.total_objects)

    def push_update_reference(self, refname: str, message: str | None) -> None:
        """Told by libgit2 for each reference that was pushed."""
        if message is not None:
            self.refused[refname] = message


def stored_password(url: str, user: str | None) -> tuple[str, str] | None:
    """User and password that the system's keyring has for an address; None for none, or where there is no keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_credential(_entry(url), user)
    except KeyringError:
        return None
    return None if found is None else (found.username, found.password)


def _entry(url: str) -> str:
    """What the keyring's entry for an address is called."""
    parts = urlsplit(url)
    return f"git:{parts.scheme}://{parts.hostname}"


def without_password(url: str) -> str:
    """The address without a password that stands in it."""
    parts = urlsplit(url)
    if not parts.password:
        return url
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{parts.username or ''}@{parts.hostname}{port}").geturl()


def fetch_remote(repository: Any, name: str = "", callbacks: Callbacks | None = None) -> None:
    """Get what a remote has that is new; branches that are gone there go here too.

    Raises:
        TableError: there is no such remote, or it cannot be reached.
    """
    remote = _remote(repository, name)
    with _Said(remote):
        remote.fetch(callbacks=callbacks or Callbacks(), prune=pygit2.enums.FetchPrune.PRUNE)


def pull_branch(repository: Any, callbacks: Callbacks | None = None) -> str:
    """Fetch, and merge what the current branch follows; see :func:`merge_branch` for the answer.

    Raises:
        TableError: it follows nothing, or see the two.
    """
    upstream = _current(repository).upstream
    if upstream is None:
        raise TableError(say("{name} follows no branch of a remote", name=repository.head.shorthand),
                         hint=say("push it once"))
    fetch_remote(repository, upstream.remote_name, callbacks)
    return merge_branch(repository, upstream.shorthand)


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
