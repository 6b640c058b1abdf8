"""What can go wrong on the server, in words for who runs it or pushes to it."""

from __future__ import annotations

from collections.abc import Sequence

from kernel.error import EspalierError, Where


class ServerError(EspalierError):
    """The server cannot start or go on."""


class RepositoryError(ServerError):
    """The directory is no repository of apps, or git's data are damaged."""


class NoteError(ServerError):
    """What was published last cannot be read or noted."""


class TreeError(ServerError):
    """A file of an app's tree may not be served; the app is refused as it is, others go on.

    ``problems`` holds all such files, where there are several.
    """

    def __init__(
        self, message: str, *, where: Where | None = None, hint: str = "", problems: Sequence[TreeError] = ()
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.problems = list(problems) or [self]


class PublishError(ServerError):
    """What somebody wants to publish, or to change about releases, cannot be done."""


class RightError(ServerError):
    """Somebody may not publish, read or change the repository."""


class UnknownAppError(ServerError):
    """No app of that name is served."""


class SigningError(ServerError):
    """What the server signs cannot be read, signed or written."""
