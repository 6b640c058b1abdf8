"""``espalier diff APP|DIR [FROM] [TO]``: what differs between two releases, or between a release and a folder.

Files are named, texts shown line by line, and layouts by their trees as well: what a window would have that it had not.
Exit codes: 0 = the same, 1 = different, as of ``diff``.
"""

from __future__ import annotations

import argparse
import difflib
from pathlib import Path

from kernel.error import EspalierError
from shell.commands_cli.publish import _print_json
from shell.publishing.client import Client
from shell.publishing.difference import Side, folder_side, release_side, text_of
from shell.publishing.difference import changes as changes_between
from shell.publishing.release import link_of
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Compare and tell; answers the exit code."""
    folder = Path(arguments.target).expanduser()
    is_folder = (folder / "app.toml").is_file() and not arguments.second
    app = _name_of(folder) if is_folder else arguments.target
    try:
        client = Client(link_of(arguments.server, session))
        if is_folder:
            before, after = release_side(client, app, arguments.first, arguments.channel), folder_side(folder)
        else:
            before = release_side(client, app, arguments.first or _one_before(client, app, arguments.channel), "")
            after = release_side(client, app, arguments.second, arguments.channel)
    finally:
        session.close()
    changes = dict(changes_between(before, after))
    if arguments.json:
        _print_json({"from": before.name, "to": after.name, "files": changes})
        return 1 if changes else 0
    if not changes:
        print(f"{before.name} and {after.name} are the same")
        return 0
    print(f"{before.name} → {after.name}: {len(changes)} {'file differs' if len(changes) == 1 else 'files differ'}")
    for path, change in changes.items():
        print(f"{change:<8} {path}")
    for path in changes:
        _print_lines(path, before, after)
    _print_trees(before, after, session)
    return 1


def _print_lines(path: str, before: Side, after: Side) -> None:
    """The lines of a text that differ."""
    texts = [text_of(side.contents.get(path, b"")) for side in (before, after)]
    if None in texts:
        return
    old, new = (str(text).splitlines() for text in texts)
    print()
    for line in difflib.unified_diff(old, new, f"{before.name}/{path}", f"{after.name}/{path}", lineterm=""):
        print(line)


def _print_trees(before: Side, after: Side, session: Session) -> None:
    """The widgets that differ, where both layouts can be read."""
    trees = [_tree(side, session) for side in (before, after)]
    if not all(trees) or trees[0] == trees[1]:
        return
    print()
    for line in difflib.unified_diff(*trees, f"tree of {before.name}", f"tree of {after.name}", lineterm="", n=1):
        print(line)


def _tree(side: Side, session: Session) -> list[str]:
    from layouts.app_manifest import read_app
    from layouts.dump import dump
    from layouts.load import load_layout
    from shell.kinds import all_kinds, known_names

    try:
        app = read_app(side.contents.get)
        known = known_names(config=session.config, permissions=lambda: app.permissions)
        layout = load_layout(app.layout, side.contents.get, kinds=all_kinds(session.config), known=known)
    except EspalierError:
        return []
    return dump(layout).splitlines()


def _name_of(folder: Path) -> str:
    from layouts.app_manifest import read_app

    return read_app(lambda path: (folder / path).read_bytes()).name


def _one_before(client: Client, app: str, channel: str) -> str:
    """The number of the release before the one that a channel has.

    Raises:
        EspalierError: there is none.
    """
    found = client.log(app, 200)
    name = channel or "stable"
    serials = [one["serial"] for one in found["log"] if one["action"] == "released" and one["channel"] == name]
    if len(serials) < 2:
        raise EspalierError(f"'{app}' has one release on {name} only", hint=f"espalier log {app} lists them")
    return str(serials[1])
