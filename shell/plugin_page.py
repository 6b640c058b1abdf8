"""The page of a plugin for the reference, from its manifest alone: what it needs, offers and understands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from layouts.plugin_manifest import ArgumentRecord, CommandRecord, OptionRecord
from plugins.options import options_of
from shell.key import KeyTextError, format_keys, parse_keys

if TYPE_CHECKING:
    from plugins.registry import Plugin

_HEAD = """# Plugins

<!-- Written by `python -m shell.reference` from the plugin.toml of each plugin; changes here are lost. -->

These come with Espalier. Their code is imported when one of their kinds, tables or commands is first used. What a
plugin needs and is not installed is told in its place, with what to type. `espalier plugin list` shows those of your
own too; [plugin-guide.md](../plugin-guide.md) tells how one is written.
"""


def page(found: Iterable[Plugin]) -> str:
    """The whole reference page."""
    return "\n".join([_HEAD, *(plugin_page(plugin) for plugin in found if plugin.manifest is not None)])


def plugin_page(plugin: Plugin) -> str:
    """The section of one plugin."""
    manifest = plugin.manifest
    parts = [f"## {manifest.title}\n", f"`{manifest.id}` {manifest.version}. {manifest.doc}\n"]
    if needs := list(_needs(plugin)):
        parts.append("\n".join(needs) + "\n")
    if manifest.commands:
        parts.append("| command | title | keys | what it does |\n| --- | --- | --- | --- |")
        parts.append("\n".join(map(_command, manifest.commands)) + "\n")
    options = options_of([plugin])
    if options:
        parts.append("| option | type | default | what it is |\n| --- | --- | --- | --- |")
        parts.append("\n".join(_option(*row) for row in zip(options, manifest.options, strict=True)) + "\n")
    return "\n".join(parts)


def _needs(plugin: Plugin) -> Iterator[str]:
    manifest = plugin.manifest
    if manifest.kinds:
        yield "- Widget kinds: " + "; ".join(f"`{kind.name}`: {_inside(kind.doc)}" for kind in manifest.kinds) + "."
    if manifest.sources:
        rows = (f"`{name}`: {_inside(record.doc)}" for name, record in manifest.sources.items())
        yield "- Kinds of sources: " + "; ".join(rows) + "."
    if manifest.versions is not None:
        yield f"- Keeps versions of files: {_inside(manifest.versions.doc)}."
    for title, names in (("Requires", manifest.requires), ("Works together with", manifest.optional)):
        if names:
            yield f"- {title}: {', '.join(names)}."
    if manifest.modules:
        yield "- Needs: " + "; ".join(f"`{one.name}` ({one.install})" for one in manifest.modules) + "."
    if manifest.permissions:
        yield f"- Permissions: {', '.join(manifest.permissions)}."
    if manifest.agents:
        yield "- Boot agents: " + ", ".join(f"`{agent.name}`" for agent in manifest.agents) + "."


def _inside(sentence: str) -> str:
    """A sentence as a part of another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _command(record: CommandRecord) -> str:
    keys = " ".join(f"`{_shown(key)}`" for key in record.keys)
    view = f" In a view `{record.view}`." if record.view else ""
    values = "; ".join(map(_argument, record.arguments))
    return f"| `{record.id}` | {record.title} | {keys} | {record.doc}{view}{f' Takes {values}.' if values else ''} |"


def _argument(argument: ArgumentRecord) -> str:
    facts = " or ".join(map(str, argument.choices)) if argument.choices else argument.type
    default = "" if argument.default is msgspec.UNSET else f", {argument.default} when left out"
    return f"`{argument.name}`: {_inside(argument.doc)} ({facts}{default})"


def _option(name: str, record: OptionRecord) -> str:
    kind = " or ".join(record.choices) if record.choices else record.type
    default = str(record.default).lower() if isinstance(record.default, bool) else record.default
    doc = f"{record.doc} A new value counts after a restart." if record.restart else record.doc
    return f"| `{name}` | {kind} | {f'`{default}`' if default != '' else ''} | {doc} |"


def _shown(key: str) -> str:
    try:
        return format_keys(parse_keys(key))
    except KeyTextError:
        return key
