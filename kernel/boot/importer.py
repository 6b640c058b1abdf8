"""The seam through which agents are found: a package on this machine, an app's own modules, a dict in tests."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class Importer(Protocol):
    """Finds agents by name."""

    def find(self, name: str) -> Any | None:
        """The agent's module, imported now if it was not before; None when no agent has that name.

        Whatever the module raises while it is imported goes through.
        """

    def names(self) -> Iterable[str]:
        """The names of all agents that :meth:`find` would find, none of them imported for it."""


class PackageImporter:
    """Agents that are modules of one package (``shell.agents``)."""

    def __init__(self, package: str) -> None:
        self._package = package

    def find(self, name: str) -> Any | None:
        """See :meth:`Importer.find`; a name that is no plain identifier is never found."""
        if not name.isidentifier() or name.startswith("_"):
            return None
        path = f"{self._package}.{name}"
        try:
            return importlib.import_module(path)
        except ModuleNotFoundError as error:
            # Only the agent itself may be missing; a module that the agent imports must not look like that.
            if error.name != path:
                raise
            return None

    def names(self) -> list[str]:
        """See :meth:`Importer.names`."""
        import pkgutil

        spec = importlib.util.find_spec(self._package)
        places = spec.submodule_search_locations if spec else None
        return sorted(module.name for module in pkgutil.iter_modules(places or ()) if not module.name.startswith("_"))


class TableImporter:
    """Agents given by hand: name → module, or a function that imports it."""

    def __init__(self, agents: Mapping[str, Any]) -> None:
        self._agents = agents

    def find(self, name: str) -> Any | None:
        """See :meth:`Importer.find`."""
        agent = self._agents.get(name)
        return agent() if callable(agent) else agent

    def names(self) -> list[str]:
        """See :meth:`Importer.names`."""
        return sorted(self._agents)


class ImporterChain:
    """Several importers, asked in order: the shell's agents first, then an app's own."""

    def __init__(self, *importers: Importer) -> None:
        self._importers = importers

    def find(self, name: str) -> Any | None:
        """See :meth:`Importer.find`."""
        for importer in self._importers:
            module = importer.find(name)
            if module is not None:
                return module
        return None

    def names(self) -> list[str]:
        """See :meth:`Importer.names`."""
        return sorted({name for importer in self._importers for name in importer.names()})
