"""The hook that git runs at pushes: written by the server into its own directory, and into a bare repository.

A hook that somebody else has put there is left alone. Hooks never travel with a clone or a push.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from server.log import Log
from server.repository import Repository

NAME = "pre-receive"
_MARK = "# Written by Espalier's server at every start; it says who may push and what will be released."
_ROOT = Path(__file__).resolve().parent.parent.parent


def install(repository: Repository, own: Path, audit: Path, log: Log) -> Path:
    """Write the hook; answers the folder of the server's own one, for pushes that come through the server."""
    folder = own / "hooks"
    text = _text(repository.git_dir, own, audit)
    places = [folder / NAME]
    if repository.is_bare:
        place = repository.git_dir / "hooks" / NAME
        if place.exists() and _MARK not in place.read_text(errors="replace"):
            log.info("another hook is there", path=place, hint="let it run the one in espalier/hooks as well")
        else:
            places.append(place)
    for place in places:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.exists() or place.read_text() != text:
                fresh = place.with_name(f".{NAME}.new")
                fresh.write_text(text)
                fresh.chmod(0o755)
                fresh.replace(place)
        except OSError as error:
            log.warning("pushes are not checked as they come", path=place, error=error)
    return folder


def _text(git_dir: Path, own: Path, audit: Path) -> str:
    python, root = shlex.quote(sys.executable), shlex.quote(str(_ROOT))
    places = " ".join(shlex.quote(str(path.absolute())) for path in (git_dir, own, audit))
    return f"""#!/bin/sh
{_MARK}
if [ ! -x {python} ]; then
    echo "espalier: {python} is gone, this push is not checked here" >&2
    exit 0
fi
PYTHONPATH={root}; export PYTHONPATH
exec {python} -P -m server.publishing.pushed {places}
"""
