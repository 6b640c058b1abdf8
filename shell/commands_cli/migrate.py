"""``espalier migrate PATH…``: layouts of older versions of the language in the newest one.

Says what would be written otherwise; ``--write`` writes it, ``--check`` exits with 1 when something is older.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shell.commands_cli.fmt import FormatError, layout_files, write_layout
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Tell, and with ``--write`` rewrite, what is older; all files are read before the first is written."""
    from layouts.construct import LANGUAGE_VERSION
    from layouts.migration.text import migrate_text
    from layouts.problem import LayoutError

    code, fresh = 0, {}
    files = [file for path in arguments.paths for file in layout_files(path)]
    for file in files:
        try:
            text = _text(file)
            found = migrate_text(text, str(file))
        except LayoutError as error:
            print(error, file=sys.stderr)
            code = 1
            continue
        for where, row in found.changes:
            print(f"{where}: {row.doc}")
        if found.text != text:
            version = "no version of its own" if found.version is None else f"version {found.version}"
            print(f"{file}: {version}, now {LANGUAGE_VERSION}" if arguments.write else f"{file}: {version}")
            fresh[file] = found.text
    if code and arguments.write:
        print("nothing was written: mend what is wrong first", file=sys.stderr)
        return 1
    for file, text in fresh.items() if arguments.write else ():
        write_layout(file, text)
    count, ended = f"{len(files)} layout{'' if len(files) == 1 else 's'}", "rewritten" if arguments.write else "older"
    print(f"{count} looked at, {len(fresh)} {ended}")
    return 1 if code or (arguments.check and fresh) else 0


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"{file} is no UTF-8 text") from error
    except OSError as error:
        raise FormatError(f"{file} cannot be read: {error.strerror or error}") from error
