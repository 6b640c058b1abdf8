"""Checks of a manifest: paths that are the same file everywhere, hashes and sizes that can be true.

The same checks run where a release is made and where it arrives.
"""

from __future__ import annotations

import re
import unicodedata

from kernel.release import Manifest, ReleaseError

MAX_FILES = 100_000
MAX_FILE = 1 << 30
MAX_TOTAL = 4 << 30
MAX_PATH = 1024

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_APP = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_RESERVED = re.compile(r"\A(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?\Z", re.IGNORECASE)
#: What no segment of a path may hold, and why.
_FORBIDDEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\\"), "has a backslash"),
    (re.compile(r"[\x00-\x1f\x7f]"), "has a control character"),
    (re.compile(r'[<>:"|?*]'), "has a character that some systems refuse"),
    (re.compile(r"[ .]\Z"), "has a part that ends in a dot or space"),
    (re.compile(r"\A\.git\Z", re.IGNORECASE), "is inside a git directory"),
    (_RESERVED, "has a part that is a device on Windows"),
)


def check_path(path: str) -> str:
    """Why ``path`` cannot be a release's path; empty when it can."""
    if not path or len(path) > MAX_PATH:
        return "is empty" if not path else f"is longer than {MAX_PATH} characters"
    try:
        path.encode()
    except UnicodeEncodeError:
        return "is no Unicode text"
    if path.startswith("/"):
        return "is absolute"
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return "has an empty, '.' or '..' part"
        for pattern, reason in _FORBIDDEN:
            if pattern.search(part):
                return reason
    return ""


def check_manifest(manifest: Manifest, app: str = "") -> None:
    """Refuse a manifest that no honest release has.

    Args:
        manifest: As decoded.
        app: The app that was asked for; empty = any.

    Raises:
        ReleaseError: names the file and the reason.
    """
    if app and manifest.app != app:
        raise ReleaseError(f"the release is of '{manifest.app}', not of '{app}'")
    if not _APP.match(manifest.app):
        raise ReleaseError(f"'{manifest.app}' is no name for an app", hint="a-z, 0-9, - and _, at most 64")
    if len(manifest.files) > MAX_FILES:
        raise ReleaseError(f"the release has {len(manifest.files)} files, the limit is {MAX_FILES}")
    total = 0
    for path, file in manifest.files.items():
        reason = check_path(path)
        if reason:
            raise ReleaseError(f"the release's path {path!r} {reason}")
        if not _SHA256.match(file.sha256):
            raise ReleaseError(f"the hash of {path!r} is no SHA-256")
        if not 0 <= file.size <= MAX_FILE:
            raise ReleaseError(f"{path!r} has an impossible size of {file.size} bytes")
        total += file.size
    if total > MAX_TOTAL:
        raise ReleaseError(f"the release has {total} bytes, the limit is {MAX_TOTAL}")
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
                raise ReleaseError(f"the release's paths {before!r} and {shown!r} are one file on some systems")


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
