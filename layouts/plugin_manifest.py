"""A plugin's static manifest, ``plugin.toml``: read, checked and listed without importing the plugin's code.

The shell's registry of plugins and whoever checks an app without a shell, as the source server does, read it here.
The records below are the format; what else must hold of them is in ``plugin_rules``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from kernel.error import EspalierError, Where
from kernel.shipped import read_shipped
from layouts.kinds.kind import Event, Kind, Property

#: The version of plugins/api.py that this program offers.
API_VERSION = 1
#: The file's name.
FILE = "plugin.toml"
#: The folder of an app that its own plugins are in.
OWN = "plugins/"


class ManifestError(EspalierError):
    """A plugin.toml is wrong; the message says where."""


class PropertyRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[[kinds.properties]]``: as :class:`layouts.kinds.kind.Property`."""

    name: str
    type: str
    doc: str
    default: Any = None
    argument: int = 0
    choices: tuple[str, ...] = ()
    is_required: bool = False


class EventRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[[kinds.events]]``: as :class:`layouts.kinds.kind.Event`."""

    name: str
    signal: str
    doc: str


class KindRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[[kinds]]``: as :class:`layouts.kinds.kind.Kind`; ``loader`` is ``module:Class`` within the plugin."""

    name: str
    doc: str
    loader: str
    role: str
    properties: tuple[PropertyRecord, ...] = ()
    children: tuple[str, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    example: str = ""
    events: tuple[EventRecord, ...] = ()
    named_by: tuple[str, ...] = ()


class SourceRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[sources.NAME]``: a kind of source; ``loader`` is ``module:callable`` within the plugin.

    The callable gets the entries of the app's description that ``entries`` names, and answers the tables by name.
    """

    doc: str
    loader: str
    entries: tuple[str, ...] = ()


class VersionsRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[versions]``: it keeps versions of files; ``loader`` is ``module:callable`` within the plugin.

    The callable gets the path of a file, on a thread, and answers a :class:`kernel.versions.FileVersions` or None.

    Attributes:
        marker: What stands in a folder above such a file (``.git``); without it nothing of the plugin is imported.
    """

    doc: str
    loader: str
    marker: str


class ArgumentRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[[commands.arguments]]``: a value that a command takes; without ``default`` it is asked for.

    Attributes:
        values: A column of a table of the page (``branches.name``), by whose values it is completed; others may be
            given too.
        only: An expression over that table's columns, for rows whose values are meant.
    """

    name: str
    type: str = "text"
    doc: str = ""
    default: Any = msgspec.UNSET
    choices: tuple[Any, ...] = ()
    values: str = ""
    only: str = ""


class CommandRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[[commands]]``: an action; ``loader`` is ``module:callable`` within the plugin.

    Attributes:
        id: ``room.verb-noun``; the room is the plugin's id or one of its kinds.
        view: The kind of view that it acts on, which the callable gets as its first argument; without one it gets a
            :class:`plugins.workplace.Workplace`.
        keys: Key sequences (``Ctrl+F``, ``g o``); with a view they count while one of it has the focus.
        when: An expression over the window's names; empty = always.
        confirm: A question that is asked first.
        is_listed: Whether palette and menu show it.
    """

    id: str
    title: str
    loader: str
    doc: str
    view: str = ""
    arguments: tuple[ArgumentRecord, ...] = ()
    keys: tuple[str, ...] = ()
    when: str = ""
    icon: str = ""
    section: str = ""
    confirm: str = ""
    is_listed: bool = True


class OptionRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[[options]]``: as :class:`kernel.config.option.Option`; its full name is ``<plugin's id>.<name>``."""

    name: str
    type: str
    default: Any
    doc: str
    restart: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


class AgentRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[[agents]]``: a boot agent; ``loader`` is ``module:callable`` within the plugin, called with the queue."""

    name: str
    loader: str
    doc: str = ""


class PaletteRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[[palette]]``: entries of the palette; ``loader`` is ``module:callable`` within the plugin.

    The callable gets the view, or without one a :class:`plugins.workplace.Workplace`, and answers a
    :data:`plugins.palette.Gather`.

    Attributes:
        name: A plain word.
        title: The heading that they stand under.
        prefix: A character; typed first, these entries alone are looked for. Others of the same prefix join them.
        view: The kind of view that they belong to; they are there while the window has one.
        is_live: Whether it is asked for each text that is typed, and not once an opening.
        is_general: Whether its entries are found without the prefix too.
    """

    name: str
    title: str
    loader: str
    doc: str = ""
    prefix: str = ""
    view: str = ""
    is_live: bool = False
    is_general: bool = True


class ModuleRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``modules``: a module that the plugin's code imports, and what to type where it is missing."""

    name: str
    install: str


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """A whole plugin.toml.

    Attributes:
        id: A plain word, which prefixes what the plugin offers.
        api: The version of the door that it was written for.
        version: Its own.
        requires: Ids of plugins that must be there, and are taken in before it.
        optional: Ids of plugins that are taken in before it where they are there.
        modules: What its code imports besides PySide6 and the door.
        permissions: What it does that apps must ask for (``layouts.app_needs.PERMISSIONS``).
    """

    id: str
    api: int
    title: str
    doc: str
    version: str = "1"
    requires: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    modules: tuple[ModuleRecord, ...] = ()
    permissions: tuple[str, ...] = ()
    kinds: tuple[KindRecord, ...] = ()
    sources: dict[str, SourceRecord] = {}
    versions: VersionsRecord | None = None
    commands: tuple[CommandRecord, ...] = ()
    options: tuple[OptionRecord, ...] = ()
    agents: tuple[AgentRecord, ...] = ()
    palette: tuple[PaletteRecord, ...] = ()


def read_manifest(path: Path, *, is_trusted: bool = False, is_package: bool = False) -> Manifest:
    """The manifest of a plugin's ``plugin.toml``.

    Args:
        path: The file.
        is_trusted: It ships with the program, whose tests check it; what it costs to check it is left out.
        is_package: It lies in an installed package, which may have another name.

    Raises:
        ManifestError: it cannot be read, is no TOML, has unknown or wrong entries, or wants another API version.
    """
    try:
        table = read_shipped(path)
        _check_version(table, path)
        manifest = msgspec.convert(table, Manifest)
    except OSError as error:
        message = f"the plugin's manifest cannot be read: {error.strerror or error}"
        raise ManifestError(message, where=Where(str(path))) from error
    except (ValueError, msgspec.ValidationError) as error:
        from layouts.plugin_rules import located

        raise located(path, error) from error
    if not is_trusted:
        from layouts.plugin_rules import check_manifest

        check_manifest(manifest, path, is_package=is_package)
    return manifest


def parse_manifest(content: bytes, path: Path) -> Manifest:
    """The manifest of a plugin whose files are those of an app's release; raises as :func:`read_manifest`.

    Args:
        content: Of its ``plugin.toml``.
        path: What the file is called; its folder is called like the plugin.
    """
    import tomllib

    from layouts.plugin_rules import check_manifest, located

    text = content.decode("utf-8", "replace")
    try:
        table = tomllib.loads(text)
        _check_version(table, path, text)
        manifest = msgspec.convert(table, Manifest)
    except (ValueError, msgspec.ValidationError) as error:
        raise located(path, error, text) from error
    check_manifest(manifest, path, text=text)
    return manifest


def own_plugins(paths: Iterable[str]) -> list[str]:
    """The manifests of the plugins that an app brings, ``plugins/NAME/plugin.toml``, among its files."""
    return sorted(path for path in paths if path.startswith(OWN) and path.endswith(FILE) and path.count("/") == 2)


def _check_version(table: dict[str, Any], path: Path, text: str | None = None) -> None:
    """Refuse another version of the door first, since all else may be written in another way there."""
    version = table.get("api")
    if isinstance(version, int) and version != API_VERSION:
        from layouts.plugin_rules import place_of

        name, where = table.get("id", path.parent.name), place_of(path, ("api",), is_value=True, text=text)
        hint = "update the plugin" if version < API_VERSION else "update Espalier"
        raise ManifestError(f"plugin {name} wants API {version}, not {API_VERSION}", where=where, hint=hint)


def sources_of(manifest: Manifest) -> dict[str, tuple[str, ...]]:
    """Kind of source that the manifest offers → the entries that it has."""
    return {name: record.entries for name, record in manifest.sources.items()}


def kinds_of(manifest: Manifest, package: str = "") -> list[Kind]:
    """The manifest's widget kinds as rows of the kind table.

    Args:
        manifest: The plugin's.
        package: What its code is imported as, ``plugins.<id>`` when left out.
    """
    package = package or f"plugins.{manifest.id}"
    return [
        Kind(
            name=record.name,
            doc=record.doc,
            properties=tuple(Property(**msgspec.structs.asdict(one)) for one in record.properties),
            children=record.children,
            loader=f"{package}.{record.loader}",
            keys=record.keys,
            role=record.role,
            example=record.example,
            events=tuple(Event(one.name, one.signal, one.doc) for one in record.events),
            named_by=record.named_by,
        )
        for record in manifest.kinds
    ]
