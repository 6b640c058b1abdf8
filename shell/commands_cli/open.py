"""``espalier open TARGET``: anything that can be opened; for a database the app is made first."""

from __future__ import annotations

import argparse
from pathlib import Path

from kernel.error import EspalierError
from shell.command_line import UsageError
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Open the target, or only make its app; answers the exit code."""
    from shell.target import is_address, is_path

    target = arguments.target
    is_database = is_address(target) or (is_path(target) and not _is_folder_or_layout(Path(target).expanduser()))
    if not is_database and (arguments.app or arguments.scaffold_only):
        raise UsageError("--app and --scaffold-only are for databases")
    if is_database and (arguments.app or arguments.scaffold_only):
        folder = scaffold(target, arguments.app, session)
        if arguments.scaffold_only:
            return 0
        target = str(folder)
    from shell.boot import run as run_boot

    return run_boot(target, session.given)


def _is_folder_or_layout(path: Path) -> bool:
    return path.is_dir() or path.suffix == ".kdl" or path.name == "app.toml"


def scaffold(database: str, folder: str, session: Session) -> Path:
    """The folder of the app made for a database; tells what was made."""
    from shell.scaffolding import scaffold_address, scaffold_app
    from shell.target import check_database, is_address

    apps, place = session.config.paths.data / "apps", Path(folder).expanduser() if folder else None
    if is_address(database):
        made = scaffold_address(database, apps, place)
    else:
        check_database(Path(database).expanduser())
        made = scaffold_app(Path(database).expanduser(), apps, place)
    print(made.sentence)
    if made.kept:
        print(f"Kept as edited: {', '.join(made.kept)}")
    if not made.tables:
        raise EspalierError(f"{database} has no tables")
    return made.folder
