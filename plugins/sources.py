"""Kinds of sources that plugins offer, as rows of the kernel's table; a plugin is imported when one is opened."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.tables.contract import Source
from kernel.tables.error import SourceError
from kernel.tables.source import KINDS, Kind, Loader, ReadFile
from layouts.plugin_manifest import Manifest, ManifestError, SourceRecord
from plugins.code import host

#: Kind's name → the plugin that offers it, and what its manifest says.
_OFFERED: dict[str, tuple[str, SourceRecord]] = {}


def offer_sources(manifest: Manifest, package: str = "") -> Disposer:
    """Add the manifest's kinds of sources to the kernel's, once; the disposer takes them away.

    Raises:
        ManifestError: there is a kind of that name already.
    """
    new = {name: record for name, record in manifest.sources.items() if _OFFERED.get(name) != (manifest.id, record)}
    for name in new:
        if name in KINDS:
            raise ManifestError(f"plugin {manifest.id} offers the kind of source {name!r}, which is there already")
    for name, record in new.items():
        load = _loader(package or f"plugins.{manifest.id}", manifest.id, name, record)
        KINDS[name] = Kind(name, record.doc, record.entries, load)
        _OFFERED[name] = manifest.id, record

    return lambda: withdraw_sources(manifest)


def withdraw_sources(manifest: Manifest) -> None:
    """Take the manifest's kinds of sources away again; sources that are open go on."""
    for name in manifest.sources:
        if _OFFERED.get(name, ("",))[0] == manifest.id:
            del KINDS[name], _OFFERED[name]


def _loader(package: str, plugin: str, name: str, record: SourceRecord) -> Loader:
    def load(description: Mapping[str, Any], base: Path, read_file: ReadFile) -> Source:
        from kernel.tables.local.source import LocalSource
        from kernel.tables.provider import ProviderScan, TableProvider

        module, _, attribute = record.loader.partition(":")
        entries = {entry: value for entry, value in description.items() if entry != "kind"}
        try:
            make = getattr(host.module(f"{package}.{module}"), attribute)
            if "base" in inspect.signature(make).parameters:
                entries["base"] = base
            tables = make(**entries)
        except EspalierError:
            raise
        except Exception as error:
            raise SourceError(f"the source {name} of the plugin {plugin} cannot be opened: {error!r}") from error
        if not isinstance(tables, Mapping) or not all(isinstance(one, TableProvider) for one in tables.values()):
            raise SourceError(f"{record.loader} of the plugin {plugin} must answer table providers by name")
        scans = {table: ProviderScan(provider) for table, provider in tables.items()}
        source = LocalSource(scans)
        for scan in scans.values():
            scan.follow(source.announced)
        return source

    return load
