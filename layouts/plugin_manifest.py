"""A plugin's static manifest, ``plugin.toml``: read, checked and listed without importing the plugin's code.

The shell's registry of plugins and whoever checks an app without a shell, as the source server does, read it here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from kernel.error import EspalierError, Where
from kernel.shipped import read_shipped
from layouts.kinds.kind import PROPERTY_TYPES, Kind, Property

#: The version of plugins/api.py that this program offers.
API_VERSION = 1


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


class SourceRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``[sources.NAME]``: a kind of source; ``loader`` is ``module:callable`` within the plugin.

    The callable gets the entries of the app's description that ``entries`` names, and answers the tables by name.
    """

    doc: str
    loader: str
    entries: tuple[str, ...] = ()


class Manifest(msgspec.Struct, forbid_unknown_fields=True):
    """A whole plugin.toml. ``api`` is the version of the door that the plugin was written for, ``version`` its own."""

    id: str
    api: int
    title: str
    doc: str
    version: str = "1"
    kinds: tuple[KindRecord, ...] = ()
    sources: dict[str, SourceRecord] = {}


def read_manifest(path: Path) -> Manifest:
    """The manifest of a plugin's ``plugin.toml``.

    Raises:
        ManifestError: it cannot be read, is no TOML, has unknown or wrong entries, or wants another API version.
    """
    where = Where(str(path))
    try:
        manifest = msgspec.convert(read_shipped(path), Manifest)
    except OSError as error:
        raise ManifestError(f"the plugin's manifest cannot be read: {error.strerror}", where=where) from error
    except (ValueError, msgspec.ValidationError) as error:
        raise ManifestError(f"the plugin's manifest is wrong: {error}", where=where) from error
    if manifest.api != API_VERSION:
        hint = "update the plugin" if manifest.api < API_VERSION else "update Espalier"
        raise ManifestError(f"plugin {manifest.id} wants API {manifest.api}, not {API_VERSION}", where=where, hint=hint)
    if manifest.id != path.parent.name or not manifest.id.isidentifier():
        raise ManifestError(f"plugin {manifest.id!r} must stand in a folder of that name, a plain word", where=where)
    for kind in manifest.kinds:
        for record in kind.properties:
            if record.type not in PROPERTY_TYPES:
                known = ", ".join(PROPERTY_TYPES)
                message = f"{kind.name}.{record.name} has the unknown type {record.type!r}"
                raise ManifestError(message, where=where, hint=f"known: {known}")
    return manifest


def kinds_of(manifest: Manifest) -> list[Kind]:
    """The manifest's widget kinds as rows of the kind table."""
    return [
        Kind(
            name=record.name,
            doc=record.doc,
            properties=tuple(Property(**msgspec.structs.asdict(one)) for one in record.properties),
            children=record.children,
            loader=f"plugins.{manifest.id}.{record.loader}",
            keys=record.keys,
            role=record.role,
            example=record.example,
        )
        for record in manifest.kinds
    ]
