"""Which files the widgets of an app may touch: its own folder's, others with the permission alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from shell.file_place import file_place

FOLDER = Path("/somewhere/app")
LOCAL = SimpleNamespace(folder=FOLDER)
SERVED = SimpleNamespace(manifest=SimpleNamespace(permissions=()))
TRUSTED = SimpleNamespace(manifest=SimpleNamespace(permissions=("files",)))


@pytest.mark.parametrize(
    ("app", "path", "place"),
    [
        (LOCAL, "notes.txt", FOLDER / "notes.txt"), (LOCAL, "a/b.txt", FOLDER / "a/b.txt"),
        (LOCAL, "../other.txt", None), (LOCAL, "/etc/hosts", Path("/etc/hosts")),
        (SERVED, "notes.txt", None), (SERVED, "/etc/hosts", None), (SERVED, "~/x", None),
        (TRUSTED, "notes.txt", None), (TRUSTED, "/etc/hosts", Path("/etc/hosts")),
        (LOCAL, "", None), (LOCAL, "a\0b", None), (SimpleNamespace(), "/etc/hosts", None),
    ],
)  # fmt: skip
def test_where_a_file_may_lie(app: SimpleNamespace, path: str, place: Path | None) -> None:
    assert file_place(app, path) == place
