"""``espalier tree FILE``: the node tree that a layout makes, as text. Never imports Qt."""

from __future__ import annotations

import argparse
import sys

from shell.commands_cli.layout_place import find_layouts
from shell.kinds import all_kinds, known_names
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Print the tree of each layout; answers 1 when one is wrong, its problems go to standard error."""
    from layouts.dump import dump
    from layouts.load import load_layout
    from layouts.problem import LayoutError

    place = find_layouts(arguments.path)
    kinds, known = all_kinds(session.config), known_names()
    code = 0
    for path in place.layouts:
        try:
            sys.stdout.write(dump(load_layout(path, place.read_file, kinds=kinds, known=known), kinds))
        except LayoutError as error:
            for problem in error.problems:
                print(f"espalier: {problem.where}: {problem.message}", file=sys.stderr)
            code = 1
    return code
