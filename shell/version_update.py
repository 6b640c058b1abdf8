"""Fetching newer versions of Espalier from a server: when somebody asks, and behind a window where they want that."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from kernel.release import Manifest
from shell.server_link import Servers
from shell.version_install import APP, install
from shell.version_trial import given_up


class Update(NamedTuple):
    """What a server has: its release, and whether the next start tries it."""

    manifest: Manifest
    is_new: bool


def folder_in(paths: Any) -> str:
    """Where a person's versions are; see :func:`shell.version_choice.folder_of`."""
    return os.path.join(paths.data, "program")


def update(servers: Servers, server: str, folder: str, *, is_asked: bool = True) -> Update:
    """Take the newest version that a server publishes, unless it is here.

    Args:
        servers: Of this process.
        server: A known server's name, or an address.
        folder: Where the person's versions are.
        is_asked: Whether a version that was given up here is tried once more.

    Raises:
        EspalierError: the server is away or has none, it is not proven, or it cannot be used here.
    """
    servers.checked_address(server)
    delivery = servers.delivery(server)
    manifest = delivery.refresh(APP, servers.channel_of(APP))
    release = delivery.release_id(APP)
    if not is_asked and release in given_up(folder):
        return Update(manifest, False)
    return Update(manifest, install(manifest, delivery.reader(manifest), release, folder, server))


def update_behind(session: Any, window: Any) -> None:
    """Look at the server that the option ``updates.shell`` names, in a thread, and tell in the window what came."""
    import threading

    from kernel.error import EspalierError
    from kernel.tables.error import UnavailableError
    from kernel.words import say

    report, config, server = window.messages.report, session.config, session.config["updates.shell"]

    def work() -> None:
        servers = Servers(config)
        try:
            found = update(servers, server, folder_in(config.paths), is_asked=False)
            if found.is_new:
                version = found.manifest.version
                report("info", say("Espalier {version} is here and is used from the next start on", version=version))
        except UnavailableError:
            return  # the next start looks again
        except EspalierError as error:
            report("warning", say("A newer Espalier was not taken"), str(error))
        finally:
            servers.close()

    threading.Thread(target=work, name="looking for a newer Espalier", daemon=True).start()
