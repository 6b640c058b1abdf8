"""Where a person's files live: the platform's directories, or all below one base directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from platformdirs import PlatformDirs


class Paths(NamedTuple):
    """Directories of one person; none of them need exist.

    Attributes:
        config: ``config.toml`` and ``keys.toml``.
        data: Scaffolded apps and the databases of local apps.
        cache: Releases and blobs; may be deleted at any time.
        state: Window states and logs.
        runtime: Sockets of running processes.
        basedir: The base directory when one was given, else None.
    """

    config: Path
    data: Path
    cache: Path
    state: Path
    runtime: Path
    basedir: Path | None = None

    @property
    def config_file(self) -> Path:
        """The person's ``config.toml``."""
        return self.config / "config.toml"


def find_paths(basedir: str | os.PathLike[str] | None = None) -> Paths:
    """The directories below ``basedir``, or the platform's own when it is None or empty."""
    if basedir:
        base = Path(os.path.abspath(os.path.expanduser(basedir)))
        return Paths(*(base / name for name in ("config", "data", "cache", "state", "runtime")), basedir=base)
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("espalier", appauthor=False)
    return Paths(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path, dirs.user_state_path, _runtime(dirs))


def _runtime(dirs: PlatformDirs) -> Path:
    """The platform's directory for sockets; without a login session a private one among the temporary files.

    NOTE: whoever makes it checks that it belongs to this person (see ``server.embedded.make_private``).
    """
    if os.environ.get("XDG_RUNTIME_DIR") or not hasattr(os, "getuid"):
        return dirs.user_runtime_path
    return Path(os.environ.get("TMPDIR", "/tmp")) / f"espalier-{os.getuid()}"
