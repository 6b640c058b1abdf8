"""Makes the app folder of a database, and keeps what a person changed in it.

The hashes of the generated files are recorded beside them; a file that still has its hash may be made anew when
the database's schema changed, any other is the person's own.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from kernel.open_file import read_bytes
from kernel.tables.schema import Schema, title_of
from shell.app import OpenError
from shell.app_local import folder_key

#: Path → SHA-256 of the files as they were generated.
RECORD = ".scaffold.json"


class Scaffolded(NamedTuple):
    """What was made.

    Attributes:
        folder: Of the app.
        tables: How many it shows.
        written: Files that are new or changed.
        kept: Files left as a person edited them.
        left_out: Virtual tables that nothing here can read, each with its module; they have no page.
    """

    folder: Path
    tables: int
    written: tuple[str, ...]
    kept: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    @property
    def has_written(self) -> bool:
        """Whether any file is new or changed."""
        return bool(self.written)

    @property
    def sentence(self) -> str:
        """What the command line says."""
        sentence = f"Scaffolded {self.tables} table{'' if self.tables == 1 else 's'} into {self.folder}"
        missing = f"; not shown, since their modules are not here: {', '.join(self.left_out)}"
        return sentence + (missing if self.left_out else "")


def scaffold_app(database: Path, apps: Path, folder: Path | None = None) -> Scaffolded:
    """The app folder of a database, made or brought up to date.

    Args:
        database: A SQLite file, or another file of rows.
        apps: Where app folders are kept; the new one is called after the database.
        folder: The folder itself, instead.

    Raises:
        SourceError, LockedError: the database cannot be read.
        OpenError: the folder cannot be written, or is not empty and no app.
    """
    from layouts.scaffold import scaffold

    database = database.absolute()
    if folder is None:
        folder = apps / folder_key(database.with_suffix(""))
    folder = folder.absolute()
    kind = kind_of(database)
    schemas, left_out = _tables(database, kind)
    files = scaffold(database.stem, title_of(database.stem), schemas, str(database), left_out, kind)
    return _write(folder, files, len(schemas))._replace(left_out=tuple(left_out))


def scaffold_address(address: str, apps: Path, folder: Path | None = None) -> Scaffolded:
    """The app folder of a PostgreSQL database, made or brought up to date; as :func:`scaffold_app`.

    Args:
        address: Of the database, without a password.
        apps: Where app folders are kept.
        folder: The folder itself, instead.

    Raises:
        SourceError, UnavailableError: there is no way to the database.
        OpenError: the folder cannot be written, or is not empty and no app.
    """
    from kernel.tables.postgres.address import check_address, database_of
    from layouts.scaffold import scaffold

    name = database_of(check_address(address))
    folder = folder or apps / f"{name}-{_sha256(address.encode())[:8]}"
    description = {"kind": "postgres", "address": address, "read_only": True}
    schemas, left_out = _read_tables(description, apps)
    files = scaffold(name, title_of(name), schemas, address, left_out, "postgres")
    return _write(folder.absolute(), files, len(schemas))


def kind_of(file: Path) -> str:
    """The kind of source that opens a file.

    Raises:
        OpenError: it is not there, cannot be read, or no kind opens it.
    """
    from kernel.tables.files.kind import HEAD, kind_of_file

    try:
        return kind_of_file(file, read_bytes(file, HEAD)) or "sqlite"
    except OSError as error:
        raise OpenError(f"{file} cannot be read: {error.strerror or error}") from error


def _tables(database: Path, kind: str) -> tuple[list[Schema], list[str]]:
    """The schemas of the database's tables, and the virtual ones that cannot be read."""
    from kernel.tables.source import KINDS

    read_only = {"read_only": True} if "read_only" in KINDS[kind].entries else {}
    return _read_tables({"kind": kind, "path": str(database), **read_only}, database.parent)


def _read_tables(description: dict[str, Any], base: Path) -> tuple[list[Schema], list[str]]:
    from kernel.tables.source import open_source

    source = open_source(description, base)
    try:
        unread = source.unread() if hasattr(source, "unread") else {}
        left_out = [f"{name} ({module})" for name, module in unread.items()]
        return [source.table(name).schema for name in source.table_names()], left_out
    finally:
        source.close()


def _write(folder: Path, files: dict[str, bytes], tables: int) -> Scaffolded:
    try:
        record = _read_record(folder)
        is_new = not folder.exists() or not any(folder.iterdir())
        if not is_new and not record and not (folder / "app.toml").is_file():
            raise OpenError(f"{folder} holds other files and no app", hint="name an empty folder with --app")
        written: list[str] = []
        kept: list[str] = []
        for path, content in files.items():
            place = folder / path
            if _is_own(place, record.get(path), is_new):
                kept.append(path)
            elif not place.is_file() or read_bytes(place) != content:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
                written.append(path)
        for path in record.keys() - files.keys():
            if _hash(folder / path) == record[path]:
                (folder / path).unlink()
        hashes = {path: record.get(path, "") if path in kept else _sha256(files[path]) for path in files}
        if written or hashes != record:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / RECORD).write_text(json.dumps(hashes, indent=1, sort_keys=True), encoding="utf-8")
    except OSError as error:
        raise OpenError(f"the app folder {folder} cannot be written: {error.strerror or error}") from error
    return Scaffolded(folder, tables, tuple(written), tuple(kept))


def _is_own(place: Path, recorded: str | None, is_new: bool) -> bool:
    """Whether a file is the person's: edited, deleted on purpose, or never generated."""
    if is_new:
        return False
    current = _hash(place)
    if recorded is None:
        return bool(current)
    return current != recorded


def _read_record(folder: Path) -> dict[str, str]:
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:  # a damaged record: every file counts as the person's own
        return {}
    return {str(path): str(value) for path, value in record.items()} if isinstance(record, dict) else {}


def _hash(place: Path) -> str:
    """The file's SHA-256; empty when there is none."""
    return _sha256(read_bytes(place)) if place.is_file() else ""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
