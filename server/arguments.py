"""What the commands of the source server take, a struct each; checked when a request is decoded."""

from __future__ import annotations

from typing import Any

import msgspec

from kernel.tables.change import Change, Part
from kernel.tables.query import Query
from server.plain import check_changes, check_key, check_query


class Args(msgspec.Struct, forbid_unknown_fields=True):
    """Base of all arguments: a misspelt name is an error."""


class HelloArgs(Args):
    """Who asks; see :class:`kernel.wire.tls.Introduction` for ``key`` and ``signature``."""

    client: str = ""
    version: str = ""
    name: str = ""
    key: str = ""
    signature: bytes = b""


class ReleaseArgs(Args):
    """A question for an app's release.

    Attributes:
        app: The app's name.
        have: The id of the release that the client holds, or empty.
        seen: The versions of the roles that it has, if it wants any.
        channel: Of which channel; ``mine`` is one's own.
        with_files: Whether a few small files may come along that the release ``have`` has not.
        with_changes: Whether roles may come as changes of those that were seen.
    """

    app: str
    have: str = ""
    seen: dict[str, int] | None = None
    channel: str = "stable"
    with_files: bool = False
    with_changes: bool = False


class BlobsArgs(Args):
    """SHA-256 of the wanted files, in hex."""

    hashes: list[str]


class FilesArgs(Args):
    """Files of a release.

    Attributes:
        app: The app's name.
        release: The release's id.
        base: Id of the release whose files the client has, or empty.
        files: Places in the release's manifest: first, end, first, end, …
        dictionary: SHA-256 of the app's dictionary as the release was offered with it, or empty.
        has_dictionary: Whether the client has it.
    """

    app: str
    release: str
    files: list[int]
    base: str = ""
    dictionary: str = ""
    has_dictionary: bool = False


class AppArgs(Args):
    """An app by name."""

    app: str


class AppRoleArgs(Args):
    """The role of an app as its publisher has signed it."""

    app: str
    role: bytes


class RolesArgs(Args):
    """Signed roles by name: ``root.N``, ``targets``."""

    roles: dict[str, bytes]


class SourceArgs(Args):
    """A source of an app; empty = its only one."""

    app: str
    source: str = ""


class TableArgs(SourceArgs, kw_only=True):
    """A table of it."""

    table: str


class CountArgs(TableArgs, kw_only=True):
    """See :meth:`kernel.tables.contract.Table.count`."""

    query: Query = Query()

    def __post_init__(self) -> None:
        check_query(self.query)


class FetchArgs(CountArgs, kw_only=True):
    """See :meth:`kernel.tables.contract.Table.fetch`."""

    start: int
    stop: int


class LocateArgs(CountArgs, kw_only=True):
    """See :meth:`kernel.tables.contract.Table.locate`."""

    key: tuple[Any, ...]

    def __post_init__(self) -> None:
        check_query(self.query)
        check_key(self.key)


class HistoryArgs(TableArgs, kw_only=True):
    """The key of a row."""

    key: tuple[Any, ...]

    def __post_init__(self) -> None:
        check_key(self.key)


class CommitArgs(TableArgs, kw_only=True):
    """See :meth:`kernel.tables.contract.Table.commit`."""

    changes: list[Change]
    id: str = ""

    def __post_init__(self) -> None:
        check_changes(self.changes)


class CommitAllArgs(SourceArgs, kw_only=True):
    """See :meth:`kernel.tables.contract.Source.commit`; ``id`` may be empty."""

    parts: list[Part]
    id: str = ""

    def __post_init__(self) -> None:
        for part in self.parts:
            check_changes(part.changes)


class PieceArgs(Args):
    """A piece of a commit: ``is_whole`` when ``data`` ends a slice of it; ``sequence`` counts from 0."""

    id: str
    sequence: int
    data: bytes
    is_whole: bool


class DropArgs(Args):
    """The id of a commit that comes in pieces."""

    id: str


class EndArgs(SourceArgs, kw_only=True):
    """A commit whose ``count`` pieces have come."""

    id: str
    count: int


class TopicArgs(Args):
    """``apps``, ``release:<app>`` or ``table:<app>/<source>/<table>``."""

    topic: str
