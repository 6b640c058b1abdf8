"""Boot agents that are modules of the app itself, from its verified bytes.

They are asked after the shell's own agents, so none of those can be replaced.
"""

from __future__ import annotations

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


def importer(session: Session) -> Importer:
    """The agents of a boot: the shell's, then the app's."""
    return ImporterChain(PackageImporter("shell.agents"), AppImporter(session))
