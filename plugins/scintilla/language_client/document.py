"""A file as a server knows it: its address, its version and the text that was told last. No Qt here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plugins.scintilla.language_client.change import change_between

#: How texts are told: not at all, whole, or what is other of them.
NONE, FULL, INCREMENTAL = 0, 1, 2


def uri_of(path: Path) -> str:
    """The address of a file."""
    return path.absolute().as_uri()


def path_of(uri: str) -> Path | None:
    """The file of an address; None for addresses that are no files."""
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(uri)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    path = unquote(parts.path)
    # file:///C:/folder
    if len(path) > 2 and path[0] == "/" and path[2] == ":":
        path = path[1:]
    return Path(path) if "\0" not in path else None


class Document:
    """One open file.

    Attributes:
        uri: Its address.
        language: The protocol's name of its language.
        version: Counts what was told; 0 = not opened yet.
        sent: The text that was told last, UTF-8.
        users: How many editors show it.
    """

    def __init__(self, path: Path, language: str) -> None:
        self.uri = uri_of(path)
        self.language = language
        self.version = self.users = 0
        self.sent = b""

    def opened(self, text: bytes) -> dict[str, Any]:
        """Parameters of ``didOpen``."""
        self.version += 1
        self.sent = text
        item = {"uri": self.uri, "languageId": self.language, "version": self.version, "text": text.decode()}
        return {"textDocument": item}

    def changed(self, text: bytes, kind: int, encoding: str) -> dict[str, Any] | None:
        """Parameters of ``didChange``; None where there is nothing to tell."""
        found = change_between(self.sent, text, encoding)
        if found is None or kind == NONE:
            self.sent = text
            return None
        self.version += 1
        self.sent = text
        if kind == FULL:
            change: dict[str, Any] = {"text": text.decode()}
        else:
            (line, character), (last, end) = found.start, found.stop
            places = {"start": {"line": line, "character": character}, "end": {"line": last, "character": end}}
            change = {"range": places, "text": found.text}
        return {"textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": [change]}

    @property
    def name(self) -> dict[str, str]:
        """The file in a request."""
        return {"uri": self.uri}
