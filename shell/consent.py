"""What a person has agreed to before an app of another machine ran for the first time: its code, and what it asks for.

Python is trusted code of a named publisher: what an app asks for is declared, shown and agreed to, and its scripts are
held to some of it alone (:mod:`kernel.code.permission`). So the question is whether the person trusts the publisher,
and it is asked again when there is more to trust, or somebody else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kernel.release import Manifest
    from shell.session import Session


class Agreed(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was agreed to for one app.

    Attributes:
        permissions: What it asked for.
        has_code: Whether it had scripts, wheels or libraries.
        keys: The keys that could sign it, where the server signs.
    """

    permissions: tuple[str, ...] = ()
    has_code: bool = False
    keys: tuple[str, ...] = ()


class Asked(NamedTuple):
    """What a person is asked.

    Attributes:
        key, title, server: The app and where it is from.
        wanted: What is to be agreed to.
        is_new: Whether nothing was agreed to before; else there is more now, or another publisher.
    """

    key: str
    title: str
    server: str
    wanted: Agreed
    is_new: bool


class Consents:
    """The person's answers.

    Args:
        path: Their file, among the person's data; need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def agreed(self, key: str) -> Agreed | None:
        """What was agreed to for an app; None when nobody was asked, or the file cannot be read."""
        return self._read().get(key)

    def agree(self, key: str, agreed: Agreed) -> None:
        """Keep an answer.

        Raises:
            CacheError: it cannot be written.
        """
        from kernel.cache.durable import write_file

        known = {**self._read(), key: agreed}
        write_file(str(self._path.parent), self._path.name, [msgspec.json.encode(known, order="sorted")])

    def forget(self, key: str) -> None:
        """Ask again the next time."""
        from kernel.cache.durable import write_file

        known = self._read()
        if known.pop(key, None) is not None:
            write_file(str(self._path.parent), self._path.name, [msgspec.json.encode(known, order="sorted")])

    def _read(self) -> dict[str, Agreed]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Agreed])
        except (FileNotFoundError, msgspec.DecodeError):
            return {}  # a damaged file asks again


def consents_of(session: Session) -> Consents:
    """The answers of this person."""
    return Consents(Path(session.config.paths.data) / "consents.json")


def question(app: Any, session: Session) -> Asked | None:
    """What is to be asked before the app runs; None when nothing is.

    Apps of folders and of the person's own server are not asked about: whoever wrote them sits here.
    """
    keys = stranger_keys(app, session)
    if keys is None:
        return None
    from shell.app_code import manifest_has_code

    manifest, server = app.manifest, app.info.server
    wanted = Agreed(tuple(sorted(manifest.permissions)), manifest_has_code(manifest), keys)
    agreed = consents_of(session).agreed(app.info.key)
    if not wanted.permissions and not wanted.has_code:
        return None
    if agreed is not None and covers(agreed, wanted):
        return None
    return Asked(app.info.key, app.info.title, server, wanted, agreed is None)


def stranger_keys(app: Any, session: Session) -> tuple[str, ...] | None:
    """The keys that may sign an app of another machine, as far as they are known; None for one of the person's own."""
    manifest: Manifest | None = getattr(app, "manifest", None)
    trust = session.servers.trust(app.info.server) if manifest is not None and app.info.server else None
    if manifest is None or trust is None:
        return None
    known = trust.state.apps.get(manifest.app) if trust.state is not None else None
    return known.keys if known else ()


def covers(agreed: Agreed, wanted: Agreed) -> bool:
    """Whether nothing has to be asked again: not more is wanted, and one of the keys is a known one."""
    is_known = not agreed.keys or not wanted.keys or bool(set(agreed.keys) & set(wanted.keys))
    return is_known and set(wanted.permissions) <= set(agreed.permissions) and agreed.has_code >= wanted.has_code
