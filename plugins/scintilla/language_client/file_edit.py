"""Edits that make, rename or delete files: worked out on contents in memory, then made as a whole or not at all."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.api import is_open_database, read_bytes, say, say_count
from plugins.scintilla.language_client.consent import is_below
from plugins.scintilla.language_client.document import path_of
from plugins.scintilla.language_client.protocol import DocumentChange, FileOptions, WorkspaceEdit
from plugins.scintilla.language_client.workspace_edit import edited
from plugins.scintilla.list_panel import Row

if TYPE_CHECKING:
    from plugins.scintilla.language_client.assistant import Client
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.language_client.server import Server

#: Files of a folder that is renamed or deleted, at most.
MOST = 2_000
_DEFAULT = FileOptions()


class Plan(NamedTuple):
    """What becomes of files.

    Attributes:
        files: File → its bytes now and then; None where there is none.
        renamed: File → what it is called then.
    """

    files: dict[Path, tuple[bytes | None, bytes | None]]
    renamed: dict[Path, Path]


def moves_files(edit: WorkspaceEdit) -> bool:
    """Whether files are made, renamed or deleted by it."""
    return any(one.kind for one in edit.document_changes or ())


def plan(client: Client, server: Server, edit: WorkspaceEdit) -> Plan:
    """Work out what an edit does; nothing is done yet.

    Raises:
        ValueError: it cannot be done; says why.
    """
    for served in client.texts():
        served.text.tell()
    made = _Planning(client, server)
    for one in edit.document_changes or ():
        made.do(one)
    return made.plan


class _Planning:
    """Contents of files as the steps so far leave them."""

    def __init__(self, client: Client, server: Server) -> None:
        self._client, self._server = client, server
        self._then: dict[Path, bytes | None] = {}
        self._now: dict[Path, bytes | None] = {}
        self._renamed: dict[Path, Path] = {}

    @property
    def plan(self) -> Plan:
        """What all steps together come to."""
        both = {path: (self._now[path], then) for path, then in self._then.items()}
        return Plan({path: (now, then) for path, (now, then) in both.items() if now != then}, self._renamed)

    def do(self, one: DocumentChange) -> None:
        """One step."""
        if not one.kind:
            path = self._path(one.text_document.uri if one.text_document is not None else "")
            text = self._read(path)
            if text is None:
                raise ValueError(say("{path} is not there", path=path))
            self._then[path] = edited(text, one.edits or [], self._server.encoding)
            return
        step = {"create": self._create, "rename": self._rename, "delete": self._delete}.get(one.kind)
        if step is None:
            raise ValueError(say("“{kind}” is nothing that can be done with files", kind=one.kind))
        step(one, one.options or _DEFAULT)

    def _create(self, one: DocumentChange, options: FileOptions) -> None:
        path = self._path(one.uri)
        if self._is_free(path, options):
            self._then[path] = b""

    def _rename(self, one: DocumentChange, options: FileOptions) -> None:
        old, new = self._path(one.old_uri), self._path(one.new_uri)
        inside = self._inside(self._plain(old))
        if not inside and self._read(old) is None:
            raise ValueError(say("{path} is not there", path=old))
        for path in inside or [old]:
            target = new / path.relative_to(old) if inside else new
            if self._is_free(target, options):
                self._then[target], self._then[path] = self._read(path), None
                first = next((was for was, then in self._renamed.items() if then == path), path)
                self._renamed[first] = target

    def _delete(self, one: DocumentChange, options: FileOptions) -> None:
        path = self._path(one.uri)
        inside = self._inside(self._plain(path))
        if inside and not options.recursive:
            raise ValueError(say("{path} is a folder with files", path=path))
        if not inside and self._read(path) is None:
            if not options.ignore_if_not_exists and not path.is_dir():
                raise ValueError(say("{path} is not there", path=path))
            return
        for file in inside or [path]:
            self._read(file)
            self._then[file] = None

    def _is_free(self, path: Path, options: FileOptions) -> bool:
        """Whether a file may be made there; false where that is to be passed over."""
        if path.is_dir():
            raise ValueError(say("{path} is a folder", path=path))
        if self._read(path) is None or options.overwrite:
            return True
        if options.ignore_if_exists:
            return False
        raise ValueError(say("{path} is there already", path=path))

    def _inside(self, folder: Path) -> list[Path]:
        """The files of a folder as they are now; none where it is no folder."""
        if not folder.is_dir():
            return []
        found = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
        if len(found) > MOST:
            raise ValueError(say("{path} has more than {count:,} files", path=folder, count=MOST))
        return [path for path in found if self._read(self._plain(path)) is not None]

    def _plain(self, path: Path) -> Path:
        """The same file, which may go from where it is."""
        if path.is_symlink() or not is_below(path, self._server.root):
            raise ValueError(say("{path} is a link to another file", path=path))
        return path

    def _path(self, uri: str) -> Path:
        path = path_of(uri)
        if path is None:
            raise ValueError(say("{address} is no file of this machine", address=uri))
        if not is_below(path, self._server.root) or path == self._server.root:
            raise ValueError(say("{path} is outside of the project", path=path))
        return path

    def _read(self, path: Path) -> bytes | None:
        """The content as it is after the steps so far."""
        if path not in self._then:
            if any(one.text.file == path and one.code.is_dirty for one in self._client.texts()):
                raise ValueError(say("{path} has edits that are not written; save it first", path=path))
            if is_open_database(path):
                raise ValueError(say("{path} is a database that is open", path=path))
            try:
                self._now[path] = read_bytes(path) if path.exists() else None
            except OSError as error:
                raise ValueError(say("{path} cannot be read: {reason}", path=path, reason=error.strerror)) from error
            self._then[path] = self._now[path]
        return self._then[path]


def make(served: ServedText, planned: Plan, title: str, done: Callable[[str], Any]) -> None:
    """Have the window make all of it, as one step to undo.

    Args:
        done: Gets why nothing was done, empty when all was.
    """
    window, client, renamed = served.pane.window(), served.client, planned.renamed

    def end(failure: str) -> None:
        if not failure:
            _follow(client, renamed)
        done(failure)

    def turned(is_back: bool) -> None:
        _follow(client, {new: old for old, new in renamed.items()} if is_back else renamed)

    modes = {new: stat.S_IMODE(old.stat().st_mode) for old, new in renamed.items() if old.exists()}
    changes = [(path, now, then, modes.get(path)) for path, (now, then) in planned.files.items()]
    window.change_files(changes, title, end, turned)  # type: ignore[attr-defined]


def _follow(client: Client, renamed: dict[Path, Path]) -> None:
    """Editors show the files under their new names."""
    from plugins.scintilla.going import go_to_file

    for one in client.texts():
        path = renamed.get(one.text.file) if one.text.file is not None else None
        if path is not None:
            go_to_file(one.editor, path, lambda _pane: None)


def rows_of(planned: Plan, shown: Callable[[Path], str]) -> list[Row]:
    """What becomes of each file, for the list in which a person sees it before."""
    goals = set(planned.renamed.values())
    rows = [
        Row(shown(old), say("becomes {path}", path=shown(new)), ("edit", "muted"))
        for old, new in planned.renamed.items()
    ]
    for path, (now, then) in planned.files.items():
        if now is None and path not in goals:
            rows.append(Row(shown(path), say("is made"), ("add", "success")))
        elif then is None and path not in planned.renamed:
            rows.append(Row(shown(path), say("is deleted"), ("delete", "error")))
        elif now is not None and then is not None:
            rows.append(Row(shown(path), say("is changed"), ("document", "muted")))
    return rows


def told(planned: Plan) -> str:
    """What to say when it was done."""
    return say_count("{count} file is other now", "{count} files are other now", len(planned.files))
