"""Boot agents that are modules of the app itself, from its verified bytes.

They are asked after the shell's own agents, so none of those can be replaced.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from kernel.boot.importer import Importer, ImporterChain, PackageImporter
from shell.session import Session


class AppImporter:
    """Finds agents among the modules of the session's app; nothing before an app is open.

    A name in the boot entry is a module's dotted name: ``warm_up`` is ``scripts/warm_up.py`` or ``warm_up.py``.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, name: str) -> Any | None:
        """See :meth:`kernel.boot.importer.Importer.find`."""
        if self._session.app is None or not all(part.isidentifier() for part in name.split(".")):
            return None
        return self._session.scripts.module(name)

    def names(self) -> list[str]:
        """None: an app's modules are not listed, only found."""
        return []


class PluginImporter:
    """Finds agents of plugins by the names in their manifests; a plugin is imported when its agent's turn comes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, name: str) -> Any | None:
        """See :meth:`kernel.boot.importer.Importer.find`."""
        from shell.kinds import plugin_set

        for plugin in plugin_set(self._session.config).plugins:
            for agent in plugin.manifest.agents:
                if agent.name == name:
                    from shell.plugin_life import ready_host

                    return SimpleNamespace(run_agent=ready_host().load(plugin, agent.loader))
        return None

    def names(self) -> list[str]:
        """The agents of all plugins."""
        from shell.kinds import plugin_set

        found = plugin_set(self._session.config).plugins
        return [agent.name for plugin in found for agent in plugin.manifest.agents]


def importer(session: Session) -> Importer:
    """The agents of a boot: the shell's, then those of plugins, then the app's."""
    return ImporterChain(PackageImporter("shell.agents"), PluginImporter(session), AppImporter(session))
