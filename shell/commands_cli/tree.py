"""``espalier tree FILE``: the node tree that a layout makes, as text. Never imports Qt."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from shell.commands_cli.layout_place import find_layouts
from shell.kinds import all_kinds, known_names
from shell.session import Session

if TYPE_CHECKING:
    from layouts.node import Layout


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Print the tree of each layout; answers 1 when one is wrong, its problems go to standard error."""
    from layouts.dump import dump
    from layouts.load import load_layout
    from layouts.problem import LayoutError

    place = find_layouts(arguments.path)
    kinds, known = all_kinds(session.config), known_names(config=session.config)
    code = 0
    for path in place.layouts:
        try:
            layout = load_layout(path, place.read_file, kinds=kinds, known=known)
            sys.stdout.write(_json(layout) if arguments.json else dump(layout, kinds))
        except LayoutError as error:
            for problem in error.problems:
                print(f"espalier: {problem.where}: {problem.message}", file=sys.stderr)
            code = 1
    return code


def _json(layout: Layout) -> str:
    import json

    from layouts.json_schema import layout_json

    return json.dumps(layout_json(layout), indent=2, ensure_ascii=False) + "\n"
