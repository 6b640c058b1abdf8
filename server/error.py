"""What can go wrong on the server, in words for who runs it or pushes to it."""

from __future__ import annotations

from kernel.error import EspalierError


class ServerError(EspalierError):
    """The server cannot start or go on."""


class RepositoryError(ServerError):
    """The directory is no repository of apps, or git's data are damaged."""


class NoteError(ServerError):
    """What was published last cannot be read or noted."""


class TreeError(ServerError):
    """A file of an app's tree may not be served; the app is refused as it is, others go on."""


class UnknownAppError(ServerError):
    """No app of that name is served."""


class SigningError(ServerError):
    """What the server signs cannot be read, signed or written."""
