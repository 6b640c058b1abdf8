"""``espalier convert FILE [-o OUT]``: an app of a form, a page, a database or a file of rows.

What is there already is never written over; a folder is there whole or not at all. What was not carried is printed,
each with its line in FILE.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from kernel.error import EspalierError
from layouts.importer.draft import Outcome
from shell.session import Session

#: Bytes that tell a form from a page.
_HEAD = 2000
_FORM = re.compile(rb"<ui[\s>]", re.IGNORECASE)
_PAGES = (".html", ".htm", ".xhtml", ".xht")
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
#: Endings of the files that a page may take along, and how many bytes each of them may have.
_BESIDE = (".css", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp")
_MOST_BESIDE = 5_000_000


class ConvertError(EspalierError):
    """A place that cannot be written."""


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Make the app or the layout, and tell what was left behind."""
    from shell.target import is_address

    if is_address(arguments.file):
        return _scaffold(arguments.file, arguments.out, session)
    path = Path(arguments.file).expanduser()
    importer = _importer(path)
    if importer is None:
        return _scaffold(arguments.file, arguments.out, session)
    out = Path(arguments.out).expanduser() if arguments.out else Path(path.stem or "app")
    _check_free(out)
    outcome = importer(path)
    made = _write_layout(out, outcome) if out.suffix == ".kdl" else _write_app(out, outcome)
    _tell(outcome, made)
    return 0


def _tell(outcome: Outcome, made: str) -> None:
    for lost in outcome.lost:
        print(f"{lost.where.file}:{lost.where.line}: {lost.message}" if lost.where.line else lost.message)
    count = len(outcome.lost)
    left = f"{count} thing{' is' if count == 1 else 's are'} not as in the file"
    print(f"Made {made}; {left if count else 'all of the file is in it'}")


def _importer(path: Path) -> Callable[[Path], Outcome] | None:
    """What reads the file; None for anything but a form or a page."""
    from shell.target import check_file

    check_file(path)
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if suffix == ".ui" or _FORM.search(head):
        return _read_form
    if suffix in _PAGES or _PAGE.search(head):
        return _read_page
    return None


def _read_form(path: Path) -> Outcome:
    from layouts.importer.designer.reading import import_form

    return import_form(_content(path), str(path))


def _read_page(path: Path) -> Outcome:
    """The page, with style sheets and pictures that stand in its folder or beside that; nothing else is read."""
    from layouts.importer.page.reading import import_page

    folder = path.absolute().parent

    def read_file(name: str) -> bytes | None:
        place = (folder / name).resolve()
        is_near = place.is_relative_to(folder.parent.resolve()) and place.suffix.lower() in _BESIDE
        if not is_near or not place.is_file() or place.stat().st_size > _MOST_BESIDE:
            return None
        return _content(place)

    return import_page(_content(path), str(path), read_file)


def _content(path: Path) -> bytes:
    from layouts.importer.draft import MOST_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror or error}") from error


def _scaffold(target: str, out: str, session: Session) -> int:
    from shell.commands_cli.open import scaffold

    scaffold(target, out, session)
    return 0


def _check_free(out: Path) -> None:
    is_free = not out.exists() or (out.is_dir() and not any(out.iterdir()) and out.suffix != ".kdl")
    if not is_free:
        what = "holds other files" if out.is_dir() else "is there already"
        raise ConvertError(f"{out} {what}", hint="name another place with -o")


def _write_app(out: Path, outcome: Outcome) -> str:
    """The app's folder, whole or not at all."""
    from layouts.importer.app_files import app_files

    out = out.absolute()
    fresh = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        for path, content in app_files(out.name, outcome).items():
            place = fresh / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        if out.exists():
            out.rmdir()
        fresh.rename(out)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise ConvertError(f"{out} cannot be written: {error.strerror or error}") from error
    return f"the app {out}"


def _write_layout(out: Path, outcome: Outcome) -> str:
    """The layout's file, and beside it what it needs."""
    from layouts.importer.app_files import layout_files

    files = {out.with_name(path): content for path, content in layout_files(outcome, out.name).items()}
    for place in files:
        _check_free(place)
    try:
        for place, content in files.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    except OSError as error:
        raise ConvertError(f"{out} cannot be written: {error.strerror or error}") from error
    return ", ".join(map(str, files))
