"""``espalier fmt PATH…``: writes layouts in their canonical form, or with ``--check`` only says which are not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kernel.error import EspalierError
from kernel.whole_file import write_whole
from shell.session import Session


class FormatError(EspalierError):
    """A path that holds no layout, or one that cannot be written."""


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Format the files; answers 1 when one is wrong, or with ``--check`` not in its canonical form."""
    if arguments.paths == ["-"]:
        return _format_stream()
    code, changed, files = 0, 0, [file for path in arguments.paths for file in layout_files(path)]
    for file in files:
        found = _format_file(file, is_check=arguments.check)
        if found is None:
            code = 1
        elif found:
            changed += 1
            print(file)
    count = f"{len(files)} layout{'' if len(files) == 1 else 's'}"
    if arguments.check:
        print(f"{count} looked at, {changed} not in their canonical form")
        return 1 if changed or code else 0
    print(f"{count} looked at, {changed} changed")
    return code


def _format_stream() -> int:
    """Standard input to standard output, for editors."""
    from layouts.format import format_text
    from layouts.problem import LayoutError

    try:
        sys.stdout.write(format_text(sys.stdin.read(), "<stdin>"))
    except LayoutError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def layout_files(path: str) -> list[Path]:
    """The layout that a path names, or all below a folder; hidden ones are left out.

    Raises:
        FormatError: there is none.
    """
    place = Path(path).expanduser()
    if place.is_dir():
        inside = sorted(place.rglob("*.kdl"))
        found = [file for file in inside if not any(part[0] == "." for part in file.relative_to(place).parts)]
        if not found:
            raise FormatError(f"{path} holds no layouts")
        return found
    if not place.is_file():
        raise FormatError(f"there is no file or folder {path}")
    return [place]


def _format_file(file: Path, *, is_check: bool) -> bool | None:
    """Whether the file was not in its canonical form; None when it is wrong, which is told."""
    from layouts.format import format_text
    from layouts.problem import LayoutError

    try:
        text = file.read_bytes().decode("utf-8")
        formatted = format_text(text, str(file))
    except UnicodeDecodeError:
        print(f"{file}: this file is no UTF-8 text", file=sys.stderr)
        return None
    except LayoutError as error:
        print(error, file=sys.stderr)
        return None
    except OSError as error:
        raise FormatError(f"{file} cannot be read: {error.strerror or error}") from error
    if formatted == text:
        return False
    if not is_check:
        write_layout(file, formatted)
    return True


def write_layout(file: Path, text: str) -> None:
    """Put the text in the file's place, whole or not at all, with the file's own rights."""
    try:
        write_whole(file, text.encode("utf-8"))
    except OSError as error:
        raise FormatError(f"{file} cannot be written: {error.strerror or error}") from error
