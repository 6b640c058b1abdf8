"""Whether a release that was offered is one that was asked for, and one that this shell can open."""

from __future__ import annotations

from kernel.release import Manifest, ReleaseError
from kernel.words import mark


def check_channel(manifest: Manifest, asked: str) -> None:
    """Refuse a channel that was not asked for; who asks for any gets the stable one or its staged successor as well."""
    offered = manifest.channel
    if offered not in (asked, "stable", "next") and not (asked == "mine" and offered.startswith("~")):
        raise ReleaseError(
            mark(f"the server offers '{manifest.app}' of the channel {offered}, which was not asked for")
        )


def check_shell(manifest: Manifest, version: str) -> None:
    """Refuse a release that needs a newer shell than this one."""
    needed, here = (tuple(int(part) for part in text.split(".") if part.isdigit()) for text in
                    (manifest.min_shell, version))  # fmt: skip
    if needed > here:
        what = f"version {manifest.version} of '{manifest.app}'"
        raise ReleaseError(
            mark(f"{what} needs Espalier {manifest.min_shell}, and this is {version}"),
            hint=mark("update Espalier; the version that is here goes on"),
        )
