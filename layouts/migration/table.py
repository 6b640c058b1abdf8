"""The versions of the layout language, and what each of them writes otherwise.

The policy: a version is named by the first line of a file (``layout 2``); a file without that line has the version of
the file that takes it. A spelling is given up in a new version alone, with a row here, so that files of older versions
are read by the same rows as ``espalier migrate`` rewrites them by. New words need no new version, and the newer
spelling is read in older files as well.
"""

from __future__ import annotations

from typing import NamedTuple

from layouts.construct import LANGUAGE_VERSION


class Migration(NamedTuple):
    """One spelling that was given up.

    Attributes:
        version: The first version without it.
        doc: What is written instead, in a sentence.
        kind: The node that it is about.
        has: Only a node with this property.
        new_kind: What the node is called now; empty = as before.
        properties: Property → what it is called now; an empty name = it said nothing and is left out.
    """

    version: int
    doc: str
    kind: str
    has: str
    new_kind: str = ""
    properties: dict[str, str] = {}


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        2,
        "a grid with tree=COLUMN is written tree … by=COLUMN",
        "grid",
        has="tree",
        new_kind="tree",
        properties={"tree": "by", "group": ""},
    ),
)


def newer_than(version: int) -> tuple[Migration, ...]:
    """What a file of that version may still write, in the order in which it was given up."""
    return tuple(row for row in MIGRATIONS if row.version > version)


def newer_version(version: int) -> tuple[str, str]:
    """Message and hint for a file of a version that is not known yet."""
    return (
        f"this is a layout of version {version}; this Espalier knows versions up to {LANGUAGE_VERSION}",
        "a newer Espalier is needed",
    )
