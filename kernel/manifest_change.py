"""Reading a manifest as a change of one that was read before: the time of what differs, not of thousands of files.

Both are canonical bytes, so that a changed file is a changed stretch of them. That stretch alone is decoded, and held
against its canonical form; whatever is not as simple as that is left to the reading of the whole.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from kernel.common_part import common_end, common_start
from kernel.release import File, Known, Manifest

#: A manifest below this many bytes is read as quickly whole.
_SMALL = 8 << 10
#: The end of an entry and the beginning of the next. It stands nowhere else: within a text every quote has a backslash
#: before it, and behind the end of one comes no letter.
_BETWEEN = b'},"'
_END = re.compile(rb',"size":[0-9]+\Z')
#: Bytes in front of an entry's end that :data:`_END` needs.
_END_LENGTH = 32


def _outer_fields() -> list[tuple[str, Any, Any]]:
    """The fields of a manifest, of which ``files`` stays as it is written."""
    fields: list[tuple[str, Any, Any]] = []
    for field in msgspec.structs.fields(Manifest):
        default = field.default
        if field.default_factory is not msgspec.NODEFAULT:
            default = msgspec.field(default_factory=field.default_factory)
        kind: Any = msgspec.Raw if field.name == "files" else field.type
        fields.append((field.name, kind, default) if default is not msgspec.NODEFAULT else (field.name, kind))  # type: ignore[arg-type]
    return fields


_Outer = msgspec.defstruct("Outer", _outer_fields(), frozen=True, omit_defaults=True)


def decode_change(data: bytes, before: Known) -> Manifest | None:
    """The manifest in ``data``, which is canonical; None when only reading all of it can tell.

    Args:
        data: Bytes from elsewhere.
        before: A manifest in its canonical form.
    """
    if len(data) < _SMALL:
        return None
    try:
        outer: Any = msgspec.json.decode(data, type=_Outer)
        former: Any = msgspec.json.decode(before.data, type=_Outer)
        if msgspec.json.encode(outer, order="sorted") != data:
            return None
        files = _changed(bytes(former.files), bytes(outer.files), before.manifest.files)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return None if files is None else Manifest(**msgspec.structs.asdict(outer) | {"files": files})


def _changed(old: bytes, new: bytes, files: dict[str, File]) -> dict[str, File] | None:
    """The files that ``new`` writes, ``files`` being those of ``old``; None when it is not that simple."""
    if old == new:
        return files
    start, stop = _stretch(old, new)
    if not 0 < start < stop:
        return None
    former = b"{" + old[start:stop] + b"}"
    text = b"{" + new[start : stop + len(new) - len(old)] + b"}"
    gone = msgspec.json.decode(former, type=dict[str, File])
    come = msgspec.json.decode(text, type=dict[str, File])
    if not gone or not come or msgspec.json.encode(come, order="sorted") != text:
        return None
    if come.keys() == gone.keys():  # the usual change; copied as a whole, it keeps its order
        return files | come if _are_there(gone, files) else None
    return _spliced(files, gone, come)


def _spliced(files: dict[str, File], gone: dict[str, File], come: dict[str, File]) -> dict[str, File] | None:
    """``files`` with the entries ``come`` in the place of ``gone``; None when that leaves them out of order."""
    entries = list(files.items())
    first = list(files).index(next(iter(gone)))
    last = first + len(gone)
    if dict(entries[first:last]) != gone:
        return None
    paths = list(come)
    if (first and entries[first - 1][0] >= paths[0]) or (last < len(entries) and paths[-1] >= entries[last][0]):
        return None
    entries[first:last] = come.items()
    return dict(entries)


def _are_there(some: dict[str, File], files: dict[str, File]) -> bool:
    return all(files.get(path) == file for path, file in some.items())


def _stretch(old: bytes, new: bytes) -> tuple[int, int]:
    """Where in ``old`` the entries begin and end that ``new`` has otherwise."""
    same = common_start(old, new)
    start = 1
    found = old.rfind(_BETWEEN, 0, same)
    while found >= 0:
        if _END.search(old, max(0, found - _END_LENGTH), found):
            start = found + 2
            break
        found = old.rfind(_BETWEEN, 0, found + 2)
    left = common_end(old, new, min(len(old), len(new)) - start)
    stop = len(old) - 1
    found = old.find(_BETWEEN, max(start, len(old) - left))
    while found >= 0:
        if _END.search(old, max(0, found - _END_LENGTH), found):
            stop = found + 1
            break
        found = old.find(_BETWEEN, found + 1)
    return start, stop
