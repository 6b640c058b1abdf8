"""An app whose files would be modules by the names of Python's or Espalier's own: neither published nor opened."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kernel.code.app_code import AppCode
from kernel.code.tree import memory_tree
from kernel.delivery.path import check_manifest
from kernel.release import File, Manifest, ReleaseError

NAMES = ["scripts/json.py", "json/__init__.py", "scripts/PySide6/QtCore.py", "shell/core.py", "scripts/kernel.py"]


def manifest(*paths: str) -> Manifest:
    files = {path: File("0" * 64, 1) for path in ("app.toml", "main.kdl", *paths)}
    return Manifest("desk", "Desk", "1", 1, "", (), files)


@pytest.mark.parametrize("path", NAMES)
def test_a_manifest_with_such_a_module_is_refused(path: str) -> None:
    """The one check that publishing and opening share."""
    with pytest.raises(ReleaseError, match=f"{path} would be a module .*Python's or Espalier's own"):
        check_manifest(manifest(path))


def test_names_that_only_look_so_are_fine() -> None:
    check_manifest(manifest("scripts/desk/json.py", "jsons.py", "json.txt", "shell.kdl", "scripts/jsonish/__init__.py"))


def test_a_module_that_came_all_the_same_is_not_imported() -> None:
    """Also when Python has not imported its own module of that name yet."""
    code = (
        "from kernel.code.app_code import AppCode\n"
        "from kernel.code.tree import memory_tree\n"
        "tree = memory_tree({'scripts/wave.py': b'evil = 1', 'scripts/user.py': b'import wave, kernel.error'})\n"
        "user = AppCode('desk', tree).module('user')\n"
        "print(hasattr(user.wave, 'evil'), user.wave.__name__, user.kernel.__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["False", "wave", "kernel"], done.stderr


def test_the_shell_never_gets_an_app_s_module() -> None:
    """An app may bring a module called like a library of ours; it is the app's alone."""
    code = AppCode("desk", memory_tree({"scripts/polib.py": b"EVIL = 1", "scripts/use.py": b"import polib"}))
    try:
        assert code.module("use").polib.EVIL == 1
        import polib

        assert not hasattr(polib, "EVIL")
    finally:
        code.close()
