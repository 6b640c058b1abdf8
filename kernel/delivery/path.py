"""Checks of a manifest: paths that are the same file everywhere, hashes and sizes that can be true.

The same checks run where a release is made and where it arrives.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection

from kernel.delivery.plain_path import are_plain
from kernel.module_name import shadowing
from kernel.release import File, Manifest, ReleaseError
from kernel.words import mark

MAX_FILES = 100_000
MAX_FILE = 1 << 30
MAX_TOTAL = 4 << 30
MAX_PATH = 1024
#: Names these rules: the number rises with every change of them, and each Python has modules of its own.
RULES = f"1 {sys.version_info.major}.{sys.version_info.minor}"

# NOTE: plain sets instead of patterns, which every start would compile for the release it opens.
_HEX = frozenset("0123456789abcdef")
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
_CONTROL = frozenset(map(chr, (*range(32), 127)))
_REFUSED = frozenset('<>:"|?*')
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"))
)
#: What no part of a path may be, and why.
_FORBIDDEN: tuple[tuple[Callable[[str], bool], str], ...] = (
    (lambda part: "\\" in part, "has a backslash"),
    (lambda part: not _CONTROL.isdisjoint(part), "has a control character"),
    (lambda part: not _REFUSED.isdisjoint(part), "has a character that some systems refuse"),
    (lambda part: part.endswith((" ", ".")), "has a part that ends in a dot or space"),
    (lambda part: part.lower() == ".git", "is inside a git directory"),
    (lambda part: part.partition(".")[0].lower() in _DEVICES, "has a part that is a device on Windows"),
)


def check_path(path: str) -> str:
    """Why ``path`` cannot be a release's path; empty when it can."""
    if not path or len(path) > MAX_PATH:
        return mark("is empty") if not path else mark(f"is longer than {MAX_PATH} characters")
    try:
        path.encode()
    except UnicodeEncodeError:
        return mark("is no Unicode text")
    if path.startswith("/"):
        return mark("is absolute")
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return mark("has an empty, '.' or '..' part")
        for is_forbidden, reason in _FORBIDDEN:
            if is_forbidden(part):
                return reason
    return ""


def is_app_name(name: str) -> bool:
    """Whether an app may be called so: a-z, 0-9, - and _, beginning with a letter or digit, at most 64."""
    return 0 < len(name) <= 64 and name[0] not in "-_" and _NAME.issuperset(name)


def check_manifest(
    manifest: Manifest, app: str = "", base: Manifest | None = None, new: dict[str, File] | None = None
) -> None:
    """Refuse a manifest that no honest release has.

    Args:
        manifest: As decoded.
        app: The app that was asked for; empty = any.
        base: A manifest that was checked; what both have is not looked at again.
        new: Its :func:`new_files`, where the caller knows them.

    Raises:
        ReleaseError: names the file and the reason.
    """
    if app and manifest.app != app:
        raise ReleaseError(mark(f"the release is of '{manifest.app}', not of '{app}'"))
    if not is_app_name(manifest.app):
        raise ReleaseError(mark(f"'{manifest.app}' is no name for an app"), hint=mark("a-z, 0-9, - and _, at most 64"))
    if len(manifest.files) > MAX_FILES:
        raise ReleaseError(mark(f"the release has {len(manifest.files)} files, the limit is {MAX_FILES}"))
    if base is None or new is None:
        new = manifest.files if base is None else new_files(manifest, base)
    has_new_names = base is None or not new.keys() <= base.files.keys()
    if not _are_possible(new.values()) or (has_new_names and not are_plain(manifest.files, MAX_PATH)):
        _check_files(manifest)
    total = sum(file.size for file in manifest.files.values())
    if total > MAX_TOTAL:
        raise ReleaseError(mark(f"the release has {total} bytes, the limit is {MAX_TOTAL}"))
    for path, name in shadowing(new):
        hint = mark("call the file or its folder something else")
        raise ReleaseError(mark(f"{path} would be a module {name}, which is Python's or Espalier's own"), hint=hint)


def new_files(manifest: Manifest, base: Manifest) -> dict[str, File]:
    """The files that ``base`` has not, or has with other content. Those of a change are the same objects in both."""
    before = base.files.get
    return {path: file for path, file in manifest.files.items() if (old := before(path)) is not file and old != file}


def _are_possible(files: Collection[File]) -> bool:
    """Whether all hashes and sizes are some, by one look at all together."""
    hashes = [file.sha256 for file in files]
    sizes = [file.size for file in files] or [0]
    return (
        {64}.issuperset(map(len, hashes))
        and not "".join(hashes).encode(errors="replace").translate(None, b"0123456789abcdef")
        and min(sizes) >= 0
        and max(sizes) <= MAX_FILE
    )


def _check_files(manifest: Manifest) -> None:
    """The same file by file, to say what is wrong, or that it is nothing after all."""
    for path, file in manifest.files.items():
        reason = check_path(path)
        if reason:
            raise ReleaseError(mark(f"the release's path {path!r} {reason}"))
        if len(file.sha256) != 64 or not _HEX.issuperset(file.sha256):
            raise ReleaseError(mark(f"the hash of {path!r} is no SHA-256"))
        if not 0 <= file.size <= MAX_FILE:
            raise ReleaseError(mark(f"{path!r} has an impossible size of {file.size} bytes"))
    _check_twins(manifest)


def _check_twins(manifest: Manifest) -> None:
    """Refuse paths that are one file on some systems, and a file where another path has a directory."""
    seen: dict[str, str] = {}
    for path in manifest.files:
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            name = "/".join(parts[:end])
            shown = name if end == len(parts) else f"{name}/"
            before = seen.setdefault(_folded(name), shown)
            if before != shown or (end == len(parts) and before != path):
                raise ReleaseError(mark(f"the release's paths {before!r} and {shown!r} are one file on some systems"))


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
