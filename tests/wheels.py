"""Wheels for tests: right ones, and wrong ones in every way."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping


def wheel(
    name: str,
    version: str,
    files: Mapping[str, str | bytes],
    *,
    tag: str = "py3-none-any",
    metadata: str = "",
    entry_points: str = "",
    unlisted: Mapping[str, str | bytes] | None = None,
    hashes: Mapping[str, str] | None = None,
    listed: str = "",
    modes: Mapping[str, int] | None = None,
) -> tuple[str, bytes]:
    """A wheel's file name and bytes.

    Args:
        name, version, files, tag: What it is.
        metadata: More lines of METADATA.
        entry_points: The text of ``entry_points.txt``; none when empty.
        unlisted: Files that its list does not have.
        hashes: Path → what the list says of it instead of the truth.
        listed: More rows of the list.
        modes: Path → its Unix mode.
    """
    folder = f"{name}-{version}.dist-info"
    platform = "" if tag.endswith("-any") else "Root-Is-Purelib: false\n"
    content = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    content[f"{folder}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{metadata}".encode()
    content[f"{folder}/WHEEL"] = f"Wheel-Version: 1.0\n{platform}Tag: {tag}\n".encode()
    if entry_points:
        content[f"{folder}/entry_points.txt"] = entry_points.encode()
    rows = [f"{path},{(hashes or {}).get(path, _hash(text))},{len(text)}" for path, text in content.items()]
    content |= {path: text.encode() if isinstance(text, str) else text for path, text in (unlisted or {}).items()}
    content[f"{folder}/RECORD"] = ("\n".join([*rows, f"{folder}/RECORD,,"]) + f"\n{listed}").encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in content.items():
            entry = zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (modes or {}).get(path, 0o100644) << 16
            archive.writestr(entry, text)
    return f"{name}-{version}-{tag}.whl", stream.getvalue()


def _hash(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
