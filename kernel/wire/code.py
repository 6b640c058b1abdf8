"""The return codes: one row each, and the way from an error to a code and back.

Nothing is lost that a person or a program needs: messages, hints, the column of a constraint, the current rows
of a conflict. The class travels by name, so that a table far away raises what a near one raises.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from kernel.error import EspalierError
from kernel.tables import error as table_error
from kernel.tables.block import Block
from kernel.wire.error import RemoteError


class Code(NamedTuple):
    """One return code."""

    number: int
    name: str
    doc: str


CODES: tuple[Code, ...] = (
    Code(0, "ok", "The result is there."),
    Code(1, "bad_frame", "Bytes that are no frame; the connection is closed after this answer."),
    Code(2, "bad_arguments", "The command's arguments have the wrong names, types or values."),
    Code(3, "unknown_command", "The server has no such command."),
    Code(4, "not_found", "The app, source, table, file or release does not exist."),
    Code(5, "conflict", "A row was changed meanwhile; detail has its index and the current rows."),
    Code(6, "constraint", "The source refused a value; detail has the column and index."),
    Code(7, "read_only", "The table or column cannot be edited."),
    Code(8, "locked", "Another program holds the source; try again."),
    Code(9, "unavailable", "Something behind the server is away; try again later."),
    Code(10, "too_large", "The request or the answer is over a limit."),
    Code(11, "deadline", "The answer was not ready in time."),
    Code(12, "cancelled", "The asker cancelled, or the server is stopping."),
    Code(13, "internal", "A defect in the server; its log has the traceback."),
    Code(14, "failed", "Understood and not possible; the message says why."),
    Code(15, "forbidden", "The app's grants do not allow it to this person."),
)
NUMBERS: dict[str, int] = {row.name: row.number for row in CODES}
NAMES: dict[int, str] = {row.number: row.name for row in CODES}

#: Error class → code, the first that fits. Others of ours are ``failed``, strangers are ``internal``.
ERRORS: tuple[tuple[type[EspalierError], str], ...] = (
    (table_error.UnknownTableError, "not_found"),
    (table_error.UnknownColumnError, "bad_arguments"),
    (table_error.ConflictError, "conflict"),
    (table_error.ConstraintError, "constraint"),
    (table_error.ReadOnlyError, "read_only"),
    (table_error.ForbiddenError, "forbidden"),
    (table_error.LockedError, "locked"),
    (table_error.UnavailableError, "unavailable"),
    (table_error.InterruptedCallError, "cancelled"),
    (table_error.SourceError, "failed"),
    (table_error.TableError, "failed"),
)
_CLASSES = {cls.__name__: cls for cls, _ in ERRORS}
_BY_CODE = {
    "conflict": table_error.ConflictError,
    "constraint": table_error.ConstraintError,
    "read_only": table_error.ReadOnlyError,
    "forbidden": table_error.ForbiddenError,
    "locked": table_error.LockedError,
    "unavailable": table_error.UnavailableError,
    "deadline": table_error.UnavailableError,
}


class Failure(NamedTuple):
    """What a reply says instead of a result."""

    code: int
    error: str
    detail: dict[str, Any]


def failure_of(error: BaseException) -> Failure:
    """The code, message and detail that tell the other end about ``error``."""
    if isinstance(error, RemoteError):
        return Failure(NUMBERS.get(error.code, NUMBERS["failed"]), error.error, error.detail)
    if not isinstance(error, EspalierError):
        return Failure(NUMBERS["internal"], f"{type(error).__name__}: {error}", {})
    name = next((name for cls, name in ERRORS if isinstance(error, cls)), "failed")
    detail: dict[str, Any] = {"class": type(error).__name__}
    if error.hint:
        detail["hint"] = error.hint
    if error.where and str(error.where):
        detail["where"] = list(error.where)
    if isinstance(error, table_error.ConstraintError):
        detail |= {"column": error.column, "index": error.index, "part": error.part}
    if isinstance(error, table_error.ConflictError):
        detail |= {"current": error.current, "index": error.index, "part": error.part}
    return Failure(NUMBERS[name], error.message, detail)


def table_error_of(remote: RemoteError) -> table_error.TableError:
    """The table error that ``remote`` tells of, as the table at the other end raised it."""
    detail = remote.detail
    cls = _CLASSES.get(str(detail.get("class"))) or _BY_CODE.get(remote.code, table_error.TableError)
    index, part = (found if isinstance(found := detail.get(name, 0), int) else 0 for name in ("index", "part"))
    if cls is table_error.ConstraintError:
        return cls(remote.error, column=str(detail.get("column", "")), index=index, hint=remote.hint, part=part)
    if cls is table_error.ConflictError:
        return cls(remote.error, current=_block(detail.get("current")), index=index, part=part)
    return cls(remote.error, hint=remote.hint)


def _block(value: Any) -> Block:
    """The block of a conflict's detail; an empty one when the other end sent none that can be read."""
    try:
        return value if isinstance(value, Block) else msgspec.convert(value, Block)
    except msgspec.ValidationError:
        return Block(0, {}, [], [])
