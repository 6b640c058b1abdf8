"""A table that a command line names: of a database, an app folder, or an app of a server."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from kernel.tables.contract import Source, Table
from kernel.tables.error import UnknownTableError
from shell.session import Session

#: Steps of the progress that is written.
_PERCENT = 100


@contextlib.contextmanager
def opened_table(target: str, name: str, session: Session) -> Iterator[Table]:
    """The table ``name`` (``TABLE`` or ``SOURCE/TABLE``) of what ``target`` means, open within the block.

    Raises:
        EspalierError: there is no such target or table.
    """
    from shell.target import check_database, is_path, open_target

    path = Path(target).expanduser()
    if is_path(target) and not path.is_dir() and path.suffix != ".kdl" and path.name != "app.toml":
        from kernel.tables.sqlite import SqliteSource

        check_database(path)
        source: Source = SqliteSource(path)
        try:
            yield source.table(name)
        finally:
            source.close()
        return
    app = open_target(target, session)
    try:
        yield _of_app(app.source, name)
    finally:
        app.close()
        session.close()


def _of_app(source: Callable[[str], Source], name: str) -> Table:
    """``SOURCE/TABLE``, unless a table of the only source is called so."""
    before, slash, rest = name.partition("/")
    if not slash:
        return source("").table(name)
    try:
        return source(before).table(rest)
    except UnknownTableError as error:
        raise UnknownTableError(f"the source {before} has no table {rest}", hint=error.hint) from error


def teller(verb: str) -> Callable[[float], None]:
    """Writes the progress into the terminal, in one line; nothing where there is no terminal."""
    if not sys.stderr.isatty():
        return lambda part: None
    shown = -1

    def tell(part: float) -> None:
        nonlocal shown
        percent = int(part * _PERCENT)
        if percent != shown:
            shown = percent
            print(f"\r{verb} {percent} %", end="\n" if percent == _PERCENT else "", file=sys.stderr, flush=True)

    return tell
