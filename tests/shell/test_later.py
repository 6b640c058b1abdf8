"""Modules that are imported when something of them is wanted."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run(code: str) -> list[str]:
    """What it prints, in an interpreter that has imported next to nothing."""
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def test_a_module_is_imported_when_something_of_it_is_wanted() -> None:
    said = run("""
        import sys
        from shell.later import later
        with later("zipfile"):
            import zipfile
        print("zipfile" in sys.modules, zipfile.ZIP_STORED, sys.modules["zipfile"] is zipfile)
        import zipfile as again
        print(again is sys.modules["zipfile"], zipfile.ZipFile is again.ZipFile)
    """)
    assert said == ["False", "0", "False", "True", "True"]


def test_something_may_be_wanted_within_the_block() -> None:
    said = run("""
        import sys
        from shell.later import later
        with later("zipfile", "textwrap"):
            from zipfile import ZIP_STORED
            import textwrap
            print(ZIP_STORED, "zipfile" in sys.modules, textwrap.dedent(" a"))
        print(sys.modules["zipfile"].ZipFile.__name__, sys.modules["textwrap"].__file__ is not None)
    """)
    assert said == ["0", "True", "a", "ZipFile", "True"]


def test_what_is_imported_stays_and_nothing_is_left_behind() -> None:
    said = run("""
        import sys, textwrap
        from shell.later import later
        try:
            with later("zipfile", "textwrap"):
                print(sys.modules["textwrap"] is textwrap)
                raise KeyError
        except KeyError:
            print("zipfile" in sys.modules)
    """)
    assert said == ["True", "False"]


def test_a_name_that_is_not_there_is_told_as_ever() -> None:
    said = run("""
        from shell.later import later
        with later("zipfile", "no_such_module"):
            import zipfile, no_such_module
        for module in (zipfile, no_such_module):
            try:
                module.nothing
            except (AttributeError, ImportError) as error:
                print(type(error).__name__)
    """)
    assert said == ["AttributeError", "ModuleNotFoundError"]


def test_qt_has_them_when_it_wants_them() -> None:
    said = run("""
        import sys
        from shell.qt import import_qt
        import_qt()
        print({"inspect", "zipfile", "tempfile"} & set(sys.modules) or "none")
        from PySide6.QtCore import QPoint
        try:
            QPoint("no point")
        except TypeError as error:
            print("PySide6.QtCore.QPoint" in str(error), "inspect" in sys.modules)
    """)
    assert said == ["none", "True", "True"]
