"""What app.toml and manifests say of a native library.

``[libraries.geo]`` in app.toml describes one file; ``[[libraries.geo]]`` several, for several machines or in several
versions. A manifest has those that the resolver chose, with everything that the file says of itself filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from kernel.library.error import LibraryError
from kernel.words import mark


class Description(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One native library.

    Attributes:
        version: Its version.
        file: Its path in the app.
        platform: ``linux``.
        architecture: The machine it is for, ``x86_64``; of the file when left out.
        soname: What others need it by; of the file when left out.
        sha256: Of the file, in hex; the author may pin it.
        needs: Other libraries of the app that it needs: ``["base>=2,<3"]``.
    """

    version: str
    file: str
    platform: str = "linux"
    architecture: str = ""
    soname: str = ""
    sha256: str = ""
    needs: tuple[str, ...] = ()

    @property
    def machine(self) -> tuple[str, str]:
        """Platform and architecture."""
        return self.platform, self.architecture


#: Name → its descriptions.
Descriptions = dict[str, tuple[Description, ...]]


def read_descriptions(values: Mapping[str, Any]) -> Descriptions:
    """What ``[libraries]`` of an app.toml, or a manifest, says.

    Raises:
        LibraryError: it is wrong; names the library.
    """
    found: Descriptions = {}
    for name, value in values.items():
        several = value if isinstance(value, list | tuple) else [value]
        try:
            found[name] = msgspec.convert(several, tuple[Description, ...])
        except msgspec.ValidationError as error:
            hint = mark('write [libraries.NAME] with version = "1.0" and file = "native/libNAME.so.1"')
            raise LibraryError(mark(f"the library {name} is described wrongly: {error}"), hint=hint) from error
        if not name.replace("-", "_").isidentifier():
            raise LibraryError(mark(f"a library cannot be called {name}"), hint=mark("letters, digits, - and _"))
    return found
